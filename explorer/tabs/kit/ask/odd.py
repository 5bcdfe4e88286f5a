"""Server function of the anomaly question: histograms of scores of every measured kind of x, and what they show."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from explorer import verdicts
from explorer.models.model import Model
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.numbers.answer import FINDING, Answer, Chart, Details, Figure, Table
from explorer.numbers.figures import gap
from explorer.numbers.rows import join_words
from explorer.numbers.trained import read_card
from explorer.numbers.words import num, percent
from explorer.questions import Cannot, anomaly, because, likelihood
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.likely import alone, load_models, name_of, network_input
from explorer.tabs.kit.ask.nets import AnyNet, Networks, dataset_of, title_of
from explorer.tabs.kit.ask.scores import HIGH, SCORE_UNITS, histograms, named
from explorer.tabs.kit.layout.fields import KIND, Image, Parts, Picture

ODD_APART = 0.9  # AUROC from which a kind is told apart
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
NOTE = (
    "Each histogram is scaled to its own peak. AUROC: how often an image of the kind has a higher score than one of "
    "the family's own test images; 0.5 is chance. Beyond the dashed line lie 1 % of its own. Scores of different "
    "families are in "
    "different units, their AUROCs are not."
)
AUROC = "share of pairs ranked right"
AREA = Figure("pairs ranked correctly (AUROC)", digits=3)
APART_IN = Figure("AUROC over 0.9", digits=0)
HEADS = (AREA,)
LOW = 150  # height of a small chart in pixels
SIGNS = (("■", "quiet"), ("□", "ink"), ("┆", "ink"), ("│", "you"))
"""Sign and colour of what the charts show: the own pictures, the others, the threshold, the visitor's."""
OtherKind = Annotated[str | None, replace(KIND, optional=True)]
COLUMNS = {
    "images": "n",
    "mean score, own unit": "mean",
    "AUROC": "auroc",
    "standard error of AUROC": "se",
    "share flagged": "flagged",
}
"""Figures of a kind by the names of their columns."""


@heavy
def ask_anomaly(net: AnyNet, picture: Picture) -> Answer:
    """Return the anomaly score of a picture, in the units of the family's histogram."""
    model = checkpoints.load(net)
    try:
        return Answer(words="", view={"score": anomaly.ask(model, network_input(model, picture))})
    except Cannot as why:
        return Answer(words=str(why), view={"score": None})


score_of = functools.lru_cache(maxsize=1_000)(ask_anomaly.plain)
"""The score of a network, which the answers about several networks repeat."""


@heavy
def ask_odd(nets: Networks, kind: OtherKind, parts: Parts, picture: Picture) -> Answer:
    """Return the histograms of a kind of x, of each measured network, and the scores of a picture by the first `parts`.

    Without a kind, or if it was not measured, it is the first that was. The answer says whether there are `more`.
    """
    models, broken = load_models(nets)
    cards = {net: card for net in models if "odd" in (card := card_of(net)).get("compare", {})}
    kinds = [*dict.fromkeys(each for card in cards.values() for each in kinds_of(card))]
    kind = kind if kind in kinds else next(iter(kinds), None)
    there = {net: card for net, card in cards.items() if kind in kinds_of(card)}
    scores = {net: score_of(net, picture).view["score"] for net in [*cards][:parts]}
    large = len(nets) == 1
    silent = [
        {"net": net, "title": title_of(net), "words": refusal(model)}
        for net, model in models.items()
        if net not in there
    ]
    rows = [
        {"AUROC": title_of(net)}
        | {KINDS[each][0]: num(kinds_of(card)[each]["auroc"], 3) if each in kinds_of(card) else "–" for each in kinds}
        for net, card in cards.items()
    ]
    flagged = flag_sentence(cards, scores, name_of(picture))
    return Answer(
        headline(there, kind),
        " ".join([words(there, kind), flagged]).strip() if kind else "",
        table(cards),
        grids=[] if cards else alone(models, picture),
        details=Details(rows) if kinds else None,
        more=parts < len(cards),
        view={
            "choices": {"label": "Compared with", "now": kind, "options": [[each, KINDS[each][0]] for each in kinds]},
            "legend": legend(picture, kind, large),
            "cards": [card_with(net, card, kind, scores.get(net), large) for net, card in there.items() if kind],
            "silent": {"title": "Cannot", "rows": [*silent, *broken], "open": not there},
            "note": NOTE if kinds else "",
        },
    )


def legend(picture: Image, kind: str | None, large: bool) -> list[tuple[str, str, str]]:
    """Return sign, name and colour of what the charts show; one chart has its direction in its name."""
    if not kind:
        return []
    own = "test points" if picture[0] == "point" else "test images"
    names = (f"own {own}", KINDS[kind][1], "1 % of own beyond", "yours")
    signs = [(sign, name, colour) for (sign, colour), name in zip(SIGNS, names, strict=True)]
    shared = [("→", "odder, log", "quiet"), ("↑", "share of peak", "quiet"), ("0.9\u00a0", "AUROC", "quiet")]
    return signs if large else [*signs, *shared]


def refusal(model: Model) -> str:
    """Return why a network has no histogram."""
    return "was not measured yet." if anomaly.can_score(model) else f"{because(model, 'odd')}."


def own_name(net: str) -> str:
    """Return what to call the test set of a network in a sentence."""
    dataset = dataset_of(net)
    return OWN[dataset][1] if dataset in OWN else f"{dataset}'s test images"


def table(cards: Mapping[str, Card]) -> Table:
    """Return the figures of each network and each kind."""
    rows = [
        {"network": net, "kind": kind} | {column: found[key] for column, key in COLUMNS.items()}
        for net, card in cards.items()
        for kind, found in kinds_of(card).items()
    ]
    return Table(rows, ["network", "kind", *COLUMNS])


def headline(cards: Mapping[str, Card], kind: str | None) -> list[Figure]:
    """Return the AUROC of one network, or how many of several tell the kind apart."""
    found = [kinds_of(card)[kind] for card in cards.values()] if kind else []
    if len(found) == 1:
        return [AREA.of(found[0]["auroc"])]
    apart = sum(outcome(each) == "apart" for each in found)
    if not found or kind is None:
        return [AREA]
    return [FINDING.of(detected(found, KINDS[kind][1])), APART_IN.of(apart, f"of {len(found)}")]


def detected(found: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return whether several families detect a kind of x, as a sentence."""
    outcomes = [outcome(each, len(found)) for each in found]
    fails, unsure = outcomes.count("fails"), outcomes.count("unsure")
    if fails:
        return f"{fails} of the families find{'s' * (fails == 1)} {name} more usual than their own data."
    return f"{unsure} of the families cannot tell {name} apart." if unsure else f"Every family detects {name}."


def flag_sentence(cards: Mapping[str, Card], scores: Mapping[str, float | None], name: str) -> str:
    """Return which networks flag the visitor's picture; empty before any has scored it."""
    scored = {net: score for net, score in scores.items() if score is not None}
    if not scored:
        return ""
    flags = [title_of(net) for net, score in scored.items() if score > cards[net]["compare"]["odd"]["threshold"]]
    if flags:
        only = " alone" if len(flags) < len(scored) else ""
        return f"{name[0].upper()}{name[1:]} is flagged by {join_words(flags)}{only}."
    (first, *others) = scored
    return f"{'No family flags' if others else f'{title_of(first)} does not flag'} {name}."


def card_of(net: str) -> Card:
    """Return a network's card, or an empty one if it cannot be read; the page then reports the reason."""
    try:
        return read_card(net)
    except checkpoints.CheckpointError:
        return {}


def kinds_of(card: Card) -> Mapping[str, Card]:
    """Return the measured kinds of x of a card."""
    return card["compare"]["odd"]["kinds"]


def card_with(net: str, card: Card, kind: str, score: float | None, large: bool) -> dict[str, Any]:
    """Return the chart of a network with its title and its verdict."""
    what, found = chart(net, card, kind, score, large), kinds_of(card)[kind]
    title = "" if large else title_of(net)
    said = verdict(found, own_name(net), KINDS[kind][1])
    return {"net": net, "title": title, "words": said, "chart": what, "height": HIGH if large else LOW}


def chart(net: str, card: Card, kind: str, score: float | None, large: bool = True) -> Chart:
    """Return both histograms of a network between the first and the last score that occurs, with their texts."""
    odd = card["compare"]["odd"]
    own, other = odd["own"], odd["kinds"][kind]
    unit = SCORE_UNITS.get(likelihood.kind(checkpoints.load(net)) or "", "its own score")
    what = histograms(odd, [own, other], score, unit, has_limit=True, has_label=large)
    title, names = title_of(net), (own_name(net), KINDS[kind][1])
    says = (
        f"{title}: anomaly score, {unit}. On average {names[0]} {num(own['mean'], 1)}, {names[1]} "
        f"{num(other['mean'], 1)}. "
        f"Beyond {num(odd['threshold'], 1)} is flagged, 1 % of its own."
    )
    short = num(other["auroc"], 3)  # the legend says of what
    says += f" AUROC {short}."
    is_log = odd["scale"] == "log"
    if unit not in SCORE_UNITS.values() or not is_log:  # the legend says what is usual
        short += f", {'log' if is_log else 'linear'}"
    if score is not None:
        says += f" Your picture has {num(score, 1)}."
    return named(what, f"{what.y.title}: farther right is more anomalous" if large else short, says)


def outcome(found: Card, asked: int = 1) -> str:
    """Return whether a family detects a kind as anomalous: it fails, is uncertain, or detects it; of so many asked."""
    if side(found, asked) < 0:
        return "fails"
    return "unsure" if found["auroc"] < ODD_APART else "apart"


def side(found: Card, asked: int = 1) -> int:
    """Return 1 if an AUROC is measured to be above chance, −1 if it is below, else 0; of so many asked."""
    return verdicts.compare(verdicts.Estimate(found["auroc"], found["se"]), verdicts.Estimate(0.5), asked).sign


def verdict(found: Card, own: str, other: str) -> str:
    """Return which set scores higher, and how many a threshold flags."""
    auroc, flagged = found["auroc"], found["flagged"]
    flags = f"flags {percent(flagged, 1)}"
    if found["n"] == 1:
        flags = "flags them" if flagged > 0 else "misses them"
    sentences = {
        "fails": f"Fails: {other} score lower than {own} in {percent(1 - auroc, 1)} of pairs.",
        "unsure": f"Detects {other} poorly: they score higher in {percent(auroc, 1)} of pairs.",
        "apart": f"Detects {other}: they score higher in {percent(auroc, 1)} of pairs.",
    }
    said = sentences[outcome(found)]
    if side(found) == 0:
        said = f"Not shown to tell {other} from its own: they score higher in {percent(auroc, 1)} of pairs."
    return f"{said} At a threshold that flags 1 % of its own, it {flags}."


def words(cards: Mapping[str, Card], kind: str) -> str:
    """Return which of the networks a kind fools; of one network alone, what it does."""
    found = {net: kinds_of(card)[kind] for net, card in cards.items()}
    name = KINDS[kind][1]
    if len(found) == 1:
        ((net, one),) = found.items()
        return " ".join([verdict(one, own_name(net), name), *exactly(cards, kind)])
    fails, unsure = (
        [title_of(net) for net, one in found.items() if outcome(one, len(found)) == which]
        for which in ("fails", "unsure")
    )
    items = []
    if fails:
        find, they = ("find", "they") if len(fails) > 1 else ("finds", "it")
        items = [
            f"{join_words(fails)} {find} {name} less anomalous than what {they} learnt from: a usual score does not "
            "mean that an image belongs to the data."
        ]
    items += [f"{join_words(unsure)} cannot reliably tell {name} apart."] if unsure else []
    return " ".join([*items, *exactly(cards, kind)])


def exactly(cards: Mapping[str, Card], kind: str) -> Sequence[str]:
    """Return how likely a blank page is exactly, of each family with a measured gap between its bound and the truth."""
    return [
        f"The {title_of(net)} is asked for its bound: exactly, a blank page is likelier to it than "
        f"{percent(found['value'], 1)} (± {percent(found['se'], 1)}) of {found['n']} test digits."
        for net, card in cards.items()
        if kind == "blank" and (found := gap(card).get("gap", {}).get("likelier"))
    ]
