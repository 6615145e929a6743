"""Batches of generated clips: batch number k of a seed is the same wherever and whenever it is made."""

import dataclasses

import cv2
import numpy as np
import torch

from . import scene, textures

LAYOUTS, LAYOUT_SHARES = ((1, 2), (2, 1), (2, 2)), (0.35, 0.3, 0.35)
GAP_KINDS, GAP_SHARES = ("short", "middle", "long"), (0.35, 0.35, 0.3)
# Sets of clips that share nothing: to train on, to choose block and pooling by, and to report.
TRAIN, CHOICE, REPORT = 0, 1, 2


@dataclasses.dataclass
class Batch:
    """images [2·n, H, W, 3] uint8, first all first frames; boxes [k, 5] (image, x1, y1, x2, y2) in tokens of the map;
    owners [k]: a number that boxes of one object share; gaps [n]."""

    images: torch.Tensor
    boxes: torch.Tensor
    owners: torch.Tensor
    gaps: list


def resized(image, height, width):
    """Bilinear, each axis with as wide a filter as it shrinks: what swscale and oracle.py do."""
    for size in ((width, image.shape[0]), (width, height)):
        shrinks = size[0] < image.shape[1] or size[1] < image.shape[0]
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return image


def assembled(pairs, tiles, side, patch):
    """One batch of pairs of frames, all of one tiling."""
    height, width = tiles[0] * side, tiles[1] * side
    images, boxes, owners = [], [], []
    for moment in range(2):
        for number, (pair, base) in enumerate(zip(pairs, range(0, 1000 * len(pairs), 1000))):
            frame = pair[moment]
            images.append(resized(frame.image, height, width))
            scale = np.array([width / frame.image.shape[1], height / frame.image.shape[0]] * 2) / patch
            index = np.full((len(frame.boxes), 1), moment * len(pairs) + number)
            boxes.append(np.hstack([index, frame.boxes * scale]))
            owners.append(base + frame.identities)
    return Batch(torch.from_numpy(np.stack(images)), torch.from_numpy(np.concatenate(boxes)).float(),
                 torch.from_numpy(np.concatenate(owners)), [pair[2] for pair in pairs])


class Clips(torch.utils.data.Dataset):
    """By step number, the shards of a training batch: a list of batches, all of one tiling."""

    def __init__(self, config):
        self.config, self.bank = config, None

    def __len__(self):
        return self.config.steps

    def __getitem__(self, step):
        config = self.config
        if self.bank is None:
            self.bank = textures.TextureBank(config.seed, config.textures)
        rng = np.random.default_rng((config.seed, TRAIN, int(step)))
        tiles = LAYOUTS[rng.choice(3, p=LAYOUT_SHARES)]
        count = config.tiles // (2 * tiles[0] * tiles[1]) // config.shards
        return [assembled([scene.pair(rng, self.bank, tiles, GAP_KINDS[rng.choice(3, p=GAP_SHARES)]) for _ in range(count)],
                          tiles, config.side, config.patch) for _ in range(config.shards)]


def held_out(config, part=CHOICE):
    """Clips that training never sees, from textures of their own: gap → list of (pair, tiles)."""
    bank = textures.TextureBank((config.seed + 1) * 7919 + part, config.textures // 2)
    clips = {}
    for kind_number, kind in enumerate(GAP_KINDS):
        clips[kind] = []
        for number in range(config.held_out):
            rng = np.random.default_rng((config.seed, part, kind_number, number))
            tiles = LAYOUTS[rng.choice(3, p=LAYOUT_SHARES)]
            clips[kind].append((scene.pair(rng, bank, tiles, kind), tiles))
    return clips
