"""What stands behind the objects: ground, walls, sky and things that do not move, larger than the picture."""

import cv2
import numpy as np

from . import textures

# The backdrop reaches this far beyond the picture on each side, in pictures, so that a camera can move over it.
REACH = 0.45


def _stretched(bank, rng, height, width):
    """One surface of the bank, enlarged or reduced, repeated over height × width."""
    side = textures.SIDE
    scale = float(np.exp(rng.uniform(np.log(0.6), np.log(4))))
    matrix = np.array([[rng.uniform(0.6, 1.6) / scale, 0, rng.uniform(0, side)], [0, 1 / scale, rng.uniform(0, side)]])
    # Mirrored repetition has no seams.
    return cv2.warpAffine(bank.surfaces[rng.integers(len(bank.surfaces))], matrix, (width, height),
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT)


def paint(bank, rng, height, width):
    """A backdrop for pictures of height × width: [H, W, 3] uint8."""
    tall, wide = int(height * (1 + 2 * REACH)), int(width * (1 + 2 * REACH))
    image = _stretched(bank, rng, tall, wide)
    edge = 0
    for _ in range(rng.integers(0, 3)):
        edge = int(rng.uniform(max(edge, 0.2 * tall), 0.85 * tall))
        image[edge:] = _stretched(bank, rng, tall - edge, wide)
    for _ in range(rng.integers(2, 14)):
        half = np.exp(rng.uniform(np.log(0.02), np.log(0.3), 2)) * (wide, tall)
        left, top = (int(v) for v in rng.uniform(-0.1, 1, 2) * (wide, tall))
        right, bottom = min(wide, int(left + 2 * half[0])), min(tall, int(top + 2 * half[1]))
        left, top = max(left, 0), max(top, 0)
        if right - left > 2 and bottom - top > 2:
            image[top:bottom, left:right] = _stretched(bank, rng, bottom - top, right - left)
    ramp = 1 + rng.uniform(-0.3, 0.3) * np.linspace(-1, 1, tall)[:, None, None]
    muted = rng.uniform(0.15, 1.0)
    mixing = muted * np.eye(3) + (1 - muted) / 3
    return np.minimum(cv2.transform(image, mixing) * ramp.astype(np.float32), 255).astype(np.uint8)


def view(image, height, width, camera):
    """The part of a backdrop that a camera sees, [height, width, 3] uint8.

    camera: (x, y, zoom, roll): displacement of the scene in pixels, its enlargement, and radians."""
    x, y, zoom, roll = camera
    centre = np.array([image.shape[1], image.shape[0]]) / 2
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]) * zoom
    shift = np.array([width / 2 + x, height / 2 + y]) - turn @ centre
    return cv2.warpAffine(image, np.hstack([turn, shift[:, None]]), (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
