"""Measures of a score network of points: its error against the known score, and log-density of its samples."""

from pathlib import Path

import torch

from explorer.data import toys
from explorer.measures.common import Load
from explorer.models.score import ScoreNet
from explorer.networks.card import Card, row, rows
from explorer.running.device import device_of
from explorer.steps import last

SCORE_LEVELS = (1, 3, 10, 30, 60, 100, 200, 300, 400, 600, 800, 1000)
SCORE_SAMPLES = 10_000


@torch.no_grad()
def objectives(model: ScoreNet, held_out: toys.Points, training: dict) -> list[float]:
    """Return half the squared error of the predicted noise of the held-out points, in nats."""
    generator = torch.Generator().manual_seed(0)
    points = held_out.points.to(device_of(model))
    return [float(model.training_loss(points, training, generator=generator, label=held_out.labels))]


@torch.no_grad()
def figures(model: ScoreNet, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    r"""Measure the mean of $\|\hat\epsilon - \epsilon^*\|^2$ and $\|\epsilon^*\|^2$ of noised test points, per level.

    $\epsilon^* = -\sqrt{1 - \bar\alpha_t} \nabla \log p_t$ is exact. Samples are measured by the known density.
    """
    known, points = toys.TOYS[dataset], load(dataset, "test").points.to(device_of(model))
    generator = torch.Generator().manual_seed(seed)
    errors, sizes = [], []
    for t in SCORE_LEVELS:
        alpha = float(model.schedule.alphas_cumprod[t])
        x_t = model.schedule.add_noise(points, model.noise(len(points), generator), t)
        exact = -((1 - alpha) ** 0.5) * known.add_noise(alpha).score(x_t)
        errors.append(float((model.predict_noise(x_t, t) - exact).square().sum(-1).mean()))
        sizes.append(float(exact.square().sum(-1).mean()))
    ways = {"ode": model.ddim_steps(SCORE_SAMPLES, generator=generator, steps=500)}
    ways["sde"] = model.ddpm_steps(SCORE_SAMPLES, generator=generator)
    density = row("log_density", float(known.log_prob(points).mean()), unit="nats", n=len(points), of="data")
    drawn = [
        row("log_density", float(known.log_prob(last(steps).x).mean()), unit="nats", n=SCORE_SAMPLES, seed=seed, of=way)
        for way, steps in ways.items()
    ]
    return {"rows": [density, *drawn], "errors": {"levels": list(SCORE_LEVELS), "error": errors, "size": sizes}}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return "mean log p of " + ", ".join(f"{row['of']} {row['value']:.3f}" for row in rows(card, "log_density"))
