"""Data of flow matching in the plane for the stage: the weights, the known density, and figures."""

from typing import Any

from explorer.data.toys import TOYS
from explorer.measures.plane_flow_matching import FEW
from explorer.models.plane_flow_matching import COUPLINGS, NO_SCORE
from explorer.networks.card import Card, find, rows
from explorer.numbers.answer import FINDING, Figure, Report
from explorer.numbers.words import num, percent
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout import parts

TITLES = {
    "independent": "independent",
    "ot": "minibatch OT",
    "reflow-1": "reflow, once",
    "reflow-2": "reflow, twice",
}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of networks of points, the known density, and figures by coupling."""
    dataset = dataset_of(net)
    if dataset not in TOYS:
        return {}
    known = {"means": parts.rounded(TOYS[dataset].means.tolist()), "sigma": TOYS[dataset].sigma}
    figures = {row["of"]: figures_of(card, row["of"]) for row in rows(card, "straightness")}
    limit = {row["of"]: row["value"] for row in rows(card, "squared_energy_distance_limit")}
    weights = f"pretrained/{net}/model.safetensors?v={card.get('sha256', '')[:12]}"
    known_ends = figures | ({"limit": limit["data"]} if limit else {})
    return known | {
        "weights": weights,
        "figures": parts.rounded(figures),
        "scoreless": {of: scoreless(figures, of) for of in figures},
        "reflow": {str(few): reflow_props(known_ends, few) for few in FEW} if limit else {},
    }


def scoreless(figures: dict[str, Any], coupling: str) -> str:
    """Return why a velocity of a coupling gives no score, and how wrong the formula is."""
    why = f"The score does not, because {NO_SCORE}."
    if "score_error" not in figures[coupling]:
        return why
    own, usual = (percent(figures[of]["score_error"]) for of in (coupling, "independent"))
    return (
        f"{why} At t = 0.5 the formula is off by {own} of the true score here, and by {usual} for independent pairs "
        "(root mean square over 500 points)."
    )


def reflow_props(figures: dict[str, Any], few: int) -> dict[str, Any]:
    """Return the figures and sentences of few Euler steps as the page gets them."""
    props = reflow_report(figures, few).to_props()
    return props | {"numbers": [[*each] for each in props["numbers"]]}


def reflow_report(figures: dict[str, Any], few: int) -> Report:
    """Return what few Euler steps lose as figures, that of independent pairs first, and the sentences."""
    off = {of: figures[of]["ends"][str(few)]["off"] for of in TITLES}
    best = min(TITLES, key=lambda of: off[of])
    finding = FINDING.of(f"Fewest points end off the data with {TITLES[best]}: {percent(off[best], 1)}.")
    each = [Figure(f"{title}: ends off the data", percent(off[of], 1)) for of, title in TITLES.items()]
    numbers = [finding, *each]
    return Report(numbers, reflow_words(figures, few))


def reflow_words(figures: dict[str, Any], few: int) -> str:
    """Describe the ends of few Euler steps, before and after reflow."""
    ends = {of: figures[of]["ends"][str(few)] for of in COUPLINGS}
    off = {of: percent(each["off"], 1) for of, each in ends.items()}
    *far, transported = (
        f"{num(ends[of]['distance'], 4)} ± {num(ends[of]['distance_se'], 4)}"
        for of in ("independent", "reflow-1", "reflow-2", "ot")
    )
    steps = f"{few} Euler step{'s' * (few != 1)}"
    why = f"In {few} steps a bent path is cut short at each corner, a straight one is not."
    if few == 1:
        why = (
            "In one step all points take the mean velocity of the lines that begin where they are: from independent "
            "pairs that leads near the middle of the data."
        )
    return (
        f"After {steps} {off['independent']} of the independent field's ends are off the data. After one round of "
        f"reflow it is {off['reflow-1']}, after two {off['reflow-2']}, and with minibatch OT {off['ot']}. {why} The "
        f"squared energy distances D² to fresh data are {', '.join(far)} and {transported}, and 95 % of fresh samples "
        f"stay below {num(figures['limit'], 4)}. Each round learns from the one before, errors included."
    )


def figures_of(card: Card, coupling: str) -> dict[str, Any]:
    """Return the figures of a coupling, and the distance of its ends from the data by number of Euler steps."""
    found = {name: find(card, name, of=coupling)["value"] for name in ("straightness", "residual", "detour")}
    for row in rows(card, "score_error", of=coupling):
        found["score_error"] = row["value"]
    ends: dict[str, dict[str, float]] = {}
    for row in rows(card, "off", of=coupling):
        ends.setdefault(str(row["steps"]), {})["off"] = row["value"]
    for row in rows(card, "squared_energy_distance", of=coupling):
        ends[str(row["steps"])] |= {"distance": row["value"], "distance_se": row["se"]}
    return found | {"ends": ends}
