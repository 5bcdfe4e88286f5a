"""*A Boltzmann machine*: what its hidden units see of an image, and four chains of block Gibbs steps."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, OneOf, Whole
from explorer.models.rbm import FANTASY_STEPS, RBM, ais, log_ratio
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Report
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.serving.films import Script
from explorer.spaces.images import SIDE
from explorer.steps import Step, round_numbers
from explorer.tabs.energy.image import BEGINS, BEGUN, DRAWN, PICTURE, RBM_NET, SETS, Begin, script
from explorer.tabs.energy.shared import Frame
from explorer.tabs.kit.ask.answers import film, light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Picture, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel

BOLTZMANN_UNITS = 24  # displayed hidden units of an image, those with the largest contribution
CLAMP = Field("clamp", OneOf(("none", "top", "left")), "none", "which half of the picture is clamped")
Clamp = Annotated[str, CLAMP]
UNIT = Field("unit", Whole(0, BOLTZMANN_UNITS - 1), 0, "the hidden unit that is looked at")
PIXELCNN = "pixelcnn-mnist"
HELD = {"none": "", "top": ", the upper half held,", "left": ", the left half held,"}
FREE_ENERGY = Figure("free energy F(x), = exact", unit="nats", digits=1)
LOG_Z_ESTIMATE = Figure("log Z, ≈ estimate", unit="nats")
COST = Figure("−log p(x)", unit="nats")
EXACT_COST = Figure("−log p(x) by PixelCNN, = exact", unit="nats", digits=1)
HEADS = (FREE_ENERGY, LOG_Z_ESTIMATE, COST, EXACT_COST)


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
    model: RBM = checkpoints.load(RBM_NET)
    with torch.no_grad():
        x = data.read(picture, model.space).to(device_of(model))
        logits = model.hidden_logits(x.flatten(1))[0]
        adds = torch.nn.functional.softplus(logits) - torch.nn.functional.softplus(model.hidden_bias)
        units = adds.topk(BOLTZMANN_UNITS).indices
        nats = float(model.estimate(x)[0]) if model.log_z else None
        found = {
            "x": model.space.encode(x),
            "free_energy": float(model.free_energy(x)),
            "nats": nats,
            "log_z": list(model.log_z) if model.log_z else None,
            "exact": exact_log_p(x) if checkpoints.exists(PIXELCNN) else None,
            "on": round_numbers(logits.sigmoid()),
            "units": units.tolist(),
            "adds": round_numbers(adds[units]),
            "filters": model.space.encode(filters(model.weight[units])),
        }
    return Answer(view=found) | machine_answer(found)


def exact_log_p(x: Tensor) -> float:
    """Return the exact log p(x) of one binary image (1, 1, 28, 28) by a PixelCNN, in nats."""
    model = checkpoints.load(PIXELCNN)
    return float(model.log_prob(x.to(device_of(model))))


@film
def gibbs(picture: Picture, seed: Seed, begin: Begin, clamp: Clamp) -> Script:
    """Film four chains of block Gibbs steps, from noise or from a picture; half of the pixels may be clamped."""
    model: RBM = checkpoints.load(RBM_NET)

    def walk() -> Iterator[Step]:
        generator = rng(seed)
        x = data.read(picture, model.space).to(device_of(model)).expand(DRAWN, -1, -1, -1)
        noise = model.space.noise(DRAWN, generator).to(x)
        known = clamp_mask(clamp).to(x.device).expand_as(x)
        start = torch.where(known, x, noise) if begin == "noise" else x
        return model.gibbs_steps(start, FANTASY_STEPS, generator=generator, known=known)

    def say(index: int, numbers: Mapping[str, Any], first: float) -> Report:
        return gibbs_report(index, numbers["energy"], numbers["flipped"], first, begin, clamp)

    return script(model, walk, FANTASY_STEPS, {"free_energy": "energy", "flipped": "flipped"}, say)


def clamp_mask(clamp: str) -> Tensor:
    """Return the mask of clamped pixels, the upper half, the left half or none: booleans (1, 28, 28)."""
    known = torch.zeros(1, SIDE, SIDE, dtype=torch.bool)
    if clamp == "top":
        known[:, : SIDE // 2] = True
    if clamp == "left":
        known[..., : SIDE // 2] = True
    return known


def surprise(nats: float | None, log_z: Sequence[float] | None) -> str:
    """Return −log p(x) by the estimate of log Z, with its standard error."""
    return "not measured yet" if nats is None else f"≈ {num(-nats, 1)} ± {num(log_z[1])}"


def machine_sentence(seen: Frame) -> str:
    """Describe a Boltzmann machine's view of an image: hidden units, free energy, and log p(x) if log Z is known."""
    on = sum(each > 0.5 for each in seen["on"])
    first = (
        f"{on} of {len(seen['on'])} hidden units are on. The free energy of this image is "
        f"{num(seen['free_energy'], 1)} nats, exactly: all the hidden units have been summed out."
    )
    if seen["nats"] is None:
        return first
    log_z, se = seen["log_z"]
    exact = seen["exact"]
    beside = "" if exact is None else f"; the PixelCNN computes {num(-exact, 1)} for the same pixels, exactly"
    return (
        f"{first} With log Z ≈ {num(log_z, 1)} ± {num(se)} that makes −log p(x) "
        f"{surprise(seen['nats'], seen['log_z'])} nats, an estimate{beside}."
    )


def unit_words(seen: Frame, rank: int) -> str:
    """Describe a hidden unit by its rank among those of the image."""
    index = seen["units"][rank]
    return (
        f"Unit {index + 1}: on at {percent(seen['on'][index])}. It lowers the free energy of this image "
        f"by {num(seen['adds'][rank], 1)} nats more than that of a blank page. White: ink there turns it on; black: "
        "off."
    )


def machine_answer(seen: Frame) -> Answer:
    """Return the texts about an image of a Boltzmann machine: its sentence, its numbers, and a text for each unit."""
    known, exact = seen["log_z"], seen["exact"]
    return Answer(
        [
            FREE_ENERGY.of(seen["free_energy"]),
            LOG_Z_ESTIMATE.of(f"{num(known[0], 1)} ± {num(known[1])}" if known else None),
            COST.of(surprise(seen["nats"], known)),
            EXACT_COST.of(exact and -exact),
        ],
        machine_sentence(seen),
        view={"report": [unit_words(seen, rank) for rank in range(len(seen["units"]))]},
    )


def gibbs_report(
    index: int, energy: Sequence[float], flipped: Sequence[float], first: float, begin: str, clamp: str
) -> Report:
    """Describe a step of block Gibbs chains; `first` is the mean free energy at the beginning."""
    now, turned, start = fmean(energy), num(fmean(flipped), 0), f"{BEGUN[begin]}{HELD[clamp]}"
    if index == 0:
        words = f"Four chains begin with {start}; their free energy is {num(now, 0)} nats on average."
        return Report(caption="The beginning", words=words)
    return Report(
        caption=f"{turned} pixel{'' if turned == '1' else 's'} changed",
        words=f"After {index:,} block Gibbs steps from {start} the free energy is {num(now, 0)} nats on "
        f"average, where it began at {num(first, 0)}. The last step flipped {turned} of 784 pixels.",
    )


MODE = Mode(
    "boltzmann",
    "A Boltzmann machine",
    "play",
    fields=[CLAMP, UNIT],
    functions=[look, gibbs],
    panel=Panel(
        gibbs,
        controls=[
            BEGINS,
            [Control(CLAMP, "segments", "Hold", options={"none": "nothing", "top": "upper half", "left": "left half"})],
        ],
        more=[SETS, [Control(SEED, "seed")]],
    ),
    tries=[
        ("Hold the upper half", PICTURE | {"net": "rbm-mnist", "begin": "noise", "clamp": "top", "seed": 7}),
        (
            "Begin with a shoe",
            PICTURE | {"net": "rbm-mnist", "img": 4, "set": "fashion-mnist", "begin": "picture", "clamp": "none"},
        ),
    ],
    heads=HEADS,
    code={"A Boltzmann machine": [look.plain, RBM.free_energy, RBM.gibbs_steps, ais, log_ratio]},
)
