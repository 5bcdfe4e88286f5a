"""The diffusion tab: connects the stage to its networks."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.data.neighbours import TrainingIndex
from explorer.data.toys import TOYS
from explorer.models.consistency import Consistency
from explorer.models.diffusion import Diffusion
from explorer.models.samplers import Denoiser
from explorer.models.schedule import Schedule
from explorer.models.solvers import SAMPLERS, Sampler, dpm_solver, heun, predictor_corrector, sample_steps, solver_steps
from explorer.models.spherical import spherical_path
from explorer.networks import checkpoints
from explorer.stages.diffusion import DiffusionStage
from explorer.tabs.diffusion import charts, evidence, learned, maths, server
from explorer.tabs.diffusion.exercises import EXERCISES
from explorer.tabs.diffusion.fields import FIELDS, MODES, NET, TIMES
from explorer.tabs.diffusion.panels import PANELS
from explorer.tabs.diffusion.tries import TRIES
from explorer.tabs.kit.ask.asks import with_asks
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.questions import complete_snapshots
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_net, title_in_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.kit.numbers import plots
from explorer.tabs.kit.numbers.answer import Axis, Chart
from explorer.tabs.kit.numbers.trained import Card, Found, cards_of, read_card

TITLES = {net: title_in_tab(net, several=False) for net in NET.kind.choices}
STUDENTS = {"diffusion-mnist": "consistency-mnist"}  # the network distilled from each
EVALUATIONS = (5, 10, 20, 50, 100)  # of the rows of a sampler
NOTES = {
    "ddim": "η = {eta} of DDPM's noise.",
    "ddpm": "new noise at every step.",
    "heun": "two slopes a step, and their mean.",
    "dpm": "it extrapolates its last two predictions.",
    "sde": "plain Euler steps, with noise.",
    "pc": "a step of DDPM, then one of Langevin.",
    "langevin": "four steps of Langevin a level.",
}
TOY_TITLES = {toy: data.DATASETS[toy].title for toy in TOYS}
CODE = {
    "Reverse": [
        server.reverse.plain,
        Denoiser.denoise_steps,
        Denoiser.walk,
        Denoiser.guided_noise,
        TrainingIndex.nearest,
    ],
    "DDPM and DDIM": [Schedule.predict_x0, Schedule.posterior, Schedule.ddpm_step, Schedule.ddim_step],
    "Samplers": [sample_steps, solver_steps, heun, dpm_solver, predictor_corrector],
    "Few steps": [server.jump.plain, Consistency.sample_steps, Consistency.jump],
    "SDEdit": [server.middle.plain, Schedule.add_noise],
    "Guidance": [Denoiser.guided_noise, server.classify],
    "Inversion": [server.travel.plain, Denoiser.invert_steps, spherical_path],
    "Inpainting": [server.complete.plain, Diffusion.inpaint_steps],
    "This page": [maths.closed_form, maths.posterior],
}


def to_props(net: str, card: Card) -> dict[str, Any]:
    """Return the stage's data about one network besides that of every family; with an error the card is empty."""
    schedule = checkpoints.load(net).schedule if card else Schedule("linear", TIMES)
    return {"schedule": schedule.kind, "times": schedule.total, "bound": parts.brief(card.get("bound"))}


def toy_value(toy: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one set of points: its density, and the address of its network."""
    return {
        "title": TOY_TITLES[toy],
        "weights": f"pretrained/score-{toy}/model.safetensors?v={card.get('sha256', '')[:12]}",
        "means": parts.brief(TOYS[toy].means.tolist()),
        "sigma": TOYS[toy].sigma,
        "error": error,
        "errors": error_chart(card["errors"]).to_props() if "errors" in card else None,
    }


def sampler_value(name: str, sampler: Sampler) -> dict[str, Any]:
    """Return the stage's data about a sampler: what it does, and its rows, each of at most so many evaluations."""
    counts = [sampler.steps(evaluations) for evaluations in EVALUATIONS]
    title = {steps: f"{sampler.title}, {steps:,}{' steps' * (steps == counts[0])}" for steps in counts}
    rows = [{"title": title[steps], "sampler": name, "steps": steps} for steps in counts]
    note = f"{sampler.title}: {NOTES[name]}"
    return {"title": sampler.title, "each": sampler.each, "noisy": sampler.noisy, "rows": rows, "note": note}


def error_chart(errors: Mapping[str, Sequence[float]]) -> Chart:
    """Return the chart of the error of a network of points by time, on logarithmic axes."""
    levels, low = [math.log10(t) for t in errors["levels"]], -4

    def points(name: str) -> list[tuple[float, float]]:
        return [(level, max(low, math.log10(value))) for level, value in zip(levels, errors[name], strict=True)]

    middle = len(levels) // 2
    return Chart(
        x=Axis(ends=[0, 3], ticks=[0, 3], names=["t = 1", "1,000"]),
        y=Axis("squared error of ε̂, both axes log", ends=[low, 1], ticks=[-4, -2, 0], names=["10⁻⁴", "0.01", "1"]),
        lines=[
            {"points": points("size"), "colour": "quiet", "dash": [4, 4], "label": "size of ε*", "at": middle},
            {"points": points("error"), "colour": "ink", "label": "error", "at": middle},
        ],
    )


def snapshot_title(snapshot: Mapping[str, Any]) -> str:
    """Return the title of a snapshot of a distillation."""
    epochs = f"{round(snapshot['epoch'], 2):g}"
    return "averaged" if "averaged" in snapshot else f"{epochs} {'epoch' if epochs == '1' else 'epochs'}"


def student_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about a distilled network: the snapshots of its distillation, and its figures."""
    kept = [] if error else complete_snapshots(net)
    return {
        "error": error,
        "moments": [snapshot_title(each) for each in kept],
        "minutes": card.get("training", {}).get("minutes"),
        "rows": parts.brief(card.get("rows", [])),
    }


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
        return {evidence.BESIDE: read_card(evidence.BESIDE)}
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
GROUPS = {
    "look": ["forward", "reverse"],
    "play": ["guidance", "middle"],
    "test": ["samplers", "few", "learned"],
    "understand": ["field"],
}
ENTRIES = {"Steering": ["guidance", "middle"], "Samplers": ["samplers", "few"]}
ASKS = ["make", "complete", "likelihood", "anomaly", "interpolate"]
OWN = {"complete": "complete", "interpolate": "travel"}
MECHANISM = Mechanism(
    [
        Part("x₀, an image", "x₀", "complete", shows="x", lights=["likelihood", "anomaly"]),
        Part("Noise", "q(xₜ | x₀)", "forward", "step", tells=True),
        Part("xₜ, on the way", "xₜ", "middle", shows="out", lights=["forward", "make"]),
        Part("Sampler", "xₜ → xₛ", "samplers", "step", lights=["few"], arrow="←"),
        Part("Network", "ε̂(xₜ, t)", "reverse", "network", "guess", ["guidance", "field", "learned"], "←"),
        Part("x_T, pure noise", "x_T", "travel", shows="noise", arrow="←"),
    ]
)
TAB = with_asks(
    Tab(
        name="diffusion",
        title="Diffusion",
        group="bound",
        question="How can a network that only removes a little noise draw a picture?",
        folder=Path(__file__).parent,
        stage=DiffusionStage,
        fields=FIELDS,
        modes=MODES,
        shown=list_nets,
        opens=make_net,
        value=value,
        quotes=lambda nets: evidence.quotes(cards_of(nets) | beside()),
        whose="What is quoted here and in the tour names its network; *The evidence* below has all of them.",
        functions=[*server.SERVER_FUNCTIONS, learned.loss_at],
        formulas=(maths.show_closed_form, maths.show_posterior, maths.show_score),
        code=CODE,
        nets=NETS,
        shows=SHOWS,
        short=SHORT,
        groups=GROUPS,
        entries=ENTRIES,
        mechanism=MECHANISM,
        charts=[plots.training, charts.charts],
        exercises=EXERCISES,
        tries=TRIES,
        panels=PANELS,
    ),
    ASKS,
    OWN,
)
