"""Everything that decides what a training run gives, in one value that is stored with its results."""

import dataclasses
import hashlib
import json


# Steps that one point of the logged curve is the mean of.
LOG_EVERY = 20


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
    # Optimisation: `tiles` of both frames together a step, in `shards` parts that are worked on side by side, each with a loss
    # of its own; the rate is constant after `warmup` steps and falls to 0 in the last `decay`.
    steps: int = 5800
    tiles: int = 32
    shards: int = 2
    warmup: int = 200
    decay: int = 1200
    rate: float = 1e-3
    weight_decay: float = 0.05
    temperature: float = 0.07
    average: float = 0.998
    bfloat16: bool = True
    # Weight of the loss at each block, the first one first.
    block_weights: tuple = (0.25, 0.75, 1.0)
    # Steps between evaluations on held-out scenes, and between checkpoints.
    evaluate_every: int = 1000
    save_every: int = 100
    # Held-out clips of each gap.
    held_out: int = 40

    def __post_init__(self):
        wrong = [problem for problem, found in (
            ("block_weights needs one weight for each of the blocks, none negative and that of the last one positive",
             len(self.block_weights) != self.depth or min(self.block_weights, default=0) < 0 or self.block_weights[-1] <= 0),
            ("width must be a multiple of heads and of 4", self.width % self.heads or self.width % 4),
            ("side must be a multiple of patch", self.side % self.patch),
            ("tiles must be at least 8 for each shard: two frames of four tiles", self.shards < 1 or self.tiles < 8 * self.shards),
            ("warmup must be positive, decay from 0 to steps", self.warmup < 1 or not 0 <= self.decay <= self.steps),
            (f"save_every and evaluate_every must be positive multiples of {LOG_EVERY}",
             any(every <= 0 or every % LOG_EVERY for every in (self.save_every, self.evaluate_every)))) if found]
        if wrong:
            raise SystemExit("; ".join(wrong))

    def digest(self):
        """SHA-256 over the canonical JSON of all values."""
        return hashlib.sha256(json.dumps(dataclasses.asdict(self), sort_keys=True).encode()).hexdigest()

    @staticmethod
    def stored(values):
        """A configuration as a checkpoint holds it: lists are tuples again. Refuses one of other code."""
        known = {field.name for field in dataclasses.fields(Config)}
        if known != set(values):
            raise SystemExit(f"the checkpoint's configuration has other values than this code: {', '.join(sorted(known ^ set(values)))}")
        return Config(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
