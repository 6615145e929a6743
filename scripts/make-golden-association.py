#!/usr/bin/env python3
"""Writes Tests/Fixtures/association.json: small random sequences of several classes and TETA's association figures.

  python3 scripts/make-golden-association.py TETA_FOLDER [OUTPUT] [--cases N] [--seed S]

TETA_FOLDER is the folder `teta` of a copy of https://github.com/SysCV/tet (@a62a9c0), whose code is run as it is; only
the reading of files is left out. (Its COCO rules: those of its BDD100K reader need regions that it does not read.)
Needs numpy and scipy. A frame has identities (`t`, `r`) and overlaps (`s`) as in metrics.json, and the classes of its
true boxes (`c`). `expected` has Loc_TP, AssocA, AssocRe and AssocPr by class at 20 thresholds.
"""
import argparse
import json
import pathlib
import sys

import numpy as np

FIELDS = ("Loc_TP", "AssocA", "AssocRe", "AssocPr")
CLASSES = (1, 2, 3)


def sequence(generator, length, objects, tracks, coarse):
    place = generator.uniform(0, 70, (objects, 2))
    classes = generator.integers(1, 3 if coarse else 4, objects)
    number = np.arange(objects)
    frames = []
    for _ in range(length):
        place = place + generator.normal(0, 3, place.shape)
        t = [int(o) for o in generator.permutation(objects) if generator.random() < 0.8]
        if generator.random() < 0.1:
            t = []
        if coarse:
            r = [int(x) for x in generator.permutation(tracks) if generator.random() < 0.7]
            s = np.round(generator.integers(0, 9, (len(t), len(r))) / 8 * (generator.random((len(t), len(r))) < 0.5), 3)
        else:
            if generator.random() < 0.2:
                a, b = generator.integers(objects, size=2)
                number[a], number[b] = number[b], number[a]
            seen = [int(o) for o in generator.permutation(objects) if generator.random() < 0.8]
            r = [int(number[o]) for o in seen]
            at = place[seen] + generator.normal(0, 3, (len(seen), 2))
            both = np.maximum(30 - np.abs(place[t][:, None] - at[None]), 0).prod(2)
            s = np.round(both / (1800 - both), 3)
        frames.append((t, r, s, [int(classes[o]) for o in t]))
    return frames


def raw(frames, generator):
    return {
        "num_timesteps": len(frames),
        "seq": "sequence",
        "gt_ids": [np.array(t, int) for t, _, _, _ in frames],
        "tk_ids": [np.array(r, int) for _, r, _, _ in frames],
        "gt_classes": [np.array(c, int) for _, _, _, c in frames],
        "tk_classes": [generator.integers(1, 4, len(r)) for _, r, _, _ in frames],
        "gt_dets": [np.zeros((len(t), 4)) for t, _, _, _ in frames],
        "tk_dets": [np.zeros((len(r), 4)) for _, r, _, _ in frames],
        "similarity_scores": [s for _, _, s, _ in frames],
    }


def evaluate(metric, dataset, data):
    """What eval.py's eval_sequence does for one sequence."""
    names = {str(c): c for c in CLASSES}
    dataset.cls_name2clsid = names
    assignment = metric.compute_global_assignment(dataset.get_preprocessed_seq_data(data, "all", thresholds=[50]))
    false_positives = {50: {c: np.zeros(10) for c in names}}
    results = {}
    for name in names:
        part = dataset.get_preprocessed_seq_data(data, name, assignment, [50])
        results[name], false_positives, _ = metric.eval_sequence(
            part, name, {c: n for n, c in names.items()}, false_positives)
    return results


def plain(values):
    return [int(v) if v == int(v) else float(v) for v in values]


def chosen(result):
    return {field: plain(result[50][field]) for field in FIELDS}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("teta", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("output", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    sys.path.insert(0, str(options.teta))
    from teta.datasets import COCO
    from teta.metrics import TETA

    metric, dataset = TETA(), COCO.__new__(COCO)
    generator = np.random.default_rng(options.seed)
    cases, results = [], []
    for index in range(options.cases):
        if index == 0:
            frames = [([], [0], np.zeros((0, 1)), []), ([0], [], np.zeros((1, 0)), [1])]
        elif index == 1:
            frames = [([0, 1], [0], np.array([[0.4], [0.3]]), [1, 2])] * 2
        else:
            frames = sequence(generator, int(generator.integers(3, 12)), int(generator.integers(2, 10)),
                              int(generator.integers(2, 10)), index % 2 == 1)
        numbers = [{n: i for i, n in enumerate(sorted({x for f in frames for x in f[side]}))} for side in (0, 1)]
        frames = [([numbers[0][x] for x in t], [numbers[1][x] for x in r], s, c) for t, r, s, c in frames]
        result = evaluate(metric, dataset, raw(frames, generator))
        results.append(result)
        cases.append({
            "objects": len(numbers[0]), "tracks": len(numbers[1]),
            "frames": [{"t": t, "r": r, "s": plain(s.ravel()), "c": c} for t, r, s, c in frames],
            "expected": {name: chosen(value) for name, value in result.items()},
        })
    combined = {str(c): metric.combine_sequences({str(i): r[str(c)] for i, r in enumerate(results)}) for c in CLASSES}
    average = metric.combine_classes_class_averaged(combined, ignore_empty=True)
    document = {"classes": CLASSES, "cases": cases, "combined": {c: chosen(v) for c, v in combined.items()},
                "average": chosen(average)}
    output = options.output or pathlib.Path(__file__).parent.parent / "Tests/Fixtures/association.json"
    output.write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
