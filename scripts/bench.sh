#!/usr/bin/env bash
# Measures the engine against PyTorch, ONNX Runtime and OpenVINO, whole runs against a plain program in PyTorch, and the
# assignment against SciPy, in turns in the same run.
#
#   PYTHON=/path/to/venv/bin/python [PEERS=DIR DATA=DIR] [WEIGHTS=deit_tiny_patch16_224.safetensors] scripts/bench.sh [ROUNDS]
#
# PYTHON (default python3) is for the peers: timm, torch, onnx, safetensors, onnxruntime, openvino and nncf for the engine,
# numpy and scipy for the assignment. What is missing is not measured; without torch and timm, vtrack is measured alone,
# beside the rate of oneDNN's bare matrix products. Whole runs need PEERS and DATA, as bench-end-to-end.py says; WEIGHTS
# are DeiT-Tiny's, to compare the accuracy of precisions on (made-up pictures without DATA).
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
python=${PYTHON:-python3}
vtrack=.build/release/vtrack
swift build -c release --explicit-target-dependency-import-check error -Xswiftc -enable-testing --product vtrack >&2

has() { "$python" -c "import $1" >/dev/null 2>&1; }

echo "== Network, ms an image (share: of the rate of oneDNN's products of one block)"
if has "numpy, onnx, safetensors, timm, torch"; then
    "$python" scripts/bench-engines.py --rounds "$rounds" --vtrack "$vtrack"
    if [ -n "${WEIGHTS:-}" ]; then
        echo "== Accuracy of precisions, trained DeiT-Tiny"
        "$python" scripts/bench-engines.py --rounds "$rounds" --vtrack "$vtrack" --arch deit_tiny_patch16_224 --batch 16 \
            --model "$WEIGHTS" --accuracy ${DATA:+--images "$DATA/mot17"}
    fi
else
    echo "$python has no timm, torch, onnx and safetensors: vtrack alone" >&2
    for arch in vit_base_patch16_224 deit_tiny_patch16_224; do
        "$vtrack" bench --model "$arch" --batch 1,16 --rounds "$rounds"
    done
fi

if [ -n "${PEERS:-}" ] && [ -n "${DATA:-}" ]; then
    echo "== Whole runs"
    "$python" scripts/bench-end-to-end.py --peers "$PEERS" --data "$DATA" --rounds "$rounds" --vtrack "$vtrack"
fi

echo "== Assignment, 1000×1000"
if has "numpy, scipy.optimize"; then
    swift build --package-path Benchmarks -c release --product AssignmentBenchmark >&2
    bin=$(swift build --package-path Benchmarks -c release --show-bin-path)
    "$python" scripts/benchmark-assignment.py --rounds "$rounds" --benchmark "$bin/AssignmentBenchmark"
else
    echo "$python has no scipy: not measured" >&2
fi
