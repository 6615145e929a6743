"""Generated clips: the same from the same seed, boxes where the objects are, look-alikes that differ."""

import numpy as np
import pytest

from vtrain import scene, textures
from vtrain.shapes import Blob, Solid
from vtrain.pose import Canvas, Pose, ellipse
from vtrain.vehicle import Vehicle
from vtrain.walker import Walker


@pytest.fixture(scope="module")
def bank():
    return textures.TextureBank(3, 12)


def test_bank_is_its_seed(bank):
    again, other = textures.TextureBank(3, 12), textures.TextureBank(4, 12)
    assert np.array_equal(bank.patterns, again.patterns) and np.array_equal(bank.surfaces, again.surfaces)
    assert not np.array_equal(bank.patterns, other.patterns)


def test_textures_are_not_flat(bank):
    assert (bank.patterns.std((1, 2)) > 1).mean() > 0.9
    assert (bank.surfaces.std((1, 2, 3)) > 1).all()


@pytest.mark.parametrize("kind", [Walker, Vehicle, Blob, Solid])
def test_figures_are_drawn_and_look_alikes_differ(bank, kind):
    rng, pose = np.random.default_rng(1), Pose(0.3, 0.2, False)
    for _ in range(10):
        figure = kind.random(rng, bank)
        picture = figure.draw(bank, 64, pose)
        assert picture.shape[0] == 64 and picture.dtype == np.uint8
        assert 0.15 < (picture[..., 3] > 127).mean() <= 1
        assert np.array_equal(picture, figure.draw(bank, 64, pose))
        mirrored = figure.draw(bank, 64, Pose(0.3, 0.2, True))
        assert np.array_equal(mirrored, picture[:, ::-1])
        others = [figure.varied(rng, bank).draw(bank, 64, pose) for _ in range(6)]
        assert sum(other.shape != picture.shape or not np.array_equal(other, picture) for other in others) >= 4


def test_no_two_of_a_cast_look_the_same(bank):
    still = Pose(0.5, 0.2, False)
    for number in range(15):
        pictures = [figure.draw(bank, 48, still) for figure in scene._cast(np.random.default_rng((9, number)), bank, 12)]
        assert len(pictures) == 12
        for index, picture in enumerate(pictures):
            assert scene._different(picture, pictures[:index])


def test_an_edge_of_the_grounds_tone_cannot_be_seen(bank):
    class Disc:
        def draw(self, bank, height, pose):
            canvas = Canvas(height, 1.0)
            mask = canvas.mask()
            ellipse(mask, (0.5, 0.5), (0.4, 0.4), height)
            canvas.lay(mask, np.array((200, 200, 200), np.float32))
            return canvas.finished(1.0, pose)

    image = np.full((80, 80, 3), 200, np.uint8)
    actor = scene.Actor(Disc(), np.array((40.3, 39.8)), 50.0, Pose(0, 0, False), 0.1)
    assert scene._drawn(bank, image, np.full((80, 80), -1, np.int16), 0, actor) is not None
    assert image.min() >= 196


@pytest.mark.parametrize("gap", scene.GAPS)
@pytest.mark.parametrize("tiles", [(1, 2), (2, 1), (2, 2)])
def test_pairs(bank, gap, tiles):
    for number in range(3):
        first, second, seconds = scene.pair(np.random.default_rng((5, number)), bank, tiles, gap)
        again = scene.pair(np.random.default_rng((5, number)), bank, tiles, gap)
        low, high = scene.GAPS[gap]
        assert low <= seconds <= high
        assert first.image.shape == second.image.shape
        assert 170 < first.image.shape[0] / tiles[0] < 440
        for frame, twin in zip((first, second), again):
            assert np.array_equal(frame.image, twin.image) and np.array_equal(frame.boxes, twin.boxes)
            assert len(set(frame.identities)) == len(frame.identities) == len(frame.boxes) == len(frame.visible)
            assert (frame.boxes[:, 2:] > frame.boxes[:, :2]).all()
            assert (frame.visible >= scene.VISIBLE_FROM).all() and (frame.visible <= 1.001).all()


def test_most_objects_are_in_both_frames(bank):
    shared = total = 0
    for number in range(12):
        first, second, _ = scene.pair(np.random.default_rng((6, number)), bank, (1, 2), "long")
        shared += len(set(first.identities) & set(second.identities))
        total += len(first.identities)
    assert shared > 0.5 * total


def test_some_objects_are_cut_off_by_the_border_in_both_frames(bank):
    cut = both = 0
    for number in range(30):
        first, second, _ = scene.pair(np.random.default_rng((8, number)), bank, (1, 2), "long")
        outside = []
        for frame in (first, second):
            height, width = frame.image.shape[:2]
            sizes = frame.boxes[:, 2:] - frame.boxes[:, :2]
            beyond = (frame.boxes[:, :2] < -0.2 * sizes).any(1) | (frame.boxes[:, 2:] > (width, height) + 0.2 * sizes).any(1)
            outside.append(set(frame.identities[beyond]))
        cut += len(outside[0])
        both += len(outside[0] & outside[1])
    assert cut >= 20 and both >= 5
