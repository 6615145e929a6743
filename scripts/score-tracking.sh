#!/usr/bin/env bash
# Tracks the ground-truth boxes and the public boxes of the MOT17 training sequences by motion alone, runs the public
# trackers on the same boxes, and scores all of them with TrackEval.
#
#   scripts/score-tracking.sh VTRACK PEERS DATA OUT
#
# VTRACK: the binary. PEERS: the folder with association.py. DATA: the folder with mot17/ and mot17-gt/. OUT: results.
# PYTHON (default python3) must have trackers, supervision and trackeval. CONFIG is passed as --config where set.
set -euo pipefail
vtrack=$1 peers=$2 data=$3 out=$4
python=${PYTHON:-python3}
config=(${CONFIG:+--config "$CONFIG"})
mkdir -p "$out"

for kind in gt public; do
    folder="$out/$kind"
    mkdir -p "$folder/vtrack/data"
    if [ "$kind" = gt ]; then boxes_of() { echo "$data/mot17-gt/$1/gt/gt.txt"; }; else
        boxes_of() { echo "$data/mot17/$1/det/det.txt"; }
    fi
    frames=0 associate=0
    start=$(date +%s.%N)
    for sequence in "$data"/mot17-gt/*/seqinfo.ini; do
        name=$(basename "$(dirname "$sequence")")
        "$vtrack" track --boxes "$(boxes_of "$name")" --out "$folder/vtrack/data/$name.txt" --quiet \
            --report "$folder/$name.json" "${config[@]}" >/dev/null
    done
    end=$(date +%s.%N)
    read -r frames associate < <("$python" - "$folder" <<'PY'
import glob, json, sys
reports = [json.load(open(p)) for p in glob.glob(sys.argv[1] + "/*.json")]
print(sum(r["frames"] for r in reports), sum(r["seconds"]["associate"] for r in reports))
PY
    )
    awk -v f="$frames" -v a="$associate" -v s="$start" -v e="$end" -v k="$kind" 'BEGIN {
        printf "%s boxes, vtrack: %d frames, association %.0f frames/s, whole processes %.0f frames/s\n", k, f, f/a, f/(e-s) }'
    "$python" "$peers/association.py" run "$data/mot17-gt" "$folder" --boxes "$kind" --det-root "$data/mot17"
    "$python" "$peers/association.py" score "$data/mot17-gt" "$folder"
done
