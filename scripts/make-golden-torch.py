#!/usr/bin/env python3
"""Small checkpoints in the ways PyTorch writes them, with what they hold as JSON.

    python3 scripts/make-golden-torch.py Tests/FeaturesTests/Fixtures/torch
    python3 scripts/make-golden-torch.py --model WEIGHTS.safetensors FOLDER

The second form saves the tensors of a real model in several formats and nestings, for VTRACK_TORCH_FILES (see
TorchModelTests.swift). Needs PyTorch, NumPy and safetensors. Bytes differ from run to run in the older format, whose keys are addresses, and with
the version of PyTorch; the JSON does not."""
import argparse, collections, json, os, sys, zipfile
import numpy, safetensors.torch, torch

FORMATS = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64",
           torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8",
           torch.bool: "BOOL"}
golden = {}


def described(tensor):
    tensor = tensor.detach()
    values = tensor.double().flatten().tolist()
    return dict(type=FORMATS[tensor.dtype], shape=list(tensor.shape), values=values)


def save(folder, name, content, tensors, unreadable=(), **options):
    """Saves a file; `tensors` are the names and tensors that a reader must find in it."""
    torch.save(content, os.path.join(folder, name), **options)
    golden[name] = dict(tensors={key: described(value) for key, value in tensors.items()}, unreadable=list(unreadable))


def without_debug(path):
    """Takes the names of source files, which are this machine's, out of a TorchScript archive."""
    with zipfile.ZipFile(path) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in entries:
            if not entry.filename.endswith(".debug_pkl"):
                plain = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
                archive.writestr(plain, data, compress_type=entry.compress_type)


def below(prefix, tensors):
    return {prefix + key: value for key, value in tensors.items()}


def small(folder):
    torch.manual_seed(0)
    linear = torch.nn.Linear(4, 3)
    plain = linear.state_dict()
    save(folder, "plain.pth", plain, plain)
    save(folder, "protocol4.pth", plain, plain, pickle_protocol=4)
    save(folder, "protocol5.pth", dict(plain), plain, pickle_protocol=5)
    save(folder, "plain-legacy.pth", plain, plain, _use_new_zipfile_serialization=False)

    types = {str(kind).removeprefix("torch."): (torch.arange(6).reshape(2, 3) % 2).to(kind) for kind in FORMATS}
    extremes = [1 / 3, -0.0, 6e-8, 65504.0, -1e-3]
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        types["extremes." + FORMATS[kind]] = torch.tensor(extremes, dtype=torch.float64).to(kind)
    types["scalar"] = torch.tensor(2.5)
    types["empty"] = torch.zeros(0, 4)
    types["complex"] = torch.zeros(2, dtype=torch.complex64)
    types["quarter"] = torch.zeros(2, dtype=torch.float8_e4m3fn)
    known = {key: value for key, value in types.items() if key not in ("complex", "quarter")}
    # Complex numbers have a format, weights of them do not exist: listed, not compared.
    save(folder, "types.pth", types, known, ["quarter"])

    base = torch.arange(24, dtype=torch.float32)
    views = {"all": base, "part": base[5:9], "transposed": base.reshape(4, 6).t(),
             "strided": base.reshape(2, 3, 4)[:, ::2, 1:3], "column": base.reshape(4, 6)[:, 2:3],
             "permuted.half": torch.arange(24).half().reshape(2, 3, 4).permute(2, 0, 1),
             "repeated": base[:1].expand(3, 4), "repeated.less": base[:4].reshape(4, 1).expand(4, 2)}
    # A view that repeats numbers is read as long as it has no more of them than its storage.
    save(folder, "views.pth", views, views)
    save(folder, "views-legacy.pth", views, views, _use_new_zipfile_serialization=False)
    alone = {"bias": torch.ones(3), "repeated": torch.ones(1).expand(5)}
    save(folder, "expanded.pth", alone, {"bias": alone["bias"]}, ["repeated"])

    parameters = {"list": [torch.nn.Parameter(torch.randn(3)), (torch.nn.Parameter(torch.randn(2), False), 7)],
                  "tied": linear.weight, 3: {"again": linear.weight}}
    save(folder, "parameters.pth", parameters,
         {"list.0": parameters["list"][0], "list.1.0": parameters["list"][1][0], "tied": linear.weight,
          "3.again": linear.weight})

    save(folder, "nested.pth", {"teacher": plain, "student": {"inner": dict(plain)}, "epoch": 3, "name": "nested"},
         below("teacher.", plain) | below("student.inner.", plain))
    parallel = torch.nn.DataParallel(linear).state_dict()
    save(folder, "parallel.pth", parallel, below("module.", plain))

    optimizer = torch.optim.AdamW(linear.parameters(), lr=0.1)
    linear(torch.ones(1, 4)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    after = {key: value.clone() for key, value in linear.state_dict().items()}
    state = optimizer.state_dict()
    content = dict(
        model=collections.OrderedDict(after), optimizer=state, scheduler=scheduler.state_dict(), epoch=numpy.int64(7),
        args=argparse.Namespace(lr=0.1, arch="vit", betas=(0.9, 0.999), seed=None, amp=True, big=1 << 80),
        best=numpy.float32(0.5), history=numpy.arange(3.0), counts=collections.defaultdict(int, a=1),
        device=torch.device("cpu"), size=torch.Size([2, 3]), kind=torch.float16, rng=torch.zeros(5, dtype=torch.uint8),
        tags={"a"}, blob=b"\x00\xff" * 5, note="ü" * 700)
    tensors = below("model.", after) | {"rng": content["rng"]}
    for index, moments in state["state"].items():
        tensors |= below(f"optimizer.state.{index}.", moments)
    unreadable = ["args", "best", "epoch", "history", "device"]
    save(folder, "training.pth", content, tensors, unreadable)
    save(folder, "training-legacy.pth", content, tensors, unreadable, _use_new_zipfile_serialization=False)

    module = torch.nn.Sequential(linear, torch.nn.BatchNorm1d(3))
    save(folder, "module.pth", module, module.state_dict())
    script = os.path.join(folder, "script.pt")
    torch.jit.script(module.eval()).save(script)
    without_debug(script)
    golden["script.pt"] = dict(tensors={key: described(value) for key, value in module.state_dict().items()},
                               unreadable=[])


def vision_transformer(folder):
    """A ViT of one block: width 8, patches of 2, side 4."""
    generator = torch.Generator().manual_seed(1)
    shapes = {"cls_token": (1, 1, 8), "pos_embed": (1, 5, 8), "patch_embed.proj.weight": (8, 3, 2, 2),
              "patch_embed.proj.bias": (8,), "norm.weight": (8,), "norm.bias": (8,)}
    for name, shape in {"norm1": (8,), "attn.qkv": (24, 8), "attn.proj": (8, 8), "norm2": (8,), "mlp.fc1": (12, 8),
                        "mlp.fc2": (8, 12)}.items():
        shapes[f"blocks.0.{name}.weight"] = shape
        shapes[f"blocks.0.{name}.bias"] = shape[:1]
    model = {name: torch.randn(shape, generator=generator) * 0.3 for name, shape in shapes.items()}
    safetensors.torch.save_file(model, os.path.join(folder, "vit.safetensors"))
    nestings(folder, "vit", model)


def nestings(folder, name, model):
    """A model in the formats and nestings that people publish."""
    def path(kind):
        return os.path.join(folder, f"{name}{kind}")

    head = {"head.weight": torch.ones(2, 3)}
    torch.save(model, path(".pth"))
    torch.save(model, path("-legacy.bin"), _use_new_zipfile_serialization=False)
    torch.save({"model": model | head, "epoch": 1}, path("-model.pth"))
    torch.save({"state_dict": below("module.", model | head), "optimizer": {"state": {0: {"step": torch.ones(1)}}}},
               path("-state_dict.pt"))
    torch.save({"student": below("module.backbone.", {key: value + 1 for key, value in model.items()}),
                "teacher": below("backbone.", model) | {"head.mlp.0.weight": torch.ones(2)},
                "optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}},
                "args": argparse.Namespace(arch="vit", patch_size=2),
                "dino_loss": {"center": torch.ones(1, 2)}}, path("-teacher.pth"))
    # Row-major numbers in another order of dimensions in memory, as channels_last leaves them.
    torch.save({key: value.to(memory_format=torch.channels_last) if value.dim() == 4 else value
                for key, value in model.items()}, path("-channels_last.pth"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="a safetensors file whose tensors to save")
    parser.add_argument("folder")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    if options.model:
        model = safetensors.torch.load_file(options.model)
        safetensors.torch.save_file(model, os.path.join(options.folder, "model.safetensors"))
        return nestings(options.folder, "model", model)
    small(options.folder)
    vision_transformer(options.folder)
    with open(os.path.join(options.folder, "golden.json"), "w") as file:
        json.dump(golden, file, indent=1, sort_keys=True)
        file.write("\n")


sys.exit(main())
