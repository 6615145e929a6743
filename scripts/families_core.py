"""What the references of make-golden-families.py share: random weights, what is recorded of a model, and how it is saved.

Sizes are as small as the references allow. Every weight is a number that two bytes hold, so that the files are small and
the model in the file is exactly the model that ran."""
import json, math, os, zipfile
import numpy as np, safetensors.torch, torch

WIDTH, DEPTH, HEADS, HIDDEN, PATCH, GRID = 16, 2, 2, 24, 2, 4
SIDE = GRID * PATCH
# Fewer rows and more columns than the table of positions has, so that rules of interpolation differ in both directions.
WIDE = (3, 7)
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALVES = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
CLIP = ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711))
# What a state dict has besides weights.
BUFFERS = ("relative_position_index", "periods", "bias_mask", "num_batches_tracked", "position_ids")


def rounded(value):
    return value.half().float()


@torch.no_grad()
def randomise(model, seed):
    """Gives every weight a value that shows where it is mixed up or left out."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in sorted(model.state_dict().items()):
        if not tensor.is_floating_point() or name.rsplit(".", 1)[-1] in BUFFERS:
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        last = name.rsplit(".", 1)[-1]
        if tensor.dim() == 1 and last == "weight":
            value = 1 + 0.3 * noise
        elif "gamma" in last or "lambda" in last:
            value = 0.6 + 0.3 * noise
        elif tensor.dim() < 2 or "token" in last or "pos" in last or "bias" in last or "embedding" in name:
            value = 0.4 * noise
        else:
            value = noise * 1.5 / math.sqrt(tensor[0].numel())
        tensor.copy_(rounded(value))
    return model.eval()


def picture(rows, columns, seed):
    """Random 8-bit pixels (height, width, 3)."""
    return np.random.default_rng(seed).integers(0, 256, (rows * PATCH, columns * PATCH, 3)).astype(np.float32)


def normalised(pixels, statistics):
    mean, std = (torch.tensor(part, dtype=torch.float32).reshape(3, 1, 1) for part in statistics)
    return ((torch.from_numpy(pixels).permute(2, 0, 1) / 255 - mean) / std)[None]


@torch.no_grad()
def record(blocks, norm, run, pixels, sequence_first=False):
    """The tokens that enter the first block, those each block returns, and the last ones after the final LayerNorm."""
    found = []

    def keep(tokens):
        # Some blocks return more than tokens; DINOv3's take and return lists of pictures.
        tokens = tokens[0] if isinstance(tokens, (tuple, list)) else tokens
        found.append((tokens.transpose(0, 1) if sequence_first else tokens)[0].clone())

    def entering(_, positional, named):
        keep(positional[0] if positional else named["hidden_states"])

    hooks = [blocks[0].register_forward_pre_hook(entering, with_kwargs=True)]
    hooks += [block.register_forward_hook(lambda _, inputs, output: keep(output)) for block in blocks]
    run(pixels)
    for hook in hooks:
        hook.remove()
    assert len(found) == len(blocks) + 1
    result = {str(index): tokens for index, tokens in enumerate(found)}
    if norm is not None:
        result["norm"] = norm(found[-1][None])[0]
    return result


class Reference:
    """A model that ran: `tile` and `wide` are what `record` returned for a square picture and for another one."""

    def __init__(self, name, statistics, tile, wide=None, wide_size=WIDE, seed=0):
        self.name, self.wide_size = name, wide_size
        self.images = {"tile": picture(GRID, GRID, seed + 1), "wide": picture(*wide_size, seed + 2)}
        self.tokens = {"tile": tile(normalised(self.images["tile"], statistics))}
        if wide is not None:
            self.tokens["wide"] = wide(normalised(self.images["wide"], statistics))

    @staticmethod
    def of(name, statistics, blocks, norm, run, wide=None, wide_blocks=None, wide_size=WIDE, seed=0,
           sequence_first=False):
        """A model of PyTorch's; `wide` runs it on a picture of another size, `run` itself does where it is True.

        `wide_blocks` are the blocks of a second model for the other size."""
        def recorder(function, blocks):
            return lambda pixels: record(blocks, norm, function, pixels, sequence_first)
        other = recorder(run if wide is True else wide, wide_blocks or blocks) if wide else None
        return Reference(name, statistics, recorder(run, blocks), other, wide_size, seed)


def halves(tensors):
    """Two bytes a number where that changes nothing."""
    return {name: value.half().contiguous() if value.is_floating_point() and rounded(value).equal(value.float())
            else value.contiguous() for name, value in tensors.items()}


class Golden:
    """The folder of golden files and the list of what is in it."""

    def __init__(self, folder):
        self.folder, self.cases = folder, []

    def path(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def json(self, name, content):
        with open(self.path(name), "w") as file:
            json.dump(content, file)

    def safetensors(self, name, tensors, metadata=None):
        safetensors.torch.save_file(halves(tensors), self.path(name), metadata=metadata)

    def pth(self, name, content, legacy=False):
        """A file of PyTorch, as before its version 1.6 if asked for; dictionaries at any depth are stored in halves."""
        def narrow(value):
            if isinstance(value, torch.Tensor):
                return halves({"": value})[""]
            return {key: narrow(part) for key, part in value.items()} if isinstance(value, dict) else value
        torch.save(narrow(dict(content)), self.path(name), _use_new_zipfile_serialization=not legacy)

    def script(self, name, module):
        """A TorchScript archive, without the names of source files, which are this machine's."""
        path = self.path(name)
        module.half().save(path)
        with zipfile.ZipFile(path) as archive:
            entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
        with zipfile.ZipFile(path, "w") as archive:
            for entry, data in entries:
                if not entry.filename.endswith(".debug_pkl"):
                    archive.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), data)

    def npz(self, name, arrays):
        np.savez(self.path(name), **{key: np.asarray(value).astype(np.float16) for key, value in arrays.items()})

    def case(self, file, family, reference, heads=None, other=None):
        """Lists a checkpoint; what the reference computed is stored beside it.

        `family` is None where nothing in the files tells it, only what the family's numbers are. `heads` is set where only the width of a real model of the family would tell them; `other` names the file of
        the same reference's tokens where another case has stored them."""
        golden = other or os.path.splitext(file)[0] + ".golden.safetensors"
        if other is None:
            tensors = {f"{size}.{name}": value.float().contiguous() for size, tokens in reference.tokens.items()
                       for name, value in tokens.items() if size == "tile" or name == str(DEPTH)}
            tensors |= {f"{size}.image": torch.from_numpy(image).half() for size, image in reference.images.items()
                        if size in reference.tokens}
            safetensors.torch.save_file(tensors, self.path(golden))
        self.cases.append(dict(file=file, family=family, golden=golden, heads=heads, reference=reference.name))
        return golden

    def finish(self):
        with open(self.path("cases.json"), "w") as file:
            json.dump(self.cases, file, indent=1)
            file.write("\n")
