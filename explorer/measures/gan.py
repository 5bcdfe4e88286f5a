"""Measures of a GAN: the discriminator's scores, accuracy of the requested class, and samples."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.metrics import diversity
from explorer.measures.quality import CHUNK, Draw, Judge, in_parts
from explorer.models.gan import GAN
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

ROUNDING_IMAGES = 1_000
LABELLED = 1_000
SLOPED = 1_000
SNAPSHOT_EPOCHS = (0, 0.05, 0.1, 0.2, 0.35, 0.6, 1, 2, 4, 8, 16)


@torch.no_grad()
def objectives(model: GAN, held_out: data.Split, training: dict) -> list[float]:
    """Return both players' losses on the first held-out images."""
    return list(losses(model, held_out[:ROUNDING_IMAGES]).values())


def losses(model: GAN, split: data.Split) -> dict[str, float]:
    """Return the hinge loss of the discriminator, and the generator's loss, for a split's images and labels."""
    real, made = scores(model, split, torch.Generator().manual_seed(0))
    return {
        "discriminator": float((F.relu(1 - real) + F.relu(1 + made)).double().mean()),
        "generator": float(-made.double().mean()),
    }


@torch.no_grad()
def scores(model: GAN, split: data.Split, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the scores of a split's images and of one sample per image with its class: (N,) and (N,)."""
    device, index = device_of(model), torch.arange(len(split))

    def look(part: Tensor) -> tuple[Tensor, Tensor]:
        label = split.labels[part].to(device)
        made = model.sample(len(part), generator=generator, label=label)
        return model.score(split[part].pixels().to(device), label), model.score(made, label)

    real, made = in_chunks(index, look, CHUNK)
    return real, made


def slopes(model: GAN, split: data.Split) -> Tensor:
    r"""Return the gradient norm of the score, $\|\nabla_x D(x, y)\|$, at a split's images: (N,)."""

    def look(part: Tensor) -> Tensor:
        x = split[part].pixels().to(device_of(model)).requires_grad_()
        (slope,) = torch.autograd.grad(model.score(x, split.labels[part].to(x.device)).sum(), x)
        return slope.flatten(1).norm(dim=-1)

    (found,) = in_chunks(torch.arange(len(split)), look, CHUNK)
    return found


def figures(model: GAN, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of a GAN except sample quality."""
    test, judge = load(dataset, "test"), Judge(dataset, load, binary=False)
    real, made = scores(model, test, torch.Generator().manual_seed(seed))
    label = torch.arange(model.classes).repeat(LABELLED // model.classes)
    drawn = in_parts(drawing(model), CHUNK, "classes")(len(label), torch.Generator().manual_seed(seed), label)
    features, classes = judge.features_and_classes(drawn)
    varied = diversity(features, label, judge.real, judge.test.labels)
    return {
        "rows": [
            mean_row("score_real", real, seed=seed),
            mean_row("score_made", made, seed=seed),
            mean_row("accuracy", classes == label, seed=seed),
            row("diversity", varied, n=len(label), seed=seed),
            mean_row("slope", slopes(model, test[:SLOPED]), seed=seed),
        ]
    }


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    seen, varied = (find(card, name)["value"] for name in ("accuracy", "diversity"))
    return f"class seen: {seen:.1%}, diversity {varied:.2f}"


def progress(model: GAN, held_out: data.Split, training: dict) -> dict:
    """Measure both losses of a snapshot on held-out images, in evaluation mode, as it will be displayed."""
    model.eval()
    try:
        return losses(model, held_out[:ROUNDING_IMAGES])
    finally:
        model.train()


def samplers(model: GAN) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    return {"one pass": in_parts(drawing(model), CHUNK, "one pass")}


def drawing(model: GAN) -> Draw:
    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label)

    return draw
