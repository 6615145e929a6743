#!/usr/bin/env python3
"""Times `vtrack score mot17` against TrackEval's evaluate() on the same results, in the same run, in turns.

  python3 scripts/bench-metrics.py VTRACK GT TRACKS [--rounds 5]

GT is a folder of MOT17 sequences (SEQ/gt/gt.txt, SEQ/seqinfo.ini), TRACKS one of results (SEQ.txt). Needs numpy, scipy
and trackeval 1.3.0. Both read the files, preprocess and compute HOTA, CLEAR and Identity. TrackEval's time is that of
evaluate() without printing, writing or plotting, imports and warm-up left out, on one core; ours is that of the whole
process from start to exit, on one core and on two. Every round times each once. Prints the best and the median of each,
their ratios, and what a process that does nothing takes; exits 1 where HOTA, MOTA or IDF1 differ.
"""
import argparse
import contextlib
import io
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import trackeval


def evaluator(folder, sequences):
    dataset = trackeval.datasets.MotChallenge2DBox({
        "GT_FOLDER": f"{folder}/gt", "TRACKERS_FOLDER": f"{folder}/trackers", "BENCHMARK": "MOT17",
        "TRACKERS_TO_EVAL": ["results"], "SEQ_INFO": {name: None for name in sequences}, "PRINT_CONFIG": False})
    metrics = [
        trackeval.metrics.HOTA(), trackeval.metrics.CLEAR({"PRINT_CONFIG": False}),
        trackeval.metrics.Identity({"PRINT_CONFIG": False})]
    # LOG_ON_ERROR and the like keep their defaults; nothing is written.
    run = trackeval.Evaluator({
        "USE_PARALLEL": False, "PRINT_RESULTS": False, "PRINT_CONFIG": False, "TIME_PROGRESS": False,
        "OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "PLOT_CURVES": False})

    def evaluate():
        with contextlib.redirect_stdout(io.StringIO()):
            start = time.perf_counter()
            results, _ = run.evaluate([dataset], list(metrics))
            seconds = time.perf_counter() - start
        combined = results["MotChallenge2DBox"]["results"]["COMBINED_SEQ"]["pedestrian"]
        return seconds, [float(value) for value in [
            100 * combined["HOTA"]["HOTA"].mean(), 100 * combined["CLEAR"]["MOTA"], 100 * combined["Identity"]["IDF1"]]]

    return evaluate


def process(command, cores):
    """Seconds of a process on some cores.

    They are inherited: a function between fork and exec would have all of this process copied first.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    os.sched_setaffinity(0, before)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vtrack")
    parser.add_argument("gt", type=pathlib.Path)
    parser.add_argument("tracks", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sequences = sorted(p.stem for p in options.tracks.glob("*.txt") if (options.gt / p.stem).is_dir())
    cores = sorted(os.sched_getaffinity(0))[:2]
    times = {"TrackEval, one core": [], "vtrack, one core": [], "vtrack, two cores": [], "vtrack --version": []}

    with tempfile.TemporaryDirectory() as folder:
        layout = pathlib.Path(folder)
        (layout / "gt/MOT17-train").mkdir(parents=True)
        (layout / "trackers/MOT17-train/results/data").mkdir(parents=True)
        for name in sequences:
            (layout / "gt/MOT17-train" / name).symlink_to((options.gt / name).resolve())
            (layout / "trackers/MOT17-train/results/data" / f"{name}.txt").symlink_to(
                (options.tracks / f"{name}.txt").resolve())
        scores = layout / "scores.json"
        command = [
            options.vtrack, "score", "mot17", "--gt", str(options.gt), "--tracks", str(options.tracks), "--sequences",
            ",".join(sequences), "--metrics", "hota,clear,identity", "--json", str(scores)]
        evaluate = evaluator(folder, sequences)
        os.sched_setaffinity(0, cores[:1])
        evaluate()
        for _ in range(options.rounds):
            seconds, expected = evaluate()
            times["TrackEval, one core"].append(seconds)
            times["vtrack, one core"].append(process([*command, "--threads", "1"], cores[:1]))
            times["vtrack, two cores"].append(process([*command, "--threads", "2"], cores))
            times["vtrack --version"].append(process([options.vtrack, "--version"], cores[:1]))
        tracker, = json.loads(scores.read_text())["trackers"].values()
    found = [tracker["combined"][field] for field in ("HOTA", "MOTA", "IDF1")]
    print(f"{len(sequences)} sequences; HOTA, MOTA, IDF1: TrackEval {expected}, vtrack {found}")
    reference = times["TrackEval, one core"]
    for name, seconds in times.items():
        print(f"{name:20s} best {min(seconds):6.3f} s  median {statistics.median(seconds):6.3f} s  "
              f"{min(reference) / min(seconds):5.1f} x  {statistics.median(reference) / statistics.median(seconds):5.1f} x")
    return 0 if all(abs(a - b) < 1e-6 for a, b in zip(expected, found)) else 1


if __name__ == "__main__":
    sys.exit(main())
