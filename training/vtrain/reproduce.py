"""Trains the first steps of a logged run again and compares the curves: `python -m vtrain.reproduce OUT`."""

import argparse
import json
import pathlib
import sys
import tempfile

import torch

from .config import Config
from . import train


def losses(folder):
    """{step: loss} of a run's log."""
    lines = map(json.loads, (folder / "log.jsonl").read_text().splitlines())
    return {line["step"]: line["loss"] for line in lines if "loss" in line}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path, help="folder of the run, with last.pt and log.jsonl")
    parser.add_argument("--steps", type=int, default=200, help="steps to train again (default 200)")
    parser.add_argument("--threads", type=int, default=2, help="as the run had (default 2); another number rounds otherwise")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    config = Config.stored(torch.load(given.out / "last.pt", map_location="cpu", weights_only=True)["config"])
    with tempfile.TemporaryDirectory() as folder:
        train.run(config, pathlib.Path(folder), given.workers, given.threads, "cpu", until=given.steps)
        again = losses(pathlib.Path(folder))
    logged = losses(given.out)
    different = {step: (logged.get(step), value) for step, value in again.items() if logged.get(step) != value}
    print(f"{len(again) - len(different)} of {len(again)} points of the curve are the same" + "".join(
        f"\nstep {step}: logged {a}, now {b}" for step, (a, b) in different.items()))
    sys.exit(bool(different) or not again)
