"""*Loss*: the loss along a play, and by the size of the network."""

from functools import cache
from typing import Annotated

import torch
from torch import Tensor

from explorer import data, verdicts
from explorer.fields import Field, OneOf
from explorer.lessons.exercises import say
from explorer.measures import text_judged, text_sizes
from explorer.measures.text_judged import (
    BEGINNING,
    DRIFT_LENGTH,
    ITSELF,
    complete,
    judge_costs,
    judges,
    random_excerpts,
)
from explorer.models.text import TextModel
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num
from explorer.spaces import TEXT
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.by_size import size_answer
from explorer.tabs.text.shared import BITS, NET, NETS, TEXTS, TextNet, name_of, tinted_text

SIZES = "text-sizes"
PART = Field("part", OneOf(("drift", "size")), "drift", "the part")
JUDGE = Field("judge", OneOf(("itself", "other")), "itself", "the network that measures the loss")
WIDTH = Field("width", OneOf((16, 32, 64)), 32, "the width of the network")
SHARE = Field("share", OneOf((64, 8, 1)), 64, "which part of the text: 1/64, 1/8 or all of it")
Part = Annotated[str, PART]
Judge = Annotated[str, JUDGE]
Width = Annotated[int, WIDTH]
Share = Annotated[int, SHARE]
LOSS_ASKED = 2  # figures of a sentence that are compared with 0
DRIFT = Figure("drift in 100 characters", unit="bits")
FIRST = Figure("own − real text, first 32 characters", unit="bits/character")
LAST = Figure("own − real text, last 32 characters", unit="bits/character")
MEASURED = Figure("measured by")
COUNT = Figure("texts of each kind")
HEADS = (FINDING, DRIFT, FIRST, LAST, MEASURED, COUNT)
LINES = {  # title, style, and the point at which the title stands
    "own": ("own text", {"colour": "ink", "width": 2.5}, -1),
    "real": ("real text", {"colour": "quiet"}, 1),
    "training": ("training text", {"colour": "quiet", "dash": [3, 4]}, 3),
}
Curves = dict[str, list[tuple[float, ...]]]
DRIFT_CONTROLS, SIZE = {"part": ["drift"]}, {"part": ["size"]}


@heavy
def loss(part: Part, net: TextNet, judge: Judge, seed: Seed, width: Width, share: Share) -> Answer:
    """Return the losses of one part of the mode: `drift` of a network, or those of one of the networks by `size`."""
    if part == "drift":
        return drift(net, judge, seed)
    return size_answer(parts.rounded(cards.of(SIZES, {"rows": list, "curves": dict})), width, share)


def drift(net: str, judge: str, seed: int) -> Answer:
    """Continue a test text after its real beginning; return both texts with their bits, and the card's figures.

    `judge` says who measures the bits: the network itself, or another one.
    """
    model: TextModel = checkpoints.load(net)
    measured = checkpoints.card_of(net).get("drift")
    if measured is None:
        raise checkpoints.CheckpointError(f"nothing was measured of “{NETS[net]}”: `python -m explorer.evaluate {net}`")
    found = judges(model)
    name = ITSELF if judge == ITSELF else next(each for each in found if each != ITSELF)
    real = random_excerpts(unseen(), 1, DRIFT_LENGTH, seed)
    texts = {"real": real, "own": complete(model, real, torch.arange(DRIFT_LENGTH) < BEGINNING, seed)}
    written = {kind: TEXT.text(x[0]) for kind, x in texts.items()}
    bits = {kind: round_numbers(judge_costs(found[name], x)[0] / BITS) for kind, x in texts.items()}
    rows = parts.rounded(cards.rows(measured, judge=name))
    table = [
        {
            "real": written["real"][place],
            "bits of real": bits["real"][place],
            "own": written["own"][place],
            "bits of own": bits["own"][place],
        }
        for place in range(DRIFT_LENGTH)
    ]
    view = {
        "bits": bits,
        "texts": [tinted_text(text, bits[kind], BEGINNING) for kind, text in written.items()],
        "characters": [
            (
                f"the chosen character, {kind}",
                [f"{name_of(each)}: {num(cost)}" for each, cost in zip(text, bits[kind], strict=True)],
                "bits",
            )
            for kind, text in written.items()
        ],
    }
    shown = drift_answer(rows, f"the {NETS[net if name == ITSELF else name]}")
    return Answer(table=Table(table), view=view) | shown


def drift_answer(rows: list[cards.Row], judge: str) -> Answer:
    """Return the curves of a drift in bits with the ends of their intervals, its numbers and its sentences."""
    (slope,), (first, *_, last) = ([row for row in rows if row["name"] == name] for name in ("slope", "excess"))
    curves: Curves = {}
    for row in rows:
        if row["name"] == "judged":
            value, reach = row["value"] / BITS, cards.NORMAL * row["se"] / BITS
            curves.setdefault(row["text"], []).append((row["after"], value, value - reach, value + reach))
    return Answer(
        charts=[chart(curves)],
        numbers=[
            FINDING.of(drift_finding(slope)),
            DRIFT.of(within(slope)),
            FIRST.of(within(first)),
            LAST.of(within(last)),
            MEASURED.of(judge),
            COUNT.of(str(slope["n"])),
        ],
        words=f"{steady(slope)} Measured by {judge}, its text {since(first)} The means are of {slope['n']} texts, "
        f"which begin with {BEGINNING} real characters of the test split. The two texts below are one draw, from text "
        "that no network was trained on.",
    )


def within(row: cards.Row) -> str:
    """Return a figure in bits with its 95 % interval."""
    return f"{say(row['value'] / BITS, 2)} ± {say(cards.NORMAL * row['se'] / BITS, 2)}"


def is_zero(row: cards.Row) -> bool:
    """Return whether chance may explain a figure's difference from 0; two figures are asked."""
    return not verdicts.compare(verdicts.of_figure(row), verdicts.Estimate(0), LOSS_ASKED).is_different


def drift_finding(slope: cards.Row) -> str:
    """Return whether a network's own text costs more with the distance, as a sentence."""
    if is_zero(slope):
        return "Its own text does not drift."
    return f"Its own text costs {verdicts.sized(slope['value'], larger='more', smaller='less')} with the distance."


def steady(slope: cards.Row) -> str:
    """Return the first sentence: does the network drift?"""
    if is_zero(slope):
        return "No drift: its own text costs no more with the distance, beyond the error."
    changes = verdicts.sized(slope["value"], larger="grows", smaller="shrinks")
    return f"The difference to real text {changes} with the distance."


def since(first: cards.Row) -> str:
    """Return what a network's own text costs from the start, as the end of a sentence."""
    if is_zero(first):
        return "costs as much as real text."
    if first["value"] > 0:
        return "costs more than real text from the start."
    return (
        "costs less than real text from the start. It is closer to the text that the network was trained on, which "
        "costs less, too."
    )


def chart(curves: Curves) -> Chart:
    """Return the loss by distance as a chart: of each kind of text a line in its 95 % interval."""
    ends = [end for curve in curves.values() for *_, low, high in curve for end in (low, high)]
    (first, *_), (second, *_) = curves["own"][:2]
    step = second - first
    last = curves["own"][-1][0] + step
    areas, lines = [], []
    for kind, (title, style, at) in LINES.items():
        points = [(after + step / 2, *figures) for after, *figures in curves[kind]]
        sides = [[(x, low) for x, _, low, _ in points], [(x, high) for x, _, _, high in reversed(points)]]
        areas.append({"points": [*sides[0], *sides[1]], "colour": style["colour"], "alpha": 0.14})
        lines.append(style | {"points": [point[:2] for point in points], "label": title, "at": at % len(points)})
    between = [min(ends) - 0.1, max(ends) + 0.1]
    return Chart(
        x=Axis(unit="characters after the beginning", ends=[0, last], ticks=[0, last / 2, last]),
        y=Axis("Surprise", "bits/character", note="shaded: 95 % interval", ends=between),
        areas=areas,
        lines=lines,
        words=", ".join(f"{LINES[kind][0]} {num(curves[kind][-1][1])} at the end" for kind in LINES),
    )


@cache
def unseen() -> Tensor:
    """Return the text that no network was trained on: (N,)."""
    return data.load("shakespeare", "test").codes


MODE = Mode(
    "loss",
    "Loss",
    "test",
    fields=[PART, JUDGE, WIDTH, SHARE],
    functions=[loss],
    panel=Panel(
        loss,
        controls=[
            [Control(PART, "segments", "Loss by", options={"drift": "distance", "size": "size"})],
            [Control(NET, "segments", "Network", options=NETS, when=DRIFT_CONTROLS)],
            [
                Control(
                    JUDGE,
                    "segments",
                    "Measured by",
                    options={"itself": "itself", "other": "another"},
                    when=DRIFT_CONTROLS,
                )
            ],
            [Control(SEED, "seed", when=DRIFT_CONTROLS)],
            [Control(WIDTH, "segments", "Width", options={each: str(each) for each in WIDTH.kind.choices}, when=SIZE)],
            [Control(SHARE, "segments", "Text", options={64: "1/64", 8: "1/8", 1: "all"}, when=SIZE)],
        ],
        tries=[
            ("Its own text, judged by another", {"part": "drift", "judge": "other"}),
            ("Too little text", {"part": "size", "width": 32, "share": 64}),
            ("All of the text", {"part": "size", "width": 32, "share": 1}),
        ],
        shows=Shows(
            "How does the loss change with size and data?",
            HEADS,
            charts=[("Loss by distance, or while training", 382), ("Loss by amount of text", 220, "share")],
            texts=["The real text", "The network goes on"],
            waits="The network continues a real text; its characters are measured.",
            module=TEXTS,
        ),
    ),
    code={
        "Loss": [drift, text_judged.drift, text_judged.slopes, text_sizes.train_network, text_sizes.power_law],
    },
)
