"""Likelihood question: log p(x) of one picture by several networks, with the bars and the sentences about all of them.

An answer about several networks shows those that are computed by then, so the page asks again until all are there.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from torch import Tensor

from explorer import data
from explorer.models.model import Model
from explorer.models.raster import PIXELS
from explorer.networks import checkpoints
from explorer.questions import Cannot, anomaly, because, likelihood
from explorer.running.device import device_of
from explorer.spaces import PLANE
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import AnyNet, Networks, dataset_of, title_of
from explorer.tabs.kit.ask.scores import HIGH, SCORE_UNITS, histograms, named
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import Image, Parts, Picture
from explorer.tabs.kit.numbers.answer import Answer, Figure, Table
from explorer.tabs.kit.numbers.figures import nll
from explorer.tabs.kit.numbers.ranking import BOUNDS, is_better, is_bounded
from explorer.tabs.kit.numbers.trained import read_card
from explorer.tabs.kit.numbers.words import RAISED, num, pair, with_sign

SIGNS = {"exact": "=", "bound": "≤", "estimate": "≈"}
SPACES = {
    "binary": ("Black and white pixels", "Each is the probability of one of 2⁷⁸⁴ pictures."),
    "levels": ("256 grey levels", "Each is the probability of one of 256⁷⁸⁴ pictures."),
    "plane": ("Points of the plane", "A density, not a probability: it changes with the unit of a coordinate."),
}
"""Name of what a likelihood is about, with a sentence: only figures of the same space may be compared."""
COST = Figure("−log p(x)", unit="nats")
PER_DIMENSION = Figure("a dimension", unit="bits")
HEADS = (COST,)
PICTURES: Mapping[Any, str] = {"bits": "your drawing", "test": "the test image"}
"""Names of pictures in a sentence, by their kind."""
THIS = {"net": None, "title": "this picture"}
"""Name of the bar beside that of the test set: both are of one network."""
COLUMNS = {
    "network": "net",
    "pixels": "space",
    "kind": "kind",
    "log p, nats": "nats",
    "standard error": "se",
    "bits per dimension": "bits_per_dim",
}
"""Parts of a row by the names of their columns."""
LEVELS = 256
UNITS = ((LEVELS, "pixels in 0 … 256"), (1, "pixels in 0 … 1"), (2, "pixels in −1 … 1"))
"""Numbers of units between black and white, and the name of the pixels in them."""
FAIR = (
    "What would make it fair: the same pixels. Add noise u, uniform over the width of a level, to the 256 levels, and "
    "train the flow on x + u (dequantisation). Take the mean of log p(x + u) over u, for pixels in 0 … 1, and subtract "
    "784 · ln 256. The result is a lower bound on log P(x) of the 256 levels. In bits per dimension, it may stand "
    "beside an autoregressive network or a diffusion of grey levels."
)
INTEGRATED = "Z is integrated over the plane, on a grid. For images this cannot be done: only ratios are exact there."
DEQUANTISED = "A flow's density is exact; the probability of 256 grey levels is only bounded. "
Row = Mapping[str, Any]
"""Answer of a network, with its `title` and the name of its `space`."""


def network_input(model: Model, picture: Image) -> Tensor:
    """Return a picture as the input of the network: (1, *shape)."""
    return data.read(picture, model.space).to(device_of(model))


@functools.partial(heavy, borrows=True)  # log p(x) by an ODE takes seconds
def ask_likelihood(net: AnyNet, picture: Picture) -> Answer:
    """Return log p(x) of a picture: exact, a bound or an estimate; or the reason for its absence.

    The answer also contains the log-density of the true data distribution in nats, where it is known.
    """
    model = checkpoints.load(net)
    space = {"space": model.space.name, "known": true_log_density(dataset_of(net), picture)}
    try:
        found = likelihood.ask(model, network_input(model, picture))
    except Cannot as why:
        words = str(why)
        if likelihood.has_ratios(model):
            nats = likelihood.log_ratio(model, network_input(model, picture))
            phrase = ("+" if nats > 0 else "") + parts.number(nats)
            words += f". Against a blank page: log p(x) − log p(blank) = {phrase} nats, exactly"
        return Answer(words=words, view=space | {"kind": "cannot", "nats": None, "se": None, "bits_per_dim": None})
    phrase = f"{parts.number(-found.nats, found.se)} nats"
    words = f"−log p(x) is {phrase}, exactly."
    if found.kind == "estimate":
        words = f"−log p(x) is about {phrase}: an estimate, {doubt(found)}."
    if found.kind == "bound":
        words = f"−log p(x) is at most {phrase}: a bound"
        words += "." if found.draws == 1 else f", the mean of {found.draws} estimates."
    figures = {"nats": found.nats, "se": found.se, "bits_per_dim": found.bits_per_dim, "solver": found.solver}
    row = space | {"kind": found.kind} | figures
    return Answer(words=words, view=row | bar_texts(row))


@functools.lru_cache(maxsize=1_000)
def answer_of(net: str, picture: Image) -> Row:
    """Return the answer of a network, which the answers about several networks repeat."""
    answer: Answer = ask_likelihood.plain(net, picture)
    return {**answer.view, "words": answer.words}


def doubt(found: likelihood.Likelihood) -> str:
    """Return the reason why log p(x) is an estimate, with the errors of solver and random draws, if any."""
    if found.solver is None:
        return "as its log Z is one"
    if found.se is None:
        return f"its ODE is solved by steps, with an error of about {parts.number(found.solver)} nats"
    return (
        f"not a bound. The error of the ODE's solver is about {parts.number(found.solver)} nats; the standard error of "
        f"{found.draws} draws of noise and probes is {parts.number(found.se)}"
    )


def true_log_density(dataset: str, picture: Image) -> float | None:
    """Return the log-density of the data distribution at a point, in nats; None if it is unknown."""
    drawn_from = getattr(data.DATASETS[dataset], "mixture", None)
    return drawn_from and float(drawn_from.log_prob(data.read(picture, PLANE)))


@functools.partial(heavy, borrows=True)
def ask_likely(nets: Networks, parts: Parts, picture: Picture) -> Answer:
    """Return log p(x) of a picture by the first `parts` of the networks that can compute it, or compare pictures.

    The answer says whether there are `more`, and why each of the other networks gives no value.
    """
    models, silent = load_models(nets)
    able = {net: model for net, model in models.items() if likelihood.kind(model)}
    asked = [*able, *(net for net, model in models.items() if likelihood.has_ratios(model))]
    found = {net: answer_of(net, picture) for net in asked[:parts]}
    able = {net: model for net, model in able.items() if net not in found or found[net]["nats"] is not None}
    for net, model in models.items():
        if net not in able:
            words = found[net]["words"] if net in found else because(model, "log_prob")
            silent.append({"net": net, "title": title_of(net), "words": f"{words}."})
    rows = [
        {"net": net, "title": title_of(net), "space": model.space.name, **found.get(net, {"kind": None})}
        for net, model in able.items()
    ]
    there = [row for row in rows if row["kind"]]
    spaces = [space for space in SPACES if any(row["space"] == space for row in rows)]
    fair = [row for row in there if row["space"] != "plane"]
    cards = among_tests(there[0], models) if there else []
    beside = picture if len(models) > 1 or cards else None
    groups = [
        group(space, [row for row in rows if row["space"] == space], models, beside, is_first=not k)
        for k, space in enumerate(spaces)
    ]
    return Answer(
        numbers(there if len(models) == 1 else []),
        (DEQUANTISED if there and is_dequantised(models) else "")
        + words_of(there, name_of(picture))
        + (f" {INTEGRATED}" if there and is_integrated(models) else ""),
        Table([{column: row[key] for column, key in COLUMNS.items()} for row in there], [*COLUMNS]),
        grids=[] if cards else alone(models, picture),
        more=parts < len(asked),
        view={
            "groups": groups,
            "cards": cards,
            "silent": {"title": "Cannot", "rows": silent, "open": not able},
            "aside": fairness(fair),
        },
    )


def is_integrated(models: Mapping[str, Model]) -> bool:
    """Return whether the only model is an energy whose Z is computed, so that its log p(x) is more than a ratio."""
    return len(models) == 1 and all(hasattr(model, "log_normaliser") for model in models.values())


def is_dequantised(models: Mapping[str, Model]) -> bool:
    """Return whether the only model has an exact density of continuous pixels, and so a bound for levels."""
    return len(models) == 1 and all(
        hasattr(model, "dequantise") and likelihood.kind(model) == "bound" for model in models.values()
    )


def load_models(nets: Sequence[str]) -> tuple[dict[str, Model], list[dict[str, str]]]:
    """Return the models of networks by their names, and a line for each that cannot be read."""
    models, broken = {}, []
    for net in nets:
        try:
            models[net] = checkpoints.load(net)
        except checkpoints.CheckpointError as error:
            broken.append({"net": net, "title": title_of(net), "words": str(error)})
    return models, broken


def alone(models: Mapping[str, Model], picture: Image) -> list[dict[str, Any]]:
    """Return the picture as the only network is fed it, as a grid of one image; no grid of several, or of a point."""
    if len(models) != 1:
        return []
    (model,) = models.values()
    images = pixels(model, picture)
    return [{"images": images}] if images else []


def pixels(model: Model, picture: Image) -> str | None:
    """Return a picture as the network is fed it, encoded; None of a point."""
    return None if model.space == PLANE else model.space.encode(network_input(model, picture).cpu())


def name_of(picture: Image) -> str:
    """Return what to call a picture in a sentence."""
    kind, *of = picture
    return PICTURES[kind] if kind in PICTURES else f"the point {pair(cast(Sequence[float], of[0]))}"


def group(
    space: str, rows: Sequence[Row], models: Mapping[str, Model], picture: Image | None, is_first: bool
) -> dict[str, Any]:
    """Return the networks of a space as bars, the likeliest first; those without an answer yet stand last.

    A `picture` stands beside them, as the networks are fed it.
    """
    name, what = SPACES[space]
    there = sorted((row for row in rows if row["kind"]), key=lambda row: -row["nats"])
    in_line = [row for row in rows if not row["kind"]]
    usual = mean_of(rows[0]["net"], models) if len(models) == 1 else []
    most = max([1.0, *(-row["nats"] for row in (*there, *usual))])
    shorter = name.removesuffix(" pixels").replace("grey levels", "greys")
    short = f"{shorter}: {'−log p(x), nats' if is_first else 'nats, own scale'}"
    compared = "These figures may not be compared with those of other groups."
    if len(rows) > 1:
        bounded = any(row["kind"] == "bound" for row in rows)
        compared = f"Exact values may be compared. {BOUNDS}" if bounded else "These figures may be compared."
    return {
        "name": f"{name}: −log p(x) in nats" if len(models) == 1 else short,
        "rows": [bar(row, most) for row in ([{**rows[0], **THIS}, *usual] if usual else [*there, *in_line])],
        "note": what if len(models) == 1 else f"{what} {compared}",
        "image": picture and pixels(models[rows[0]["net"]], picture),
    }


def among_tests(row: Row, models: Mapping[str, Model]) -> list[dict[str, Any]]:
    """Return the histogram of the test images' −log p(x) with the place of the picture, of one network alone.

    It is empty if the card's scores are others than the likelihood: an energy's, or those of a cheaper ODE.
    """
    odd = read_card(row["net"]).get("compare", {}).get("odd")
    if len(models) != 1 or not odd or not anomaly.by_likelihood(models[row["net"]]):
        return []
    own = odd["own"]
    what = histograms(
        odd, [own], -row["nats"], f"{own['n']} test images by {SCORE_UNITS[row['kind']]}", has_limit=False
    )
    words = f"On average {num(own['mean'], 1)}; this picture {num(-row['nats'], 1)}."
    what = named(what, f"{what.y.title}: left is likelier", words)
    return [{"net": row["net"], "title": "", "words": "", "chart": what, "height": HIGH}]


def mean_of(net: str, models: Mapping[str, Model]) -> list[Row]:
    """Return the mean over the test set as a row to compare one picture with; empty if it was not measured."""
    found = nll(read_card(net), models[net].space)
    if not found:
        return []
    row = {
        "net": None,
        "title": "test-set mean",
        "kind": found["kind"],
        "nats": -found["value"],
        "se": found["se"],
    }
    return [row | bar_texts(row | {"bits_per_dim": found["value"] / models[net].space.dim / math.log(2)})]


def bar(row: Row, most: float) -> dict[str, Any]:
    """Return the bar of a network, hatched if the value is a bound; `most` is the longest."""
    report = {"net": row["net"], "title": row["title"]}
    if not row["kind"]:
        return report | {"text": "waiting"}
    long = max(0.0, -row["nats"]) / most
    return report | {
        "hatched" if row["kind"] == "bound" else "share": long,
        **{key: row[key] for key in ("kind", "text", "says")},
    }


def bar_texts(row: Row) -> dict[str, str]:
    """Return the number beside the bar of a likelihood, and the same in full words."""
    return {
        "text": f"{SIGNS[row['kind']]} {num(-row['nats'], 1)}",
        "says": f"{row['kind']}: {cost(row)} nats, {num(row['bits_per_dim'], 3)} bits/dim",
    }


def cost(row: Row) -> str:
    """Return −log p(x) with its standard error, if it is estimated."""
    return num(-row["nats"], 1) + (f" ± {num(row['se'], 1)}" if row["se"] else "")


def numbers(rows: Sequence[Row]) -> list[Figure]:
    """Return the value of one network as the headline, with its bits per dimension; several have bars instead."""
    if len(rows) != 1:
        return [COST.unknown]
    (row,) = rows
    return [
        COST.of(f"{SIGNS[row['kind']]} {cost(row)}"),
        PER_DIMENSION.of(f"{SIGNS[row['kind']]} {num(row['bits_per_dim'], 3)}"),
    ]


def words_of(rows: Sequence[Row], name: str) -> str:
    """Return the sentence about a picture of that name: for each space, the two networks of highest likelihood."""
    spaces = [space for space in SPACES if any(row["space"] == space for row in rows)]
    within = [[row for row in rows if row["space"] == space] for space in spaces]
    items = [of_space(each, name, has_pixels=k > 0 or len(spaces) == 1) for k, each in enumerate(within)]
    true = rows[0].get("known") if rows else None
    if true is not None:
        items.append(f"By the density that the data were drawn from it costs {num(-true, 1)} nats.")
    if len(spaces) > 1:
        items.append(
            "Values for black and white and for grey pixels cannot be compared: they are probabilities of different "
            "pictures."
        )
    return " ".join(items)


def of_space(rows: Sequence[Row], name: str, has_pixels: bool) -> str:
    """Return the sentence about one space, which may say the pixels: the two likeliest networks, or the only one."""
    first, *others = sorted(rows, key=lambda row: -row["nats"])
    bound = {"bound": "at most ", "estimate": "about "}.get(first["kind"], "")
    space = first["space"]
    where = "In the plane, " if space == "plane" else f"As {SPACES[space][0].lower()}, "
    said = f"{where if has_pixels else ''}{name} costs {first['title']} {bound}{cost(first)} nats."
    alone = said[0].upper() + said[1:]
    return f"{alone} {of_pair(first, others[0])}" if others else alone


def figure(row: Row) -> dict[str, Any]:
    """Return an answer as the comparison of figures takes it.

    An ODE whose trace is exact estimates the density itself, not a bound: its error counts like a standard error.
    """
    of = {"value": -row["nats"], "kind": row["kind"]}
    solver = row.get("solver")
    return of | ({"se": solver} if row["se"] is None and solver is not None else {"se": row["se"], "solver": solver})


def of_pair(first: Row, second: Row) -> str:
    """Return the sentence about the difference of two figures of the same pixels."""
    more = f"{first['title']} gives it {num(first['nats'] - second['nats'], 1)} nats more than"
    said = f"{more} {second['title']}"
    one, other = figure(first), figure(second)
    if other["kind"] == "bound":
        return f"{more} the bound of {second['title']}, which may give it more."
    if is_bounded(other):
        return f"{said}, which may give it more: its figure is an estimate of a bound."
    if not is_better(one, other, "least"):
        return f"{first['title']} and {second['title']} lie too close together to tell."
    if is_bounded(one) and one["kind"] == "estimate":
        return f"{said}, by an estimate: its ODE is solved, and not exactly."
    if "estimate" in (one["kind"], other["kind"]):
        return f"{said}, by an estimate: its error is that of the estimated log Z, which all pictures share."
    if one["kind"] == "exact":
        return f"{said}: {times(first['nats'] - second['nats'])} times the probability."
    return f"{said}, at least: its figure is a bound, the other exact."


def times(nats: float) -> str:
    """Return e to the power of some nats, as people count."""
    return f"{math.exp(nats):,.0f}" if nats < 14 else f"10{str(round(nats / math.log(10))).translate(RAISED)}"


def as_density(nats: float, units: float) -> float:
    """Return the log-density in nats of a probability of 256 levels, spread evenly over the bin of each level.

    There are so many units between black and white: p(x) = P(x) · (256 / units)^784.

    Reference: Theis et al., A note on the evaluation of generative models, 2016, section 3.1.
    """
    return nats + PIXELS * math.log(LEVELS / units)


def fairness(rows: Sequence[Row]) -> dict[str, Any] | None:
    """Return a question with this picture's numbers, and what else must be known; None without both kinds of pixels."""
    by = {space: [row for row in rows if row["space"] == space] for space in ("levels", "binary")}
    if not all(by.values()):
        return None
    bounds = [row for row in by["binary"] if row["kind"] == "bound"]
    grey, binary = (max(each, key=lambda row: row["nats"]) for each in (by["levels"], bounds or by["binary"]))
    second = f"{'a bound' if binary['kind'] == 'bound' else 'another'} says {with_sign(binary['nats'])}"
    return {
        "title": "Is larger better?",
        "text": f"A network of continuous pixels says log p(x) = {with_sign(as_density(grey['nats'], 1))} nats of this "
        f"picture; {second} nats. Is the first network better, and what else must you know?",
        "more": "Think first, then see what else must be known",
        "list": [*reasons(grey, binary), FAIR],
    }


def reasons(grey: Row, binary: Row) -> list[str]:
    """Return what else must be known about two figures, in the order in which to ask."""
    units = ", ".join(f"{with_sign(as_density(grey['nats'], many))} for {name}" for many, name in UNITS)
    whose = "bound on the " if grey["kind"] == "bound" else ""
    exact = {"estimate": "It is an estimate, as its log Z is one.", "exact": "It is exact."}.get(binary["kind"])
    return [
        f"In which unit? The first number is a density: it is {grey['title']}'s {whose}probability of 256 levels, "
        f"{with_sign(grey['nats'])} nats, spread evenly over the bins. That is {units}. A density may exceed 1, so its "
        "log may be positive: the sign means nothing.",
        f"Of which pixels? The second is {binary['title']}'s probability of one of 2⁷⁸⁴ black and white pictures, the "
        "first is about grey ones. These are different pictures.",
        f"Exact or a bound? {exact or of_gap(binary)}",
        "On which images? One is an anecdote: a card averages over all 10,000 test images, prepared alike.",
    ]


def of_gap(row: Row) -> str:
    """Return what a bound leaves open, and how much that is where it was measured."""
    said = "It is a bound: the true log p(x) is higher"
    gap = (nll(read_card(row["net"]), checkpoints.load(row["net"]).space) or {}).get("gap")
    if not gap:
        return f"{said}, and the bound alone does not say by how much."
    page = f", and {num(gap['blank'], 0)} nats on a blank page" if "blank" in gap else ""
    return (
        f"{said}. With two latent dimensions the gap can be computed: {num(gap['value'], 1)} ± {num(gap['se'], 1)} "
        f"nats on average over {gap['n']} test images{page}. Encode, in the {row['title']}'s tab, computes it for any "
        "image."
    )
