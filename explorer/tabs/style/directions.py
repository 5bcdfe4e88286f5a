"""*Directions*: images along the principal directions of w, and what changes along each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated

import torch
from torch import Tensor

from explorer import data
from explorer.fields import Field, Reals
from explorer.measures import strokes
from explorer.measures import stylegan as measures
from explorer.measures.strokes import TRAITS, UNITS
from explorer.measures.stylegan import DIRECTIONS, generate, principal_directions
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, rows
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.rows import share
from explorer.running.device import device_of
from explorer.spaces.packing import to_bytes
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.fields import Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Grid, Panel, Shows
from explorer.tabs.style.shared import CLOTHES, SEEDS, StyleNet, grid, judge_of, still
from explorer.verdicts import Estimate, compare, of_figure

ENDS = 3  # standard deviations to either side of a slider
ALONG = Field(
    "along",
    Reals(tuple((f"direction {index + 1}", -ENDS, ENDS) for index in range(DIRECTIONS))),
    (0,) * DIRECTIONS,
    "the places along the directions",
)
Along = Annotated[tuple[float, ...], ALONG]
CLEAR = 0.8  # standard deviations of a measure, from one end to the other, that give a direction its name
WORDS = {
    "thickness": ("thicker", "thinner"),
    "slant": ("leans right", "leans left"),
    "width": ("wider", "narrower"),
    "height": ("taller", "shorter"),
}
INDICES = range(1, DIRECTIONS + 1)
PLACES = tuple(range(-ENDS, ENDS + 1))
VARIANCE = Figure("variance of w along this direction")
CLASSIFIED = Figure("classified as")
STROKES = {name: Figure(name, unit=UNITS[name], digits=1) for name in TRAITS}
HEADS = (FINDING, VARIANCE, CLASSIFIED, *STROKES.values())


def names_of(card: Card, ends: Sequence[tuple[str, str]], changes: Sequence[Mapping[str, float]]) -> list[str]:
    """Return a name for every direction, by the classes at the ends of its strip and the changes of its traits."""
    return [
        f"{index}: {name_of(card, index, *strip)}" for index, strip in zip(INDICES, zip(ends, changes), strict=True)
    ]


def name_of(card: Card, index: int, ends: tuple[str, str], changes: Mapping[str, float]) -> str:
    """Return the clearest change along a direction, where the strip shows it, too, and the classes at its ends.

    What changes is measured on average over many images, which one strip may contradict.
    """
    classes = f"{ends[0]} → {ends[1]}" if ends[0] != ends[1] else f"forms of {ends[0]}"
    if not rows(card, "effect", direction=index):
        return classes
    effects = {name: find(card, "effect", of=name, direction=index) for name in TRAITS}
    clearest = max(effects, key=lambda name: abs(effects[name]["value"]))
    effect = effects[clearest]
    sign = compare(of_figure(effect), Estimate(0), len(INDICES) * len(TRAITS)).sign
    is_clear = abs(effect["value"]) >= CLEAR and sign * changes[clearest] > 0
    return f"{WORDS[clearest][effect['value'] < 0]}, {classes}" if is_clear else classes


def slider_state(direction: int, value: float) -> dict[str, list[float]]:
    """Return the state with one slider moved; directions count from 1."""
    return {"along": [value if index + 1 == direction else 0 for index in range(DIRECTIONS)]}


@lru_cache(maxsize=4)
def directions_of(net: str) -> tuple[Tensor, Tensor]:
    """Return the principal directions of a network's w, one standard deviation long, and their shares.

    Shapes: as for `principal_directions`.
    """
    return principal_directions(checkpoints.load(net))


@heavy
def directions(net: StyleNet, seed: Seed, along: Along) -> Answer:
    """Return the image at a place along the principal directions, and images along each direction through it."""
    model, judge = checkpoints.load(net), judge_of(net)
    axes, shares = directions_of(net)
    at = torch.tensor(along).to(axes)
    w = model.w_of(model.codes(1, rng(seed)))[0] + at @ axes
    strips = [w + (torch.tensor(PLACES).to(axes) - at[index])[:, None] * axis for index, axis in enumerate(axes)]
    every = torch.cat([w[None], *strips])
    x = generate(model, every, still(model, len(every), seed))
    with torch.no_grad():
        sure, labels = (each.tolist() for each in judge(x.to(device_of(judge))).softmax(-1).max(-1))
    classes = [data.CLASSES[dataset_of(net)][label] for label in labels]
    seen = f"{classes[0]}, {share(sure[0])}"
    lows = range(1, len(x), len(PLACES))  # the lower ends of the strips
    ends = [(classes[low], classes[low + len(PLACES) - 1]) for low in lows]
    changed = {name: measure(x) for name, measure in TRAITS.items()}
    changes = [{name: float(each[low + len(PLACES) - 1] - each[low]) for name, each in changed.items()} for low in lows]
    traits = [STROKES[name].of(float(measure(x[:1]))) for name, measure in TRAITS.items()]
    chosen = max(range(len(along)), key=lambda index: abs(along[index]))
    named, held = names_of(cards.of(net), ends, changes), share(float(shares[chosen]))
    middle, now = (len(PLACES) - 1) // 2, [round(place) for place in along]
    marks = {str(row * len(PLACES) + middle + place): "now" for row, place in enumerate(now)}
    heads = [f"−{ENDS}σ", *[""] * (len(PLACES) - 2), f"+{ENDS}σ"]
    return grid(x[1:], names=named, marks=marks, heads=heads) | Answer(
        pictures={"out": to_bytes(x[:1])},
        numbers=[FINDING.of(ends_words(*ends[chosen])), VARIANCE.of(held), CLASSIFIED.of(seen), *traits],
        view={"seen": seen},
        words=f"The image is classified as {seen}. Direction {named[chosen]} holds {held} of the variance of w. "
        f"Each strip goes from −{ENDS} to {ENDS} standard deviations. Its name has the classes at its ends, and a "
        "trait "
        "that changes clearly both here and on average over many images.",
    )


def ends_words(low: str, high: str) -> str:
    """Return the classes at the two ends of a direction, as a sentence."""
    if low == high:
        return f"This direction keeps the class {low}."
    return f"This direction leads from the class {low} to {high}."


MODE = Mode(
    "directions",
    "Directions",
    "play",
    fields=[ALONG],
    functions=[directions],
    panel=Panel(
        directions,
        controls=[SEEDS],
        tries=[
            ("Far along the first", slider_state(1, 2)),
            ("Against the second", slider_state(2, -2)),
            ("Clothes", CLOTHES),
        ],
        shows=Shows(
            "Move w along its principal directions: what changes?",
            HEADS,
            grids=[Grid("Images along each direction", len(PLACES), rows=5)],
        ),
    ),
    code={
        "Directions": [directions.plain, measures.principal_directions, strokes.slant, strokes.thickness],
    },
)
