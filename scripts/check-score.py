#!/usr/bin/env python3
"""Compares `vtrack score` with TrackEval on generated ground truths and results.

    python3 scripts/check-score.py [--vtrack .build/release/vtrack] [--rounds 3] [--seed 1] [--keep FOLDER]
    python3 scripts/check-score.py --golden Tests/Fixtures/score.json     writes inputs and TrackEval's figures for the tests

For MOT15, MOT16, MOT17, MOT20, DanceTrack (TrackEval's mot_challenge_2d_box with those settings) and KITTI, every round
writes sequences with objects of all classes, distractors, regions, objects that are not considered, hidden and cut ones,
crowds and empty frames; and trackers that jitter, drop, swap, duplicate at the same place, find distractors and regions,
give integers (ties), nothing at all, and the ground truth itself. Every field of every sequence and the pool has to be
equal: counts exactly, the rest to 1e-9. Needs trackeval (1.3.0, or @12c8791 with NumPy < 1.24) and numpy.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import numpy as np

for name, kind in (("float", float), ("int", int), ("bool", bool)):
    if name not in np.__dict__:
        setattr(np, name, kind)

import trackeval  # noqa: E402



class VACE(trackeval.metrics.VACE):
    """TrackEval's, which divides by zero where neither side of a sequence has a box: 0/0 is not a number."""

    def _compute_final_fields(self, additive):
        if additive["num_non_empty_timesteps"]:
            return super()._compute_final_fields(additive)
        return {"SFDA": np.nan, "ATA": np.nan}

    @classmethod
    def get_name(cls):
        return "VACE"


MOT = {"mot15": "MOT15", "mot16": "MOT16", "mot17": "MOT17", "mot20": "MOT20", "dancetrack": "dancetrack"}
METRICS = [trackeval.metrics.HOTA, trackeval.metrics.CLEAR, trackeval.metrics.Identity, VACE]


def walk(rng, frames, width=640, height=360, whole=False):
    """Boxes of one object, frame by frame, from its birth to its death."""
    first = rng.randint(1, max(1, frames - 3))
    last = min(frames, first + rng.randint(2, frames))
    w, h = rng.uniform(15, 90), rng.uniform(20, 120)
    x, y = rng.uniform(-20, width), rng.uniform(-20, height)
    dx, dy = rng.uniform(-9, 9), rng.uniform(-4, 4)
    for frame in range(first, last + 1):
        if rng.random() < 0.93:
            box = (x, y, w, h)
            yield frame, tuple(map(round, box)) if whole else tuple(round(v, rng.choice((2, 4, 13))) for v in box)
        x, y, w = x + dx + rng.gauss(0, 1), y + dy + rng.gauss(0, 1), max(2, w + rng.gauss(0, 0.5))


def scene(rng, frames, objects, whole=False):
    """[(frame, id, box)] of all objects; crowds of objects on top of each other among them."""
    rows = []
    for number in range(1, objects + 1):
        track = list(walk(rng, frames, whole=whole))
        rows += [(frame, number, box) for frame, box in track]
        if rng.random() < 0.3:
            shift = (rng.choice((0, 3, 11)), rng.choice((0, 2)), 0, 0)
            rows += [(f, 1000 + number, tuple(a + b for a, b in zip(box, shift))) for f, box in track]
    return rows


def perturbed(rng, rows, frames, kind):
    """What a tracker of a kind makes of the rows (frame, id, box, class); ids from 0, not in order, with gaps."""
    if kind == "nothing":
        return []
    if kind == "truth":
        return [(f, i, b, c) for f, i, b, c in rows]
    result, seen = [], set()
    number = {}
    jitter = {"good": 1.0, "crowded": 4.0, "whole": 0, "poor": 9.0, "short": 2.0}[kind]
    drop = {"good": 0.05, "crowded": 0.1, "whole": 0.1, "poor": 0.4, "short": 0.2}[kind]
    for frame, identity, box, label in rows:
        if rng.random() < drop or (kind == "short" and frame > frames // 2):
            continue
        if rng.random() < (0.15 if kind == "poor" else 0.03):
            number[identity] = rng.randint(0, 400)
        track = number.setdefault(identity, rng.randint(0, 400))
        moved = tuple(v + rng.gauss(0, jitter) if jitter else v for v in box)
        if kind == "whole":
            moved = tuple(v + rng.choice((0, 0, 1, 5)) for v in box)
        copies = 2 if kind == "crowded" and rng.random() < 0.4 else 1
        for copy in range(copies):
            key = (frame, track + 500 * copy)
            if key not in seen:
                seen.add(key)
                result.append((frame, track + 500 * copy, moved, label))
    for _ in range(frames // 2):
        frame, track = rng.randint(1, frames), rng.randint(900, 940)
        if (frame, track) not in seen:
            seen.add((frame, track))
            box = (rng.uniform(0, 600), rng.uniform(0, 300), rng.choice((-4, 0, 20, 60)), rng.uniform(0, 80))
            result.append((frame, track, box, rng.choice([r[3] for r in rows] or [1])))
    rng.shuffle(result)
    return result


KINDS = ["good", "crowded", "whole", "poor", "short", "nothing", "truth"]


def mot_truth(rng, rows, benchmark):
    """Rows of gt.txt: class and consideration by object."""
    labels = {}
    lines = []
    for frame, identity, box in rows:
        if identity not in labels:
            label = rng.choice([1] * 8 + list(range(1, 14)))
            labels[identity] = (label, 0 if label != 1 or rng.random() < 0.1 else 1)
        label, considered = labels[identity]
        if benchmark == "mot15":
            label = -1
        if benchmark == "dancetrack":
            label, considered = 1, 1
        lines.append((frame, identity, box, label, considered))
    rng.shuffle(lines)
    return lines


# Digits behind the point that are written, None for all.
digits = None


def number(value):
    return repr(value if digits is None else round(value, digits))


def write_mot(rng, root, benchmark, sequences):
    name = MOT[benchmark]
    truths = {}
    for sequence, (frames, rows) in sequences.items():
        folder = root / "gt" / f"{name}-train" / sequence
        (folder / "gt").mkdir(parents=True)
        (folder / "seqinfo.ini").write_text(
            f"[Sequence]\nname={sequence}\nimDir=img1\nframeRate=30\nseqLength={frames}\n"
            "imWidth=640\nimHeight=360\nimExt=.jpg\n")
        truth = mot_truth(rng, rows, benchmark)
        truths[sequence] = truth
        with open(folder / "gt" / "gt.txt", "w") as file:
            for frame, identity, box, label, considered in truth:
                file.write(",".join([str(frame), str(identity), *map(number, box), str(considered), str(label), "0.5"]) + "\n")
    maps = root / "gt" / "seqmaps"
    maps.mkdir()
    (maps / f"{name}-train.txt").write_text("name\n" + "".join(f"{s}\n" for s in sequences))
    for kind in KINDS:
        data = root / "trackers" / f"{name}-train" / kind / "data"
        data.mkdir(parents=True)
        for sequence, (frames, _) in sequences.items():
            rows = [(f, i, b, 1) for f, i, b, c, keep in truths[sequence] if kind != "truth" or (keep and c in (1, -1))]
            separator = "," if kind != "poor" else ", "
            with open(data / f"{sequence}.txt", "w") as file:
                for frame, track, box, _ in perturbed(rng, rows, frames, kind):
                    track = f"{track}.0" if kind == "good" else str(track)
                    tail = [] if kind == "short" else ["-1", "-1", "-1"]
                    file.write(separator.join([str(frame), track, *map(number, box), "0.75", *tail]) + "\n")


KITTI_TYPES = ["Car"] * 6 + ["Pedestrian"] * 5 + ["Van", "Van", "Person", "Truck", "Cyclist", "Tram", "Misc"]


def write_kitti(rng, root, sequences):
    folder = root / "gt" / "label_02"
    folder.mkdir(parents=True)
    with open(root / "gt" / "evaluate_tracking.seqmap.training", "w") as file:
        for sequence, (frames, _) in sequences.items():
            file.write(f"{sequence} empty 000000 {frames:06d}\n")
    truths = {}
    for sequence, (frames, rows) in sequences.items():
        kinds = {}
        truth = []
        with open(folder / f"{sequence}.txt", "w") as file:
            for frame, identity, box in rows:
                kind = kinds.setdefault(identity, rng.choice(KITTI_TYPES))
                truncated = rng.choice((0, 0, 0, 0, 1, 2))
                occluded = rng.choice((0, 0, 1, 2, 3))
                truth.append((frame - 1, identity, box, kind, truncated == 0 and occluded < 3))
                corners = (box[0], box[1], box[0] + box[2], box[1] + box[3])
                file.write(" ".join(
                    [str(frame - 1), str(identity), kind, str(truncated), str(occluded), "-1.5",
                     *map(number, corners), "1.5 1.6 4.0 1.0 2.0 3.0 0.1"]) + "\n")
                if rng.random() < 0.05:
                    x, y = rng.uniform(0, 500), rng.uniform(0, 200)
                    file.write(f"{frame - 1} -1 DontCare -1 -1 -10 {x} {y} {x + 150} {y + 150} -1 -1 -1 -1000 -1000 -1000 -10\n")
        truths[sequence] = truth
    for kind in KINDS:
        data = root / "trackers" / kind / "data"
        data.mkdir(parents=True)
        for sequence, (frames, _) in sequences.items():
            rows = [(f + 1, i, b, c) for f, i, b, c, keep in truths[sequence]
                    if kind != "truth" or (keep and c in ("Car", "Pedestrian"))]
            with open(data / f"{sequence}.txt", "w") as file:
                for frame, track, box, label in perturbed(rng, rows, frames, kind):
                    if label not in ("Car", "Pedestrian") and kind != "truth":
                        label = rng.choice(("Car", "Pedestrian"))
                    corners = (box[0], box[1], box[0] + box[2], box[1] + box[3])
                    score = ["0.9"] if kind != "poor" else []
                    file.write(" ".join(
                        [str(frame - 1), str(track), label, "-1 -1 -10", *map(number, corners),
                         "-1 -1 -1 -1000 -1000 -1000 -10", *score]) + "\n")
                if kind == "good" and frames:
                    file.write("0 -1 Car -1 -1 -10 0 0 50 50 -1 -1 -1 -1000 -1000 -1000 -10 0.5\n")


def references(root, benchmark):
    """{tracker: {class: {sequence: {field: value}}}} of TrackEval."""
    config = {"PRINT_RESULTS": False, "PRINT_CONFIG": False, "TIME_PROGRESS": False, "PLOT_CURVES": False,
              "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "LOG_ON_ERROR": None, "USE_PARALLEL": False}
    folders = {"GT_FOLDER": str(root / "gt"), "TRACKERS_FOLDER": str(root / "trackers"), "PRINT_CONFIG": False}
    if benchmark == "kitti":
        dataset = trackeval.datasets.Kitti2DBox(folders)
    else:
        dataset = trackeval.datasets.MotChallenge2DBox({**folders, "BENCHMARK": MOT[benchmark]})
    metrics = [metric({"THRESHOLD": 0.5, "PRINT_CONFIG": False}) if metric is not trackeval.metrics.HOTA else metric()
               for metric in METRICS]
    with contextlib.redirect_stdout(io.StringIO()):
        results, _ = trackeval.Evaluator(config).evaluate([dataset], metrics)
    results = results[dataset.get_name()]
    out = {}
    for tracker, sequences in results.items():
        classes = {}
        for sequence, by_class in sequences.items():
            for label, by_metric in by_class.items():
                fields = {}
                for metric in [*metrics, trackeval.metrics.Count()]:
                    values = by_metric[metric.get_name()]
                    fields.update(metric.detailed_results({"COMBINED_SEQ": values})["COMBINED_SEQ"])
                name = "COMBINED" if sequence == "COMBINED_SEQ" else sequence
                classes.setdefault(label, {})[name] = {k: float(v) for k, v in fields.items()}
        out[tracker] = classes
    return out


def ours(vtrack, root, benchmark, extra=()):
    """The same of `vtrack score`, read from its CSV; its JSON has to agree."""
    table, document = root / "ours.csv", root / "ours.json"
    command = [vtrack, "score", benchmark, "--gt", str(root / "gt"), "--tracks", str(root / "trackers"), "--csv", str(table),
               "--json", str(document), "-q", *extra]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)}\nended with {run.returncode}: {run.stderr}")
    out = {}
    for row in csv.DictReader(open(table)):
        tracker, label = row.pop("tracker", None), row.pop("class", "pedestrian")
        sequence = row.pop("seq")
        out.setdefault(tracker, {}).setdefault(label, {})[sequence] = {k: float(v) for k, v in row.items()}
    trackers = json.load(open(document))["trackers"]
    for tracker, classes in out.items():
        for label, sequences in classes.items():
            for sequence, fields in sequences.items():
                part = trackers[tracker]["combined" if sequence == "COMBINED" else "sequences"]
                part = part if sequence == "COMBINED" else part[sequence]
                part = part["classes"][label] if "classes" in part else part
                for name, scale in (("IDF1", 100), ("MOTA", 100), ("IDSW", 1), ("HOTA(0)", 100)):
                    assert abs(part[name] - scale * fields[name]) < 1e-9, (tracker, label, sequence, name)
                assert abs(part["HOTA"] - 100 * fields["HOTA___AUC"]) < 1e-9
    return out


def compare(expected, found, where):
    """Compares every field; returns how many there are and the largest difference."""
    count, worst = 0, 0.0
    assert set(expected) == set(found), (where, set(expected) ^ set(found))
    for tracker, classes in expected.items():
        for label, sequences in classes.items():
            for sequence, fields in sequences.items():
                other = found[tracker][label][sequence]
                assert list(fields) == list(other), (where, "columns", list(fields), list(other))
                for name, value in fields.items():
                    difference = abs(value - other[name])
                    whole = float(value).is_integer() and float(other[name]).is_integer()
                    if not difference <= (0 if whole else 1e-9):
                        if np.isnan(value) and np.isnan(other[name]):
                            continue
                        sys.exit(f"{where}, {tracker}, {label}, {sequence}: {name} is {other[name]}, TrackEval has {value}")
                    count, worst = count + 1, max(worst, difference)
    return count, worst


def build(root, benchmark, seed, sizes=((25, 9), (40, 18), (3, 2), (30, 0))):
    rng = random.Random(f"{benchmark} {seed}")
    names = [f"{i:04d}" for i in range(4)] if benchmark == "kitti" else [f"{benchmark.upper()}-{i:02d}" for i in (9, 1, 5, 12)]
    sequences = {}
    for index, (name, (frames, objects)) in enumerate(zip(names, sizes)):
        sequences[name] = (frames, scene(rng, frames, objects, whole=index == 0))
    if benchmark == "kitti":
        write_kitti(rng, root, sequences)
    else:
        write_mot(rng, root, benchmark, sequences)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vtrack", default=".build/release/vtrack")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="leave the last round's folders here")
    parser.add_argument("--golden", type=pathlib.Path)
    options = parser.parse_args()
    vtrack = str(pathlib.Path(options.vtrack).resolve())
    for benchmark in [*MOT, "kitti"]:
        total, worst = 0, 0.0
        for seed in range(options.seed, options.seed + options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                build(root, benchmark, seed)
                expected = references(root, benchmark)
                count, difference = compare(expected, ours(vtrack, root, benchmark), f"{benchmark}, seed {seed}")
                total, worst = total + count, max(worst, difference)
                if options.keep:
                    shutil.copytree(root, options.keep / benchmark, dirs_exist_ok=True)
        print(f"{benchmark}: {total} fields equal, largest difference {worst:.2g}")
    if options.golden:
        options.golden.write_text(json.dumps(golden_cases(options.seed), indent=0) + "\n")


def golden_cases(seed):
    """Small folders of every benchmark."""
    global digits
    digits = 2
    golden = {}
    for benchmark in [*MOT, "kitti"]:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            build(root, benchmark, seed, sizes=((14, 6), (4, 3)))
            golden[benchmark] = excerpt(root, references(root, benchmark))
    return golden


def excerpt(root, expected):
    """Files and figures small enough to lie with the tests."""
    kinds = ("crowded", "whole")
    files = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and parts[0] in ("gt", "trackers") and (parts[0] == "gt" or set(parts) & set(kinds)):
            files["/".join(parts)] = path.read_text()
    figures = {}
    for tracker in kinds:
        for label, sequences in expected[tracker].items():
            for sequence, fields in sequences.items():
                kept = {k: v for k, v in fields.items() if "___" not in k or k.endswith("AUC")}
                figures.setdefault(tracker, {}).setdefault(label, {})[sequence] = kept
    return {"files": files, "expected": figures}


if __name__ == "__main__":
    main()
