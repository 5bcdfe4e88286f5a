"""Server functions of the energies of images: hidden units, chains, and the energies of two images.

Films show four chains. Their frames are close together at first, when most changes, and farther apart at the end.
"""

from collections.abc import Callable, Iterator, Mapping
from statistics import fmean
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.models.ebm import EBM as EnergyOfImages
from explorer.models.rbm import FANTASY_STEPS
from explorer.models.rbm import RBM as Machine
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.spaces.images import SIDE
from explorer.steps import Step, frame, round_numbers
from explorer.tabs.energy import answers
from explorer.tabs.energy.fields import EBM, RBM, UNITS, Begin, Clamp, Longer, OtherTest, Stride
from explorer.tabs.kit.ask.answers import film, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Picture, Seed
from explorer.tabs.kit.numbers.answer import Answer, Report

CHAINS = 4
SHOWN = 61  # frames, including the first
EXACT = "pixelcnn-mnist"


def filters(weights: Tensor) -> Tensor:
    """Return weights (n, 784) as grey images (n, 1, 28, 28).

    Zero is mid-grey; the largest absolute weight of each unit is white or black.
    """
    reach = weights.abs().amax(-1, keepdim=True)
    return (0.5 + weights / (2 * reach)).view(-1, 1, SIDE, SIDE)


@light
def look(picture: Picture) -> Answer:
    """Return a Boltzmann machine's view of an image: its free energy, log p(x) by the estimate of log Z, hidden units.

    Unit j contributes log(1 + exp(c_j + W_j v)) to −F. The units are ranked by their contribution beyond that for a
    blank page.
    """
    model: Machine = checkpoints.load(RBM)
    with torch.no_grad():
        x = data.read(picture, model.space).to(device_of(model))
        logits = model.hidden_logits(x.flatten(1))[0]
        adds = torch.nn.functional.softplus(logits) - torch.nn.functional.softplus(model.hidden_bias)
        units = adds.topk(UNITS).indices
        nats = float(model.estimate(x)[0]) if model.log_z else None
        found = {
            "x": model.space.encode(x),
            "free_energy": float(model.free_energy(x)),
            "nats": nats,
            "log_z": list(model.log_z) if model.log_z else None,
            "exact": exact(x) if checkpoints.exists(EXACT) else None,
            "on": round_numbers(logits.sigmoid()),
            "units": units.tolist(),
            "adds": round_numbers(adds[units]),
            "filters": model.space.encode(filters(model.weight[units])),
        }
    return Answer(view=found) | answers.machine(found)


def exact(x: Tensor) -> float:
    """Return the exact log p(x) of one binary image (1, 1, 28, 28) by a PixelCNN, in nats."""
    model = checkpoints.load(EXACT)
    return float(model.log_prob(x.to(device_of(model))))


@film
def gibbs(picture: Picture, seed: Seed, begin: Begin, clamp: Clamp) -> Script:
    """Film four chains of block Gibbs steps, from noise or from a picture; half of the pixels may be clamped."""
    model: Machine = checkpoints.load(RBM)

    def walk() -> Iterator[Step]:
        generator = rng(seed)
        x = data.read(picture, model.space).to(device_of(model)).expand(CHAINS, -1, -1, -1)
        noise = model.space.noise(CHAINS, generator).to(x)
        known = clamp_mask(clamp).to(x.device).expand_as(x)
        start = torch.where(known, x, noise) if begin == "noise" else x
        return model.gibbs_steps(start, FANTASY_STEPS, generator=generator, known=known)

    def say(index: int, numbers: Mapping[str, Any], first: float) -> Report:
        return answers.gibbs(index, numbers["energy"], numbers["flipped"], first, begin, clamp)

    return script(model, walk, FANTASY_STEPS, {"free_energy": "energy", "flipped": "flipped"}, say)


def clamp_mask(clamp: str) -> Tensor:
    """Return the mask of clamped pixels, the upper half, the left half or none: booleans (1, 28, 28)."""
    known = torch.zeros(1, SIDE, SIDE, dtype=torch.bool)
    if clamp == "top":
        known[:, : SIDE // 2] = True
    if clamp == "left":
        known[..., : SIDE // 2] = True
    return known


@film
def langevin(picture: Picture, seed: Seed, begin: Begin, longer: Longer, stride: Stride) -> Script:
    """Film four Langevin chains on an energy of images, from noise or from a picture."""
    model: EnergyOfImages = checkpoints.load(EBM)
    steps = longer * model.steps

    def walk() -> Iterator[Step]:
        generator = rng(seed)
        x = torch.rand(CHAINS, *model.space.shape, generator=generator).to(device_of(model))
        if begin == "picture":
            x = data.read(picture, model.space).to(x).expand_as(x)
        return model.langevin_steps(x, generator=generator, steps=steps, step=stride * model.step)

    def say(index: int, numbers: Mapping[str, Any], first: float) -> Report:
        return answers.langevin(index, numbers["energy"], numbers["slope"], first, begin, stride, cards.of(EBM))

    return script(model, walk, steps, {"energy": "energy", "slope": "slope"}, say)


def script(
    model: Machine | EnergyOfImages,
    walk: Callable[[], Iterator[Step]],
    steps: int,
    names: dict[str, str],
    say: Callable[[int, Mapping[str, Any], float], Report],
) -> Script:
    """Return a film of chains.

    Arguments:
        names: The browser's names of a frame's numbers, by those of a step; energies are among them.
        say: Returns the texts of a frame from its index, its numbers, and the mean energy at the beginning.
    """
    shown = frame_steps(steps)

    def scenes() -> Iterator[Scene]:
        first = None
        for step in walk():
            if step.index not in shown:
                yield 1, None
                continue
            shot = frame(step, model.space, more={name: step.numbers[key] for key, name in names.items()})
            first = fmean(shot["numbers"]["energy"]) if first is None else first
            yield 1, shot | say(step.index, shot["numbers"], first).to_props()

    return Script(model.space, CHAINS, len(shown), steps + 1, scenes)


def frame_steps(steps: int) -> set[int]:
    """Return the steps that are displayed: denser at first, including the first and the last."""
    last = SHOWN - 1
    return {round(steps * (k / last) ** 2) for k in range(SHOWN)}


@light
def weigh(picture: Picture, other: OtherTest) -> Answer:
    """Return the energies of a picture and of a test image, in nats; their difference is a log-ratio of densities."""
    model: EnergyOfImages = checkpoints.load(EBM)
    with torch.no_grad():
        x = torch.cat([data.read(each, model.space) for each in (picture, ("test", other, "mnist"))])
        energies = round_numbers(model.energy(x.to(device_of(model))))
        name = "your drawing" if picture[0] == "bits" else "the test image"
        view = {"energies": energies, "x": model.space.encode(x)}
        return Answer(view=view) | answers.ratio_answer(*energies, name)


IMAGE_FUNCTIONS = [look, gibbs, langevin, weigh]
