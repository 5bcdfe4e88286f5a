"""*Score field*: the denoiser of points in the plane as a field, and walks in it."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.data.toys import TOYS
from explorer.fields import Field, OneOf, Points, Whole
from explorer.models.score import ScoreNet
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Axis, Chart, Figure
from explorer.numbers.trained import Card
from explorer.numbers.words import num
from explorer.spaces.packing import pack
from explorer.tabs.diffusion.shared import STEPS, TIMES, TOY, Steps, Toy
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.draws import gaussians
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

LEVEL = Field("level", Whole(1, TIMES), 200, "the time whose field is shown")
PATHS = Field("paths", OneOf(("both", "sde", "ode")), "both", "the walks")
DROPS = Field("drops", Points(24, 4, "a dropped point"), (), "dropped points")
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
FIELD = {
    "field": "At t = {t:0} the noise has a standard deviation of {deviation}. Where points lie, the network's ε̂ is off "
    "by {off:1} % of the exact −√(1−ᾱ) ∇log p: {verdict}.",
    "close": "the thin arrows lie on the thick ones",
    "near": "the arrows nearly agree",
    "far": "so little noise is hard to distinguish from the data, and the arrows differ",
    "plane": "{title}: arrows of the score at time {t:0} of 1,000; mean squared difference of network and exact noise "
    "{difference.error:b}.",
    "dropped": "Points dropped: {count:0}.",
}
FIELD_ROWS = [
    ("‖ε̂ − ε*‖ at the cursor", "{gap:3}", ""),
    ("cursor", "{cursor:p}", ""),
    ("log p at t", "{probe.logP}", "nats"),
    ("ε̂, the network's", "{probe.learned:p}", ""),
    ("−√(1−ᾱ) ∇log p", "{probe.exact:p}", ""),
    ("√ᾱ, √(1−ᾱ)", "{shares:p}", ""),
    ("mean ‖ε̂ − ε*‖²", "{difference.error:b}", ""),
    ("of mean ‖ε*‖²", "{difference.size:b}", ""),
    ("so off by", "{off:1}", "%"),
]
FIELD_WALKED = (5, 10, 20, 50, 100, 200, 1000)  # steps of the walks of points
WALKS = {"both": "both", "sde": "SDE", "ode": "ODE"}
TOY_TITLES = {toy: data.DATASETS[toy].title for toy in TOYS}
FIELD_STREAMS = 7919  # from the seed of one point to that of the next
SAYS = {"sde": "the reverse SDE wandered", "ode": "the probability flow went"}
WAYS = {"both": ("sde", "ode"), "sde": ("sde",), "ode": ("ode",)}


def toy_value(toy: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about one set of points: its density, and the address of its network."""
    return {
        "title": TOY_TITLES[toy],
        "weights": f"pretrained/score-{toy}/model.safetensors?v={card.get('sha256', '')[:12]}",
        "means": parts.rounded(TOYS[toy].means.tolist()),
        "sigma": TOYS[toy].sigma,
        "error": error,
        "errors": error_chart(card["errors"]).to_props() if "errors" in card else None,
    }


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


@torch.no_grad()
def trajectories(model: ScoreNet, starts: Tensor, steps: int, seed: int) -> dict[str, Tensor]:
    """Walk from points (N, 2) to data: (steps + 1, N, 2) each way. The walk of a point depends on no other point."""
    streams = [gaussians(seed + FIELD_STREAMS * i, 2 * steps).view(steps, 2) for i in range(len(starts))]
    sde, ode, schedule = [starts], [starts], model.schedule
    for (t, s), noise in zip(pairwise(schedule.times(steps)), torch.stack(streams, 1).to(starts)):
        learned = model.predict_noise(torch.cat([sde[-1], ode[-1]]), t)
        wandering, flowing = learned.chunk(2)
        sde.append(schedule.ddpm_step(sde[-1], wandering, t, s, noise, clip=False))
        ode.append(schedule.ddim_step(ode[-1], flowing, t, s, noise, clip=False))
    return {"sde": torch.stack(sde), "ode": torch.stack(ode)}


def sentences_of(found: dict[str, Tensor], toy: str) -> dict[str, str]:
    """Describe the finished walks, (steps + 1, N, 2) each way, for each choice of ways."""
    length = {way: float(x.diff(dim=0).norm(dim=-1).sum(0).mean()) for way, x in found.items()}
    density = {way: float(TOYS[toy].log_prob(x[-1].double()).mean()) for way, x in found.items()}

    def sentence(ways: tuple[str, ...]) -> str:
        lengths = ", ".join(f"{SAYS[way]} {num(length[way])}" for way in ways)
        ends = " and ".join(f"{num(density[way])} ({way.upper()})" for way in ways)
        return f"To reach the data {lengths} on average. The mean log p of the ends is {ends}, under the known density."

    return {choice: sentence(ways) for choice, ways in WAYS.items()}


@heavy
def walks(toy: Toy, drops: Drops, steps: Steps, seed: Seed) -> Answer:
    """Return both walks of dropped points at every time, and what is said of them."""
    if not drops:
        raise ValueError("drop a point first")
    model = checkpoints.load(f"score-{toy}")
    found = trajectories(model, torch.tensor(drops), steps, seed)
    packed = {way: pack(x, torch.float32) for way, x in found.items()}
    return Answer(view=packed | {"times": model.schedule.times(steps), "words": sentences_of(found, toy)})


MODE = Mode(
    "field",
    "Score field",
    "understand",
    entry="In the plane",
    fields=[TOY, LEVEL, PATHS, DROPS],
    functions=[walks],
    panel=Panel(
        walks,
        [
            [Control(TOY, "segments", "Points", options={toy: data.DATASETS[toy].title for toy in TOYS})],
            [Control(LEVEL, "slider", "Time t of the field", live=True)],
        ],
        more=[
            [
                Control(PATHS, "segments", "Walks", options=WALKS),
                Control(STEPS, "list", "Steps", options={steps: f"{steps:,}" for steps in FIELD_WALKED}),
            ],
            [Control(SEED, "seed")],
        ],
        shows=Shows("Click or tap to drop noise; compare both scores", [Figure(*row) for row in FIELD_ROWS]),
        says=FIELD,
        rows=FIELD_ROWS,
    ),
    tries=[
        (
            "A small distance apart",
            {"toy": "eight-gaussians", "drops": [0.06, 0.03, -0.06, -0.03], "steps": 100}
            | {"paths": "both", "level": TIMES},
        ),
        (
            "Only five steps",
            {"steps": 5, "level": 1} | {"drops": [-1.2, 1.1, 0.4, 1.6, 1.5, 0.2, 0.9, -1.4, -0.7, -1.1, -1.7, -0.3]},
        ),
        ("Almost no noise: t = 10", {"level": 10}),
    ],
)
