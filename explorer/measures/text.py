"""Measures of the autoregressive models over characters.

Every character of the test text is predicted from those before it, in one pass from the beginning of the text. A
transformer reads this long text in its windows. So at least half a context lies before each character, except for the
first half context of the text, where everything before counts.
Standard errors are over excerpts of 256 characters, because neighbouring characters are not independent.
"""

import re
from math import log
from pathlib import Path
from statistics import fmean
from time import thread_time

import torch
from torch import Tensor

from explorer.data import Texts
from explorer.measures.coded import FILES, measure_codes
from explorer.measures.common import Load, mean_row
from explorer.measures.text_judged import PIECE, UNIT, drift, gaps, pieces, random_excerpts
from explorer.models.ngram import NGram
from explorer.models.text import TextModel
from explorer.models.transformer import Transformer
from explorer.networks.card import Card, find
from explorer.running.device import device_of
from explorer.spaces import TEXT

HEAD_TEXTS = 64
LONG = 5  # letters of a word
TEXT_TIMED, TIMED_FROM = 8, 247  # characters whose cost is timed, the first of them at this place


@torch.no_grad()
def costs(model: TextModel, codes: Tensor) -> Tensor:
    """Compute −log p of every character of one long text, given those before it, in nats: (N,) to (N,)."""
    return -model.conditionals(codes.unsqueeze(0).to(device_of(model)))[0].double().cpu()


def objectives(model: TextModel, held_out: Texts, training: dict) -> list[float]:
    """Return −log p of the held-out text in nats a character."""
    return [float(costs(model, held_out.codes).mean())]


def figures(model: TextModel, dataset: str, folder: Path, load: Load, seed: int, earlier: Card) -> dict:
    """Measure −log p of the test text, in nats and in bits a character, and what belongs to one family alone."""
    codes = load(dataset, "test").codes
    found = pieces(costs(model, codes), TEXT.length).mean(-1)
    rows = [
        mean_row("nll", found, "exact", unit=UNIT),
        mean_row("bits", found / log(2), "exact", unit="bits/character"),
        mean_row("nll", from_the_start(model, codes), "exact", unit=UNIT, length=PIECE),
    ]
    if isinstance(model, NGram):
        rows += by_order(model, codes)
    if isinstance(model, Transformer):
        rows += by_head(model, codes, seed)
    return {"rows": rows}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    nll = find(card, "nll")
    return f"−log p is {nll['value']:.3f} ± {nll['se']:.3f} nats a character"


@torch.no_grad()
def from_the_start(model: TextModel, codes: Tensor) -> Tensor:
    """Compute −log p of pieces of 128 characters with nothing before them, in nats a character: (N,) to (B,)."""
    parts = pieces(codes, PIECE).to(device_of(model)).split(64)
    return torch.cat([-model.log_prob(part).double().cpu() / PIECE for part in parts])


def by_order(model: NGram, codes: Tensor) -> list[dict]:
    """Measure −log p of the test text (N,), in nats a character, for each order of an n-gram model."""
    found = -model.conditionals_by_order(codes.unsqueeze(0))[:, 0]
    rows = [pieces(each, TEXT.length).mean(-1) for each in found]
    return [mean_row("nll", each, "exact", unit=UNIT, order=order) for order, each in enumerate(rows)]


@torch.no_grad()
def by_head(model: Transformer, codes: Tensor, seed: int) -> list[dict]:
    """Measure the increase of −log p when each head alone is switched off, on random test excerpts.

    It is in nats a character. Shapes: `codes` (N,), the test text.
    """
    x = random_excerpts(codes, HEAD_TEXTS, model.context, seed).to(device_of(model))
    found = torch.cat([model.head_costs(part).double().cpu() for part in x.split(16)])
    of = {"unit": UNIT, "seed": seed}
    layers, heads = range(found.shape[1]), range(found.shape[2])
    return [mean_row("head", found[:, layer, head], layer=layer, head=head, **of) for layer in layers for head in heads]


def speed(model: TextModel, dataset: str, load: Load, seed: int) -> dict:
    """Measure the processor time of drawing a character late in a text, with the cache and without it, in seconds."""
    prefix = load(dataset, "test").codes[:TIMED_FROM].unsqueeze(0)
    found = {}
    for cached in ("yes", "no"):
        steps = model.sample_steps(
            1,
            generator=torch.Generator().manual_seed(seed),
            prefix=prefix,
            length=TIMED_FROM + TEXT_TIMED + 1,
            cached=cached == "yes",
        )
        next(steps)  # reads the prefix
        start, times = thread_time(), []
        for _ in steps:
            times.append(thread_time() - start)
            start = thread_time()
        found[cached] = torch.tensor(times)
    return {"rows": [mean_row("seconds", each, unit="seconds", cached=cached) for cached, each in found.items()]}


def files(model: TextModel, dataset: str, load: Load, seed: int) -> dict:
    """Measure the files of random excerpts of 256 characters of the test text."""
    x = random_excerpts(load(dataset, "test").codes, FILES, TEXT.length, seed)
    return measure_codes(model, ((each, None) for each in x.split(1)), "bits/character", seed)


def words(model: TextModel, dataset: str, load: Load, seed: int) -> dict:
    """Measure what the letters of the words of the test text cost, in bits, for words of at least `LONG` letters.

    `first` is the first letter, `later` the mean of a later one, `rest` all later ones together. `dearest` is the share
    of words in which no letter costs more than the first.
    """
    codes = load(dataset, "test").codes
    bits = (costs(model, codes) / log(2)).tolist()
    found = [bits[word.start() : word.end()] for word in re.finditer(rf"[A-Za-z]{{{LONG},}}", TEXT.text(codes))]
    columns = {
        "first": [first for first, *_ in found],
        "later": [fmean(rest) for _, *rest in found],
        "rest": [sum(rest) for _, *rest in found],
        "dearest": [float(first >= max(rest)) for first, *rest in found],
    }
    units = dict.fromkeys(("first", "later"), "bits/letter") | {"rest": "bits/word"}
    return {
        "rows": [
            mean_row(name, torch.tensor(each).double(), "exact", unit=units.get(name)) for name, each in columns.items()
        ]
    }


PARTS = {"speed": speed, "words": words, "drift": drift, "gaps": gaps, "files": files}
