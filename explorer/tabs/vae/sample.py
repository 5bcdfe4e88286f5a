"""*Make*: images drawn from the prior, and what each of them lies near."""

import functools
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.data.neighbours import TrainingIndex, training_index
from explorer.fields import Field, OneOf, Whole
from explorer.models.beta_vae import BetaVAE
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.words import num, pair, percent
from explorer.spaces.images import SIDE
from explorer.spaces.packing import pack, to_bytes
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae.shared import BETA, EARLIER, Beta, Which, _codes, _model, set_of, slow

PIXELS = Field("pixels", OneOf(("means", "bits")), "means", "what is shown of a decoded image")
TAP = Field("tap", Whole(0, 63), None, "the image that was tapped")
Tap = Annotated[int, TAP]
Pixels = Annotated[str, PIXELS]
SAMPLE = EARLIER | {"draw": "Draw {at:0} of {draws:0}, z = {z:p}."}
GREY = Figure("grey pixels of the means, 10 to 90 % ink")
NEAREST = Figure("nearest training image, L2")
AVERAGE = Figure("average of near codes to the mean, L2")
COPY = 2  # in L2: as far as four pixels turned from black to white
DRAWS = BetaVAE.together
SAMPLE_NEIGHBOURS = 200
AMONG = 20_000
GREY_FROM = 0.1  # probability of ink from which a pixel of a mean is grey, up to 1 − GREY_FROM


def draw_numbers(grey: float) -> list[Figure]:
    """Return the blur of the draws' means as a figure."""
    share = percent(grey, 1)
    return [FINDING.of(f"{share} of the decoded pixels are neither ink nor paper."), GREY.of(share)]


def draw_words(beta: float, seed: int) -> str:
    """Describe the draws of a seed."""
    if beta == 0:
        return (
            f"Seed {seed}: 64 draws from N(0, I), decoded at β = 0. No KL term moved codes there, so the "
            "decoder may not be trained at these places."
        )
    return (
        f"Seed {seed}: 64 draws of z from N(0, I), decoded. A mean is the probability of ink in each pixel; Bernoulli "
        "pixels are what the model really generates."
    )


def tap_answer(
    z: list[float], label: str, nearest: float, of: int, radius: float, count: int, among: int, apart: float
) -> Answer:
    """Describe a draw beside its nearest training image, and the average of those with the nearest codes."""
    copy = "the draw is close to a copy of it" if nearest < COPY else "it is no copy pixel by pixel"
    return Answer(
        numbers=[
            FINDING.of(
                "The draw is close to a copy." if nearest < COPY else "The draw is no copy of a training image."
            ),
            NEAREST.of(nearest, f"of {of:,}"),
            AVERAGE.of(apart, name=f"average of {count} near codes to the mean, L2"),
        ],
        view={"names": ["this draw", f"nearest: {label}", f"average of {count}", "decoded mean"]},
        words=f"z = {pair(z)}. The nearest of {of:,} training images is {num(nearest)} away (L2): {copy}. "
        f"The {count} of the first {among:,} training images whose codes lie nearest, within {num(radius)} of z, share "
        f"this place: their average is {num(apart)} from the decoded mean (L2). One z must stand for all of them, so "
        "its mean is blurry.",
    )


@functools.cache
def _training_images(dataset: str) -> Tensor:
    """Return the first training images, binarised, as booleans: a quarter of the memory of floats."""
    return data.binarise(training_index(dataset).images(slice(0, AMONG)), seed=0).bool()


@functools.lru_cache(maxsize=16)
def _training_codes(dataset: str, beta: float) -> Tensor:
    """Return the codes (AMONG, 2) of the first training images."""
    return _codes(_model(dataset), _training_images(set_of(dataset)), beta)


@light
def sample(dataset: Which, beta: Beta, seed: Seed) -> Answer:
    """Draw 64 times from the prior: the decoder's means, and one Bernoulli draw of every pixel."""
    model = _model(dataset)
    with torch.no_grad():
        z, means, pixels = model.draw(DRAWS, generator=rng(seed), beta=beta)
    images = {"z": pack(z, torch.float32), "means": to_bytes(means), "bits": to_bytes(pixels)}
    grey = float(((means > GREY_FROM) & (means < 1 - GREY_FROM)).float().mean())
    return Answer(draw_numbers(grey), draw_words(beta, seed), view=images)


@slow
def nearest_images(dataset: Which, beta: Beta, seed: Seed, tap: Tap, pixels: Pixels) -> Answer:
    """Compare a draw with the nearest training image, and with the training images whose codes lie nearest."""
    model, index = _model(dataset), training_index(set_of(dataset))
    with torch.no_grad():
        z, means, bits = (each[tap] for each in model.draw(DRAWS, generator=rng(seed), beta=beta))
    shown = (means if pixels == "means" else bits).view(1, -1).cpu()
    found = index.nearest(shown.view(1, 28, 28))
    radius, order = (_training_codes(dataset, beta) - z).norm(dim=-1).topk(SAMPLE_NEIGHBOURS, largest=False)
    average, decoded = index.images(order.cpu()).mean(0).view(1, -1), means.view(1, -1).cpu()
    images = torch.cat([shown, found.image.view(1, -1), average, decoded])
    near = {"radius": float(radius[-1]), "count": SAMPLE_NEIGHBOURS, "among": AMONG, "of": len(index)}
    apart = {"nearest": found.distance, "apart": float((average - decoded).norm())}
    label = data.classes_of(set_of(dataset))[found.label]
    return tap_answer(z.tolist(), label, **near, **apart) | Answer(view={"images": to_bytes(images)})


def first_images(net: str, seed: int) -> Tensor:
    """Return the decoder's means of the draws of a seed: (64, 1, 28, 28)."""
    with torch.no_grad():
        return checkpoints.load(net).draw(DRAWS, generator=rng(seed), beta=BETA.default)[1].view(-1, 1, SIDE, SIDE)


MODE = Mode(
    "sample",
    "Make",
    "look",
    draws=first_images,
    fields=[PIXELS, TAP],
    functions=[sample, nearest_images],
    panel=Panel(
        sample,
        controls=[
            [
                Control(SEED, "seed"),
                Control(PIXELS, "segments", "Pixels", options={"means": "means", "bits": "Bernoulli pixels"}),
            ],
        ],
        renews={"tap": None},
        shows=Shows("64 draws from the prior; tap one for the nearest training image", [FINDING, GREY]),
        says=SAMPLE,
    ),
    code={
        "Make": [BetaVAE.draw, TrainingIndex.nearest],
    },
)
