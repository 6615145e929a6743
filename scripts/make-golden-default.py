#!/usr/bin/env python3
"""Writes Tests/FeaturesTests/Fixtures/default-model.safetensors: tokens of the model that ships, by timm in float32.

A developer's tool, to be run again when Models/vtrack-tiny.safetensors changes. Needs torch, timm and safetensors.

    python3 scripts/make-golden-default.py

"tokens" [k, D]: every 29th token of one tile whose pixel (x, y, c) is (x·(c+3) + y·(5−c) + 7·⌊x·y/16⌋) mod 256, after the block
that the model's metadata names and the final LayerNorm.
"""
import pathlib

import torch
from safetensors.torch import save_file

import shipped_model

EVERY = 29

metadata, model = shipped_model.metadata(), shipped_model.network()
side = model.patch_embed.img_size[0]
y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
pixels = torch.stack([(x * (c + 3) + y * (5 - c) + 7 * (x * y // 16)) % 256 for c in range(3)])[None].float() / 255
mean, std = (values.view(1, 3, 1, 1) for values in shipped_model.pixel_statistics())
with torch.inference_mode():
    tokens = model._pos_embed(model.patch_embed((pixels - mean) / std))
    for block in model.blocks[: int(metadata["vtrack.layer"])]:
        tokens = block(tokens)
    tokens = model.norm(tokens)[0, ::EVERY]
path = pathlib.Path(__file__).parent.parent / "Tests/FeaturesTests/Fixtures/default-model.safetensors"
save_file({"tokens": tokens.contiguous()}, path)
print(path, tuple(tokens.shape))
