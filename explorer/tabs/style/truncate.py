"""*Truncate*: precision and recall when each style moves towards the mean."""

from explorer.fields import Field, Real
from explorer.measures import stylegan as measures
from explorer.measures.stylegan import PSIS, classes_of, generate
from explorer.models.stylegan import StyleGAN
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Each, Figure
from explorer.numbers.rows import share
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Grid, Panel, Shows
from explorer.tabs.style.shared import CLOTHES, SEEDS, StyleNet, figure_of, grid, judge_of

PSI = Field("psi", Real(0, 1), 0.7, "the truncation ψ", "0 is the mean of w, 1 leaves w as it is")
SHEET = 16  # truncated samples
LABELS = {"precision": "precision: realism", "recall": "recall: variety"}
RECALL_COLOUR = 3  # the class whose colour a curve has beside one in ink
PRECISION = Figure("precision: samples that look real")
RECALL = Figure("recall: real images covered")
VARIETY = Figure("different classes among these images")
HEADS = (PRECISION, RECALL, VARIETY)


@heavy
def truncate(net: StyleNet, seed: Seed) -> Answer:
    """Return samples at every truncation ψ, and the precision and recall that were measured at each."""
    model, judge = checkpoints.load(net), judge_of(net)
    z, noise = model.codes(SHEET, rng(seed)), model.noise(SHEET, rng(seed + 1))
    steps = []
    for psi in PSIS:
        x = generate(model, model.w_of(z, psi), noise)
        count = len(classes_of(judge, x).unique())
        precision, recall = (figure_of(net, name, "± %", psi=psi) for name in ("precision", "recall"))
        shares = f"At ψ = {psi:g}, precision is {precision} and recall {recall}."
        words = f"{shares} {truncation_words(psi, count)}"
        numbers = [PRECISION.of(precision), RECALL.of(recall), VARIETY.of(str(count))]
        steps.append(grid(x) | Answer(charts=[{"cursor": psi}], numbers=numbers, words=words))
    stops = {"psi": [(psi, psi) for psi in PSIS]}
    return Answer(charts=[precision_recall_chart(net)], stops=stops, each=Each("psi", PSIS, steps))


def precision_recall_chart(net: str) -> Chart:
    """Return a chart of the measured precision and recall by ψ, with bands of 95 %."""
    curves = {
        name: (found, colour)
        for name, colour in (("precision", "ink"), ("recall", RECALL_COLOUR))
        if (found := curve(net, name))
    }
    bands = [
        {
            "points": [*((x, low) for x, _, low, _ in found), *((x, high) for x, *_, high in found[::-1])],
            "colour": colour,
        }
        for found, colour in curves.values()
    ]
    lines = [
        {"points": [(x, y) for x, y, *_ in found], "colour": colour, "label": LABELS[name], "at": len(found) // 2}
        for name, (found, colour) in curves.items()
    ]
    ends = ", ".join(f"{name} {found[0][1]:.2f} to {found[-1][1]:.2f}" for name, (found, _) in curves.items())
    return Chart(
        x=Axis(ticks=(0, 0.5, 1), names=["0", "0.5", "ψ = 1"]),
        y=Axis("share of images", note="bands: 95 %", ticks=(0, 0.5, 1)),
        areas=bands,
        lines=lines,
        words=f"from ψ = 0 to 1, {ends}",
    )


def truncation_words(psi: float, classes: int) -> str:
    """Describe sixteen truncated samples."""
    if psi == 0:
        return "All images have the mean of w: they differ only in their noise."
    every = "w is left as it is." if psi == 1 else f"Each w keeps {share(psi)} of its distance from the mean."
    return f"{every} These images are of {classes} class{'es' * (classes > 1)}."


def curve(net: str, name: str) -> list[list[float]]:
    """Return ψ, a figure measured there, and its 95 % interval, for every ψ; empty if it was not measured."""
    rows = [row for row in cards.rows(cards.of(net), name) if "psi" in row]
    return [[row["psi"], row["value"], *interval(row)] for row in rows]


def interval(row: cards.Row) -> tuple[float, float]:
    """Return the 95 % interval of a share."""
    away = cards.NORMAL * row["se"]
    return max(0.0, row["value"] - away), min(1.0, row["value"] + away)


MODE = Mode(
    "truncate",
    "Truncate",
    "test",
    fields=[PSI],
    functions=[truncate],
    panel=Panel(
        truncate,
        controls=[SEEDS],
        tries=[("The mean of w", {"psi": 0}), ("Nothing truncated", {"psi": 1}), ("Clothes", CLOTHES)],
        shows=Shows(
            "Move each style w towards the mean: the images become more alike",
            HEADS,
            charts=[("Precision and recall by ψ", 400, "psi")],
            grids=[Grid("Truncated samples", 4)],
            slider=Control(PSI, "slider", "truncation ψ", step=0.1, digits=1),
            beside=True,
        ),
    ),
    code={
        "Truncate": [truncate.plain, StyleGAN.w_of, measures.truncation],
    },
)
