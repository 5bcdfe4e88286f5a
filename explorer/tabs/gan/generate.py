"""*Make*: images of one seed, the plane of three codes, and the way from one code to another."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Distinct, Field, OneOf, Real, Whole
from explorer.models.gan import GAN, Discriminator, Generator
from explorer.models.spherical import angle_between, spherical_weights
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.numbers.answer import FINDING, Answer
from explorer.numbers.words import num, percent, with_article
from explorer.steps import round_numbers
from explorer.tabs.gan.shared import GRID, GanNet, grid_of, images_and_scores
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

GENERATE_PARTS = ("image", "plane", "film")
CORNERS = Field("plane", Distinct(3, GRID - 1, "images of the grid"), (0, 1, 2), "the corners of the plane")
U = Field("u", Real(0, 1), 0.33, "u")  # a place in the plane is A + u (B − A) + v (C − A)
V = Field("v", Real(0, 1), 0.33, "v")
Corners = Annotated[tuple[int, ...], CORNERS]
Ends = Annotated[tuple[int, ...], Field("pair", Distinct(2, GRID - 1, CORNERS.kind.what), title="the ends of the film")]
AlongU = Annotated[float, U]
AlongV = Annotated[float, V]
GENERATE = {
    "draws": "Sixteen draws",
    "plane": "Plane through A, B, C",
    "film": "From A to B",
    "caption": "Frame {at:0} from A to B: {name}",
    "place": "u {u}  v {v}  {words}",
    "score": "score {score}",
    "real": "The discriminator takes this image for real.",
    "generated": "The discriminator takes this image for generated.",
    "waits": "score …",
    "of_image": "image {number:0}",
    "in_plane": "in the plane",
    "of_film": "frame {number:0}",
}
GENERATE_ROWS = [
    FINDING.of("{verdict}"),
    ("looking at", "{what}", ""),
    ("requested class", "{name}", ""),
    ("discriminator’s score, above 0: real", "{score}", ""),
]
GENERATE_SEEN = 0.005  # share of a class that is told
GENERATE_SHORT = 0.7  # as a share of the usual length: fewer than one in a thousand drawn codes is shorter
GOAL = "It was trained to give real images more than 1 and generated ones less than −1"
GENERATE_SIDE = 9  # points along each side of the sheet
GENERATE_PATH = 33  # frames between two images


def usual(card: Card) -> str:
    """Return the mean scores on the card, as the end of a sentence; nothing if they were not measured."""
    try:
        real, made = (find(card, name)["value"] for name in ("score_real", "score_made"))
    except KeyError:
        return ""
    return f": on average {num(real)} for real test images and {num(made)} for generated ones"


def image(number: int, name: str, score: float, seed: int, card: Card) -> str:
    """Describe an image of the grid."""
    return (
        f"Image {number} of seed {seed} was asked to be {with_article(name)}. It took one pass of the generator. "
        f"The discriminator gives it {num(score)}. {GOAL}{usual(card)}. A score is no probability."
    )


def mixture(shares: Mapping[str, float]) -> str:
    """Return “a 7”, or “60 % 7, 40 % 1” for a mixture of classes, by their shares."""
    seen = sorted(((share, name) for name, share in shares.items() if share >= GENERATE_SEEN), reverse=True)
    if len(seen) == 1:
        return with_article(seen[0][1])
    return ", ".join(f"{percent(share)} {name}" for share, name in seen)


def place(u: float, v: float, score: float, length: float, latent: int) -> str:
    """Describe a place in the plane through three codes; `length` is that of its code of `latent` numbers."""
    usually = math.sqrt(latent)
    met = ": the generator hardly ever received one so short" if length < GENERATE_SHORT * usually else ""
    return (
        f"The code is A + {num(u)} (B − A) + {num(v)} (C − A). It is {num(length, 1)} long, where drawn "
        f"codes are about {num(usually, 1)} long{met}. The discriminator gives the image {num(score)}."
    )


def step(at: int, scores: Sequence[float], lengths: Sequence[float], angle: float, ends: Sequence[int]) -> str:
    """Describe a frame between two images; `angle` lies between the codes of its ends, in radians."""
    least = min(range(len(scores)), key=scores.__getitem__)
    return (
        f"The codes of image {ends[0] + 1} and image {ends[1] + 1} are {math.degrees(angle):.0f}° apart (two drawn at "
        f"random: about 90°). The film turns from one to the other, so that no code on it is short: here "
        f"{num(lengths[at], 1)}. The discriminator gives this frame {num(scores[at])}, and the least, "
        f"{num(scores[least])}, to frame {least}."
    )


@light
def generate(net: GanNet, seed: Seed, label: Label) -> Answer:
    """Generate sixteen images, each with its requested class and its score."""
    model = checkpoints.load(net)
    z, drawn = grid_of(model, seed, label)
    found = images_and_scores(model, z, drawn.to(z.device))
    card, classes = cards.of(net), data.classes_of(dataset_of(net))
    asked = zip(drawn.tolist(), found.view["scores"], strict=True)
    words = [image(index, classes[label], score, seed, card) for index, (label, score) in enumerate(asked, 1)]
    return found | Answer(view={"labels": drawn.tolist(), "words": words})


def mix(model: GAN, seed: int, label: int | None, chosen: tuple[int, ...], weights: Tensor) -> tuple[Tensor, Tensor]:
    """Mix codes of the grid: weighted sums (n, latent) by weights (n, k), and the shares of the classes.

    The share of a class, (n, classes), is that of its codes in the positive weights.
    """
    z, drawn = grid_of(model, seed, label)
    index = torch.tensor(chosen)
    shares = weights.clamp(min=0) / weights.clamp(min=0).sum(-1, keepdim=True)
    classes = torch.nn.functional.one_hot(drawn.cpu()[index], model.classes).to(weights)
    return weights.to(z) @ z[index.to(z.device)], (shares @ classes).to(z)


def names_of(net: str, shares: Tensor) -> list[str]:
    """Return what is asked for by each row of shares of the classes (n, classes)."""
    classes = data.classes_of(dataset_of(net))
    return [mixture(dict(zip(classes, row, strict=True))) for row in shares.tolist()]


def in_plane(u: Tensor, v: Tensor) -> Tensor:
    """Return the weights of A, B and C in A + u (B − A) + v (C − A): (n, 3)."""
    return torch.stack([1 - u - v, u, v], dim=-1)


@light
def plane(net: GanNet, seed: Seed, label: Label, corners: Corners, u: AlongU, v: AlongV) -> Answer:
    """Generate one image in the plane through three codes of the grid; return its score and its code's length."""
    model = checkpoints.load(net)
    weights = in_plane(torch.tensor([float(u)]), torch.tensor([float(v)]))
    z, shares = mix(model, seed, label, corners, weights)
    found, length = images_and_scores(model, z, shares), round_numbers(z.norm(dim=-1))[0]
    words = place(u, v, found.view["scores"][0], length, model.latent)
    return found | Answer(words=words, view={"length": length, "names": names_of(net, shares)})


@heavy
def sheet(net: GanNet, seed: Seed, label: Label, corners: Corners) -> Answer:
    """Generate images at 9 × 9 points of the plane: u from 0 to 1 along each row, v from 0 to 1 down the rows."""
    model = checkpoints.load(net)
    v, u = torch.cartesian_prod(*2 * [torch.linspace(0, 1, GENERATE_SIDE)]).unbind(-1)
    z, shares = mix(model, seed, label, corners, in_plane(u, v))
    return images_and_scores(model, z, shares) | Answer(view={"side": GENERATE_SIDE, "names": names_of(net, shares)})


@light
def between(net: GanNet, seed: Seed, label: Label, pair: Ends) -> Answer:
    """Interpolate between two images of the grid along the sphere; return the angle between their codes too."""
    model = checkpoints.load(net)
    z, _ = grid_of(model, seed, label)
    angle = angle_between(*z[list(pair)].cpu())
    weights = spherical_weights(angle, torch.linspace(0, 1, GENERATE_PATH, dtype=torch.float64)).float()
    path, shares = mix(model, seed, label, pair, weights)
    found, lengths = images_and_scores(model, path, shares), round_numbers(path.norm(dim=-1))
    words = [step(at, found.view["scores"], lengths, angle, pair) for at in range(GENERATE_PATH)]
    view = {"angle": angle, "lengths": lengths, "words": words, "names": names_of(net, shares)}
    return found | Answer(view=view)


def first_images(net: str, seed: int) -> Tensor:
    """Return the sixteen images of a seed, of random classes: (16, 1, 28, 28)."""
    model = checkpoints.load(net)
    z, drawn = grid_of(model, seed, None)
    with torch.no_grad():
        return model.generate(z, drawn.to(z.device))


MODE = Mode(
    "generate",
    "Make",
    "look",
    draws=first_images,
    fields=[
        CORNERS,
        U,
        V,
        Field("tap", Whole(0, GRID - 1), 0, "the image that was tapped"),
        Field("part", OneOf(GENERATE_PARTS), "image", "what is looked at"),
    ],
    functions=[generate, plane, sheet, between],
    panel=Panel(
        generate,
        controls=[[Control(SEED, "seed"), Control(LABEL, "class")]],
        shows=Shows("Tap an image, or drag in the plane"),
        says=GENERATE,
        rows=GENERATE_ROWS,
    ),
    tries=[
        ("Sixteen sevens", {"net": "gan-mnist", "label": 7, "part": "image"}),
        ("The middle of A, B and C", {"part": "plane", "u": 0.333, "v": 0.333}),
        ("Halfway from A to B", {"part": "film", "at": 16}),
        ("Sixteen clothes", {"net": "gan-fashion-mnist", "label": None, "part": "image"}),
    ],
    code={
        "Make": [generate.plain, GAN.sample_steps, Generator.forward, Discriminator.forward],
        "Between images": [plane.plain, mix, between.plain, spherical_weights],
    },
)
