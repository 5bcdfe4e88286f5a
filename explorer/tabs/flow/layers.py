"""*Layers of an image*: a flow of images: layer by layer, mixed codes, and the typical set."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import torch
from torch import Tensor

from explorer.fields import Field, OneOf, Real, Whole
from explorer.models.bijections import Raised
from explorer.models.flow import Flow
from explorer.models.image_flow import CORNER, ImageFlow, LatticeCoupling, Stretch, on_lattice
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Report
from explorer.numbers.words import num, with_sign
from explorer.running.device import device_of
from explorer.serving.films import Scene, Script
from explorer.spaces.packing import pack_bits
from explorer.steps import frame, last
from explorer.tabs.flow.mixed import FAR, HALVES, LOG_P, MIX_PLACES, OF_A, SQUARED_MIX, mix
from explorer.tabs.flow.shared import CUTS, DIGIT, PIXELS, ImageNet, Shot, bits_per_dim, of_levels
from explorer.tabs.flow.typical import AS_BITS, AWAY, LOG_P_HERE, SQUARED, typical
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.common import labels, rng
from explorer.tabs.kit.layout.fields import LABEL, SEED, Label, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Curves, Panel, Shows

LAYERS_GRID = 16  # images
LAYERS_PARTS = ("film", "mix", "typical")
TEMPERATURE = Field("temperature", Real(0, 1.5), 1, "the temperature", "What the noise is multiplied by")
CUT = Field("cut", Whole(0, len(CUTS) - 1), 3, "how far the other image's z is taken")
PART = Field("part", OneOf(LAYERS_PARTS), "film", "what is looked at")
Temperature = Annotated[float, TEMPERATURE]
DENSITY_SO_FAR = Figure("log-density", unit="nats")
BY_LAYER = Figure("by this layer", unit="nats")
INVERTED, DRAWN = Figure("layers inverted"), Figure("pixels drawn")
DENSITIES = Curves(
    "Log-density of the state, layer by layer",
    "log-density after each layer, nats",
    120,
    LAYERS_GRID * [{"colour": "line", "width": 1}],
    (-2000, 5000),
    (-2000, 0, 4000),
)
SEEDED = [[Control(SEED, "seed")], [Control(LABEL, "class")]]
WARMTH = Control(TEMPERATURE, "slider", "Temperature", step=0.05, digits=2, live=True)
COUNTS = {cut: f"{int(on_lattice(stride).sum())} of {PIXELS}" for cut, stride in enumerate(CUTS)}
PART_TITLES = {"film": "Layer by layer", "mix": "Mix two z", "typical": "The typical set"}
FILM_HEADS = (DENSITY_SO_FAR, BY_LAYER, INVERTED, DRAWN)
MIX_HEADS = (LOG_P, OF_A, FAR, SQUARED_MIX)
TYPICAL_HEADS = (SQUARED, AWAY, LOG_P_HERE, AS_BITS)


def layer_report(shot: Shot, before: Sequence[float] | None, drawn: int, seed: int, temperature: float) -> Report:
    """Return the report of a state of images on their way from z, with a sentence and numbers for `each` of them.

    Arguments:
        shot: Frame of the state.
        before: Log-densities of the state before, None for z.
        drawn: Number of pixels that are drawn.
        seed: Seed of the images.
        temperature: Temperature of their z.
    """
    index, last, log_prob = shot["index"], shot["total"] - 1, shot["numbers"]["log_prob"]

    def words(image: int) -> str:
        name, here = f"Image {image + 1} of seed {seed}", with_sign(log_prob[image])
        if before is None:
            squared = shot["numbers"]["squared_length"][image]
            return (
                f"{name} begins as {PIXELS} Gaussian numbers, at temperature {num(temperature)}: ‖z‖² is "
                f"{num(squared, 0)} ({num(temperature**2 * PIXELS, 0)} on average). Its log-density is {here} nats. "
                "Every layer will add its own log-determinant."
            )
        added = with_sign(log_prob[image] - before[image])
        if index < last:
            stay = {0: "are drawn.", 1: "is drawn. It stays, and the next ones depend on it."}.get(
                drawn, "are drawn. They stay, and the next ones depend on them."
            )
            return (
                f"After {index} of {last} layers, {drawn} of {PIXELS} pixels of image {image + 1} {stay} This layer "
                f"has changed the log-density by {added} nats, to {here}."
            )
        return (
            f"log p(x) = {here} nats, for continuous pixels. For levels it is a bound. For {name} it is the sum of "
            f"all layers' terms. {added} nats are of the last layer, which draws nothing: it contracts black and white "
            f"to one level each, 1/256. For levels that is at most "
            f"{num(bits_per_dim(of_levels(log_prob[image])), 3)} bits per dimension."
        )

    def figures(image: int) -> list[Figure]:
        return [
            DENSITY_SO_FAR.of(with_sign(log_prob[image])),
            BY_LAYER.of(None if before is None else with_sign(log_prob[image] - before[image])),
            INVERTED.of(f"{index} of {last}"),
            DRAWN.of(f"{drawn} of {PIXELS}"),
        ]

    return Report(
        caption=f"Layer {index}: {shot['layer']}" if index else shot["layer"],
        words=f"log-density {', '.join(num(each, 0) for each in log_prob)}",
        place=index,
        end=last,
        curves=[log_prob],
        row={"layers done": index, "what": shot["layer"], "pixels drawn": drawn}
        | {f"nats of {k}": each for k, each in enumerate(log_prob, 1)},
        view={"each": [Answer(figures(image), words(image)) for image in range(len(log_prob))]},
    )


@film
def layers(net: ImageNet, seed: Seed, label: Label, temperature: Temperature) -> Script:
    """Film sixteen images from z to x, a layer per frame, each state with its own log-density."""
    model = checkpoints.load(net)
    total = len(model.transforms) + 1

    def scenes() -> Iterator[Scene]:
        before = None
        how = {"generator": rng(seed), "label": labels(label, LAYERS_GRID), "temperature": temperature}
        for step in model.sample_steps(LAYERS_GRID, **how):
            squared = step.numbers["state"].flatten(1).square().sum(-1)
            more = {"squared_length": squared} if step.index == 0 else {}
            named, drawn = layer(model, step.index)
            shot = frame(step, model.space, model.numbers, more) | named
            yield (
                model.evaluations,
                shot | {"report": layer_report(shot, before, drawn, seed, temperature).to_props()},
            )
            before = shot["numbers"]["log_prob"]

    return Script(model.space, LAYERS_GRID, total, model.evaluations * total, scenes)


def layer(model: ImageFlow, index: int) -> tuple[dict, int]:
    """Describe the last inverted layer, with the mask of pixels transformed so far; return how many these are."""
    undone, drawn = (
        list(reversed(model.transforms))[:index],
        torch.zeros(1, *model.space.shape, device=device_of(model)),
    )
    for each in undone:
        if isinstance(each, LatticeCoupling):
            drawn = each.put(drawn, torch.ones_like(each.part(drawn)))
    named = {"layer": words_of(undone[-1]) if undone else "z: Gaussian noise", "known": pack_bits(drawn[0])}
    return named, int(drawn.sum())


def words_of(transform: torch.nn.Module) -> str:
    """Describe in words the effect of a layer from z to x."""
    if isinstance(transform, Stretch):
        return "background and ink contract to one level each"
    if not isinstance(transform, LatticeCoupling):
        return "every number is squeezed into 0 … 1"
    if transform.phase == CORNER:
        return "the first pixel, which depends on no other"
    count, stride = int(transform.bent.sum()), transform.stride
    every = {1: "", 2: "2nd "}.get(stride, f"{stride}th ")
    where = f"{count} {'pixel' if count == 1 else 'pixels'} {MIX_PLACES[transform.phase]}, every {every}row and column"
    return where + HALVES[transform.half]


def first_images(net: str, seed: int) -> Tensor:
    """Return the sixteen images of a seed: (16, 1, 28, 28)."""
    return last(checkpoints.load(net).sample_steps(LAYERS_GRID, generator=rng(seed))).x


MODE = Mode(
    "layers",
    "Layers of an image",
    "look",
    entry="Layers",
    draws=first_images,
    fields=[TEMPERATURE, CUT, PART, Field("tap", Whole(0, LAYERS_GRID - 1), 0, "the image that was tapped")],
    functions=[layers, mix, typical],
    panel=Panel(
        None,
        controls=[[Control(PART, "segments", "What is looked at", options=PART_TITLES)]],
        shows=Shows("Noise to image"),
        parts={part: part for part in PART_TITLES},
    ),
    parts={
        "film": Panel(
            layers,
            controls=SEEDED,
            more=[[WARMTH]],
            shows=Shows("", FILM_HEADS, curves=[DENSITIES]),
        ),
        "mix": Panel(
            mix,
            controls=[[Control(CUT, "slider", "Coarse z", options=COUNTS, live=True)]],
            shows=Shows(
                "",
                MIX_HEADS,
                strips=[(1, 344), (6, 72, "cut")] * 2,
                waits="The two images are on their way through the flow…",
                examples=(108, 0),
            ),
        ),
        "typical": Panel(
            typical,
            controls=[*SEEDED, [WARMTH]],
            shows=Shows(
                "",
                TYPICAL_HEADS,
                charts=[("Squared lengths of z", 290, "temperature")],
                strips=[(7, 96, "temperature")],
                details=True,
                waits="500 test images go through the flow…",
            ),
        ),
    },
    tries=[
        ("3s requested, a quarter done", DIGIT | {"part": "film", "seed": 7, "label": 3, "temperature": 1, "at": 0.75}),
        ("A 3's coarse z, a 9's fine z", DIGIT | {"part": "mix", "img": 108, "img2": 0, "cut": 4}),
        ("The mode of the noise, z = 0", DIGIT | {"part": "typical", "temperature": 0}),
    ],
    code={
        "Layers of an image": [layers.plain, Flow.decode_steps, LatticeCoupling.curve, Raised.inverse],
    },
)
