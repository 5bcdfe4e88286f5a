"""Server functions of the GAN: images and their scores, interpolation between codes, snapshots, and inversion.

Images are bytes in base64. A score D(x, y) has no unit: the discriminator is trained to score real images above 1 and
generated ones below −1. If codes of two classes are mixed, their labels are mixed in the same shares.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.models.gan import GAN, SEARCH_STEPS, STARTS
from explorer.models.spherical import angle_between, spherical_weights
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Row
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.steps import Step, frame, round_numbers
from explorer.tabs.gan import answers
from explorer.tabs.gan.fields import GRID, AlongU, AlongV, Corners, Ends, GanNet
from explorer.tabs.kit.ask.answers import film, frames, heavy, light, stop
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Image, Label, Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer, Report

Frame = dict[str, Any]
SIDE = 9  # points along each side of the sheet
PATH = 33  # frames between two images
SHOWN = 4  # search steps between frames


def images_and_scores(model: GAN, z: Tensor, label: Tensor) -> Answer:
    """Generate images from codes (n, latent) and labels (n,) or weights (n, classes); return them with their scores."""
    with torch.no_grad():
        x = model.generate(z, label)
        return Answer(view={"x": model.space.encode(x), "scores": round_numbers(model.score(x, label))})


def grid(model: GAN, seed: int, label: int | None) -> tuple[Tensor, Tensor]:
    """Return the codes and the labels of the sixteen images of a seed, of one class or of random classes.

    Shapes: (`GRID`, latent) and (`GRID`,).
    """
    return model.start(GRID, rng(seed), labels(label, GRID))


@light
def generate(net: GanNet, seed: Seed, label: Label) -> Answer:
    """Generate sixteen images, each with its requested class and its score."""
    model = checkpoints.load(net)
    z, drawn = grid(model, seed, label)
    found = images_and_scores(model, z, drawn.to(z.device))
    card, classes = cards.of(net), data.classes_of(dataset_of(net))
    asked = zip(drawn.tolist(), found.view["scores"], strict=True)
    words = [answers.image(index, classes[label], score, seed, card) for index, (label, score) in enumerate(asked, 1)]
    return found | Answer(view={"labels": drawn.tolist(), "words": words})


def mix(model: GAN, seed: int, label: int | None, chosen: tuple[int, ...], weights: Tensor) -> tuple[Tensor, Tensor]:
    """Mix codes of the grid: weighted sums (n, latent) by weights (n, k), and the shares of the classes.

    The share of a class, (n, classes), is that of its codes in the positive weights.
    """
    z, drawn = grid(model, seed, label)
    index = torch.tensor(chosen)
    shares = weights.clamp(min=0) / weights.clamp(min=0).sum(-1, keepdim=True)
    classes = torch.nn.functional.one_hot(drawn.cpu()[index], model.classes).to(weights)
    return weights.to(z) @ z[index.to(z.device)], (shares @ classes).to(z)


def names_of(net: str, shares: Tensor) -> list[str]:
    """Return what is asked for by each row of shares of the classes (n, classes)."""
    classes = data.classes_of(dataset_of(net))
    return [answers.mixture(dict(zip(classes, row, strict=True))) for row in shares.tolist()]


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
    words = answers.place(u, v, found.view["scores"][0], length, model.latent)
    return found | Answer(words=words, view={"length": length, "names": names_of(net, shares)})


@heavy
def sheet(net: GanNet, seed: Seed, label: Label, corners: Corners) -> Answer:
    """Generate images at 9 × 9 points of the plane: u from 0 to 1 along each row, v from 0 to 1 down the rows."""
    model = checkpoints.load(net)
    v, u = torch.cartesian_prod(*2 * [torch.linspace(0, 1, SIDE)]).unbind(-1)
    z, shares = mix(model, seed, label, corners, in_plane(u, v))
    return images_and_scores(model, z, shares) | Answer(view={"side": SIDE, "names": names_of(net, shares)})


@light
def between(net: GanNet, seed: Seed, label: Label, pair: Ends) -> Answer:
    """Interpolate between two images of the grid along the sphere; return the angle between their codes too."""
    model = checkpoints.load(net)
    z, _ = grid(model, seed, label)
    angle = angle_between(*z[list(pair)].cpu())
    weights = spherical_weights(angle, torch.linspace(0, 1, PATH, dtype=torch.float64)).float()
    path, shares = mix(model, seed, label, pair, weights)
    found, lengths = images_and_scores(model, path, shares), round_numbers(path.norm(dim=-1))
    words = [answers.step(at, found.view["scores"], lengths, angle, pair) for at in range(PATH)]
    view = {"angle": angle, "lengths": lengths, "words": words, "names": names_of(net, shares)}
    return found | Answer(view=view)


@film
def training(net: GanNet, seed: Seed, label: Label) -> Script:
    """Film the sixteen images of a seed by each kept snapshot of a training, scored by its own discriminator."""
    history = checkpoints.snapshots_of(net)["history"]
    if not history:
        raise ValueError(f"of {net} no snapshots were kept")

    def scenes() -> Iterator[Scene]:
        for index, row in enumerate(history):
            model = checkpoints.snapshot(net, index)
            z, drawn = grid(model, seed, label)
            found = images_and_scores(model, z, drawn.to(z.device)).view
            names = [data.classes_of(dataset_of(net))[label] for label in drawn.tolist()]
            report = answers.snapshot_report(row, index, found["scores"])
            yield 1, {**found, "names": names, "report": report.to_props()}

    return Script(checkpoints.load(net).space, GRID, len(history), len(history), scenes)


@film
def search(net: GanNet, picture: Picture, seed: Seed, label: Label) -> Script:
    """Film the search for the generated image nearest to a picture, by gradient descent on its code."""
    model = checkpoints.load(net)
    shown = range(0, SEARCH_STEPS + 1, SHOWN)
    starts = model.classes if label is None else STARTS
    evaluations = starts + 1  # per step: one per start, and one for the image of the best

    def scenes() -> Iterator[Scene]:
        x, first = data.read(picture, model.space).to(device_of(model)), None
        for step in model.invert_steps(x, generator=rng(seed), label=labels(label, 1), steps=SEARCH_STEPS):
            shot = search_frame(model, step, x) if step.index in shown else None
            first = first or (shot and shot["numbers"])
            if shot:
                shot |= {"report": search_report(net, picture, first, shot, evaluations).to_props()}
            yield evaluations, shot

    return Script(model.space, 1, len(shown), evaluations * (SEARCH_STEPS + 1), scenes)


def search_report(net: str, picture: Image, first: Row, shot: Frame, evaluations: int) -> Report:
    """Return the report of a frame of a search that began with the numbers `first`."""
    name = "your drawing" if picture[0] == "bits" else "the test image"
    class_name = data.classes_of(dataset_of(net))[shot["numbers"]["label"][0]]
    return answers.search_report(shot, first, class_name, name, evaluations)


def search_frame(model: GAN, step: Step, x: Tensor) -> Frame:
    """Return a frame of the search for an image x: its score, the length of its code, and what is left over.

    Shapes: `x` (1, 1, 28, 28).
    """
    with torch.no_grad():
        score = model.score(step.x, step.numbers["label"])
    step = replace(step, pictures={"target": x, "left": (step.x - x).abs()})
    return frame(step, model.space, model.numbers, {"score": score, "length": step.numbers["z"].norm(dim=-1)})


SERVER_FUNCTIONS = [generate, plane, sheet, between, training, search, frames, stop, nearest]
