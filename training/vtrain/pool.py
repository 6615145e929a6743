"""One vector a box: ROIAlign (He et al. 2017) over a token map, as the product pools."""

import torch
from torchvision.ops import roi_align


def pooled(maps, boxes, bins):
    """maps [n, D, rows, columns], boxes [k, 5] (image, x1, y1, x2, y2 in map coordinates) → [k, D, bins, bins]."""
    return roi_align(maps, boxes, (bins, bins), 1.0, 2, aligned=True)


def vectors(maps, boxes, pool):
    """Unit vectors [k, …] by `pool`: "mean" (7×7 bins averaged) or "gridN" (N×N bins kept)."""
    if pool == "mean":
        found = pooled(maps, boxes, 7).mean((2, 3))
    else:
        found = pooled(maps, boxes, int(pool.removeprefix("grid"))).flatten(1)
    return torch.nn.functional.normalize(found, dim=1)
