#!/usr/bin/env python3
"""Writes scripts/sweep-reference.json: correct queries by layer, pooling, sequence and gap, from PyTorch.

  scripts/make-golden-sweep.py PEERS DATA

PEERS: the folder with oracle.py, the independent implementation (timm's model, torchvision's roi_align, PyTorch's
antialiased bilinear resize). DATA: the folder with mot17/, bdd100k/ and weights/. Needs torch, timm, torchvision,
safetensors, Pillow and NumPy. vtrack is not involved.
"""
import importlib.util, json, pathlib, sys

import torch
from torchvision.ops import roi_align

PEERS, DATA = map(pathlib.Path, sys.argv[1:3])
spec = importlib.util.spec_from_file_location("oracle", PEERS / "oracle.py")
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
CLIP = "b1c66a42-6f7d68ca"
SOURCES = [("mot17/MOT17-05-FRCNN", "mot17/MOT17-05-FRCNN/gt/gt.txt"), ("mot17/MOT17-10-FRCNN", "mot17/MOT17-10-FRCNN/gt/gt.txt"),
           (f"bdd100k/images/track/val/{CLIP}", f"bdd100k/labels/box_track_20/val/{CLIP}.json")]
DELTAS = [1, 2, 4]
LAYERS = [([k], "output") for k in (0, 1, 3, 6, 9, 12)] + [([3, 6, 9, 12], "output"), ([9], "keys")]
POOLS = ["mean", "grid3"]


class Taps(oracle.Embedder):
    """Keeps every block's output and keys of the pass in work."""

    def __init__(self):
        super().__init__("vit_tiny_patch16_224", str(DATA / "weights/deit_tiny_patch16_224.safetensors"))
        self.taps = {}
        for index, block in enumerate(self.m.blocks):
            block.attn.qkv.register_forward_hook(self.keep((index + 1, "keys"), lambda y: y.chunk(3, -1)[1]))
            block.register_forward_hook(self.keep((index + 1, "output"), self.m.norm))

    def keep(self, name, change):
        def hook(module, inputs, output):
            self.taps[name] = change(output)
        return hook

    def tokens(self, t):
        y = self.m.norm_pre(self.m._pos_embed(self.m.patch_embed(t)))
        self.taps[0, "output"] = y
        for block in self.m.blocks:
            y = block(y)
        layers = []
        for blocks, token in LAYERS:
            parts = [self.taps[block, token] for block in blocks]
            if len(parts) > 1:
                parts = [torch.nn.functional.normalize(part, dim=-1) for part in parts]
            layers += parts
        return torch.cat(layers, -1)


embedder = Taps()
result = {"deltas": DELTAS, "sources": [source for source, _ in SOURCES], "queries": [], "cells": {}}
for source, boxes in SOURCES:
    by_frame = oracle.boxes(DATA / boxes, {1}, 0.5)
    features, ids, classes = {}, {}, {}
    for number, rgb in oracle.frames(DATA / source):
        if number not in by_frame:
            continue
        tokens, (sx, sy) = embedder.map(rgb)
        b = torch.tensor([[0, x1 * sx, y1 * sy, x2 * sx, y2 * sy] for _, x1, y1, x2, y2, _ in by_frame[number]])
        ids[number] = [box[0] for box in by_frame[number]]
        classes[number] = [box[5] for box in by_frame[number]]
        start = 0
        for blocks, token in LAYERS:
            part = tokens[:, start:start + 192 * len(blocks)]
            start += 192 * len(blocks)
            for pool in POOLS:
                name = f"{'+'.join(map(str, blocks))} {token} {pool}"
                if pool == "mean":
                    vectors = roi_align(part, b, (7, 7), 1.0, 2, aligned=True).mean((2, 3))
                else:
                    vectors = roi_align(part, b, (3, 3), 1.0, 2, aligned=True).permute(0, 2, 3, 1).flatten(1)
                features.setdefault(name, {})[number] = vectors
    for name, vectors in features.items():
        found = oracle.retrieval(vectors, ids, classes, DELTAS)
        result["cells"].setdefault(name, []).append([found[delta]["correct"] for delta in DELTAS])
    result["queries"].append([found[delta]["pairs"] for delta in DELTAS])
text = json.dumps(result, indent=1)
pathlib.Path(__file__).with_name("sweep-reference.json").write_text(text + "\n")
for name, counts in result["cells"].items():
    print(name, counts, [sum(c) for c in counts], sum(map(sum, counts)))
