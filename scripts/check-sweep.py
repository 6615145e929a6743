#!/usr/bin/env python3
"""Checks that one sweep gives the table of layers and poolings in docs/features.md.

  scripts/check-sweep.py VTRACK DATA

VTRACK: the binary. DATA: the folder with mot17/, bdd100k/ and weights/. Needs nothing but Python.

Every cell (layer, pooling, sequence, gap) may differ by two queries from scripts/sweep-reference.json, which an
independent PyTorch implementation made (scripts/make-golden-sweep.py): it resizes frames by another filter.
Prints the sums over the gaps of 1, 2 and 4 frames by sequence, MOT17-05 + MOT17-10 + the BDD100K clip, as the table has them.
Exits 1 if a cell is off, or if a frame went through the network twice.
"""
import json, pathlib, subprocess, sys, tempfile

VTRACK, DATA = sys.argv[1], pathlib.Path(sys.argv[2])
REFERENCE = json.loads(pathlib.Path(__file__).with_name("sweep-reference.json").read_text())
LAYERS = sorted({name.split()[0] for name in REFERENCE["cells"]})


def sweep(sources):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "sweep.json"
        subprocess.run(
            [VTRACK, "sweep", *(str(DATA / source) for source in sources),
             "--model", str(DATA / "weights/deit_tiny_patch16_224.safetensors"), "--tokens", "output,keys",
             "--layers", ",".join(layer for layer in LAYERS if "+" not in layer),
             "--joins", ",".join(layer for layer in LAYERS if "+" in layer),
             "--pools", "mean,grid3", "--transforms", "none", "--similarities", "cosine",
             "--deltas", ",".join(map(str, REFERENCE["deltas"])), "--out", str(out), "--quiet"], check=True)
        return json.loads(out.read_text())


def cells(report):
    return {f"{'+'.join(map(str, c['layers']))} {c['token']} {c['pool']}": c for c in report["configurations"]}


failed = False
together = sweep(REFERENCE["sources"])
alone = [sweep([source]) for source in REFERENCE["sources"]]
for report, expected in zip(alone, REFERENCE["queries"]):
    failed |= [delta["queries"] for delta in report["deltas"]] != expected
    failed |= report["frames_embedded"] > report["frames"]
failed |= together["frames_embedded"] > together["frames"]
print(f"{sum(delta['queries'] for delta in together['deltas'])} queries, {together['frames_embedded']} passes for "
      f"{together['frames']} frames")
for name, expected in REFERENCE["cells"].items():
    found = [cells(report)[name]["top1"] for report in alone]
    worst = max(abs(a - b) for x, y in zip(found, expected) for a, b in zip(x, y))
    sums, wanted = [sum(x) for x in found], [sum(y) for y in expected]
    # One sweep over all sequences counts what a sweep of each counts.
    agrees = cells(together)[name]["top1_by_sequence"] == sums
    failed |= worst > 2 or not agrees
    print(f"{name:24} {'+'.join(map(str, sums)):>12} = {sum(sums)}  reference {'+'.join(map(str, wanted)):>12} = "
          f"{sum(wanted)}  largest difference of a cell {worst}{'' if worst <= 2 and agrees else '  OFF'}")
sys.exit(failed)
