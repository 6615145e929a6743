#!/usr/bin/env python3
"""Saves the parameters of a Flax checkpoint, as LOCA and others are published, as .npz.

    python3 scripts/convert-flax-checkpoint.py loca_vbase_imnet1k loca_vbase_imnet1k.npz

Needs flax and NumPy. Of a whole training state the tree `params` is taken, or `optimizer/target` of older ones; --tree names
another one, ema_params for example."""
import argparse, sys
import flax, numpy as np


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", help="the tree to take, its levels joined by slashes")
    parser.add_argument("checkpoint")
    parser.add_argument("output")
    options = parser.parse_args()
    with open(options.checkpoint, "rb") as file:
        state = flax.serialization.msgpack_restore(file.read())
    flat = {name: value for name, value in flax.traverse_util.flatten_dict(state, sep="/").items()
            if isinstance(value, np.ndarray) or np.isscalar(value)}
    for tree in [options.tree] if options.tree else ["params", "optimizer/target"]:
        taken = {name[len(tree) + 1:]: value for name, value in flat.items() if name.startswith(tree + "/")}
        if taken:
            break
    else:
        if options.tree:
            sys.exit(f"{options.checkpoint}: no tree is called {options.tree}")
        taken = flat
    np.savez(options.output, **taken)
    print(f"{options.output}: {len(taken)} arrays")


sys.exit(main())
