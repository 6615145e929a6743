"""Cars, vans, buses and lorries from the side, from behind or the front, and at angles in between."""

import dataclasses

import numpy as np

from . import palette
from .cloth import Cloth
from .pose import Canvas, ellipse, polygon


@dataclasses.dataclass(frozen=True)
class Vehicle:
    """What stays the same about a vehicle. `aspect`: canvas width over height; `nose`, `tail`: where the cabin begins and ends."""

    body: Cloth
    roof: np.ndarray
    glass: np.ndarray
    trim: np.ndarray
    lights: np.ndarray
    wheels: np.ndarray
    aspect: float
    nose: float
    tail: float
    cabin: float
    from_behind: bool
    plate: np.ndarray
    stripe: float
    load: Cloth | None

    @staticmethod
    def random(rng, bank):
        from_behind = rng.random() < 0.6
        body = Cloth.random(rng, bank, 0.85)
        long = rng.random() < 0.25
        return Vehicle(
            body=body, roof=body.low if rng.random() < 0.75 else palette.colour(rng), glass=palette.near(rng, np.array((40, 46, 54)), 16),
            trim=palette.near(rng, np.array((50, 50, 52)), 25),
            lights=palette.near(rng, np.array((200, 30, 28) if rng.random() < 0.6 else (230, 226, 205)), 18),
            wheels=palette.near(rng, np.array((120, 120, 124)), 45),
            aspect=rng.uniform(1.0, 1.45) if from_behind else rng.uniform(2.6, 3.6) if long else rng.uniform(1.9, 2.6),
            nose=rng.uniform(0.03, 0.1) if long else rng.uniform(0.1, 0.32), tail=rng.uniform(0.8, 0.98), cabin=rng.uniform(0.28, 0.5),
            from_behind=from_behind, plate=palette.near(rng, np.array((225, 222, 190)), 20), stripe=rng.uniform(0, 1),
            load=Cloth.random(rng, bank, 0.4) if rng.random() < 0.2 else None)

    def varied(self, rng, bank):
        """A vehicle easily taken for this one: another colour nearby, another shape or other details."""
        other = self
        for _ in range(rng.integers(1, 4)):
            kind = rng.integers(6)
            if kind <= 1:
                body = other.body.varied(rng, bank)
                other = dataclasses.replace(other, body=body, roof=body.low)
            elif kind == 2:
                other = dataclasses.replace(other, nose=rng.uniform(0.05, 0.32), tail=rng.uniform(0.8, 0.98), cabin=rng.uniform(0.28, 0.5))
            elif kind == 3:
                other = dataclasses.replace(other, lights=palette.near(rng, other.lights, 40), trim=palette.near(rng, other.trim, 40),
                                            wheels=palette.near(rng, other.wheels, 40))
            elif kind == 4:
                other = dataclasses.replace(other, aspect=other.aspect * rng.uniform(0.88, 1.14), stripe=rng.uniform(0, 1))
            else:
                other = dataclasses.replace(other, load=Cloth.random(rng, bank, 0.4) if other.load is None else None, roof=palette.colour(rng))
        return other

    def draw(self, bank, height, pose):
        """[height, width, 4]; see Canvas.finished."""
        narrowed = self.aspect * (1 - 0.35 * min(1.0, abs(np.sin(pose.turn))))
        canvas = Canvas(height, narrowed)
        wide, paint = narrowed, self.body.paint(bank, height, canvas.width)
        mask = canvas.mask()
        if self.from_behind:
            ground = 0.97
            for x in (0.16, 0.84):
                polygon(mask, ((wide * (x - 0.09), 0.7), (wide * (x + 0.09), 0.7), (wide * (x + 0.09), ground), (wide * (x - 0.09), ground)), height)
            canvas.lay(mask, np.array((22, 22, 24), np.float32))
            mask = canvas.mask()
            polygon(mask, ((wide * 0.2, 0.03), (wide * 0.8, 0.03), (wide * 0.93, self.cabin), (wide * 0.97, 0.84), (wide * 0.03, 0.84), (wide * 0.07, self.cabin)), height)
            canvas.lay(mask, paint)
            mask = canvas.mask()
            polygon(mask, ((wide * 0.25, 0.09), (wide * 0.75, 0.09), (wide * 0.84, self.cabin), (wide * 0.16, self.cabin)), height)
            canvas.lay(mask, self.glass)
            for x in (0.12, 0.88):
                mask = canvas.mask()
                polygon(mask, ((wide * (x - 0.07), self.cabin + 0.06), (wide * (x + 0.07), self.cabin + 0.06),
                               (wide * (x + 0.06), self.cabin + 0.2), (wide * (x - 0.06), self.cabin + 0.2)), height)
                canvas.lay(mask, self.lights)
            mask = canvas.mask()
            polygon(mask, ((wide * 0.38, 0.6), (wide * 0.62, 0.6), (wide * 0.62, 0.7), (wide * 0.38, 0.7)), height)
            canvas.lay(mask, self.plate)
            mask = canvas.mask()
            polygon(mask, ((wide * 0.04, 0.76), (wide * 0.96, 0.76), (wide * 0.96, 0.86), (wide * 0.04, 0.86)), height)
            canvas.lay(mask, self.trim)
        else:
            nose, tail, sill = wide * self.nose, wide * self.tail, 0.82
            polygon(mask, ((0.02 * wide, 0.52), (nose, self.cabin + 0.02), (nose + 0.14 * wide, 0.04), (tail - 0.06 * wide, 0.04),
                           (tail, self.cabin), (0.98 * wide, 0.52), (0.98 * wide, sill), (0.02 * wide, sill)), height)
            canvas.lay(mask, paint)
            if self.load is not None:
                part = canvas.mask()
                polygon(part, ((wide * 0.42, 0.02), (wide * 0.98, 0.02), (wide * 0.98, 0.7), (wide * 0.42, 0.7)), height)
                canvas.lay(part, self.load.paint(bank, height, canvas.width))
            part = canvas.mask()
            polygon(part, ((nose + 0.14 * wide, 0.02), (tail - 0.06 * wide, 0.02), (tail - 0.05 * wide, 0.09), (nose + 0.12 * wide, 0.09)), height)
            canvas.lay(part, self.roof)
            middle, floor = (nose + tail) / 2 + 0.02 * wide, self.cabin + 0.02
            for left, right in ((nose + 0.13 * wide, middle - 0.02 * wide), (middle + 0.02 * wide, tail - 0.06 * wide)):
                part = canvas.mask()
                polygon(part, ((left + 0.03 * wide, 0.11), (right, 0.11), (right, floor), (left - 0.02 * wide, floor)), height)
                canvas.lay(part, self.glass)
            if self.stripe < 0.3:
                part = canvas.mask()
                polygon(part, ((0.03 * wide, 0.58), (0.97 * wide, 0.58), (0.97 * wide, 0.64), (0.03 * wide, 0.64)), height)
                canvas.lay(part, self.trim)
            part = canvas.mask()
            polygon(part, ((0.93 * wide, 0.52), (0.98 * wide, 0.52), (0.98 * wide, 0.62), (0.93 * wide, 0.62)), height)
            canvas.lay(part, self.lights)
            for x in (0.2, 0.8):
                for radius, tone in ((0.15, np.array((20, 20, 22), np.float32)), (0.085, self.wheels)):
                    part = canvas.mask()
                    ellipse(part, (wide * x, 0.83), (radius * narrowed / self.aspect, radius), height)
                    canvas.lay(part, tone)
        rows = (np.arange(height) / height)[:, None, None]
        return canvas.finished(1.12 - 0.35 * rows, pose)
