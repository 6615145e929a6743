"""Writes the model as vtrack reads it: `python -m vtrain.export OUT/last.pt MODEL.safetensors --layer 3 --pool grid5`.

F16 tensors under timm's names, blocks up to the layer that is used, the averaged weights, and metadata that says what the
file is and how it came about. The same checkpoint gives the same bytes."""

import argparse
import hashlib
import json
import pathlib

import torch

from . import evaluate, model as vit
from .config import Config

BYTES, PARAMETERS = 12_000_000, 6_000_000


def tensors(state, depth):
    """Averaged weights as float16, without blocks beyond `depth`; refuses what float16 cannot hold."""
    kept = {}
    for name, value in sorted(state.items()):
        if name.startswith("blocks.") and int(name.split(".")[1]) >= depth:
            continue
        half = value.half().contiguous()
        if not torch.isfinite(half).all():
            raise SystemExit(f"{name} has values that float16 cannot hold")
        kept[name] = half
    return kept


def digest(kept):
    """SHA-256 over names, shapes and bytes of all tensors in order of name."""
    found = hashlib.sha256()
    for name, value in sorted(kept.items()):
        found.update(f"{name}{tuple(value.shape)}".encode())
        found.update(value.numpy().tobytes())
    return found.hexdigest()


def write(path, kept, metadata):
    """A safetensors file whose header is in order, so that the same content gives the same bytes."""
    header, end = {"__metadata__": dict(sorted(metadata.items()))}, 0
    for name, value in sorted(kept.items()):
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [end, end + 2 * value.numel()]}
        end += 2 * value.numel()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, value in sorted(kept.items()):
            file.write(value.numpy().tobytes())


def export(checkpoint, path, name, layer, pool):
    """Writes `path` and returns its metadata."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = Config.stored(state["config"])
    if not 1 <= layer <= config.depth:
        raise SystemExit(f"--layer {layer}: the network has blocks 1 to {config.depth}")
    if pool not in evaluate.POOLS:
        raise SystemExit(f"--pool {pool}: known are {', '.join(evaluate.POOLS)}")
    kept = tensors(state["average"], layer)
    parameters = sum(value.numel() for value in kept.values())
    metadata = {
        "name": name, "format": "pt", "license": "Apache-2.0",
        "architecture": f"ViT, {layer} blocks of width {config.width}, {config.heads} heads, patches of {config.patch} on tiles of {config.side}, no class token; timm's names",
        "parameters": str(parameters), "num_heads": str(config.heads), "layer_norm_eps": str(vit.EPSILON),
        "mean": json.dumps(vit.MEAN), "std": json.dumps(vit.STD), "vtrack.layer": str(layer), "vtrack.pool": pool,
        "training.data": "generated scenes only, no photographs, no other weights",
        "training.steps": str(state["step"]), "training.frames": str(state["samples"]), "training.seconds": str(round(state["seconds"])),
        "training.commit": " ".join(dict.fromkeys(sitting["commit"] for sitting in state["sittings"])),
        "training.sittings": json.dumps(state["sittings"], sort_keys=True),
        "training.config": json.dumps(state["config"], sort_keys=True), "training.config_sha256": config.digest(), "tensors_sha256": digest(kept)}
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    write(beside, kept, metadata)
    size = beside.stat().st_size
    if size > BYTES or parameters > PARAMETERS:
        beside.unlink()
        raise SystemExit(f"{size} bytes and {parameters} parameters: no more than {BYTES} and {PARAMETERS} may ship")
    beside.replace(path)
    return metadata | {"bytes": str(size)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--name", default="vtrack-tiny")
    parser.add_argument("--layer", type=int, required=True, help="block whose tokens are used, counted from 1")
    parser.add_argument("--pool", default="grid3")
    given = parser.parse_args()
    for key, value in export(given.checkpoint, given.path, given.name, given.layer, given.pool).items():
        print(f"{key}: {value}")
