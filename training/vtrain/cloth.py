"""What a part of an object is covered with: two colours and a pattern, and how a look-alike's differs."""

import dataclasses

import numpy as np

from . import palette, textures


@dataclasses.dataclass(frozen=True)
class Cloth:
    """Two colours (RGB, 0…255), the pattern between them, where in it the part begins, and pattern pixels per unit of height."""

    low: np.ndarray
    high: np.ndarray
    pattern: int
    offset: tuple
    scale: float

    @staticmethod
    def random(rng, bank, plain=0.55):
        """A cloth; with probability `plain` of nearly one colour."""
        low = palette.colour(rng)
        if rng.random() < plain:
            high = palette.near(rng, low, rng.uniform(2, 14))
        else:
            high = palette.colour(rng) if rng.random() < 0.6 else palette.near(rng, low, rng.uniform(20, 60))
        return Cloth(low, high, int(rng.integers(len(bank.patterns))), tuple(rng.uniform(0, textures.SIDE, 2)), rng.uniform(150, 900))

    def varied(self, rng, bank):
        """Another cloth that is easily taken for this one: another pattern, or the colours a step off, or one colour replaced."""
        kind = rng.random()
        if kind < 0.3:
            return dataclasses.replace(self, pattern=int(rng.integers(len(bank.patterns))), offset=tuple(rng.uniform(0, textures.SIDE, 2)))
        if kind < 0.75:
            step = rng.uniform(8, 40)
            return dataclasses.replace(self, low=palette.near(rng, self.low, step), high=palette.near(rng, self.high, step))
        if kind < 0.9:
            return dataclasses.replace(self, high=palette.colour(rng))
        return Cloth.random(rng, bank)

    def paint(self, bank, height, width):
        """[height, width, 3] float32 in 0…255, for a part drawn on a canvas `height` pixels tall."""
        return textures.coloured(bank.patch(self.pattern, self.offset, self.scale / height, height, width), self.low, self.high)
