"""Shared by several modes of the GAN: its networks, and the images of a seed."""

from typing import Annotated

import torch
from torch import Tensor

from explorer.data.toys import GAMES
from explorer.fields import Field, Flag, OneOf, Points, Real, Whole
from explorer.models.game import Rules
from explorer.models.gan import GAN
from explorer.numbers.answer import Answer
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nets import Nets, with_further
from explorer.tabs.kit.layout.fields import SEEDS

GRID = GAN.together  # images
ROUNDS = Whole(0, 3_000)  # rounds played so far, and rounds of a film
RATE = Real(0.00001, 0.1)
RULES = Rules()
NET = Field("net", Nets(with_further("gan-mnist", "gan-fashion-mnist")), "gan-mnist", "the network")
# The game in the plane: its points, its losses and its rules; the defaults are the model's rules.
POINTS = Field("data", OneOf((*GAMES, "painted")), "ring", "the points")
SPECTRAL = Field("spectral", Flag(), RULES.spectral, "spectral norm")
D_STEPS = Field("dsteps", Whole(1, 10), RULES.d_steps, "the steps of D in a round")
RATE_D = Field("lrd", RATE, RULES.lr_d, "the learning rate of D")
RATE_G = Field("lrg", RATE, RULES.lr_g, "the learning rate of G")
GAME_SEED = Field("gseed", SEEDS, 0, "the seed", "The same seed and rules play the same game")
PAINTED = Field("points", Points(200, 2.2, "a painted point"), (), "painted points")
GanNet = Annotated[str, NET]
Data = Annotated[str, POINTS]
Painted = Annotated[tuple[tuple[float, float], ...], PAINTED]
Spectral = Annotated[bool, SPECTRAL]
DSteps = Annotated[int, D_STEPS]
RateD = Annotated[float, RATE_D]
RateG = Annotated[float, RATE_G]
GameSeed = Annotated[int, GAME_SEED]
Live = Annotated[bool, Field("live", Flag(), title="whether to train it anew")]


def images_and_scores(model: GAN, z: Tensor, label: Tensor) -> Answer:
    """Generate images from codes (n, latent) and labels (n,) or weights (n, classes); return them with their scores."""
    with torch.no_grad():
        x = model.generate(z, label)
        return Answer(view={"x": model.space.encode(x), "scores": round_numbers(model.score(x, label))})


def grid_of(model: GAN, seed: int, label: int | None) -> tuple[Tensor, Tensor]:
    """Return the codes and the labels of the sixteen images of a seed, of one class or of random classes.

    Shapes: (`GRID`, latent) and (`GRID`,).
    """
    return model.start(GRID, rng(seed), labels(label, GRID))
