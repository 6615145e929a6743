#!/usr/bin/env bash
# Searches the tracker's numbers on MOT17 and says what tuning is worth on sequences that the search has not seen.
#
#   scripts/tune-tracker.sh DATA [search ROUNDS SEED | leave-one-out ROUNDS SEED | evaluate [KEY=VALUE …] | write OUT]
#
# DATA holds mot17-gt/ (SEQ/gt/gt.txt, SEQ/seqinfo.ini) and mot17/ (SEQ/det/det.txt). Without a command: leave-one-out
# with the rounds and the seed of the figures in docs/tracker.md. `write` writes tracks that association.py score reads.
set -euo pipefail
data=${1:?usage: scripts/tune-tracker.sh DATA [COMMAND …]}
shift
[ $# -gt 0 ] || set -- leave-one-out 150 1
command=$1
shift
cd "$(dirname "$0")/.."
swift build --package-path Benchmarks -c release --product TuneTracker
exec Benchmarks/.build/release/TuneTracker "$command" "$data" "$@"
