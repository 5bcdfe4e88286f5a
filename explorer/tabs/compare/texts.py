"""*Text*: every network of characters is asked how likely one text is, and goes on from it."""

import functools
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated

import torch
import torch.nn.functional as F

from explorer.fields import Field, OneOf
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table, Value
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
BITS = Figure("a network's bits", unit="bits/character")
HEADS = (FEWEST,)
LAST = 16  # characters of the text that stand before what each network draws
TEXT_COLUMNS = ("network", "kind", "bits a character", "standard error", "continuation")
ADDED = 80  # characters that are drawn after the text
ComparedTextNet = Annotated[str, Field("net", OneOf(tuple(OTHERS["text"])), title="the network")]


@dataclass(frozen=True)
class Read:
    """Reading of a text by a network.

    Arguments:
        limit: Number of characters that the network knows; None without a limit. It cannot answer for a longer text.
        kind: Kind of the value: "exact", "bound" or "estimate".
        bits: Bits a character of the text, or their bound; None of a text that is too long.
        se: Standard error of this value; None of an exact one.
        added: Characters that the network draws after the text.
    """

    limit: int | None
    kind: str | None
    bits: float | None
    se: float | None
    added: str

    @property
    def sign(self) -> str:
        """Sign of the value: whether it is exact."""
        return SIGNS[self.kind] if self.kind else ""


def read(net: str, words: str, seed: int) -> Read:
    """Return log p of a text by a network, and how the network goes on.

    What it draws after a text beyond its limit depends on the last characters only.
    """
    model, x = checkpoints.load(net), TEXT.codes(words).unsqueeze(0)
    kind = likelihood.kind(model)
    limit = getattr(model, "context", None) if kind == "bound" else None
    bits, se = None, None
    if limit is None or len(words) <= limit:
        found = likelihood.ask(model, x)
        bits = -found.nats / math.log(2) / len(words)
        se = found.se and found.se / math.log(2) / len(words)
    kept = x if limit is None else x[:, max(0, len(words) - limit + ADDED) :]
    known = F.pad(torch.ones_like(kept, dtype=torch.bool), (0, ADDED), value=False)
    *_, last = pausing(complete.steps(model, F.pad(kept, (0, ADDED)), known, 1, seed))
    return Read(limit, kind, bits, se, TEXT.text(last.x[0, kept.shape[1] :]))


read_once = functools.lru_cache(maxsize=200)(read)
"""The reading of a network, which the answers about all of them repeat."""


@heavy
def ask_text(net: ComparedTextNet, words: Words, seed: Seed) -> Answer:
    """Return how a network reads a text."""
    return Answer(view=asdict(read(net, words, seed)))


@heavy
def ask_texts(parts: Parts, words: Words, seed: Seed) -> Answer:
    """Return what the first `parts` networks answer of a text, a card each, and whether there are `more`."""
    titles = OTHERS["text"]
    broken = {each["net"]: each["error"] for each in coders()["text"] if each["error"]}
    able = [net for net in titles if net not in broken]
    found = {net: read_once(net, words, seed) for net in able[:parts]}
    cards = [
        {"net": net, "title": title, "given": ending(words), "figure": broken.get(net) or read_words(found.get(net))}
        | ({"text": found[net].added} if net in found else {})
        for net, title in titles.items()
    ]
    table = Table([row(net, each) for net, each in found.items()], TEXT_COLUMNS)
    return Answer(text_figures(found), sentence(found), table, more=parts < len(able), view={"cards": cards})


def row(net: str, found: Read) -> dict[str, Value]:
    """Return a network's row of the table."""
    return {
        "network": net,
        "kind": found.kind,
        "bits a character": found.bits,
        "standard error": found.se,
        "continuation": found.added,
    }


def ending(text: str) -> str:
    """Return the end of a text, which each network continues: the whole of it is in the panel."""
    return text if len(text) <= LAST else f"… {text[-LAST:].split(maxsplit=1)[-1]}"


def read_words(found: Read | None) -> str:
    """Return what a network answered of a text, in words; "waiting" before it has."""
    if found is None:
        return "waiting"
    if found.bits is None:
        return f"cannot, because it knows texts of at most {found.limit} characters"
    doubt = f" ± {num(found.se)}" if found.se else ""
    return f"{found.sign} {num(found.bits)}{doubt} {BITS.unit}"


def best(found: Mapping[str, Read]) -> str | None:
    """Return the network of the fewest exact bits; None before any has answered."""
    exact = {net: each.bits for net, each in found.items() if each.kind == "exact" and each.bits is not None}
    return min(exact, key=lambda net: exact[net]) if exact else None


def text_figures(found: Mapping[str, Read]) -> list[Figure]:
    """Return the fewest exact bits, and each network's."""
    first = best(found)
    each = [
        BITS.of(f"{found[net].sign} {num(found[net].bits, 3)}", name=title)
        for net, title in OTHERS["text"].items()
        if net in found and found[net].bits is not None
    ]
    return [FEWEST.of(found[first].bits if first else None), *each]


def sentence(found: Mapping[str, Read]) -> str:
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
    code={"Text": [read, likelihood.ask, complete.steps]},
)
