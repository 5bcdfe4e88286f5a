"""The diffusion tab: connects the stage to its networks."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.fields import Field, Whole
from explorer.models.consistency import Consistency
from explorer.models.schedule import Schedule
from explorer.models.solvers import SAMPLERS, dpm_solver, heun, predictor_corrector, sample_steps, solver_steps
from explorer.networks import checkpoints
from explorer.numbers import plots
from explorer.numbers.trained import Card, Found, cards_of, read_card
from explorer.stages.diffusion import DiffusionStage
from explorer.tabs.diffusion import (
    charts,
    complete,
    copies,
    evidence,
    few,
    field,
    forward,
    guidance,
    guided,
    learned,
    maths,
    middle,
    reverse,
    samplers,
    shared,
    symbol,
    travel,
)
from explorer.tabs.diffusion.exercises import EXERCISES
from explorer.tabs.diffusion.few import STUDENTS, student_value
from explorer.tabs.diffusion.field import TOY_TITLES, toy_value
from explorer.tabs.diffusion.samplers import sampler_value
from explorer.tabs.diffusion.shared import ETA, NET, SAMPLER, STEPS, TIMES, W
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nearest import nearest
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.fields import DRAW, IMG, LABEL, SEED, SOURCE
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

FOLDER = Path(__file__).parent
MODES = [
    forward.MODE,
    reverse.MODE,
    samplers.MODE,
    few.MODE,
    guidance.MODE,
    guided.MODE,
    middle.MODE,
    symbol.MODE,
    travel.MODE,
    complete.MODE,
    field.MODE,
    copies.MODE,
    learned.MODE,
]
TITLES = {net: title_in_tab(net, several=False) for net in NET.kind.choices}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the stage's data about one network besides that of every family; with an error the card is empty."""
    schedule = checkpoints.load(net).schedule if card else Schedule("linear", TIMES)
    return {"schedule": schedule.kind, "times": schedule.total, "bound": parts.rounded(card.get("bound"))}


def make_net(net: str) -> Checkpoint:
    """Return one of the displayed networks."""
    title = title_in_tab(net, several=False)
    return family_net(net, title, "diffusion", SHOWS, to_props, partial(evidence.tables, net, title))


def list_nets() -> list[Checkpoint]:
    """Return the displayed networks, their students, and the networks in the plane."""
    toys = [
        Checkpoint(f"score-{toy}", title, partial(toy_value, toy), partial(evidence.toy_tables, f"score-{toy}", title))
        for toy, title in TOY_TITLES.items()
    ]
    students = [
        Checkpoint(
            student,
            f"{Consistency.title} · {TITLES[net]}",
            partial(student_value, student),
            partial(evidence.student_tables, student, f"{Consistency.title} · {TITLES[net]}"),
        )
        for net, student in STUDENTS.items()
    ]
    return [*map(make_net, TITLES), *students, *toys]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields and the tour."""
    return {
        "nets": {net: nets[net].value for net in TITLES},
        "students": {net: nets[student].value for net, student in STUDENTS.items()},
        "samplers": {name: sampler_value(name, sampler) for name, sampler in SAMPLERS.items()},
        "toys": {toy: nets[f"score-{toy}"].value for toy in TOY_TITLES},
        "bundled": SHEETS,
    }


def beside() -> dict[str, Card]:
    """Return the card of the other tab's network that this tab's text quotes; {} if it is broken."""
    try:
        return {evidence.DIFFUSION_BESIDE: read_card(evidence.DIFFUSION_BESIDE)}
    except checkpoints.CheckpointError:
        return {}


SHOWS = {
    "diffusion": parts.Shown(
        {"net": "{net}", "mode": "reverse", "grid": "16", "seed": "{seed}", "label": "{label}", "tap": "{image}"},
    ),
    "consistency": parts.Shown(
        {"net": "diffusion-{dataset}", "mode": "few", "seed": "{seed}", "label": "{label}"},
    ),
}
NETS = [*TITLES, *STUDENTS.values(), *(f"score-{toy}" for toy in TOY_TITLES)]
NETS += [f"classifier-{dataset}" for dataset in data.CLASSES]
SHORT = {
    "DDPM": "denoising diffusion probabilistic model",
    "DDIM": "denoising diffusion implicit model",
    "SDE": "stochastic differential equation",
    "ODE": "ordinary differential equation",
    "KL": "Kullback–Leibler divergence",
    "VAE": "variational autoencoder",
}
ASKS = ["make", "complete", "likelihood", "anomaly", "interpolate"]
OWN = {"complete": "complete", "interpolate": "travel"}
MECHANISM = Mechanism(
    [
        Part("x₀, an image", "x₀", "complete", shows="x", lights=["likelihood", "anomaly"]),
        Part("Noise", "q(xₜ | x₀)", "forward", "step", tells=True),
        Part("xₜ, on the way", "xₜ", "middle", shows="out", lights=["forward", "make"]),
        Part("Sampler", "xₜ → xₛ", "samplers", "step", lights=["few"], arrow="←"),
        Part(
            "Network",
            "ε̂(xₜ, t)",
            "reverse",
            "network",
            "guess",
            ["guidance", "guided", "field", "symbol", "copies", "learned"],
            "←",
            source="out",
        ),
        Part("x_T, pure noise", "x_T", "travel", shows="noise", arrow="←"),
    ]
)
TAB = with_asks(
    Tab(
        name="diffusion",
        title="Diffusion",
        group="bound",
        question="How can a network that only removes a little noise draw a picture?",
        opening=Opening({"mode": "reverse"}),
        folder=FOLDER,
        stage=DiffusionStage,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets) | beside()),
        whose="What is quoted here and in the tour names its network; *The evidence* below has all of them.",
        formulas=(maths.show_closed_form, maths.show_posterior, maths.show_guided, maths.show_score, maths.show_copies),
        nets=NETS,
        shows=SHOWS,
        short=SHORT,
        mechanism=MECHANISM,
        charts=[plots.training, charts.charts],
        **of_modes(
            MODES,
            [
                NET,
                SEED,
                LABEL,
                W,
                SAMPLER,
                STEPS,
                ETA,
                Field("at", Whole(0, TIMES), None, "the frame of the film"),
                IMG,
                DRAW,
                SOURCE,
            ],
            FOLDER,
            exercises=EXERCISES,
            functions=[shared.reverse, frames, stop, nearest],
            code={
                "DDPM and DDIM": [Schedule.predict_x0, Schedule.posterior, Schedule.ddpm_step, Schedule.ddim_step],
                "Samplers": [sample_steps, solver_steps, heun, dpm_solver, predictor_corrector],
                "This page": [maths.closed_form, maths.posterior],
            },
        ),
    ),
    ASKS,
    OWN,
)
