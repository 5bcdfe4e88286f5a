"""Server functions of the first page, apart from the film of a family: the film's final x, and random images."""

import torch
from torch import Tensor

from explorer import data
from explorer.networks import checkpoints
from explorer.questions import make
from explorer.spaces import BINARY, PLANE
from explorer.spaces.images import PIXELS
from explorer.spaces.packing import pack, to_bytes
from explorer.steps import Step, last
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.answers import frames, heavy, light, stop
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.draws import uniforms
from explorer.tabs.kit.ask.nets import AnyNet, family_of
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.numbers.answer import Answer, Figure
from explorer.tabs.start.fields import Points

LEVELS = 256
SHOWN = 10  # images of a kind
ONE_NOISE = ("flow", "diffusion", "consistency", "flow-matching", "gan", "vae")
"""Families whose samplers begin with the Gaussian numbers of a seed, all or the first of them."""
RANDOM = Figure("random: neighbouring pixels differ by", unit="levels", digits=0)
TEST = Figure("test images: neighbouring pixels differ by", unit="levels", digits=0)


def map_image(step: Step) -> Tensor:
    """Return what the map shows of a step: x, or the mean that its pixels are drawn from; both (n, *shape)."""
    return step.pictures.get("mean", step.x)


@heavy
def ask_leaf(net: AnyNet, seed: Seed) -> Answer:
    """Draw from a family with a seed: its first image, or all points; of a VAE the decoder's mean."""
    model = checkpoints.load(net)
    x = map_image(last(make.steps(model, make.together(model), seed)))
    shown = x if model.space == PLANE else x[:1]
    return Answer(view={"x": model.space.encode(shown.cpu()), "space": model.space.name})


def apart(images: Tensor) -> float:
    """Compute the mean difference of a pixel from the one to its right, in levels: (N, 28, 28) to a number."""
    return float(images.double().diff(dim=-1).abs().mean())


def gaussian(seed: int) -> Tensor:
    """Return the Gaussian noise of a seed that is as large as an image: (1, 1, 28, 28)."""
    return torch.randn(1, *BINARY.shape, generator=rng(seed))


def begins(net: str) -> int:
    """Count the Gaussian numbers of a seed that an image of a network of `ONE_NOISE` begins with; 0 for others."""
    if family_of(net) not in ONE_NOISE or (model := checkpoints.load(net)).space == PLANE:
        return 0
    draw = model.noise if hasattr(model, "noise") else model.codes
    return draw(1, torch.Generator()).numel()


def noise_image(seed: int, first: int = PIXELS) -> Tensor:
    """Show the first Gaussian numbers of a seed, black at −1 to white at 1, the rest black: (1, 28, 28) in [0, 1]."""
    shown = ((gaussian(seed)[0] + 1) / 2).clamp(0, 1)
    shown.view(-1)[first:] = 0
    return shown


@light
def ask_noise(seed: Seed) -> Answer:
    """Return the noise that some families begin with."""
    return Answer(view={"x": to_bytes(noise_image(seed))})


@light
def random_images(dataset: Points, seed: Seed) -> Answer:
    """Return images of random pixels beside test images; a sentence alone for points of the plane."""
    if dataset not in data.IMAGES:
        words = "Choose a data set of images: a random point of the plane may well lie among the data."
        return Answer(numbers=[RANDOM.unknown, TEST.unknown], words=words)
    real = data.bundled_images(dataset).images[:SHOWN].view(-1, 28, 28)
    random = (uniforms(seed, real.numel()) * LEVELS).floor().view_as(real)
    drawn, tested = RANDOM.of(apart(random)), TEST.of(apart(real))
    return Answer(
        grids=[{"images": pack(each, torch.uint8)} for each in (random, real)],
        numbers=[drawn, tested],
        words=f"None of the random images looks like data. A pixel and the one to its right differ by {drawn.text} "
        f"levels on average, in the {data.DATASETS[dataset].title} test images by {tested.text}. With {LEVELS} levels "
        "a pixel there are 256^784 ≈ 10^1888 such images, and data fill a vanishing share of them.",
    )


SERVER_FUNCTIONS = [questions.ask_make, frames, stop, ask_leaf, ask_noise, random_images]
