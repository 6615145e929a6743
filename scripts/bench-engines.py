#!/usr/bin/env python3
"""vtrack's engine against ONNX Runtime, interleaved, on random weights of the same architecture.

    python3 scripts/bench-engines.py [--arch vit_base_patch16_224 …] [--batch 8 16] [--rounds 5] [--threads 2]
        [--benchmark Benchmarks/.build/release/EngineBenchmark]

Needs timm, torch, onnx and onnxruntime (pip install timm onnx onnxruntime) and a release build of Benchmarks/.
Every round runs both engines one after the other, in changing order, so that both see the same machine; the ratio is
the median over the rounds of (ONNX Runtime's time / vtrack's time), each the best of a few runs of that round.
Where the machine is shared, wall-clock times of single rounds mean little; the CPU columns count the processor
seconds that each engine used per image instead, divided by the threads."""
import argparse, json, os, resource, statistics, subprocess, tempfile, time, warnings

warnings.filterwarnings("ignore")
parser = argparse.ArgumentParser()
parser.add_argument("--arch", nargs="+", default=["vit_base_patch16_224", "vit_tiny_patch16_224"])
parser.add_argument("--batch", nargs="+", type=int, default=[8, 16])
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--runs", type=int, default=2, help="runs of each engine in a round; the best counts")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--benchmark", default="Benchmarks/.build/release/EngineBenchmark")
arguments = parser.parse_args()

import numpy, onnxruntime, timm, torch

torch.manual_seed(0)


def onnx_session(arch):
    model = timm.create_model(arch, pretrained=False, num_classes=0, global_pool="").eval()
    side = model.patch_embed.img_size[0]
    path = os.path.join(tempfile.mkdtemp(), "model.onnx")
    torch.onnx.export(model, torch.randn(2, 3, side, side), path, input_names=["x"], output_names=["y"],
                      dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}}, opset_version=17, dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]), side


def cpu(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


print(f"{'model':24s} {'batch':>5s} {'vtrack':>9s} {'ORT':>9s} {'ratio':>7s} {'vtrack CPU':>11s} {'ORT CPU':>9s} "
      f"{'ratio':>7s} {'GFLOP/s':>8s} {'matrix':>8s} {'share':>6s}")
for arch in arguments.arch:
    session, side = onnx_session(arch)
    for batch in arguments.batch:
        x = numpy.random.randn(batch, 3, side, side).astype(numpy.float32)
        session.run(None, {"x": x})
        rows = []
        for number in range(arguments.rounds):
            row = {}

            def run_onnx():
                times, processor = [], []
                for _ in range(arguments.runs):
                    start, before = time.perf_counter(), cpu(resource.RUSAGE_SELF)
                    session.run(None, {"x": x})
                    times.append((time.perf_counter() - start) / batch * 1e3)
                    processor.append((cpu(resource.RUSAGE_SELF) - before) / batch / arguments.threads * 1e3)
                row["onnx"], row["onnx_cpu"] = min(times), min(processor)

            def run_vtrack():
                found = subprocess.run(
                    [arguments.benchmark, "--arch", arch, "--batch", str(batch), "--threads", str(arguments.threads),
                     "--rounds", str(arguments.runs), "--json"], check=True, capture_output=True, text=True)
                row["vtrack"] = json.loads(found.stdout)

            for run in (run_onnx, run_vtrack) if number % 2 else (run_vtrack, run_onnx):
                run()
            rows.append(row)

        def middle(value):
            return statistics.median(value(row) for row in rows)

        best = lambda key: min(row["vtrack"][key] for row in rows)
        print(f"{arch:24s} {batch:5d} {best('best_ms'):9.2f} {min(r['onnx'] for r in rows):9.2f} "
              f"{middle(lambda r: r['onnx'] / r['vtrack']['best_ms']):7.3f} {best('best_cpu_ms'):11.2f} "
              f"{min(r['onnx_cpu'] for r in rows):9.2f} {middle(lambda r: r['onnx_cpu'] / r['vtrack']['best_cpu_ms']):7.3f} "
              f"{max(r['vtrack']['gflops'] for r in rows):8.1f} {max(r['vtrack']['matrix_gflops'] for r in rows):8.1f} "
              f"{middle(lambda r: r['vtrack']['share']):6.3f}", flush=True)
