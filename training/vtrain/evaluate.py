"""Top-1 retrieval on generated clips that training never saw: by gap, block and pooling, beside colours.

`python -m vtrain.evaluate OUT/last.pt` prints the table that the shipped block and pooling were chosen by."""

import argparse
import dataclasses
import json
import pathlib

import cv2
import numpy as np
import timm
import torch
from safetensors.torch import load_file

from . import data, model as vit, pool
from .config import Config

# Those that `vtrack sweep` tries.
POOLS = ("mean", "grid2", "grid3", "grid4", "grid5", "grid6", "grid7")


def histogram(image, box):
    """The colour baseline: hue, saturation and value (OpenCV's) in 8 × 8 × 8 bins, square root of the shares; [512]."""
    height, width = image.shape[:2]
    x1, y1 = (int(min(max(v, 0), limit - 1)) for v, limit in zip(box[:2], (width, height)))
    x2, y2 = max(min(int(box[2]), width), x1 + 1), max(min(int(box[3]), height), y1 + 1)
    hsv = cv2.cvtColor(np.ascontiguousarray(image[y1:y2, x1:x2]), cv2.COLOR_RGB2HSV_FULL).reshape(-1, 3).astype(int) // 32
    counts = np.bincount(hsv @ (64, 8, 1), minlength=512)
    return np.sqrt(counts / counts.sum())


def hits(query, gallery, query_owners, gallery_owners):
    """How many queries whose object is in the gallery find it first, and how many there are."""
    known = torch.isin(query_owners, gallery_owners)
    if not known.any():
        return 0, 0
    nearest = (query @ gallery.T).argmax(1)
    return int((gallery_owners[nearest] == query_owners)[known].sum()), int(known.sum())


@torch.inference_mode()
def retrieval(model, clips, config, device="cpu"):
    """{gap: {"queries": n, "colours": right, "block/pool": right}} over clips, counts of queries, both frames in both roles."""
    blocks = set(range(1, len(model.blocks) + 1))
    model.eval()
    found = {}
    for kind, pairs in clips.items():
        correct, queries = {}, 0
        for pair, tiles in pairs:
            batch = data.assembled([pair], tiles, config.side, model.patch_embed.patch_size[0])
            maps = vit.token_maps(model, batch.images.to(device), blocks)
            first = batch.boxes[:, 0] == 0
            if first.sum() == 0 or (~first).sum() == 0:
                continue
            features = {f"{block}/{name}": pool.vectors(found_map, batch.boxes.to(device), name).cpu()
                        for block, found_map in maps.items() for name in POOLS}
            features["colours"] = torch.tensor(np.stack([histogram(f.image, b) for f in pair[:2] for b in f.boxes])).float()
            for name, vectors in features.items():
                for a, b in ((first, ~first), (~first, first)):
                    good, count = hits(vectors[a], vectors[b], batch.owners[a], batch.owners[b])
                    correct[name] = correct.get(name, 0) + good
                    queries += count if name == "colours" else 0
        found[kind] = {"queries": queries} | correct
    return found


def table(found):
    """The figures of `retrieval` in per cent: a row for every block and pooling, a column for every gap."""
    names = list(dict.fromkeys(name for values in found.values() for name in values if name != "queries"))
    lines = [f"{'block/pooling':16}" + "".join(f"{gap:>10}" for gap in found), f"{'queries':16}" + "".join(f"{v['queries']:10}" for v in found.values())]
    for name in names:
        lines.append(f"{name:16}" + "".join(f"{100 * values.get(name, 0) / max(values['queries'], 1):10.1f}" for values in found.values()))
    return "\n".join(lines)


def best(found):
    """The block and pooling to ship: the cheapest that is no worse than the best by more than chance explains.

    That is, of those within one standard error of the most right over all gaps together (the one-standard-error rule, Breiman
    et al. 1984, section 3.4.3), the earliest block, and of its poolings the smallest."""
    queries = sum(values["queries"] for values in found.values())
    right = {name: sum(values.get(name, 0) for values in found.values()) for values in found.values() for name in values if "/" in name}
    if not right or not queries:
        raise SystemExit("no queries: more clips are needed")
    most = max(right.values())
    error = (most * (1 - most / queries)) ** 0.5
    near = [name.split("/") for name, count in right.items() if count >= most - error]
    return "/".join(min(near, key=lambda name: (int(name[0]), POOLS.index(name[1]))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=pathlib.Path, help="OUT/last.pt of a training run")
    parser.add_argument("--clips", type=int, default=100, help="clips of each gap (default 100)")
    parser.add_argument("--report", action="store_true", help="other clips than those by which block and pooling are chosen")
    parser.add_argument("--untrained", action="store_true", help="the same network before its first step")
    parser.add_argument("--arch", default="deit_tiny_patch16_224", help="with --weights: timm's name of the network")
    parser.add_argument("--weights", type=pathlib.Path, help="another network on the same clips: a safetensors file with timm's names")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures here too")
    given = parser.parse_args()
    state = torch.load(given.checkpoint, map_location="cpu", weights_only=True)
    config = dataclasses.replace(Config.stored(state["config"]), held_out=given.clips)
    torch.manual_seed(config.seed)
    network = vit.build(config)
    if given.weights:
        network = timm.create_model(given.arch, num_classes=0, global_pool="")
        network.load_state_dict({key: value for key, value in load_file(given.weights).items() if not key.startswith("head")})
    elif not given.untrained:
        network.load_state_dict(state["average"])
    figures = retrieval(network, data.held_out(config, data.REPORT if given.report else data.CHOICE), config)
    print(table(figures))
    if not given.report:
        print(f"cheapest within a standard error of the best: {best(figures)}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
