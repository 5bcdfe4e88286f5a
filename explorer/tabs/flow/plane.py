"""Data of the flows of points for the stage, and sentences on the figures of each kind and depth."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from explorer import data
from explorer.networks.card import Card, find, rows
from explorer.numbers.words import brief, num, percent
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.parts import number

MOONS = "flow-moons"
PIECES = {"moons": "moon to moon", "rings": "ring to ring", "eight-gaussians": "Gaussian to Gaussian"}
KINDS = {"additive": "additive (NICE)", "affine": "affine (RealNVP)", "spline": "spline"}
PLANE_LAYERS = 8  # of the flows in the table
Figures = Mapping[str, float]
THREADS = ("affine-4", "spline-4", "known")


def thread(cards: Mapping[str, Card], short: bool = False) -> str:
    """Describe the density of the bridge between the moons: four affine layers, four spline layers, known density.

    `short` leaves the splines out.
    """
    affine, spline, known = (math.exp(find(cards[MOONS], "bridge", of=of)["value"]) for of in THREADS)
    splines = "" if short else f", {number(spline)} by four splines"
    layers = f"{number(affine)} by four affine layers{splines}"
    return f"{layers}, {number(known)} under the known density"


READINGS = {"thread": thread, "thread_short": partial(thread, short=True)}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the address of the weights of flows of points, and what was measured of them; {} without any."""
    found = rows(card, "bridge")
    if not found:
        return {}
    figures = {row["of"]: {each["name"]: each["value"] for each in rows(card, of=row["of"])} for row in found}
    weights = f"pretrained/{net}/model.safetensors?v={card.get('sha256', '')[:12]}"
    known, dataset = figures.pop("known"), dataset_of(net)
    threads = {of: thread_words(each, known, dataset) for of, each in figures.items()}
    return {"weights": weights, "threads": threads, "trained": volume_table(figures, dataset)}


def kl(figures: Figures) -> str:
    """Return the KL divergence of the data from a flow, in nats."""
    return num(figures["kl"], 3 if figures["kl"] < 0.1 else 2)


def thread_words(flow: Figures, known: Figures, dataset: str) -> str:
    """Describe the mass between the modes of the data, of a flow and of the data's own density."""
    own, truth = (brief(math.exp(each["bridge"])) for each in (flow, known))
    return (
        f"A flow is continuous, so a thread of mass stays: the best path from {PIECES[dataset]} "
        f"leads through a density of {own}, in the data's own through {truth}. The model puts "
        f"{percent(flow['outside'], 2)} of its probability where hardly any data are, the data "
        f"{percent(known['outside'], 2)}; KL(p ‖ flow) is {kl(flow)} nats."
    )


def volume_table(figures: Mapping[str, Figures], dataset: str) -> dict[str, Any]:
    """Return a table of how eight trained layers of each kind change areas around test points, and what it says."""
    rows = [
        [name, *(num(found[f"volume_{which}"]) for which in ("least", "mean", "greatest")), kl(found)]
        for name, found in ((name, figures[f"{kind}-{PLANE_LAYERS}"]) for kind, name in KINDS.items())
    ]
    nice, real = figures[f"additive-{PLANE_LAYERS}"], figures[f"affine-{PLANE_LAYERS}"]
    least, greatest = (num(math.exp(real[f"volume_{which}"]), 1) for which in ("least", "greatest"))
    return {
        "title": f"Trained: eight layers, {data.DATASETS[dataset].title.lower()}",
        "head": ["", "least", "mean", "greatest", "KL"],
        "rows": rows,
        "words": "log |det J| from x to z around test points, and KL(p ‖ flow), in nats. “det J ≈ 1” is true of NICE "
        f"alone, exactly and everywhere, and that limits it: KL {num(nice['kl'])}. The layers of RealNVP change "
        f"areas by factors from {least} to {greatest}; what limits them is that they are bijections with a triangular "
        "Jacobian, not that volume is kept.",
    }
