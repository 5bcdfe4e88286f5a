"""Server function of the anomaly question: histograms of scores of every measured kind of x, and what they show."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

from explorer import checkpoints
from explorer.card import Card
from explorer.questions import likelihood
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import light
from explorer.tabs.kit.figures import gap
from explorer.tabs.kit.nets import Networks, dataset_of, title_of
from explorer.tabs.kit.rows import listed
from explorer.tabs.kit.trained import read_card
from explorer.tabs.kit.words import num, percent

APART = 0.9  # AUROC from which a kind is told apart
SURE = 2.0  # standard errors
OWN = {
    "mnist": ("MNIST", "MNIST's test images"),
    "fashion-mnist": ("Fashion", "Fashion-MNIST's test images"),
    "moons": ("Moons", "test points of the moons"),
    "rings": ("Rings", "test points of the rings"),
    "eight-gaussians": ("Eight Gaussians", "test points of the eight Gaussians"),
}
KINDS = OWN | {
    "noise": ("Noise", "pictures of noise"),
    "blank": ("Blank", "blank pages"),
    "rotated": ("Turned", "test images turned by 90°"),
    "inverted": ("Inverted", "inverted test images"),
}
"""Of each kind: the text of its button, and its name in a sentence."""
UNITS = {"exact": "−log p(x), nats", "bound": "−ELBO, nats", "estimate": "≈ −log p(x), nats"}
NOTE = (
    "Each histogram is scaled to its own peak. AUROC: how often an image of the kind is odder than one of the family's "
    "own test images; 0.5 is a coin's. The dashed line gives up 1 % of its own. Scores of different families are in "
    "different units, their AUROCs are not."
)
HEAD = ["network", "kind", "images", "mean score", "AUROC", "standard error", "flagged"]


@light
def ask_odd(nets: Networks) -> dict:
    """Return, by kind of x, the histograms of each measured network and what they show."""
    cards = {net: card for net in nets if "odd" in (card := card_of(net)).get("compare", {})}
    kinds = [*dict.fromkeys(kind for card in cards.values() for kind in kinds_of(card))]
    lines = [
        [net, kind, *(found[key] for key in ("n", "mean", "auroc", "se", "flagged"))]
        for net, card in cards.items()
        for kind, found in kinds_of(card).items()
    ]
    rows = [
        [title_of(net), *(num(kinds_of(card)[kind]["auroc"], 3) for kind in kinds if kind in kinds_of(card))]
        for net, card in cards.items()
    ]
    return {
        "kinds": [[kind, KINDS[kind][0]] for kind in kinds],
        "by": {kind: of_kind(cards, kind) for kind in kinds},
        "thresholds": {net: card["compare"]["odd"]["threshold"] for net, card in cards.items()},
        "numbers": {"head": ["AUROC", *(KINDS[kind][0] for kind in kinds)], "rows": rows},
        "table": [HEAD, *lines],
        "note": NOTE,
    }


def card_of(net: str) -> Card:
    """Return a network's card; an empty one if it cannot be read, as the page then says why."""
    try:
        return read_card(net)
    except checkpoints.CheckpointError:
        return {}


def kinds_of(card: Card) -> Mapping[str, Card]:
    """Return the measured kinds of x of a card."""
    return card["compare"]["odd"]["kinds"]


def of_kind(cards: Mapping[str, Card], kind: str) -> dict[str, Any]:
    """Return the charts of one kind by network, its name, and the sentence about all of them."""
    there = {net: card for net, card in cards.items() if kind in kinds_of(card)}
    charts = {net: chart(net, card, kind) for net, card in there.items()}
    return {"name": KINDS[kind][1], "charts": charts, "words": words(there, kind)}


def chart(net: str, card: Card, kind: str) -> dict[str, Any]:
    """Return both histograms of a network between the first and the last score that occurs, with their texts."""
    odd = card["compare"]["odd"]
    own, other, edges = odd["own"], odd["kinds"][kind], odd["edges"]
    there = [*compress(range(len(edges) - 1), map(max, own["counts"], other["counts"]))]
    first, last = there[0], there[-1]
    while last < len(edges) - 2 and edges[last + 1] < odd["threshold"]:  # the threshold is in sight
        last += 1
    unit = UNITS.get(likelihood.kind(checkpoints.load(net)), "its own score")
    title, names = title_of(net), (OWN[dataset_of(net)][1], KINDS[kind][1])
    return {
        "title": f"{title}: {num(other['auroc'], 3)}",
        "unit": unit,
        "edges": parts.brief(edges[first : last + 2]),
        "own": own["counts"][first : last + 1],
        "other": other["counts"][first : last + 1],
        "isLog": odd["scale"] == "log",
        "threshold": odd["threshold"],
        "words": verdict(other, *names),
        "says": f"{title}: how odd, {unit}. On average {names[0]} {num(own['mean'], 1)}, {names[1]} "
        f"{num(other['mean'], 1)}. Beyond {num(odd['threshold'], 1)} is flagged, 1 % of its own.",
    }


def outcome(found: Card) -> str:
    """Return whether a family takes a kind for its own: it fails, is unsure, or tells it apart."""
    if found["auroc"] + SURE * found["se"] < 0.5:
        return "fails"
    return "unsure" if found["auroc"] < APART else "apart"


def verdict(found: Card, own: str, other: str) -> str:
    """Return who is odder, and what a threshold would do."""
    auroc, flagged = found["auroc"], found["flagged"]
    flags = f"flags {percent(flagged, 1)}"
    if found["n"] == 1:
        flags = "flags them" if flagged > 0 else "misses them"
    told = {
        "fails": f"Fails: {other} are less odd to it than {own} in {percent(1 - auroc, 1)} of pairs.",
        "unsure": f"Tells {other} apart badly: odder in {percent(auroc, 1)} of pairs.",
        "apart": f"Tells {other} apart: odder in {percent(auroc, 1)} of pairs.",
    }
    return f"{told[outcome(found)]} A threshold that gives up 1 % of its own {flags}."


def words(cards: Mapping[str, Card], kind: str) -> str:
    """Return which of the networks a kind fools; of one network alone, what it does."""
    found = {net: kinds_of(card)[kind] for net, card in cards.items()}
    name = KINDS[kind][1]
    if len(found) == 1:
        ((net, one),) = found.items()
        return " ".join([verdict(one, OWN[dataset_of(net)][1], name), *exactly(cards, kind)])
    fails, unsure = (
        [title_of(net) for net, one in found.items() if outcome(one) == which] for which in ("fails", "unsure")
    )
    told = []
    if fails:
        find, they = ("find", "they") if len(fails) > 1 else ("finds", "it")
        told = [
            f"{listed(fails)} {find} {name} less odd than what {they} learnt from: to look ordinary is no sign of "
            "belonging."
        ]
    told += [f"{listed(unsure)} cannot reliably tell {name} apart."] if unsure else []
    told += [] if fails or unsure else [f"Every family that was measured tells {name} apart."]
    return " ".join([*told, *exactly(cards, kind)])


def exactly(cards: Mapping[str, Card], kind: str) -> Sequence[str]:
    """Return how likely a blank page is exactly, of each family with a measured gap between its bound and the truth."""
    return [
        f"The {title_of(net)} is asked for its bound: exactly, a blank page is likelier to it than "
        f"{percent(found['value'], 1)} (± {percent(found['se'], 1)}) of {found['n']} test digits."
        for net, card in cards.items()
        if kind == "blank" and (found := gap(card).get("gap", {}).get("likelier"))
    ]
