"""Training: the same curve twice, the same curve after a stop, and a file that holds what was learnt."""

import dataclasses
import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from test_features import SMALL
from vtrain import data, export, model as vit, train


def curve(trainer, first, last):
    clips = data.Clips(trainer.config)
    return [trainer.update(clips[step]) for step in range(first, last)]


def test_two_runs_have_one_curve():
    torch.use_deterministic_algorithms(True)
    assert curve(train.Trainer(SMALL, "cpu"), 0, 4) == curve(train.Trainer(SMALL, "cpu"), 0, 4)


def test_a_resumed_run_goes_on_as_if_nothing_had_been(tmp_path):
    whole = train.Trainer(SMALL, "cpu")
    expected = curve(whole, 0, 5)
    stopped = train.Trainer(SMALL, "cpu")
    curve(stopped, 0, 2)
    stopped.save(tmp_path / "last.pt")
    resumed = train.Trainer(SMALL, "cpu")
    resumed.restore(tmp_path / "last.pt")
    assert curve(resumed, 2, 5) == expected[2:]
    for a, b in zip(whole.average.parameters(), resumed.average.parameters()):
        assert torch.equal(a, b)


def test_two_runs_in_bfloat16_have_one_curve():
    short = dataclasses.replace(SMALL, bfloat16=True)
    assert curve(train.Trainer(short, "cpu"), 0, 3) == curve(train.Trainer(short, "cpu"), 0, 3)


def test_another_configuration_is_not_resumed(tmp_path):
    train.Trainer(SMALL, "cpu").save(tmp_path / "last.pt")
    with pytest.raises(SystemExit, match="temperature"):
        train.Trainer(dataclasses.replace(SMALL, temperature=0.2), "cpu").restore(tmp_path / "last.pt")
    train.Trainer(dataclasses.replace(SMALL, steps=9), "cpu").restore(tmp_path / "last.pt")


def test_a_run_whose_rate_falls_is_not_prolonged(tmp_path):
    trainer = train.Trainer(SMALL, "cpu")
    trainer.step = SMALL.steps - SMALL.decay + 1
    trainer.save(tmp_path / "last.pt")
    with pytest.raises(SystemExit, match="stable.pt"):
        train.Trainer(dataclasses.replace(SMALL, steps=9), "cpu").restore(tmp_path / "last.pt")
    train.Trainer(SMALL, "cpu").restore(tmp_path / "last.pt")


def test_a_run_is_not_taken_up_with_a_rate_that_has_fallen_meanwhile(tmp_path):
    trainer = train.Trainer(SMALL, "cpu")
    trainer.step = 3
    trainer.save(tmp_path / "last.pt")
    with pytest.raises(SystemExit, match="would have begun to fall"):
        train.Trainer(dataclasses.replace(SMALL, decay=4), "cpu").restore(tmp_path / "last.pt")


@pytest.mark.parametrize("wrong", [["--until", "10"], ["--until", "0"], ["--bfloat16", "yes"], ["--save-every", "0", "--until", "20"]])
def test_wrong_options_are_refused_with_the_usage(wrong, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["vtrain.train", "out", *wrong])
    with pytest.raises(SystemExit):
        train.arguments()
    assert "usage" in capsys.readouterr().err


def points(folder, key):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [(line["step"], line[key]) for line in lines if key in line]


def test_a_stopped_loop_logs_what_a_whole_one_logs(tmp_path):
    longer = dataclasses.replace(SMALL, steps=40, tiles=8, shards=1, width=16, heads=1)
    train.run(longer, tmp_path / "whole", workers=0, device="cpu")
    train.run(longer, tmp_path / "stopped", workers=0, device="cpu", until=23)
    # What a kill leaves behind: a line of a step that was not saved, and half a line.
    with (tmp_path / "stopped/log.jsonl").open("a") as log:
        log.write('{"step": 22, "loss": 0}\n{"ste')
    assert train.run(longer, tmp_path / "stopped", workers=0, device="cpu").step == 40
    assert points(tmp_path / "whole", "loss") == points(tmp_path / "stopped", "loss")
    assert [step for step, _ in points(tmp_path / "whole", "loss")] == [20, 40]
    assert points(tmp_path / "whole", "held_out")[-1] == points(tmp_path / "stopped", "held_out")[-1]
    assert [step for step, _ in points(tmp_path / "stopped", "sitting")] == [0, 20]
    assert (tmp_path / "whole/stable.pt").exists()
    assert train.run(longer, tmp_path / "stopped", workers=0, device="cpu").step == 40


def test_the_rate_rises_stays_and_falls():
    values = [train.rate(SMALL, step) for step in range(SMALL.steps)]
    assert values[0] == SMALL.rate / 2 and max(values) == SMALL.rate and values[-1] == SMALL.rate / 2


def test_learning_lowers_the_loss():
    trainer = train.Trainer(SMALL, "cpu")
    batch = data.Clips(SMALL)[0]
    first = trainer.update(batch)
    for _ in range(15):
        last = trainer.update(batch)
    assert last < 0.8 * first


def test_the_exported_file_is_the_averaged_model(tmp_path):
    trainer = train.Trainer(SMALL, "cpu")
    curve(trainer, 0, 2)
    trainer.save(tmp_path / "last.pt")
    for name in ("a", "b"):
        export.export(tmp_path / "last.pt", tmp_path / f"{name}.safetensors", "small", 2, "grid3")
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    with safe_open(tmp_path / "a.safetensors", "pt") as file:
        metadata = file.metadata()
    assert metadata["vtrack.layer"] == "2" and metadata["vtrack.pool"] == "grid3" and metadata["num_heads"] == "2"
    assert json.loads(metadata["mean"]) == list(vit.MEAN)
    assert metadata["training.steps"] == "2" and metadata["training.commit"] and int(metadata["training.frames"]) > 0
    stored = load_file(tmp_path / "a.safetensors")
    assert all(value.dtype == torch.float16 for value in stored.values())
    model = vit.build(SMALL)
    model.load_state_dict({key: value.float() for key, value in stored.items()})
    images = torch.randint(0, 256, (1, 224, 224, 3), dtype=torch.uint8)
    with torch.inference_mode():
        found, expected = (vit.token_maps(m.eval(), images, {2})[2] for m in (model, trainer.average))
    assert torch.nn.functional.cosine_similarity(found, expected, dim=1).min() > 0.999


def test_blocks_that_are_not_used_are_not_shipped(tmp_path):
    trainer = train.Trainer(SMALL, "cpu")
    kept = export.tensors(trainer.average.state_dict(), 1)
    assert any(name.startswith("blocks.0.") for name in kept) and not any(name.startswith("blocks.1.") for name in kept)


def test_what_the_network_does_not_have_is_not_exported(tmp_path):
    train.Trainer(SMALL, "cpu").save(tmp_path / "last.pt")
    for layer, pool in ((3, "grid3"), (0, "grid3"), (2, "grid0")):
        with pytest.raises(SystemExit):
            export.export(tmp_path / "last.pt", tmp_path / "a.safetensors", "small", layer, pool)
    assert not list(tmp_path.glob("*safetensors*"))


def test_what_float16_cannot_hold_is_refused():
    with pytest.raises(SystemExit, match="norm.weight"):
        export.tensors({"norm.weight": torch.full((3,), 1e6)}, 1)
