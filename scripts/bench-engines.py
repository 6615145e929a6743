#!/usr/bin/env python3
"""vtrack's engine against PyTorch, ONNX Runtime and OpenVINO on the same weights, in turns; one table of ratios.

    python3 scripts/bench-engines.py [--arch vit_base_patch16_224 deit_tiny_patch16_224] [--batch 1 16] [--rounds 5]
        [--threads 2] [--precisions f32 bf16 int8] [--engines torch onnxruntime openvino] [--vtrack .build/release/vtrack]
        [--model W.safetensors] [--accuracy [--images FOLDER]] [--json FILE]

Needs timm, torch, onnx and safetensors, and of the peers those that are to be measured: onnxruntime, openvino, and nncf
for OpenVINO's int8 (pip install timm onnx onnxscript safetensors onnxruntime openvino nncf). The weights are timm's random
ones, or --model's (one --arch then); both sides load the same.

Every engine, precision and batch is a process of its own, which loads once and then waits to be told to run, so that its
memory is its own. One computes at a time, with a pause before each so that spinning threads of the one before do not
disturb it; every round goes through all of them, starting with another one each time. In a round an engine runs for a
quarter of a second or once, whichever is longer, and the median counts. A ratio is the median over the rounds of (peer's
time / vtrack's time in the same round): above 1, vtrack is faster. MB: peak resident memory of the process; for the
peers with Python, which takes what the last line says. Share: of the rate of oneDNN's bare products of one block, measured
in vtrack's turn.

int8 is OpenVINO quantised by NNCF (transformer preset) and ONNX Runtime quantised dynamically. --accuracy also compares
each engine's tokens with those of its own f32 on 16 pictures (224×224 crops of FOLDER's pictures, others of which NNCF
is calibrated on; without --images made-up ones)."""
import argparse, json, os, pathlib, statistics, subprocess, sys, tempfile, time

PEERS = [("torch", "f32"), ("torch", "bf16"), ("onnxruntime", "f32"), ("onnxruntime", "int8"), ("openvino", "f32"),
         ("openvino", "bf16"), ("openvino", "int8")]
NAMES = {"torch": "PyTorch", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}
PICTURES, CALIBRATION = 16, 64

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--arch", nargs="+", default=["vit_base_patch16_224", "deit_tiny_patch16_224"])
parser.add_argument("--batch", nargs="+", type=int, default=[1, 16])
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--precisions", nargs="+", default=["f32", "bf16", "int8"], choices=["f32", "bf16", "int8"])
parser.add_argument("--engines", nargs="*", default=list(NAMES), choices=list(NAMES))
parser.add_argument("--vtrack", default=".build/release/vtrack")
parser.add_argument("--model", help="safetensors weights of the one --arch, in timm's names")
parser.add_argument("--accuracy", action="store_true")
parser.add_argument("--images", help="folder of .jpg or .png pictures for --accuracy and for NNCF's calibration")
parser.add_argument("--pause", type=float, default=0.3, help="seconds before each engine's turn")
parser.add_argument("--json", help="write everything that was measured here")
parser.add_argument("--role", choices=["prepare", "serve", "tokens"], help=argparse.SUPPRESS)
parser.add_argument("--engine", help=argparse.SUPPRESS)
parser.add_argument("--precision", help=argparse.SUPPRESS)
parser.add_argument("--folder", help=argparse.SUPPRESS)
arguments = parser.parse_args()
if arguments.model and len(arguments.arch) != 1: parser.error("--model goes with one --arch")


def status(name, pid="self"):
    """A figure of a process's memory, in MB."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(name + ":"): return int(line.split()[1]) / 1024
    return float("nan")


# What a child process does: everything below `folder`, one architecture and batch.

def quiet():
    import logging, warnings
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)


def network():
    import timm, torch
    from safetensors.torch import load_file
    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    model = timm.create_model(arguments.arch[0], pretrained=False, num_classes=0, global_pool="").eval()
    if arguments.model:
        state = {key: value for key, value in load_file(arguments.model).items() if not key.startswith("head")}
        missing, _ = model.load_state_dict(state, strict=False)
        if missing: sys.exit(f"{arguments.model} lacks {missing[:3]}")
    return model


def pictures(count, skip, side):
    """Crops as (count, side, side, 3) bytes: of --images, else waves and noise."""
    import numpy
    random = numpy.random.default_rng(0)
    found = []
    if arguments.images:
        from PIL import Image
        paths = sorted(p for p in pathlib.Path(arguments.images).rglob("*") if p.suffix in (".jpg", ".png"))
        if not paths: sys.exit(f"no .jpg or .png in {arguments.images}")
        paths = [paths[i * len(paths) // (PICTURES + CALIBRATION)] for i in range(PICTURES + CALIBRATION)]
        for path in paths:
            image = Image.open(path).convert("RGB")
            if min(image.size) < side: image = image.resize((max(side, image.width), max(side, image.height)))
            x, y = (int(random.integers(0, length - side + 1)) for length in image.size)
            found.append(numpy.asarray(image)[y:y + side, x:x + side])
    else:
        y, x = numpy.mgrid[0:side, 0:side]
        for _ in range(PICTURES + CALIBRATION):
            waves = [sum(numpy.sin(x * a + y * b + c) for a, b, c in random.uniform(-0.3, 0.3, (4, 3)) * (1, 1, 10))
                     for _ in range(3)]
            noise = random.normal(0, 6, (side, side, 3))
            found.append((128 + 35 * numpy.stack(waves, 2) + noise).clip(0, 255).astype(numpy.uint8))
    # Every fifth picture is for comparing, the others for calibrating.
    compared = found[::(PICTURES + CALIBRATION) // PICTURES][:PICTURES]
    rest = [p for i, p in enumerate(found) if i % ((PICTURES + CALIBRATION) // PICTURES)]
    return numpy.stack((compared if skip == 0 else rest)[:count])


def normalised(bytes_):
    import numpy
    mean, std = (numpy.array(v, numpy.float32) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return numpy.ascontiguousarray(((bytes_.astype(numpy.float32) / 255 - mean) / std).transpose(0, 3, 1, 2))


def prepare():
    """Writes the weights, the ONNX models, NNCF's quantised model, and the pictures."""
    quiet()
    import numpy, torch
    from safetensors.torch import save_file
    folder, batch = pathlib.Path(arguments.folder), arguments.batch[0]
    model = network()
    side = model.patch_embed.img_size[0]
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "weights.safetensors")
    compared = pictures(PICTURES, 0, side)
    numpy.save(folder / "pictures.npy", compared)
    (folder / "pictures").mkdir(exist_ok=True)
    try:
        from PIL import Image
        for number, picture in enumerate(compared): Image.fromarray(picture).save(folder / f"pictures/{number + 1:06d}.png")
    except ImportError: pass
    if set(arguments.engines) <= {"torch"}: return
    onnx = str(folder / "model.onnx")
    torch.onnx.export(model, torch.randn(batch, 3, side, side), onnx, input_names=["x"], output_names=["y"],
                      opset_version=17, dynamo=False)
    if "int8" not in arguments.precisions: return
    if "onnxruntime" in arguments.engines:
        from onnxruntime.quantization import quantize_dynamic
        quantize_dynamic(onnx, str(folder / "model.int8.onnx"))
    if "openvino" in arguments.engines:
        try: import nncf, openvino
        except ImportError: return
        nncf.set_log_level("ERROR") if hasattr(nncf, "set_log_level") else None
        x = normalised(pictures(CALIBRATION, 1, side))
        # A static batch: pictures are repeated where there are fewer than it takes.
        sets = [x[numpy.arange(i, i + batch) % len(x)] for i in range(0, max(len(x), 4 * batch), batch)]
        quantised = nncf.quantize(openvino.Core().read_model(onnx), nncf.Dataset(sets),
                                  model_type=nncf.ModelType.TRANSFORMER, subset_size=len(sets))
        openvino.save_model(quantised, folder / "model.int8.xml", compress_to_fp16=False)


def engine():
    """A function from (batch, 3, side, side) single-precision numbers to tokens, and the memory before the model."""
    quiet()
    folder, precision, threads = pathlib.Path(arguments.folder), arguments.precision, arguments.threads
    if arguments.engine == "torch":
        import torch, timm
        base = status("VmRSS")
        model = network()
        if precision == "bf16": model = model.bfloat16()

        def run(x):
            with torch.inference_mode(): return model.forward_features(x)
        def convert(x): return torch.from_numpy(x).to(torch.bfloat16 if precision == "bf16" else torch.float32)
        return run, convert, lambda y: y.float().numpy(), base
    if arguments.engine == "onnxruntime":
        import onnxruntime
        base = status("VmRSS")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        path = folder / ("model.int8.onnx" if precision == "int8" else "model.onnx")
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        return lambda x: session.run(None, {"x": x})[0], lambda x: x, lambda y: y, base
    import openvino
    base = status("VmRSS")
    core = openvino.Core()
    hints = {"INFERENCE_NUM_THREADS": str(threads), "PERFORMANCE_HINT": "LATENCY"}
    if precision != "int8": hints["INFERENCE_PRECISION_HINT"] = precision
    path = folder / ("model.int8.xml" if precision == "int8" else "model.onnx")
    request = core.compile_model(core.read_model(path), "CPU", hints).create_infer_request()
    return lambda x: request.infer({"x": x})[0], lambda x: x, lambda y: y.copy(), base


def serve():
    """Loads, says so, and answers each line with the time of an image."""
    run, convert, _, base = engine()
    import numpy
    side = numpy.load(pathlib.Path(arguments.folder) / "pictures.npy", mmap_mode="r").shape[1]
    batch = arguments.batch[0]
    x = convert(numpy.random.default_rng(1).standard_normal((batch, 3, side, side), numpy.float32))

    def seconds():
        start = time.perf_counter()
        run(x)
        return time.perf_counter() - start
    seconds()
    once = min(seconds(), seconds())
    repetitions = max(1, -(-0.25 // once))
    print(json.dumps({"ready": True, "base_mb": base}), flush=True)
    for _ in sys.stdin:
        times = [seconds() for _ in range(int(repetitions))]
        print(json.dumps({"ms_per_image": statistics.median(times) / batch * 1e3}), flush=True)


def tokens():
    """Prints how far this engine's patch tokens are from those that its f32 has written, or writes those."""
    run, convert, back, _ = engine()
    import numpy
    folder, batch = pathlib.Path(arguments.folder), arguments.batch[0]
    x = normalised(numpy.load(folder / "pictures.npy"))
    found = []
    for start in range(0, len(x), batch):
        index = numpy.arange(start, start + batch) % len(x)
        found.append(back(run(convert(x[index])))[:len(x) - start])
    found = numpy.concatenate(found)[:, 1:].astype(numpy.float64)
    reference = folder / f"{arguments.engine}.npy"
    if arguments.precision == "f32": numpy.save(reference, found)
    expected = numpy.load(reference)
    cosine = (found * expected).sum(2) / numpy.linalg.norm(found, axis=2) / numpy.linalg.norm(expected, axis=2)
    error = numpy.linalg.norm(found - expected) / numpy.linalg.norm(expected)
    print(json.dumps({"token_cosine_median": float(numpy.median(cosine)), "relative_error": float(error)}))


if arguments.role:
    {"prepare": prepare, "serve": serve, "tokens": tokens}[arguments.role]()
    sys.exit(0)


# What the parent does.

def available(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def child(role, arch, batch, folder, engine=None, precision=None):
    command = [sys.executable, __file__, "--role", role, "--arch", arch, "--batch", str(batch), "--folder", folder,
               "--threads", str(arguments.threads), "--engines", *engines, "--precisions", *arguments.precisions]
    if arguments.model: command += ["--model", arguments.model]
    if arguments.images: command += ["--images", arguments.images]
    if engine: command += ["--engine", engine, "--precision", precision]
    return command


class Server:
    """An engine that has loaded and waits for its turn."""

    def __init__(self, name, precision, command):
        self.name, self.precision, self.answers = name, precision, []
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.ready = self.answer()

    def answer(self):
        # Libraries print lines of their own.
        for line in self.process.stdout:
            if line.startswith("{"): return json.loads(line)
        return None

    def turn(self):
        time.sleep(arguments.pause)
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        answer = self.answer()
        if answer is None: sys.exit(f"{self.name} {self.precision} ended: {self.complaint()}")
        self.answers.append(answer)

    def complaint(self):
        self.log.seek(0)
        return " ".join(self.log.read().split("\n")[-4:]).strip()

    def close(self):
        self.peak = self.answers[-1].get("peak_memory_mb") if self.answers else None
        if self.peak is None and self.process.poll() is None: self.peak = status("VmHWM", self.process.pid)
        self.process.stdin.close()
        self.process.wait()

    @property
    def times(self): return [answer["ms_per_image"] for answer in self.answers]

    @property
    def share(self):
        last = self.answers[-1]
        operations = last["gflops"] * last["ms_per_image"]
        return operations / statistics.median(self.times) / max(answer["matrix_gflops"] for answer in self.answers)


def measure(arch, batch, folder):
    """All engines of one architecture and batch, loaded one after the other, then in turns."""
    servers = []
    for precision in arguments.precisions:
        servers.append(Server("vtrack", precision, [
            arguments.vtrack, "bench", "--paced", "--model", f"{folder}/weights.safetensors", "--precision", precision,
            "--batch", str(batch), "--threads", str(arguments.threads)]))
    for name, precision in PEERS:
        if name in engines and precision in arguments.precisions:
            servers.append(Server(name, precision, child("serve", arch, batch, folder, name, precision)))
    for server in servers:
        if server.ready is None: print(f"{server.name} {server.precision} not measured: {server.complaint()}", file=sys.stderr)
    servers, started = [server for server in servers if server.ready], servers
    for number in range(arguments.rounds):
        print(f"{arch}, batch {batch}: round {number + 1} of {arguments.rounds}", file=sys.stderr)
        for index in range(len(servers)): servers[(index + number) % len(servers)].turn()
    for server in started: server.close()
    return servers


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                        for column, (cell, width) in enumerate(zip(row, widths))).rstrip())


def middle(server): return statistics.median(server.times)


engines = [name for name in arguments.engines if available(name)]
for name in arguments.engines:
    if name not in engines: print(f"{NAMES[name]} is not installed: not measured", file=sys.stderr)
if arguments.precisions and "openvino" in engines and "int8" in arguments.precisions and not available("nncf"):
    print("nncf is not installed: no int8 of OpenVINO", file=sys.stderr)

header = ["model", "batch", "precision", "vtrack ms", "share", "MB"]
for name in engines: header += [f"{NAMES[name]} ms", "ratio", "MB"]
rows, everything, accuracy, bases = [header], [], [["model", "precision", "engine", "token cosine", "relative error"]], {}
for arch in arguments.arch:
    for batch in arguments.batch:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(child("prepare", arch, batch, folder), check=True, stdout=sys.stderr)
            servers = measure(arch, batch, folder)
            found = {(server.name, server.precision): server for server in servers}
            for server in servers:
                everything.append({"arch": arch, "batch": batch, "engine": server.name, "precision": server.precision,
                                   "ms_per_image": middle(server), "rounds_ms": server.times, "peak_memory_mb": server.peak,
                                   "share": server.share if server.name == "vtrack" else None,
                                   "base_memory_mb": server.ready.get("base_mb")})
                if server.name != "vtrack": bases[NAMES[server.name]] = server.ready["base_mb"]
            for precision in arguments.precisions:
                own = found.get(("vtrack", precision))
                row = [arch, str(batch), precision]
                row += [f"{middle(own):.2f}", f"{own.share:.3f}", f"{own.peak:.0f}"] if own else ["–"] * 3
                for name in engines:
                    peer = found.get((name, precision))
                    if peer is None:
                        row += ["–"] * 3
                        continue
                    ratio = statistics.median(a / b for a, b in zip(peer.times, own.times)) if own else None
                    row += [f"{middle(peer):.2f}", f"{ratio:.3f}" if ratio else "–", f"{peer.peak:.0f}"]
                    if ratio: next(entry for entry in everything if (entry["arch"], entry.get("batch"), entry["engine"],
                                   entry["precision"]) == (arch, batch, name, precision))["ratio"] = ratio
                rows.append(row)
                print("  ".join(row), file=sys.stderr, flush=True)
            if arguments.accuracy and batch == arguments.batch[-1]:
                for precision in arguments.precisions:
                    # One at a time: a precision that the processor lacks must not keep the others from being compared.
                    own = subprocess.run(
                        [arguments.vtrack, "bench", f"{folder}/pictures", "--accuracy", "--model",
                         f"{folder}/weights.safetensors", "--precision", precision, "--batch", "1", "--rounds", "1",
                         "--json"], capture_output=True, text=True)
                    found = [] if own.returncode else [("vtrack", json.loads(own.stdout)["results"][0])]
                    for name in engines:
                        if (name, precision) not in PEERS: continue
                        # Each engine is held against its own f32, which comes first.
                        for each in (["f32"] if arguments.precisions[0] != "f32" else []) + [precision]:
                            peer = subprocess.run(child("tokens", arch, batch, folder, name, each),
                                                  capture_output=True, text=True)
                        if peer.returncode == 0: found.append((name, json.loads(peer.stdout.strip().split("\n")[-1])))
                    for name, values in found:
                        accuracy.append([arch, precision, NAMES.get(name, name), f"{values['token_cosine_median']:.6f}",
                                         f"{values['relative_error']:.6f}"])
                        everything.append({"arch": arch, "engine": name, "precision": precision,
                                           "token_cosine_median": values["token_cosine_median"],
                                           "relative_error": values["relative_error"]})
table(rows)
if bases:
    print("MB before any model is loaded: " + ", ".join(f"{name} {base:.0f}" for name, base in sorted(bases.items())))
if len(accuracy) > 1:
    print("\nPatch tokens against the same engine's f32, median cosine and relative error over 16 pictures:")
    table(accuracy)
if arguments.json:
    pathlib.Path(arguments.json).write_text(json.dumps({"rounds": arguments.rounds, "threads": arguments.threads,
                                                        "measurements": everything}, indent=1) + "\n")
