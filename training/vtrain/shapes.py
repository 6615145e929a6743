"""Things without a name: bodies of wobbling outline, and shaded solids that turn."""

import dataclasses

import cv2
import numpy as np

from .cloth import Cloth
from .pose import Canvas, polygon


@dataclasses.dataclass(frozen=True)
class Blob:
    """A body whose outline is a short Fourier series that breathes with the phase, in one or two cloths."""

    cloth: Cloth
    second: Cloth
    split: float
    aspect: float
    waves: np.ndarray

    @staticmethod
    def random(rng, bank):
        waves = rng.normal(size=(4, 2)) * (0.22 / np.arange(1, 5))[:, None]
        return Blob(Cloth.random(rng, bank), Cloth.random(rng, bank), rng.uniform(0.2, 1.6), float(np.exp(rng.normal(0, 0.45))), waves)

    def varied(self, rng, bank):
        """One of its cloths or its outline is another."""
        kind = rng.integers(4)
        if kind == 0:
            return dataclasses.replace(self, waves=self.waves + rng.normal(size=(4, 2)) * 0.06, split=rng.uniform(0.2, 1.6))
        if kind == 1:
            return dataclasses.replace(self, second=self.second.varied(rng, bank), split=rng.uniform(0.3, 0.8))
        return dataclasses.replace(self, cloth=self.cloth.varied(rng, bank))

    def draw(self, bank, height, pose):
        """[height, width, 4]; see Canvas.finished."""
        canvas = Canvas(height, self.aspect)
        angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        radius = np.ones(48)
        for order, (a, b) in enumerate(self.waves, 2):
            bend = 0.35 * np.sin(pose.phase + order)
            radius += (a + 0.05 * bend) * np.cos(order * angles) + (b - 0.05 * bend) * np.sin(order * angles)
        radius = np.clip(radius / radius.max(), 0.25, 1)
        mask = canvas.mask()
        polygon(mask, np.stack([(0.5 + 0.48 * radius * np.cos(angles)) * self.aspect, 0.5 + 0.48 * radius * np.sin(angles)], 1), height)
        paint = self.cloth.paint(bank, height, canvas.width)
        if self.split < 1:
            edge = int(height * self.split)
            paint[edge:] = self.second.paint(bank, height, canvas.width)[edge:]
        canvas.lay(mask, paint)
        grid = np.hypot(*(np.mgrid[0:height, 0:canvas.width] / np.array([height, canvas.width])[:, None, None] - 0.42))
        return canvas.finished((1.15 - 0.55 * grid)[..., None], pose)


@dataclasses.dataclass(frozen=True)
class Solid:
    """A ball, a drum or a crate under one lamp; the texture turns with it (Lambert shading)."""

    cloth: Cloth
    side: Cloth
    kind: int
    aspect: float
    lamp: float

    @staticmethod
    def random(rng, bank):
        return Solid(Cloth.random(rng, bank, 0.2), Cloth.random(rng, bank, 0.4), int(rng.integers(3)),
                     float(np.exp(rng.normal(-0.1, 0.3))), rng.uniform(-0.9, 0.9))

    def varied(self, rng, bank):
        """Its cloth is another."""
        return dataclasses.replace(self, cloth=self.cloth.varied(rng, bank), side=self.side.varied(rng, bank))

    def draw(self, bank, height, pose):
        """[height, width, 4]; see Canvas.finished."""
        canvas = Canvas(height, self.aspect)
        width = canvas.width
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        u, v = (x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1
        around = self.cloth.paint(bank, height, 4 * width)
        if self.kind == 2:
            turn = (pose.turn + 0.6) % (np.pi / 2)
            edge = np.sin(turn) / (np.sin(turn) + np.cos(turn)) * 2 - 1
            left = u < edge
            longitude = np.where(left, (u + 1) / (edge + 1 + 1e-6), 1 + (u - edge) / (1 - edge + 1e-6)) * width
            inside, light = np.ones_like(u), np.where(left, 0.75 + 0.3 * self.lamp, 0.75 - 0.3 * self.lamp)
        else:
            reach = np.sqrt(np.clip(1 - v * v, 0, 1)) if self.kind == 0 else np.ones_like(v)
            across = np.clip(u / np.maximum(reach, 1e-3), -1, 1)
            longitude = (np.arcsin(across) + np.pi / 2 + pose.turn) / (2 * np.pi) * 4 * width
            inside = (np.abs(u) <= reach).astype(np.float32)
            light = 0.35 + 0.75 * np.clip(np.sqrt(np.clip(1 - across * across, 0, 1)) + self.lamp * across, 0, 1)
        paint = cv2.remap(around, longitude.astype(np.float32), y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        canvas.lay((inside * 255).astype(np.uint8), paint)
        if self.kind == 1:
            lid = max(1, int(height * 0.08))
            canvas.colour[:lid] = self.side.paint(bank, height, width)[:lid]
        return canvas.finished(light[..., None], pose)
