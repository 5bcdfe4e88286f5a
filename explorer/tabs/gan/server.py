"""What the GAN's stage asks Python: images and their scores, what lies between codes, snapshots, and searches.

Images are bytes in base64; a score is D(x, y), with no unit: the discriminator was trained to give real images more
than 1 and generated ones less than −1. Where codes of two classes are mixed so are the classes, in the same shares.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from explorer import checkpoints, data
from explorer.device import device_of
from explorer.models.gan import GAN, SEARCH_STEPS, STARTS
from explorer.models.spherical import angle_between, spherical_weights
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame, last, rounded
from explorer.tabs.gan.fields import GRID, AlongU, AlongV, Corners, Ends, Net
from explorer.tabs.kit.answers import film, frames, heavy, light, stop
from explorer.tabs.kit.common import labels, seeded
from explorer.tabs.kit.fields import Index, Label, Picture, Seed
from explorer.tabs.kit.nearest import nearest

SIDE = 9  # places along each side of the sheet
PATH = 33  # frames between two images
SHOWN = 4  # steps of a search from frame to frame


def made(model: GAN, z: Tensor, label: Tensor) -> dict:
    """Images of codes (n, latent) and labels (n,) or weights (n, classes), and their scores."""
    with torch.no_grad():
        x = model.generate(z, label)
        return {"x": model.space.encode(x), "scores": rounded(model.score(x, label))}


def grid(model: GAN, seed: int, label: int | None) -> Step:
    """The sixteen images of a seed, of one class or of any."""
    return last(model.sample_steps(GRID, generator=seeded(seed), label=labels(label, GRID)))


@light
def generate(net: Net, seed: Seed, label: Label) -> dict:
    """Sixteen images, with the class that each was asked to be and its score."""
    model = checkpoints.load(net)
    step = grid(model, seed, label)
    drawn = step.numbers["label"]
    with torch.no_grad():
        scores = model.score(step.x, drawn.to(step.x.device))
    return {"x": model.space.encode(step.x), "scores": rounded(scores), "labels": drawn.tolist()}


def mixed(model: GAN, seed: int, label: int | None, chosen: tuple[int, ...], weights: Tensor) -> tuple[Tensor, Tensor]:
    """Sums of some of the grid's codes (n, latent) by their weights (n, k), and the shares of their classes.

    A class has the share that its codes have of the positive weights, (n, classes).
    """
    numbers = grid(model, seed, label).numbers
    index = torch.tensor(chosen)
    shares = weights.clamp(min=0) / weights.clamp(min=0).sum(-1, keepdim=True)
    classes = torch.nn.functional.one_hot(numbers["label"].cpu()[index], model.classes).to(weights)
    z = numbers["z"]
    return weights.to(z) @ z[index.to(z.device)], (shares @ classes).to(z)


def in_plane(u: Tensor, v: Tensor) -> Tensor:
    """What A, B and C weigh in A + u (B − A) + v (C − A): (n, 3)."""
    return torch.stack([1 - u - v, u, v], dim=-1)


@light
def plane(net: Net, seed: Seed, label: Label, corners: Corners, u: AlongU, v: AlongV) -> dict:
    """One image in the plane through three codes of the grid, its score, and how long its code is."""
    model = checkpoints.load(net)
    weights = in_plane(torch.tensor([float(u)]), torch.tensor([float(v)]))
    z, shares = mixed(model, seed, label, corners, weights)
    return made(model, z, shares) | {"length": rounded(z.norm(dim=-1))[0]}


@heavy
def sheet(net: Net, seed: Seed, label: Label, corners: Corners) -> dict:
    """The plane at 9 × 9 places: u from 0 to 1 along each row, v from 0 to 1 down the rows."""
    model = checkpoints.load(net)
    v, u = torch.cartesian_prod(*2 * [torch.linspace(0, 1, SIDE)]).unbind(-1)
    z, shares = mixed(model, seed, label, corners, in_plane(u, v))
    return made(model, z, shares) | {"side": SIDE}


@light
def between(net: Net, seed: Seed, label: Label, pair: Ends) -> dict:
    """A film from one image of the grid to another along the sphere, with the angle between their codes."""
    model = checkpoints.load(net)
    z = grid(model, seed, label).numbers["z"]
    angle = angle_between(*z[list(pair)].cpu())
    weights = spherical_weights(angle, torch.linspace(0, 1, PATH, dtype=torch.float64)).float()
    path, shares = mixed(model, seed, label, pair, weights)
    return made(model, path, shares) | {"angle": angle, "lengths": rounded(path.norm(dim=-1))}


@light
def snapshot(net: Net, index: Index, seed: Seed, label: Label) -> dict:
    """The sixteen images of a seed as one moment of the training makes them, scored by that moment's discriminator."""
    model = checkpoints.snapshot(net, index)
    numbers = grid(model, seed, label).numbers
    return made(model, numbers["z"], numbers["label"].to(device_of(model))) | {"labels": numbers["label"].tolist()}


@film
def search(net: Net, picture: Picture, seed: Seed, label: Label) -> Script:
    """The nearest image that can be made to a picture, by gradient descent on its code."""
    model = checkpoints.load(net)
    shown = range(0, SEARCH_STEPS + 1, SHOWN)
    starts = model.classes if label is None else STARTS
    evaluations = starts + 1  # in a step of every start, and of the best one for its image

    def scenes() -> Iterator[Scene]:
        x = data.read(picture, model.space).to(device_of(model))
        for step in model.invert_steps(x, generator=seeded(seed), label=labels(label, 1), steps=SEARCH_STEPS):
            yield evaluations, found(model, step) if step.index in shown else None

    return Script(model.space, 1, len(shown), evaluations * (SEARCH_STEPS + 1), scenes)


def found(model: GAN, step: Step) -> dict:
    """What the browser is told of a step of the search for one image: its score and the length of its code, too."""
    with torch.no_grad():
        score = model.score(step.x, step.numbers["label"])
    return frame(step, model.space, model.numbers, {"score": score, "length": step.numbers["z"].norm(dim=-1)})


SERVER_FUNCTIONS = [generate, plane, sheet, between, snapshot, search, frames, stop, nearest]
