#!/usr/bin/env python3
"""What the model that ships finds on clips it was never trained or tuned on, beside baselines, in one table.

  scripts/check-default-model.py VTRACK PEERS DATA [--model FILE] [--markdown]

VTRACK: the binary. PEERS: the folder with oracle.py, a plain PyTorch program for tiling, pooling and the baselines that is not part of
this project, so that two rows are independent of it. DATA: the folder with mot17/, bdd100k/ and weights/.
Needs torch, timm, torchvision, safetensors, Pillow and NumPy. Takes two minutes on two cores.

Top-1 retrieval at gaps of 1, 2 and 4 frames on MOT17-05, MOT17-10 and the BDD100K clip: nine rows, 527 queries. By the program:
the model as its metadata asks (f32, bf16, int8), random weights of its architecture with the same layer and pooling, DeiT-Tiny,
and IoU; by oracle.py: colour histograms, and the model once more in plain PyTorch.
Exits 1 unless the model is above random weights in every row (or right in all, where they are too), at 446 (the colour histogram) or more
in sum, faster per tile than DeiT-Tiny in every precision, and bf16 and int8 are within 2 queries of f32 in every row.
"""
import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import torch

import shipped_model

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("vtrack")
parser.add_argument("peers", type=pathlib.Path)
parser.add_argument("data", type=pathlib.Path)
parser.add_argument("--model", type=pathlib.Path, default=shipped_model.PATH)
parser.add_argument("--markdown", action="store_true", help="print the table as docs/default-model.md has it")
arguments = parser.parse_args()

spec = importlib.util.spec_from_file_location("oracle", arguments.peers / "oracle.py")
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)

BDD = "b1c66a42-6f7d68ca"
CLIPS = {
    "MOT17-05": (arguments.data / "mot17/MOT17-05-FRCNN", arguments.data / "mot17/MOT17-05-FRCNN/gt/gt.txt", "1"),
    "MOT17-10": (arguments.data / "mot17/MOT17-10-FRCNN", arguments.data / "mot17/MOT17-10-FRCNN/gt/gt.txt", "1"),
    "BDD100K": (arguments.data / f"bdd100k/images/track/val/{BDD}", arguments.data / f"bdd100k/labels/box_track_20/val/{BDD}.json", None),
}
DELTAS = [1, 2, 4]
# What the model must reach at least: what colour histograms find.
HISTOGRAM = 446


def report(clip, model, *extra):
    """The report of one run of the program."""
    source, boxes, classes = CLIPS[clip]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "report.json")
        subprocess.run(
            [arguments.vtrack, "run", source, "--boxes", boxes, "--model", model, "--deltas", ",".join(map(str, DELTAS)), "--out", "/dev/null",
             "--report", path, "--quiet", *(["--classes", classes] if classes else []), *extra],
            check=True, stdout=subprocess.DEVNULL)
        return json.loads(path.read_text())


def rows(model, *extra):
    """The nine rows of retrieval."""
    return [row for clip in CLIPS for row in report(clip, model, *extra)["retrieval"]]


def correct(found, figure="top1"):
    """Correct queries of the nine rows."""
    return [round(row["queries"] * (row[figure] or 0)) for row in found]


def by_program(model, *extra):
    """Correct queries of the nine rows of one model."""
    return correct(rows(model, *extra))


def by_oracle(features):
    """Correct queries of the nine rows of features(rgb, boxes), in plain PyTorch."""
    found = []
    for source, boxes, classes in CLIPS.values():
        truth = oracle.boxes(boxes, {int(classes)} if classes else set(), 0.5)
        vectors, ids, kinds = {}, {}, {}
        for number, rgb in oracle.frames(source):
            if number in truth:
                vectors[number], ids[number] = features(rgb, truth[number]), [box[0] for box in truth[number]]
                kinds[number] = [box[5] for box in truth[number]]
        by_delta = oracle.retrieval(vectors, ids, kinds, DELTAS)
        found += [by_delta[delta]["correct"] for delta in DELTAS]
    return found


def embedder():
    """oracle.py's own tiling and pooling around the network that ships, in plain PyTorch."""
    facts, (mean, std) = shipped_model.metadata(arguments.model), shipped_model.pixel_statistics(arguments.model)
    found = oracle.Embedder("vit_tiny_patch16_224", None, mean, std, int(facts["vtrack.layer"]), facts["vtrack.pool"])
    found.m = shipped_model.network(arguments.model)
    found.side, found.patch = found.m.patch_embed.img_size[0], found.m.patch_embed.patch_size[0]
    return found


def untrained(seed):
    """Correct queries of the nine rows with random weights (timm's initial ones) of the same architecture."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "random.safetensors")
        shipped_model.save_like(shipped_model.network(arguments.model, seed), path, arguments.model)
        return by_program(path)


def milliseconds(model, precision):
    """The best time for a tile, of a batch of sixteen."""
    command = [arguments.vtrack, "bench", "--batch", "16", "--rounds", "5", "--json", "--precision", precision, "--model", model]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)["results"][0]["best_ms"]


torch.set_num_threads(2)
metadata = shipped_model.metadata(arguments.model)
deit = arguments.data / "weights/deit_tiny_patch16_224.safetensors"
name = arguments.model.stem
supervised = rows(deit)
queries = [row["queries"] for row in supervised]
table = {"queries": queries}
table[f"{name} (layer {metadata['vtrack.layer']}, {metadata['vtrack.pool']})"] = own = by_program(arguments.model)
table[f"{name}, bf16"] = by_program(arguments.model, "--precision", "bf16")
table[f"{name}, int8"] = by_program(arguments.model, "--precision", "int8")
table[f"{name} in PyTorch"] = by_oracle(embedder().pool)
chance = [untrained(seed) for seed in range(3)]
for seed, row in enumerate(chance):
    table[f"random weights, seed {seed}"] = row
table["colour histogram"] = by_oracle(
    lambda rgb, boxes: torch.tensor(np.stack([oracle.histogram(rgb, box[1:5]) for box in boxes])).float())
table["IoU"] = correct(supervised, "iou_top1")
table["DeiT-Tiny, last block, mean"] = correct(supervised)
table["DeiT-Tiny, block 3, 3×3 grid"] = by_program(deit, "--layer", "3", "--pool", "grid3")

heads = [f"{clip} Δ{delta}" for clip in CLIPS for delta in DELTAS]
if arguments.markdown:
    print("| feature | " + " | ".join(heads) + " | sum |\n|---|" + "---|" * (len(heads) + 1))
    for label, row in table.items():
        print(f"| {label} | " + " | ".join(map(str, row)) + f" | {sum(row)} |")
else:
    print(f"{'':36}" + "".join(f"{head:>13}" for head in heads) + "    sum")
    for label, row in table.items():
        print(f"{label:36}" + "".join(f"{value:13}" for value in row) + f"{sum(row):7}")

failures = []
for number, head in enumerate(heads):
    for row in chance:
        if own[number] < row[number] or own[number] == row[number] < queries[number]:
            failures.append(f"{head}: {own[number]} is not above random weights ({row[number]})")
    for precision in ("bf16", "int8"):
        if abs(table[f"{name}, {precision}"][number] - own[number]) > 2:
            failures.append(f"{head}: {precision} is more than 2 from f32")
if sum(own) < HISTOGRAM:
    failures.append(f"{sum(own)} of {sum(queries)} is below the colour histogram's {HISTOGRAM}")
print("\nmilliseconds a tile, medians of five turns")
for precision in ("f32", "bf16", "int8"):
    turns = [(milliseconds(arguments.model, precision), milliseconds(deit, precision)) for _ in range(5)]
    mine, theirs = (statistics.median(column) for column in zip(*turns))
    print(f"{precision:5} {name} {mine:.2f}, DeiT-Tiny {theirs:.2f}")
    if mine >= theirs:
        failures.append(f"{precision}: not faster than DeiT-Tiny")
print("\n".join(failures) if failures else "all bounds met")
sys.exit(bool(failures))
