#!/usr/bin/env python3
"""Draws the demo clip and its exact ground truth: demo/demo.mp4, demo/gt/gt.txt, demo/seqinfo.ini, demo/scoring/.

A developer's tool: the clip ships with the project, and neither building nor testing runs this script.
Needs Python 3.10 or later, NumPy and the ffmpeg command with libx264.

    python3 scripts/make-demo-clip.py            # about a minute and a half; writes into demo/
    python3 scripts/make-demo-clip.py --out DIR

Two runs on one machine give the same bytes. Elsewhere a sample on an object's edge may fall to the other side where the
maths library rounds differently (a third of a pixel in a box), and another x264 gives another demo.mp4.
docs/demo-clip.md tells what happens in the clip.

Ground truth (MOT format: frame,id,x,y,w,h,1,class,visibility):
  - a box spans all samples of the object, hidden or not (amodal); at the border it may reach beyond the frame;
  - visibility is the share of the object's samples that are inside the frame and not covered by anything nearer;
  - an object with less than VISIBLE_FROM of its samples visible has no row in that frame;
  - class 1 is a pedestrian, class 3 a car. demo/scoring has the same rows with class 1 throughout, because
    TrackEval's MOT17 rules score no other class.
"""

import argparse
import dataclasses
import pathlib
import subprocess

import numpy as np

import demo_drawing as drawing
from demo_drawing import SUPERSAMPLE, CarLook, WalkerLook

SEED = 20240101
WIDTH, HEIGHT, RATE, FRAMES = 640, 360, 25, 225
STREET_WIDTH, STREET_HEIGHT = 860, 384
PAVEMENT, ROAD_TOP, ROAD_BOTTOM = 176, 222, 306
HORIZON, HEIGHT_PER_DEPTH = 10, 0.435
VISIBLE_FROM = 0.125
PEDESTRIAN, CAR = 1, 3


def size_at(y):
    """Height in pixels of a walker who stands at y: things nearer to the camera stand lower and are larger."""
    return (y - HORIZON) * HEIGHT_PER_DEPTH


@dataclasses.dataclass(frozen=True)
class Actor:
    """One object: its id and class, what it looks like and where it stands. path: (frame, x, y) in street pixels."""

    identity: int
    look: WalkerLook | CarLook
    path: tuple
    scale: float = 1.0
    facing: int = 1

    @property
    def class_id(self):
        return PEDESTRIAN if isinstance(self.look, WalkerLook) else CAR


# Walkers 1 and 2, walkers 5 and 6, and cars 7 and 8 are look-alikes: the same main colour, another pattern.
ACTORS = (
    # Meet behind the news-stand, out of sight, and both turn back; then once more, and both leave to the left.
    Actor(1, WalkerLook("rows", (206, 38, 44), (244, 236, 224), (40, 48, 84), (60, 36, 20), drawing.SKIN[0]),
          ((0, 176, 204), (44, 296, 204), (50, 312, 204), (58, 294, 204), (92, 216, 205), (106, 222, 205),
           (156, 296, 205), (163, 312, 204), (172, 312, 204), (181, 292, 204), (224, 210, 204))),
    Actor(2, WalkerLook("dots", (206, 38, 44), (250, 246, 238), (44, 40, 60), (24, 18, 16), drawing.SKIN[1], period=0.085),
          ((0, 480, 208), (46, 362, 208), (51, 348, 208), (59, 366, 208), (96, 456, 208), (132, 540, 207),
           (150, 500, 207), (184, 366, 208), (203, 290, 208), (224, 236, 208)), scale=0.98),
    # Leaves the picture to the left and comes back two seconds later.
    Actor(3, WalkerLook("plain", (244, 196, 36), (244, 196, 36), (38, 38, 42), (90, 50, 20), drawing.SKIN[2], hat=(60, 70, 60)),
          ((0, 186, 334), (41, -8, 334), (54, -44, 330), (72, -44, 322), (84, 8, 320), (132, 214, 318), (150, 262, 318),
           (170, 268, 318), (224, 420, 322))),
    # Crosses the road from the far pavement to the near one and grows by two thirds.
    Actor(4, WalkerLook("checks", (36, 140, 92), (214, 232, 160), (112, 76, 44), (30, 24, 20), drawing.SKIN[3], bag=(206, 100, 30)),
          ((0, 602, 205), (30, 520, 206), (86, 498, 318), (99, 440, 330), (150, 340, 332), (176, 330, 332), (224, 196, 334))),
    # Go behind the advertising column from both sides; one pauses and walks on, the other turns back.
    Actor(5, WalkerLook("plain", (46, 92, 190), (46, 92, 190), (92, 94, 100), (200, 170, 90), drawing.SKIN[4]),
          ((0, 262, 328), (52, 444, 328), (58, 458, 328), (66, 462, 328), (73, 490, 328), (120, 618, 329), (146, 664, 330),
           (158, 660, 330), (198, 500, 330), (224, 420, 330)), scale=0.95),
    Actor(6, WalkerLook("columns", (46, 92, 190), (232, 236, 244), (70, 74, 84), (70, 40, 24), drawing.SKIN[5], period=0.07, skirt=True),
          ((0, 664, 338), (53, 490, 338), (59, 470, 338), (62, 470, 338), (68, 496, 338), (84, 566, 338), (112, 606, 338),
           (134, 596, 338), (176, 560, 338), (224, 640, 338)), scale=0.97),
    # Two red cars on the far lanes; a van hides them both while they slow down.
    Actor(7, CarLook("hatch", "halves", (196, 34, 36), (240, 236, 230), roof=(196, 34, 36)),
          ((0, 742, 243), (30, 618, 243), (48, 600, 243), (58, 520, 243), (74, 352, 243), (88, 328, 243), (104, 214, 243),
           (128, 20, 243), (150, -160, 243)), scale=1.7, facing=-1),
    Actor(8, CarLook("saloon", "plain", (204, 40, 38), (204, 40, 38), roof=(30, 30, 34)),
          ((0, -80, 258), (56, 190, 258), (74, 290, 258), (82, 322, 258), (98, 336, 258), (106, 362, 258), (120, 440, 258), (134, 560, 258),
           (150, 648, 258), (176, 652, 258), (206, 880, 258)), scale=1.7),
    Actor(9, CarLook("saloon", "checks", (246, 190, 30), (36, 32, 30), period=0.06, roof=(246, 190, 30), sign=(250, 246, 226)),
          ((0, -160, 286), (92, -130, 286), (136, 246, 286), (156, 420, 286), (166, 470, 286), (188, 480, 286), (224, 690, 286)),
          scale=1.6),
    Actor(10, CarLook("van", "diagonal", (36, 158, 170), (240, 142, 42), period=0.14),
          ((0, 60, 292), (36, 300, 292), (46, 330, 292), (90, 332, 292), (96, 348, 292), (112, 474, 292), (140, 690, 292), (152, 740, 292),
           (180, 742, 292), (200, 660, 292), (224, 560, 292)), scale=1.72),
)

# Street furniture: (drawing, x, y, width).
FURNITURE = ((drawing.draw_kiosk, 330, 217, 92), (drawing.draw_column, 470, 350, 62))


def smooth(values, sigma):
    """values [frames] filtered with a Gaussian; beyond its ends the series goes on as its point reflection."""
    reach = int(4 * sigma)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    before = 2 * values[0] - values[reach:0:-1]
    after = 2 * values[-1] - values[-2 : -reach - 2 : -1]
    return np.convolve(np.concatenate([before, values, after]), weights / weights.sum(), "valid")


def walk(actor):
    """Position, gait and facing in every frame: x, y, travelled (in sizes), stride, facing, each [frames]."""
    key_frames, xs, ys = (np.array(column, float) for column in zip(*actor.path))
    frames = np.arange(FRAMES)
    x, y = smooth(np.interp(frames, key_frames, xs), 2.5), smooth(np.interp(frames, key_frames, ys), 4.0)
    size = size_at(y) * actor.scale
    step = np.hypot(np.gradient(x), np.gradient(y)) / size
    stride = np.clip(step / 0.03, 0, 1)
    if actor.class_id == CAR:
        return x, y, np.cumsum(step), stride, np.full(FRAMES, float(actor.facing))
    facing = np.zeros(FRAMES)
    heading = 1.0 if x[min(20, FRAMES - 1)] >= x[0] else -1.0
    for frame, speed in enumerate(np.gradient(x)):
        if abs(speed) > 0.5:
            heading = np.sign(speed)
        facing[frame] = heading
    facing = smooth(facing, 1.5)
    facing = np.where(np.abs(facing) < 0.45, np.where(facing < 0, -0.45, 0.45), facing)
    return x, y, np.cumsum(step), stride, facing


def camera():
    """Left and top border of the picture on the street, in samples, each [frames]: still, a whip pan, a slow pan back."""
    frames = np.arange(FRAMES)
    x = smooth(np.interp(frames, (0, 126, 133, 168, 216, 224), (40, 40, 152, 152, 64, 64)), 1.2)
    y = 10 + smooth(np.interp(frames, (0, 126, 130, 135, 224), (0, 0, 5, 1, 0)), 1.2)
    return np.round(x * SUPERSAMPLE).astype(int), np.round(y * SUPERSAMPLE).astype(int)


def light(frame):
    """Colour gain [columns, 3]: a cloud's shadow crosses the street from the left, and the sun comes back lower."""
    columns = np.arange(WIDTH)[:, None] / WIDTH
    shade = 1 / (1 + np.exp(-(frame - 140 - 22 * columns) / 3.0))
    evening = 1 / (1 + np.exp(-(frame - 186 - 14 * columns) / 4.0))
    dark, low_sun = np.array((0.56, 0.62, 0.76)), np.array((1.02, 0.92, 0.76))
    gain = 1 + shade * (dark - 1)
    return gain + evening * (low_sun - gain)


def place(canvas, owner, sprite, left, top, index):
    """Composites a sprite whose corner is at (left, top) samples; what it covers in owner becomes index."""
    rows, columns = sprite.mask.shape
    r0, r1 = max(0, top), min(canvas.shape[0], top + rows)
    c0, c1 = max(0, left), min(canvas.shape[1], left + columns)
    if r0 >= r1 or c0 >= c1:
        return
    mask = sprite.mask[r0 - top : r1 - top, c0 - left : c1 - left]
    canvas[r0:r1, c0:c1][mask] = sprite.rgb[r0 - top : r1 - top, c0 - left : c1 - left][mask]
    owner[r0:r1, c0:c1][mask] = index


def cast_shadow(canvas, x, y, radius):
    """Darkens an ellipse on the ground around (x, y); all in samples."""
    r0, r1 = max(0, int(y - 0.2 * radius)), min(canvas.shape[0], int(y + 0.2 * radius))
    c0, c1 = max(0, int(x - radius)), min(canvas.shape[1], int(x + radius))
    if r0 >= r1 or c0 >= c1:
        return
    rows, columns = np.ogrid[r0:r1, c0:c1]
    away = np.hypot((columns - x) / radius, (rows - y) / (0.2 * radius))
    canvas[r0:r1, c0:c1] *= (1 - 0.5 * np.clip(1.3 - 1.3 * away, 0, 1))[..., None]


def film():
    """Yields, frame by frame, the picture [HEIGHT, WIDTH, 3] as bytes and the ground-truth rows."""
    street = drawing.draw_street(np.random.default_rng(SEED), STREET_WIDTH, STREET_HEIGHT, PAVEMENT, ROAD_TOP, ROAD_BOTTOM)
    camera_x, camera_y = camera()
    walks = {actor.identity: walk(actor) for actor in ACTORS}
    furniture = [(y, x, draw(width * SUPERSAMPLE)) for draw, x, y, width in FURNITURE]
    for frame in range(FRAMES):
        left, top = camera_x[frame], camera_y[frame]
        canvas = street[top : top + HEIGHT * SUPERSAMPLE, left : left + WIDTH * SUPERSAMPLE].astype(np.float32)
        owner = np.zeros(canvas.shape[:2], np.uint8)
        scene = [(y, 0, x, sprite) for y, x, sprite in furniture]
        for actor in ACTORS:
            x, y, travelled, stride, facing = (series[frame] for series in walks[actor.identity])
            size = size_at(y) * actor.scale * SUPERSAMPLE
            if actor.class_id == PEDESTRIAN:
                sprite = drawing.draw_walker(actor.look, size, 2 * np.pi * travelled / 0.8, stride, facing)
            else:
                sprite = drawing.draw_car(actor.look, size, travelled, facing)
            scene.append((y, actor.identity, x, sprite))
        corners = {}
        for y, index, x, sprite in sorted(scene, key=lambda item: item[0]):
            column, row = int(round(x * SUPERSAMPLE)) - left, int(round(y * SUPERSAMPLE)) - top
            cast_shadow(canvas, column, row, 0.5 * sprite.mask.shape[1])
            corners[index] = (column - sprite.anchor_column, row - sprite.anchor_row, sprite.mask)
            place(canvas, owner, sprite, column - sprite.anchor_column, row - sprite.anchor_row, index)
        picture = canvas.reshape(HEIGHT, SUPERSAMPLE, WIDTH, SUPERSAMPLE, 3).mean((1, 3)) * light(frame)[None]
        yield np.clip(np.round(picture), 0, 255).astype(np.uint8), truth(frame + 1, owner, corners)


def truth(frame, owner, corners):
    """Ground-truth rows of one frame: (frame, id, x, y, width, height, class, visibility), in order of id."""
    visible = np.bincount(owner.ravel(), minlength=len(ACTORS) + 1)
    rows = []
    for actor in ACTORS:
        column, row, mask = corners[actor.identity]
        visibility = visible[actor.identity] / mask.sum()
        if visibility < VISIBLE_FROM:
            continue
        across, down = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
        x, y = (column + across[0]) / SUPERSAMPLE, (row + down[0]) / SUPERSAMPLE
        width, height = (across[-1] - across[0] + 1) / SUPERSAMPLE, (down[-1] - down[0] + 1) / SUPERSAMPLE
        rows.append((frame, actor.identity, x, y, width, height, actor.class_id, visibility))
    return rows


def encoder(path):
    """The ffmpeg process that turns raw RGB frames on its standard input into the clip."""
    return subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-",
         "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p",
         "-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-crf", "25", "-bf", "3", "-g", "75", "-threads", "1",
         "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
         "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", str(path)],
        stdin=subprocess.PIPE)


def write_truth(folder, name, rows, class_id=None):
    """gt/gt.txt and seqinfo.ini below folder; class_id replaces every row's class."""
    (folder / "gt").mkdir(parents=True, exist_ok=True)
    with open(folder / "gt" / "gt.txt", "w", newline="\n") as file:
        for frame, identity, x, y, width, height, actual, visibility in rows:
            file.write(f"{frame},{identity},{x:.2f},{y:.2f},{width:.2f},{height:.2f},1,{class_id or actual},{visibility:.4f}\n")
    (folder / "seqinfo.ini").write_text(
        f"[Sequence]\nname={name}\nframeRate={RATE}\nseqLength={FRAMES}\nimWidth={WIDTH}\nimHeight={HEIGHT}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(__file__).resolve().parent.parent / "demo"
    parser.add_argument("--out", type=pathlib.Path, default=default, help="folder to write into (default: demo)")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    ffmpeg, rows = encoder(out / "demo.mp4"), []
    for picture, boxes in film():
        ffmpeg.stdin.write(picture.tobytes())
        rows += boxes
    ffmpeg.stdin.close()
    if ffmpeg.wait() != 0:
        raise SystemExit("ffmpeg failed; its message is above")
    write_truth(out, "demo", rows)
    write_truth(out / "scoring" / "DEMO", "DEMO", rows, class_id=PEDESTRIAN)
    print(f"{FRAMES} frames, {len(rows)} boxes, {len(ACTORS)} objects, {(out / 'demo.mp4').stat().st_size} bytes in {out}")


if __name__ == "__main__":
    main()
