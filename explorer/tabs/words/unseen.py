"""*Never seen*: how often a network draws right what training never had, attribute by attribute, by the judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import torch

from explorer import verdicts
from explorer.data import SCENES
from explorer.data.captions import Caption
from explorer.fields import Field, OneOf
from explorer.measures import word_reading, words
from explorer.measures.intervals import wilson
from explorer.measures.scene_judge import ATTRIBUTES, right
from explorer.measures.word_reading import BINDINGS, PROMPT_KINDS, PromptKind, binding_captions, outcome
from explorer.models.scene_judge import answers
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.rows import join_words
from explorer.numbers.words import num, percent
from explorer.spaces import COLOUR
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.words.drawers import WAYS
from explorer.tabs.words.judged import reading_of

BOUND = "bindings"
PROMPTS = Field("prompts", OneOf((*PROMPT_KINDS, BOUND)), "a-1", "the kind of prompts")
GUIDED = Field("guided", OneOf((1, 2, 3, 4, 8)), 4, "the guidance of the measurement")
DRAWN_BY = Field("by", OneOf(tuple(WAYS)), "diffusion", "the way whose network draws")
KindOf = Annotated[str, PROMPTS]
DrawnBy = Annotated[str, DRAWN_BY]
Guided = Annotated[int, GUIDED]
LIVE_PROMPTS = 4  # prompts that are drawn while the visitor waits
LIVE_SEEDS = 10_000  # the first of the seeds of these prompts
ASPECTS = {**{name: name for name in ATTRIBUTES}, "layout": "place", "all": "all"}
"""Titles of what the judge reads: the place is the number of phrases and their direction."""
SHORT = {
    "seen-1": "Seen, one phrase",
    "a-1": "New colour",
    "b-1": "Never coloured",
    "c-1": "Never counted",
    "g-1": "New ground",
    "seen-2": "Seen, two phrases",
    "d-2": "New pair",
    "e-2": "New order",
    "f-3": "Three phrases",
    BOUND: "Two colours",
}
"""Titles of the kinds of prompts, in the order of the matrix."""
BINDING_TITLES = {
    "right": "right",
    "exchanged": "exchanged",
    "other": "another colour",
    "missing": "an object is missing",
}
UNSEEN_LEGEND = "Per cent of prompts drawn right. ▾ is below the judge's accuracy on real scenes (last column)."
FIGURES = {name: Figure(f"{title} right") for name, title in ASPECTS.items()}
BOUND_FIGURES = {name: Figure(f"colours: {title}") for name, title in BINDING_TITLES.items()}
HEADS = (FINDING, *FIGURES.values())
TABLE_COLUMNS = ("prompts", "attribute", "share", "low", "high", "n", "real scenes")
NOT_MEASURED = "This network was not measured at this guidance. The judge still reads what it draws."


@dataclass(frozen=True)
class Share:
    """A share of n prompts with its Wilson interval, beside the judge's ceiling."""

    hits: float
    n: int
    ceiling: verdicts.Estimate

    @property
    def value(self) -> float:
        """The share."""
        return self.hits / self.n

    @property
    def estimate(self) -> verdicts.Estimate:
        """The share as the rule for verdicts takes it."""
        return verdicts.of_share(self.hits, self.n)

    @property
    def interval(self) -> str:
        """Wilson's 95 % interval as text."""
        return "[{}, {}]".format(*(percent(end) for end in wilson(self.hits, self.n)))

    @property
    def text(self) -> str:
        """The share with its interval."""
        return f"{percent(self.value)} {self.interval}"

    def is_below(self, comparisons: int) -> bool:
        """Return whether the share is below the ceiling beyond chance."""
        return verdicts.compare(self.estimate, self.ceiling, comparisons).sign < 0


def share_of(card: Card, judge: Card, kind: PromptKind, aspect: str, guidance: int) -> Share | None:
    """Return how often one attribute of one kind of prompts is right; None if it was not measured."""
    setting: dict[str, Any] = {"captions": kind.captions, "phrases": kind.phrases}
    try:
        found = cards.find(card, aspect, **setting, guidance=float(guidance))
        real = cards.find(judge, aspect, **setting)
    except KeyError:
        return None
    ceiling = verdicts.of_share(real["value"] * real["n"], real["n"])
    return Share(found["value"] * found["n"], found["n"], ceiling)


Shares = Mapping[str, Mapping[str, Share]]
"""Measured shares by kind of prompts, then by attribute."""


def shares_of(card: Card, judge: Card, guidance: int) -> Shares:
    """Return all measured shares of a network at one guidance, from its card and the judge's."""
    found = {
        key: {name: share_of(card, judge, kind, name, guidance) for name in ASPECTS}
        for key, kind in PROMPT_KINDS.items()
    }
    return {
        key: {name: share for name, share in row.items() if share} for key, row in found.items() if any(row.values())
    }


def matrix_of(found: Shares, chosen: str) -> dict[str, Any]:
    """Return the matrix of kinds of prompts and attributes; each cell opens the prompts of its kind."""
    cells = len(PROMPT_KINDS) * len(ASPECTS)
    rows = []
    for key in (each for each in SHORT if each in PROMPT_KINDS):
        row = found.get(key, {})
        shown = [cell_of(key, name, row.get(name), cells) for name in ASPECTS]
        ceiling = row["all"].ceiling.value if "all" in row else None
        real = {"text": num(None if ceiling is None else 100 * ceiling, 0), "says": "the judge on real scenes"}
        if key == chosen:
            shown = [cell | {"kind": "now", "share": 0.15} for cell in shown]
        rows.append({"name": SHORT[key], "cells": [*shown, real]})
    return {"head": [*ASPECTS.values(), "real"], "rows": rows, "legend": UNSEEN_LEGEND}


def cell_of(key: str, name: str, share: Share | None, comparisons: int) -> dict[str, Any]:
    """Return a cell: its share in per cent, marked if it is below the ceiling, and the state that it opens."""
    named = f"{SHORT[key]}, {ASPECTS[name]}"
    if share is None:
        return {"text": "–", "says": f"{named}: not measured", "sets": {PROMPTS.key: key}}
    below = share.is_below(comparisons)
    says = f"{named}: {share.text} of {share.n:,} prompts; real scenes {percent(share.ceiling.value)}"
    text = f"{num(100 * share.value, 0)}{' ▾' if below else ''}"
    gap = max(0.0, share.ceiling.value - share.value)
    return {
        **{"text": text, "says": says, "sets": {PROMPTS.key: key}},
        **({"share": min(1.0, 0.25 + gap)} if below else {"kind": "same", "share": 0.3}),
    }


def finding_of(key: str, found: Shares) -> str:
    """Return the headline of a kind: how it differs from seen prompts with as many phrases, by the rule."""
    share, beside = found[key]["all"], PROMPT_KINDS[key].beside
    if beside is None or beside.key not in found:
        return f"{SHORT[key]}: {percent(share.value)} of the prompts are right."
    seen = found[beside.key]["all"]
    pairs = sum(each.beside is not None for each in PROMPT_KINDS.values())
    verdict = verdicts.compare(share.estimate, seen.estimate, pairs)
    if not verdict.sign:
        return f"{SHORT[key]}: {percent(share.value)} right, no different from seen prompts."
    how = verdicts.sized(verdict.sign, larger="more", smaller="less")
    return f"{SHORT[key]}: right {num(100 * abs(share.value - seen.value), 0)} points {how} often than seen prompts."


def sentence_of(key: str, found: Shares) -> str:
    """Return what was measured of a kind of prompts, and which attributes are below the ceiling."""
    row, cells = found[key], len(PROMPT_KINDS) * len(ASPECTS)
    lost = [ASPECTS[name] for name in ATTRIBUTES if name in row and row[name].is_below(cells)]
    said = [f"{row['all'].n:,} prompts have {title_of(key)}."]
    if lost:
        said.append(f"Below the judge's accuracy on real scenes: {join_words(lost)}.")
    else:
        said.append("No attribute is below the judge's accuracy on real scenes beyond chance.")
    return " ".join(said)


def title_of(key: str) -> str:
    """Return what the prompts of a kind have, within a sentence."""
    kind = PROMPT_KINDS[key]
    return f"{kind.title}" if kind.captions != word_reading.SEEN_CAPTIONS else f"nothing new ({kind.title})"


@light
def unseen(by: DrawnBy, guided: Guided, prompts: KindOf) -> Answer:
    """Return the shares of all kinds of prompts, or whose colour is whose, as measured at one guidance."""
    way = WAYS[by]
    card = checkpoints.card_of(way.net) if way.is_here else {}
    if prompts == BOUND:
        return bound_answer(card, way.absence or NOT_MEASURED)
    found = shares_of(card, checkpoints.card_of(words.SCENE_JUDGE), guided)
    if prompts not in found:
        waits, why = Table([], TABLE_COLUMNS), way.absence or NOT_MEASURED
        return Answer([each.unknown for each in HEADS], why, waits, matrix=matrix_of(found, prompts))
    numbers = [FIGURES[name].of(share.text) for name, share in found[prompts].items()]
    return Answer(
        [FINDING.of(finding_of(prompts, found)), *numbers],
        sentence_of(prompts, found),
        Table([table_row(key, name, share) for key, row in found.items() for name, share in row.items()]),
        matrix=matrix_of(found, prompts),
    )


def table_row(key: str, name: str, share: Share) -> dict[str, Any]:
    """Return a row of the table to keep."""
    low, high = wilson(share.hits, share.n)
    values = SHORT[key], ASPECTS[name], share.value, low, high, share.n, share.ceiling.value
    return dict(zip(TABLE_COLUMNS, values, strict=True))


def bound_answer(card: Card, why: str) -> Answer:
    """Return whose colour is whose in scenes of two objects in two colours, as measured at the own guidance.

    Without a measurement, the answer says why.
    """
    rows = {each["outcome"]: each for each in cards.rows(card, "binding")}
    if not rows:
        return Answer([each.unknown for each in (FINDING, *BOUND_FIGURES.values())], why)
    n = rows["right"]["n"]
    text = {name: Share(rows[name]["value"] * n, n, verdicts.Estimate(1.0)) for name in BINDINGS}
    bars = [
        {"title": BINDING_TITLES[name], "share": each.value, "text": percent(each.value), "says": each.interval}
        for name, each in text.items()
    ]
    guidance = rows["right"]["guidance"]
    words_said = (
        f"{n:,} prompts have two objects in two colours, at guidance {guidance:g}. The judge finds each object, "
        f"wherever it stands, and reads its colour. The exchanged share is {text['exchanged'].interval}."
    )
    return Answer(
        [
            FINDING.of(f"Both colours are exchanged in {percent(text['exchanged'].value)} of the prompts."),
            *(figure.of(text[name].text) for name, figure in BOUND_FIGURES.items()),
        ],
        words_said,
        bars={"name": "Whose colour is whose", "rows": bars},
    )


@heavy
def unseen_drawn(by: DrawnBy, guided: Guided, prompts: KindOf, seed: Seed) -> Answer:
    """Draw four prompts of a kind, and have the judge read them: what is wrong is marked in the prompt."""
    if WAYS[by].missing:
        return Answer(words=WAYS[by].missing, view={"images": None})
    captions = live_captions(prompts, seed)
    tokens = torch.tensor([caption.tokens for caption in captions])
    model, judge = WAYS[by].model(), checkpoints.load(words.SCENE_JUDGE)
    generator = torch.Generator().manual_seed(seed)
    x = model.sample(LIVE_PROMPTS, generator=generator, tokens=tokens, guidance=float(guided))
    x = (255 * x).round() / 255
    found, wanted = judge.read(x).cpu(), answers(tokens)
    pairs = [*zip(found.tolist(), wanted.tolist(), strict=True)]
    read = [reading_of(caption, *pair) for caption, pair in zip(captions, pairs, strict=True)]
    if prompts == BOUND:
        read = [each | {"says": BINDING_TITLES[outcome(*pair)]} for each, pair in zip(read, pairs, strict=True)]
    return Answer(view={"images": COLOUR.encode(x.cpu()), "prompts": read})


def live_captions(prompts: str, seed: int) -> list[Caption]:
    """Return a few captions of a kind; each seed has others."""
    if prompts == BOUND:
        return binding_captions(LIVE_PROMPTS, LIVE_SEEDS + seed)
    kind = PROMPT_KINDS[prompts]
    letter = "" if kind.captions == word_reading.SEEN_CAPTIONS else kind.captions
    scenes = SCENES.graded(letter, LIVE_PROMPTS, kind.phrases, LIVE_SEEDS + seed)
    return [scenes.layout(index).caption for index in range(LIVE_PROMPTS)]


MODE = Mode(
    "unseen",
    "Never seen",
    "test",
    fields=[PROMPTS, GUIDED, DRAWN_BY],
    functions=[unseen, unseen_drawn],
    panel=Panel(
        unseen,
        controls=[
            [Control(PROMPTS, "list", "Prompts", options=SHORT)],
            [Control(DRAWN_BY, "list", "Network", options={key: way.title for key, way in WAYS.items()})],
            [Control(GUIDED, "segments", "Guidance", options={each: str(each) for each in (1, 2, 3, 4, 8)})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Never counted", {"prompts": "c-1", "guided": 4}),
            ("A new pair", {"prompts": "d-2", "guided": 4}),
            ("Whose colour?", {"prompts": BOUND, "guided": 4}),
            ("No guidance", {"prompts": "seen-2", "guided": 1}),
        ],
        shows=Shows(
            "Tap a cell: the network draws prompts of its kind",
            HEADS,
            matrix="Kinds of prompts by attributes",
            bars="Whose colour is whose",
            module="words/unseen",
        ),
    ),
    code={
        "Never seen": [
            word_reading.faithfulness,
            word_reading.outcome,
            right,
        ],
    },
)
