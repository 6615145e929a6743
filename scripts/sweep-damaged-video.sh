#!/usr/bin/env bash
# The full sweep of damaged videos: SEEDS (default 500) seeds a cell, mp4/mkv/ts × 3 amounts of damage × header bytes
# protected or not. Takes about a quarter of an hour on two cores. The usual tests run 10 seeds a cell.
set -euo pipefail
cd "$(dirname "$0")/.."
VTRACK_SWEEP_SEEDS=${1:-500} make test TEST_FILTER=DamagedVideoTests
