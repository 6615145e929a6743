"""Colours as a street has them: mostly muted, often dark, now and then loud."""

import colorsys

import numpy as np


def colour(rng):
    """One colour, RGB [3] in 0…255 (float32).

    A third is grey, black or white; the rest is muted, and a sixth of all is saturated."""
    kind = rng.random()
    if kind < 0.33:
        value = rng.choice([rng.uniform(0.05, 0.3), rng.uniform(0.25, 0.7), rng.uniform(0.7, 0.97)], p=[0.5, 0.25, 0.25])
        hsv = (rng.random(), rng.uniform(0, 0.08), value)
    elif kind < 0.84:
        hsv = (rng.random(), rng.uniform(0.1, 0.6), rng.uniform(0.12, 0.85))
    else:
        hsv = (rng.random(), rng.uniform(0.6, 1.0), rng.uniform(0.35, 1.0))
    return np.array(colorsys.hsv_to_rgb(*hsv), np.float32) * 255


def near(rng, base, distance):
    """A colour about `distance` (0…255, root mean square over channels) from `base`, clipped to what a pixel can hold."""
    return np.clip(base + rng.normal(0, distance, 3), 4, 251).astype(np.float32)


SKIN = np.array([(242, 206, 180), (224, 172, 138), (198, 140, 100), (150, 98, 66), (104, 66, 44), (66, 42, 30)], np.float32)
HAIR = np.array([(24, 20, 18), (50, 34, 24), (96, 64, 36), (172, 132, 80), (150, 150, 150), (120, 50, 30)], np.float32)


def skin(rng):
    """A tone between two neighbouring ones of SKIN."""
    place = rng.uniform(0, len(SKIN) - 1)
    low = int(place)
    return SKIN[low] + (place - low) * (SKIN[min(low + 1, len(SKIN) - 1)] - SKIN[low])


def hair(rng):
    """One of HAIR, varied a little."""
    return near(rng, HAIR[rng.integers(len(HAIR))], 8)
