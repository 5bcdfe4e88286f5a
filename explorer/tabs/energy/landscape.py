"""*Landscape*: an energy over the plane, and chains that walk on it while they are watched."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Annotated, Any

import plotly.graph_objects as go
import torch
from torch import Tensor

from explorer.data.toys import TOYS
from explorer.fields import Field, OneOf, Points, Real
from explorer.measures import plane_energy as measured
from explorer.measures.plane_energy import of_way
from explorer.models import chains
from explorer.models.chains import KERNELS
from explorer.models.plane_energy import OBJECTIVES, PlaneEnergy
from explorer.models.quadrature import grid
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer
from explorer.numbers.plots import Plot
from explorer.numbers.words import num, percent
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.spaces.packing import pack, to_bytes
from explorer.tabs.energy.shared import CHOICE, DEEP, ENERGY_VIEW, OBJECTIVE, SHADE, PlaneNet, Shade, titles_of
from explorer.tabs.energy.walk import Rules, Walked, trajectory
from explorer.tabs.energy.walk_report import HEADS, chains_report, energy_numbers, mixing
from explorer.tabs.kit.ask.answers import film, heavy, light
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

LANDSCAPE_MOVES = (300, 1_000, 3_000)
FORM = Field("form", OneOf(("heat", "surface")), "heat", "how the landscape is drawn")
KERNEL = Field("kernel", OneOf(tuple(KERNELS)), "langevin", "the sampler")
EPS = Field("eps", Real(0.01, 3), 0.1, "the step size ε")
TEMP = Field("temp", Real(0.1, 20), 1, "the temperature T")
CHAINS = Field("chains", OneOf((1, 10, 50, 200)), 50, "how many chains are dropped")
CURE = Field("cure", OneOf(("none", "annealing", "tempering")), "none", "the remedy for chains that do not mix")
LENGTH = Field("length", OneOf(LANDSCAPE_MOVES), 1_000, "how many moves the chains make")
DROPS = Field("drops", Points(8, ENERGY_VIEW, "a dropped place"), (), "where chains are dropped")
Objective = Annotated[str, OBJECTIVE]
Kernel = Annotated[str, KERNEL]
Eps = Annotated[float, EPS]
Temp = Annotated[float, TEMP]
Chains = Annotated[int, CHAINS]
Cure = Annotated[str, CURE]
Drops = Annotated[tuple[tuple[float, float], ...], DROPS]
Length = Annotated[int, LENGTH]
LANDSCAPE_SIDE = 104  # displayed cells along each axis
WALK_FRAMES = 250  # frames of a walk of more than 300 moves
SURFACE_SIDE = 81  # points of the surface along each axis
NO_ERROR = 0.03  # nats
WRONG = 0.05  # share of the mass in the wrong mode that is seen
STEP_SIZES = (0.02, 0.05, 0.1, 0.2, 0.4, 1, 2.5)
HEATS = (0.5, 1, 2, 5, 10)
OBJECTIVE_TITLES = {
    "cd": "contrastive divergence (CD)",
    "pcd": "persistent CD (PCD)",
    "sm": "score matching (SM)",
    "dsm": "denoising score matching (DSM)",
}
ONE_OF_EIGHT = [1.29, 0.54]  # centre of one of the eight Gaussians


def cells() -> Tensor:
    """Return the centres of the displayed cells from the upper left, row by row: (SIDE², 2)."""
    axis = ((2 * torch.arange(LANDSCAPE_SIDE) + 1) / LANDSCAPE_SIDE - 1) * ENERGY_VIEW
    x2, x1 = torch.meshgrid(-axis, axis, indexing="ij")
    return torch.stack([x1, x2], -1).view(-1, 2)


@lru_cache(64)
def measurements(net: str, way: str) -> dict[str, Any]:
    """Measure the energy of an objective by integration, once."""
    return of_way(checkpoints.load(net), way, dataset_of(net))


@heavy
def landscape(net: PlaneNet, way: Objective) -> Answer:
    """Return the energy of an objective and the length of its gradient over the displayed cells, and its figures."""
    energy, gradient = checkpoints.load(net).ways[way].target(cells())
    known = TOYS[dataset_of(net)].log_prob(cells().double())
    found = measurements(net, way)
    view = {
        "side": LANDSCAPE_SIDE,
        "energy": pack(energy, torch.float32),
        "slope": pack(gradient.norm(dim=-1), torch.float32),
        "known": to_bytes((known - known.max()).exp().sqrt()),
        "log_z": found["log_z"],
    }
    return Answer(view=view) | landscape_answer(way, found)


def landscape_answer(way: str, found: Mapping[str, Any]) -> Answer:
    """Describe an energy without chains."""
    kl, off = found["kl"], found["shares_off"]
    verdict = "its valleys lie where the data are"
    headline = "Valleys lie where the data are"
    if kl < NO_ERROR:
        verdict, headline = (f"{each}, as deep as they should be" for each in (verdict, headline))
    elif off > WRONG:
        verdict, headline = (
            f"{verdict}, but some are too deep and others too shallow",
            f"{headline}, but some are too deep",
        )
    words = (
        f"The energy learned by {OBJECTIVES[way]} has KL(p ‖ exp(−E)/Z) = {num(kl, 3)} nats: {verdict}. "
        f"log Z = {num(found['log_z'])} is an integral over {len(grid()[0]):,} cells. "
        f"{percent(off)} of the mass lies in the wrong one of {len(found['shares'])} modes."
    )
    return Answer(energy_numbers(found, f"{headline}."), words)


@film
def walk(
    net: PlaneNet,
    way: Objective,
    kernel: Kernel,
    eps: Eps,
    temp: Temp,
    chains: Chains,
    cure: Cure,
    drops: Drops,
    length: Length,
    seed: Seed,
) -> Script:
    """Film chains that walk on an energy from the dropped places."""
    if not drops:
        raise ValueError("drop chains first")
    dataset, rules = dataset_of(net), Rules(kernel, eps, temp, chains, cure, length)
    every = max(1, length // WALK_FRAMES)

    def scenes() -> Iterator[Scene]:
        energy, found = checkpoints.load(net).ways[way], measurements(net, way)
        trace = []
        for shot in trajectory(energy, dataset, rules, drops, seed):
            trace.append(shot.x)
            over = shot.move == length or shot.lost
            shown = over or shot.move % every == 0
            mixed = mixing(torch.stack(trace), dataset, found["shares"]) if over and not shot.lost else None
            if not shown:
                yield rules.cost, None
                continue
            report = chains_report(shot, rules, found, mixed)
            yield rules.cost, {**frame(shot), "report": report.to_props()}

    return Script(PLANE, chains, length // every + 1, rules.cost * (length + 1), scenes)


def frame(shot: Walked) -> Mapping[str, Any]:
    """Return a shown move: its chains, their rejected proposals beside where they stayed, and hotter replicas."""
    stayed, proposed = shot.rejected.split(2, -1)
    pictures = {"stayed": stayed, "proposed": proposed, "hot": shot.hot}
    return {
        "x": PLANE.encode(shot.x.nan_to_num()),
        "move": shot.move,
        "pictures": {name: PLANE.encode(each.nan_to_num()) for name, each in pictures.items()},
    }


@cache
def log_normaliser(net: str, way: str) -> float:
    """Compute log Z of a network in nats, once."""
    return float(checkpoints.load(net).log_normaliser(way))


@light
@torch.no_grad()
def landscape_surface(net: PlaneNet, way: Objective, shows: Shade) -> Answer:
    """Return a plot of the landscape in three dimensions: E minus its minimum, cut at `DEEP` nats, or exp(−E) / Z."""
    model: PlaneEnergy = checkpoints.load(net)
    axis = torch.linspace(-ENERGY_VIEW, ENERGY_VIEW, SURFACE_SIDE)
    x1, x2 = torch.meshgrid(axis, axis, indexing="xy")
    energy = model.energy(torch.stack([x1, x2], -1).view(-1, 2), way).view(SURFACE_SIDE, SURFACE_SIDE)
    height = (energy - energy.min()).clamp(max=DEEP)
    if shows == "density":
        height = (-energy - log_normaliser(net, way)).exp()
    name, unit = ("E above its lowest place", "nats") if shows == "energy" else ("exp(−E) / Z", "per unit of area")
    place = [round(float(each), 4) for each in axis]
    z = [[round(float(each), 3) for each in line] for line in height]
    hover = f"x₁ %{{x:.2f}}, x₂ %{{y:.2f}}<br>%{{z:.2f}} {unit}<extra></extra>"
    figure = go.Figure(go.Surface(x=place, y=place, z=z, hovertemplate=hover, showscale=False))
    figure.update_scenes(xaxis_title="x₁", yaxis_title="x₂", zaxis_title=unit, aspectratio={"x": 1, "y": 1, "z": 0.6})
    figure.update_layout(
        title={"text": f"{name}, {OBJECTIVES[way]}", "x": 0.02, "xref": "container"}, margin={"l": 0, "r": 0, "b": 0}
    )
    low = energy.argmin()
    least = f"({x1.flatten()[low]:.1f}, {x2.flatten()[low]:.1f})"
    learned = f"{name} as a surface over the plane, in {unit}, learned by {OBJECTIVES[way]}"
    words = f"{learned}; the lowest energy lies at {least}."
    return Answer(view=Plot(figure, words).to_props() | {"lowest": float(energy.min())})


MODE = Mode(
    "landscape",
    "Landscape",
    "look",
    fields=[FORM, KERNEL, EPS, TEMP, CHAINS, CURE, DROPS, LENGTH],
    functions=[landscape, walk, landscape_surface],
    panel=Panel(
        walk,
        controls=[
            CHOICE,
            [Control(OBJECTIVE, "list", "Learned by", options=OBJECTIVE_TITLES), SHADE],
            [
                Control(
                    KERNEL,
                    "segments",
                    "Sampler",
                    options={"langevin": "Langevin", "mala": "MALA", "hmc": "HMC", "walk": "random walk"},
                )
            ],
        ],
        more=[
            [
                Control(EPS, "list", "Step ε", options=titles_of(STEP_SIZES)),
                Control(TEMP, "list", "T", options=titles_of(HEATS)),
                Control(CHAINS, "list", "Chains", options=titles_of(CHAINS.kind.choices)),
                Control(LENGTH, "list", "Moves", options=titles_of(LENGTH.kind.choices)),
            ],
            [
                Control(
                    CURE,
                    "segments",
                    "Cure",
                    options={"none": "none", "annealing": "annealing", "tempering": "parallel tempering"},
                )
            ],
            [Control(FORM, "segments", "Draw as", options={"heat": "heat", "surface": "3-D surface"})],
            [Control(SEED, "seed")],
        ],
        tries=[
            (
                "Stuck in one mode of eight",
                {"net": "energy-eight-gaussians", "way": "pcd", "kernel": "mala", "eps": 0.1, "temp": 1}
                | {"chains": 50, "cure": "none", "length": 1_000, "drops": ONE_OF_EIGHT, "at": 1},
            ),
            (
                "The cure: parallel tempering",
                {"net": "energy-eight-gaussians", "way": "pcd", "kernel": "mala", "eps": 0.1, "temp": 1}
                | {"chains": 50, "cure": "tempering", "length": 1_000, "drops": ONE_OF_EIGHT, "at": 1},
            ),
            (
                "A step too far",
                {"kernel": "langevin", "eps": 2.5, "cure": "none", "temp": 1, "drops": ONE_OF_EIGHT, "at": 1},
            ),
        ],
        shows=Shows(
            "Click or tap the energy to drop chains",
            HEADS,
            curves=[
                Curves(
                    "x₁ of the first chain, move by move",
                    "x₁ of the first chain",
                    110,
                    [{"colour": "you", "width": 1.2}],
                    (-ENERGY_VIEW, ENERGY_VIEW),
                    (-2, 0, 2),
                    along="moves",
                )
            ],
        ),
    ),
    code={
        "Landscape": [landscape.plain, measured.of_way, landscape_surface.plain],
        "Chains": [trajectory, chains.langevin, chains.mala, chains.hmc, chains.random_walk, chains.swap],
    },
)
