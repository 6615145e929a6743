"""Everything that decides what a training run gives, in one value that is stored with its results."""

import dataclasses
import hashlib
import json


@dataclasses.dataclass(frozen=True)
class Config:
    """Defaults are those of the model that ships."""

    seed: int = 0
    # Textures in the bank, of each of the two sorts.
    textures: int = 320
    # Model: tokens are `patch` pixels wide on tiles of `side`.
    side: int = 224
    patch: int = 8
    width: int = 128
    depth: int = 3
    heads: int = 2
    # Optimisation: `tiles` of both frames together a step; the rate is constant after `warmup` steps and falls to 0 in the last `decay`.
    steps: int = 3000
    tiles: int = 32
    warmup: int = 200
    decay: int = 700
    rate: float = 1e-3
    weight_decay: float = 0.05
    temperature: float = 0.07
    average: float = 0.998
    bfloat16: bool = True
    # Weight of the loss at each block, the first one first; grids of the pooled vectors it is taken on.
    block_weights: tuple = (0.25, 0.75, 1.0)
    # Steps between evaluations on held-out scenes, and between checkpoints.
    evaluate_every: int = 500
    save_every: int = 100
    # Held-out clips of each gap.
    held_out: int = 60

    def digest(self):
        """SHA-256 over the canonical JSON of all values."""
        return hashlib.sha256(json.dumps(dataclasses.asdict(self), sort_keys=True).encode()).hexdigest()

    @staticmethod
    def stored(values):
        """A configuration as a checkpoint holds it: lists are tuples again."""
        return Config(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
