"""Exercises on the VAE with many latents, and what the cards say of its runs."""

from collections.abc import Sequence
from pathlib import Path

import torch

from explorer.lessons.written import read
from explorer.measures import disentangling
from explorer.measures.vae_runs import USED
from explorer.models import latent
from explorer.networks import card as cards
from explorer.numbers.rows import join_words
from explorer.tabs.vae_room.disentangle import BETAS
from explorer.tabs.vae_room.maths import normal_kl
from explorer.tabs.vae_room.runs import OBJECTIVE_CHOICES
from explorer.tabs.vae_room.shared import RUNS, SHAPES
from explorer.verdicts import compare, of_values


def log_mean(log_weights: Sequence[float]) -> float:
    """Return the logarithm of the mean of weights."""
    return float(latent.log_mean(torch.tensor(log_weights, dtype=torch.float64).unsqueeze(1)))


def gap_of(known: Sequence[Sequence[float]], levels: Sequence[int]) -> float:
    """Return the mutual information gap of latents (rows) and of factors with so many values each, all as frequent."""
    values = torch.cartesian_prod(*map(torch.arange, levels))
    return disentangling.gap(torch.tensor(known, dtype=torch.float64), values)


def latents_in_use(run: str) -> int:
    """Return the number of latents that a small run uses, by the card."""
    return int(cards.find(cards.of(RUNS), "used", run=run)["value"])


def name_of(run: str) -> str:
    """Return the name of a run in a sentence."""
    known = {"plain": "β = 1", "free": "free bits"}
    return known.get(run) or run.replace("beta-", "β = ")


def of_shapes(beta: str) -> tuple[float, list[float]]:
    """Return the rate in nats of the networks of shapes with a β, and the gap of each, by the card."""
    card = cards.of(SHAPES)
    gaps = [row["value"] for row in cards.rows(card, "mig", beta=float(beta))]
    return cards.find(card, "rate", beta=float(beta))["value"], gaps


def is_smaller(gaps: Sequence[float], plain: Sequence[float]) -> bool:
    """Return whether the gap of a β is measured to be below that of β = 1; each other β is compared with it."""
    return compare(of_values(gaps), of_values(plain), comparisons=len(BETAS) - 1).sign < 0


FUNCTIONS = (gap_of, is_smaller, join_words, latents_in_use, log_mean, name_of, normal_kl, of_shapes)
CONSTANTS = {"BETAS": [*BETAS], "OBJECTIVE_CHOICES": [*OBJECTIVE_CHOICES], "USED": USED}
EXERCISES = read(Path(__file__).with_suffix(".md"), CONSTANTS | {each.__name__: each for each in FUNCTIONS})
