#!/usr/bin/env python3
"""Compares vtrack's vectors and retrieval with an independent PyTorch implementation (oracle.py), frame by frame.

  scripts/check-parity.py VTRACK PEERS DATA

VTRACK: the binary. PEERS: the folder with oracle.py. DATA: the folder with mot17/, video/ and weights/.
Needs torch, timm, torchvision, safetensors, Pillow, PyAV and NumPy.

(a) PNG crops of 672×448 pixels from MOT17-10, where tiling `fit` needs no resize: every vector within a relative
    error of 1e-4, for the last block by mean and for block 3 by 3×3 grid.
(b) MOT17-05, MOT17-10 and a video, where swscale resizes differently from PyTorch: cosine median ≥ 0.9985, minimum
    ≥ 0.995, the same queries, top-1 counts at gaps 1, 2, 4 within 2.
    PyAV's rgb24, which the reference reads videos with, is up to 1.5 levels darker than BT.601 asks for, since its
    quick conversion truncates; the bias is printed. So videos are compared a second time with a reference whose pixels
    are converted here in floating point, and that comparison counts.
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


def exact_frames(path):
    """(number, RGB) of a yuv420p video, converted in floating point: BT.601, limited range, bilinear chroma."""
    import av
    for index, frame in enumerate(av.open(str(path)).decode(video=0)):
        planes = frame.to_ndarray(format="yuv420p").astype(np.float64)
        h, w = frame.height, frame.width
        luma = 255 / 219 * (planes[:h] - 16)
        halves = [planes[h:h + h // 4], planes[h + h // 4:]]
        u, v = (torch.nn.functional.interpolate(torch.from_numpy(p.reshape(1, 1, h // 2, w // 2)), (h, w),
                                                mode="bilinear")[0, 0].numpy() - 128 for p in halves)
        rgb = np.stack([luma + 1.596027 * v, luma - 0.391762 * u - 0.812968 * v, luma + 2.017232 * u], -1)
        rgb = np.clip(np.round(rgb), 0, 255).astype(np.uint8)
        if index == 0:
            bias = (frame.to_ndarray(format="rgb24").astype(float) - rgb).mean((0, 1))
            print(f"    PyAV's rgb24 minus the exact conversion, mean R G B: {bias.round(2)}")
        yield index + 1, rgb


def reference(source, boxes, layer, pool, frames=oracle.frames):
    """The same from PyTorch: {frame: (identities, vectors)} and retrieval."""
    embedder = oracle.Embedder("vit_tiny_patch16_224", str(WEIGHTS), layer=layer, pool=pool)
    by_frame = oracle.boxes(boxes, {1}, 0.5)
    vectors, identities, classes = {}, {}, {}
    for number, rgb in frames(source):
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
            references = [("reference", vectors)]
            if source.suffix == ".mp4":
                references.append(("exact pixels", reference(source, boxes, layer, pool, exact_frames)[0]))
            for what, vectors in references:
                a, b = pairs(ours, vectors, identities)
                cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
                ok = np.median(cosine) >= 0.9985 and cosine.min() >= 0.995
                counts = what == references[-1][0]
                print(f"(b) {source.name}, {name}, {what}: {len(a)} boxes, cosine median {np.median(cosine):.5f} "
                      f"min {cosine.min():.5f} {verdict(ok) if counts else 'ok' if ok else 'outside'}")
            for row in report["retrieval"]:
                want = retrieval[row["delta"]]
                got = round((row["top1"] or 0) * row["queries"])
                ok = row["queries"] == want["pairs"] and abs(got - want["correct"]) <= 2
                print(f"    gap {row['delta']}: {got}/{row['queries']}, reference {want['correct']}/{want['pairs']} {verdict(ok)}")
sys.exit(1 if failed else 0)
