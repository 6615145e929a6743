#!/usr/bin/env python3
"""`vtrack run` against a plain program in PyTorch, in turns, and what each measure contributes; one table a clip.

    python3 scripts/bench-end-to-end.py --peers DIR --data DIR [--rounds 5] [--vtrack .build/release/vtrack]
        [--arch vit_base_patch16_224] [--clips mot17 bedroom] [--frames 20] [--rows NAME …] [--json FILE]

DIR of --peers holds oracle.py, which decodes, tiles, embeds and pools in single precision, dense, one frame after the
other; it needs torch, torchvision, timm, av, pillow and safetensors. DATA/video holds MOT17-04_frames1-8.mp4 with
MOT17-04_frames1-8.gt.txt, and bedroom.mp4, whose boxes make-bedroom-boxes.py makes and of which the first --frames are used.
ffmpeg cuts that clip. Both sides load the same random weights, which oracle.py saves.

Seconds are medians over the rounds; every round runs everything, starting with another row. Speed-up is the median over
the rounds of the oracle's seconds over vtrack's. The oracle's clock starts when its model is loaded, so vtrack's seconds are
without loading too; "with load" is the ratio with vtrack's loading counted all the same. "same layer": against the oracle stopped
at that layer. Hidden: seconds of decoding,
embedding, pooling and association beyond the total, that is, what their overlap saved at least. Tiles: embedded of all.
Retrieval is correct/pairs by frame gap, from runs of their own that are not timed."""
import argparse, json, os, pathlib, statistics, subprocess, sys, tempfile

EARLY = ["--layer", "3", "--pool", "grid3"]
# Name, arguments, whether it stops at layer 3.
ROWS = [
    ("f32, all", ["--precision", "f32", "--compute", "all"], False),
    ("f32, tiles read", ["--precision", "f32", "--compute", "tiles"], False),
    ("f32", ["--precision", "f32"], False),
    ("bf16", ["--precision", "bf16"], False),
    ("int8", ["--precision", "int8"], False),
    ("auto", ["--precision", "auto"], False),
    ("f32, all, layer 3", ["--precision", "f32", "--compute", "all"], True),
    ("f32, tiles read, layer 3", ["--precision", "f32", "--compute", "tiles"], True),
    ("f32, layer 3", ["--precision", "f32"], True),
    ("auto, layer 3", ["--precision", "auto"], True),
]
DELTAS = [1, 2, 4]

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--peers", required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--vtrack", default=".build/release/vtrack")
parser.add_argument("--arch", default="vit_base_patch16_224")
parser.add_argument("--clips", nargs="+", default=["mot17", "bedroom"], choices=["mot17", "bedroom"])
parser.add_argument("--frames", type=int, default=20, help="frames of bedroom.mp4")
parser.add_argument("--rows", nargs="+", default=[name for name, _, _ in ROWS], help="only these rows of the table")
parser.add_argument("--json", help="write everything that was measured here")
arguments = parser.parse_args()
rows = [row for row in ROWS if row[0] in arguments.rows]
if len(rows) != len(arguments.rows): parser.error("--rows: known are " + ", ".join(name for name, _, _ in ROWS))
oracle = str(pathlib.Path(arguments.peers) / "oracle.py")
video = pathlib.Path(arguments.data) / "video"
here = pathlib.Path(__file__).parent


def run(command):
    """Runs a command and returns its complaint or None, and its peak resident memory in MB."""
    with tempfile.TemporaryFile(mode="w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        lines = log.read().strip().split("\n")
        complaint = next((line for line in lines if "rror" in line), lines[-1]) if process.returncode else None
        return complaint, usage.ru_maxrss / 1024


class Row:
    """One line of a clip's table."""

    def __init__(self, name, layer3):
        self.name, self.layer3, self.seconds, self.loading, self.peak = name, layer3, [], [], 0
        self.report, self.retrieval = None, {}

    @property
    def stages(self): return {key: value for key, value in self.report["seconds"].items() if key in
                              ("decode", "embed", "pool", "associate")}


def oracle_turn(row, clip, folder, weights):
    out = f"{folder}/oracle.json"
    command = [sys.executable, oracle, clip["oracle"], "--boxes", clip["boxes"], "--arch", arguments.arch, "--out", out,
               "--deltas", ",".join(map(str, DELTAS)), "--max-frames", str(clip["frames"])]
    command += ["--weights", weights] if os.path.exists(weights) else ["--save-weights", weights]
    complaint, peak = run(command + (EARLY if row.layer3 else []))
    if complaint: sys.exit(f"{row.name}: {complaint}")
    row.report = json.load(open(out))
    row.seconds.append(row.report["seconds"])
    row.peak = max(row.peak, peak)
    row.retrieval = {int(delta): (found["correct"], found["pairs"]) for delta, found in row.report["retrieval"].items()}


def vtrack_turn(row, options, clip, folder, weights, timed=True):
    out = f"{folder}/vtrack.json"
    command = [arguments.vtrack, "run", clip["vtrack"], "--boxes", clip["boxes"], "--model", weights, "--out", "/dev/null",
               "--progress", "none", "-q", "--report", out]
    command += ["--no-retrieval"] if timed else ["--deltas", ",".join(map(str, DELTAS))]
    complaint, peak = run(command + options + (EARLY if row.layer3 else []))
    if complaint: return complaint
    report = json.load(open(out))
    if timed:
        row.report = report
        row.seconds.append(report["seconds"]["total"] - report["seconds"]["load"])
        row.loading.append(report["seconds"]["load"])
        row.peak = max(row.peak, peak)
    else:
        row.retrieval = {found["delta"]: (round((found["top1"] or 0) * found["queries"]), found["queries"])
                         for found in report["retrieval"]}
    return None


def table(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(line, widths))).rstrip())


def ratio(reference, row): return statistics.median(a / b for a, b in zip(reference.seconds, row.seconds))


def ratio_loaded(reference, row):
    return statistics.median(a / (b + c) for a, b, c in zip(reference.seconds, row.seconds, row.loading))


everything = []
with tempfile.TemporaryDirectory() as folder:
    boxes = f"{folder}/bedroom.txt"
    clips = {}
    if "mot17" in arguments.clips:
        clip = str(video / "MOT17-04_frames1-8.mp4")
        clips["MOT17-04_frames1-8.mp4"] = {"oracle": clip, "vtrack": clip, "frames": 8,
                                           "boxes": str(video / "MOT17-04_frames1-8.gt.txt")}
    if "bedroom" in arguments.clips:
        with open(boxes, "w") as file:
            subprocess.run([sys.executable, here / "make-bedroom-boxes.py", "--frames", str(arguments.frames)],
                           stdout=file, check=True)
        # A few frames more than are used: packets are in the order of decoding.
        subprocess.run(["ffmpeg", "-v", "error", "-i", video / "bedroom.mp4", "-map", "0:v:0", "-c", "copy", "-frames:v",
                        str(arguments.frames + 4), f"{folder}/bedroom.mp4"], check=True)
        clips[f"bedroom.mp4, {arguments.frames} frames"] = {
            "oracle": str(video / "bedroom.mp4"), "vtrack": f"{folder}/bedroom.mp4", "frames": arguments.frames,
            "boxes": boxes}
    weights = f"{folder}/weights.safetensors"
    for title, clip in clips.items():
        full, early = Row("oracle.py (PyTorch f32)", False), Row("oracle.py, layer 3", True)
        turns = [(full, None)] + ([(early, None)] if any(layer3 for _, _, layer3 in rows) else [])
        turns += [(Row(name, layer3), options) for name, options, layer3 in rows]
        for number in range(arguments.rounds):
            print(f"{title}: round {number + 1} of {arguments.rounds}", file=sys.stderr)
            # The very first run makes the weights.
            for index in range(len(turns)):
                row, options = turns[(index + number) % len(turns)]
                if row.report is None and number > 0: continue
                if options is None: oracle_turn(row, clip, folder, weights)
                else:
                    complaint = vtrack_turn(row, options, clip, folder, weights)
                    if complaint: print(f"{row.name} not measured: {complaint}", file=sys.stderr)
        turns = [(row, options) for row, options in turns if row.seconds]
        for row, options in turns:
            if options is not None: vtrack_turn(row, options, clip, folder, weights, timed=False)
        lines = [["", "s", "ms/frame", "speed-up", "with load", "same layer", "precision", "tiles", "load s", "decode s", "embed", "hidden", "MB"]
                 + [f"Δ{delta}" for delta in DELTAS]]
        for row, options in turns:
            seconds = statistics.median(row.seconds)
            line = [row.name, f"{seconds:.2f}", f"{seconds / clip['frames'] * 1e3:.1f}", f"{ratio(full, row):.2f}",
                    f"{ratio_loaded(full, row):.2f}" if row.loading else ""]
            line.append(f"{ratio(early, row):.2f}" if row.layer3 else "")
            if options is None: line += ["f32", "", "", "", "", ""]
            else:
                tiles = row.report.get("tiles")
                total = sum(tiles.values()) if tiles else 0
                stages = row.stages
                line += [row.report["model"]["precision"], f"{tiles['embedded']}/{total}" if tiles else "",
                         f"{row.report['seconds']['load']:.2f}", f"{stages['decode']:.2f}", f"{stages['embed']:.2f}",
                         f"{max(0, sum(stages.values()) + row.report['seconds']['load'] - row.report['seconds']['total']):.2f}"]
            line.append(f"{row.peak:.0f}")
            line += ["{}/{}".format(*row.retrieval[delta]) if delta in row.retrieval else "–" for delta in DELTAS]
            lines.append(line)
            everything.append({"clip": title, "row": row.name, "rounds_s": row.seconds, "load_s": row.loading, "seconds": seconds,
                               "speed_up": ratio(full, row),
                               "speed_up_with_load": ratio_loaded(full, row) if row.loading else None, "peak_memory_mb": row.peak, "retrieval": row.retrieval,
                               "report": row.report if options is not None else None})
        print(f"{title}, {arguments.arch}, medians of {arguments.rounds} rounds")
        table(lines)
        print(flush=True)
if arguments.json:
    pathlib.Path(arguments.json).write_text(json.dumps({"arch": arguments.arch, "measurements": everything}, indent=1) + "\n")
