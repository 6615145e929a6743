#!/usr/bin/env python3
"""What bf16 and int8 change: retrieval counts, tracks and their HOTA against f32, on three clips with DeiT-Tiny.

  scripts/check-precision.py VTRACK DATA [--isa AVX2]

VTRACK: the binary. DATA: the folder with mot17/, bdd100k/ and weights/. Needs NumPy, and trackeval for HOTA.
Allowed are one query more or less a cell for bf16 and two for int8; tracks equal to f32's for bf16, HOTA within 0.2
for int8. With --isa every run has ONEDNN_MAX_CPU_ISA set and must give f32's counts of the processor as it is.
Exits 1 if a figure is outside its bound."""
import argparse, json, os, pathlib, subprocess, sys, tempfile

import numpy as np

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("vtrack")
parser.add_argument("data", type=pathlib.Path)
parser.add_argument("--isa")
arguments = parser.parse_args()
data, video = arguments.data, "b1c66a42-6f7d68ca"
bdd = data / "bdd100k"
labels = next(p for p in sorted(bdd.rglob("*.json")) if video in p.name)
clips = {
    "MOT17-05": (data / "mot17/MOT17-05-FRCNN", data / "mot17/MOT17-05-FRCNN/gt/gt.txt"),
    "MOT17-10": (data / "mot17/MOT17-10-FRCNN", data / "mot17/MOT17-10-FRCNN/gt/gt.txt"),
    "BDD": (next(bdd.rglob(video)), labels),
}
choices = {"last block, mean": [], "block 3, 3x3 grid": ["--layer", "3", "--pool", "grid3"]}
bounds = {"f32": 0, "bf16": 1, "int8": 2}
failed = False


def run(source, boxes, precision, extra, isa=None):
    with tempfile.TemporaryDirectory() as folder:
        tracks, report = pathlib.Path(folder, "tracks.txt"), pathlib.Path(folder, "report.json")
        subprocess.run(
            [arguments.vtrack, "run", source, "--boxes", boxes, "--model", data / "weights/deit_tiny_patch16_224.safetensors",
             "--precision", precision, "--deltas", "1,2,4", "--out", tracks, "--report", report, "--quiet", *extra],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | ({"ONEDNN_MAX_CPU_ISA": isa} if isa else {}))
        return json.loads(report.read_text()), tracks.read_text()


def correct(report):
    return [round(row["queries"] * (row["top1"] or 0)) for row in report["retrieval"]]


def rows(text):
    """Frame -> (ids, boxes) of MOT rows."""
    frames = {}
    for line in text.splitlines():
        values = [float(v) for v in line.split(",")]
        frames.setdefault(int(values[0]), []).append(values[1:6])
    return {frame: (np.array(r)[:, 0].astype(int), np.array(r)[:, 1:]) for frame, r in frames.items()}


def hota(tracks, truth):
    """HOTA in percent by TrackEval; truth and tracks as `rows` gives them."""
    import trackeval

    def numbers(ids):
        return {value: index for index, value in enumerate(sorted({int(i) for v in ids.values() for i in v[0]}))}

    gt_numbers, number = numbers(truth), numbers(tracks)
    sequence = {"gt_ids": [], "tracker_ids": [], "similarity_scores": []}
    for frame in sorted(set(truth) | set(tracks)):
        gt_ids, gt_boxes = truth.get(frame, (np.zeros(0, int), np.zeros((0, 4))))
        ids, boxes = tracks.get(frame, (np.zeros(0, int), np.zeros((0, 4))))
        low = np.maximum(gt_boxes[:, None, :2], boxes[None, :, :2])
        high = np.minimum(gt_boxes[:, None, :2] + gt_boxes[:, None, 2:], boxes[None, :, :2] + boxes[None, :, 2:])
        inner = np.clip(high - low, 0, None).prod(2)
        union = gt_boxes[:, 2:].prod(1)[:, None] + boxes[:, 2:].prod(1)[None] - inner
        sequence["gt_ids"].append(np.array([gt_numbers[int(i)] for i in gt_ids], int))
        sequence["tracker_ids"].append(np.array([number[int(i)] for i in ids], int))
        sequence["similarity_scores"].append(inner / union)
    sequence |= {
        "num_timesteps": len(sequence["gt_ids"]), "num_gt_ids": len(gt_numbers), "num_tracker_ids": len(number),
        "num_gt_dets": sum(map(len, sequence["gt_ids"])), "num_tracker_dets": sum(map(len, sequence["tracker_ids"]))}
    return 100 * float(np.mean(trackeval.metrics.HOTA().eval_sequence(sequence)["HOTA"]))


def truth_of(boxes, tracks):
    """The identities behind the boxes that were tracked: ground truth in, so every box has one."""
    if str(boxes).endswith(".txt"):
        kept = [l for l in open(boxes) if float(l.split(",")[6]) != 0 and int(float(l.split(",")[7])) == 1]
        present = set(tracks)
        return {frame: value for frame, value in rows("".join(kept)).items() if frame in present}
    names = ["pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"]
    document, frames, ids = json.load(open(boxes)), {}, {}
    for frame in document if isinstance(document, list) else document["frames"]:
        found = []
        for label in frame["labels"] or []:
            if label["category"] in names and not (label.get("attributes") or {}).get("crowd", False):
                b = label["box2d"]
                found.append([ids.setdefault(label["id"], len(ids) + 1), b["x1"], b["y1"], b["x2"] - b["x1"], b["y2"] - b["y1"]])
        if found and frame["frameIndex"] + 1 in tracks:
            table = np.array(found)
            frames[frame["frameIndex"] + 1] = (table[:, 0].astype(int), table[:, 1:])
    return frames


print(f"{'clip':10s} {'feature':18s} {'asked':6s} {'ran':5s} {'correct at 1 2 4':18s} {'off':>4s} {'tracks':>7s} {'HOTA':>8s}")
for name, (source, boxes) in clips.items():
    for choice, extra in choices.items():
        reference, reference_tracks = run(source, boxes, "f32", extra)
        truth = truth_of(boxes, rows(reference_tracks))
        exact = hota(rows(reference_tracks), truth)
        for precision in bounds:
            report, tracks = run(source, boxes, precision, extra, arguments.isa)
            off = max(abs(a - b) for a, b in zip(correct(report), correct(reference)))
            same = tracks == reference_tracks
            score = exact if same else hota(rows(tracks), truth)
            ran = report["model"]["precision"]
            ok = off <= bounds[ran] and (same or (ran == "int8" and abs(score - exact) <= 0.2))
            failed |= not ok
            print(f"{name:10s} {choice:18s} {precision:6s} {ran:5s} {' '.join(map(str, correct(report))):18s} {off:4d} "
                  f"{'same' if same else 'differ':>7s} {score:8.3f} {'' if ok else 'FAILED'}", flush=True)
sys.exit(failed)
