#!/usr/bin/env python3
"""Compares vtrack's vectors and retrieval with an independent PyTorch implementation (oracle.py), frame by frame.

  scripts/check-parity.py VTRACK PEERS DATA

VTRACK: the binary. PEERS: the folder with oracle.py. DATA: the folder with mot17/, video/ and weights/.
Needs torch, timm, torchvision, safetensors, Pillow, PyAV and NumPy.

(a) PNG crops of 672×448 pixels from MOT17-10, where tiling `fit` needs no resize: every vector within a relative
    error of 1e-4, for the last block by mean and for block 3 by 3×3 grid.
(b) MOT17-05, MOT17-10 and a video, where swscale resizes differently from PyTorch: cosine median ≥ 0.9985, minimum
    ≥ 0.995, the same queries, top-1 counts at gaps 1, 2, 4 within 2.
Exits 1 if a figure is outside its bound.
"""
import importlib.util, json, pathlib, subprocess, sys, tempfile

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import load_file

VTRACK, PEERS, DATA = map(pathlib.Path, sys.argv[1:4])
spec = importlib.util.spec_from_file_location("oracle", PEERS / "oracle.py")
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
WEIGHTS = DATA / "weights/deit_tiny_patch16_224.safetensors"
CHOICES = [("last block, mean", None, "mean"), ("block 3, 3x3 grid", 3, "grid3")]
DELTAS = [1, 2, 4]
failed = False


def verdict(ok):
    global failed
    failed |= not ok
    return "ok" if ok else "FAILED"


def vtrack(source, boxes, layer, pool, folder):
    """Runs vtrack; returns (features by (frame, row), report)."""
    features, report = folder / "features.safetensors", folder / "report.json"
    command = [str(VTRACK), "run", str(source), "--boxes", str(boxes), "--model", str(WEIGHTS), "--pool", pool,
               "--deltas", ",".join(map(str, DELTAS)), "--out", str(folder / "tracks.txt"),
               "--features", str(features), "--report", str(report), "--quiet"]
    if layer is not None:
        command += ["--layer", str(layer)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return load_file(features), json.loads(report.read_text())


def reference(source, boxes, layer, pool):
    """The same from PyTorch: {frame: (identities, vectors)} and retrieval."""
    embedder = oracle.Embedder("vit_tiny_patch16_224", str(WEIGHTS), layer=layer, pool=pool)
    by_frame = oracle.boxes(boxes, {1}, 0.5)
    vectors, identities, classes = {}, {}, {}
    for number, rgb in oracle.frames(source):
        if number in by_frame:
            vectors[number] = embedder.pool(rgb, by_frame[number])
            identities[number] = [b[0] for b in by_frame[number]]
            classes[number] = [b[5] for b in by_frame[number]]
    return vectors, identities, oracle.retrieval(vectors, identities, classes, DELTAS)


def pairs(ours, vectors, identities):
    """Our row and the reference's row of every box, matched by frame and identity."""
    mine = {(int(f), int(i)): v for f, i, v in zip(ours["frame"], ours["id"], ours["features"])}
    left, right = [], []
    for number, ids in identities.items():
        for identity, vector in zip(ids, vectors[number].numpy()):
            left.append(mine.pop((number, int(identity))))
            right.append(vector)
    assert not mine, f"{len(mine)} boxes that the reference does not have"
    return np.array(left, np.float64), np.array(right, np.float64)


def crops(folder):
    """A MOT sequence of PNG crops with the boxes that lie at least half inside."""
    source = DATA / "mot17/MOT17-10-FRCNN"
    left, top, width, height = 620, 320, 672, 448
    (folder / "img1").mkdir(parents=True)
    (folder / "gt").mkdir()
    numbers = []
    for path in sorted((source / "img1").iterdir()):
        Image.open(path).convert("RGB").crop((left, top, left + width, top + height)).save(folder / "img1" / f"{path.stem}.png")
        numbers.append(int(path.stem))
    rows = []
    for line in (source / "gt/gt.txt").read_text().split():
        v = line.split(",")
        frame, x, y, w, h = int(v[0]), *(float(t) for t in v[2:6])
        inside = max(0, min(x + w, left + width) - max(x, left)) * max(0, min(y + h, top + height) - max(y, top))
        if frame in numbers and inside >= 0.5 * w * h:
            rows.append(f"{frame},{v[1]},{x - left},{y - top},{w},{h},{v[6]},{v[7]},{v[8]}")
    (folder / "gt/gt.txt").write_text("\n".join(rows) + "\n")
    (folder / "seqinfo.ini").write_text("[Sequence]\nname=crops\nimDir=img1\nframeRate=30\n"
                                        f"seqLength={len(numbers)}\nimWidth={width}\nimHeight={height}\nimExt=.png\n")
    return folder


with tempfile.TemporaryDirectory() as temporary:
    temporary = pathlib.Path(temporary)
    sequence = crops(temporary / "crops")
    for name, layer, pool in CHOICES:
        ours, _ = vtrack(sequence, sequence / "gt/gt.txt", layer, pool, temporary)
        vectors, identities, _ = reference(sequence, sequence / "gt/gt.txt", layer, pool)
        a, b = pairs(ours, vectors, identities)
        error = np.linalg.norm(a - b, axis=1) / np.linalg.norm(b, axis=1)
        print(f"(a) crops, {name}: {len(a)} boxes, relative error max {error.max():.2e} {verdict(error.max() <= 1e-4)}")
    for source, boxes in [(DATA / "mot17/MOT17-05-FRCNN", None), (DATA / "mot17/MOT17-10-FRCNN", None),
                          (DATA / "video/MOT17-04_frames1-8.mp4", DATA / "video/MOT17-04_frames1-8.gt.txt")]:
        boxes = boxes or source / "gt/gt.txt"
        for name, layer, pool in CHOICES:
            ours, report = vtrack(source, boxes, layer, pool, temporary)
            vectors, identities, retrieval = reference(source, boxes, layer, pool)
            a, b = pairs(ours, vectors, identities)
            cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
            ok = np.median(cosine) >= 0.9985 and cosine.min() >= 0.995
            print(f"(b) {source.name}, {name}: {len(a)} boxes, cosine median {np.median(cosine):.5f} "
                  f"min {cosine.min():.5f} {verdict(ok)}")
            for row in report["retrieval"]:
                want = retrieval[row["delta"]]
                got = round((row["top1"] or 0) * row["queries"])
                ok = row["queries"] == want["pairs"] and abs(got - want["correct"]) <= 2
                print(f"    gap {row['delta']}: {got}/{row['queries']}, reference {want['correct']}/{want['pairs']} {verdict(ok)}")
sys.exit(1 if failed else 0)
