#!/bin/sh
# Builds the benchmarks and compares the engine with ONNX Runtime, interleaved; arguments go to bench-engines.py.
#
#   PYTHON=/path/to/venv/bin/python scripts/bench-engines.sh --batch 8 16 --rounds 5
#
# $PYTHON (default python3) needs torch, timm, onnx and onnxruntime.
set -eu
cd "$(dirname "$0")/.."
swift build --package-path Benchmarks -c release >&2
exec "${PYTHON:-python3}" scripts/bench-engines.py \
    --benchmark "$(swift build --package-path Benchmarks -c release --show-bin-path)/EngineBenchmark" "$@"
