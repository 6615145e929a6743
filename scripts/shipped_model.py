"""The model that ships, in PyTorch: timm's ViT read from its file, independent of the program."""

import pathlib

import timm
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

PATH = pathlib.Path(__file__).parent.parent / "Models/vtrack-tiny.safetensors"


def metadata(path=PATH):
    """What the file's header says."""
    with safe_open(path, "pt") as file:
        return file.metadata()


def pixel_statistics(path=PATH):
    """Mean and standard deviation of the three channels, [3] each."""
    facts = metadata(path)
    return tuple(torch.tensor([float(v) for v in facts[key].strip("[]").split(",")]) for key in ("mean", "std"))


def network(path=PATH, seed=None):
    """The network with the file's weights, or with new ones from a seed, ready to use."""
    weights, facts = load_file(path), metadata(path)
    width, _, patch, _ = weights["patch_embed.proj.weight"].shape
    side = patch * round(weights["pos_embed"].shape[1] ** 0.5)
    depth = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
    if seed is not None:
        torch.manual_seed(seed)
    model = timm.models.vision_transformer.VisionTransformer(
        img_size=side, patch_size=patch, embed_dim=width, depth=depth, num_heads=int(facts["num_heads"]), num_classes=0, global_pool="",
        class_token=False)
    assert all(norm.eps == float(facts["layer_norm_eps"]) for norm in model.modules() if isinstance(norm, torch.nn.LayerNorm))
    if seed is None:
        model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.eval()


def save_like(model, path, like=PATH):
    """Writes a network as the file that ships is written, with what its metadata says of use but not of training."""
    facts = {key: value for key, value in metadata(like).items() if not key.startswith(("training.", "tensors_"))}
    save_file({name: value.half().contiguous() for name, value in model.state_dict().items()}, path, facts)
