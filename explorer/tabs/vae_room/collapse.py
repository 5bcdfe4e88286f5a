"""*By decoder*: latents that stop to say anything, by β and by decoder."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from explorer.fields import Field, OneOf
from explorer.networks import card as cards
from explorer.networks.card import Card
from explorer.numbers.answer import Answer, Axis, Chart, Table
from explorer.numbers.words import num
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae_room.shared import ELBO, RATE, RECORDED, RUN_ROWS, RUNS, USED, measured, run_figures, run_images

COLLAPSE = ("reach-1", "reach-3", "reach-5", "reach-7", "reach-11", "reach-11-free")
REACHED = Field("reach", OneOf(COLLAPSE), "reach-7", "the decoder")
Reach = Annotated[str, REACHED]
NEARLY_COLLAPSED = 1  # nats
RUN_COLUMNS = {"KL, nats": "rate", "ELBO, nats": "elbo", "bound by 50 draws, nats": "iwae", "used latents": "used"}
"""Figures of a run by the names of their columns."""
HEADS = (RATE, ELBO, USED)


def reach_of(run: str) -> int:
    """Return the side of the decoder's window, from the name of a run."""
    return int(run.split("-")[1])


WINDOWS = {run: f"{reach_of(run)} × {reach_of(run)}" for run in COLLAPSE}
WINDOWS |= {"reach-1": "none", "reach-11-free": "11 × 11, free bits"}


def collapse_answer(card: Card, runs: Sequence[str], run: str) -> Answer:
    """Describe what is left in z, for a decoder that sees a window of the pixels around."""
    own, none, reach = run_figures(card, run), run_figures(card, "reach-1"), reach_of(run)
    known = {each: run_figures(card, each) for each in runs if run_figures(card, each) and not each.endswith("free")}
    rates = {reach_of(each): row["rate"]["value"] for each, row in known.items()}
    bounds = {reach_of(each): -row["elbo"]["value"] for each, row in known.items()}
    rate, bound = own["rate"]["value"], -own["elbo"]["value"]
    charts = [
        by_window("KL in nats", rates, reach, rate, (0, 1.1 * max(rate, *rates.values()))),
        by_window("−ELBO in nats", bounds, reach, bound, padded_range([bound, *bounds.values()])),
    ]
    left = "Images of one code are nearly one image."
    if own["rate"]["value"] < NEARLY_COLLAPSED:
        left = (
            "The posterior has collapsed: z carries almost no information, and images of one code differ as any two do."
        )
    elif reach > 1:
        left = "Images of one code share the information that z still carries."
    said = [
        "This decoder sees no pixel: all dependence between pixels must come through z."
        if reach == 1
        else f"This decoder sees {(reach**2 - 1) // 2} pixels before each pixel, of a window of {reach} × {reach}.",
        "Every latent may use half a nat at no cost (free bits)." if run.endswith("free") else "",
        left,
        f"The KL is {num(own['rate']['value'], 1)} nats in {own['used']['value']:.0f} used latents, and −ELBO "
        f"{measured(-own['elbo']['value'], 1, own['elbo']['se'])}.",
        f"Without a window they are {num(none['rate']['value'], 1)} and {num(-none['elbo']['value'], 1)}."
        if reach > 1 and none
        else "",
    ]
    table = [
        {"run": each}
        | {column: run_figures(card, each).get(key, {}).get("value") for column, key in RUN_COLUMNS.items()}
        for each in runs
    ]
    return Answer(
        [
            RATE.of_row(own["rate"]),
            ELBO.of_row(own["elbo"], measured(bound, 1, own["elbo"]["se"])),
            USED.of_row(own["used"]),
        ],
        " ".join(filter(None, said)) + RECORDED,
        Table(table),
        charts=charts,
        stops={"reach": [(reach_of(each), each) for each in known]},
    )


def by_window(title: str, values: Mapping[int, float], reach: int, now: float, ends: tuple[float, float]) -> Chart:
    """Return a figure by the width of the decoder's window as a chart; it is `now` at the chosen width."""
    last = max(values)
    return Chart(
        x=Axis(unit="pixels", ends=[1, last], ticks=sorted({1, last // 2, last})),
        y=Axis(title, "by width of window", ends=ends),
        lines=[{"points": [*values.items()], "colour": "ink"}],
        cursor=reach,
        dot=[reach, now],
        words=f"{num(now, 1)} with a window of {reach}",
    )


def padded_range(values: Sequence[float]) -> tuple[float, float]:
    """Return a range with room around some values."""
    room = 0.08 * (max(values) - min(values)) or 1
    return min(values) - room, max(values) + room


@light
def collapse(run: Reach) -> Answer:
    """Return a run by what its decoder sees: its images, and its figures beside those of the others."""
    return run_images(run) | collapse_answer(cards.of(RUNS), COLLAPSE, run)


MODE = Mode(
    "collapse",
    "By decoder",
    "understand",
    entry="Posterior collapse",
    fields=[REACHED],
    functions=[collapse],
    panel=Panel(
        collapse,
        controls=[[Control(REACHED, "segments", "Pixels that the decoder sees", options=WINDOWS)]],
        named={"run": REACHED},
        tries=[
            ("A decoder that sees no pixel", {"reach": "reach-1"}),
            ("Five rows, and free bits", {"reach": "reach-11-free"}),
        ],
        shows=Shows(
            "The more context the decoder has, the less it uses z",
            HEADS,
            charts=[("The KL by the decoder's reach", 285, "reach"), ("−ELBO by the decoder's reach", 285, "reach")],
            strips=RUN_ROWS,
            beside=True,
        ),
    ),
)
