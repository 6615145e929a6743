#!/usr/bin/env python3
"""Recomputes every field of a report's retrieval table, independently, and prints where it differs.

  vtrack run CLIP --boxes gt.txt --classes 1,3 --model W --report report.json --features features.safetensors
  check-report.py report.json --boxes gt.txt --classes 1,3 --features features.safetensors --source CLIP

Boxes, identities and classes come from the ground truth (MOT text, JSON Lines or Scalabel), vectors from the features
file, whose `row` points into the ground truth, colours from the source, decoded again. Without --features the fields
that need vectors must be null; without --source the histogram is not checked. Exit status 1 where anything differs.

Counts must be equal; --slack N allows N queries of a gap to fall otherwise, for near ties of vectors (default 0), and
--histogram-slack (default 0) for colours: PyAV may bring another version of the converter than the system's, and a
near tie then falls otherwise; --ffmpeg takes the pixels from the ffmpeg command instead. The area under the curve may
differ by 1e-4 (pairs at the edge of a bin).

Needs NumPy and SciPy, safetensors for --features, PyAV and Pillow for --source.
"""
import argparse
import configparser
import json
import math
import pathlib
import re
import subprocess
import sys

import numpy as np

import retrieval_reference as reference

BDD = ["pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"]
SCALER = ["bilinear", "accurate_rnd", "full_chroma_int", "full_chroma_inp"]
COUNTED = {"top1", "hungarian", "same_class", "recall5", "mutual_coverage"}


def mot_rows(path):
    """Line number, frame, box, confidence, class and identity of every row."""
    for line, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        fields = [f for f in re.split(r"[,\s]+", text.strip()) if f]
        if len(fields) < 6:
            continue
        values = [float(f) for f in fields]
        yield {"row": line, "frame": int(values[0]), "id": int(values[1]), "box": values[2:6],
               "confidence": values[6] if len(values) > 6 else 1.0, "class": int(values[7]) if len(values) > 7 else 1,
               "truth": len(values) >= 8 and values[1] >= 0 and values[7] >= 1 and values[6] in (0, 1)}


def json_lines_rows(path, rate):
    ordinal = 0
    for text in path.read_text(encoding="utf-8-sig").splitlines():
        if not text.strip():
            continue
        line = json.loads(text)
        for box in line.get("boxes", line.get("tracks", [line] if "box" in line else [])):
            ordinal += 1
            frame = line["frame"] if "frame" in line else round(line["timestamp"] * rate) + 1
            yield {"row": ordinal, "frame": frame, "id": box.get("id"), "box": box["box"],
                   "confidence": box.get("confidence", 1.0), "class": box.get("class", 1), "truth": False}


def scalabel_rows(path):
    document = json.loads(path.read_text())
    ordinal = 0
    for frame in document if isinstance(document, list) else document["frames"]:
        for label in frame.get("labels") or []:
            ordinal += 1
            attributes = {k.lower(): v for k, v in (label.get("attributes") or {}).items()}
            if label["category"] not in BDD or attributes.get("crowd") or "box2d" not in label:
                continue
            b = label["box2d"]
            index = frame["frameIndex"] if frame.get("frameIndex") is not None else frame["index"]
            yield {"row": ordinal, "frame": index + 1, "id": str(label["id"]), "class": BDD.index(label["category"]) + 1,
                   "box": [b["x1"], b["y1"], b["x2"] - b["x1"], b["y2"] - b["y1"]], "confidence": 1.0, "truth": False}


def read_rows(options):
    path = options.boxes
    if path.suffix == ".json":
        return list(scalabel_rows(path))
    if path.suffix in (".jsonl", ".ndjson"):
        return list(json_lines_rows(path, options.fps))
    rows = list(mot_rows(path))
    if all(r["truth"] for r in rows):
        rows = [r for r in rows if r["confidence"] != 0 and (options.classes or r["class"] == 1)]
    for row in rows:
        if row["id"] is not None and row["id"] < 0:
            row["id"] = None
    return rows


def histogram(rgb, x, y, w, h):
    from PIL import Image
    height, width, _ = rgb.shape
    x1, y1, x2, y2 = math.floor(x), math.floor(y), math.floor(x + w), math.floor(y + h)
    x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    x2, y2 = max(min(x2, width), x1 + 1), max(min(y2, height), y1 + 1)
    q = np.asarray(Image.fromarray(rgb[y1:y2, x1:x2]).convert("HSV")).reshape(-1, 3).astype(int) // 32
    n = np.bincount(q[:, 0] * 64 + q[:, 1] * 8 + q[:, 2], minlength=512)
    return np.sqrt(n / n.sum()).astype(np.float32)


def converted(path):
    """RGB frames of a file from the ffmpeg command, with vtrack's scaler flags, by way of planar RGB as vtrack."""
    run = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-vf", "scale=flags=" + "+".join(SCALER) + ",format=gbrp", "-fps_mode", "passthrough",
         "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "-"], stdout=subprocess.PIPE, check=True)
    data, position = run.stdout, 0
    while position < len(data):
        header = re.compile(rb"P6\s(\d+) (\d+)\s255\s").match(data, position)
        width, height = int(header[1]), int(header[2])
        position = header.end()
        yield np.frombuffer(data, np.uint8, width * height * 3, position).reshape(height, width, 3)
        position += width * height * 3


def pictures(options):
    """Number and RGB pixels of every frame, numbered as docs/formats.md says."""
    import av
    from av.video.reformatter import Interpolation
    flags = (Interpolation.BILINEAR | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
             | Interpolation.FULL_CHR_H_INP)

    def rgb(frame, replacement):
        if options.ffmpeg:
            return next(replacement)
        rotation = getattr(frame, "rotation", 0)
        pixels = frame.reformat(format="rgb24", interpolation=flags).to_ndarray()
        return np.ascontiguousarray(np.rot90(pixels, rotation // 90)) if rotation else pixels

    source = options.source
    if source.is_dir():
        folder = source
        if (source / "seqinfo.ini").exists():
            ini = configparser.ConfigParser()
            ini.read(source / "seqinfo.ini")
            folder = source / ini["Sequence"].get("imDir", "img1")
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
        numbers = [int(re.search(r"(\d+)$", p.stem)[1]) for p in files]
        shift = 1 if min(numbers) == 0 else 0
        for number, path in sorted(zip(numbers, files)):
            yield number + shift, rgb(next(av.open(str(path)).decode(video=0)), converted(path))
        return
    container = av.open(str(source))
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    rate = options.fps or float(stream.base_rate)
    number, first, replacement = 0, None, converted(source)
    for frame in container.decode(stream):
        if frame.pts is None or options.frame_numbers == "count":
            number += 1
        else:
            first = frame.pts if first is None else first
            number = max(number + 1, round(float((frame.pts - first) * frame.time_base) * rate) + 1)
        yield number, rgb(frame, replacement)


def sequence(options):
    """The sequence as the study takes it, its boxes in the order of the leak guard."""
    rows = [r for r in read_rows(options) if not options.classes or r["class"] in options.classes]
    rows = [r for r in rows if r["confidence"] >= options.min_confidence]
    vectors = {}
    if options.features:
        from safetensors.numpy import load_file
        tensors = load_file(options.features)
        for index, row in enumerate(tensors["row"].tolist()):
            # The report compares vectors of length 1; the file may have them as they were before that step.
            vector = tensors["features"][index].astype(np.float64)
            length = np.sqrt((vector * vector).sum())
            vectors[row] = (vector / length if length > 0 else vector).astype(np.float32)
        by_row = {r["row"]: r for r in rows}
        for index, (row, frame) in enumerate(zip(tensors["row"].tolist(), tensors["frame"].tolist())):
            if row not in by_row or by_row[row]["frame"] != frame:
                raise SystemExit(f"features: entry {index} says row {row} of frame {frame}, the boxes do not")
        rows = [r for r in rows if r["row"] in vectors]
    frames = {}
    for row in rows:
        frames.setdefault(row["frame"], []).append(row)
    colours = {}
    if options.source:
        for number, rgb in pictures(options):
            for row in frames.get(number, []):
                colours[row["row"]] = histogram(rgb, *row["box"])
        frames = {n: [r for r in f if r["row"] in colours] for n, f in frames.items()}
    output = {}
    for number, members in sorted(frames.items()):
        order = reference.leak_guard_order([(*r["box"], r["class"], r["confidence"]) for r in members])
        members = [members[i] for i in order]
        if members:
            output[number] = {
                "boxes": [r["box"] for r in members], "ids": [r["id"] for r in members],
                "classes": [r["class"] for r in members],
                "vectors": np.stack([vectors[r["row"]] for r in members]) if vectors else None,
                "histograms": np.stack([colours[r["row"]] for r in members]) if colours else None,
            }
    return {"name": str(options.boxes), "rate": options.fps, "frames": output}


def leaves(value):
    return sum(map(leaves, value.values())) if isinstance(value, dict) else 1


def differences(found, wanted, options, queries, path=""):
    for key, expected in wanted.items():
        name = f"{path}{key}"
        if "histogram" in key and not options.source:
            continue
        if name == "delta_seconds" and not options.fps:
            continue
        if key not in found:
            yield name, "missing", expected
            continue
        value = found[key]
        if isinstance(expected, dict):
            yield from differences(value or {}, expected, options, queries, name + ".")
            continue
        if value is None or expected is None or isinstance(expected, list):
            pairs = list(zip(value, expected)) if isinstance(value, list) and isinstance(expected, list) else []
            if not (value is None and expected is None) and not (pairs and all(abs(a - b) < 1e-9 for a, b in pairs)):
                yield name, value, expected
            continue
        tolerance = 1e-9
        if key == "auc":
            tolerance = 1e-4
        elif "histogram" in key:
            tolerance += options.histogram_slack / max(1, queries)
        elif options.slack and key not in ("queries", "delta", "chance", "iou_top1", "centre_top1"):
            # Rates that are not over all queries have a smaller denominator than `queries`.
            tolerance += options.slack / max(1, queries) * (1 if key in COUNTED else 10)
        if abs(value - expected) > tolerance:
            yield name, value, expected


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--boxes", type=pathlib.Path, required=True)
    parser.add_argument("--features", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path)
    parser.add_argument("--fps", type=float)
    parser.add_argument("--frame-numbers", choices=["pts", "count"], default="pts")
    parser.add_argument("--classes", type=lambda text: {int(c) for c in text.split(",")}, default=set())
    parser.add_argument("--min-confidence", type=float, default=-math.inf)
    parser.add_argument("--similarity", choices=["cosine", "l2"], default="cosine")
    parser.add_argument("--ffmpeg", action="store_true", help="pixels from the ffmpeg command: the system's own scaler")
    parser.add_argument("--slack", type=int, default=0)
    parser.add_argument("--histogram-slack", type=int, default=0)
    options = parser.parse_args()

    report = json.loads(options.report.read_text())
    deltas = [entry["delta"] for entry in report["retrieval"]]
    expected = reference.study([sequence(options)], deltas, options.similarity)
    fields, wrong = 0, 0
    for found, wanted in zip(report["retrieval"], expected):
        fields += leaves(wanted)
        for name, value, reference_value in differences(found, wanted, options, wanted["queries"]):
            wrong += 1
            print(f"delta {wanted['delta']:>4}  {name:<40} report {value}  here {reference_value}")
        print(f"delta {wanted['delta']:>4}  {wanted['queries']} queries: " + "  ".join(
            f"{key} {wanted[key]:.4f}" for key in ("top1", "hungarian", "auc", "iou_top1", "histogram_top1")
            if wanted[key] is not None))
    print(f"{fields} fields of {len(deltas)} gaps compared, {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
