#!/usr/bin/env bash
# Tracks the demo clip by motion alone and with the model that ships, scores both, and checks that the model is worth its
# forward passes there: higher HOTA and IDF1, and the walker who leaves and comes back (id 3) keeps its track:
# scripts/check-demo.sh VTRACK
set -euo pipefail
vtrack=$(realpath "${1:-.build/release/vtrack}")
cd "$(dirname "$0")/.."

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/motion" "$out/model"
run() { "$vtrack" run demo/demo.mp4 --boxes demo/gt/gt.txt --classes 1,3 --no-retrieval --quiet --out "$@"; }
run "$out/motion/DEMO.txt" --model none
run "$out/model/DEMO.txt"
"$vtrack" score mot17 --gt demo/scoring --tracks "$out/motion" "$out/model" >"$out/scores"

# figure TABLE TRACKER: the first figure of a tracker's row in a table, which is what the table is called for.
figure() { awk -v table="$1" -v name="$2" '$2 ~ /^[A-Z]/ { on = $1 == table } on && $1 == name { print $2 }' "$out/scores"; }
# walker TRACKER: the tracks that id 3 has, in the order in which it gets them. Boxes of tracks are those of the truth.
walker() {
    awk -F, '{ key = $1 "," $3 + 0 "," $4 + 0 "," $5 + 0 "," $6 + 0 }
        NR == FNR { if ($2 == 3) truth[key] = 1; next }
        key in truth && $2 != last { printf "%s%s", last == "" ? "" : " ", $2; last = $2 }' \
        demo/gt/gt.txt "$out/$1/DEMO.txt"
}

printf '%-8s %8s %8s  %s\n' '' HOTA IDF1 'tracks of the walker who comes back'
for name in motion model; do
    printf '%-8s %8s %8s  %s\n' "$name" "$(figure HOTA $name)" "$(figure Identity $name)" "$(walker $name)"
done

status=0
fail() { echo "check-demo: $*" >&2; status=1; }
above() { awk -v a="$(figure "$1" model)" -v b="$(figure "$1" motion)" 'BEGIN { exit !(a > b) }'; }
above HOTA || fail "HOTA with the model is not above that of motion alone"
above Identity || fail "IDF1 with the model is not above that of motion alone"
[[ "$(walker model)" =~ ^[0-9]+$ ]] || fail "the walker who comes back gets another track"
[ "$status" = 0 ] && echo "the model finds the walker again, and is above motion alone in HOTA and IDF1"
exit "$status"
