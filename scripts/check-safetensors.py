#!/usr/bin/env python3
"""Reads a safetensors file with the Python package and says what is in it: proof that others can read what vtrack wrote.

    python3 scripts/check-safetensors.py FILE

Needs safetensors and numpy."""
import struct, sys
from safetensors import safe_open

path = sys.argv[1]
with open(path, "rb") as file:
    length = struct.unpack("<Q", file.read(8))[0]
assert (8 + length) % 8 == 0, f"the data begins at byte {8 + length}"
with safe_open(path, framework="np") as tensors:
    print("metadata", tensors.metadata())
    for name in tensors.keys():
        tensor = tensors.get_tensor(name)
        print(name, tensor.dtype, tensor.shape, tensor.ravel()[:4].tolist())
