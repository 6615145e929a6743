#!/usr/bin/env python3
"""Writes Tests/Fixtures/roialign.json: ROIAlign of torchvision on boxes that try its border rules.

Needs torch and torchvision. Everything is computed in float64 from float32 tokens, so that the fixture is the
definition and not one implementation's rounding.
"""
import json
import pathlib

import numpy as np
import torch
from torchvision.ops import roi_align

# The grid of a 640x360 frame under `fit` with an input side of 32 and patches of 8: 2x1 tiles, a map of 4x8 tokens.
FRAME, INPUT_SIDE, PATCH = (640, 360), 32, 8
ROWS, COLUMNS, CHANNELS = 4, 8, 5

BOXES = {
    "inside": [100.0, 50.0, 120.5, 90.25],
    "whole frame": [0, 0, 640, 360],
    "one pixel": [320, 180, 1, 1],
    "a hundredth of a pixel": [33.3, 44.4, 0.01, 0.01],
    "zero width": [200, 100, 0, 80],
    "zero area": [200, 100, 0, 0],
    "partly left": [-60, 100, 100, 100],
    "partly right": [600, 100, 100, 100],
    "partly above": [300, -90, 60, 100],
    "partly below": [300, 330, 60, 100],
    "corner": [-30, -30, 70, 70],
    "around the frame": [-500, -500, 2000, 2000],
    "wholly left, within a token": [-50, 100, 20, 50],
    "wholly left": [-400, 100, 100, 50],
    "wholly below": [100, 900, 100, 50],
    "far outside": [1e9, 1e9, 10, 10],
    "huge": [-1e12, -1e12, 2e12, 2e12],
    "enormous": [1e300, -1e300, 1e300, 1e300],
    "on token borders": [80, 90, 160, 180],
    "last column": [639, 359, 1, 1],
    "tall": [310.7, 0, 3, 360],
}


def main():
    generator = np.random.default_rng(7)
    tokens = generator.normal(size=(ROWS, COLUMNS, CHANNELS)).round(3).astype(np.float32)
    scale = (COLUMNS / FRAME[0], ROWS / FRAME[1])
    corners = [[0, x * scale[0], y * scale[1], (x + w) * scale[0], (y + h) * scale[1]] for x, y, w, h in BOXES.values()]
    rois = torch.tensor(corners, dtype=torch.float64)
    features = torch.from_numpy(tokens).double().permute(2, 0, 1)[None]

    def rows(values):
        return [[float(f"{v:.9g}") for v in row] for row in values.tolist()]

    expected = {"mean": rows(roi_align(features, rois, (7, 7), 1.0, 2, aligned=True).mean((2, 3)))}
    for side in (1, 2, 3):
        aligned = roi_align(features, rois, (side, side), 1.0, 2, aligned=True)
        expected[f"grid{side}"] = rows(aligned.permute(0, 2, 3, 1).flatten(1))
    document = {
        "frame": FRAME, "inputSide": INPUT_SIDE, "patch": PATCH, "channels": CHANNELS,
        "tokens": [float(f"{v:.9g}") for v in tokens.ravel()],
        "boxes": [{"name": name, "box": box} for name, box in BOXES.items()],
        "expected": expected,
    }
    path = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/roialign.json"
    path.write_text(json.dumps(document).replace("], ", "],\n") + "\n")


if __name__ == "__main__":
    main()
