"""Measures of a family without a module of its own; they use only its model's methods."""

from pathlib import Path

import torch
from torch import Tensor, nn

from explorer import data
from explorer.data import Points, Split
from explorer.measures.common import MEASURES_CHUNK, Load, in_chunks, mean_row
from explorer.measures.quality import Draw
from explorer.networks.card import Card, find
from explorer.questions import likelihood
from explorer.running.device import device_of
from explorer.spaces import BINARY


def surprises(model: nn.Module, items: Split | Points, seed: int) -> Tensor:
    """Return −log p(x), or one draw of the upper bound on it, in nats: (N,); empty if the model has neither."""
    if likelihood.kind(model) is None:
        return torch.empty(0)
    x = data.binarise(items.pixels(), seed) if model.space == BINARY else items.pixels()
    generator, device = torch.Generator().manual_seed(seed), device_of(model)
    return in_chunks(x, lambda part: -likelihood.log_prob(model, part.to(device), generator=generator), MEASURES_CHUNK)[
        0
    ]


def objectives(model: nn.Module, held_out: Split | Points, training: dict) -> list[float]:
    """Return the mean of −log p(x) of held-out x, or of its bound, in nats; empty if the model has neither."""
    found = surprises(model, held_out, seed=0)
    return [float(found.mean())] if len(found) else []


def figures(model: nn.Module, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure the mean of −log p(x) of the test x, or of its bound, in nats."""
    found = surprises(model, load(dataset, "test"), seed)
    return {"rows": [mean_row("nll", found, likelihood.kind(model), unit="nats", seed=seed)] if len(found) else []}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    return f"−log p(x) {find(card, 'nll')['value']:.3f} nats" if card["rows"] else "Its samples can be judged alone"


def samplers(model: nn.Module) -> dict[str, Draw]:
    """Return the model's own sampler as "samples"."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, **({} if label is None else {"label": label}))

    return {"samples": draw}
