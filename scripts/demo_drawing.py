"""Procedural drawing for the demo clip: textured walkers, cars, street furniture and the street itself.

Everything is drawn into NumPy arrays at SUPERSAMPLE times the clip's resolution with hard-edged masks; averaging
SUPERSAMPLE x SUPERSAMPLE samples into one pixel gives the anti-aliasing. A mask therefore says exactly which samples an
object covers, and the ground truth (box, visibility) is counted from masks and never estimated from pixels.

Coordinates: a sprite is drawn in units of its own size, x to the right and y up from the point where it stands.
"""

import dataclasses

import numpy as np

SUPERSAMPLE = 3

SKIN = ((236, 188, 152), (141, 92, 62), (214, 160, 120), (92, 60, 44), (244, 205, 175), (178, 122, 86))


class Sprite:
    """A picture with a mask. x, y [rows, columns]: coordinates of every sample, in units of the object's size."""

    def __init__(self, size: float, left: float, right: float, top: float, bottom: float = 0.02):
        self.size = size
        self.anchor_column = int(np.ceil(left * size))
        self.anchor_row = int(np.ceil(top * size))
        columns = self.anchor_column + int(np.ceil(right * size))
        rows = self.anchor_row + int(np.ceil(bottom * size))
        self.x = ((np.arange(columns) + 0.5 - self.anchor_column) / size)[None, :]
        self.y = ((self.anchor_row - np.arange(rows) - 0.5) / size)[:, None]
        self.x, self.y = np.broadcast_arrays(self.x, self.y)
        self.mask = np.zeros((rows, columns), bool)
        self.rgb = np.zeros((rows, columns, 3), np.float32)

    def paint(self, region, colour, shade=1.0):
        """Fills region [rows, columns] with a colour or a picture [rows, columns, 3], darkened by shade."""
        picture = np.broadcast_to(np.asarray(colour, np.float32), self.rgb.shape)
        shade = np.broadcast_to(np.asarray(shade, np.float32), self.mask.shape)
        self.rgb[region] = picture[region] * shade[region][:, None]
        self.mask |= region

    def capsule(self, start, end, radius, end_radius=None):
        """A rounded stick: (region, lateral offset in radii, for shading)."""
        end_radius = radius if end_radius is None else end_radius
        dx, dy = end[0] - start[0], end[1] - start[1]
        along = np.clip(((self.x - start[0]) * dx + (self.y - start[1]) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        reach = radius + (end_radius - radius) * along
        away_x, away_y = self.x - start[0] - along * dx, self.y - start[1] - along * dy
        return np.hypot(away_x, away_y) <= reach, away_x / reach

    def ellipse(self, centre, radius_x, radius_y):
        return ((self.x - centre[0]) / radius_x) ** 2 + ((self.y - centre[1]) / radius_y) ** 2 <= 1

    def box(self, left, right, bottom, top):
        return (self.x >= left) & (self.x <= right) & (self.y >= bottom) & (self.y <= top)

    def polygon(self, points):
        inside = np.zeros(self.mask.shape, bool)
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
            if y1 == y2:
                continue
            crosses = (self.y > y1) != (self.y > y2)
            inside ^= crosses & (self.x < (x2 - x1) * (self.y - y1) / (y2 - y1) + x1)
        return inside


def pattern(name: str, u, v, first, second, period: float):
    """A two-coloured texture over coordinates u (across) and v (up): a picture [rows, columns, 3]."""
    a, b = u / period, v / period
    match name:
        case "plain":
            second_here = np.zeros(u.shape, bool)
        case "rows":
            second_here = np.floor(b) % 2 == 0
        case "columns":
            second_here = np.floor(a) % 2 == 0
        case "checks":
            second_here = (np.floor(a) + np.floor(b)) % 2 == 0
        case "diagonal":
            second_here = np.floor(a + b) % 2 == 0
        case "dots":
            shifted = a + 0.5 * (np.floor(b) % 2)
            second_here = np.hypot(shifted - np.floor(shifted) - 0.5, b - np.floor(b) - 0.5) < 0.34
        case "halves":
            second_here = v < 0
        case _:
            raise ValueError(f"no pattern is called {name}")
    return np.where(second_here[..., None], np.float32(second), np.float32(first))


@dataclasses.dataclass(frozen=True)
class WalkerLook:
    """Clothes of a walker; colours are RGB from 0 to 255, period is in body heights."""

    pattern: str
    coat: tuple
    trim: tuple
    trousers: tuple
    hair: tuple
    skin: tuple
    period: float = 0.09
    hat: tuple | None = None
    bag: tuple | None = None
    skirt: bool = False


def draw_walker(look: WalkerLook, height: float, phase: float, stride: float, facing: float) -> Sprite:
    """A walker seen from the side. phase in radians, stride 0 (standing) to 1, facing 1 (right) to -1 (left)."""
    sprite = Sprite(height, 0.42, 0.42, 1.06)
    sprite.x = sprite.x / facing if abs(facing) > 0.05 else sprite.x / 0.05
    hip = 0.47

    def leg(angle_phase):
        thigh = 0.4 * stride * np.sin(angle_phase)
        shin = thigh - 0.75 * stride * max(0.0, np.cos(angle_phase))
        knee = (0.25 * np.sin(thigh), hip - 0.25 * np.cos(thigh))
        ankle = (knee[0] + 0.21 * np.sin(shin), knee[1] - 0.21 * np.cos(shin))
        return knee, ankle

    legs = [leg(phase), leg(phase + np.pi)]
    lift = 0.022 - min(ankle[1] - 0.022 for _, ankle in legs) - 0.022
    sprite.y = sprite.y - lift
    for (knee, ankle), dim in zip(legs, (0.68, 1.0)):
        for start, end, radius in (((0, hip), knee, 0.078), (knee, ankle, 0.06)):
            region, lateral = sprite.capsule(start, end, radius, radius * 0.85)
            sprite.paint(region, look.trousers, dim * (1 - 0.3 * np.abs(lateral)))
        region, _ = sprite.capsule((ankle[0] - 0.02, ankle[1]), (ankle[0] + 0.075, ankle[1] - 0.01), 0.03, 0.022)
        sprite.paint(region, (38, 32, 30), dim)

    def arm(angle, dim):
        shoulder = (0.0, 0.785)
        elbow = (0.16 * np.sin(angle), 0.785 - 0.16 * np.cos(angle))
        forward = angle + 0.25 + 0.3 * stride
        hand = (elbow[0] + 0.15 * np.sin(forward), elbow[1] - 0.15 * np.cos(forward))
        for start, end in ((shoulder, elbow), (elbow, hand)):
            region, lateral = sprite.capsule(start, end, 0.052, 0.044)
            cloth = pattern(look.pattern, sprite.x, sprite.y, look.coat, look.trim, look.period)
            sprite.paint(region, cloth, dim * (1 - 0.3 * np.abs(lateral)))
        sprite.paint(sprite.ellipse(hand, 0.04, 0.04), look.skin, dim)

    swing = 0.45 * stride * np.sin(phase)
    arm(swing, 0.6)
    if look.bag:
        sprite.paint(sprite.box(-0.23, -0.08, 0.54, 0.8), look.bag, 0.9)
        sprite.paint(sprite.box(-0.23, -0.08, 0.63, 0.66), look.bag, 0.6)
    if look.skirt:
        region = sprite.polygon([(-0.125, 0.58), (0.125, 0.58), (0.19, 0.3), (-0.19, 0.3)])
        cloth = pattern(look.pattern, sprite.x, sprite.y - 0.3, look.coat, look.trim, look.period)
        sprite.paint(region, cloth, 1 - 0.25 * np.clip(np.abs(sprite.x) / 0.19, 0, 1))
    region, lateral = sprite.capsule((0, 0.54), (0, 0.74), 0.13, 0.12)
    cloth = pattern(look.pattern, sprite.x, sprite.y - 0.64, look.coat, look.trim, look.period)
    sprite.paint(region, cloth, 1.05 - 0.35 * np.abs(lateral + 0.2))
    arm(-swing, 0.92)
    sprite.paint(sprite.box(-0.03, 0.03, 0.82, 0.88), look.skin, 0.8)
    sprite.paint(sprite.ellipse((0.012, 0.912), 0.078, 0.085), look.skin, 1 - 0.6 * np.clip(-sprite.x, 0, 1))
    sprite.paint(sprite.ellipse((-0.015, 0.93), 0.084, 0.078) & (sprite.y > 0.9 + 1.0 * sprite.x), look.hair)
    if look.hat:
        sprite.paint(sprite.box(-0.075, 0.075, 0.955, 1.01), look.hat)
        sprite.paint(sprite.box(-0.085, 0.13, 0.945, 0.965), look.hat, 0.7)
    return sprite


@dataclasses.dataclass(frozen=True)
class CarLook:
    """Body and paint of a car; the length is the unit of size, period is in lengths."""

    body: str
    pattern: str
    paint: tuple
    trim: tuple
    period: float = 0.08
    roof: tuple | None = None
    sign: tuple | None = None


BODIES = {
    "hatch": [(-0.5, 0.1), (-0.49, 0.28), (-0.38, 0.42), (0.1, 0.43), (0.24, 0.29), (0.47, 0.24), (0.5, 0.1)],
    "saloon": [(-0.5, 0.1), (-0.5, 0.26), (-0.33, 0.29), (-0.2, 0.41), (0.1, 0.41), (0.24, 0.28), (0.48, 0.23), (0.5, 0.1)],
    "van": [(-0.5, 0.1), (-0.5, 0.6), (0.3, 0.6), (0.4, 0.36), (0.49, 0.3), (0.5, 0.1)],
}
WINDOWS = {
    "hatch": [[(-0.36, 0.29), (-0.32, 0.4), (-0.12, 0.41), (-0.12, 0.29)], [(-0.09, 0.29), (-0.09, 0.41), (0.08, 0.41), (0.19, 0.29)]],
    "saloon": [[(-0.27, 0.28), (-0.18, 0.385), (-0.06, 0.385), (-0.06, 0.28)], [(-0.03, 0.28), (-0.03, 0.385), (0.09, 0.385), (0.19, 0.28)]],
    "van": [[(0.14, 0.36), (0.14, 0.53), (0.29, 0.53), (0.36, 0.36)]],
}


def draw_car(look: CarLook, length: float, travelled: float, facing: float) -> Sprite:
    """A car seen from the side. travelled in lengths (it turns the wheels), facing 1 (right) or -1 (left)."""
    sprite = Sprite(length, 0.52, 0.52, 0.72)
    sprite.x = sprite.x * facing
    body = sprite.polygon(BODIES[look.body])
    paint = pattern(look.pattern, sprite.x, sprite.y - 0.2, look.paint, look.trim, look.period)
    sprite.paint(body, paint, 0.72 + 0.75 * np.clip(sprite.y, 0, 0.42))
    if look.roof:
        sprite.paint(body & (sprite.y > 0.295), look.roof)
    sprite.paint(body & (sprite.y < 0.14), (44, 44, 48))
    for points in WINDOWS[look.body]:
        glass = sprite.polygon(points)
        glint = np.where(np.mod(sprite.x * 1.4 + sprite.y, 0.4) < 0.07, 1.35, 1.0)
        sprite.paint(glass, (92, 120, 140), (0.55 + 1.1 * (sprite.y - 0.2)) * glint)
    for seam in (-0.105, 0.2):
        sprite.paint(body & (np.abs(sprite.x - seam) < 0.004) & (sprite.y < 0.3), (30, 30, 34))
    sprite.paint(body & sprite.ellipse((0.47, 0.22), 0.035, 0.03), (255, 244, 190))
    sprite.paint(body & sprite.box(-0.5, -0.465, 0.2, 0.27), (190, 20, 24))
    if look.sign:
        sprite.paint(sprite.box(-0.12, 0.02, 0.41, 0.465), look.sign)
    for wheel in (-0.3, 0.3):
        away = np.hypot(sprite.x - wheel, sprite.y - 0.088)
        sprite.paint(away < 0.088, (26, 26, 28))
        spoke = np.mod(np.arctan2(sprite.y - 0.088, sprite.x - wheel) + travelled / 0.088, np.pi / 2.5) < 0.55
        sprite.paint(away < 0.055, (196, 198, 204), np.where(spoke, 1.0, 0.45))
    return sprite


def draw_kiosk(width: float) -> Sprite:
    """A news-stand: wide enough to hide two walkers."""
    sprite = Sprite(width, 0.58, 0.58, 1.5)
    sprite.paint(sprite.box(-0.5, 0.5, 0, 1.3), (52, 92, 74), 1 - 0.2 * np.abs(sprite.x))
    sprite.paint(sprite.box(-0.5, 0.5, 0, 0.42) & (np.mod(sprite.x, 0.1) < 0.012), (30, 56, 46))
    colours = ((206, 60, 48), (238, 224, 200), (64, 110, 180), (240, 190, 60), (90, 60, 120), (236, 236, 236))
    for row in range(3):
        for column in range(6):
            left, bottom = -0.44 + 0.15 * column, 0.48 + 0.2 * row
            cover = sprite.box(left, left + 0.13, bottom, bottom + 0.17)
            sprite.paint(cover, colours[(row * 5 + column * 7) % 6], 0.9)
            sprite.paint(cover & (sprite.y > bottom + 0.12), colours[(row + column) % 6], 0.8)
    stripes = pattern("columns", sprite.x, sprite.y, (232, 226, 208), (178, 48, 40), 0.09)
    sprite.paint(sprite.polygon([(-0.5, 1.34), (0.5, 1.34), (0.56, 1.12), (-0.56, 1.12)]), stripes)
    sprite.paint(sprite.box(-0.5, 0.5, 1.34, 1.46), (34, 58, 50))
    return sprite


def draw_column(width: float) -> Sprite:
    """An advertising column with posters."""
    sprite = Sprite(width, 0.62, 0.62, 2.75)
    round_shade = 1.05 - 0.55 * np.clip(np.abs(sprite.x + 0.12) / 0.6, 0, 1) ** 2
    sprite.paint(sprite.box(-0.5, 0.5, 0, 2.3), (206, 198, 178), round_shade)
    posters = ((0.25, 0.95, -0.42, 0.3, (228, 120, 40), (60, 30, 20), "dots"), (1.05, 1.6, -0.46, 0.02, (50, 70, 130), (230, 230, 120), "diagonal"),
               (1.05, 1.75, 0.08, 0.44, (150, 30, 60), (240, 220, 220), "rows"), (1.7, 2.2, -0.4, 0.02, (40, 120, 80), (240, 240, 240), "checks"))
    for bottom, top, left, right, first, second, name in posters:
        sheet = pattern(name, sprite.x - left, sprite.y - bottom, first, second, 0.11)
        sprite.paint(sprite.box(left, right, bottom, top), sheet, round_shade)
    sprite.paint(sprite.box(-0.56, 0.56, 2.3, 2.42), (70, 72, 76), round_shade)
    sprite.paint(sprite.ellipse((0, 2.42), 0.5, 0.28) & (sprite.y > 2.42), (84, 110, 100), round_shade)
    sprite.paint(sprite.box(-0.54, 0.54, 0, 0.14), (80, 78, 76), round_shade)
    return sprite


def smooth_noise(random, rows: int, columns: int, cell: int):
    """Noise from 0 to 1 that varies over about `cell` samples: a coarse random grid, interpolated."""
    grid = random.random((rows // cell + 2, columns // cell + 2)).astype(np.float32)
    r, c = np.arange(rows) / cell, np.arange(columns) / cell
    r0, c0 = r.astype(int), c.astype(int)
    fr, fc = (r - r0)[:, None].astype(np.float32), (c - c0)[None, :].astype(np.float32)
    upper = grid[np.ix_(r0, c0)] * (1 - fc) + grid[np.ix_(r0, c0 + 1)] * fc
    lower = grid[np.ix_(r0 + 1, c0)] * (1 - fc) + grid[np.ix_(r0 + 1, c0 + 1)] * fc
    return upper * (1 - fr) + lower * fr


def draw_street(random, width: int, height: int, pavement: int, road_top: int, road_bottom: int):
    """The street behind everything: house fronts, two pavements and a road. Sizes in pixels of the clip."""
    scale = SUPERSAMPLE
    rows, columns = height * scale, width * scale
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / scale
    street = np.zeros((rows, columns, 3), np.float32)

    left, walls = 0, ((168, 106, 82), (196, 182, 150), (128, 132, 140), (180, 140, 100), (150, 92, 96), (190, 190, 180), (120, 128, 104))
    number = 0
    while left < width:
        right = left + int(random.integers(130, 210))
        here = (x >= left) & (x < right) & (y < pavement)
        wall = np.float32(walls[number % len(walls)])
        brick_row = np.floor(y / 5)
        mortar = (np.mod(y, 5) < 0.8) | (np.mod(x + 5 * (brick_row % 2), 11) < 0.8)
        street[here] = (wall * np.where(mortar, 0.86, 1.0)[..., None])[here]
        for top in (8, 62):
            for window in range(left + 14, right - 30, 42):
                frame = (x >= window - 2) & (x < window + 26) & (y >= top - 2) & (y < top + 38)
                pane = (x >= window) & (x < window + 24) & (y >= top) & (y < top + 36)
                street[frame] = (226, 222, 212)
                street[pane] = (np.float32((70, 84, 100)) * (0.7 + 0.012 * (y - top))[..., None])[pane]
                street[pane & ((np.abs(x - window - 12) < 0.8) | (np.abs(y - top - 17) < 0.8))] = (226, 222, 212)
        shop = (x >= left + 8) & (x < right - 8) & (y >= 112) & (y < pavement - 6)
        street[shop] = (np.float32((88, 96, 104)) * (1.1 - 0.006 * (y - 112))[..., None])[shop]
        first, second = walls[(number + 3) % len(walls)], (238, 234, 224)
        awning = (x >= left + 4) & (x < right - 4) & (y >= 104) & (y < 120)
        street[awning] = pattern("columns", x, y, first, second, 9)[awning]
        left, number = right, number + 1

    stones = y >= pavement
    street[stones] = (176, 170, 160)
    depth = np.clip((y - pavement) / (height - pavement), 0, 1)
    rows_of_stones = np.sqrt(np.clip(y - pavement + 30, 0, None)) * 2.2
    joint = (np.mod(rows_of_stones, 1) < 0.1) | (np.mod(x + 13 * (np.floor(rows_of_stones) % 2), 26) < 1.0)
    street[stones & joint] = (146, 140, 132)
    road = (y >= road_top) & (y < road_bottom)
    street[road] = (92, 94, 98)
    middle = (road_top + road_bottom) / 2 - 3
    street[(np.abs(y - middle) < 1.6) & (np.mod(x, 60) < 34)] = (222, 218, 200)
    street[(np.abs(y - road_top) < 2.5) | (np.abs(y - road_bottom) < 3)] = (206, 202, 194)
    for stripe in range(452, 540, 18):
        street[road & (x >= stripe) & (x < stripe + 9) & (y > road_top + 6) & (y < road_bottom - 6)] = (226, 224, 216)
    for _ in range(26):
        cx, cy = random.uniform(0, width), random.uniform(road_top + 6, road_bottom - 6)
        street[(((x - cx) / random.uniform(4, 26)) ** 2 + ((y - cy) / random.uniform(1.5, 4)) ** 2) < 1] *= 0.86
    grain = 0.5 * smooth_noise(random, rows, columns, 48) + 0.3 * smooth_noise(random, rows, columns, 12) + 0.2 * smooth_noise(random, rows, columns, 5)
    street *= (0.86 + 0.28 * grain)[..., None] * (0.94 + 0.08 * depth)[..., None]
    return np.clip(street, 0, 255).astype(np.uint8)
