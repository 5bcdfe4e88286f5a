"""Train a checkpoint from its recipe: `python -m explorer.train NAME [--data DIR]`.

The command reads `pretrained/NAME/config.json`. It writes `model.safetensors`, `snapshots/` if the family keeps some,
and the sha256 in `card.json`. After every epoch it saves the state under `runs/NAME` (or `EXPLORER_RUNS`), so that an
interrupted run resumes after its last epoch. A recipe that `continues` weights, named by their sha256, begins with the
folder's `model.safetensors` instead of random ones. A recipe that `begins_with` another network of the same shapes
begins with that network's weights. A recipe with a `subset`, [first, end], trains on these training
images alone; an epoch stays as long as with all of them, so that each comes more often.

`torchrun --nproc-per-node 2 -m explorer.train NAME` trains in two processes, each with a GPU of its own if there are
any. Each computes the gradient of its share of every batch, with noise of its own, and all take the same step along the
mean. Buffers, such as running means, are those of the first process, which alone measures and writes.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from accelerate import Accelerator
from accelerate.utils import broadcast
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LinearLR, LRScheduler, OneCycleLR, SequentialLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from explorer import data
from explorer.measures import measures_of
from explorer.models.muon import Muon, hidden_matrices
from explorer.models.replay import Replayed
from explorer.networks import checkpoints
from explorer.running.device import best_device
from explorer.spaces import BINARY

FLOAT16_MAY_COST = 0.05  # nats
SETTLING = 200  # batches
LEAST_STEPS = 10  # batches of an epoch, in the recipe for a small data set


def by_learning_rate(model: nn.Module, training: dict) -> list[dict]:
    """Return parameter groups: one for each part named in `learning_rates`, and all others at `learning_rate`.

    If the recipe has `muon`, the matrices of its `parts` follow Muon at its own `learning_rate`.
    """
    if "muon" in training:
        matrices = hidden_matrices(model, training["muon"]["parts"])
        chosen = {id(each) for each in matrices}
        others = [each for each in model.parameters() if id(each) not in chosen]
        muon = {"params": matrices, "lr": training["muon"]["learning_rate"], "muon": True}
        return [{"params": others, "lr": training["learning_rate"]}, muon]
    rates = training.get("learning_rates", {})
    rest = [each for name, each in model.named_parameters() if name.split(".")[0] not in rates]
    parts = [{"params": list(getattr(model, part).parameters()), "lr": rate} for part, rate in rates.items()]
    return [{"params": rest, "lr": training["learning_rate"]}, *parts]


def optimiser_of(groups: list[dict], training: dict) -> Optimizer:
    """Return AdamW, SGD if the recipe names a `momentum`, or Muon with AdamW if it names `muon`."""
    if "momentum" in training:
        return torch.optim.SGD(
            groups, lr=training["learning_rate"], momentum=training["momentum"], weight_decay=training["weight_decay"]
        )
    first, second = training.get("adam_betas", (0.9, 0.999))
    if "muon" in training:
        return Muon(groups, (first, second), training["weight_decay"])
    return torch.optim.AdamW(groups, weight_decay=training["weight_decay"], betas=(first, second), fused=True)


def learning_rate_schedule(optimiser: Optimizer, training: dict, steps: int) -> LRScheduler:
    """Return a schedule: a warm-up over the share `warmup` of all steps, then a decay unless `decay` is false.

    The decay comes with a cycle of Adam's first beta, or of the momentum, from 0.95 to 0.85 and back; it overrides the
    recipe's value. If the recipe gives `cycles`, a list of lengths in epochs, each cycle has its own warm-up and decay.
    If it gives `hold`, the rate is constant up to this share of all steps, then falls to zero along a line.
    """
    if hold := training.get("hold"):
        rise = max(1, round(training["warmup"] * steps))
        return LambdaLR(optimiser, lambda step: min(1, (step + 1) / rise, (1 - step / steps) / (1 - hold)))
    if not training.get("decay", True):
        return LinearLR(optimiser, start_factor=0.1, total_iters=max(1, round(training["warmup"] * steps)))
    rates = [group["lr"] for group in optimiser.param_groups]
    lengths = training.get("cycles", [1])
    ends = [steps * end // sum(lengths) for end in accumulate(lengths)]
    cycles = [
        OneCycleLR(
            optimiser,
            max_lr=rates,
            total_steps=end - start,
            pct_start=training["warmup"],
            div_factor=10,
            final_div_factor=100,
        )
        for start, end in pairwise([0, *ends])
    ]
    return cycles[0] if len(cycles) == 1 else SequentialLR(optimiser, cycles, ends[:-1])


def continues(kept: dict, recipe: dict) -> bool:
    """True if a run of one recipe may resume with another: the same, or without decay with other epochs."""
    if recipe["training"].get("decay", True):
        return kept == recipe
    ends = {"epochs": recipe["training"]["epochs"]}
    return kept | {"training": kept["training"] | ends} == recipe


def subset_of(train: Any, subset: Sequence[int] | None) -> Any:
    """Return training images from the first to the end of a subset, repeated to as many as there are; all without one.

    Raises:
        typer.BadParameter: if the data do not have these images.
    """
    if subset is None:
        return train
    first, end = subset
    if not 0 <= first < end <= len(train):
        raise typer.BadParameter(f"the recipe's subset {first} to {end} is not among {len(train):,} training images")
    return train[first + torch.arange(len(train)) % (end - first)]


class Trainer:
    """One training run: the network, its optimiser, and the state saved on the way.

    Arguments:
        recipe: Content of config.json.
        folder: Folder of the weights and the card.
        run: Folder of the saved state.
        source: Folder of the data; the default one if None.
        variant: NAME and options of a network dedicated to one setting; None for the usual network.
    """

    def __init__(self, recipe: dict, folder: Path, run: Path, source: str | None, variant: str | None = None):
        self.recipe, self.training, self.folder, self.run = recipe, recipe["training"], folder, run
        self.measures = measures_of(recipe["family"])
        on_cpu = best_device().type == "cpu"
        self.accelerator = Accelerator(mixed_precision=self.training.get("precision", "no"), cpu=on_cpu)
        torch.manual_seed(self.training["seed"])
        model = checkpoints.build(recipe)
        if hasattr(self.measures, "begin"):
            self.measures.begin(model, self.training)
        if sha256 := self.training.get("continues"):
            checkpoints.load_weights(model, folder / "model.safetensors", sha256=sha256)
        if other := self.training.get("begins_with"):
            model.load_state_dict(checkpoints.load(other).state_dict())
        if index := self.accelerator.process_index:  # all begin with the same weights, not with the same dropout
            torch.manual_seed(self.training["seed"] + index)
        splits = self.training.get("split", "train"), "held-out"
        if self.training.get("batch_size", 0) % self.accelerator.num_processes:
            raise typer.BadParameter(f"{self.accelerator.num_processes} processes cannot share a batch equally")
        self.train, self.held_out = (data.load(recipe["dataset"], split, source) for split in splits)
        self.train = subset_of(self.train, self.training.get("subset"))
        self.average, self.snapshots_at = None, ()
        self.log = {"snapshots": [], "history": [], "losses": []}
        self.command = f"python -m explorer.train {variant or folder.name}"
        if hasattr(model, "fit"):
            self.model = self.accelerator.prepare_model(model, evaluation_mode=True)
            return
        groups = by_learning_rate(model, self.training)
        optimiser = optimiser_of(groups, self.training)
        self.steps = len(self.train) // self.training["batch_size"]
        schedule = learning_rate_schedule(optimiser, self.training, self.steps * self.training["epochs"])
        # not for evaluation, but without torch's own averaging, which requires that a loss is a call of the network
        self.model = self.accelerator.prepare_model(model, evaluation_mode=True)
        self.optimiser = self.accelerator.prepare(optimiser)
        self.schedule = schedule
        self.accelerator.register_for_checkpointing(schedule)
        if decay := self.training.get("average"):
            self.average = AveragedModel(self.bare, multi_avg_fn=get_ema_multi_avg_fn(decay))
            self.accelerator.register_for_checkpointing(self.average)
        if not variant:
            self.snapshots_at = getattr(self.measures, "SNAPSHOT_EPOCHS", ())

    def fit(self) -> None:
        """Fit a model without gradients, by one call of its `fit` on all training data."""
        x, start = self.train.pixels(), time.perf_counter()
        x = data.binarise(x, seed=self.training["seed"]) if self.bare.space == BINARY else x
        generator = torch.Generator().manual_seed(self.training["seed"])
        losses = self.bare.fit(x.to(self.accelerator.device), self.training, generator=generator)
        self.log["losses"] = [float(f"{loss:.5g}") for loss in losses]
        self.finish(time.perf_counter() - start)

    def batches(self, epoch: int) -> Iterator[tuple[int, Tensor, Tensor]]:
        """Yield the step, images (B, 1, 28, 28), freshly binarised for binary models, and their labels (B,).

        The batches depend on the seed and the epoch only, not on the device.
        """
        size = self.training["batch_size"]
        generator = torch.Generator().manual_seed(1_000_003 * self.training["seed"] + epoch)
        order = torch.randperm(len(self.train), generator=generator)
        train = self.train.of_epoch(epoch, self.training) if isinstance(self.train, data.Scenes) else self.train
        for index in range(self.steps):
            step = epoch * self.steps + index
            batch = train[order[index * size : (index + 1) * size]]
            x = data.binarise(batch.pixels(), seed=step) if self.bare.space == BINARY else batch.pixels()
            yield step, x.to(self.accelerator.device), batch.labels.to(self.accelerator.device)

    def run_epoch(self, epoch: int) -> float:
        """Train on all training images once; return the mean loss."""
        index, count = self.accelerator.process_index, self.accelerator.num_processes
        seed = 2_000_003 * (self.training["seed"] + 1) + epoch + 3_000_017 * index
        generator = torch.Generator().manual_seed(seed)
        ends = accumulate(self.training.get("cycles", ()))
        recipe = self.training | {"cycle": sum(epoch >= end for end in ends)}
        losses = []
        for step, x, label in self.batches(epoch):
            if any(step == round(at * self.steps) for at in self.snapshots_at):
                self.snapshot(step)
            with self.accelerator.autocast():
                now = recipe | {"epoch": step / self.steps}
                mine = slice(index, None, count)
                loss = self.bare.training_loss(x[mine], now, generator=generator, label=label[mine])
            self.optimiser.zero_grad()
            self.accelerator.backward(loss)
            self.agree()
            self.accelerator.clip_grad_norm_(self.model.parameters(), self.training["clip_norm"])
            self.optimiser.step()
            self.schedule.step()
            if self.average:
                self.average.update_parameters(self.bare)
            losses.append(loss.detach())
        return self.accelerator.reduce(torch.stack(losses).mean(), "mean").item()

    def agree(self) -> None:
        """Give all processes the mean of their gradients, and the buffers of the first process."""
        if self.accelerator.num_processes == 1:
            return
        for parameter in self.bare.parameters():
            if parameter.grad is not None:
                parameter.grad = self.accelerator.reduce(parameter.grad, "mean")
        for buffer in self.bare.buffers():
            broadcast(buffer)

    @property
    def is_main(self) -> bool:
        """True in the process that measures and writes."""
        return self.accelerator.is_main_process

    @property
    def bare(self) -> nn.Module:
        return self.accelerator.unwrap_model(self.model)

    def snapshot(self, step: int) -> None:
        """Save the part of the current weights that is displayed, and the metrics on the held-out images."""
        if not self.is_main:
            return
        name = f"{len(self.log['snapshots']):02d}.safetensors"
        displayed = getattr(self.measures, "displayed_part", None)
        kept = displayed(self.bare, self.recipe["dataset"]) if displayed else self.bare
        sha256 = checkpoints.save_weights(kept, self.run / "snapshots" / name)
        codes = {"codes": list(kept.sigma.shape[:2])} if isinstance(kept, Replayed) else {}
        self.log["snapshots"].append({"file": name, "sha256": sha256, **codes, **self._position(step)})
        self.log["history"].append(self._position(step) | self.progress())
        checkpoints.write_json(self.run / "snapshots" / "log.json", self.log)

    def progress(self) -> dict:
        return self.measures.progress(self.bare, self.held_out, self.training)

    def _position(self, step: int) -> dict:
        epoch = round(step / self.steps, 3)
        return {"epoch": epoch, "step": step, "images": step * self.training["batch_size"]}

    def resume(self) -> int:
        """Resume after the last complete epoch, if there is one; return the number of completed epochs."""
        done = self.run / "epochs.json"
        if not done.exists():
            return 0
        kept = checkpoints.read_json(done)
        if not continues(kept["recipe"], self.recipe):
            raise typer.BadParameter(f"{self.run} holds a run of another recipe: delete it to start again")
        self.accelerator.load_state(str(self.run / f"state-{kept['epochs']}"))
        self.log |= kept["log"]
        return kept["epochs"]

    def keep(self, epochs: int, seconds: float) -> None:
        """Save the state after a complete epoch; `epochs.json` names it only once it is written in full."""
        if not self.is_main:
            return
        self.accelerator.save_state(str(self.run / f"state-{epochs}"))
        kept = {"epochs": epochs, "seconds": seconds, "recipe": self.recipe, "log": self.log}
        checkpoints.write_json(self.run / "epochs.json", kept)
        for old in self.run.glob("state-*"):
            if old.name != f"state-{epochs}":
                shutil.rmtree(old)

    def save_rounded(self) -> tuple[str, float]:
        r"""Write the weights as float16 unless that costs too much; return their sha256 and the cost in nats.

        The cost is the largest change of the family's training objectives on the held-out images.
        """
        path, exact = self.folder / "model.safetensors", self.bare.state_dict()
        exact = {key: value.clone() for key, value in exact.items()}
        before = self.objectives()
        sha256 = checkpoints.save_weights(self.bare, path)
        checkpoints.load_weights(self.bare, path, sha256=sha256)
        cost = max(abs(after - was) for after, was in zip(self.objectives(), before))
        if cost <= FLOAT16_MAY_COST:
            return sha256, cost
        self.bare.load_state_dict(exact)
        return checkpoints.save_weights(self.bare, path, torch.float32), cost

    def objectives(self) -> list[float]:
        """Return the objectives that rounding the weights must not change, in nats, on the held-out images."""
        return self.measures.objectives(self.bare, self.held_out, self.training)

    @torch.no_grad()
    def settle(self) -> None:
        """Recompute the statistics of batch normalisation for averaged weights.

        The average of the old statistics is wrong for the averaged weights.

        Reference: Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, 2018, §3.2
        """
        norms = [module for module in self.bare.modules() if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]
        if not norms:
            return
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over the following batches
        self.bare.train()
        generator = torch.Generator().manual_seed(self.training["seed"])
        for _, x, label in islice(self.batches(0), SETTLING):
            self.bare.training_loss(x, self.training, generator=generator, label=label)
        self.bare.eval()

    def finish(self, seconds: float) -> None:
        """Write the weights where the app reads them, and a card with only the figures of this run."""
        if not self.is_main:
            return
        if self.average and self.snapshots_at:
            self.snapshot(self.steps * self.training["epochs"])  # before averaging: the average exists only at the end
        self.bare.eval()
        if self.average:
            self.bare.load_state_dict(self.average.module.state_dict())
            self.settle()
        (self.folder / "atlas.safetensors").unlink(missing_ok=True)  # the atlas belongs to the old weights
        card_path = self.folder / "card.json"
        earlier = checkpoints.read_json(card_path) if card_path.exists() else {}
        card = {key: earlier[key] for key in ("dedicated",) if key in earlier}
        card["sha256"], rounding = self.save_rounded()
        card["training"] = {
            "command": self.command,
            "date": date.today().isoformat(),
            "minutes": round(seconds / 60, 1),
            "torch": torch.__version__,
            "device": str(self.accelerator.device),
            "float16_costs_nats": round(rounding, 4),
            "parameters": checkpoints.count_parameters(self.bare),
            "losses": self.log["losses"],
        }
        checkpoints.write_json(card_path, card)
        if self.snapshots_at:
            self.close_snapshots(card["sha256"])

    def close_snapshots(self, sha256: str) -> None:
        """Copy the snapshots beside the weights; the last snapshot is the weights themselves."""
        end = self._position(self.steps * self.training["epochs"])
        averaged = {"averaged": True} if self.average else {}
        self.log["snapshots"].append({"file": "../model.safetensors", "sha256": sha256, **end, **averaged})
        self.log["history"].append(end | averaged | self.progress())
        shutil.copytree(self.run / "snapshots", self.folder / "snapshots", dirs_exist_ok=True)
        checkpoints.write_json(self.folder / "snapshots" / "log.json", self.log)


def train(
    name: Annotated[str, typer.Argument(help="A folder of pretrained/, for example beta-vae-mnist.")],
    data_dir: data.Folder = None,
    dedicated: Annotated[float | None, typer.Option(help="Train one for this setting alone, under runs/.")] = None,
) -> None:
    """Train NAME from its recipe; run it again to go on after Ctrl-C."""
    folder, run, variant = checkpoints.place(name), checkpoints.RUNS / name, None
    try:
        _write_recipe(name, folder)
        recipe = checkpoints.read_json(folder / "config.json", checkpoints.CONFIG)
        if dedicated is not None:
            recipe = _dedicated_recipe(name, recipe, dedicated)
            folder = run = checkpoints.RUNS / f"{name}-dedicated-{dedicated:g}"
            variant = f"{name} --dedicated {dedicated:g}"
        trainer = Trainer(recipe, folder, run, data_dir, variant)
        if trainer.is_main and variant:
            checkpoints.write_json(folder / "config.json", recipe)
        if not hasattr(trainer.bare, "fit"):
            _run(trainer, name)
        elif trainer.is_main:
            trainer.fit()
    except (data.DataError, checkpoints.CheckpointError) as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from None
    if trainer.is_main:
        typer.echo(f"Wrote {folder}; now run `python -m explorer.evaluate {name}`.")


def _write_recipe(name: str, folder: Path) -> None:
    """Write the recipe of a family on a further data set, if it has none yet: that of MNIST with its classes."""
    dataset = next((each for each in data.OWN if name.endswith(f"-{each}")), None)
    like = checkpoints.ROOT / "pretrained" / f"{name.removesuffix(f'-{dataset}')}-mnist" / "config.json"
    if dataset is None or (folder / "config.json").exists() or not like.exists():
        return
    recipe = checkpoints.read_json(like, checkpoints.CONFIG) | {"dataset": dataset}
    if "classes" in recipe["model"]:
        recipe["model"]["classes"] = len(data.classes_of(dataset))
    most = max(1, len(data.load(dataset, "train")) // LEAST_STEPS)
    if recipe["training"].get("batch_size", 1) > most:
        recipe["training"]["batch_size"] = most
    checkpoints.write_json(folder / "config.json", recipe)
    typer.echo(f"Wrote {folder / 'config.json'}, the recipe of {like.parent.name} for {dataset}.")


def _dedicated_recipe(name: str, recipe: dict, setting: float) -> dict:
    """Return the recipe of a network for one setting only, as defined by the measures of its family."""
    measures = measures_of(recipe["family"])
    if not hasattr(measures, "dedicated_recipe") or "dedicated" not in recipe["training"]:
        raise typer.BadParameter(f"{name} is not trained for one setting: leave --dedicated out")
    return measures.dedicated_recipe(recipe, setting)


def _run(trainer: Trainer, name: str) -> None:
    first, epochs = trainer.resume(), trainer.training["epochs"]
    kept = trainer.run / "epochs.json"
    seconds = checkpoints.read_json(kept)["seconds"] if first else 0.0
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
    done = first
    try:
        with Progress(*columns, disable=not trainer.is_main) as progress:
            task = progress.add_task(name, total=epochs, completed=first)
            for epoch in range(first, epochs):
                start = time.perf_counter()
                loss = trainer.run_epoch(epoch)
                seconds += time.perf_counter() - start
                trainer.log["losses"].append(float(f"{loss:.5g}"))
                trainer.keep(done := epoch + 1, seconds)
                progress.update(task, advance=1, description=f"{name} · loss {loss:.4g}")
    except KeyboardInterrupt:
        if trainer.is_main:
            typer.echo(f"Stopped. {done} of {epochs} epochs are kept in {trainer.run}: run the same command to go on.")
        raise typer.Exit(130) from None
    trainer.finish(seconds)


if __name__ == "__main__":
    typer.run(train)
