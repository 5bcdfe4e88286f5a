"""What is measured of a diffusion: its variational bound and loss over time, guidance, and its samples."""

import math
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, device_of, measured_mean
from explorer.measures.quality import CHUNK, Draw, Judge, in_parts
from explorer.metrics import diversity
from explorer.models.diffusion import SIDE, Diffusion

ROUNDING_IMAGES = 500
INTERVALS = 12
SCALES = (0, 1, 2, 4, 7)
GUIDED = 1_000
PRECISION = "bfloat16"  # of samples: half a million passes a seed, twice as fast on a CPU
PIXELS = SIDE**2


@torch.no_grad()
def objectives(model: Diffusion, held_out: data.Split, training: dict) -> list[float]:
    """Half the squared error of the predicted v, in nats, at random times of the first held-out images."""
    generator = torch.Generator().manual_seed(0)
    split = held_out[:ROUNDING_IMAGES]
    parts = zip(split.pixels().to(device_of(model)).split(CHUNK), split.labels.split(CHUNK))
    losses = [model.training_loss(x, training, generator=generator, label=y) for x, y in parts]
    return [PIXELS / 2 * float(torch.stack(losses).double().mean())]


def figures(model: Diffusion, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Everything that the card of a diffusion says, except how good its samples are."""
    return {"figures": bound(model, load(dataset, "test"), seed) | {"guidance": guidance(model, dataset, load, seed)}}


def headline(card: dict) -> str:
    """What the command line says when the measuring is done."""
    bits, guided = card["figures"]["bits_per_dim"], card["figures"]["guidance"]["2"]["accuracy"]
    return f"bound {bits['value']:.3f} bits/dim, class seen at w = 2: {guided['value']:.1%}"


def bound(model: Diffusion, split: data.Split, seed: int) -> dict:
    """The bound on −log₂ p(x) per pixel and the loss, split over time; labels are left out.

    Every image has one random time in each interval, and the time 1.
    """
    generator, intervals = torch.Generator().manual_seed(seed), model.intervals(INTERVALS)
    terms, losses = [], []
    for x in track(split.pixels().split(CHUNK), "bound"):
        x = x.to(device_of(model))
        each = []
        for low, high in intervals:
            t = torch.randint(low, high, (len(x),), generator=generator)
            nats, loss = model.bound_at(x, t, generator=generator)
            each.append(torch.stack([(high - low) * nats, loss]))
        found = torch.stack(each, dim=-1).double().cpu()  # (2, B, intervals)
        terms.append(torch.cat([found[0], model.prior_bound(x).double().cpu().unsqueeze(-1)], dim=-1))
        losses.append(found[1])
    bits = torch.cat(terms) / (PIXELS * math.log(2))
    return {
        "bits_per_dim": measured_mean(bits.sum(-1)),
        "bound": {
            "edges": [1, *(high for _, high in intervals)],
            "bits": bits[:, :-1].mean(0).tolist(),
            "loss": torch.cat(losses).mean(0).tolist(),
            "prior": float(bits[:, -1].mean()),
            "n": len(bits),
        },
    }


def guidance(model: Diffusion, dataset: str, load: Load, seed: int) -> dict:
    """Per guidance scale, how often the class asked for is the class seen, and how varied a class is."""
    judge = Judge(dataset, load, binary=False)
    label = torch.arange(model.classes).repeat(GUIDED // model.classes)
    found = {}
    for scale in SCALES:
        draw = drawing(model, f"w = {scale}", guidance_scale=scale)
        features, classes = judge.seen(draw(len(label), torch.Generator().manual_seed(seed), label))
        found[str(scale)] = {
            "accuracy": measured_mean((classes == label).double()),
            "diversity": diversity(features, label, judge.real, judge.test.labels),
        }
    return found


def ways(model: Diffusion) -> dict[str, Draw]:
    """The ways whose samples are judged."""
    return {f"DDIM {steps}": drawing(model, f"DDIM {steps}", steps=steps) for steps in (50, 10)}


def drawing(model: Diffusion, what: str, **how) -> Draw:
    """Draw by DDIM, in the precision that many samples are measured in."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label, **how)

    return in_parts(draw, CHUNK, what, getattr(torch, PRECISION), device_of(model).type)
