"""Tokens, pooling, loss and counting, each against a plain twin."""

import dataclasses
import math

import numpy as np
import pytest
import timm
import torch

from vtrain import attention, data, evaluate, loss, model as vit, pool
from vtrain.config import Config

SMALL = Config(patch=16, width=32, heads=2, depth=2, block_weights=(0.5, 1.0), textures=10, tiles=16, steps=6, warmup=2, decay=2, held_out=2, save_every=20, evaluate_every=20, bfloat16=False)


def test_tiles_are_embedded_on_their_own():
    model = vit.build(SMALL).eval()
    images = torch.randint(0, 256, (2, 224, 448, 3), dtype=torch.uint8)
    whole = vit.token_maps(model, images, {1, 2})
    for number, tile in ((0, np.s_[:, :, :224]), (1, np.s_[:, :, 224:])):
        alone = vit.token_maps(model, images[tile], {2})[2]
        assert torch.allclose(whole[2][..., 14 * number : 14 * number + 14], alone, atol=1e-5)


def test_the_last_map_is_timms_own_forward_pass():
    model = vit.build(SMALL).eval()
    images = torch.randint(0, 256, (1, 224, 224, 3), dtype=torch.uint8)
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (vit.MEAN, vit.STD))
    expected = model.forward_features((images.permute(0, 3, 1, 2) / 255 - mean) / std)
    assert torch.allclose(vit.token_maps(model, images, {2})[2].flatten(2).transpose(1, 2), expected, atol=1e-5)


def test_class_tokens_of_other_networks_are_left_out():
    import timm
    model = timm.models.vision_transformer.VisionTransformer(embed_dim=32, num_heads=2, depth=1, num_classes=0, global_pool="").eval()
    images = torch.randint(0, 256, (1, 224, 224, 3), dtype=torch.uint8)
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (vit.MEAN, vit.STD))
    expected = model.forward_features((images.permute(0, 3, 1, 2) / 255 - mean) / std)[:, 1:]
    assert torch.allclose(vit.token_maps(model, images, {1})[1].flatten(2).transpose(1, 2), expected, atol=1e-5)


def test_pooling_reads_the_place_of_the_box():
    rows, columns = torch.meshgrid(torch.arange(14.0), torch.arange(28.0), indexing="ij")
    maps = torch.stack([rows, columns])[None]
    # On a ramp every bin's value is the coordinate of its centre (minus half a token, as aligned=True has it).
    found = pool.pooled(maps, torch.tensor([[0, 3.0, 2.0, 9.0, 8.0]]), 3)[0]
    assert torch.allclose(found[1, 0], torch.tensor([3.5, 5.5, 7.5]), atol=1e-5)
    assert torch.allclose(found[0, :, 0], torch.tensor([2.5, 4.5, 6.5]), atol=1e-5)
    assert pool.vectors(maps, torch.tensor([[0, 3.0, 2.0, 9.0, 8.0]]), "grid3").shape == (1, 18)


def test_loss_is_the_plain_sum():
    generator = torch.Generator().manual_seed(1)
    vectors = torch.nn.functional.normalize(torch.randn(7, 5, generator=generator), dim=1)
    owners, frames = torch.tensor([1, 2, 3, 1, 2, 3, 9]), torch.tensor([0, 0, 0, 1, 1, 1, 1])
    terms = []
    for i, j in ((0, 3), (1, 4), (2, 5), (3, 0), (4, 1), (5, 2)):
        others = [math.exp(float(vectors[i] @ vectors[k]) / 0.1) for k in range(7) if k != i]
        terms.append(-math.log(math.exp(float(vectors[i] @ vectors[j]) / 0.1) / sum(others)))
    assert float(loss.contrast(vectors, owners, frames, 0.1)) == pytest.approx(sum(terms) / 6, rel=1e-5)


def test_loss_without_queries_is_zero():
    vectors = torch.eye(3, requires_grad=True)
    value = loss.contrast(vectors, torch.tensor([1, 2, 3]), torch.tensor([0, 0, 1]), 0.1)
    value.backward()
    assert float(value.detach()) == 0


def test_hits_count_only_queries_whose_object_is_there():
    query, gallery = torch.eye(3), torch.tensor([[1.0, 0.5, 0], [0, 0.1, 1]])
    assert evaluate.hits(query, gallery, torch.tensor([4, 5, 6]), torch.tensor([4, 5])) == (1, 2)
    assert evaluate.hits(query, gallery, torch.tensor([4, 5, 6]), torch.tensor([7, 8])) == (0, 0)


def test_histogram_of_one_colour_is_one_bin():
    image = np.full((20, 20, 3), (200, 30, 30), np.uint8)
    found = evaluate.histogram(image, (2, 2, 10, 10))
    assert np.count_nonzero(found) == 1 and found.max() == 1
    assert evaluate.histogram(image, (-5, -5, 0.2, 0.2)).sum() == 1
    assert evaluate.histogram(image, (40, 40, 60, 60)).sum() == 1


def test_a_batch_is_the_same_whenever_it_is_made():
    clips, other = data.Clips(SMALL), data.Clips(SMALL)
    later = clips[4]
    clips[0]
    again = other[4]
    assert len(later) == SMALL.shards
    for a, b in zip(later, again):
        assert torch.equal(a.images, b.images) and torch.equal(a.boxes, b.boxes) and torch.equal(a.owners, b.owners)
    assert not torch.equal(later[0].images, later[1].images)
    assert not torch.equal(later[0].images, data.Clips(dataclasses.replace(SMALL, seed=1))[4][0].images)


def test_boxes_are_in_tokens_and_owners_match_across_frames():
    batch = data.Clips(SMALL)[1][0]
    rows, columns = batch.images.shape[1] // SMALL.patch, batch.images.shape[2] // SMALL.patch
    centres = (batch.boxes[:, 1:3] + batch.boxes[:, 3:5]) / 2
    assert (centres > -0.5 * max(rows, columns)).all() and (centres < 1.5 * max(rows, columns)).all()
    assert batch.boxes[:, 0].max() < len(batch.images)
    scenes = batch.boxes[:, 0] % (len(batch.images) // 2)
    assert torch.equal(scenes.long(), batch.owners // 1000)


def test_held_out_clips_are_evaluated():
    found = evaluate.retrieval(vit.build(SMALL), data.held_out(SMALL), SMALL)
    assert set(found) == set(data.GAP_KINDS)
    for values in found.values():
        assert values["queries"] > 0
        assert 0 <= values["2/grid3"] <= values["queries"] and 0 <= values["colours"] <= values["queries"]


def test_the_block_to_ship_is_the_cheapest_that_is_as_good():
    found = {"short": {"queries": 100, "1/mean": 90, "1/grid3": 95, "2/grid3": 94, "colours": 99},
             "long": {"queries": 50, "1/mean": 25, "1/grid3": 30, "2/grid3": 32, "colours": 20}}
    # 126 of 150 is the most; its standard error is 4.5, so 125 is as good and 115 is not.
    assert evaluate.best(found) == "1/grid3"
    found["long"]["1/grid2"], found["short"]["1/grid2"] = 30, 92
    assert evaluate.best(found) == "1/grid2"
    assert "queries" in evaluate.table(found)
    with pytest.raises(SystemExit):
        evaluate.best({"short": {"queries": 0}})


def test_a_shard_without_queries_trains_nothing():
    from vtrain import train
    trainer = train.Trainer(SMALL, "cpu")
    batch = data.Clips(SMALL)[0][0]
    for kept in (0, 1):
        empty = dataclasses.replace(batch, boxes=batch.boxes[:kept], owners=batch.owners[:kept])
        value, gradients = trainer.gradients(empty)
        assert float(value) == 0 and all(torch.isfinite(g).all() and not g.any() for g in gradients)


@pytest.mark.parametrize("wrong", [{"depth": 4}, {"heads": 3}, {"patch": 15}, {"tiles": 8}, {"warmup": 0}, {"decay": 7}, {"save_every": 30}])
def test_configurations_that_make_no_sense_are_refused(wrong):
    with pytest.raises(SystemExit):
        dataclasses.replace(SMALL, **wrong)


@pytest.mark.parametrize("kind, tolerance", [(torch.float32, 1e-5), (torch.bfloat16, 2e-2)])
def test_attention_and_its_gradients_are_pytorchs(kind, tolerance):
    torch.manual_seed(1)
    own = attention.Attention(48, num_heads=3, qkv_bias=True).to(kind)
    theirs = timm.layers.Attention(48, num_heads=3, qkv_bias=True).to(kind)
    theirs.load_state_dict(own.state_dict())
    x, incoming = torch.randn(2, 20, 48, dtype=kind), torch.randn(2, 20, 48, dtype=kind)
    found = []
    for layer in own, theirs:
        given = x.clone().requires_grad_()
        result = layer(given)
        found.append([result.detach(), *torch.autograd.grad(result, [given, *layer.parameters()], incoming)])
    for mine, other in zip(*found):
        assert (mine - other).abs().max() <= tolerance * other.abs().max()
