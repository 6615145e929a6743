#!/usr/bin/env bash
# Measures the engine against ONNX Runtime and the assignment against SciPy, in turns in the same run.
#
#   PYTHON=/path/to/venv/bin/python scripts/bench.sh [ROUNDS]
#
# PYTHON (default python3) is for the peers: timm, torch, onnx and onnxruntime for the engine, numpy and scipy for the
# assignment. Where they are missing, vtrack is measured alone, beside the rate of oneDNN's bare matrix products.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
python=${PYTHON:-python3}
swift build --package-path Benchmarks -c release >&2
bin=$(swift build --package-path Benchmarks -c release --show-bin-path)

has() { "$python" -c "import $1" >/dev/null 2>&1; }

echo "== Network, f32, ms an image (matrix: oneDNN's products of one block, share: of that rate)"
if has "numpy, onnx, onnxruntime, timm, torch"; then
    "$python" scripts/bench-engines.py --rounds "$rounds" --threads "$(nproc)" --benchmark "$bin/EngineBenchmark"
else
    echo "$python has no onnxruntime, timm and torch: vtrack alone" >&2
    for arch in vit_base_patch16_224 vit_tiny_patch16_224; do
        "$bin/EngineBenchmark" --arch "$arch" --batch 8,16 --rounds "$rounds"
    done
fi

echo "== Assignment, 1000×1000"
if has "numpy, scipy.optimize"; then
    "$python" scripts/benchmark-assignment.py --rounds "$rounds" --benchmark "$bin/AssignmentBenchmark"
else
    echo "$python has no scipy: not measured" >&2
fi
