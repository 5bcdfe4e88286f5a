"""Data of flow matching in the plane for the stage: the weights, the known density, and figures."""

from typing import Any

from explorer.card import Card, find, rows
from explorer.data.toys import TOYS
from explorer.models.plane_flow_matching import NO_SCORE
from explorer.tabs.kit import parts
from explorer.tabs.kit.nets import dataset_of


def told(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of networks of points, the known density, and figures by coupling."""
    dataset = dataset_of(net)
    if dataset not in TOYS:
        return {}
    known = {"means": parts.brief(TOYS[dataset].means.tolist()), "sigma": TOYS[dataset].sigma}
    figures = {row["of"]: figures_of(card, row["of"]) for row in rows(card, "straightness")}
    weights = f"pretrained/{net}/model.safetensors?v={card.get('sha256', '')[:12]}"
    return known | {"weights": weights, "figures": parts.brief(figures), "noScore": NO_SCORE}


def figures_of(card: Card, coupling: str) -> dict[str, Any]:
    """Return the figures of a coupling, and the distance of its ends from the data by number of Euler steps."""
    found = {name: find(card, name, of=coupling)["value"] for name in ("straightness", "residual", "detour")}
    for row in rows(card, "score_error", of=coupling):
        found["score_error"] = row["value"]
    ends: dict[str, dict[str, float]] = {}
    for name, told in (("energy_distance", "distance"), ("off", "off")):
        for row in rows(card, name, of=coupling):
            ends.setdefault(str(row["steps"]), {})[told] = row["value"]
    return found | {"ends": ends}
