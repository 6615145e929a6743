"""The moment of an object: what changes about it from frame to frame while it stays the same object."""

import dataclasses

import cv2
import numpy as np


@dataclasses.dataclass(frozen=True)
class Pose:
    """`phase`: gait or wobble in radians. `turn`: radians about the vertical axis. `mirrored`: it faces the other way."""

    phase: float
    turn: float
    mirrored: bool


def polygon(mask, points, height, value=255):
    """Fills a polygon given in units of the canvas height."""
    cv2.fillPoly(mask, [np.round(np.asarray(points) * height * 16).astype(np.int32)], value, cv2.LINE_AA, 4)


def limb(mask, points, width, height, value=255):
    """Draws a line of round joints, `points` and `width` in units of the canvas height."""
    points = np.round(np.asarray(points) * height * 16).astype(np.int32)
    cv2.polylines(mask, [points], False, value, max(1, int(round(width * height))), cv2.LINE_AA, 4)


def ellipse(mask, centre, axes, height, angle=0.0, value=255):
    """Fills an ellipse, `centre` and half `axes` in units of the canvas height."""
    scaled = [int(round(v * height * 16)) for v in (*centre, *axes)]
    cv2.ellipse(mask, scaled[:2], scaled[2:], angle, 0, 360, value, -1, cv2.LINE_AA, 4)


class Canvas:
    """A picture with coverage that parts are laid on, from the farthest to the nearest; colours are held times coverage."""

    def __init__(self, height, aspect):
        self.height, self.width = height, max(4, int(round(height * aspect)))
        self.colour = np.zeros((self.height, self.width, 3), np.float32)
        self.alpha = np.zeros((self.height, self.width), np.float32)

    def mask(self):
        """An empty coverage for one part."""
        return np.zeros((self.height, self.width), np.uint8)

    def lay(self, mask, paint):
        """Covers with `paint` (a colour [3] or a picture) where `mask` is."""
        x, y, width, height = cv2.boundingRect(mask)
        part = np.s_[y : y + height, x : x + width]
        cover = mask[part].astype(np.float32) * np.float32(1 / 255)
        self.colour[part] += cover[..., None] * ((paint if paint.ndim == 1 else paint[part]) - self.colour[part])
        self.alpha[part] += cover * (1 - self.alpha[part])

    def finished(self, shade, pose):
        """[height, width, 4] uint8; `shade` multiplies the colours."""
        image = np.empty((self.height, self.width, 4), np.uint8)
        image[..., :3] = np.minimum(self.colour * np.asarray(shade, np.float32), 255)
        image[..., 3] = self.alpha * 255
        return image[:, ::-1] if pose.mirrored else image
