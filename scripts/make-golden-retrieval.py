#!/usr/bin/env python3
"""Writes Tests/Fixtures/retrieval.json: small random sequences and what retrieval_reference.py finds in them.

Beside it retrieval-strata.json: what labels say about the same boxes, a factor for their sizes, and the strata.

The sequences have holes, frames without boxes, boxes without identity, zero vectors, equal vectors, objects that change
their class and boxes that overlap nothing. Needs NumPy and SciPy.
"""
import json
import pathlib

import numpy as np

import retrieval_reference as reference

DIMENSION, COLOURS = 6, 5


def sequence(generator, name, rate, length, objects):
    look = generator.normal(size=(objects, DIMENSION))
    colour = np.abs(generator.normal(size=(objects, COLOURS)))
    place = generator.uniform(0, 300, (objects, 2))
    frames = {}
    for number in range(1, length + 1):
        if generator.random() < 0.1:
            continue  # a lost frame
        here = [o for o in generator.permutation(objects) if generator.random() < 0.75]
        if generator.random() < 0.1:
            here = []
        place += generator.normal(size=place.shape) * 12
        vectors = look[here] + generator.normal(size=(len(here), DIMENSION)) * 0.8
        histograms = colour[here] + np.abs(generator.normal(size=(len(here), COLOURS))) * 0.6
        if len(here) > 3:
            vectors[1] = vectors[3]
        if len(here) > 2 and generator.random() < 0.3:
            vectors[2] = 0
            histograms[0] = 0
        frames[number] = {
            "boxes": [[*np.round(place[o], 2).tolist(), 40.0 + int(o), 30.5] for o in here],
            "ids": [None if generator.random() < 0.1 else int(o) + 100 for o in here],
            "classes": [int(1 + o % 3 if generator.random() < 0.95 else 1) for o in here],
            "vectors": vectors.astype(np.float32).round(4).tolist(),
            "histograms": histograms.astype(np.float32).round(4).tolist(),
        }
    return {"name": name, "rate": rate, "frames": frames}


def prepared(sequences, vectors=True, histograms=True):
    def frame(f):
        shape = len(f["boxes"])
        return {
            **f,
            "vectors": np.float32(f["vectors"]).reshape(shape, DIMENSION) if vectors else None,
            "histograms": np.float32(f["histograms"]).reshape(shape, COLOURS) if histograms else None,
        }

    return [{**s, "frames": {n: frame(f) for n, f in s["frames"].items()}} for s in sequences]


def main():
    generator = np.random.default_rng(2)
    sequences = [
        sequence(generator, "one", 25.0, 24, 8), sequence(generator, "two", 25.0, 14, 5),
        sequence(generator, "three", 30.0, 18, 7),
    ]
    deltas = [1, 2, 5, 12, 40]
    cases = []
    for names, kind, gate, vectors, histograms in [
        (["one"], "cosine", False, True, True), (["one", "two"], "cosine", False, True, True),
        (["one", "two", "three"], "l2", False, True, True), (["two", "three"], "cosine", True, True, True),
        (["one", "three"], "cosine", False, False, True), (["three"], "cosine", False, True, False),
        ([], "cosine", False, True, True),
    ]:
        chosen = [s for s in sequences if s["name"] in names]
        cases.append({
            "sequences": names, "similarity": kind, "class_gate": gate, "vectors": vectors, "histograms": histograms,
            "expected": reference.study(prepared(chosen, vectors, histograms), deltas, kind, gate),
        })
    document = {
        "dimension": DIMENSION, "colours": COLOURS, "deltas": deltas, "cases": cases,
        "sequences": [
            {**s, "frames": [{"number": n, **f} for n, f in s["frames"].items()]} for s in sequences
        ],
    }
    write("retrieval.json", document)
    write("retrieval-strata.json", strata(sequences))


def strata(sequences):
    generator = np.random.default_rng(3)
    attributes = [
        {"timeofday": "night", "weather": "rainy"}, {"timeofday": "daytime", "weather": "undefined", "scene": ""}, {},
    ]
    labelled = []
    for one, said in zip(sequences, attributes):
        frames = {}
        for number, frame in one["frames"].items():
            traits = [{
                # Bins' own limits, a number that is no share, and nothing.
                "visibility": generator.choice([None, -1, 0, 0.1, 0.25, 0.4, 0.5, 0.74, 0.75, 1]),
                "occluded": generator.choice([None, True, False]),
                "truncated": generator.choice([None, True, False]) if one["name"] != "two" else None,
                "scale": float(generator.choice([0.25, 0.5, 1, 4, 8])),
            } for _ in frame["boxes"]]
            boxes = [[x, y, w * t["scale"], h * t["scale"]] for (x, y, w, h), t in zip(frame["boxes"], traits)]
            frames[number] = {**frame, "boxes": boxes, "traits": traits}
        labelled.append({**one, "frames": frames, "attributes": said})
    deltas = [1, 3, 12]
    cases = []
    for kind, gate, vectors in [("cosine", False, True), ("l2", True, True), ("cosine", False, False)]:
        cases.append({
            "similarity": kind, "class_gate": gate, "vectors": vectors,
            "expected": reference.strata_study(prepared(labelled, vectors), deltas, kind, gate)})
    return {
        "deltas": deltas, "cases": cases,
        "sequences": [{
            "name": s["name"], "attributes": s["attributes"],
            "frames": [{"number": n, "traits": f["traits"]} for n, f in s["frames"].items()],
        } for s in labelled],
    }


def write(name, document):
    path = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures" / name
    path.write_text(json.dumps(document).replace('}, {"number"', '},\n{"number"').replace("}, {", "},\n{") + "\n")


if __name__ == "__main__":
    main()
