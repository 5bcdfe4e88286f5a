"""Data of the flows of points for the stage, and sentences on the figures of each kind and depth."""

import math
from collections.abc import Mapping
from typing import Any

from explorer.card import Card, find, rows
from explorer.tabs.kit import parts
from explorer.tabs.kit.parts import number

TOLD = ("kl", "bridge", "outside", "volume_least", "volume_mean", "volume_greatest")
MOONS = "flow-moons"


def told(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of flows of points, and their figures by kind and depth; else {}."""
    found = rows(card, "bridge")
    if not found:
        return {}
    figures = {row["of"]: {each["name"]: each["value"] for each in rows(card, of=row["of"])} for row in found}
    kept = {of: {name: each[name] for name in TOLD if name in each} for of, each in figures.items()}
    weights = f"pretrained/{net}/model.safetensors?v={card.get('sha256', '')[:12]}"
    return {"weights": weights, "figures": parts.brief(kept)}


def volumes(cards: Mapping[str, Card]) -> str:
    """Describe how eight affine layers change areas around test points of the moons."""
    least, greatest = (find(cards[MOONS], f"volume_{which}", of="affine-8")["value"] for which in ("least", "greatest"))
    return f"by factors from {number(math.exp(least))} to {number(math.exp(greatest))}"


def thread(cards: Mapping[str, Card]) -> str:
    """Describe the density of the bridge between the moons: four affine layers, four spline layers, known density."""
    affine, spline, known = (math.exp(find(cards[MOONS], "bridge", of=of)["value"]) for of in THREADS)
    return f"{number(affine)} by four affine layers, {number(spline)} by four splines, {number(known)} in truth"


THREADS = ("affine-4", "spline-4", "known")
READINGS = {"volumes": volumes, "thread": thread}
