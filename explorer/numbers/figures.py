"""Figures of a card that can be compared across families: the likelihood, and the accuracy under guidance."""

import math
from contextlib import suppress
from typing import Any

from explorer.models import FAMILIES
from explorer.networks.card import Card, Row, find, rows
from explorer.spaces import Space


def nll(card: Card, space: Space) -> dict[str, Any] | None:
    """Return the mean of −log p(x) over the test images, or of its bound, in nats; None if the card has neither.

    A card contains the exact value, the ELBO (of a β-VAE at β = 1), or bits per dimension.
    """
    ways = [("nll", {}, 1), ("-elbo", {"beta": 1}, 1), ("bits_per_dim", {}, space.dim * math.log(2))]
    for name, setting, nats in ways:
        with suppress(KeyError):
            row = find(card, name, **setting)
            figure = {"value": nats * row["value"], "se": nats * row["se"], "n": row["n"], "kind": row["kind"]}
            return figure | {"unit": "nats"} | gap(card) | ode_errors(card, nats)
    return None


def ode_errors(card: Card, nats: float) -> dict[str, Any]:
    """Return the errors of an ODE's likelihood in nats, and the likelihoods of the same images under other families.

    `paired` is the family's own figure minus the other's. The result is empty if no ODE is solved.
    """
    if not rows(card, "solver_error"):
        return {}
    families = [row["of"] for row in rows(card, "paired")]
    pairs = {family: [find(card, name, of=family) for name in ("bits_per_dim", "paired")] for family in families}
    return {
        "solver": nats * find(card, "solver_error")["value"],
        "probes": nats * find(card, "probe_error")["value"],
        "beside": [
            {"title": FAMILIES[family].title, "kind": figure["kind"], "value": nats * figure["value"]}
            | {"paired": nats * paired["value"], "se": nats * paired["se"]}
            for family, (figure, paired) in pairs.items()
        ],
    }


def gap(card: Card) -> dict[str, dict[str, Any]]:
    """Return the gap between the bound and log p(x), as far as it was measured.

    The gap is given for test images and for a blank page. `likelier` is the fraction of test images less likely than
    the blank page.
    """
    measured: dict[str, Any] = {}
    with suppress(KeyError):
        measured = _value_and_error(find(card, "gap", set="first"))
        measured["blank"] = find(card, "gap", set="blank")["value"]
        measured["likelier"] = _value_and_error(find(card, "likelier", set="blank", by="exact"))
    return {"gap": measured} if measured else {}


def settings(card: Card) -> list[dict[str, Any]]:
    """Return accuracy and diversity of guided samples for each guidance scale w > 1.

    The accuracy is the fraction of samples classified as the requested class. Its error is at least one image.
    """
    return [
        _value_and_error(row)
        | {"setting": f"w = {row['w']}", "pixels": "grey", "se": max(row["se"], 1 / row["n"])}
        | {"diversity": find(card, "diversity", w=row["w"])["value"]}
        for row in rows(card, "accuracy")
        if row.get("w", 0) > 1
    ]


def _value_and_error(row: Row) -> dict[str, float]:
    return {key: row[key] for key in ("value", "se", "n")}
