#!/usr/bin/env python3
"""Tiny random checkpoints of every family of models in each of its dialects, and the tokens that other implementations give.

    python3 scripts/make-golden-families.py --repositories CLONES Tests/FeaturesTests/Fixtures/families

Needs timm, Transformers, OpenCLIP, Flax, SciPy, PyTorch, and clones of the authors' repositories (see families_authors.py). For
each case the folder gets a checkpoint under the names that its authors publish, the tokens of each block and after the final
LayerNorm, for a square picture and for one whose positions are stretched, and a line in cases.json."""
import argparse, os, shutil, sys, warnings

warnings.filterwarnings("ignore")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import families_authors, families_flax, families_open_clip, families_timm, families_transformers
from families_core import Golden


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", required=True, help="folder with clones of the authors' repositories")
    parser.add_argument("folder")
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    golden = Golden(options.folder)
    # The authors of DeiT put models of their own under timm's names.
    families_timm.write(golden)
    families_authors.Authors(golden, options.repositories).write()
    families_transformers.write(golden)
    families_open_clip.write(golden)
    families_flax.write(golden)
    golden.finish()


sys.exit(main())
