#!/usr/bin/env python3
"""Golden values for the interpolation of position embeddings: PyTorch's bicubic, as DINO calls it.

    python3 scripts/make-golden-positions.py > Tests/FeaturesTests/Fixtures/positions.json

Needs PyTorch. Grid values are multiples of 1/64, so that the JSON holds them exactly."""
import json, torch

torch.manual_seed(0)
cases = []
for side, rows, columns in [(3, 5, 7), (4, 2, 9), (7, 7, 7), (14, 9, 15), (2, 1, 1)]:
    channels = 3
    grid = torch.randint(-64, 64, (side, side, channels)).float() / 64
    found = torch.nn.functional.interpolate(
        grid.permute(2, 0, 1)[None], size=(rows, columns), mode="bicubic", align_corners=False
    )[0].permute(1, 2, 0)
    cases.append(dict(side=side, rows=rows, columns=columns, channels=channels, grid=grid.flatten().tolist(),
                      expected=[round(v, 7) for v in found.flatten().tolist()]))
print(json.dumps(cases))
