"""Measures of the masked diffusion of texts: its bound, the cost of orders and of steps, and what a judge assigns."""

from math import log
from pathlib import Path
from time import thread_time

import torch
from torch import Tensor

from explorer.data import Texts
from explorer.measures.common import Load, mean_row
from explorer.measures.text_judged import TRANSFORMER, UNIT, drift, gaps, judge_costs, pieces
from explorer.models.text_diffusion import TextDiffusion, random_mask
from explorer.networks import checkpoints
from explorer.networks.card import Card, find
from explorer.running.device import device_of

MASKED_TEXT_CHUNK = 32
DRAWS = 16  # masks per text
ROUNDING_TEXTS, ROUNDING_DRAWS = 64, 8
ORDERED_TEXTS = 40
CURVE_TEXTS = 200
STEPS_MEASURED = (8, 16, 32, 64, 128)
JUDGED_TEXTS = 64


@torch.no_grad()
def bounds(model: TextDiffusion, x: Tensor, seed: int, draws: int) -> Tensor:
    """Draw an unbiased estimate of minus the bound for each text (B, T), in nats a character: (B,)."""
    generator = torch.Generator().manual_seed(seed)
    parts = x.to(device_of(model)).split(MASKED_TEXT_CHUNK)
    found = torch.cat([model.elbo(part, generator=generator, draws=draws) for part in parts])
    return -found.double().cpu() / x.shape[1]


def objectives(model: TextDiffusion, held_out: Texts, training: dict) -> list[float]:
    """Return minus the bound on the first held-out texts in nats a character; the masks are fixed."""
    x = pieces(held_out.codes, model.context)[:ROUNDING_TEXTS]
    return [float(bounds(model, x, 0, ROUNDING_DRAWS).mean())]


def figures(model: TextDiffusion, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure the bound on the test text, cut into texts of C characters, and what orders and steps cost."""
    x = pieces(load(dataset, "test").codes, model.context)
    found, of = bounds(model, x, seed, DRAWS), {"seed": seed}
    rows = [
        mean_row("nll", found, "bound", unit=UNIT, **of),
        mean_row("bits", found / log(2), "bound", unit="bits/character", **of),
        *by_order(model, x[:ORDERED_TEXTS], seed),
    ]
    cost = terms(model, x[:CURVE_TEXTS], seed)
    return {"rows": rows + by_steps(cost, seed), "curve": curve(cost) | of}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll = find(card, "nll")
    return f"−log p is at most {nll['value']:.3f} ± {nll['se']:.3f} nats a character"


def by_order(model: TextDiffusion, x: Tensor, seed: int) -> list[dict]:
    """Measure the exact −log p of the first texts (N, T), from left to right and in a random order for each text.

    It is in nats a character.
    """
    generator, length = torch.Generator().manual_seed(seed), x.shape[1]
    found: dict[str, list[Tensor]] = {"left": [], "random": []}
    for each in x.to(device_of(model)).split(1):
        orders = {"left": torch.arange(length), "random": torch.randperm(length, generator=generator)}
        for name, order in orders.items():
            found[name].append(-model.order_log_prob(each, order) / length)
    return [
        mean_row("nll", torch.stack(nats), "exact", unit=UNIT, seed=seed, order=name) for name, nats in found.items()
    ]


@torch.no_grad()
def terms(model: TextDiffusion, x: Tensor, seed: int) -> Tensor:
    """Estimate the cost of the next character for every number m = 1…C of masked ones, in nats: (C, N).

    Shapes: `x` (N, C).
    """
    generator, x, found = torch.Generator().manual_seed(seed), x.to(device_of(model)), []
    for size in range(1, x.shape[1] + 1):
        masked = random_mask(
            torch.full((len(x),), size, device=x.device), torch.ones_like(x, dtype=torch.bool), generator
        )
        cost = [
            -model.log_probs(*part).sum(-1) / size
            for part in zip(x.split(MASKED_TEXT_CHUNK), masked.split(MASKED_TEXT_CHUNK))
        ]
        found.append(torch.cat(cost).double().cpu())
    return torch.stack(found)


def by_steps(cost: Tensor, seed: int) -> list[dict]:
    """Measure minus the bound of the same texts if several characters are drawn at each step, independently.

    With k characters per step there are C / k masks; at each the cost per character counts k times.

    Shapes: `cost` (C, N) in nats, the output of `terms`.
    """
    length, rows = len(cost), []
    for steps in STEPS_MEASURED:
        count = length // steps
        found = count * cost[count - 1 :: count].sum(0) / length
        rows.append(mean_row("nll_steps", found, "bound", unit=UNIT, seed=seed, steps=steps))
    return rows


def curve(cost: Tensor) -> dict:
    """Return the means of the output of `terms`, (C, N), with their standard errors, in nats."""
    means, errors = cost.mean(-1), cost.std(-1) / cost.shape[-1] ** 0.5
    return {
        "masked": list(range(1, len(cost) + 1)),
        "nats": [float(f"{each:.4g}") for each in means],
        "se": [float(f"{each:.2g}") for each in errors],
        "n": cost.shape[-1],
    }


def samples(model: TextDiffusion, dataset: str, load: Load, seed: int) -> dict:
    """Measure what the judge assigns to samples, and their processor time, by steps and order.

    A low cost is no proof of quality: text that repeats itself costs little too. So `distinct` counts the share of
    different texts of four characters, and both are measured on the test text as well.
    """
    judge = checkpoints.load(TRANSFORMER)
    real = pieces(load(dataset, "test").codes, model.context)[:JUDGED_TEXTS]
    rows = sample_rows(judge, real, text="real")
    for order in ("random", "confident"):
        for steps in STEPS_MEASURED:
            start = thread_time()
            generator = torch.Generator().manual_seed(seed)
            x = model.sample(JUDGED_TEXTS, generator=generator, steps=steps, order=order).cpu()
            seconds = (thread_time() - start) / x.numel()
            setting = {"seed": seed, "text": "own", "order": order, "steps": steps}
            rows += sample_rows(judge, x, **setting)
            rows.append({"name": "seconds", "value": seconds, "unit": "seconds", "kind": "estimate", **setting})
    return {"rows": rows}


def sample_rows(judge: torch.nn.Module, x: Tensor, **setting: float | str) -> list[dict]:
    """Measure the judge's cost of texts (n, T), and the share of different texts of four characters in each."""
    distinct = [len({tuple(part) for part in each.unfold(0, 4, 1).tolist()}) / (len(each) - 3) for each in x]
    return [
        mean_row("judged", judge_costs(judge, x).mean(-1), unit=UNIT, judge=TRANSFORMER, **setting),
        mean_row("distinct", torch.tensor(distinct), **setting),
    ]


PARTS = {"samples": samples, "drift": drift, "gaps": gaps}
