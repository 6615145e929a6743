"""A generated clip seen at two moments: objects, many of them look-alikes, that move before a backdrop."""

import dataclasses

import cv2
import numpy as np

from . import backdrop
from .lens import Film
from .pose import Pose
from .shapes import Blob, Solid
from .vehicle import Vehicle
from .walker import Walker

KINDS = (Walker, Vehicle, Blob, Solid)
# Seconds between the two moments: frame to frame, some frames, and long enough to have been away.
GAPS = {"short": (0.03, 0.15), "middle": (0.15, 0.9), "long": (1.0, 4.0)}
# An object of which less is visible has no box.
VISIBLE_FROM = 0.12
# Share of the objects that come into the picture or leave it, and of these that do so at the second moment too.
AT_BORDER, STILL_AT_BORDER = 0.3, 0.8
# Grey levels, the mean over what either of two look-alikes covers.
DIFFERENT_FROM = 4.0
CANVAS_HEIGHTS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384)


@dataclasses.dataclass(frozen=True)
class Frame:
    """image [H, W, 3] uint8; boxes [n, 4] x1 y1 x2 y2 in pixels; identities [n]; visible [n], share that nothing covers."""

    image: np.ndarray
    boxes: np.ndarray
    identities: np.ndarray
    visible: np.ndarray


@dataclasses.dataclass
class Actor:
    """An object and where it is: centre and height in pixels, its pose and roll, at one of the two moments."""

    figure: object
    centre: np.ndarray
    height: float
    pose: Pose
    roll: float


def _different(picture, others):
    """Whether a picture differs from each of the others by more than noise and compression take away."""
    for other in others:
        if picture.shape == other.shape:
            covered = (picture[..., 3] > 127) | (other[..., 3] > 127)
            if np.abs(picture[covered].astype(np.int16) - other[covered]).mean() < DIFFERENT_FROM:
                return False
    return True


def _cast(rng, bank, count):
    """`count` figures: groups of look-alikes of one or two kinds, and some that are alone. No two look the same."""
    figures, still = [], Pose(0.5, 0.2, False)
    kinds = rng.choice(4, 2, p=(0.42, 0.3, 0.16, 0.12))
    while len(figures) < count:
        group = [KINDS[kinds[rng.integers(2)]].random(rng, bank)]
        pictures = [group[0].draw(bank, 48, still)]
        for _ in range(3 * rng.integers(0, 6)):
            if len(figures) + len(group) >= count:
                break
            other = (group[0] if rng.random() < 0.7 else group[-1]).varied(rng, bank)
            picture = other.draw(bank, 48, still)
            # Twins that nothing tells apart would be wrong answers to a right question.
            if _different(picture, pictures):
                group.append(other)
                pictures.append(picture)
            if len(group) == 6:
                break
        figures += group
    return figures


def _cut_off(rng, actor, side, height, width):
    """The actor where the border of the picture cuts it off: 0 left, 1 right, 2 top, 3 bottom."""
    extent = actor.height * (actor.figure.aspect if side < 2 else 1.0)
    hidden = (0.5 - rng.uniform(0.15, 0.7)) * extent
    centre = actor.centre.copy()
    centre[side // 2] = -hidden if side % 2 == 0 else (width, height)[side // 2] + hidden
    return dataclasses.replace(actor, centre=centre)


def _moved(rng, actor, gap, height, width, camera, zoom):
    """The same object `gap` seconds later; where it would leave the picture it is somewhere else in it."""
    lively = rng.uniform(0, 1)
    speed = rng.normal(0, 0.9, 2) * (1, 0.35) * actor.height * lively
    growth = float(np.clip(np.exp(rng.normal(0, 0.2) * min(gap, 2) ** 0.7 + rng.normal(0, 0.02)), 0.5, 2.0)) * zoom
    centre = (actor.centre - (width / 2, height / 2)) * zoom + (width / 2, height / 2) + speed * gap + camera
    if not (0 < centre[0] < width and 0 < centre[1] < height):
        centre = rng.uniform(0.05, 0.95, 2) * (width, height)
    pose = Pose(actor.pose.phase + rng.uniform(4, 11) * lively * gap, actor.pose.turn + rng.normal(0, 0.5) * min(gap, 2),
                actor.pose.mirrored ^ (gap > 0.9 and rng.random() < 0.3))
    return Actor(actor.figure, centre, actor.height * growth, pose, actor.roll + rng.normal(0, 0.03))


def _drawn(bank, image, owners, index, actor):
    """Draws an actor; its amodal box (x1, y1, x2, y2) and how many pixels it has."""
    tall = next((h for h in CANVAS_HEIGHTS if h >= 0.9 * actor.height), CANVAS_HEIGHTS[-1])
    picture = np.ascontiguousarray(actor.figure.draw(bank, tall, actor.pose))
    scale = actor.height / tall
    cos, sin = np.cos(actor.roll) * scale, np.sin(actor.roll) * scale
    half = np.array([picture.shape[1], picture.shape[0]]) / 2
    reach = np.abs(np.array([[cos, sin], [sin, cos]])) @ half + 1
    low, high = np.floor(actor.centre - reach).astype(int), np.ceil(actor.centre + reach).astype(int)
    matrix = np.array([[cos, -sin, 0], [sin, cos, 0]])
    matrix[:, 2] = actor.centre - low - matrix[:, :2] @ half
    size = tuple(int(v) for v in high - low)
    if size[0] < 2 or size[1] < 2:
        return None
    placed = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR)
    cover = placed[..., 3]
    columns, rows = np.flatnonzero(cover.max(0) > 100), np.flatnonzero(cover.max(1) > 100)
    if not len(columns) or not len(rows):
        return None
    box = (low[0] + columns[0], low[1] + rows[0], low[0] + columns[-1] + 1, low[1] + rows[-1] + 1)
    height, width = image.shape[:2]
    x1, y1, x2, y2 = max(low[0], 0), max(low[1], 0), min(high[0], width), min(high[1], height)
    if x1 >= x2 or y1 >= y2:
        return None
    part = placed[y1 - low[1] : y2 - low[1], x1 - low[0] : x2 - low[0]]
    share = part[..., 3:].astype(np.float32) * np.float32(1 / 255)
    region = image[y1:y2, x1:x2]
    # A canvas holds colours times coverage.
    region[:] = np.minimum(region * (1 - share) + part[..., :3], 255)
    owners[y1:y2, x1:x2][part[..., 3] > 127] = index
    return box, int((cover > 127).sum())


def _shadow(image, actor):
    """Darkens the ground below an actor."""
    x, y = actor.centre + (0, actor.height * 0.48)
    half = (actor.height * 0.3, actor.height * 0.06)
    x1, y1 = int(max(x - half[0], 0)), int(max(y - half[1], 0))
    x2, y2 = int(min(x + half[0], image.shape[1])), int(min(y + half[1], image.shape[0]))
    if x1 < x2 and y1 < y2:
        image[y1:y2, x1:x2] = image[y1:y2, x1:x2] * np.float32(0.6)


def _photograph(rng, bank, actors, image, clutter, film, drift, shade, motion):
    height, width = image.shape[:2]
    owners = np.full((height, width), -1, np.int16)
    found, order = {}, sorted(range(len(actors)), key=lambda k: actors[k].centre[1] + actors[k].height / 2)
    for index in order:
        _shadow(image, actors[index])
        drawn = _drawn(bank, image, owners, index, actors[index])
        if drawn is not None:
            found[index] = drawn
    for x1, y1, x2, y2, tone in clutter:
        image[y1:y2, x1:x2] = tone
        owners[y1:y2, x1:x2] = -1
    boxes, identities, visible = [], [], []
    counts = np.bincount(owners[owners >= 0].ravel(), minlength=len(actors))
    for index, (box, pixels) in sorted(found.items()):
        share = counts[index] / max(pixels, 1)
        if share >= VISIBLE_FROM:
            size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
            boxes.append(np.array(box) + rng.normal(0, 0.03, 4) * size)
            identities.append(index)
            visible.append(share)
    image = film.expose(rng, image, drift, shade, motion)
    return Frame(image, np.array(boxes, np.float32).reshape(-1, 4), np.array(identities, np.int64), np.array(visible, np.float32))


def _light(rng, bank, height, width, offset):
    """A slowly varying light over the picture, [height, width] around 1: clouds and shadows of buildings."""
    field = bank.patch(int(offset[2]), offset[:2], 0.12, max(4, height // 4), max(4, width // 4))
    return 1 - offset[3] * cv2.GaussianBlur(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 6)


def pair(rng, bank, tiles, gap_kind):
    """Two frames of one generated clip, `tiles` = (rows, columns) of a 256-pixel tiling, and the seconds between them."""
    cv2.setNumThreads(0)
    side, stretch = rng.uniform(190, 330), np.exp(rng.normal(0, 0.08))
    height, width = int(tiles[0] * side * stretch), int(tiles[1] * side / stretch)
    gap = rng.uniform(*GAPS[gap_kind])
    drift = {"short": 0.0, "middle": 0.3, "long": 1.0}[gap_kind] * rng.random()
    count = int(rng.integers(7, 15))
    typical = np.exp(rng.uniform(np.log(26), np.log(0.65 * height)))
    # Half of the clips are crowded: objects stand together and cover each other.
    crowd, spread = rng.uniform(0.25, 0.75, 2), (0.22, 0.1) if rng.random() < 0.5 else None
    first = []
    for figure in _cast(rng, bank, count):
        tall = float(np.clip(typical * np.exp(rng.normal(0, 0.3)), 14, 0.9 * height))
        if isinstance(figure, Vehicle):
            tall *= 0.6
        pose = Pose(rng.uniform(0, 2 * np.pi), rng.uniform(-0.8, 0.8), bool(rng.random() < 0.5))
        place = rng.uniform(0.03, 0.97, 2) if spread is None else np.clip(rng.normal(crowd, spread), 0.03, 0.97)
        first.append(Actor(figure, place * (width, height), tall, pose, rng.normal(0, 0.04)))
    # A shake that has nothing to do with the gap keeps places in the picture from giving objects away.
    pan = rng.normal(0, 0.1, 2) * (width, height) * min(gap, 1.5) + (rng.uniform(-0.3, 0.3, 2) * (width, height) if rng.random() < 0.5 else 0)
    pan = np.clip(pan, (-0.4 * width, -0.4 * height), (0.4 * width, 0.4 * height))
    zoom = float(np.clip(np.exp(rng.normal(0, 0.06) * min(gap, 2)), 0.75, 1.3))
    second = [_moved(rng, actor, gap, height, width, pan, zoom) for actor in first]
    for index in np.flatnonzero(rng.random(count) < AT_BORDER):
        side = rng.choice(4, p=(0.4, 0.4, 0.08, 0.12))
        first[index] = _cut_off(rng, first[index], side, height, width)
        if rng.random() < STILL_AT_BORDER:
            # Back at the border it left by, or at the other end of its way.
            other = side if rng.random() < 0.7 else side ^ 1
            later = _cut_off(rng, second[index], other, height, width)
            if gap > 0.9 and other == side and rng.random() < 0.7:
                # What left and comes back shows its other side: it went out with its back to the picture and comes in facing it.
                later = dataclasses.replace(later, pose=dataclasses.replace(later.pose, mirrored=not first[index].pose.mirrored))
            second[index] = later
    scenery, film = backdrop.paint(bank, rng, height, width), Film(rng)
    light = np.array([*rng.uniform(0, 256, 2), rng.integers(len(bank.patterns)), rng.uniform(0, 0.6) if rng.random() < 0.4 else 0])
    frames = []
    poles = [(rng.uniform(0, 1), np.exp(rng.uniform(np.log(0.01), np.log(0.08))), rng.uniform(0, 0.7), rng.uniform(20, 200, 3).astype(np.uint8))
             for _ in range(rng.integers(0, 3))]
    for moment, actors in enumerate((first, second)):
        camera = (0.0, 0.0, 1.0, 0.0) if moment == 0 else (*pan, zoom, rng.normal(0, 0.01))
        clutter = []
        for place, half, top, tone in poles:
            x = int((place + (1.2 * pan[0] / width if moment else 0)) * width)
            clutter.append((max(0, x), int(top * height), max(0, min(width, x + max(2, int(half * width)))), height, tone))
        shade = _light(rng, bank, height, width, light + np.array([30, 30, 0, 0]) * gap * moment) if light[3] > 0 else None
        motion = rng.normal(0, 2.5, 2) if rng.random() < 0.3 else (0, 0)
        image = backdrop.view(scenery, height, width, camera)
        frames.append(_photograph(rng, bank, actors, image, clutter, film, drift, shade, motion))
    return frames[0], frames[1], gap
