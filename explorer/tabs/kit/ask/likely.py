"""Likelihood question: log p(x) of one picture by several networks, with the bars and the sentences about all of them.

An answer about several networks shows those that are computed by then, so the page asks again until all are there.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from torch import Tensor

from explorer import data, verdicts
from explorer.models.model import Model
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.drawn import Bar, Images
from explorer.numbers.figures import nll
from explorer.numbers.ranking import BOUNDS
from explorer.numbers.trained import read_card
from explorer.numbers.words import num, pair
from explorer.questions import Cannot, anomaly, because, likelihood
from explorer.running.device import device_of
from explorer.spaces import PLANE
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.likelihoods import SPACES, Row, Waiting, cost, fairness, words_of
from explorer.tabs.kit.ask.nets import UNTRAINED, AnyNet, Networks, dataset_of, is_untrained, title_of
from explorer.tabs.kit.ask.readings import word_ids
from explorer.tabs.kit.ask.readings import words_of as words_of_scene
from explorer.tabs.kit.ask.scores import HIGH, SCORE_UNITS, histograms, named
from explorer.tabs.kit.layout import fields, parts
from explorer.tabs.kit.layout.fields import Image, Parts, Picture, Words

SIGNS = {"exact": "=", "bound": "≤", "estimate": "≈"}
COST = Figure("−log p(x)", unit="nats")
PER_DIMENSION = Figure("a dimension", unit="bits")
HEADS = (COST,)
"""Names of pictures in a sentence, by their kind."""
THIS = "this picture"
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
INTEGRATED = "Z is integrated over the plane, on a grid. For images this cannot be done: only ratios are exact there."
DEQUANTISED = "A flow's density is exact; the probability of 256 grey levels is only bounded. "


def network_input(model: Model, picture: Image) -> Tensor:
    """Return a picture as the input of the network: (1, *shape)."""
    return data.read(picture, model.space).to(device_of(model))


@functools.partial(heavy, borrows=True)  # log p(x) by an ODE takes seconds
def ask_likelihood(net: AnyNet, picture: Picture, words: Words = None) -> Answer:
    """Return log p(x) of a picture: exact, a bound or an estimate; or the reason for its absence.

    Of a network of codes it is that of the picture's codes, given its words unless there are others. The answer also
    contains the log-density of the true data distribution in nats, where it is known.
    """
    model = checkpoints.load(net)
    space = {"space": space_of(model), "known": true_log_density(dataset_of(net), picture)}
    try:
        if is_of_codes(model):
            ids = word_ids(model, words_of_scene(picture) if words is None else words)
            found = likelihood.ask_codes(model, network_input(model, picture), ids)
        else:
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


def is_of_codes(model: Model) -> bool:
    """Return whether a model has log p of the codes of x alone."""
    return likelihood.kind(model) is None and likelihood.kind_of_codes(model) is not None


def space_of(model: Model) -> str:
    """Return the name of what a model's log p is about: its space, or "codes"."""
    return "codes" if is_of_codes(model) else model.space.name


def is_able(model: Model) -> bool:
    """Return whether a model has log p of x or of its codes."""
    return is_of_codes(model) or likelihood.kind(model) is not None


@functools.lru_cache(maxsize=1_000)
def row_of(net: str, picture: Image, words: str | None = None) -> Row | str:
    """Return the answer of a network, which the answers about several networks repeat, or why it has none."""
    answer: Answer = ask_likelihood.plain(net, picture, words)
    if answer.view["nats"] is None:
        return answer.words or ""
    return cast(Row, {"net": net, "title": title_of(net), **answer.view})


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
    drawn_from = getattr(data.DATASETS.get(dataset), "mixture", None)
    return drawn_from and float(drawn_from.log_prob(data.read(picture, PLANE)))


@functools.partial(heavy, borrows=True)
def ask_likely(nets: Networks, parts: Parts, picture: Picture, words: Words = None) -> Answer:
    """Return log p(x) of a picture by the first `parts` of the networks that can compute it, or compare pictures.

    The answer says whether there are `more`, and why each of the other networks gives no value.
    """
    models, silent = load_models(nets)
    able = {net: model for net, model in models.items() if is_able(model)}
    asked = [*able, *(net for net, model in models.items() if likelihood.has_ratios(model))]
    found = {net: row_of(net, picture, words) for net in asked[:parts]}
    able = {net: model for net, model in able.items() if not isinstance(found.get(net), str)}
    for net, model in models.items():
        if net not in able:
            why = found.get(net) or because(model, "log_prob")
            silent.append({"net": net, "title": title_of(net), "words": f"{why}."})
    computed = {net: row for net, row in found.items() if not isinstance(row, str)}
    rows = [computed.get(net) or waiting(net, model) for net, model in able.items()]
    there = [row for row in rows if "kind" in row]
    spaces = [space for space in SPACES if any(row["space"] == space for row in rows)]
    without = {} if words == "" else without_words(there, picture)
    fair = [row for row in there if row["space"] != "plane"]
    cards = among_tests(there[0], models) if there else []
    beside = picture if len(models) > 1 or cards else None
    groups = [
        group(space, [row for row in rows if row["space"] == space], models, beside, is_first=not k, more=without)
        for k, space in enumerate(spaces)
    ]
    return Answer(
        likely_figures(there if len(models) == 1 else []),
        (DEQUANTISED if there and is_dequantised(models) else "")
        + words_of(there, name_of(picture))
        + (f" {INTEGRATED}" if there and is_integrated(models) else "")
        + saved_by_words(there, without),
        Table(
            [as_columns(row) for row in there] + [as_columns(row, ", no words") for row in without.values()], [*COLUMNS]
        ),
        grids=[] if cards else alone(models, picture),
        more=parts < len(asked),
        view={
            "groups": groups,
            "cards": cards,
            "silent": {"title": "Cannot", "rows": silent, "open": not able},
            "aside": fairness(fair),
        },
    )


def as_columns(row: Row, about: str = "") -> dict[str, Any]:
    """Return a row of the table; `about` follows the name of its network."""
    return {column: row[key] for column, key in COLUMNS.items()} | {"network": f"{row['net']}{about}"}


def waiting(net: str, model: Model) -> Waiting:
    """Return the row of a network whose answer is not there yet."""
    return {"net": net, "title": title_of(net), "space": space_of(model)}


def without_words(rows: Sequence[Row], picture: Image) -> dict[str, Row]:
    """Return the rows of networks of codes without any words, by network; empty if none is of codes."""
    found = {row["net"]: row_of(row["net"], picture, "") for row in rows if row["space"] == "codes"}
    return {
        net: cast(Row, {**row, "title": f"{row['title']}, no words"})
        for net, row in found.items()
        if not isinstance(row, str)
    }


def saved_by_words(rows: Sequence[Row], without: Mapping[str, Row]) -> str:
    """Return how many nats the words save each exact network of codes, as a sentence; empty without any."""
    saved = [(row, row["nats"] - without[row["net"]]["nats"]) for row in rows if row["net"] in without]
    return "".join(
        f" The words {verdicts.sized(nats, larger='save', smaller='cost')} {row['title']} {num(abs(nats), 1)} nats."
        for row, nats in saved
        if row["kind"] == "exact" and nats
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
            broken.append(
                {"net": net, "title": title_of(net), "words": f"{UNTRAINED}." if is_untrained(net) else str(error)}
            )
    return models, broken


def alone(models: Mapping[str, Model], picture: Image) -> list[Images]:
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
    if kind == "test" and of[1] == data.SCENES.name:
        return "the test scene"
    return fields.name_of(picture) if kind in ("bits", "test") else f"the point {pair(cast(Sequence[float], of[0]))}"


def group(
    space: str,
    rows: Sequence[Row | Waiting],
    models: Mapping[str, Model],
    picture: Image | None,
    is_first: bool,
    more: Mapping[str, Row] = {},
) -> dict[str, Any]:
    """Return the networks of a space as bars, the likeliest first; those without an answer yet stand last.

    `more` are further rows of some networks, which stand beside theirs.

    A `picture` stands beside them, as the networks are fed it.
    """
    name, what = SPACES[space]
    there = sorted((row for row in rows if "kind" in row), key=lambda row: -row["nats"])
    in_line = [row for row in rows if "kind" not in row]
    net = rows[0]["net"]
    usual = mean_of(net, models[net]) if len(models) == 1 else []
    others = [more[row["net"]] for row in there if row["net"] in more]
    most = max([1.0, *(-row["nats"] for row in (*there, *usual, *others))])
    shorter = name.removesuffix(" pixels").replace("grey levels", "greys")
    short = f"{shorter}: {'−log p(x), nats' if is_first else 'nats, own scale'}"
    compared = "These figures may not be compared with those of other groups."
    if len(rows) > 1:
        bounded = any(row["kind"] == "bound" for row in there)
        compared = f"Exact values may be compared. {BOUNDS}" if bounded else "These figures may be compared."
    return {
        "name": f"{name}: −log p(x) in nats" if len(models) == 1 else short,
        "rows": beside(rows[0], usual, most)
        if usual
        else [
            *(each for row in there for each in [bar(row, most), *aside_of(row, more, most)]),
            *(bar(row, most) for row in in_line),
        ],
        "note": what if len(models) == 1 else f"{what} {compared}",
        "image": picture and pixels(models[net], picture),
    }


def beside(row: Row | Waiting, usual: Sequence[Row], most: float) -> list[Bar]:
    """Return the bar of this picture, and beside it those of the test set: all are of one network."""
    bars: list[Bar] = [{**bar(row, most), "title": THIS}, *(bar(each, most) for each in usual)]
    return [{**each, "net": None} for each in bars]


def aside_of(row: Row, more: Mapping[str, Row], most: float) -> list[Bar]:
    """Return the bar of a network's further row; none if it has none."""
    return [{**bar(more[row["net"]], most), "net": None}] if row["net"] in more else []


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


def mean_of(net: str, model: Model) -> list[Row]:
    """Return the mean over the test set as a row to compare one picture with; empty if it was not measured."""
    found = nll(read_card(net), model.space)
    if not found:
        return []
    per_dim = found["value"] / model.space.dim / math.log(2)
    row = {"kind": found["kind"], "nats": -found["value"], "se": found["se"], "bits_per_dim": per_dim}
    named = {"net": net, "title": "test-set mean", "space": model.space.name}
    return [cast(Row, named | row | bar_texts(row))]


def bar(row: Row | Waiting, most: float) -> Bar:
    """Return the bar of a network, hatched if the value is a bound; `most` is the longest."""
    if "kind" not in row:
        return {"net": row["net"], "title": row["title"], "text": "waiting"}
    long = max(0.0, -row["nats"]) / most
    said: Bar = {
        "net": row["net"],
        "title": row["title"],
        "text": row["text"],
        "kind": row["kind"],
        "says": row["says"],
    }
    return {**said, "hatched": long} if row["kind"] == "bound" else {**said, "share": long}


def bar_texts(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the number beside the bar of a likelihood, and the same in full words."""
    return {
        "text": f"{SIGNS[row['kind']]} {num(-row['nats'], 1)}",
        "says": f"{row['kind']}: {cost(row)} nats, {num(row['bits_per_dim'], 3)} bits/dim",
    }


def likely_figures(rows: Sequence[Row]) -> list[Figure]:
    """Return the value of one network as the headline, with its bits per dimension; several have bars instead."""
    if len(rows) != 1:
        return [COST.unknown]
    (row,) = rows
    return [
        COST.of(f"{SIGNS[row['kind']]} {cost(row)}"),
        PER_DIMENSION.of(f"{SIGNS[row['kind']]} {num(row['bits_per_dim'], 3)}"),
    ]
