"""*Disentangling*: shapes with known factors: which latent holds which."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Annotated, Any

import torch

from explorer import data, verdicts
from explorer.data import shapes
from explorer.fields import Field, OneOf, Whole
from explorer.measures.disentangling import gap, information
from explorer.models.small_vae import SmallVAE
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card, rows
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.rows import join_words
from explorer.numbers.words import num, percent
from explorer.running.device import device_of
from explorer.spaces import BINARY
from explorer.spaces.packing import to_bytes
from explorer.steps import round_numbers
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae_room.shared import SHAPE_LATENTS, SHAPES, VAE_ROOM_FEW, traverse

BETAS = ("0.5", "1", "2", "4", "8", "16")
BETA = Field("beta", OneOf(BETAS), "1", "β")
KNOWN = Field(
    "known",
    Whole(0, SHAPE_LATENTS - 1),
    0,
    "the latent",
    "By its total information about the factors, the largest first",
)
Known = Annotated[int, KNOWN]
Beta = Annotated[str, BETA]
Information = Sequence[Sequence[float]]
"""Share of the entropy of each factor that a latent encodes, by latent and factor."""
SAYS = 0.02  # of a factor's entropy
WRITTEN = 0.1  # of it, at least, is written in the matrix; the tint shows less
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
DISENTANGLE_MIXED = 0.25  # of the share that a latent encodes best
DISENTANGLE_LEGEND = "Share of the factor's entropy"
MIG = Figure("mutual information gap, MIG", unit="of 1")
TURNED = Figure("with randomly rotated latents", unit="of 1")
LOST = Figure("factors that no latent encodes", digits=0)
HEADS = (FINDING, MIG, TURNED, LOST)
SIDES = {"above": 1, "below": -1}


def shape_vae(beta: str) -> SmallVAE:
    """Load the network of shapes trained with a β, of the first seed."""
    kept = checkpoints.snapshots_of(SHAPES)["snapshots"]
    index = next((index for index, row in enumerate(kept) if f"{row.get('beta', 0):g}" == beta), None)
    if index is None:
        raise ValueError(f"there is no network with β = {beta} here")
    return checkpoints.snapshot(SHAPES, index)


@light
def one_shape(beta: Beta, seed: Seed, known: Known) -> Answer:
    """Draw a shape of the grid by a seed; return its factors, its code, and rows of images with one latent moved each.

    There is a row for each latent that knows most of some factor, and one for the chosen latent.
    """
    model, generator = shape_vae(beta), rng(seed)
    places = torch.stack([torch.randint(levels, (), generator=generator) for levels in shapes.LEVELS.values()])
    factors = shapes.at(places.unsqueeze(0))
    x = data.binarise(shapes.draw(factors).pixels(), seed=seed).to(device_of(model))
    card = cards.of(SHAPES)
    information, named = card["information"][beta], list(shapes.FACTORS)
    order = order_of(information)
    most = [best_two(information, k)[0] for k in range(len(named))]
    with torch.no_grad():
        q = model.encode(x)

        def row(latent: int) -> str:
            return to_bytes(model.decode(traverse(q.mean[0], latent, VAE_ROOM_FEW)).mean)

        strips = [{"name": "Shape, rebuilt", "images": to_bytes(torch.cat([x, model.decode(q.mean).mean]))}]
        for place in sorted({known, *map(order.index, most)}):
            latent = order[place]
            of, chosen = clear_factors(named, information[latent]), place == known
            name = f"{symbol(place)}{', chosen' * chosen}{f': {of}' * bool(of)}"
            strips.append({"name": name, "images": row(latent), "says": f"latent {place + 1} from −3 to 3"})
    view = {
        "factors": round_numbers(factors[0]),
        "mu": round_numbers(q.mean[0].detach()),
        "sigma": round_numbers(q.stddev[0].detach()),
    }
    pictures = {"x": BINARY.encode(x), "out": to_bytes(model.decode(q.mean).mean.detach())}
    return latents_answer(card, named, beta, known) | Answer(strips=strips, pictures=pictures, view=view)


def half_width(values: Sequence[float]) -> float | None:
    """Return half a 95 % interval for the mean of some values; None with fewer than two."""
    n = len(values)
    return verdicts.critical(n - 1) * verdicts.of_values(values).se if n > 1 else None


def gaps(card: Card, name: str = "mig") -> dict[str, list[float]]:
    """Return the gaps of the seeds of each measured β."""
    found = {beta: [row["value"] for row in rows(card, name, beta=float(beta))] for beta in BETAS}
    return {beta: values for beta, values in found.items() if values}


def order_of(information: Information) -> list[int]:
    """Return the latents by all that they know of the factors, the most first."""
    return sorted(range(len(information)), key=lambda latent: -sum(information[latent]))


def best_two(information: Information, factor: int) -> tuple[int, int]:
    """Return the two latents that know most of a factor."""
    first, second, *_ = sorted(range(len(information)), key=lambda latent: -information[latent][factor])
    return first, second


def latents_answer(card: Card, factors: Sequence[str], beta: str, known: int) -> Answer:
    """Describe the networks of a β, and one of their latents."""
    information: Information = card["information"][beta]
    order, measured, turned = order_of(information), gaps(card), gaps(card, "mig_turned")
    lost = [name for k, name in enumerate(factors) if information[best_two(information, k)[0]][k] < SAYS]
    own = measured[beta]
    half = half_width(own)
    table = [
        {"latent": k + 1}
        | {f"share of the {name}'s entropy": share for name, share in zip(factors, information[latent], strict=True)}
        for k, latent in enumerate(order)
    ]
    return Answer(
        [
            FINDING.of(axes_words(own, turned.get(beta, []))),
            MIG.of(num(fmean(own)) + (f" ± {num(half)}" if half else "")),
            TURNED.of(fmean(turned[beta]) if beta in turned else None),
            LOST.of(len(lost), f"of {len(factors)}"),
        ],
        " ".join(filter(None, sentences(measured, turned, factors, information, beta, known))),
        Table(table),
        charts=[chart(measured, turned, beta)],
        stops={
            "beta": [(math.log2(float(each)), each) for each in measured],
            "known": [*enumerate(range(len(order)))],
        },
        matrix={
            "head": factors,
            "rows": matrix_rows([information[latent] for latent in order], factors, known),
            "legend": DISENTANGLE_LEGEND,
        },
    )


def symbol(place: int) -> str:
    """Return the symbol of a latent by its place in the order, z₁ for 0."""
    return f"z{place + 1}".translate(SUBSCRIPTS)


def clear_factors(factors: Sequence[str], shares: Sequence[float]) -> str:
    """Return the factors that the matrix has a number for, of a latent."""
    return " and ".join(name for name, share in zip(factors, shares, strict=True) if share >= WRITTEN)


def matrix_rows(shares: Information, factors: Sequence[str], known: int) -> list[dict[str, Any]]:
    """Return a row for as many latents as factors, for more that know something, and for the chosen one.

    A cell leads to its latent.
    """

    def cell(place: int, name: str, share: float) -> dict[str, Any]:
        says = f"Latent {place + 1} encodes {percent(max(0, share))} of the {name}"
        kind = {"kind": "now"} if place == known else {}
        text = num(share) if share >= WRITTEN else ""
        return {"text": text, "says": says, "share": max(0, share), "sets": {"known": place}} | kind

    return [
        {"name": symbol(place), "cells": [cell(place, name, share) for name, share in zip(factors, own, strict=True)]}
        for place, own in enumerate(shares)
        if place < len(factors) or place == known or max(own) >= SAYS
    ]


def chart(measured: Mapping[str, list[float]], turned: Mapping[str, list[float]], beta: str) -> Chart:
    """Return the chart of the gap by β, with 95 % intervals, over that of latents turned at random."""
    at = {each: math.log2(float(each)) for each in measured}
    means = {each: fmean(values) for each, values in measured.items()}
    halves = {each: half_width(values) or 0 for each, values in measured.items()}
    top = 1.05 * max(0.2, *(means[each] + halves[each] for each in means))
    bars = [
        {
            "points": [(at[each], max(0, means[each] + sign * halves[each])) for sign in (-1, 1)],
            "colour": "you" if each == beta else "quiet",
            "width": 4,
        }
        for each in measured
    ]
    by_chance = [(at[each], fmean(turned[each])) for each in measured if each in turned]
    named = [*measured]
    return Chart(
        x=Axis(ends=[min(at.values()) - 0.3, max(at.values()) + 0.3], ticks=[at[each] for each in named], names=named),
        y=Axis("MIG by β, 95 % intervals", note="dashed: chance", ends=[0, top]),
        lines=[
            {"points": by_chance, "colour": "ink", "dash": [4, 4]},
            *bars,
            {"points": [(at[each], means[each]) for each in measured], "colour": "quiet"},
        ],
        cursor=at[beta],
        dot=[at[beta], means[beta]],
        words=f"β = {beta} reaches {num(means[beta])}",
    )


def sentences(
    measured: Mapping[str, list[float]],
    turned: Mapping[str, list[float]],
    factors: Sequence[str],
    information: Information,
    beta: str,
    known: int,
) -> list[str]:
    """Return the sentences of a β and a latent of its order."""
    own, half = measured[beta], half_width(measured[beta])
    seeds = f"the mean of {len(own)} seeds" if len(own) > 1 else "with one seed"
    lost = [name for k, name in enumerate(factors) if information[best_two(information, k)[0]][k] < SAYS]
    return [
        f"At β = {beta} the gap is {num(fmean(own))}{f' ± {num(half)}' if half else ''}, {seeds}.",
        latent_words(factors, information[order_of(information)[known]], known),
        f"No latent has information about the {join_words(lost, 'or the')}." if lost else "",
        best_beta(measured) if beta == "1" else gap_words(own, measured.get("1", [])),
        chance_words(own, turned.get(beta, [])),
    ]


def latent_words(factors: Sequence[str], shares: Sequence[float], place: int) -> str:
    """Return the shares of the factors that a latent encodes, in words."""
    found = sorted(((share, name) for share, name in zip(shares, factors, strict=True) if share >= SAYS), reverse=True)
    if not found:
        return f"Latent {place + 1} has no information about any factor."
    said = join_words([f"{percent(share)} of the {name}" for share, name in found])
    most, second, *_ = sorted(shares, reverse=True)
    whole = "mostly the first" if second < DISENTANGLE_MIXED * most else "which it mixes"
    return f"Latent {place + 1} encodes {said}{f', {whole}' if len(found) > 1 else ' alone'}."


def gap_words(own: Sequence[float], plain: Sequence[float]) -> str:
    """Compare the gap with that of β = 1."""
    if not plain:
        return ""
    return verdicts.sized(
        verdicts.compare(*map(verdicts.of_values, (own, plain))).sign,
        larger="That is more than with β = 1.",
        smaller="That is less than with β = 1.",
        tie="With so few seeds, that cannot be distinguished from β = 1.",
    )


def beside_one(card: Card) -> str:
    """Return at which β the gap is measured to be above or below that of β = 1; all others are compared with it."""
    measured = gaps(card)
    plain = measured.pop("1")
    signs = {
        beta: verdicts.compare(*map(verdicts.of_values, (own, plain)), len(measured)).sign
        for beta, own in measured.items()
    }
    sides = {side: [beta for beta, sign in signs.items() if sign == wanted] for side, wanted in SIDES.items()}
    said = [f"at β = {join_words(found)} {side}" for side, found in sides.items() if found]
    left = len(measured) - sum(map(len, sides.values()))
    return f"{join_words(said) if said else 'none'}; chance may explain the other {left} of {len(measured)} differences"


def best_beta(measured: Mapping[str, list[float]]) -> str:
    """Return the β with the largest mean gap, or all that tie with it, beside the last β."""
    means = {beta: num(fmean(values)) for beta, values in measured.items()}
    first = verdicts.best_of({beta: verdicts.of_values(values) for beta, values in measured.items()})
    top, last = max(measured, key=lambda beta: fmean(measured[beta])), [*measured][-1]
    if len(first) == 1:
        return f"The largest mean is at β = {top}, {means[top]}; at β = {last} it is {means[last]}."
    asked = verdicts.pairs_of(len(measured))
    return (
        f"The mean is {means[top]} at β = {top} and {means[last]} at β = {last}. Chance may explain that β = "
        f"{join_words(first)} differ; {asked} pairs were compared."
    )


def axes_words(own: Sequence[float], turned: Sequence[float]) -> str:
    """Return whether single latents separate the factors better than axes turned at random do, as a sentence."""
    if not turned:
        return "Whether single latents separate the factors was not measured."
    return verdicts.ranked(
        verdicts.compare_pairs(own, turned).sign,
        least=False,
        better="Single latents separate the factors better than random axes.",
        worse="Single latents separate the factors worse than random axes.",
        tie="Single latents separate the factors no better than random axes.",
    )


def chance_words(own: Sequence[float], turned: Sequence[float]) -> str:
    """Compare the gap with that of the same codes along axes turned at random."""
    if not turned:
        return ""
    verdict = verdicts.ranked(
        verdicts.compare_pairs(own, turned).sign,
        least=False,
        better="its own axes are better than chance",
        worse="its own axes are worse than chance",
        tie="its axes are not shown to be better than chance",
    )
    return f"Along randomly rotated axes the same codes have {num(fmean(turned))}: {verdict}."


MODE = Mode(
    "disentangle",
    "Disentangling",
    "test",
    fields=[BETA, KNOWN],
    functions=[one_shape],
    panel=Panel(
        one_shape,
        controls=[
            [Control(BETA, "segments", "Weight β", options={beta: beta for beta in BETAS})],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Little pressure", {"beta": "0.5"}),
            ("Four times the KL", {"beta": "4"}),
            ("Too much of it", {"beta": "16"}),
        ],
        shows=Shows(
            "Which factors does each latent encode?",
            HEADS,
            charts=[("The mutual information gap by β", 366, "beta")],
            strips=[(2, 170), *[(7, 110)] * 6],
            matrix="The share of each factor's entropy that a latent encodes",
            beside=True,
        ),
    ),
    code={
        "Disentangling": [one_shape.plain, shapes.coverage, information, gap],
    },
)
