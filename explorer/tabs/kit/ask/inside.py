"""The shared question *Inside*: a network opened, its layers with their values, and one value written out.

An answer depends on the request alone, and no network is changed. So a visitor who changes a number changes it for
nobody else (`questions/inspect.py`).
"""

import functools
import math
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

import torch
from torch import Tensor

from explorer import data
from explorer.data import spoken_digits
from explorer.fields import Field, Kind, OneOf, Text, Whole
from explorer.models.model import Model
from explorer.networks import checkpoints, opened
from explorer.numbers.answer import Answer
from explorer.questions import Cannot, inspect
from explorer.questions.inspect import STEPS_INSIDE, WAYS, Run
from explorer.questions.recording import Call, Change, source
from explorer.questions.sums import Written, attention, slots_of, written
from explorer.running.device import device_of
from explorer.spaces import COLOUR, PLANE
from explorer.spaces.packing import pack
from explorer.spaces.tokens import Tokens
from explorer.spaces.wave import Wave
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.nets import NAME
from explorer.tabs.kit.layout.fields import LABEL, OF_PICTURE, SEED, DrawnOrTest, Image

PLACE_LONGEST = 120  # characters of a place inside a network
CODE_LONGEST = 64  # numbers of a code
CODE_REACH = 20.0  # largest number of a code, and of a change
CHANGE_REACH = 1_000.0  # largest number that a value or a weight is changed to
SYMBOLS_READ = 64  # characters that the network reads
SAMPLES_READ = 320  # samples that the network reads
OPENED_EXAMPLE = 108  # test image, if the stage shows none: a 3
MOST_CARDS = 60  # layers that are sent at once
MAPS_SENT = 64  # maps of the chosen layer
SMALL_MAPS = 4  # maps of every other layer
SIDE_LONGEST = 32  # pixels of a map's side
BARS_SENT = 256  # numbers of a row of bars
CODE_LINES = 30  # lines of code around the lit one
RUNS_KEPT = 2
SENT_DIGITS = 6
CHANGE_FORM = re.compile(r"(x|[\d.]{1,40}):(\d):(\d{1,9})=(-?\d{1,6}(?:\.\d{1,6})?)")
SHOWN_RANGE = 127  # largest level of a map


@dataclass(frozen=True)
class Inspected(Kind):
    """Name of any network that is there."""

    def check(self, value: Any, title: str) -> str:
        if not isinstance(value, str) or not NAME.fullmatch(value):
            raise ValueError(f"{title} must be the name of a network")
        if opened.is_name(value):
            opened.find(value)
        elif not checkpoints.exists(value):
            raise ValueError(f"there is no network “{value}”")
        return value


@dataclass(frozen=True)
class Code(Kind):
    """Numbers of a code, at most `CODE_LONGEST` of them."""

    def check(self, value: Any, title: str) -> tuple[float, ...]:
        fits = isinstance(value, list) and 0 < len(value) <= CODE_LONGEST
        if not fits or any(type(each) not in (int, float) or not abs(each) <= CODE_REACH for each in value):
            raise ValueError(f"{title} must be at most {CODE_LONGEST} numbers from {-CODE_REACH:g} to {CODE_REACH:g}")
        return tuple(map(float, value))


INSIDE = Field("inside", Text(PLACE_LONGEST, 1), None, "the place inside the network")
"""What is open over the stage: the run, the step, the layer, the place and the change; None is nothing."""
OpenedNet = Annotated[str, Field("net", Inspected(), title="the network")]
Way = Annotated[str | None, Field("way", OneOf(tuple(WAYS)), None, "the run", optional=True)]
StepOf = Annotated[int, Field("step", Whole(0, STEPS_INSIDE - 1), 0, "the step", optional=True)]
Layer = Annotated[str, Field("layer", Text(40), "", "the layer", optional=True)]
At = Annotated[int | None, Field("at", Whole(0, 10**9), None, "the place in the layer", optional=True)]
Changed = Annotated[str | None, Field("change", Text(60), None, "the change", optional=True)]
Over = Annotated[int, Field("over", Whole(0, 1), 0, "whether the value is followed over the steps", optional=True)]
SomeSeed = Annotated[int, replace(SEED, optional=True)]
SomeLabel = Annotated[int | None, LABEL]
SomePicture = Annotated[Image | None, Field("picture", DrawnOrTest(), None, optional=True, parts=OF_PICTURE)]
SomeCode = Annotated[tuple[float, ...] | None, Field("z", Code(), None, "the code", optional=True)]
SomeText = Annotated[str | None, Field("words", Text(500), None, "the text", optional=True)]


@heavy
def inside(
    net: OpenedNet,
    way: Way,
    step: StepOf,
    layer: Layer,
    at: At,
    change: Changed,
    seed: SomeSeed,
    label: SomeLabel,
    picture: SomePicture,
    z: SomeCode,
    words: SomeText,
    over: Over,
) -> Answer:
    """Return one layer of a run of a network: its values, the layers within it, and one value written out."""
    model = checkpoints.load(net)
    ways = inspect.ways(model)
    if not ways:
        raise Cannot("cannot, because this model has no weights")
    chosen = run_of(ways, way)
    code = z if chosen == "decode" and z is not None and len(z) == model.latent else None
    asked = (net, chosen, step, seed, known_label(model, label), picture, code, words)
    base = recorded(*asked, None)
    run = base if change is None else recorded(*asked, change)
    call = run.root.at(layer)
    level = call if call.calls and call.operation is None else run.root.at(".".join(layer.split(".")[:-1]))
    is_followed = over and at is not None and chosen == "make" and change is None
    differs = inspect.differences(base, run) if change is not None else {}
    return Answer(
        view={
            "ways": [(each, WAYS[each]) for each in ways],
            "way": chosen,
            "step": run.step,
            "steps": run.steps,
            "cut": run.is_cut,
            "crumbs": crumbs(run.root, level),
            "level": level.path,
            "layers": [card(each, differs.get(each.path)) for each in level.calls[:MOST_CARDS]],
            "more": max(0, len(level.calls) - MOST_CARDS),
            "layer": described(call, run.root.at(layer), base.root.at(layer) if change is not None else None),
            "result": result(base, run) if change is not None else None,
            "value": None if at is None else value_of(call, at),
            "over": followed(net, layer, at, seed, known_label(model, label), picture) if is_followed else None,
            "code": code_of(call),
        }
    )


def run_of(ways: list[str], way: str | None) -> str:
    """Return the run that is meant, of those that a network has; one that scores x stands in for one that reads it."""
    if way in ways:
        return way
    instead = {"read": "score", "decode": "make"}.get(way or "")
    return instead if instead in ways else ways[0]


def known_label(model: Model, label: int | None) -> int | None:
    """Return the class, if the model knows any; a stage may have one that its network ignores."""
    return label if label is not None and label < getattr(model, "classes", 0) else None


@functools.lru_cache(maxsize=RUNS_KEPT)
def recorded(
    net: str,
    way: str,
    step: int,
    seed: int,
    label: int | None,
    picture: Image | None,
    z: tuple[float, ...] | None,
    words: str | None,
    change: str | None,
) -> Run:
    """Return a run; the newest ones are kept, so that a press on another value of the same run does not repeat it."""
    model = checkpoints.load(net)
    x = input_of(model, net, picture, words)
    how: dict[str, Any] = {"x": x, "seed": seed, "label": label, "step": step, "z": z}
    if change is None:
        return inspect.record(model, way, **how)
    base = recorded(net, way, step, seed, label, picture, z, words, None)
    return inspect.record(model, way, **how, change=read_change(change), base=base)


@functools.lru_cache(maxsize=RUNS_KEPT)
def followed(
    net: str, layer: str, at: int, seed: int, label: int | None, picture: Image | None
) -> list[tuple[int, float | None]]:
    """Return one value of a layer at each step of the sampler, with the number of the step."""
    model = checkpoints.load(net)
    x = input_of(model, net, picture, None)
    found = inspect.over_steps(model, layer, at, x=x, seed=seed, label=label)
    return [(step, rounded(value)) for step, value in found]


def read_change(text: str) -> Change:
    """Read a change such as “1.4.0:1:57=0.5”: the layer, which of its inputs, the place in it, and the new number."""
    found = CHANGE_FORM.fullmatch(text)
    if found is None or not abs(float(found[4])) <= CHANGE_REACH:
        raise ValueError(f"a change names a layer, a place and a number from {-CHANGE_REACH:g} to {CHANGE_REACH:g}")
    return Change(found[1], int(found[2]), int(found[3]), float(found[4]))


def input_of(model: Model, net: str, picture: Image | None, words: str | None) -> Tensor | None:
    """Return what the stage shows as the network's x (1, *shape); an example of its data if the stage shows none."""
    space = getattr(model, "space", None)
    if space is None:
        return None
    if isinstance(space, Tokens):
        x = space.read("text", words[:SYMBOLS_READ]) if words else text_example(space)
    elif isinstance(space, Wave):
        x = spoken_digits.bundled_recordings().sounds[0][:SAMPLES_READ].long().unsqueeze(0)
    elif space == COLOUR:
        x = data.SCENES.load("test")[:1].pixels()
    elif space == PLANE:
        x = data.read(picture, space) if picture is not None and picture[0] == "point" else point_example(net)
    else:
        example = ("test", OPENED_EXAMPLE, dataset_in(net))
        x = data.read(example if picture is None or picture[0] == "point" else picture, space)
    return x.to(device_of(model))


@functools.cache
def text_example(space: Tokens) -> Tensor:
    """Return the beginning of the test text: (1, T)."""
    return data.TEXTS["shakespeare"].load("test").codes[:SYMBOLS_READ].long().unsqueeze(0)


@functools.cache
def point_example(net: str) -> Tensor:
    """Return the first test point of a network's data: (1, 2)."""
    found = data.load(dataset_in(net), "test")
    assert isinstance(found, data.Points)
    return found.points[:1]


def dataset_in(net: str) -> str:
    """Return the data set in a network's name, the longest that is there; the first of all if there is none."""
    return max((each for each in data.DATASETS if each in net), key=len, default=next(iter(data.DATASETS)))


def crumbs(root: Call, level: Call) -> list[dict[str, str]]:
    """Return the calls from the whole network down to this one, by path and name."""
    parts = level.path.split(".") if level.path else []
    paths = ["", *(".".join(parts[: i + 1]) for i in range(len(parts)))]
    return [{"path": path, "name": root.at(path).name} for path in paths]


def card(call: Call, difference: float | None) -> dict[str, Any]:
    """Return a layer of a row of layers: its name, its shape and a small picture."""
    return {
        "path": call.path,
        "name": call.name,
        "type": call.type,
        "shape": one_shape(call.shape),
        "deep": bool(call.calls) and call.operation is None,
        "picture": drawn(call.output, SMALL_MAPS),
        "differs": difference,
    }


def one_shape(shape: tuple[int, ...]) -> list[int]:
    """Return the shape of one x, without the axis of the batch."""
    return list(shape[1:] if len(shape) > 1 else shape)


def described(call: Call, seen: Call, base: Call | None) -> dict[str, Any]:
    """Return the chosen layer: its values, those that went in, and its attention matrix, if it has one."""
    matrix = attention(seen)
    weights = call.operation.owners if call.operation else {}
    return {
        "path": call.path,
        "name": call.name,
        "type": call.type,
        "full": call.full,
        "into": [one_shape(each) for each in call.shapes[:1]],
        "shape": one_shape(call.shape),
        "picture": drawn(seen.output, MAPS_SENT),
        "given": drawn(seen.inputs[0], MAPS_SENT) if seen.inputs else None,
        "attention": drawn(matrix, MAPS_SENT),
        "weights": [*weights.values()],
        "before": drawn(base.output, MAPS_SENT) if base is not None else None,
    }


def drawn(values: Tensor | None, most: int) -> dict[str, Any] | None:
    """Return values (1, …) as pictures: maps, one matrix, or bars.

    A large map is thinned: every `stride`-th row and column is sent. `scale` is the value of the largest level.
    """
    if values is None or not values.numel() or values.dim() > 5:
        return None
    one = (values[0] if values.dim() > 1 else values).detach().float()
    if one.dim() <= 1:
        bars = one.reshape(-1)[:BARS_SENT]
        return {"kind": "bars", "count": one.numel(), "values": [rounded(each) for each in bars.tolist()]}
    maps = one.reshape(-1, *one.shape[-2:]) if one.dim() > 2 else one[None]
    stride = max(1, math.ceil(max(maps.shape[1:]) / (SIDE_LONGEST if one.dim() > 2 else 3 * SIDE_LONGEST)))
    sent = maps[:most, ::stride, ::stride]
    scale = sent.abs().max().item() if sent.isfinite().all() else 0.0
    levels = sent.mul(SHOWN_RANGE / scale) if scale else torch.zeros_like(sent)
    return {
        "kind": "maps",
        "count": len(maps),
        "sent": list(sent.shape),
        "full": list(maps.shape),
        "stride": stride,
        "scale": scale,
        "levels": pack(levels, torch.int8),
    }


def rounded(value: float) -> float | None:
    """Return a number as it is sent; None if it is not finite."""
    return float(f"{value:.{SENT_DIGITS}g}") if math.isfinite(value) else None


def value_of(call: Call, at: int) -> dict[str, Any]:
    """Return one value of a layer, written out."""
    found = written(call, at)
    operation = call.operation
    return {
        "at": at,
        "value": rounded(found.value),
        "place": list(found.place[1:] if len(found.place) > 1 else found.place),
        "formula": found.formula,
        "terms": terms_of(found, operation),
        "count": found.count,
        "rest": rounded(found.rest),
        "bias": None if found.bias is None else rounded(found.bias),
        "parts": [(name, rounded(value)) for name, value in found.parts],
        "operation": operation.path if operation else None,
    }


def terms_of(found: Written, operation: Call | None) -> list[dict[str, Any]]:
    """Return the listed terms of a sum, each with the changes that it offers: of its weight and of its x."""
    if operation is None or not found.terms:
        return []
    x_slot, w_slot, _ = slots_of(operation)
    x_slot = found.slots[0]
    has_weights = w_slot is not None
    return [
        {
            "w": rounded(each.w),
            "x": rounded(each.x),
            "product": rounded(each.product),
            "place": list(each.place[1:] if len(each.place) > 1 else each.place),
            "of_x": f"{operation.path}:{x_slot}:{each.index}",
            "of_w": f"{operation.path}:{w_slot}:{each.weight}" if has_weights and each.weight is not None else None,
        }
        for each in found.terms
    ]


def code_of(call: Call) -> dict[str, Any] | None:
    """Return the function that called a layer, with the line that did; at most `CODE_LINES` lines around it."""
    found = source(call)
    if found is None:
        return None
    name, lines, first, lit = found
    start = max(0, min(lit - CODE_LINES // 2, len(lines) - CODE_LINES))
    return {"name": name, "lines": lines[start : start + CODE_LINES], "first": first + start, "lit": lit - start}


def result(base: Run, run: Run) -> dict[str, Any]:
    """Return what comes out before and after a change."""
    before, after = base.root.output, run.root.output
    same = before is not None and after is not None and before.shape == after.shape
    most = (
        (after.float() - before.float()).abs().max().item()
        if same and before is not None and after is not None
        else None
    )
    return {"before": drawn(before, 1), "after": drawn(after, 1), "most": None if most is None else rounded(most)}
