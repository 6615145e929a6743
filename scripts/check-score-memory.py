#!/usr/bin/env python3
"""Scores 200 generated sequences of 1,000 frames with 50 boxes and prints time and peak memory of `vtrack score`.

    python3 scripts/check-score-memory.py [VTRACK] [--sequences 200] [--limit-mb 500]

Fails where the peak is above the limit. One thread a processor, as by default: each holds one sequence.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time


def rows(rng, frames, boxes):
    """Ground truth and result: objects that walk, and a tracker that misses a tenth and renames now and then."""
    truth, result = [], []
    for number in range(1, boxes + 1):
        x, y = rng.uniform(0, 1800), rng.uniform(0, 1000)
        track = number
        for frame in range(1, frames + 1):
            x, y = x + rng.uniform(-3, 3), y + rng.uniform(-2, 2)
            truth.append(f"{frame},{number},{x:.2f},{y:.2f},40,90,1,1,1\n")
            if rng.random() < 0.002:
                track += boxes
            if rng.random() > 0.1:
                result.append(f"{frame},{track},{x + rng.gauss(0, 3):.2f},{y + rng.gauss(0, 3):.2f},41,88,0.9,-1,-1,-1\n")
    return "".join(truth), "".join(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vtrack", nargs="?", default=".build/release/vtrack")
    parser.add_argument("--sequences", type=int, default=200)
    parser.add_argument("--limit-mb", type=float, default=500)
    options = parser.parse_args()
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        # A few different sequences are enough: the others are links to them.
        made = [rows(rng, 1000, 50) for _ in range(4)]
        (root / "tracks").mkdir()
        for index in range(options.sequences):
            name = f"S-{index:03d}"
            (root / "gt" / name / "gt").mkdir(parents=True)
            (root / "gt" / name / "seqinfo.ini").write_text("[Sequence]\nseqLength=1000\nframeRate=30\n")
            for kind, path in ((0, root / "gt" / name / "gt" / "gt.txt"), (1, root / "tracks" / f"{name}.txt")):
                if index < len(made):
                    path.write_text(made[index][kind])
                else:
                    first = f"S-{index % len(made):03d}"
                    path.hardlink_to(root / "gt" / first / "gt" / "gt.txt" if kind == 0 else root / "tracks" / f"{first}.txt")
        command = [options.vtrack, "score", "mot17", "--gt", str(root / "gt"), "--tracks", str(root / "tracks"),
                   "--json", str(root / "scores.json"), "-q"]
        started = time.time()
        process = subprocess.Popen(command)
        peak = 0
        while process.poll() is None:
            try:
                for line in open(f"/proc/{process.pid}/status"):
                    if line.startswith("VmHWM:"):
                        peak = max(peak, int(line.split()[1]) / 1024)
            except OSError:
                pass
            time.sleep(0.01)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        print(f"{options.sequences} sequences: {time.time() - started:.1f} s, peak {peak:.0f} MB (limit {options.limit_mb:.0f})")
        sys.exit(peak > options.limit_mb)


if __name__ == "__main__":
    main()
