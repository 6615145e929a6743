"""Trains, resumes, logs and evaluates: `python -m vtrain.train OUT`."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import time

import torch

from . import data, evaluate, loss, model as vit, pool, provenance
from .config import LOG_EVERY, Config


def rate(config, step):
    """Learning rate: linear warm-up, constant, linear decay to nothing."""
    rising = min(1.0, (step + 1) / config.warmup)
    falling = min(1.0, max(0.0, (config.steps - step) / max(config.decay, 1)))
    return config.rate * min(rising, falling)


def objective(model, batch, config, device):
    """Loss of one batch: blocks weighted, each on 3×3 grids and, at half the weight, on means."""
    weights = {number: weight for number, weight in enumerate(config.block_weights, 1) if weight > 0}
    maps = vit.token_maps(model, batch.images.to(device), set(weights), config.bfloat16)
    boxes, owners = batch.boxes.to(device), batch.owners.to(device)
    total = 0.0
    for number, weight in weights.items():
        bins = pool.pooled(maps[number], boxes, 3)
        for vectors, share in ((bins.flatten(1), 1.0), (bins.mean((2, 3)), 0.5)):
            unit = torch.nn.functional.normalize(vectors, dim=1)
            total = total + weight * share * loss.contrast(unit, owners, boxes[:, 0], config.temperature)
    return total / (1.5 * sum(weights.values()))


# What may differ from the run that is taken up again.
MAY_CHANGE = {"steps", "decay", "evaluate_every", "save_every", "held_out"}


class Trainer:
    """Model, optimiser and averaged weights at one step; stored and restored whole."""

    def __init__(self, config, device):
        torch.manual_seed(config.seed)
        self.config, self.device, self.step, self.seconds, self.samples = config, device, 0, 0.0, 0
        self.sittings = [provenance.sitting(config, 0, device)]
        # A thread a shard, each with PyTorch's own threads switched off: twice as fast on two cores as one batch on both.
        self.threads = concurrent.futures.ThreadPoolExecutor(config.shards)
        self.model = vit.build(config).to(device)
        self.average = vit.build(config).to(device)
        self.average.load_state_dict(self.model.state_dict())
        decayed = [p for p in self.model.parameters() if p.ndim > 1 and p is not self.model.pos_embed]
        others = [p for p in self.model.parameters() if p.ndim <= 1 or p is self.model.pos_embed]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": config.weight_decay}, {"params": others, "weight_decay": 0.0}], config.rate, (0.9, 0.98), foreach=True)

    def gradients(self, batch):
        """Loss of one shard, and its gradient by every parameter."""
        value = objective(self.model, batch, self.config, self.device)
        return value.detach(), torch.autograd.grad(value, list(self.model.parameters()))

    def update(self, shards):
        """One step; returns the mean loss. Gradients are added in the order of the shards, so threads do not matter."""
        started = time.perf_counter()
        self.model.train()
        for group in self.optimiser.param_groups:
            group["lr"] = rate(self.config, self.step)
        parts = list(self.threads.map(self.gradients, shards))
        for parameter, *found in zip(self.model.parameters(), *(gradients for _, gradients in parts)):
            parameter.grad = sum(found) / len(found)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        keep = min(self.config.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        self.step += 1
        self.samples += sum(len(batch.images) for batch in shards)
        self.seconds += time.perf_counter() - started
        return float(sum(value for value, _ in parts) / len(parts))

    def save(self, path):
        """Writes a checkpoint; the old one stays until the new one is whole."""
        state = {"config": dataclasses.asdict(self.config), "step": self.step, "seconds": self.seconds, "samples": self.samples,
                 "sittings": self.sittings, "model": self.model.state_dict(), "average": self.average.state_dict(),
                 "optimiser": self.optimiser.state_dict()}
        with path.with_suffix(".new").open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".new").replace(path)

    def restore(self, path):
        """Goes on where a checkpoint stopped; `steps` and `decay` may be others as long as the rate had not begun to fall."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        stored, own = Config.stored(state["config"]), self.config
        changed = {field.name for field in dataclasses.fields(Config) if getattr(stored, field.name) != getattr(own, field.name)}
        if changed - MAY_CHANGE:
            raise SystemExit(f"{path} was trained with other values of {', '.join(sorted(changed - MAY_CHANGE))}: give those, or another folder")
        if changed & {"steps", "decay"}:
            if state["step"] > stored.steps - stored.decay:
                raise SystemExit(f"{path} is at step {state['step']}, where the rate falls already: to prolong the run, begin with stable.pt beside it")
            if state["step"] > own.steps - own.decay:
                raise SystemExit(f"{path} is at step {state['step']}, where the rate would have begun to fall with --steps {own.steps} --decay {own.decay}: "
                                 "give more steps, or a shorter decay")
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.samples = state["step"], state["seconds"], state["samples"]
        if self.step < own.steps:
            self.sittings = state["sittings"] + [provenance.sitting(own, self.step, self.device)]
        else:
            self.sittings = state["sittings"]


def kept_log(path, step):
    """The lines of a log up to a step: a run that was cut off logged what it did not save, and may have cut a line."""
    kept = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            if json.loads(line)["step"] <= step:
                kept.append(line + "\n")
        except ValueError:
            break
    path.with_suffix(".new").write_text("".join(kept))
    path.with_suffix(".new").replace(path)


def loader(config, start, end, workers):
    """Batches of the steps start ..< end, made by `workers` processes."""
    return torch.utils.data.DataLoader(data.Clips(config), batch_size=None, sampler=range(start, end), num_workers=workers,
                                       prefetch_factor=4 if workers else None)


def run(config, out, workers, device, until=None):
    """Trains in folder `out` up to the last step, or to step `until`; goes on from the checkpoint that lies there."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(device == "cpu")
    torch.utils.deterministic.fill_uninitialized_memory = False
    trainer = Trainer(config, device)
    checkpoint, clips = out / "last.pt", None
    if checkpoint.exists():
        trainer.restore(checkpoint)
        print(f"goes on at step {trainer.step}", flush=True)
    log = out / "log.jsonl"
    kept_log(log, trainer.step)
    with log.open("a") as curve:
        def note(**values):
            curve.write(json.dumps(values) + "\n")
            curve.flush()
            print(json.dumps(values), flush=True)
        note(step=trainer.step, sitting=trainer.sittings[-1])
        recent = []
        for batch in loader(config, trainer.step, config.steps if until is None else min(until, config.steps), workers):
            recent.append(trainer.update(batch))
            if trainer.step % LOG_EVERY == 0:
                note(step=trainer.step, loss=round(sum(recent) / len(recent), 6), rate=round(rate(config, trainer.step - 1), 8), seconds=round(trainer.seconds, 1))
                recent = []
            if trainer.step % config.evaluate_every == 0 or trainer.step == config.steps:
                clips = clips or data.held_out(config)
                note(step=trainer.step, held_out=evaluate.retrieval(trainer.average, clips, config, device))
            if trainer.step % config.save_every == 0 or trainer.step == config.steps:
                trainer.save(checkpoint)
            if trainer.step == config.steps - config.decay:
                trainer.save(out / "stable.pt")
    return trainer


def yes_or_no(text):
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path, help="folder for last.pt and log.jsonl; an unfinished run there is taken up again")
    parser.add_argument("--workers", type=int, default=2, help="processes that generate clips (default 2)")
    parser.add_argument("--until", type=int, help="stop at this step, a multiple of --save-every, and leave the rest to another time")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda (default: cuda where there is one)")
    for field in dataclasses.fields(Config):
        kind = type(field.default)
        parse = (lambda text: tuple(float(v) for v in text.split(","))) if kind is tuple else yes_or_no if kind is bool else kind
        parser.add_argument("--" + field.name.replace("_", "-"), type=parse, default=field.default, help=f"(default {field.default})")
    given = parser.parse_args()
    if given.until is not None and (given.until <= 0 or given.save_every <= 0 or given.until % given.save_every):
        parser.error(f"--until {given.until}: checkpoints are written at multiples of {given.save_every} (--save-every)")
    return given


if __name__ == "__main__":
    given = vars(arguments())
    config = Config(**{field.name: given[field.name] for field in dataclasses.fields(Config)})
    run(config, given["out"], given["workers"], given["device"], given["until"])
