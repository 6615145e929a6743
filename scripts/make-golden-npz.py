#!/usr/bin/env python3
"""Small .npz files for the tests: what NumPy writes, and what nobody should.

    python3 scripts/make-golden-npz.py Tests/FeaturesTests/Fixtures

Needs NumPy and ml_dtypes (JAX's bfloat16); google.npz and google-timm.npz also need PyTorch and timm, which converts the
former's tensors into the latter's, and are left out with a note where those are missing.

Number i of every array of stored.npz, deflated.npz and versions.npz is i/4 - 1, which all float types hold exactly; integers are i - 1."""
import io, pathlib, struct, sys, zipfile, zlib
import ml_dtypes, numpy as np

out = pathlib.Path(sys.argv[1])


def ramp(shape, dtype, order="C"):
    count = int(np.prod(shape))
    values = np.arange(count) - 1 if np.dtype(dtype).kind == "i" else np.arange(count) / 4 - 1
    return np.array(values.reshape(shape).astype(dtype), order=order)


def arrays():
    return {
        "single": ramp((3, 5), np.float32),
        "half": ramp((7,), np.float16),
        "double": ramp((2, 3), np.float64),
        "brain": ramp((2, 1, 3), ml_dtypes.bfloat16),
        "number": ramp((), np.float32),
        "nothing": ramp((0, 4), np.float32),
        "step": ramp((2,), np.int64),
        "Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel": ramp((2, 3, 4), np.float32, "F"),
    }


class Pipe(io.RawIOBase):
    """Cannot seek, so that zipfile puts sizes and checksums behind the data."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


np.savez(out / "stored.npz", **arrays())
np.savez_compressed(out / "deflated.npz", **arrays())

# Versions 2 and 3 of the array format, which NumPy itself uses for very long headers only; written to a pipe.
pipe = Pipe()
with zipfile.ZipFile(pipe, "w") as archive:
    for version in (1, 2, 3):
        entry = zipfile.ZipInfo(f"version{version}.npy")
        entry.compress_type = zipfile.ZIP_STORED if version == 1 else zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=version == 3) as file:
            np.lib.format.write_array(file, ramp((4, 3), np.float32, "F" if version == 2 else "C"), version=(version, 0))
(out / "versions.npz").write_bytes(pipe.data)

# One entry that states 16 bytes of numbers and inflates to a megabyte of them.
buffer = io.BytesIO()
np.lib.format.write_array(buffer, np.zeros(4, np.float32))
stated = buffer.getvalue()
compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
deflated = compressor.compress(stated + bytes(1 << 20)) + compressor.flush()
name = b"bomb.npy"
sizes = struct.pack("<III", zlib.crc32(stated), len(deflated), len(stated))
local = struct.pack("<IHHHHH", 0x04034B50, 20, 0, 8, 0, 0x21) + sizes + struct.pack("<HH", len(name), 0) + name + deflated
central = (struct.pack("<IHHHHHH", 0x02014B50, 20, 20, 0, 8, 0, 0x21) + sizes
           + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name)
end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local), 0)
(out / "bomb.npz").write_bytes(local + central + end)

try:
    import timm.models.vision_transformer as vision_transformer
    import torch
except ImportError:
    sys.exit("PyTorch and timm are not here: google.npz and google-timm.npz are as they were")

width, heads, hidden, patch, side = 6, 2, 9, 2, 4
generator = np.random.default_rng(0)


def weights(*shape):
    # Multiples of 1/64, so that two bytes a number hold them: the files stay small.
    return (generator.integers(-128, 128, shape) / 64).astype(np.float16)


attention = "MultiHeadDotProductAttention_1"
tensors = {"cls": weights(1, 1, width), "embedding/kernel": weights(patch, patch, 3, width), "embedding/bias": weights(width),
           "Transformer/posembed_input/pos_embedding": weights(1, 1 + (side // patch) ** 2, width),
           "Transformer/encoder_norm/scale": weights(width), "Transformer/encoder_norm/bias": weights(width),
           "head/kernel": weights(width, 2), "head/bias": weights(2)}
block = {f"{norm}/{part}": (width,) for norm in ("LayerNorm_0", "LayerNorm_2") for part in ("scale", "bias")}
for projection in ("query", "key", "value"):
    block[f"{attention}/{projection}/kernel"] = (width, heads, width // heads)
    block[f"{attention}/{projection}/bias"] = (heads, width // heads)
block |= {f"{attention}/out/kernel": (heads, width // heads, width), f"{attention}/out/bias": (width,),
          "MlpBlock_3/Dense_0/kernel": (width, hidden), "MlpBlock_3/Dense_0/bias": (hidden,),
          "MlpBlock_3/Dense_1/kernel": (hidden, width), "MlpBlock_3/Dense_1/bias": (width,)}
tensors |= {f"Transformer/encoderblock_0/{name}": weights(*shape) for name, shape in block.items()}
np.savez_compressed(out / "google.npz", **tensors)

model = vision_transformer.VisionTransformer(
    img_size=side, patch_size=patch, embed_dim=width, depth=1, num_heads=heads, mlp_ratio=hidden / width, num_classes=0)
with torch.no_grad():
    model.load_pretrained(str(out / "google.npz"))
np.savez_compressed(out / "google-timm.npz", **{
    name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()})
