#!/usr/bin/env python3
"""The table of what was verified against what, for docs/models.md.

    VTRACK_PRINT_ERRORS=1 swift test … --filter FamilyGoldenTests | python3 scripts/families-table.py \\
        Tests/FeaturesTests/Fixtures/families/cases.json"""
import json, re, sys

FORMATS = dict(safetensors="safetensors", pth="pth", bin="bin", npz="npz", pt="TorchScript")
errors = {}
for line in sys.stdin:
    if found := re.search(r"FAMILY (tile|wide) (\S+) (\S+)", line):
        errors.setdefault(found[2], {})[found[1]] = float(found[3])
rows = {}
with open(sys.argv[1]) as file:
    for case in json.load(file):
        parts = case["file"].split("/")
        format = FORMATS[case["file"].rsplit(".", 1)[-1]]
        detail = parts[1] if len(parts) == 3 else ""
        what = {"modules": "modules"}.get(detail.rsplit("-", 1)[-1], "")
        row = rows.setdefault((parts[0], case["reference"]), dict(kinds=set(), tile=0.0, wide=None))
        row["kinds"].add(" ".join(filter(None, [format, what and f"({what})"])))
        found = errors[case["file"]]
        row["tile"] = max(row["tile"], found["tile"])
        if "wide" in found:
            row["wide"] = max(row["wide"] or 0, found["wide"])
print("| family | reference | files | largest error | stretched |\n|---|---|---|---|---|")
for (family, reference), row in sorted(rows.items()):
    wide = "—" if row["wide"] is None else f"{row['wide']:.1e}"
    print(f"| {family} | {reference} | {', '.join(sorted(row['kinds']))} | {row['tile']:.1e} | {wide} |")
