"""*Watermark*: draws that a key makes recognisable, the test for them, and what they cost."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import torch
from torch import Tensor

from explorer.fields import Field, OneOf, Real, Text, Whole
from explorer.measures.watermark import FOUND_BELOW, PASSAGES, false_positives
from explorer.models import watermark as marks
from explorer.models.text import TextModel
from explorer.models.watermark import GREEN, Detection, KeyedHash, detect
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.drawn import Line
from explorer.numbers.words import brief, num, percent
from explorer.spaces import TEXT
from explorer.spaces.tokens import LONGEST
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.shared import BITS, NET, NETS, TextNet, name_of

BEGUN = "ROMEO:\n"  # the beginning of each marked text
MARKED_LENGTH = 200  # characters
STRENGTHS = (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4)
MOST_CHANGED = 60
CHANGES = range(0, MOST_CHANGED + 1, 5)
STRONG_SCORE = 5  # a score −log(1 − u) with the strongest tint
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Method = Literal["green", "gumbel"]
MARK = Field("mark", OneOf(("green", "gumbel")), "green", "the watermark")
STRENGTH = Field("delta", Real(0, STRENGTHS[-1]), 2, "the strength δ", "0 marks nothing")
CONTEXT = Field("context", OneOf((1, 2, 4, 6)), 4, "how many characters a context has")
CHANGED = Field("changed", Whole(0, MOST_CHANGED), 0, "how many characters are changed")
TESTED = Field("tested", OneOf(("right", "wrong")), "right", "the key of the detector")
OWN = Field("own", Text(LONGEST), "", "the edited text")
MarkOf = Annotated[Method, MARK]
Context = Annotated[int, CONTEXT]
Changed = Annotated[int, CHANGED]
Tested = Annotated[str, TESTED]
Own = Annotated[str, OWN]
EVIDENCE = Figure("evidence of the watermark", unit="bits", digits=1)
P_VALUE = Figure("p-value, exactly")
COUNTED = Figure("counted characters, each pair once", digits=0)
SCORE = Figure("green among them")
EXTRA = Figure("cost of the watermark", unit="bits/character", digits=3)
SURPRISED = Figure("surprise of the text, by the network without the watermark", unit="bits/character")
FALSE = Figure(f"unmarked passages found, p < {FOUND_BELOW}, of {PASSAGES:,}", unit="%", digits=1)
HEADS = (EVIDENCE, P_VALUE, COUNTED, SCORE, EXTRA, SURPRISED, FALSE)
NEEDED = -math.log2(FOUND_BELOW)  # bits


@dataclass(frozen=True)
class Marked:
    """Texts of one seed, one for each strength, and the last one with the Gumbel mark.

    Arguments:
        x: The texts (n, T).
        extra: Mean over the drawn characters of E_q[−log p] − H(p), in bits: (n,). q is the marked distribution.
    """

    x: Tensor
    extra: list[float]


@lru_cache(32)
def draw_marked(net: str, context: int, seed: int) -> Marked:
    """Draw a text for each strength and one with the Gumbel mark, from the same random numbers; the seed is the key."""
    model: TextModel = checkpoints.load(net)
    strengths = torch.tensor([*STRENGTHS, math.inf])
    mark = marks.mark_rows(KeyedHash(seed, context), strengths, TEXT.size)
    u = torch.rand(1, MARKED_LENGTH, generator=rng(seed)).expand(len(strengths), -1)
    prefix = TEXT.codes(BEGUN).expand(len(strengths), -1)
    extra = torch.zeros(len(strengths))
    for step in model.draw_steps(u, prefix=prefix, mark=mark):
        p, q = step.numbers["p"], step.numbers["q"]
        extra += -(q * p.clamp(min=1e-30).log()).sum(-1) - step.numbers["entropy"]
    return Marked(step.x, (extra / (MARKED_LENGTH - len(BEGUN)) / BITS).tolist())


def change_characters(x: Tensor, count: int, seed: int) -> tuple[Tensor, list[int]]:
    """Replace characters of a text (T,) by other letters; fewer changes are the first of more. Return their places."""
    generator = rng(seed)
    places = torch.randperm(len(x), generator=generator)[:count]
    shift = torch.randint(1, len(LETTERS), (len(x),), generator=generator)
    letters, changed = TEXT.codes(LETTERS), x.clone()
    for place in places.tolist():
        old = LETTERS.find(TEXT.text(x[place : place + 1]))
        changed[place] = letters[(max(0, old) + int(shift[place])) % len(LETTERS)]
    return changed, places.tolist()


@lru_cache(32)
def surprise_of(net: str, context: int, seed: int) -> list[float]:
    """Return −log₂ p of each marked text by the network without the mark, in bits a character."""
    model: TextModel = checkpoints.load(net)
    with torch.no_grad():
        return (-model.log_prob(draw_marked(net, context, seed).x).cpu() / MARKED_LENGTH / BITS).tolist()


@dataclass(frozen=True)
class Test:
    """What a text is tested for, and how it is changed before.

    Arguments:
        hashed: Hash with the key of the detector.
        mark: Mark that the detector looks for.
        changed: Number of characters that are changed.
        seed: Seed of the changes.
    """

    hashed: KeyedHash
    mark: Method
    changed: int
    seed: int

    def at(self, x: Tensor, count: int) -> Detection:
        """Test a text (T,) of which so many characters are changed."""
        return detect(change_characters(x, count, self.seed)[0], self.hashed, self.mark)


def trade_off(drawn: Marked, context: int, seed: int) -> Chart:
    """Return the chart of evidence by cost, of the green list by its strength and of the Gumbel mark."""
    hashed = KeyedHash(seed, context)
    green = [[cost, detect(x, hashed, "green").bits] for x, cost in zip(drawn.x, drawn.extra[:-1], strict=False)]
    gumbel = [0.0, detect(drawn.x[-1], hashed, "gumbel").bits]
    most, high = max(cost for cost, _ in green), max(up for _, up in (*green, gumbel))
    return Chart(
        x=Axis("Cost", "bits/character", ends=[-0.05 * most, 1.05 * most]),
        y=Axis("Evidence", "bits", note=f"dashed: p = {FOUND_BELOW}", ends=[0, 1.1 * high]),
        lines=[
            needed(-0.05 * most, 1.05 * most),
            {"points": green, "colour": "ink", "width": 2, "label": "green list", "at": len(green) - 3, "below": True},
            {"points": [gumbel, [gumbel[0] + 0.01 * most, gumbel[1]]], "colour": "ink", "width": 5, "label": "Gumbel"},
        ],
        words=", ".join(f"{num(up, 1)} bits for {num(cost, 3)}" for cost, up in (*green, gumbel)),
    )


def needed(low: float, high: float) -> Line:
    """Return the line of the evidence from which a text counts as found."""
    return {"points": [[low, NEEDED], [high, NEEDED]], "colour": "quiet", "dash": [3, 4]}


def by_changes(x: Tensor, test: Test) -> Chart:
    """Return the chart of the evidence in a text (T,) by the number of its characters that are changed."""
    points = [[count, test.at(x, count).bits] for count in CHANGES]
    now = test.at(x, test.changed).bits
    return Chart(
        x=Axis(unit="characters changed", ends=[0, MOST_CHANGED], ticks=[0, MOST_CHANGED // 2, MOST_CHANGED]),
        y=Axis("Evidence", "bits", ends=[0, 1.15 * max(NEEDED, *(up for _, up in points))]),
        lines=[needed(0, MOST_CHANGED), {"points": points, "colour": "ink", "width": 2}],
        cursor=test.changed,
        dot=[test.changed, now],
        words=", ".join(f"{count}: {num(up, 1)}" for count, up in points),
    )


def tints_of(found: Detection, mark: Method) -> list[float]:
    """Return how strongly each character of a text is coloured: a green one, or by its score; 0 where not counted."""
    u = np.where(found.counted, found.u, 0)
    strong = u < GREEN if mark == "green" else np.minimum(1, -np.log1p(-u) / STRONG_SCORE)
    return np.where(found.counted, strong, 0).round(2).tolist()


def told_of(found: Detection, place: int, mark: Method) -> str:
    """Return what a character says in the test."""
    if not found.counted[place]:
        return "no whole context" if np.isnan(found.u[place]) else "its pair is counted already"
    u = float(found.u[place])
    return ("green" if u < GREEN else "not green") if mark == "green" else f"score {num(-math.log1p(-u))}"


def words_of(found: Detection, mark: Method, extra: float | None) -> str:
    """Return the sentences about a tested text; `extra` is what its mark costs in bits a character, if known."""
    p = math.exp(found.log_p)
    is_found = p < FOUND_BELOW
    first = f"{'Found' if is_found else 'Not found'}: a text without the watermark reaches this evidence with p = "
    counted = (
        f"{found.total} of {found.n} counted characters are green, where {num(found.n * GREEN, 0)} are expected."
        if mark == "green"
        else f"The scores sum to {num(found.total, 0)}, where {found.n} is expected."
    )
    if extra is None:
        cost = ""
    elif mark == "gumbel":
        cost = " On average over keys, this watermark costs nothing."
    else:
        cost = (
            f" The watermark costs {num(extra, 3)} bits per character."
            if extra
            else " At strength 0 nothing is marked."
        )
    return f"{first}{brief(p)}. {counted}{cost}"


def part_of(x: Tensor, test: Test, cost: float, extra: float | None, known: Figure) -> Answer:
    """Return the test of a text (T,): its coloured characters, figures and sentences.

    `cost` is its surprise, `extra` that of its mark, in bits a character; `known` is the share of false positives.
    """
    changed, places = change_characters(x, test.changed, test.seed)
    found, text = detect(changed, test.hashed, test.mark), TEXT.text(changed)
    kinds = ["new" if k in places else "" if found.counted[k] else "given" for k in range(len(text))]
    said = [f"{name_of(each)}: {told_of(found, k, test.mark)}" for k, each in enumerate(text)]
    score = (
        SCORE.of(f"{found.total} ({percent(found.total / found.n) if found.n else '–'})")
        if test.mark == "green"
        else SCORE.of(num(found.total, 1), name="sum of their scores")
    )
    spent = None if extra is None else "= 0 on average over keys" if test.mark == "gumbel" else f"= {num(extra, 3)}"
    rows = [
        {"character": each, "u": None if np.isnan(u) else float(u), "counted": bool(counted)}
        for each, u, counted in zip(text, found.u, found.counted, strict=True)
    ]
    return Answer(
        numbers=[
            EVIDENCE.of(found.bits),
            P_VALUE.of(f"= {brief(math.exp(found.log_p))}"),
            COUNTED.of(found.n),
            score,
            EXTRA.of(spent),
            SURPRISED.of(f"= {num(cost)}"),
            known,
        ],
        words=words_of(found, test.mark, extra),
        table=Table(rows),
        view={
            "texts": [{"characters": text, "tints": tints_of(found, test.mark), "kinds": kinds}],
            "characters": [("the chosen character", said, "")],
        },
    )


@heavy
def watermark(
    net: TextNet, seed: Seed, mark: MarkOf, context: Context, tested: Tested, changed: Changed, own: Own
) -> Answer:
    """Return marked texts with the exact test for their mark: for each strength, or of a text that a visitor edited.

    Reference: Kirchenbauer et al. 2023, algorithm 2; Aaronson 2022.
    """
    drawn, costs = draw_marked(net, context, seed), surprise_of(net, context, seed)
    test = Test(KeyedHash(seed + (tested == "wrong"), context), mark, changed, seed)
    known = FALSE.of(100 * false_positives(mark, context))
    trade = trade_off(drawn, context, seed)

    def part(x: Tensor, cost: float, extra: float | None) -> Answer:
        dot = None if extra is None else [0 if mark == "gumbel" else extra, test.at(x, 0).bits]
        charts = [replace(trade, dot=dot), by_changes(x, test)]
        return Answer(charts=charts) | part_of(x, test, cost, extra, known)

    stops = {"changed": [(count, count) for count in CHANGES]}
    if own:
        x = TEXT.codes(own)
        cost = float(-checkpoints.load(net).log_prob(x.unsqueeze(0))) / len(x) / BITS
        return Answer(stops=stops) | part(x, cost, None)
    if mark == "gumbel":
        return Answer(stops=stops) | part(drawn.x[-1], costs[-1], drawn.extra[-1])
    parts = [part(*each) for each in zip(drawn.x[:-1], costs[:-1], drawn.extra[:-1], strict=True)]
    return Answer(stops=stops, charts=parts[0].charts, each=Each("delta", STRENGTHS, parts))


GREEN_LIST = {"mark": ["green"]}
MODE = Mode(
    "watermark",
    "Watermark",
    "test",
    entry="Measure a text",
    fields=[MARK, STRENGTH, CONTEXT, CHANGED, TESTED, OWN],
    functions=[watermark],
    panel=Panel(
        watermark,
        controls=[
            [Control(MARK, "segments", "Watermark", options={"green": "green list", "gumbel": "Gumbel"})],
            [Control(STRENGTH, "slider", "Strength δ", step=0.5, digits=1, live=True, when=GREEN_LIST)],
            [Control(CHANGED, "slider", "Changed characters", step=5)],
            [Control(SEED, "seed")],
        ],
        more=[
            [Control(NET, "segments", "Network", options=NETS)],
            [
                Control(
                    TESTED, "segments", "Key of the detector", options={"right": "the right one", "wrong": "another"}
                )
            ],
            [
                Control(
                    CONTEXT,
                    "segments",
                    "Characters of a context",
                    options={each: str(each) for each in CONTEXT.kind.choices},
                )
            ],
        ],
        tries=[
            ("Strong", {"mark": "green", "delta": 4}),
            ("Free of cost", {"mark": "gumbel"}),
            ("40 characters changed", {"mark": "green", "delta": 2, "changed": 40}),
            ("Another key", {"mark": "gumbel", "tested": "wrong"}),
        ],
        shows=Shows(
            "Drag the strength, or edit the text: can the detector still find the watermark?",
            HEADS,
            charts=[("Evidence by cost", 190), ("Evidence by changed characters", 190, "changed")],
            texts=["The tested text"],
            waits="The network draws a text for each strength.",
            module="text/watermark",
        ),
    ),
    code={
        "Watermark": [watermark.plain, marks.mark_green, marks.mark_gumbel, KeyedHash, detect, marks.log_binomial_tail],
    },
)
