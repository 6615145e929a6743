"""People: articulated, seen from the side, from the front or in between, with clothes, hair, bags and hats."""

import dataclasses

import numpy as np

from . import palette
from .cloth import Cloth
from .pose import Canvas, ellipse, limb, polygon

# Share of the canvas height that is kept free above the head and below the feet.
MARGIN = 0.02


@dataclasses.dataclass(frozen=True)
class Walker:
    """What stays the same about a person. Lengths are shares of the person's height."""

    top: Cloth
    trousers: Cloth
    skin: np.ndarray
    hair: np.ndarray
    shoes: np.ndarray
    long_hair: bool
    skirt: bool
    coat: float
    sleeves: bool
    hat: np.ndarray | None
    bag: Cloth | None
    bag_place: float
    build: float
    front: float
    stride: float

    aspect = 0.56

    @staticmethod
    def random(rng, bank):
        return Walker(
            top=Cloth.random(rng, bank, 0.5), trousers=Cloth.random(rng, bank, 0.85), skin=palette.skin(rng), hair=palette.hair(rng),
            shoes=palette.colour(rng) * 0.6, long_hair=rng.random() < 0.35, skirt=rng.random() < 0.15,
            coat=rng.uniform(0, 0.2) if rng.random() < 0.4 else 0.0, sleeves=rng.random() < 0.7,
            hat=palette.colour(rng) if rng.random() < 0.15 else None, bag=Cloth.random(rng, bank, 0.7) if rng.random() < 0.35 else None,
            bag_place=rng.choice([-1.0, 1.0]), build=rng.uniform(0.85, 1.25), front=rng.uniform(0, 1), stride=rng.uniform(0.15, 0.5))

    def varied(self, rng, bank):
        """Someone easily taken for this person: one to three things are different."""
        other = self
        for _ in range(rng.integers(1, 4)):
            kind = rng.integers(8)
            if kind <= 1:
                other = dataclasses.replace(other, top=other.top.varied(rng, bank))
            elif kind <= 3:
                other = dataclasses.replace(other, trousers=other.trousers.varied(rng, bank))
            elif kind == 4:
                other = dataclasses.replace(other, hair=palette.hair(rng), skin=palette.skin(rng), long_hair=not other.long_hair)
            elif kind == 5:
                other = dataclasses.replace(other, bag=Cloth.random(rng, bank, 0.7) if other.bag is None else None)
            elif kind == 6:
                other = dataclasses.replace(other, coat=0.0 if other.coat else rng.uniform(0.06, 0.2), sleeves=not other.sleeves)
            else:
                other = dataclasses.replace(other, build=rng.uniform(0.8, 1.3), hat=palette.colour(rng) if other.hat is None else None)
        return other

    def draw(self, bank, height, pose):
        """[height, width, 4]; see Canvas.finished."""
        canvas = Canvas(height, self.aspect)
        centre, unit = self.aspect / 2, 1 - 2 * MARGIN
        side = abs(np.cos(pose.turn + self.front * np.pi))
        swing = self.stride * np.sin(pose.phase)
        lift = self.stride * 0.5 * np.abs(np.cos(pose.phase))
        top, trousers = self.top.paint(bank, height, canvas.width), self.trousers.paint(bank, height, canvas.width)

        def at(x, y):
            return (centre + x * unit * self.build if abs(x) < 0.11 else centre + x * unit, MARGIN + y * unit)

        def leg(sign):
            reach, spread = sign * swing * side * 0.9, sign * 0.045 * (1 - side * 0.7)
            hip, knee = at(spread, 0.5), at(spread + 0.24 * np.sin(reach), 0.5 + 0.24 * np.cos(reach))
            bend = reach - (lift if sign * np.cos(pose.phase) > 0 else 0.05)
            foot = (knee[0] + 0.22 * unit * np.sin(bend), min(knee[1] + 0.22 * unit * np.cos(bend), 1 - MARGIN - 0.01))
            mask = canvas.mask()
            limb(mask, (hip, knee, foot), 0.085 * self.build, height)
            canvas.lay(mask, trousers if not self.skirt else self.skin)
            mask = canvas.mask()
            ellipse(mask, (foot[0] + 0.02 * side, foot[1]), (0.045, 0.022), height)
            canvas.lay(mask, self.shoes)

        def arm(sign):
            reach = -sign * swing * side * 0.8
            shoulder = at(sign * 0.12 * (1 - 0.75 * side), 0.2)
            elbow = (shoulder[0] + (0.16 * np.sin(reach) + sign * 0.02 * (1 - side)) * unit, shoulder[1] + 0.16 * unit)
            hand = (elbow[0] + 0.15 * np.sin(reach + 0.3 * side) * unit, elbow[1] + 0.14 * unit)
            mask = canvas.mask()
            limb(mask, (shoulder, elbow, hand), 0.055 * self.build, height)
            canvas.lay(mask, top if self.sleeves else self.skin)
            mask = canvas.mask()
            ellipse(mask, hand, (0.022, 0.026), height)
            canvas.lay(mask, self.skin)

        arm(-1)
        leg(-1)
        leg(1)
        shoulders, hips = 0.13 * (1 - 0.35 * side), 0.095 * (1 - 0.2 * side)
        if self.bag is not None and self.bag_place < 0:
            mask = canvas.mask()
            ellipse(mask, at(-0.1 * side, 0.3), (0.09, 0.13), height)
            canvas.lay(mask, self.bag.paint(bank, height, canvas.width))
        if self.skirt:
            mask = canvas.mask()
            polygon(mask, (at(-hips, 0.46), at(hips, 0.46), at(hips * 1.6, 0.72), at(-hips * 1.6, 0.72)), height)
            canvas.lay(mask, trousers)
        mask = canvas.mask()
        hem = 0.53 + self.coat
        polygon(mask, (at(-shoulders * 0.5, 0.15), at(shoulders * 0.5, 0.15), at(shoulders, 0.19), at(hips * 1.05, 0.4),
                       at(hips * (1 + self.coat), hem), at(-hips * (1 + self.coat), hem), at(-hips * 1.05, 0.4), at(-shoulders, 0.19)), height)
        canvas.lay(mask, top)
        mask = canvas.mask()
        limb(mask, (at(0, 0.12), at(0, 0.16)), 0.05, height)
        ellipse(mask, at(0, 0.075), (0.048 * unit, 0.068 * unit), height)
        canvas.lay(mask, self.skin)
        mask = canvas.mask()
        back = -0.02 * side
        ellipse(mask, at(back, 0.045), (0.055 * unit, 0.05 * unit), height)
        if self.long_hair:
            ellipse(mask, at(back * 1.6, 0.1), (0.05 * unit, 0.08 * unit), height)
        canvas.lay(mask, self.hair)
        if self.hat is not None:
            mask = canvas.mask()
            polygon(mask, (at(-0.075, 0.045), at(-0.05, 0.0), at(0.05, 0.0), at(0.075, 0.045)), height)
            canvas.lay(mask, self.hat)
        arm(1)
        if self.bag is not None and self.bag_place > 0:
            mask = canvas.mask()
            ellipse(mask, at(0.1 * (0.4 + 0.6 * side), 0.5), (0.06, 0.075), height)
            canvas.lay(mask, self.bag.paint(bank, height, canvas.width))
        columns = (np.arange(canvas.width) / canvas.width - 0.5)[None, :, None]
        return canvas.finished(1.08 - 0.9 * np.abs(columns) * 1.2, pose)
