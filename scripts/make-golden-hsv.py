#!/usr/bin/env python3
"""Writes Tests/Fixtures/hsv.json: Pillow's RGB to HSV conversion and the histograms and regions made from it.

All 2^24 colours are covered by one checksum a channel: the sum over colours k (red slowest) of
(value + 1) * (k * 0x9E3779B97F4A7C15 + 1) modulo 2^64. A second set of sums covers the colours whose three samples are
multiples of 5, for builds without optimisation. Needs NumPy and Pillow.
"""
import json
import math
import pathlib

import numpy as np
from PIL import Image


def checksums(levels):
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    colours = np.stack([red, green, blue], -1).reshape(len(levels), -1, 3).astype(np.uint8)
    hsv = np.asarray(Image.fromarray(colours).convert("HSV")).reshape(-1, 3).astype(np.uint64)
    weights = np.arange(len(hsv), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    return [str(((hsv[:, c] + np.uint64(1)) * weights).sum(dtype=np.uint64)) for c in range(3)]


def histogram(rgb):
    q = np.asarray(Image.fromarray(rgb).convert("HSV")).reshape(-1, 3).astype(int) // 32
    n = np.bincount(q[:, 0] * 64 + q[:, 1] * 8 + q[:, 2], minlength=512)
    return np.sqrt(n / n.sum())


def region(box, width, height):
    x1, y1, x2, y2 = (math.floor(v) for v in (box[0], box[1], box[0] + box[2], box[1] + box[3]))
    x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    x2, y2 = max(min(x2, width), x1 + 1), max(min(y2, height), y1 + 1)
    return [x1, y1, x2 - x1, y2 - y1]


def main():
    generator = np.random.default_rng(3)
    pictures = []
    for width, height in [(7, 5), (1, 1), (16, 3)]:
        rgb = generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
        bins = histogram(rgb)
        pictures.append({
            "width": width, "height": height, "pixels": rgb.ravel().tolist(),
            "bins": [[int(b), float(bins[b])] for b in np.flatnonzero(bins)],
        })
    boxes = [
        [10, 20, 30, 40], [10.9, 20.1, 0.05, 0.95], [10.9, 20.1, 0.15, 0.95], [-5.5, -7, 10, 10], [-50, -50, 10, 10],
        [95.5, 55, 30, 30], [200, 300, 10, 10], [0, 0, 100, 60], [99.99, 59.99, 0, 0], [-1e300, -1e300, 2e300, 2e300],
        [1e300, 5, 1, 1], [-0.5, -0.5, 1, 1], [3, 4, 0, 0],
    ]
    document = {
        "all": checksums(np.arange(256)), "step5": checksums(np.arange(0, 256, 5)), "pictures": pictures,
        "regions": [{"box": box, "region": region(box, 100, 60)} for box in boxes],
    }
    path = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/hsv.json"
    path.write_text(json.dumps(document).replace("}, ", "},\n") + "\n")


if __name__ == "__main__":
    main()
