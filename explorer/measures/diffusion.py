"""Measures of a diffusion: bound and loss over time, guidance, the time at which a class is decided, samples."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.frontier import EVALUATIONS, SamplerSteps
from explorer.measures.metrics import diversity
from explorer.measures.quality import CHUNK, Draw, Judge, drawing, in_parts
from explorer.models.diffusion import Diffusion
from explorer.models.flow_density import FLOW_DENSITY_STEPS as FLOW_STEPS
from explorer.models.flow_density import flow_elbo
from explorer.models.solvers import SAMPLERS, sample_steps
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of
from explorer.spaces import LEVELS
from explorer.steps import last

DIFFUSION_ROUNDING_IMAGES = 500
INTERVALS = 12
SCALES = (0, 1, 2, 4, 7)
GUIDED = 1_000
DECIDED = 200
FLOWED, CHAIN_DRAWS = 200, 100  # number of images, and of times at which the chain's bound is drawn for each
DECIDED_AT = (200, 300, 350, 400, 450, 500, 550, 600, 700)
EARLIER = (1, 2, 6, 20, 60)  # further times before these, for the bound
DIFFUSION_STRIDE = 50  # time steps between two states of the reverse process, as in 20 steps from T
PRECISION = "bfloat16"  # of samples: half a million passes per seed, twice as fast on a CPU
PIXELS = LEVELS.dim
NEARLY = 0.8  # smallest share of the wanted evaluations, as several per step may not add up exactly


@torch.no_grad()
def objectives(model: nn.Module, held_out: data.Split, training: dict) -> list[float]:
    """Return half the squared error of the predicted v or velocity, in nats, at random times of held-out images."""
    generator = torch.Generator().manual_seed(0)
    split = held_out[:DIFFUSION_ROUNDING_IMAGES]
    device = device_of(model)
    parts = zip(split.pixels().to(device).split(CHUNK), split.labels.to(device).split(CHUNK))
    losses = [model.training_loss(x, training, generator=generator, label=y) for x, y in parts]
    return [PIXELS / 2 * float(torch.stack(losses).double().mean())]


def figures(model: Diffusion, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure all figures on the card of a diffusion except sample quality."""
    measured = bound(model, load(dataset, "test"), seed)
    return {**measured, "rows": measured["rows"] + guidance(model, dataset, load, seed)}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    bits, guided = find(card, "bits_per_dim")["value"], find(card, "accuracy", w=2)["value"]
    return f"bound {bits:.3f} bits/dim, class seen at w = 2: {guided:.1%}"


def bound(model: Diffusion, split: data.Split, seed: int, intervals: Sequence[tuple[int, int]] | None = None) -> dict:
    """Measure the bound on −log₂ p(x) per pixel and the prior's part of it, without labels.

    `bound` holds the bound and the loss over time. Every image has one random time in each interval [low, high). The
    first interval is the time 1 alone.
    """
    generator, intervals = torch.Generator().manual_seed(seed), intervals or model.intervals(INTERVALS)
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
    of = {"kind": "bound", "unit": "bits/dim", "seed": seed}
    return {
        "rows": [
            mean_row("bits_per_dim", bits.sum(-1), **of),
            row("prior", float(bits[:, -1].mean()), n=len(bits), **of),
        ],
        "bound": {
            "edges": [1, *(high for _, high in intervals)],
            "bits": bits[:, :-1].mean(0).tolist(),
            "loss": torch.cat(losses).mean(0).tolist(),
        },
    }


def class_retention(model: Diffusion, dataset: str, load: Load, seed: int) -> dict:
    """Measure the share of test images that keep their class when noised to t and denoised; and the bound over time.

    An image keeps its class if the same judge assigns the same class before and after. The judge is the classifier, or
    the nearest training image. Images are denoised by DDIM without a label, and once more with fresh noise at every
    step (η = 1).
    """
    split = load(dataset, "test")[:DECIDED]
    x, train = split.pixels(), load(dataset, "train")
    classifier = checkpoints.load(f"classifier-{dataset}")
    flat = train.pixels().flatten(1)

    def classes_of(images: Tensor) -> Tensor:
        logits = torch.no_grad()(classifier)
        return in_chunks(images.to(device_of(classifier)), logits, CHUNK)[0].argmax(-1)

    def nearest(images: Tensor) -> Tensor:
        return train.labels[torch.cat([torch.cdist(part, flat).argmin(-1) for part in images.flatten(1).split(CHUNK)])]

    before, nearest_before = classes_of(x), nearest(x)
    kept = []
    for t in DECIDED_AT:
        after = noise_and_denoise(model, x, t, seed)
        same = {"classifier": classes_of(after) == before, "nearest": nearest(after) == nearest_before}
        same["fresh_noise"] = classes_of(noise_and_denoise(model, x, t, seed, eta=1)) == before
        kept += [mean_row("kept", each, seed=seed, t=t, judge=judge) for judge, each in same.items()]
    edges = [*EARLIER, *DECIDED_AT, model.schedule.total + 1]
    found = bound(model, split, seed, list(pairwise(edges)))["bound"]
    return {"rows": kept, "edges": edges, "bits": found["bits"], "n": len(split)}


def noise_and_denoise(model: Diffusion, x: Tensor, t: int, seed: int, eta: float = 0) -> Tensor:
    """Noise images (N, 1, 28, 28) in [0, 1] to t, and denoise them by DDIM without a label, in that shape."""

    def draw(n: int, generator: torch.Generator, which: Tensor) -> Tensor:
        x0 = model.from_space(x[which]).to(device_of(model))
        x_t = model.schedule.add_noise(x0, model.noise(n, generator), t)
        return model.sample(n, generator=generator, steps=round(t / DIFFUSION_STRIDE), eta=eta, x_t=x_t, start=t)

    generator = torch.Generator().manual_seed(seed)
    return in_parts(draw, CHUNK, f"t = {t}")(len(x), generator, torch.arange(len(x)))


def guidance(model: Diffusion, dataset: str, load: Load, seed: int) -> list[dict]:
    """Measure, per guidance scale w, the accuracy of the requested class and the diversity within a class."""
    judge = Judge(dataset, load, binary=False)
    label = torch.arange(model.classes).repeat(GUIDED // model.classes)
    found = []
    for scale in SCALES:
        draw = drawing(model, f"w = {scale}", PRECISION, guidance_scale=scale)
        features, classes = judge.features_and_classes(draw(len(label), torch.Generator().manual_seed(seed), label))
        varied = diversity(features, label, judge.real, judge.test.labels)
        found.append(mean_row("accuracy", classes == label, seed=seed, w=scale))
        found.append(row("diversity", varied, n=len(label), seed=seed, w=scale))
    return found


def samplers(model: Diffusion) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""
    return {f"DDIM {steps}": drawing(model, f"DDIM {steps}", PRECISION, steps=steps) for steps in (50, 10)}


def flow(model: Diffusion, dataset: str, load: Load, seed: int) -> dict:
    """Estimate the bound by the probability flow's density, and the chain's bound on the same images, in bits/dim.

    Both have the same last step, from t = 1 to the grey levels. `gap` is the chain's figure minus the flow's, per
    image. `coarse` is the change of the flow's figure if it is solved in half as many steps. A solver and probes
    estimate the flow's figure, so it is no bound itself.
    """
    generator, scale = torch.Generator().manual_seed(seed), -1 / (PIXELS * math.log(2))
    split = load(dataset, "test")
    x = split[:: len(split) // FLOWED].pixels()[:FLOWED].to(device_of(model))
    found = {name: [] for name in ("flow", "chain")}
    for part in track(x.split(CHUNK // 2), "flow"):
        found["flow"].append(scale * flow_elbo(model, part, generator=generator))
        with torch.no_grad():
            found["chain"].append(scale * model.elbo(part, generator=generator, draws=CHAIN_DRAWS).double().cpu())
    flow, chain = (torch.cat(parts) for parts in found.values())
    some = x[: FLOWED // 10]
    fine, coarse = (
        scale * flow_elbo(model, some, generator=torch.Generator().manual_seed(seed), steps=steps)
        for steps in (FLOW_STEPS, FLOW_STEPS // 2)
    )
    of = {"unit": "bits/dim", "seed": seed}
    return {
        "rows": [
            mean_row("bits", flow, of="flow", **of),
            mean_row("bits", chain, "bound", of="chain", **of),
            mean_row("gap", chain - flow, of="chain less flow", **of),
            mean_row("coarse", coarse - fine, of=f"{FLOW_STEPS // 2} steps less {FLOW_STEPS}", **of),
        ]
    }


def frontier_samplers(model: Diffusion) -> list[SamplerSteps]:
    """Return every sampler at each number of evaluations that it can nearly use up.

    With one evaluation all samplers with one evaluation per step agree: they predict x₀ from pure noise. So only DDIM
    and Langevin are measured there.
    """
    found = []
    for name, sampler in SAMPLERS.items():
        for wanted in EVALUATIONS:
            steps = sampler.steps(wanted)
            taken = sum(sampler.evaluations(steps))
            if NEARLY * wanted <= taken <= wanted and (steps > 1 or name in ("ddim", "langevin")):
                what = f"{sampler.title}, evaluations: {taken}"
                found.append(SamplerSteps(sampler.title, steps, taken, by(model, name, what, steps), name))
    return found


def by(model: Diffusion, sampler: str, what: str, steps: int) -> Draw:
    """Return a function that draws by any sampler, in the precision of large sample sets."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return last(sample_steps(model, sampler, n, generator=generator, steps=steps, label=label)).x

    return in_parts(draw, CHUNK, what, getattr(torch, PRECISION), device_of(model).type)


PARTS = {"decided": class_retention, "flow": flow}
