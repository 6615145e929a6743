#!/usr/bin/env python3
"""Golden values of position embeddings: tables stretched as each family's authors do, rotary turns, relative biases.

    python3 scripts/make-golden-positions.py > Tests/FeaturesTests/Fixtures/positions.json

Needs PyTorch, transformers, timm and SciPy. Input values are multiples of 1/64, so that the JSON holds them exactly."""
import json
import numpy, torch
from scipy.interpolate import RectBivariateSpline
from scipy.ndimage import zoom
from timm.layers import RotaryEmbeddingCat, apply_rot_embed_cat
from timm.layers.pos_embed_rel import gen_relative_position_index
from transformers import DINOv3ViTConfig
from transformers.models.dinov3_vit.modeling_dinov3_vit import DINOv3ViTRopePositionEmbedding, apply_rotary_pos_emb
from transformers.models.vit_mae.modeling_vit_mae import build_2d_sinusoidal_position_embedding

torch.manual_seed(0)


def numbers(values):
    return [round(float(v), 7) for v in numpy.asarray(values).flatten()]


def grid(*shape):
    return torch.randint(-64, 64, shape).float() / 64


def interpolation():
    """`offset` gives PyTorch a factor, as DINO does, the others the size; `bilinear` is also what jax.image.resize does.

    `bilinearCorners` is what google-research/vision_transformer does with SciPy (vit_jax/checkpoint.py)."""
    cases = []
    sizes = [(3, 5, 7), (4, 2, 9), (7, 7, 7), (14, 9, 15), (2, 1, 1)]
    for side, rows, columns in sizes:
        channels = 3 if side < 14 else 1
        table = grid(side, side, channels)
        expected = {}
        for rule in ["resized", "offset", "antialiased", "bilinear"]:
            how = dict(size=(rows, columns))
            if rule == "offset":
                how = dict(scale_factor=((rows + 0.1) / side, (columns + 0.1) / side))
            found = table
            if (rows, columns) != (side, side):
                found = torch.nn.functional.interpolate(
                    table.permute(2, 0, 1)[None], align_corners=False, mode="bilinear" if rule == "bilinear" else "bicubic",
                    antialias=rule in ["antialiased", "bilinear"], **how)[0].permute(1, 2, 0)
            assert found.shape == (rows, columns, channels)
            expected[rule] = numbers(found)
        expected["bilinearCorners"] = numbers(zoom(table.numpy(), (rows / side, columns / side, 1), order=1))
        cases.append(dict(side=side, rows=rows, columns=columns, channels=channels, grid=table.flatten().tolist(),
                          expected=expected))
    return cases


def sine_cosine():
    """MAE's authors have the columns first (`np.meshgrid(grid_w, grid_h)`), transformers the rows."""
    cases = []
    for rows, columns, channels in [(3, 3, 12), (2, 4, 20)]:
        rows_first = build_2d_sinusoidal_position_embedding(rows, columns, channels)
        cases.append(dict(rows=rows, columns=columns, channels=channels,
                          expected=numbers(torch.roll(rows_first, channels // 2, dims=1))))
    return cases


def rotary():
    """Queries (patches, channels) of one head before and after."""
    cases = []
    for rows, columns, head in [(2, 3, 20), (3, 1, 32)]:
        patches = rows * columns
        config = DINOv3ViTConfig(hidden_size=head, num_attention_heads=1, patch_size=16)
        cos, sin = DINOv3ViTRopePositionEmbedding(config).eval()(torch.zeros(1, 3, 16 * rows, 16 * columns))
        queries = grid(1, 1, patches, head)
        found, _ = apply_rotary_pos_emb(queries, queries, cos, sin)
        cases.append(dict(model="dinov3", rows=rows, columns=columns, head=head, side=0,
                          queries=queries.flatten().tolist(), expected=numbers(found)))
        embedding = RotaryEmbeddingCat(head, in_pixels=False, feat_shape=[rows, columns], ref_feat_shape=[4, 4])
        queries = grid(1, 1, patches, head)
        found = apply_rot_embed_cat(queries, embedding.get_embed())
        cases.append(dict(model="eva", rows=rows, columns=columns, head=head, side=4,
                          queries=queries.flatten().tolist(), expected=numbers(found)))
    return cases


def relative_bias():
    """The matrix (heads, query, key) that timm looks up in a table."""
    cases = []
    for side, heads, class_token in [(2, 2, True), (3, 1, False)]:
        table = grid((2 * side - 1) ** 2 + (3 if class_token else 0), heads)
        index = gen_relative_position_index((side, side), class_token=class_token)
        cases.append(dict(side=side, heads=heads, classToken=class_token, table=table.flatten().tolist(),
                          expected=table[index].permute(2, 0, 1).flatten().tolist()))
    return cases


def distances(side, count):
    """The learned offsets' places, rising geometrically to the new largest offset (SimMIM, BEiT)."""
    low, high = 1.01, 1.5
    while high - low > 1e-6:
        ratio = (low + high) / 2
        if sum(ratio ** i for i in range(side - 1)) > count - 1:
            high = ratio
        else:
            low = ratio
    places = numpy.cumsum([ratio ** i for i in range(side - 1)])
    return numpy.concatenate([-places[::-1], [0], places])


def relative_resize():
    """SciPy's interpolating bicubic spline, which the authors' `interp2d(kind='cubic')` was."""
    cases = []
    for side, rows, columns in [(4, 6, 5), (5, 3, 8), (3, 3, 3)]:
        heads = 2
        table = grid(2 * side - 1, 2 * side - 1, heads)
        found = table.numpy()
        if (rows, columns) != (side, side):
            y, x = distances(side, rows), distances(side, columns)
            at = [numpy.arange(1 - n, n, dtype=float).clip(p[0], p[-1]) for n, p in [(rows, y), (columns, x)]]
            found = numpy.stack([RectBivariateSpline(y, x, table[:, :, head].numpy(), s=0)(*at)
                                 for head in range(heads)], axis=-1)
        cases.append(dict(side=side, rows=rows, columns=columns, heads=heads, table=table.flatten().tolist(),
                          expected=numbers(found)))
    return cases


print(json.dumps(dict(interpolation=interpolation(), sineCosine=sine_cosine(), rotary=rotary(),
                      relativeBias=relative_bias(), relativeResize=relative_resize())))
