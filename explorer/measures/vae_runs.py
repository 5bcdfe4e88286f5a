"""Comparison of small VAEs: the objective at several settings, and decoders of growing receptive field.

There are no weights to load: the networks are trained during the measurement, one seed each. The results of a run and
its images are kept in `runs/`. Results of the same recipe are kept, so an interrupted measurement can continue. Data
come from `EXPLORER_DATA`, or from the Hub.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.measures.common import MEASURES_CHUNK, in_chunks, load_or_measure, mean_row
from explorer.models.small_vae import SmallVAE
from explorer.networks.card import Card, find
from explorer.spaces.packing import pack_bits

USED = 0.01  # nats: a latent with a larger mean KL counts as used
TESTED = 2_000  # of the test images
IMPORTANCE, BOUNDED = 50, 200  # draws of the tighter bound, and number of its images
RUN_IMAGES, VAE_RUNS_DRAWS = (0, 3, 8, 12), 5  # bundled test images, and reconstructions drawn of each
FREE = 10  # images drawn from the prior
Run = dict[str, float | str]


def record(recipe: dict, folder: Path) -> dict:
    """Train and measure the runs that are missing; return the card's figures of all runs."""
    found = [
        load_or_measure(
            run, folder / "runs" / f"{run['run']}.json", lambda run=run: measure_run(run, recipe["dataset"])
        )
        for run in runs(recipe)
    ]
    histories = {each["question"]["run"]: each["history"] for each in found}
    rates = {each["question"]["run"]: each["rates"] for each in found}
    return {"rows": [row for each in found for row in each["rows"]], "histories": histories, "rates": rates}


def runs(recipe: dict) -> Iterator[Run]:
    """Yield the runs of a recipe, each with all its settings."""
    for run in recipe["runs"]:
        yield recipe["model"] | recipe["training"] | run


def measure_run(run: Run, dataset: str) -> dict:
    """Measure one run: its bounds on the test split, the KL of every latent, its history, and its images."""
    train = data.load(dataset, "train")[: run["images"]]
    model, history, seconds = train_network(run, train, data.load(dataset, "held-out")[:TESTED])
    x = data.binarise(data.load(dataset, "test")[:TESTED].pixels(), seed=0)
    distortion, rates = terms(model, x)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        (iwae,) = in_chunks(x[:BOUNDED], lambda part: model.iwae(part, IMPORTANCE, generator=generator), size=100)
    of = {"unit": "nats", "seed": run["seed"], "run": run["run"]}
    means = sorted(rates.double().mean(0).tolist(), reverse=True)
    return {
        "rows": [
            mean_row("elbo", -distortion - rates.sum(-1), "bound", **of),
            mean_row("rate", rates.sum(-1), "exact", **of),
            mean_row("distortion", distortion, **of),
            mean_row("iwae", iwae, "bound", **of, k=IMPORTANCE),
            {"name": "used", "value": sum(each > USED for each in means), "kind": "exact", "n": len(x)}
            | {"seed": run["seed"], "run": run["run"]},
        ],
        "rates": [round(each, 4) for each in means],
        "history": history,
        "seconds": round(seconds, 1),
        "pictures": pictures(model, data.bundled_binary_images(dataset)[list(RUN_IMAGES)]),
    }


def train_network(run: Run, train: data.Split, held_out: data.Split) -> tuple[SmallVAE, list[dict], float]:
    """Train a network; return it, its figures on held-out images after every epoch, and the seconds."""
    torch.manual_seed(run["seed"])
    model = SmallVAE(run["latent"], run["hidden"], run["reach"])
    optimiser = torch.optim.AdamW(
        model.parameters(), run["learning_rate"], weight_decay=run["weight_decay"], fused=True
    )
    generator, size = torch.Generator().manual_seed(run["seed"]), run["batch_size"]
    steps, history, start = len(train) // size, [held_out_figures(model, held_out, 0)], time.perf_counter()
    for epoch in track(range(run["epochs"]), run["run"]):
        order = torch.randperm(len(train), generator=generator)
        for index in range(steps):
            x = data.binarise(train[order[index * size : (index + 1) * size]].pixels(), seed=epoch * steps + index)
            now = run | {"epoch": epoch + index / steps}
            loss = model.training_loss(x, now, generator=generator, label=None)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), run["clip_norm"])
            optimiser.step()
        history.append(held_out_figures(model, held_out, epoch + 1))
    return model.eval(), history, time.perf_counter() - start


def held_out_figures(model: SmallVAE, held_out: data.Split, epoch: int) -> dict:
    """Measure minus the ELBO and the rate of the held-out images, in nats, and the number of used latents."""
    distortion, rates = terms(model, data.binarise(held_out.pixels(), seed=0))
    rate = float(rates.sum(-1).mean())
    used = int((rates.mean(0) > USED).sum())
    return {
        "epoch": epoch,
        "bound": round(float(distortion.mean()) + rate, 3),
        "rate": round(rate, 3),
        "used": used,
    }


@torch.no_grad()
def terms(model: SmallVAE, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the distortion of images (N,) and the KL of every latent (N, J), in nats, with fixed noise.

    Shapes: `x` (N, 1, 28, 28).
    """
    generator = torch.Generator().manual_seed(0)
    return in_chunks(x, lambda part: model.terms(part, generator=generator), MEASURES_CHUNK // 4)


@torch.no_grad()
def pictures(model: SmallVAE, x: Tensor) -> dict[str, str]:
    """Return images as packed bits: `x`; `drawn`, `VAE_RUNS_DRAWS` reconstructions of each; `free`, of the prior.

    Shapes: `x` (N, 1, 28, 28).
    """
    generator = torch.Generator().manual_seed(0)
    q = model.encode(x.repeat_interleave(VAE_RUNS_DRAWS, 0))
    z = torch.cat([q.mean + q.stddev * noise(q.mean, generator), noise(torch.zeros(FREE, model.latent), generator)])
    drawn = model.draw(z, generator=generator)
    return {"x": pack_bits(x), "drawn": pack_bits(drawn[:-FREE]), "free": pack_bits(drawn[-FREE:])}


def noise(like: Tensor, generator: torch.Generator) -> Tensor:
    """Draw Gaussian noise of the shape of `like`."""
    return torch.randn(like.shape, generator=generator).to(like)


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    rates = {name: find(card, "rate", run=name)["value"] for name in card["histories"]}
    return f"KL in nats: {', '.join(f'{name} {rate:.1f}' for name, rate in rates.items())}"
