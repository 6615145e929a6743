"""A picture of generated clips, both frames side by side with their boxes: `python -m vtrain.sheet SHEET.jpg`."""

import argparse
import pathlib
import sys

import cv2
import numpy as np

from . import data, scene, textures


def tile(pair, height):
    """Both frames of a pair, boxes in one colour for each object, `height` pixels tall."""
    pictures = []
    for frame in pair[:2]:
        picture = np.ascontiguousarray(frame.image[..., ::-1])
        for box, identity in zip(frame.boxes.round().astype(int).tolist(), frame.identities):
            colour = np.random.default_rng(int(identity)).integers(80, 256, 3).tolist()
            cv2.rectangle(picture, box[:2], box[2:], colour, 2)
        width = round(picture.shape[1] * height / picture.shape[0])
        pictures.append(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    return np.hstack(pictures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=4)
    given = parser.parse_args()
    bank = textures.TextureBank(given.seed, 60)
    rows = []
    for row in range(given.rows):
        tiles = [tile(scene.pair(np.random.default_rng((given.seed, row, column)), bank, (1, 2), data.GAP_KINDS[(row + column) % 3]), 150)
                 for column in range(2)]
        width = 620
        rows.append(np.hstack([cv2.resize(picture, (width, 150)) for picture in tiles]))
    given.path.parent.mkdir(parents=True, exist_ok=True)
    written = cv2.imwrite(str(given.path), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 80])
    sys.exit(0 if written else f"cannot write {given.path}")
