"""*Swapped digits*: the share of each digit's translations that is classified as each digit."""

from typing import Annotated, Any

from explorer.fields import Field, OneOf
from explorer.measures import cyclegan as measures
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import num, percent
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.translate.networks import BOLD, SLANT, TERMS, UNPAIRED, net_with
from explorer.tabs.translate.shared import KIND, THERE_OR_BACK, Direction, Found, UnpairedNet, figures, kept_share

TERM = Field("term", OneOf(tuple(TERMS)), "cycle", "the terms of the loss")
Term = Annotated[str, TERM]
PERMUTES_NOTHING = "No such network was trained and measured."
LEGEND = "Row: given; column: translated, %. Blue: kept; red: swapped."
PERMUTES_LEAST = 0.05  # smaller shares are not written
MAJORITY = 0.5  # share from which a digit counts as another one
LOSSES = {"cycle": "with the cycle loss", "free": "without the cycle loss", "identity": "with cycle and identity loss"}
KEPT_TERMS = {term: Figure(f"class kept, {words}") for term, words in LOSSES.items()}
HEADS = (FINDING, *KEPT_TERMS.values())


def permuted_answer(answer: Found, term: str) -> Answer:
    """Describe which digit becomes which, by the network trained with the terms `term`."""
    matrix, order = answer["matrix"], [term, *(each for each in LOSSES if each != term)]
    numbers = [kept_share(KEPT_TERMS[each], {"kept": answer["kept"].get(each)}) for each in order]
    if not matrix:
        return Answer([FINDING, *numbers], PERMUTES_NOTHING, Table([]), view=answer)
    others = [(label, max(range(len(row)), key=row.__getitem__), max(row)) for label, row in enumerate(matrix)]
    moved = [f"{label} → {other}" for label, other, most in others if other != label and most > MAJORITY]
    found = (
        f"{len(moved)} of the digits mostly become{'s' * (len(moved) == 1)} another."
        if moved
        else "Each digit mostly stays itself."
    )
    lead = f"Most images of these digits become another one: {', '.join(moved)}. " if moved else ""
    words = (
        f"{lead}The adversarial loss only compares sets of images. If all digits of a domain change places, "
        "the set stays the same, and the discriminator does not notice."
    )
    table = [{"digit": label} | {str(k): each for k, each in enumerate(row)} for label, row in enumerate(matrix)]
    rows = [
        {"name": str(label), "cells": [cell(share, label, other) for other, share in enumerate(row)]}
        for label, row in enumerate(matrix)
    ]
    shown = {"head": [str(label) for label in range(len(matrix))], "rows": rows, "legend": LEGEND}
    view = {key: each for key, each in answer.items() if key != "matrix"}
    return Answer([FINDING.of(found), *numbers], words, Table(table), matrix=shown, view=view)


def cell(share: float, label: int, other: int) -> dict[str, Any]:
    """Return the cell of a share of a digit's images that become another, or the same."""
    says = f"{percent(share, 1)} of the images of {label} become {other}"
    text = num(100 * share, 0) if share >= PERMUTES_LEAST else ""
    return {"text": text, "says": says, "share": share, "kind": "same" if label == other else ""}


@light
def permutes(net: UnpairedNet, way: Direction, term: Term) -> Answer:
    """Return the recorded share of each digit's translations that is classified as each digit."""
    try:
        matrix = cards.of(net_with(net, term)).get("matrix", {}).get(way)
    except checkpoints.CheckpointError:
        matrix = None
    kept = {each: figures(net_with(net, each), "kept", way=way) for each in TERMS}
    return permuted_answer({"matrix": matrix, "kept": {each: found.get("kept") for each, found in kept.items()}}, term)


MODE = Mode(
    "permutes",
    "Swapped digits",
    "test",
    fields=[TERM],
    functions=[permutes],
    panel=Panel(
        permutes,
        controls=[KIND, THERE_OR_BACK, [Control(TERM, "list", "Loss", options=TERMS)]],
        tries=[
            ("Without the cycle loss", {"net": BOLD, "way": "there", "term": "free"}),
            ("Made upright, without the cycle loss", {"net": SLANT, "way": "back", "term": "free"}),
        ],
        nets=[*UNPAIRED],
        shows=Shows(
            "Which digit becomes which?",
            HEADS,
            matrix="What each digit becomes",
        ),
    ),
    code={
        "Swapped digits": [measures.shares],
    },
)
