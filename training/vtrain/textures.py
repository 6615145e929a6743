"""A bank of procedural textures: what objects and backgrounds are covered with.

Two arrays: `patterns` [P, SIDE, SIDE], grey, to be coloured with two colours of an object; `surfaces` [S, SIDE, SIDE, 3],
coloured, for grounds and walls. Kinds follow Baradad et al. 2021 ("Learning to See by Looking at Noise": dead leaves,
spectrum noise) and what clothes, liveries and façades show: stripes, checks, dots, text, bricks, windows."""

import cv2
import numpy as np

from . import palette

SIDE = 256


def spectrum(rng, exponent, side=SIDE):
    """Noise whose amplitude falls with frequency to the power `exponent`; [side, side] in 0…1, tiles seamlessly."""
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    frequency[0, 0] = 1
    waves = rng.normal(size=(side, side // 2 + 1)) + 1j * rng.normal(size=(side, side // 2 + 1))
    image = np.fft.irfft2(waves / frequency**exponent, (side, side))
    image -= image.mean()
    return np.clip(0.5 + image / (5 * image.std() + 1e-9), 0, 1).astype(np.float32)


def warped(rng, image):
    """`image` bent by smooth noise, as cloth and fractal noise are."""
    reach = rng.uniform(5, 40)
    dx, dy = ((spectrum(rng, 1.8) - 0.5) * 2 * reach for _ in range(2))
    grid = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    return cv2.remap(image, grid[1] + dx, grid[0] + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def _stripes(rng):
    angle, period = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]), rng.uniform(10, 70)
    grid = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    wave = (grid[0] * np.sin(angle) + grid[1] * np.cos(angle)) / period % 1
    return (wave < rng.uniform(0.2, 0.8)).astype(np.float32)


def _checks(rng):
    period = rng.uniform(14, 80)
    grid = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    rows, columns = ((grid[axis] / period % 1 < rng.uniform(0.25, 0.75)) for axis in range(2))
    return (rows ^ columns).astype(np.float32) if rng.random() < 0.5 else (0.5 * rows + 0.5 * columns).astype(np.float32)


def _dots(rng):
    image = np.zeros((SIDE, SIDE), np.float32)
    period = rng.uniform(16, 64)
    radius, skew = period * rng.uniform(0.15, 0.45), rng.choice([0, 0.5])
    for row in range(int(SIDE / period) + 2):
        for column in range(-1, int(SIDE / period) + 2):
            centre = ((column + skew * (row % 2)) * period, row * period)
            cv2.circle(image, (int(centre[0]), int(centre[1])), max(1, int(radius)), 1, -1, cv2.LINE_AA)
    return image


def _leaves(rng):
    """Dead leaves: shapes of many sizes that cover each other (Lee, Mumford, Huang 2001)."""
    image = np.full((SIDE, SIDE), rng.random(), np.float32)
    for _ in range(rng.integers(60, 400)):
        size = min(3 / rng.uniform(0.02, 1) ** rng.uniform(0.6, 1.0), 90)
        centre = rng.uniform(0, SIDE, 2)
        corners = rng.integers(3, 9)
        angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
        shape = centre + size * rng.uniform(0.5, 1.3, (corners, 1)) * np.stack([np.cos(angles), np.sin(angles)], 1)
        cv2.fillPoly(image, [np.round(shape * 8).astype(np.int32)], float(rng.random()), cv2.LINE_AA, 3)
    return image


def _text(rng):
    """Lines of letters: rows of strokes with gaps between words."""
    image = np.zeros((SIDE, SIDE), np.float32)
    height = rng.uniform(14, 90)
    thick = max(1, int(height * rng.uniform(0.08, 0.22)))
    y = rng.uniform(-height, 0)
    while y < SIDE:
        x = rng.uniform(-height, 0)
        while x < SIDE:
            width = height * rng.uniform(0.35, 0.7)
            points = rng.uniform(0, 1, (rng.integers(3, 6), 2)).round(1) * (width, height * 0.8) + (x, y)
            cv2.polylines(image, [np.round(points * 8).astype(np.int32)], rng.random() < 0.3, 1, thick, cv2.LINE_AA, 3)
            x += width * (1.25 if rng.random() < 0.85 else 2.2)
        y += height * rng.uniform(1.1, 1.6)
    return image


def _blocks(rng):
    """A few large fields, as on a two-coloured jacket, a logo or a livery."""
    image = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(rng.integers(1, 6)):
        centre, half = rng.uniform(0, SIDE, 2), rng.uniform(10, 110, 2)
        box = cv2.boxPoints((tuple(map(float, centre)), tuple(map(float, half * 2)), float(rng.choice([0, 0, rng.uniform(0, 90)]))))
        if rng.random() < 0.3:
            cv2.ellipse(image, (int(centre[0]), int(centre[1])), (int(half[0]), int(half[1])), 0, 0, 360, float(rng.random()), -1, cv2.LINE_AA)
        else:
            cv2.fillPoly(image, [np.round(box * 8).astype(np.int32)], float(rng.uniform(0.4, 1)), cv2.LINE_AA, 3)
    return image


def pattern(rng):
    """One grey pattern, [SIDE, SIDE] in 0…1."""
    kinds = (_stripes, _checks, _dots, _leaves, _text, _blocks, lambda r: spectrum(r, r.uniform(0.8, 2.2)),
             lambda r: (spectrum(r, r.uniform(1.4, 2.2)) > 0.5).astype(np.float32))
    image = kinds[rng.choice(len(kinds), p=(0.2, 0.1, 0.08, 0.12, 0.12, 0.2, 0.1, 0.08))](rng)
    return warped(rng, image) if rng.random() < 0.35 else image


def _windows(rng):
    """A façade: rows of windows, some lit, with frames."""
    image = np.empty((SIDE, SIDE, 3), np.float32)
    image[:] = palette.colour(rng)
    step, glass = rng.uniform(20, 80, 2), palette.near(rng, np.array((60, 70, 80), np.float32), 25)
    share = rng.uniform(0.35, 0.8, 2)
    for y in np.arange(rng.uniform(0, step[1]) - step[1], SIDE, step[1]):
        for x in np.arange(rng.uniform(0, 6), SIDE, step[0]):
            corners = [int(v) for v in (x, y, x + step[0] * share[0], y + step[1] * share[1])]
            tone = palette.near(rng, glass, 18)
            cv2.rectangle(image, corners[:2], corners[2:], tuple(map(float, tone)), -1)
            if rng.random() < 0.5:
                cv2.rectangle(image, corners[:2], corners[2:], tuple(map(float, tone * 0.5 + 100)), 2)
    return image


def _bricks(rng):
    image = np.empty((SIDE, SIDE, 3), np.float32)
    image[:] = palette.colour(rng)
    base, height = palette.colour(rng), rng.uniform(6, 40)
    width = height * rng.uniform(1, 3)
    for row in range(int(SIDE / height) + 1):
        for column in range(-1, int(SIDE / width) + 2):
            x, y = (column + 0.5 * (row % 2)) * width, row * height
            cv2.rectangle(image, (int(x) + 1, int(y) + 1), (int(x + width) - 1, int(y + height) - 1),
                          tuple(map(float, palette.near(rng, base, 10))), -1)
    return image


def coloured(pattern_image, low, high):
    """A grey pattern between two colours: [..., 3] float32 in 0…255."""
    return low + pattern_image[..., None] * (high - low)


def surface(rng):
    """One coloured texture, [SIDE, SIDE, 3] float32 in 0…255."""
    kind = rng.random()
    first = palette.colour(rng)
    if kind < 0.2:
        image = _windows(rng)
    elif kind < 0.3:
        image = _bricks(rng)
    elif kind < 0.65:
        image = coloured(spectrum(rng, rng.uniform(0.5, 1.8)), first, palette.near(rng, first, rng.uniform(10, 70)))
    elif kind < 0.85:
        image = np.stack([_leaves(rng) if channel == 0 else spectrum(rng, 1.6) for channel in range(3)], -1)
        image = coloured(image[..., 0], first, palette.near(rng, first, 60)) + (image[..., 1:2] - 0.5) * 30
    else:
        image = coloured(pattern(rng), first, palette.near(rng, first, 50))
    return image + (spectrum(rng, rng.uniform(0, 1))[..., None] - 0.5) * rng.uniform(0, 40)


class TextureBank:
    """`count` patterns and `count` surfaces drawn from a seed; a million pixels take about a second."""

    def __init__(self, seed, count=160):
        rng = np.random.default_rng((seed, 7))
        cv2.setNumThreads(0)
        self.patterns = np.stack([np.clip(pattern(rng) * 255, 0, 255).astype(np.uint8) for _ in range(count)])
        self.surfaces = np.stack([np.clip(surface(rng), 0, 255).astype(np.uint8) for _ in range(count)])

    def patch(self, index, offset, step, height, width):
        """`height` × `width` of pattern `index`, each pixel `step` pattern pixels wide, from `offset`; float32 in 0…1."""
        rows = (offset[0] + np.arange(height) * step).astype(int) % SIDE
        columns = (offset[1] + np.arange(width) * step).astype(int) % SIDE
        return self.patterns[index].take(rows, 0).take(columns, 1) * np.float32(1 / 255)
