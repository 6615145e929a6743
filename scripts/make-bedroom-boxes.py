#!/usr/bin/env python3
"""Boxes for a clip of 960×540 pixels and 200 frames that lie inside three of its tiles, the same in every frame.

    python3 scripts/make-bedroom-boxes.py [--frames 200] >boxes.txt

Rows as in MOTChallenge's gt.txt (frame,id,x,y,w,h,1,class,visibility). Cut with `--tiling fit`, the frame is 4×2 tiles of
240×270 pixels; each box keeps MARGIN pixels from its tile's border, more than the pixel pitch of a token (17 by 19 for 14
tokens a tile), so that no sample of a box reads a token of another tile, bilinear neighbours included. Five tiles
are then read by nobody. The boxes stand for no object: they are what tile skipping is measured with."""
import argparse

TILE_WIDTH, TILE_HEIGHT, MARGIN = 240, 270, 20
# Column and row of the tile, then x, y, width and height in the tile, in pixels.
BOXES = [
    ((1, 0), [(112, 24, 84, 96), (104, 118, 100, 128), (24, 86, 80, 44), (32, 150, 60, 90)]),
    ((2, 1), [(60, 24, 130, 118), (20, 56, 60, 76), (30, 150, 180, 90), (150, 120, 64, 48)]),
    ((3, 1), [(120, 24, 56, 64), (110, 92, 106, 60), (112, 156, 104, 92), (24, 40, 72, 196)]),
]

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--frames", type=int, default=200)
arguments = parser.parse_args()

for frame in range(1, arguments.frames + 1):
    identity = 0
    for (column, row), boxes in BOXES:
        for x, y, width, height in boxes:
            assert MARGIN <= x and x + width <= TILE_WIDTH - MARGIN and MARGIN <= y and y + height <= TILE_HEIGHT - MARGIN
            identity += 1
            print(f"{frame},{identity},{column * TILE_WIDTH + x},{row * TILE_HEIGHT + y},{width},{height},1,1,1")
