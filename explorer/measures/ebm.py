"""Measures of an energy of images: anomaly detection, and the agreement of its chains with the data.

Every figure of chains is also measured on images that are known to be bad, and on training images. A figure can judge
chains only if it ranks each bad case behind the training images. `ks` and `frechet` do so; `drift` does for descent
without noise. `higher` gives the sign of the difference in energy, and `reached` is kept for the bad cases alone: some
bad cases pass both.
"""

from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.compare import auroc
from explorer.measures.metrics import frechet, kolmogorov_smirnov
from explorer.measures.quality import CHUNK, Draw, Judge, in_parts
from explorer.models.ebm import EBM, reflect
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

ROUNDING_IMAGES = 1_000
EBM_DRAWN = 100  # images of each case, and number of chains
LONGER = 10  # length of long chains, in multiples of the usual number of steps
LENGTHS = (100, 500, 2_000)  # steps after which chains from digits are measured
NEIGHBOURED = 500  # test images whose nearest training image is searched
USUAL = 0.99  # the quantile of test images' energies that `reached` compares with
FLOOR, FROM_NOISE, FROM_DIGITS = "training images", "chains from noise", "chains from digits"


@torch.no_grad()
def objectives(model: EBM, held_out: data.Split, training: dict) -> list[float]:
    """Return the mean energy of held-out images minus that of noise; log Z cancels."""
    real = held_out[:ROUNDING_IMAGES].pixels()
    noise = torch.rand(real.shape, generator=torch.Generator().manual_seed(0))
    low, high = (energies(model, each).double().mean() for each in (real, noise))
    return [float(low - high)]


@torch.no_grad()
def figures(model: EBM, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure all figures on the card of an energy of images except sample quality."""
    test, other = load(dataset, "test").pixels(), data.DATASETS[dataset].others
    own, clothes = (energies(model, each) for each in (test, load(other, "test").pixels()))
    found = auroc(own, clothes)
    measured = [
        row("auroc", found["auroc"], se=found["se"], n=len(clothes), of=other),
        mean_row("energy", own, unit="nats", of=dataset),
        mean_row("energy", clothes, unit="nats", of=other),
    ]
    generator = torch.Generator().manual_seed(seed)
    compared = Compared(model, dataset, load, generator)
    for name, x in compared.cases(generator).items():
        measured += compared.rows(x, seed=seed, of=name)
        measured.append(mean_row("reached", energies(model, x) <= own.quantile(USUAL), seed=seed, of=name))
    for steps, x in chain_images(model, model.space.noise(EBM_DRAWN, generator), lengths(model), generator).items():
        measured += compared.rows(x, seed=seed, of=FROM_NOISE, steps=steps)
    return {"rows": measured + drifts(model, compared, generator, seed)}


class Compared:
    """Reference images for the figures of chains: test images with the noise of one Langevin step, as in training.

    Arguments:
        model: The energy.
        dataset: The data set that it was trained on.
        load: Function that reads a split.
        generator: Source of the noise.
    """

    def __init__(self, model: EBM, dataset: str, load: Load, generator: torch.Generator):
        self.model, self.judge = model, Judge(dataset, load, binary=False)
        self.test, self.train = load(dataset, "test").pixels(), load(dataset, "train").pixels()
        self.own = energies(model, self.add_noise(self.test, generator))
        self.usual = self.to_nearest(self.test[:: len(self.test) // NEIGHBOURED])

    def add_noise(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Add the noise of one Langevin step to images (N, 1, 28, 28)."""
        return reflect(x + self.model.step * torch.randn(x.shape, generator=generator))

    def digits(self) -> Tensor:
        """Return test images, spread over the whole split: (`EBM_DRAWN`, 1, 28, 28)."""
        return self.test[:: len(self.test) // EBM_DRAWN][:EBM_DRAWN]

    def cases(self, generator: torch.Generator) -> dict[str, Tensor]:
        """Return training images and four kinds of bad images, each (`EBM_DRAWN`, 1, 28, 28)."""
        digits, noise = self.digits(), self.model.space.noise(EBM_DRAWN, generator)
        still = {
            FLOOR: self.train[:EBM_DRAWN],
            "blank pages": torch.zeros_like(digits),
            "half-bright digits": digits / 2,
            "noise": noise,
        }
        cases = {name: self.add_noise(x, generator) for name, x in still.items()}
        return cases | {"descent without noise": descend(self.model, noise, self.model.steps)}

    def rows(self, x: Tensor, **of: float | str) -> list[dict]:
        """Measure images (N, 1, 28, 28): their energies, their features, and their nearest neighbours.

        `ks` is the Kolmogorov–Smirnov distance of their energies from those of test images. `higher` is the probability
        that one of them has a higher energy than a test image; it is 0.5 if both distributions agree. `farther` is the
        probability that one is farther from its nearest training image than a test image is; it is 0 for copies.
        """
        energy = energies(self.model, x)
        higher, farther = auroc(self.own, energy), auroc(self.usual, self.to_nearest(x))
        features, _ = self.judge.features_and_classes(x)
        return [
            row("ks", kolmogorov_smirnov(energy, self.own), n=len(x), **of),
            row("higher", higher["auroc"], se=higher["se"], n=len(x), **of),
            row("frechet", frechet(self.judge.real, features), n=len(x), **of),
            row("farther", farther["auroc"], se=farther["se"], n=len(x), **of),
            mean_row("energy", energy, unit="nats", **of),
        ]

    def to_nearest(self, x: Tensor) -> Tensor:
        """Return the L2 distance of images (N, 1, 28, 28) to the nearest training image: (N,)."""
        parts = [torch.cdist(x.flatten(1), part.flatten(1)).amin(-1) for part in self.train.split(5_000)]
        return torch.stack(parts).amin(0)


def drifts(model: EBM, compared: Compared, generator: torch.Generator, seed: int) -> list[dict]:
    """Measure the change in energy of chains that start at test images, and the figures of their ends.

    For chains that sample from the data the mean change is 0; for descent without noise it must not be 0.
    """
    digits = compared.add_noise(compared.digits(), generator)
    begun, found = energies(model, digits), []
    for steps, x in chain_images(model, digits, LENGTHS, generator).items():
        of = {"seed": seed, "of": FROM_DIGITS, "steps": steps}
        found += [mean_row("drift", energies(model, x) - begun, unit="nats", **of), *compared.rows(x, **of)]
    low = descend(model, digits, model.steps)
    of = {"seed": seed, "of": "descent without noise", "steps": model.steps}
    return [*found, mean_row("drift", energies(model, low) - begun, unit="nats", **of)]


def energies(model: EBM, x: Tensor) -> Tensor:
    """Return E of images (N, 1, 28, 28) in nats: (N,)."""
    return in_chunks(x.to(device_of(model)), model.energy)[0].double()


def lengths(model: EBM) -> tuple[int, int]:
    """Return the usual number of steps from noise, and its multiple by `LONGER`."""
    return model.steps, LONGER * model.steps


def chain_images(model: EBM, x: Tensor, wanted: tuple[int, ...], generator: torch.Generator) -> dict[int, Tensor]:
    """Return images of chains that start at x (N, 1, 28, 28), after each of the wanted numbers of Langevin steps."""
    parts = []
    for part in track(x.to(device_of(model)).split(CHUNK), f"{max(wanted)} steps"):
        steps = model.langevin_steps(part, generator=generator, steps=max(wanted))
        parts.append([step.x.cpu() for step in steps if step.index in wanted])
    return {steps: torch.cat(found) for steps, found in zip(wanted, zip(*parts))}


def descend(model: EBM, x: Tensor, steps: int) -> Tensor:
    """Run Langevin steps without noise from x (N, 1, 28, 28); they end in minima and sample no density."""
    x = x.to(device_of(model))
    for _ in range(steps):
        x = reflect(x - model.step**2 / 2 * model.slope(x)[1])
    return x.cpu()


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    found = find(card, "auroc", of=next(row["of"] for row in card["rows"] if row["name"] == "auroc"))
    ends = [row for row in card["rows"] if row["name"] == "ks" and row["of"] == FROM_NOISE]
    phrase = ", ".join(f"{each['value']:.2f} after {each['steps']}" for each in ends)
    return f"AUROC of {found['of']} {found['value']:.3f}; KS distance of E from digits: {phrase} steps"


def samplers(model: EBM) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"Langevin": in_parts(draw, CHUNK, "Langevin")}
