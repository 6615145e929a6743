#!/usr/bin/env python3
"""Writes Tests/AssignmentTests/Golden/assignment.json: assignments by SciPy's linear_sum_assignment.

  python3 scripts/make-golden-assignment.py [OUTPUT]

Needs numpy and scipy. Small matrices of small whole numbers, because which of several optimal assignments is returned
is the point: entry "costs" is row-major with null for a forbidden pair, "columns" is the column of each row (-1: none).
Where SciPy finds no complete assignment, "columns" is absent and "pairs" and "total" say how many permitted pairs are
possible at most, and what they cost at least (found with a large finite stand-in, exact for these whole numbers).
"""
import json
import pathlib
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment

STAND_IN = 1_000_000.0


def entry(name, cost):
    rows, columns = cost.shape
    record = {
        "name": name,
        "rows": rows,
        "width": columns,
        "costs": [None if np.isinf(value) else float(value) for value in cost.ravel()],
    }
    try:
        chosen_rows, chosen_columns = linear_sum_assignment(cost)
        result = np.full(rows, -1)
        result[chosen_rows] = chosen_columns
        record["columns"] = result.tolist()
    except ValueError:
        finite = np.where(np.isinf(cost), STAND_IN, cost)
        chosen_rows, chosen_columns = linear_sum_assignment(finite)
        values = cost[chosen_rows, chosen_columns]
        record["pairs"] = int(np.isfinite(values).sum())
        record["total"] = float(values[np.isfinite(values)].sum())
    return record


def main():
    random = np.random.default_rng(20240108)
    records = [
        entry("no rows", np.zeros((0, 3))),
        entry("no columns", np.zeros((3, 0))),
        entry("one pair", np.array([[5.0]])),
        entry("one forbidden pair", np.array([[np.inf]])),
    ]
    for rows, columns in [(1, 1), (4, 4), (3, 7), (7, 3), (9, 9)]:
        records.append(entry(f"all equal {rows}x{columns}", np.ones((rows, columns))))
    for index in range(60):
        rows, columns = random.integers(1, 12, 2)
        kinds = int(random.integers(2, 6))
        records.append(entry(f"ties {index}", random.integers(0, kinds, (rows, columns)).astype(float)))
    for index in range(20):
        rows, columns = random.integers(1, 10, 2)
        records.append(entry(f"signed {index}", np.round(random.normal(0, 3, (rows, columns)), 3)))
    for index in range(60):
        rows, columns = random.integers(1, 9, 2)
        cost = random.integers(0, 5, (rows, columns)).astype(float)
        cost[random.random((rows, columns)) < (index % 6 + 1) / 8] = np.inf
        records.append(entry(f"forbidden {index}", cost))
    index = np.arange(1, 14.0)
    records.append(entry("i*j", np.outer(index, index)))

    default = pathlib.Path(__file__).parent.parent / "Tests/AssignmentTests/Golden/assignment.json"
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("[\n" + ",\n".join(json.dumps(record, separators=(",", ":")) for record in records) + "\n]\n")


if __name__ == "__main__":
    main()
