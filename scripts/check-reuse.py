#!/usr/bin/env python3
"""What `--reuse LEVELS` saves and what it costs: one table a clip and feature.

    python3 scripts/check-reuse.py VTRACK DATA [--levels 0.25 0.5 1 2 4 8] [--deltas 1,2,4,10]

DeiT-Tiny on DATA/video: MOT17-04's first eight frames (a camera that stands still, people who walk) with their ground
truth, and the first 60 frames of bedroom.mp4 (a camera that stands still) with the boxes of make-bedroom-boxes.py. ffmpeg
cuts that clip. Tiles: computed of those that boxes read. Correct: of all queries at those gaps, the right box was nearest.
Cosine: of a box's vector to its vector without --reuse, median and minimum."""
import argparse, json, pathlib, struct, subprocess, sys, tempfile
from array import array

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("vtrack")
parser.add_argument("data")
parser.add_argument("--levels", nargs="+", default=["0.25", "0.5", "1", "2", "4", "8"])
parser.add_argument("--deltas", default="1,2,4,10")
parser.add_argument("--frames", type=int, default=60, help="frames of bedroom.mp4")
arguments = parser.parse_args()
video = pathlib.Path(arguments.data) / "video"
model = pathlib.Path(arguments.data) / "weights" / "deit_tiny_patch16_224.safetensors"


def vectors(path):
    """The rows of the file's widest tensor of single-precision numbers."""
    content = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + size])
    tensor = max((entry for name, entry in header.items() if name != "__metadata__" and entry["dtype"] == "F32"),
                 key=lambda entry: entry["data_offsets"][1] - entry["data_offsets"][0])
    start, end = tensor["data_offsets"]
    values = array("f", content[8 + size + start:8 + size + end])
    width = tensor["shape"][-1]
    return [values[place:place + width] for place in range(0, len(values), width)]


def cosine(a, b):
    product = sum(x * y for x, y in zip(a, b))
    return product / max(sum(x * x for x in a) * sum(y * y for y in b), 1e-30) ** 0.5


with tempfile.TemporaryDirectory() as folder:
    boxes, clip = f"{folder}/boxes.txt", f"{folder}/bedroom.mp4"
    with open(boxes, "w") as file:
        subprocess.run([sys.executable, pathlib.Path(__file__).parent / "make-bedroom-boxes.py", "--frames",
                        str(arguments.frames)], stdout=file, check=True)
    subprocess.run(["ffmpeg", "-v", "error", "-i", video / "bedroom.mp4", "-map", "0:v:0", "-c", "copy", "-frames:v",
                    str(arguments.frames + 4), clip], check=True)
    clips = {"MOT17-04, 8 frames": (video / "MOT17-04_frames1-8.mp4", video / "MOT17-04_frames1-8.gt.txt"),
             f"bedroom, {arguments.frames} frames": (clip, boxes)}
    for title, (source, truth) in clips.items():
        for feature in (["--layer", "last", "--pool", "mean"], ["--layer", "3", "--pool", "grid3"]):
            print(f"{title}, {' '.join(feature)}")
            print(f"{'levels':>8}{'tiles':>14}{'embed s':>9}{'correct':>14}{'cosine: median':>16}{'minimum':>9}")
            exact = None
            for level in [None] + arguments.levels:
                out = f"{folder}/features.safetensors"
                command = [arguments.vtrack, "run", source, "--boxes", truth, "--model", model, "--out", "/dev/null", "-q",
                           "--progress", "none", "--report", f"{folder}/r.json", "--features", out, "--deltas",
                           arguments.deltas, *feature]
                subprocess.run(command + (["--reuse", level] if level else []), check=True, stdout=subprocess.DEVNULL)
                report = json.load(open(f"{folder}/r.json"))
                found = vectors(out)
                exact = exact or found
                cosines = sorted(cosine(a, b) for a, b in zip(exact, found))
                tiles = report["tiles"]
                computed, read = tiles["embedded"], tiles["embedded"] + tiles["reused"]
                correct = sum(round((row["top1"] or 0) * row["queries"]) for row in report["retrieval"])
                queries = sum(row["queries"] for row in report["retrieval"])
                print(f"{level or 'off':>8}{f'{computed}/{read}':>14}{report['seconds']['embed']:9.2f}"
                      f"{f'{correct}/{queries}':>14}{cosines[len(cosines) // 2]:16.5f}{cosines[0]:9.5f}")
            print()
