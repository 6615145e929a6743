#!/usr/bin/env python3
"""Compares the assignment with SciPy's linear_sum_assignment on the same matrices, in the same run, in turns.

  python3 scripts/benchmark-assignment.py [--size 1000] [--rounds 5] [--benchmark PATH]

Needs numpy and scipy, and the benchmark built with
  swift build --package-path Benchmarks -c release --product AssignmentBenchmark
Prints the best time of either and their ratio; exits 1 if any pair differs from SciPy's or SciPy is faster.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from scipy.optimize import linear_sum_assignment


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--benchmark", default=str(root / "Benchmarks/.build/release/AssignmentBenchmark"))
    arguments = parser.parse_args()

    process = subprocess.Popen([arguments.benchmark], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    failed = False
    with tempfile.NamedTemporaryFile() as file:
        for kind in ("uniform", "cosine", "product"):
            ours, theirs = [], []
            for seed in range(arguments.rounds):
                process.stdin.write(f"{kind} {arguments.size} {seed} {file.name}\n")
                process.stdin.flush()
                answer = process.stdout.readline().split()
                ours.append(float(answer[0]))
                matrix = np.fromfile(file.name, dtype=np.float64).reshape(arguments.size, arguments.size)
                start = time.perf_counter()
                _, columns = linear_sum_assignment(matrix)
                theirs.append(time.perf_counter() - start)
                if not np.array_equal(columns, np.array(answer[1:], dtype=int)):
                    print(f"{kind}: pairs differ from SciPy's", file=sys.stderr)
                    failed = True
            ratio = min(ours) / min(theirs)
            failed |= ratio > 1
            print(f"{kind:8s} vtrack {1e3 * min(ours):8.2f} ms   SciPy {1e3 * min(theirs):8.2f} ms   ratio {ratio:.2f}")
    process.stdin.close()
    process.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
