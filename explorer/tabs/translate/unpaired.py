"""*Without pairs*: a digit there and back, by networks trained with other terms of the loss."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from explorer import data
from explorer.measures.cyclegan import gap
from explorer.models.cyclegan import CycleGAN
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import percent, with_article
from explorer.spaces import LEVELS
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import Picture
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows
from explorer.tabs.translate.networks import BOLD, KINDS, SLANT, TERMS, TRAINED, UNPAIRED, net_with
from explorer.tabs.translate.shared import (
    KIND,
    TEST,
    THERE_OR_BACK,
    Direction,
    Found,
    UnpairedNet,
    classify,
    figures,
    grey,
    grid,
    kept_share,
)

RETURNS = Figure("change, there and back", unit="of white")
RETURNS_FREE = Figure("the same without the cycle loss", unit="of white")
IDENTITY = Figure("change of an image of the target", unit="of white")
OFF = Figure("difference from the computed answer", unit="of white")
KEPT_CYCLE = Figure("class kept on test images")
KEPT_FREE = Figure("the same without the cycle loss")
HEADS = (FINDING, RETURNS, RETURNS_FREE, IDENTITY, OFF, KEPT_CYCLE, KEPT_FREE)


def unpaired_answer(answer: Found, kinds: Sequence[str]) -> Answer:
    """Describe a digit that goes from one of two `kinds` to the other and back, by networks with other terms."""
    cycle, free = (answer["terms"][name] for name in ("cycle", "free"))
    names = [each["made_as"]["name"] for each in (cycle, free)]
    stays = [each["made_as"]["label"] == answer["source_as"]["label"] for each in (cycle, free)]
    becomes = [
        f"{'stays' if same else 'becomes'} {with_article(name)}" for name, same in zip(names, stays, strict=True)
    ]
    lead = f"With the cycle loss the digit {becomes[0]}, without it the digit {becomes[1]}."
    if becomes[0] == becomes[1]:
        lead = f"The digit {becomes[0]} with and without the cycle loss."
    words = (
        f"{lead} There and back, it changes by {percent(cycle['cycle'], 1)} and {percent(free['cycle'], 1)} of "
        "white, on average over the pixels. "
        "No pair was ever shown: each training digit is in one of the domains only. "
        "The identity picture shows what the network does to an image that is already in the target domain."
    )
    numbers = [
        FINDING.of(return_words(cycle["cycle"], free["cycle"])),
        grey(RETURNS, cycle["cycle"]),
        grey(RETURNS_FREE, free["cycle"]),
        grey(IDENTITY, cycle["identity"]),
        grey(OFF, cycle["difference"]),
        kept_share(KEPT_CYCLE, cycle["measured"]),
        kept_share(KEPT_FREE, free["measured"]),
    ]
    lines = [
        {"terms": name, "class": each["made_as"]["name"], "probability": each["made_as"]["share"]}
        | {key: each[key] for key in ("cycle", "identity", "difference")}
        for name, each in answer["terms"].items()
    ]
    trips = [(image, text) for each in answer["terms"].values() for image, text in round_trip(each)]
    heads = (f"{kinds[0]} to {kinds[1]}", "and back: change", f"{kinds[1]} to {kinds[1]}")
    results = grid(trips, heads=heads, names=[TERMS[term] for term in answer["terms"]])
    given = [(answer["source"], "given"), (answer["target"], f"computed {kinds[1]}")]
    return Answer(
        numbers,
        words,
        Table(lines),
        grids=[results, grid(given, given=1)],
        pictures={"s": answer["source"], "y": cycle["made"]},
        view=answer,
    )


def return_words(cycle: float, free: float) -> str:
    """Return how much closer a digit comes back with the cycle loss than without, as a sentence."""
    if cycle >= free:
        return "The digit comes back no closer with the cycle loss."
    return f"With the cycle loss the digit comes back {free / cycle:.1f} times closer."


def round_trip(each: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a digit in the other domain, back again, and what an image of that domain becomes, with captions."""
    return [
        (each["made"], with_article(each["made_as"]["name"])),
        (each["again"], percent(each["cycle"], 1)),
        (each["same"], ""),
    ]


@light
@torch.no_grad()
def translate_unpaired(net: UnpairedNet, picture: Picture, way: Direction) -> Answer:
    """Translate a digit there and back, by the networks trained with different terms of the loss.

    The digit is first converted to the source's kind, as the training images were. So the right answer is known.
    """
    back = way == "back"
    models: Mapping[str, CycleGAN] = {term: checkpoints.load(net_with(net, term)) for term in TRAINED[net]}
    to_source, to_target = models["cycle"].domains[:: -1 if back else 1]
    x = data.read(picture, LEVELS)
    source, target = to_source(x), to_target(x)
    found = {}
    for term, model in models.items():
        made, same = model.translate(source, back), model.translate(target, back)
        again = model.translate(made, not back)
        found[term] = {
            "made": LEVELS.encode(made),
            "again": LEVELS.encode(again),
            "same": LEVELS.encode(same),
            "made_as": classify("mnist", made)[0],
            "cycle": float(gap(again, source)),
            "identity": float(gap(same, target)),
            "difference": float(gap(made, target)),
            "measured": figures(net_with(net, term), "kept", "cycle", "identity", way=way),
        }
    answer = {
        "source": LEVELS.encode(source),
        "target": LEVELS.encode(target),
        "source_as": classify("mnist", source)[0],
        "terms": found,
    }
    return unpaired_answer(answer, KINDS[net][:: -1 if back else 1])


MODE = Mode(
    "unpaired",
    "Without pairs",
    "understand",
    functions=[translate_unpaired],
    panel=Panel(
        translate_unpaired,
        controls=[KIND, THERE_OR_BACK],
        tries=[
            ("A bold 7", TEST | {"net": BOLD, "img": 23, "way": "there"}),
            ("A thin 2", TEST | {"net": BOLD, "img": 3, "way": "back"}),
            ("A slanted 4", TEST | {"net": SLANT, "img": 34, "way": "there"}),
        ],
        nets=[*UNPAIRED],
        shows=Shows(
            "Does a digit come back?",
            HEADS,
            grids=[
                Grid("The digit there and back, by terms of the loss", 3, rows=3.4),
                Grid("The digit in both domains", 1, rows=1, place="side"),
            ],
        ),
    ),
    code={
        "Without pairs": [translate_unpaired.plain],
    },
)
