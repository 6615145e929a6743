"""Tables of relative positions for pictures of another size, as the authors of BEiT and SimMIM make them.

Source: `remap_pretrained_keys_vit` of microsoft/SimMIM, utils.py. The authors called SciPy's `interp2d(kind="cubic")`, which
SciPy has dropped; `RectBivariateSpline` through all points is the same function. They stretch to squares; here each direction
has its own distances, as in timm's `resize_rel_pos_bias_table`, which with no SciPy would interpolate linearly."""
import numpy as np, torch
from scipy.interpolate import RectBivariateSpline
from families_core import GRID, WIDE


def distances(side):
    """Where the learned offsets are put: their steps grow geometrically, so that the last is the new largest offset."""
    low, high = 1.01, 1.5
    while high - low > 1e-6:
        ratio = (low + high) / 2
        if (1 - ratio ** (GRID - 1)) / (1 - ratio) > side - 1:
            high = ratio
        else:
            low = ratio
    steps = np.cumsum([ratio ** step for step in range(GRID - 1)])
    return np.concatenate([-steps[::-1], [0], steps])


def stretched(table):
    """A table ((2·GRID − 1)² + 3, heads) for WIDE patches."""
    learned = 2 * GRID - 1
    rows, columns = (distances(side) for side in WIDE)
    # Beyond the last offset its value holds.
    places = [np.clip(np.arange(1 - side, side, dtype=float), known[0], known[-1])
              for side, known in zip(WIDE, (rows, columns))]
    found = [RectBivariateSpline(rows, columns, head.reshape(learned, learned).numpy(), s=0)(*places).flatten()
             for head in table[:-3].double().T]
    return torch.cat([torch.tensor(np.stack(found, axis=1), dtype=torch.float32), table[-3:]])
