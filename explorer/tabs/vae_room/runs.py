"""*By objective*: small runs of several objectives side by side."""

from collections.abc import Sequence
from typing import Annotated

from explorer.fields import Field, OneOf
from explorer.networks import card as cards
from explorer.networks.card import Card, Row
from explorer.numbers.answer import Answer, Axis, Chart, Details, Figure, Table
from explorer.numbers.words import num, ticks
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.vae_room.shared import ELBO, RATE, RECORDED, RUN_ROWS, RUNS, USED, measured, run_figures, run_images
from explorer.verdicts import compare, of_figure, ranked

OBJECTIVE_CHOICES = ("plain", "annealed", "free", "beta-0.5", "beta-2", "beta-4")
RUN = Field("run", OneOf(OBJECTIVE_CHOICES), "plain", "the run")
Objective = Annotated[str, RUN]
IWAE = Figure("−bound by 50 draws", unit="nats", digits=1)
OBJECTIVES = {
    "plain": ("β = 1", "This is the plain ELBO."),
    "annealed": ("annealed", "The KL has weight 0 at first, and weight 1 from the third epoch on."),
    "free": ("free bits", "Half a nat of KL is free in every latent, so no latent is given up to save it."),
    "beta-0.5": ("β = ½", "The KL counts half, so the network may store more in z than the ELBO rewards."),
    "beta-2": ("β = 2", "The KL counts twice."),
    "beta-4": ("β = 4", "The KL counts four times."),
}
HEADS = (RATE, ELBO, IWAE, USED)


def beside_plain(plain: Row, own: Row, asked: int) -> str:
    """Return how far an ELBO is from that of β = 1, on the same images; so many networks are compared with it."""
    found = compare(of_figure(own), of_figure(plain), asked)
    apart = num(abs(found.difference), 1)
    if not found.is_different:
        return f" Against β = 1 that is {apart} nats apart, a tie. {asked} networks were compared with it."
    side = ranked(found.sign, least=False, better="better", worse="worse")
    return f" That is {apart} nats {side} than with β = 1, of one training each."


def objective_answer(card: Card, runs: Sequence[str], run: str) -> Answer:
    """Describe what the same small VAE comes to with one objective, beside the others."""
    known = {each: run_figures(card, each) for each in runs if run_figures(card, each)}
    own, plain = known[run], known.get("plain")
    name, said = OBJECTIVES[run]
    words = (
        f"{said} It spends {num(own['rate']['value'], 1)} nats of KL in {own['used']['value']:.0f} used latents. "
        f"With weight 1 for the KL, −ELBO is {measured(-own['elbo']['value'], 1, own['elbo']['se'])} on "
        f"{own['elbo']['n']:,} images. By 50 draws it is {measured(-own['iwae']['value'], 1, own['iwae']['se'])}, "
        f"on {own['iwae']['n']}."
    )
    if run != "plain" and plain:
        words += beside_plain(plain["elbo"], own["elbo"], len(known) - 1)
    counts = {key: f"{plain[key]['n']:,}" if plain else "" for key in ("elbo", "iwae")}
    columns = {
        "−ELBO": f"negative ELBO of {counts['elbo']} images, nats",
        "−IWAE-50": f"negative bound by 50 draws of {counts['iwae']} images, nats",
        "KL": "KL, nats",
        "used": "used latents",
    }
    lines = {
        OBJECTIVES[each][0]: {
            "−ELBO": num(-row["elbo"]["value"], 1),
            "−IWAE-50": num(-row["iwae"]["value"], 1),
            "KL": num(row["rate"]["value"], 1),
            "used": f"{row['used']['value']:.0f}",
        }
        for each, row in known.items()
    }
    table = [{"run": title} | {columns[key]: value for key, value in line.items()} for title, line in lines.items()]
    return Answer(
        [
            RATE.of_row(own["rate"]),
            ELBO.of_row(own["elbo"], measured(-own["elbo"]["value"], 1, own["elbo"]["se"])),
            IWAE.of_row(own["iwae"], measured(-own["iwae"]["value"], 1, own["iwae"]["se"])),
            USED.of_row(own["used"]),
        ],
        words + RECORDED,
        Table(table),
        charts=[history(card, known, run, name), run_bars(card, known, run)],
        stops={"run": [*enumerate(known)]},
        details=Details([{"": title} | line for title, line in lines.items()]),
    )


def history(card: Card, runs: Sequence[str], run: str, name: str) -> Chart:
    """Return the chart of the KL of held-out images by epoch; the other runs are grey."""
    lines = [
        {
            "points": [(each["epoch"], each["rate"]) for each in card["histories"][other][1:]],
            "colour": "you" if other == run else "quiet",
            "width": 2.5 if other == run else 1,
        }
        | {"label": OBJECTIVES[other][0]}
        for other in sorted(runs, key=lambda other: other == run)
    ]
    places = [point for line in lines for point in line["points"]]
    last, top = (max(point[axis] for point in places) for axis in (0, 1))
    return Chart(
        x=Axis(unit="epochs", ends=[1, last], ticks=[1, (1 + last) // 2, last]),
        y=Axis("KL of held-out images", "nats", ends=[0, 1.05 * top], ticks=ticks(0, top)),
        lines=lines,
        words=f"{name} ends at {num(lines[-1]['points'][-1][1], 1)}",
    )


def run_bars(card: Card, runs: Sequence[str], run: str) -> Chart:
    """Return the chart of the KL of each latent of a run, on an axis for all runs."""
    rates = card["rates"][run]
    top = max(rate for each in runs for rate in card["rates"][each])
    return Chart(
        x=Axis(unit="latents", ends=[0, len(rates)], ticks=[0.5, len(rates) - 0.5], names=["1", str(len(rates))]),
        y=Axis("mean KL of each latent", "nats", ends=[0, top]),
        bars=[{"x0": k, "x1": k + 1, "y": y} for k, y in enumerate(rates)],
        words=f"from {num(rates[0])} down to {num(rates[-1])}",
    )


@light
def by_objective(run: Objective) -> Answer:
    """Return a run by its objective: its images, and its figures beside those of the others."""
    return run_images(run) | objective_answer(cards.of(RUNS), OBJECTIVE_CHOICES, run)


MODE = Mode(
    "runs",
    "By objective",
    "understand",
    entry="Posterior collapse",
    fields=[RUN],
    functions=[by_objective],
    panel=Panel(
        by_objective,
        controls=[
            [Control(RUN, "segments", "Objective", options={run: name for run, (name, _) in OBJECTIVES.items()})]
        ],
        tries=[
            ("β = 4", {"run": "beta-4"}),
            ("Free bits", {"run": "free"}),
            ("KL annealing", {"run": "annealed"}),
        ],
        shows=Shows(
            "Choose an objective; the others stay in grey; ← → choose",
            HEADS,
            charts=[("The KL of held-out images while training", 285), ("The KL of every latent", 285)],
            strips=RUN_ROWS,
            beside=True,
            details=True,
        ),
    ),
)
