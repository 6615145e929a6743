#!/usr/bin/env python3
"""Writes Tests/Fixtures/metrics.json: small random sequences and what TrackEval and py-motmetrics make of them.

  python3 scripts/make-golden-metrics.py [--cases N] [--seed S] [OUTPUT]

Needs numpy, scipy, trackeval 1.3.0 and motmetrics 1.4.0 (with pandas). A frame has the identities of true boxes (`t`)
and of the tracker's (`r`) and their overlaps row by row (`s`). The sequences are there for what goes wrong: sides
without boxes, frames without boxes, overlaps of few decimals so that assignments tie, doubled boxes, switches,
fragments, frames wide enough for each of NumPy's ways of adding.

A case with `columnMajor` was given to TrackEval with matrices that lie column by column, as its BDD100K reader leaves
them. `expected` has TrackEval's fields (HOTA, CLEAR, Identity, VACE, Count), `server` those of scalabel's evaluation over
py-motmetrics, which is made to use SciPy's assignment whatever else is installed. Groups have members combined as
sequences and as classes. What is not a number is written as a text.
"""
import argparse
import json
import math
import pathlib

import motmetrics
import numpy as np
from trackeval import metrics as trackeval_metrics

motmetrics.lap.default_solver = "scipy"

METRICS = {
    "HOTA": trackeval_metrics.HOTA(),
    "CLEAR": trackeval_metrics.CLEAR({"PRINT_CONFIG": False}),
    "Identity": trackeval_metrics.Identity({"PRINT_CONFIG": False}),
    "VACE": trackeval_metrics.VACE(),
    "Count": trackeval_metrics.Count(),
}
SERVER = {
    "mota": "MOTA", "motp": "MOTP", "idf1": "IDF1", "num_false_positives": "FP", "num_misses": "FN",
    "num_switches": "IDSw", "mostly_tracked": "MT", "partially_tracked": "PT", "mostly_lost": "ML",
    "num_fragmentations": "FM",
}


def dense(frames):
    """Renumbers identities from 0 without gaps, as preprocessing does."""
    numbers = [{n: i for i, n in enumerate(sorted({x for f in frames for x in f[side]}))} for side in (0, 1)]
    return [([numbers[0][x] for x in t], [numbers[1][x] for x in r], s) for t, r, s in frames]


def coarse(generator, length, objects, tracks, step, density, presence=0.8):
    """Overlaps drawn anew in each frame, multiples of `step`: nearly every assignment ties."""
    frames = []
    for _ in range(length):
        t = [int(x) for x in generator.permutation(objects) if generator.random() < presence]
        r = [int(x) for x in generator.permutation(tracks) if generator.random() < presence]
        s = generator.integers(0, round(1 / step) + 1, (len(t), len(r))) * step
        s = np.round(s * (generator.random(s.shape) < density), 4)
        frames.append((t, r, s))
    return dense(frames)


def iou(a, b):
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    both = np.maximum(high - low, 0).prod(2)
    return both / (a[:, 2:].prod(1)[:, None] + b[:, 2:].prod(1)[None, :] - both)


def moving(generator, length, objects, spread, noise, lost=0.1, empty=0.05, switch=0.05, doubled=0.1, decimals=3):
    """Boxes that move; the tracker's follow them with noise, get lost, swap numbers and are doubled."""
    place = generator.uniform(0, spread, (objects, 2))
    size = generator.uniform(20, 40, (objects, 2))
    number = {o: o for o in range(objects)}
    following = objects
    frames = []
    for _ in range(length):
        place = place + generator.normal(0, 3, place.shape)
        t = [int(o) for o in generator.permutation(objects) if generator.random() < 0.9]
        r, boxes = [], []
        for o in t:
            if generator.random() < switch:
                if generator.random() < 0.5:
                    other = int(generator.integers(objects))
                    number[o], number[other] = number[other], number[o]
                else:
                    number[o], following = following, following + 1
            if generator.random() < lost:
                continue
            box = np.concatenate([place[o], size[o]]) + generator.normal(0, noise, 4)
            r.append(number[o])
            boxes.append(box)
            if generator.random() < doubled:
                r.append(10000 + o)
                boxes.append(box)
        while generator.random() < 0.3:
            r.append(20000 + int(generator.integers(3 * objects)))
            boxes.append(np.concatenate([generator.uniform(0, spread, 2), generator.uniform(20, 40, 2)]))
        keep = [i for i, n in enumerate(r) if n not in r[:i]]
        r, boxes = [r[i] for i in keep], [boxes[i] for i in keep]
        if generator.random() < empty:
            t = []
        if generator.random() < empty:
            r, boxes = [], []
        a = np.concatenate([place[t], size[t]], 1) if t else np.zeros((0, 4))
        b = np.array(boxes) if r else np.zeros((0, 4))
        frames.append((t, r, np.round(iou(a, b), decimals)))
    return dense(frames)


def wide(generator, length, objects, tracks):
    """Frames with more boxes on one side than NumPy adds in one go."""
    frames = []
    for _ in range(length):
        t, r = list(range(objects)), list(range(tracks))
        s = np.zeros((objects, tracks))
        cells = generator.integers(0, s.size, s.size // 12)
        s.ravel()[cells] = np.round(generator.random(len(cells)), 2)
        frames.append((t, r, s))
    return dense(frames)


def sequences(generator, count):
    none = np.zeros((0, 0))
    yield "no frames", []
    yield "frames without boxes", [([], [], none)] * 3
    yield "no truth", [([], [0, 1], np.zeros((0, 2))), ([], [], none), ([], [1], np.zeros((0, 1)))]
    yield "no result", [([0, 1], [], np.zeros((2, 0))), ([], [], none), ([1], [], np.zeros((1, 0)))]
    yield "one pair", [([0], [0], np.array([[0.5]]))]
    yield "no overlap", [([0], [0], np.array([[0.0]]))] * 2
    yield "never together", [([0], [], np.zeros((1, 0))), ([], [0], np.zeros((0, 1)))]
    yield "thresholds", [([0], [0], np.array([[0.05 + k * 0.05]])) for k in range(19)]
    yield "just below", [([0], [0], np.array([[np.nextafter(0.05 + k * 0.05, 0)]])) for k in range(19)]
    gap = ([], [0], np.zeros((0, 1)))
    hit, miss = ([0], [0], np.array([[0.9]])), ([0], [0], np.array([[0.1]]))
    yield "gap keeps the memory", [hit, gap, hit, miss, gap, hit, ([0], [1], np.array([[0.8]]))]
    yield "four fifths", [hit] * 4 + [miss]
    yield "one fifth", [miss] * 4 + [hit]
    yield "perfect", [(f[0], f[0], np.eye(len(f[0]))) for f in moving(generator, 6, 4, 90, 0)]
    yield "wide", wide(generator, 2, 4, 140)
    yield "tall", wide(generator, 2, 150, 3)
    yield "one column", coarse(generator, 6, 12, 1, 0.1, 1)
    kinds = [
        lambda g: coarse(g, 6, 4, 4, 0.1, 1),
        lambda g: coarse(g, 5, 9, 6, 0.05, 0.5),
        lambda g: coarse(g, 5, 5, 10, 0.25, 0.5),
        lambda g: coarse(g, 3, 14, 17, 0.01, 0.3),
        lambda g: moving(g, 14, 5, 90, 2),
        lambda g: moving(g, 10, 9, 60, 4),
        lambda g: moving(g, 20, 3, 60, 6, lost=0.3, empty=0.2),
        lambda g: moving(g, 12, 6, 70, 0, doubled=0.6, decimals=2),
    ]
    for index in range(count):
        frames = kinds[index % len(kinds)](generator)
        if index // len(kinds) % 2:
            frames = [(t, r, np.asfortranarray(s)) for t, r, s in frames]
        yield f"random {index}", frames


def plain(value):
    value = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        return int(value) if value == int(value) else value
    return value


def fields(results):
    flat = {}
    for name, metric in METRICS.items():
        for field in metric.fields:
            value = results[name][field] if results[name] is not None else math.nan
            if np.ndim(value) == 0 and name == "HOTA" and "(0)" not in field:
                value = np.full(19, value)  # sums and means over no classes
            flat[field] = plain(value)
    return flat


def evaluate(frames):
    objects = 1 + max((x for f in frames for x in f[0]), default=-1)
    tracks = 1 + max((x for f in frames for x in f[1]), default=-1)
    data = {
        "gt_ids": [np.array(t, int) for t, _, _ in frames],
        "tracker_ids": [np.array(r, int) for _, r, _ in frames],
        "similarity_scores": [s for _, _, s in frames],
        "num_gt_ids": objects,
        "num_tracker_ids": tracks,
        "num_gt_dets": sum(len(t) for t, _, _ in frames),
        "num_tracker_dets": sum(len(r) for _, r, _ in frames),
        "num_timesteps": len(frames),
    }
    results = {}
    for name, metric in METRICS.items():
        try:
            results[name] = metric.eval_sequence(data)
        except ZeroDivisionError:  # VACE without any box
            results[name] = {"STDA": 0, "FDA": 0, "VACE_IDs": 0, "VACE_GT_IDs": 0, "num_non_empty_timesteps": 0,
                             "ATA": math.nan, "SFDA": math.nan}
    return data, results


def accumulate(frames):
    accumulator = motmetrics.MOTAccumulator(auto_id=True)
    for t, r, s in frames:
        distance = 1 - s
        if len(t) + len(r):
            accumulator.update(t, r, np.where(distance > 0.5, np.nan, distance))
    return accumulator


def server(accumulators):
    """One class as scalabel's evaluate_single_class has it, shares from 0 to 1."""
    host = motmetrics.metrics.create()
    used = [a for a in accumulators if len(a._events["Type"])]
    options = {"names": [str(i) for i in range(len(used))], "generate_overall": True}
    summary = host.compute_many(used, metrics=list(SERVER), **options)
    scores = {SERVER[key]: value["OVERALL"] for key, value in summary.to_dict().items()}
    if np.isnan(scores["MOTP"]):
        found = host.compute_many(used, metrics=["num_detections"], **options)
        total = (summary["motp"] * found["num_detections"]).sum()
        scores["MOTP"] = motmetrics.math_util.quiet_divide(total, found["num_detections"]["OVERALL"])
    scores["MOTP"] = 1 - scores["MOTP"]
    return scores


def average(classes):
    """Scalabel's AVERAGE: what is not finite counts as 0."""
    result = {}
    for key in SERVER.values():
        values = np.nan_to_num([c[key] for c in classes], nan=0, posinf=0, neginf=0)
        result[key] = values.mean() if key in ("MOTA", "MOTP", "IDF1") else int(values.sum())
    return result


def shortened(scores):
    return {key: plain(value) for key, value in scores.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=24)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("output", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    output = options.output or pathlib.Path(__file__).parent.parent / "Tests/Fixtures/metrics.json"
    generator = np.random.default_rng(options.seed)

    cases, results, accumulators = [], [], []
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, frames in sequences(generator, options.cases):
            data, result = evaluate(frames)
            accumulator = accumulate(frames)
            results.append(result)
            accumulators.append(accumulator)
            cases.append({
                "name": name, "objects": data["num_gt_ids"], "tracks": data["num_tracker_ids"],
                "columnMajor": any(not s.flags.c_contiguous for _, _, s in frames),
                "frames": [{"t": t, "r": r, "s": plain(s.ravel())} for t, r, s in frames],
                "expected": fields(result), "server": shortened(server([accumulator])),
            })
        groups = []
        for members in ([4, 9, 12], [0, 1], [1, 2, 3, 16, 17, 20], [5, 2, 12, 13, 18, 19, 20, 21], [18]):
            parts = {name: {str(i): results[i][name] for i in members} for name in METRICS}
            one = [server([accumulators[i]]) for i in members]
            group = {"members": members, "server": {
                "combined": shortened(server([accumulators[i] for i in members])), "averaged": shortened(average(one))}}
            for key, combine in {
                "combined": lambda m, p: m.combine_sequences(p),
                "detectionAveraged": lambda m, p: m.combine_classes_det_averaged(p),
                "classAveraged": lambda m, p: m.combine_classes_class_averaged(p),
                "nonEmptyAveraged": lambda m, p: m.combine_classes_class_averaged(p, ignore_empty_classes=True),
            }.items():
                combined = {}
                for name, metric in METRICS.items():
                    try:
                        combined[name] = combine(metric, parts[name])
                        if name == "VACE" and key == "detectionAveraged":
                            # TrackEval drops the sums there, and with them its own columns.
                            combined[name] = {**metric.combine_sequences(parts[name]), **combined[name]}
                    except ZeroDivisionError:
                        combined[name] = {**evaluate([])[1]["VACE"]}
                group[key] = fields(combined)
            groups.append(group)
    output.write_text(json.dumps({"cases": cases, "groups": groups}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
