"""*Text*: every network of characters is asked how likely one text is, and goes on from it."""

import functools
import math
from collections.abc import Mapping
from typing import Annotated, Any

import torch
import torch.nn.functional as F

from explorer.fields import Field, OneOf
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.words import num
from explorer.questions import complete, likelihood
from explorer.running.pauses import pausing
from explorer.spaces import TEXT
from explorer.tabs.compare.coders import OTHERS, coders
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.likely import SIGNS
from explorer.tabs.kit.layout.fields import SEED, Parts, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.compress import SEEN, UNSEEN
from explorer.tabs.text.exercises import LINE
from explorer.tabs.text.shared import WORDS, Words

FEWEST = Figure("the fewest exact bits", unit="bits/character")
HEADS = (FEWEST,)
LAST = 16  # characters of the text that stand before what each network draws
PARTS_BY_COLUMN = {"kind": "kind", "bits a character": "bits", "standard error": "se", "continuation": "added"}
"""Parts of an answer by the names of their columns."""
ADDED = 80  # characters that are drawn after the text
ComparedTextNet = Annotated[str, Field("net", OneOf(tuple(OTHERS["text"])), title="the network")]


@heavy
def ask_text(net: ComparedTextNet, words: Words, seed: Seed) -> dict:
    """Return log p of a text by a network, with the `kind` of this value, and how the network goes on.

    The `limit` is the number of characters that a network knows, None without one. It cannot answer for a longer text.
    What it draws then depends on the last characters only.
    """
    model, x = checkpoints.load(net), TEXT.codes(words).unsqueeze(0)
    limit = getattr(model, "context", None) if likelihood.kind(model) == "bound" else None
    report = {"limit": limit, "kind": likelihood.kind(model), "bits": None, "se": None}
    if limit is None or len(words) <= limit:
        found = likelihood.ask(model, x)
        report["bits"] = -found.nats / math.log(2) / len(words)
        report["se"] = found.se and found.se / math.log(2) / len(words)
    kept = x if limit is None else x[:, max(0, len(words) - limit + ADDED) :]
    known = F.pad(torch.ones_like(kept, dtype=torch.bool), (0, ADDED), value=False)
    *_, last = pausing(complete.steps(model, F.pad(kept, (0, ADDED)), known, 1, seed))
    return report | {"added": TEXT.text(last.x[0, kept.shape[1] :])}


continuation_of = functools.lru_cache(maxsize=200)(ask_text.plain)
"""The answer of a network, which the answers about all of them repeat."""


@heavy
def ask_texts(parts: Parts, words: Words, seed: Seed) -> Answer:
    """Return what the first `parts` networks answer of a text, a card each, and whether there are `more`."""
    titles = OTHERS["text"]
    broken = {each["net"]: each["error"] for each in coders()["text"] if each["error"]}
    able = [net for net in titles if net not in broken]
    found = {net: continuation_of(net, words, seed) for net in able[:parts]}
    cards = [
        {"net": net, "title": title, "given": ending(words), "figure": broken.get(net) or answer_words(found.get(net))}
        | ({"text": found[net]["added"]} if net in found else {})
        for net, title in titles.items()
    ]
    rows = [
        {"network": net} | {column: each[key] for column, key in PARTS_BY_COLUMN.items()} for net, each in found.items()
    ]
    table = Table(rows, ["network", *PARTS_BY_COLUMN])
    return Answer(text_figures(found), sentence(found), table, more=parts < len(able), view={"cards": cards})


def ending(text: str) -> str:
    """Return the end of a text, which each network continues: the whole of it is in the panel."""
    return text if len(text) <= LAST else f"… {text[-LAST:].split(maxsplit=1)[-1]}"


def answer_words(answer: Mapping[str, Any] | None) -> str:
    """Return what a network answered of a text, in words; "waiting" before it has."""
    if answer is None:
        return "waiting"
    if answer["bits"] is None:
        return f"cannot, because it knows texts of at most {answer['limit']} characters"
    doubt = f" ± {num(answer['se'])}" if answer["se"] else ""
    return f"{SIGNS[answer['kind']]} {num(answer['bits'])}{doubt} bits/character"


def best(found: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the network of the fewest exact bits; None before any has answered."""
    exact = [net for net, each in found.items() if each["kind"] == "exact"]
    return min(exact, key=lambda net: found[net]["bits"]) if exact else None


def text_figures(found: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    """Return the fewest exact bits, and each network's."""
    first = best(found)
    each = [
        Figure(title, f"{SIGNS[found[net]['kind']]} {num(found[net]['bits'], 3)}", "bits/character")
        for net, title in OTHERS["text"].items()
        if net in found and found[net]["bits"] is not None
    ]
    return [FEWEST.of(found[first]["bits"] if first else None), *each]


def sentence(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what is seen of the answers."""
    first = best(found)
    return (
        f"{OTHERS['text'][first]} needs the fewest exact bits. Grey is the end of your text; each network draws the "
        "rest. An exact value and a bound cannot be ranked: the masked diffusion may need fewer bits than its bound."
        if first
        else ""
    )


MODE = Mode(
    "texts",
    "Text",
    "look",
    entry="Samples",
    fields=[WORDS],
    functions=[ask_text, ask_texts],
    panel=Panel(
        ask_texts,
        controls=[[Control(WORDS, "text", "Your text, up to 500 characters", initial=LINE)], [Control(SEED, "seed")]],
        tries=[
            ("A scene that no network saw", {"words": UNSEEN}),
            ("A scene from their training", {"words": SEEN}),
            ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
        ],
        shows=Shows("How many bits does your text cost each network?", HEADS, module="questions/asked"),
    ),
    code={"Text": [ask_text.plain, likelihood.ask, complete.steps]},
)
