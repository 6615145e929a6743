#!/usr/bin/env python3
"""Compares `vtrack score bdd100k` with TrackEval and with the BDD100K server's evaluator, field by field.

    scripts/check-bdd.py VTRACK [--labels GT.json --tracks RESULT.json] [--scalabel DIR --bdd100k DIR] [--sets N]

Generated sets of videos and results (crowds, distractors, ignored labels, aliases, objects and tracks that change their
class, text ids, empty and null frames, missing videos, ties) are written in the form that is published today, scored by
VTRACK as one file for the set and as a file a video, and compared with

  * TrackEval's BDD100K data set (`pip install trackeval`), for which the files are rewritten in the older names that it
    reads (`index`, `Crowd`), text ids as numbers and aliases as the names they stand for: every field of HOTA, CLEAR,
    Identity, VACE and Count, of every video and class, of the averages and of the super-classes, to 1e-6;
  * scalabel's `evaluate_track` behind bdd100k's category mapping, where checkouts of github.com/scalabel/scalabel and
    github.com/bdd100k/bdd100k are given (`pip install motmetrics pydantic tqdm pycocotools`): every figure of every
    class, super-class, AVERAGE and OVERALL, to 1e-8.

Exit status 0: everything is equal.
"""
import argparse
import contextlib
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import types

import numpy as np

# Removed from NumPy 2; motmetrics 1.4.0 calls it.
np.asfarray = lambda a, dtype=float: np.asarray(a, dtype=dtype)

LEAVES = ["pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"]
GROUPS = {"human": LEAVES[:2], "vehicle": LEAVES[2:6], "bike": LEAVES[6:]}
ALIASES = {"bike": "bicycle", "caravan": "car", "motor": "motorcycle", "person": "pedestrian", "van": "car"}
DISTRACTORS = {"other person": "pedestrian", "other vehicle": "car", "trailer": "truck"}


# Generated sets --------------------------------------------------------------------------------------------------------

def box(rng, grid):
    """A box on a grid, so that overlaps of exactly one half and exact ties occur."""
    width, height = rng.randint(1, 6) * grid, rng.randint(1, 6) * grid
    x, y = rng.randint(0, 20) * grid, rng.randint(0, 12) * grid
    return [x, y, x + width, y + height]


def label(identity, category, corners, marks=None, score=None):
    result = {"id": identity, "category": category,
              "box2d": dict(zip(("x1", "y1", "x2", "y2"), corners))}
    if marks is not None:
        result["attributes"] = marks
    if score is not None:
        result["score"] = score
    return result


def make_video(rng, name, style):
    """Truth and result of one video: lists of frames."""
    frames = rng.choice([1, 2, 17, 30])
    grid = rng.choice([1, 8, 7.3])
    classes = rng.sample(LEAVES, rng.randint(1, 8))
    text_ids = style == "texts"
    objects = []
    for number in range(rng.randint(0, 14)):
        start = rng.randrange(frames)
        objects.append({
            "id": f"a-{number:03}" if text_ids else str(number * 7 + 3), "class": rng.choice(classes),
            "box": box(rng, grid), "step": [rng.choice([-1, 0, 0, 1]) * grid / 2 for _ in range(2)],
            "life": range(start, rng.randint(start, frames)),
            "kind": rng.choices(["plain", "crowd", "distractor", "ignored", "alias"],
                                [10, 2, 2, 1 if style == "ignored" else 0, 2])[0]})
    truth, result = [], []
    for t in range(frames):
        labels, tracks = [], []
        for obj in objects:
            if t not in obj["life"]:
                continue
            dx, dy = (obj["step"][k] * (t - obj["life"].start) for k in range(2))
            x1, y1, x2, y2 = obj["box"]
            corners = [x1 + dx, y1 + dy, x2 + dx, y2 + dy]
            category, marks = obj["class"], {"occluded": rng.random() < 0.3, "truncated": False, "crowd": False}
            if obj["kind"] == "crowd":
                marks["crowd"] = True
            elif obj["kind"] == "ignored":
                marks["ignored"] = True
            elif obj["kind"] == "distractor":
                category = rng.choice(sorted(DISTRACTORS))
            elif obj["kind"] == "alias":
                category = next((k for k, v in ALIASES.items() if v == category), category)
            labels.append(label(obj["id"], category, corners, marks))
            if style == "perfect":
                if obj["kind"] in ("plain", "alias"):
                    tracks.append(label(obj["id"] if not text_ids else obj["id"][2:], category, corners, {}, 0.5))
                continue
            if rng.random() < 0.75:
                moved = corners
                if rng.random() < 0.6:
                    moved = [corners[0] + rng.choice([-1, 0, 1]) * grid / 2, corners[1], corners[2], corners[3]
                             + rng.choice([-1, 0, 1]) * grid / 2]
                if style == "floats":
                    moved = [value + rng.uniform(-2, 2) for value in moved]
                # Tracks break, change places and change class.
                identity = objects.index(obj) + (100 if t % 11 > 6 and rng.random() < 0.5 else 0)
                predicted = obj["class"] if rng.random() < 0.9 else rng.choice(LEAVES)
                tracks.append(label(str(identity), predicted, moved, {}, round(rng.random(), 3)))
        for number in range(rng.randint(0, 3)):
            category = rng.choice(LEAVES + sorted(DISTRACTORS) + ["van"])
            marks = {"crowd": True} if style == "ignored" and rng.random() < 0.3 else {}
            tracks.append(label(str(200 + number), category, box(rng, grid), marks, 0.3))
        rng.shuffle(tracks)
        if style == "empty":
            tracks = []
        name_of_picture = f"{name}-{t + 1:07}.jpg"
        truth.append({"name": name_of_picture, "videoName": name, "frameIndex": t, "labels": labels})
        result.append({"name": name_of_picture, "videoName": name, "frameIndex": t, "labels": tracks})
    return truth, result


def unique(frames):
    """Leaves out labels whose id is in the frame already: neither kit takes them."""
    for frame in frames:
        seen = set()
        frame["labels"] = [l for l in frame["labels"] if l["id"] not in seen and not seen.add(l["id"])]
    return frames


def make_set(rng, style):
    """Truth and results by video."""
    truth, result = {}, {}
    for number in range(rng.randint(1, 5)):
        name = f"{rng.randrange(16 ** 8):08x}-{number:08x}"
        gt, tracks = make_video(rng, name, style)
        truth[name], result[name] = gt, unique(tracks)
    if style == "missing" and len(result) > 1:
        del result[sorted(result)[rng.randrange(len(result))]]
    return truth, result


# The kits --------------------------------------------------------------------------------------------------------------

def old_names(frames, is_truth):
    """Frames as TrackEval reads them; what `ignored` marks is evaluated there."""
    numbers = {}
    for frame in frames:
        for l in frame["labels"] or []:
            numbers.setdefault(str(l["id"]), len(numbers) + 1)
    are_numbers = all(text.isdigit() for text in numbers)
    rewritten = []
    for frame in frames:
        labels = []
        for l in frame["labels"] or []:
            marks = l.get("attributes") or {}
            labels.append({
                "id": int(l["id"]) if are_numbers else numbers[l["id"]],
                "category": ALIASES.get(l["category"], l["category"]), "box2d": l["box2d"],
                "attributes": {"Crowd": bool(marks.get("crowd", False)), "Occluded": False, "Truncated": False}})
        rewritten.append({"name": frame["name"], "videoName": frame["videoName"], "index": frame["frameIndex"],
                          "labels": labels})
    return rewritten


def run_trackeval(truth, result, folder):
    """TrackEval's figures: {video or COMBINED_SEQ: {class: {field: value}}}."""
    import trackeval
    # TrackEval's VACE ends with a division by zero where a class has no boxes at all; with NumPy's numbers it is NaN.
    final = vars(trackeval.metrics.VACE)["_compute_final_fields"].__func__
    if final.__name__ != "with_nan":
        def with_nan(additive):
            with np.errstate(divide="ignore", invalid="ignore"):
                return final({name: np.float64(value) for name, value in additive.items()})
        trackeval.metrics.VACE._compute_final_fields = staticmethod(with_nan)
    for side, part in (("gt", truth), ("trackers/t/data", result)):
        os.makedirs(f"{folder}/{side}", exist_ok=True)
        for name, frames in part.items():
            with open(f"{folder}/{side}/{name}.json", "w", encoding="utf-8") as file:
                json.dump(old_names(frames, side == "gt"), file)
    quiet = {"PRINT_CONFIG": False, "PRINT_RESULTS": False, "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False,
             "PLOT_CURVES": False, "TIME_PROGRESS": False}
    metrics = [trackeval.metrics.HOTA({"PRINT_CONFIG": False}), trackeval.metrics.CLEAR({"PRINT_CONFIG": False}),
               trackeval.metrics.Identity({"PRINT_CONFIG": False}), trackeval.metrics.VACE({"PRINT_CONFIG": False})]
    with contextlib.redirect_stdout(io.StringIO()):
        data = trackeval.datasets.BDD100K({"GT_FOLDER": f"{folder}/gt", "TRACKERS_FOLDER": f"{folder}/trackers",
                                           "PRINT_CONFIG": False})
        output, _ = trackeval.Evaluator(quiet).evaluate([data], metrics)
    figures = {}
    for sequence, classes in output["BDD100K"]["t"].items():
        figures[sequence] = {}
        for name, families in classes.items():
            figures[sequence][name] = {}
            for family, fields in families.items():
                for field, value in fields.items():
                    figures[sequence][name][field] = value
    return figures


def import_server(scalabel, bdd100k):
    """scalabel's evaluator without the drawing tools that its packages pull in, on today's NumPy and pydantic."""
    import pydantic.v1
    sys.modules["pydantic"] = pydantic.v1
    for name in ("nanoid", "toml"):
        module = types.ModuleType(name)
        module.generate = lambda *_, **__: ""
        sys.modules.setdefault(name, module)
    for name in ("scalabel", "scalabel.label", "scalabel.common", "scalabel.eval", "bdd100k", "bdd100k.common",
                 "bdd100k.label"):
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(scalabel if name.startswith("scalabel") else bdd100k, name.replace(".", "/"))]
        sys.modules[name] = module
    import motmetrics
    # The solver whose ties vtrack follows.
    motmetrics.lap.default_solver = "scipy"


def run_server(truth, result):
    """scalabel's figures: {class, group, AVERAGE or OVERALL: {field: value}}."""
    import logging
    from scalabel.eval import mot
    from scalabel.eval.mot import acc_single_video_mot, evaluate_track
    from scalabel.label.io import group_and_sort, parse
    from scalabel.label.transforms import box2d_to_bbox
    from scalabel.label.typing import Category, Config
    from bdd100k.label.to_scalabel import bdd100k_to_scalabel
    logging.disable(logging.CRITICAL)
    # As its recorded figures were computed (before 65cccb62); vtrack keeps to them.
    mot.box2d_to_bbox = lambda box: [float(np.float32(number)) for number in box2d_to_bbox(box)]
    categories = [Category(name=group, subcategories=[Category(name=name) for name in names])
                  for group, names in GROUPS.items()]
    config = types.SimpleNamespace(scalabel=Config(categories=categories), name_mapping=ALIASES, remove_ignored=False,
                                   ignored_as_class=False, ignored_mapping=DISTRACTORS)
    with contextlib.redirect_stderr(io.StringIO()):
        sides = [group_and_sort(bdd100k_to_scalabel([parse(json.loads(json.dumps(frame))) for name in sorted(part)
                                                     for frame in part[name]], config)) for part in (truth, result)]
        scores = evaluate_track(acc_single_video_mot, sides[0], sides[1], config.scalabel, nproc=1)
    figures = {}
    for field, rows in scores:
        if isinstance(rows, list):
            for row in rows:
                for name, value in row.items():
                    figures.setdefault(name, {})[field] = value
    return figures


# Comparing -------------------------------------------------------------------------------------------------------------

def run_vtrack(vtrack, folder, truth, result, profile):
    output = f"{folder}/scores-{profile}.json"
    done = subprocess.run([vtrack, "score", "bdd100k", "--gt", truth, "--tracks", result, "--profile", profile, "--json",
                           output, "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"vtrack exits with {done.returncode}: {done.stderr}")
    with open(output, encoding="utf-8") as file:
        trackers = json.load(file)["trackers"]
    return next(iter(trackers.values()))


def differs(found, wanted, tolerance):
    if isinstance(found, str) or found is None:
        found = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf, None: math.nan}[found]
    wanted = float(wanted)
    if math.isnan(wanted) or math.isinf(wanted):
        # JSON has one word for both.
        return not (math.isnan(found) or found == wanted)
    return not abs(found - wanted) <= tolerance * max(1, abs(wanted))


def rows_of(scores):
    """{class or group: fields} of one video or of all together."""
    rows = dict(scores.get("classes", {}))
    rows.update({name: fields for name, fields in scores.items() if name != "classes"})
    return rows


COUNTS = {"CLR_TP", "CLR_FN", "CLR_FP", "IDSW", "MT", "PT", "ML", "CLR_Frames", "Frag", "MTR", "PTR", "MLR", "IDTP",
          "IDFN", "IDFP", "Dets", "GT_Dets", "IDs", "GT_IDs", "HOTA_TP", "HOTA_FN", "HOTA_FP"}
PLAIN = COUNTS - {"MTR", "PTR", "MLR"} | {"FP_per_frame", "MOTP_sum", "STDA", "VACE_IDs", "VACE_GT_IDs",
                                          "num_non_empty_timesteps", "FDA"}


def compare_trackeval(ours, theirs, what):
    count = 0
    for sequence, classes in theirs.items():
        rows = rows_of(ours["combined"] if sequence == "COMBINED_SEQ" else ours["sequences"][sequence])
        assert set(rows) == set(classes), (sorted(rows), sorted(classes))
        for name, fields in classes.items():
            for field, value in fields.items():
                if field not in rows[name]:
                    MISSING.add(field)
                    continue
                scale = 1 if field in PLAIN else 100
                values = [float(np.mean(value))] if np.ndim(value) else [value]
                found = [rows[name][field]]
                if np.ndim(value):
                    values += list(value)
                    found += rows[name][f"{field}_curve"]
                for left, right in zip(found, values):
                    count += 1
                    if differs(left, scale * right, 1e-6):
                        raise SystemExit(f"{what}: {sequence}, {name}, {field}: {left}, TrackEval has {scale * right}")
    return count


MISSING = set()


def compare_server(ours, theirs, what):
    rows = rows_of(ours["combined"])
    assert set(rows) == set(theirs), (sorted(rows), sorted(theirs))
    count = 0
    for name, fields in theirs.items():
        for field, value in fields.items():
            count += 1
            if differs(rows[name][field], value, 1e-8):
                raise SystemExit(f"{what}: {name}, {field}: {rows[name][field]}, scalabel has {value}")
    return count


def write(folder, truth, result, one_file):
    """Writes the set as it is published, and returns the two paths."""
    paths = []
    for side, part in (("truth", truth), ("result", result)):
        target = f"{folder}/{side}" + (".json" if one_file else "")
        if one_file:
            # Frames of all videos between each other.
            frames = [frame for name in part for frame in part[name]]
            random.Random(1).shuffle(frames)
            with open(target, "w", encoding="utf-8") as file:
                json.dump({"frames": frames, "groups": None} if side == "truth" else frames, file)
        else:
            os.makedirs(target, exist_ok=True)
            for name, frames in part.items():
                with open(f"{target}/{name}.json", "w", encoding="utf-8") as file:
                    json.dump(frames, file)
        paths.append(target)
    return paths


def check(vtrack, truth, result, what, has_server):
    counts = [0, 0]
    names_no_missing = set(truth) == set(result)
    for one_file in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            paths = write(folder, truth, result, one_file)
            # TrackEval ends where a video is missing; it evaluates what is marked ignored.
            if names_no_missing:
                theirs = run_trackeval(truth, result, folder + "/kit")
                counts[0] += compare_trackeval(run_vtrack(vtrack, folder, *paths, "trackeval"), theirs, what)
            if has_server:
                counts[1] += compare_server(run_vtrack(vtrack, folder, *paths, "scalabel"), run_server(truth, result),
                                            what)
    return counts


def by_video(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    videos = {}
    for frame in data["frames"] if isinstance(data, dict) else data:
        videos.setdefault(frame["videoName"], []).append(frame)
    return videos


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vtrack")
    parser.add_argument("--labels")
    parser.add_argument("--tracks")
    parser.add_argument("--scalabel")
    parser.add_argument("--bdd100k")
    parser.add_argument("--sets", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    has_server = bool(arguments.scalabel and arguments.bdd100k)
    if has_server:
        import_server(arguments.scalabel, arguments.bdd100k)
    total = [0, 0]
    if arguments.labels:
        truth = by_video(arguments.labels)
        for tracks in [arguments.tracks, arguments.labels]:
            # scalabel reads ids of results as numbers, so that the labels themselves are no result for it.
            counts = check(arguments.vtrack, truth, by_video(tracks), tracks, has_server and tracks != arguments.labels)
            total = [a + b for a, b in zip(total, counts)]
            print(f"{tracks}: equal", flush=True)
    styles = ["floats", "grid", "texts", "ignored", "missing", "perfect", "empty"]
    for number in range(arguments.sets):
        rng = random.Random(arguments.seed * 1000 + number)
        style = styles[number % len(styles)]
        truth, result = make_set(rng, style)
        counts = check(arguments.vtrack, truth, result, f"set {number} ({style})", has_server)
        total = [a + b for a, b in zip(total, counts)]
    print(f"{arguments.sets} sets: {total[0]} figures equal TrackEval's to 1e-6, {total[1]} scalabel's to 1e-8")
    if MISSING:
        print("fields that vtrack does not give:", ", ".join(sorted(MISSING)))


if __name__ == "__main__":
    main()
