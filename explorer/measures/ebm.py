"""What is measured of an energy of images: how odd other images are to it, and what long chains make."""

from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import checkpoints, data
from explorer.card import Card, row
from explorer.device import device_of
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.compare import auroc
from explorer.measures.quality import CHUNK, Draw, in_parts
from explorer.metrics import class_entropy
from explorer.models.classifier import Classifier
from explorer.models.ebm import EBM
from explorer.steps import last

ROUNDING_IMAGES = 1_000
LONGER = 10  # times as many steps as draw an image
DRAWN = 100
USUAL = 0.99  # the share of test images whose energy a chain must come down to
SURE = 0.9  # the share that the classifier gives to one class where it sees a digit


@torch.no_grad()
def objectives(model: EBM, held_out: data.Split, training: dict) -> list[float]:
    """The mean energy of held-out images less that of noise: log Z, which both have, falls out."""
    real = held_out[:ROUNDING_IMAGES].pixels()
    noise = torch.rand(real.shape, generator=torch.Generator().manual_seed(0))
    energies = [in_chunks(each, model.energy)[0].double().mean() for each in (real, noise)]
    return [float(energies[0] - energies[1])]


@torch.no_grad()
def figures(model: EBM, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Everything that the card of an energy of images says, except how good its samples are."""
    test, other = load(dataset, "test"), data.DATASETS[dataset].others
    own, clothes = (energies(model, each.pixels()) for each in (test, load(other, "test")))
    found = auroc(own, clothes)
    measured = [
        row("auroc", found["auroc"], se=found["se"], n=len(clothes), of=other),
        mean_row("energy", own, unit="nats", of=dataset),
        mean_row("energy", clothes, unit="nats", of=other),
    ]
    judge: Classifier = checkpoints.load(f"classifier-{dataset}")
    noise = model.space.noise(len(test), torch.Generator().manual_seed(seed))
    for name, x in {dataset: test.pixels(), other: load(other, "test").pixels(), "noise": noise}.items():
        measured.append(mean_row("sure", surest(judge, x)[0] >= SURE, of=name))
    for steps, x in drawn(model, seed).items():
        share, classes = surest(judge, x)
        of = {"seed": seed, "steps": steps}
        measured += [
            mean_row("sure", share >= SURE, **of),
            mean_row("reached", energies(model, x) <= own.quantile(USUAL), **of),
            row("entropy", class_entropy(classes, judge.head.out_features), n=len(x), unit="nats", **of),
            mean_row("energy", energies(model, x), unit="nats", **of),
        ]
    return {"rows": measured}


def energies(model: EBM, x: Tensor) -> Tensor:
    """E of images (N, 1, 28, 28) in nats: (N,)."""
    return in_chunks(x.to(device_of(model)), model.energy)[0].double()


def surest(judge: Classifier, x: Tensor) -> tuple[Tensor, Tensor]:
    """The largest share that the classifier gives to a class, and that class, of images (N, 1, 28, 28): twice (N,)."""

    def look(part: Tensor) -> tuple[Tensor, ...]:
        return tuple(judge.head(judge.features(part)).softmax(-1).max(-1))

    share, classes = in_chunks(x.to(device_of(judge)), look, CHUNK)
    return share, classes


def drawn(model: EBM, seed: int) -> dict[int, Tensor]:
    """Images of the same chains after the usual number of steps, and after many times as many."""
    generator = torch.Generator().manual_seed(seed)
    parts = [DRAWN // 2] * 2
    first, then = [], []
    for n in track(parts, f"{LONGER * model.steps} steps"):
        first.append(model.sample(n, generator=generator))
        more = model.langevin_steps(first[-1], generator=generator, steps=(LONGER - 1) * model.steps)
        then.append(last(more).x)
    return {model.steps: torch.cat(first), LONGER * model.steps: torch.cat(then)}


def headline(card: Card) -> str:
    """What the command line says when the measuring is done."""
    found = next(each for each in card["rows"] if each["name"] == "auroc")
    reached = [f"{each['value']:.1%} after {each['steps']}" for each in card["rows"] if each["name"] == "reached"]
    return f"AUROC of {found['of']} {found['value']:.3f}; as low as digits: {', '.join(reached)} steps"


def ways(model: EBM) -> dict[str, Draw]:
    """The ways whose samples are judged."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"Langevin": in_parts(draw, CHUNK, "Langevin")}
