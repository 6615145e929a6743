"""Trains the Vision Transformer that ships with vtrack, from scratch, on generated scenes alone."""

import os

# Read when torch is loaded: threads that wait by spinning take the processors from those that draw the scenes (measured on
# two cores: a step takes 4.5 s with spinning and 1.3 s without).
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
