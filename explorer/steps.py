"""A step of a sampler: what every family's way to an x yields, and how it travels to the browser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from explorer.pauses import pausing
from explorer.spaces import Space
from explorer.spaces.packing import pack_bits


@dataclass(frozen=True)
class Number:
    """What a number of a step is.

    Arguments:
        title: As it stands on the page.
        unit: "nats", or nothing where it has none.
        curve: Whether it is worth a curve over the steps.
    """

    title: str
    unit: str = ""
    curve: bool = False


@dataclass(frozen=True)
class Step:
    """One step of any sampler. The last step's x *is* the sample.

    Arguments:
        x: The state, in the model's space: (B, *shape).
        index: Which step this is, from 0.
        total: How many steps there will be.
        time: Where the family's own clock stands after it: a noise level t, a pixel, a layer.
        pictures: Other x by name, such as the guess `x0`: (B, *shape).
        numbers: What was computed, by name: (B, …), or one for all of them. A model's `numbers` says what they are.
        known: Which parts of x are drawn by now, (*shape); None where all are.
    """

    x: Tensor
    index: int
    total: int
    time: float = 0
    pictures: Mapping[str, Tensor] = field(default_factory=dict)
    numbers: Mapping[str, Tensor] = field(default_factory=dict)
    known: Tensor | None = None


def last(steps: Iterable[Step]) -> Step:
    """Run a sampler to its end, with a pause after each step.

    Raises:
        ValueError: if there was no step at all.
    """
    step = None
    for step in pausing(steps):
        pass
    if step is None:
        raise ValueError("a sampler must yield at least one step")
    return step


def frame(
    step: Step,
    space: Space,
    numbers: Iterable[str] = (),
    more: Mapping[str, Tensor | float] | None = None,
    count: int | None = None,
) -> dict:
    """A step as it travels: the one format of every film.

    Arguments:
        space: What x and the other pictures are.
        numbers: Which of the step's numbers go with it, where it has them.
        more: Numbers that go with them.
        count: Of how many x, the first ones; all unless given.
    """
    first = slice(count)
    found = {name: step.numbers[name] for name in numbers if name in step.numbers} | dict(more or {})
    return {
        "index": step.index,
        "total": step.total,
        "time": step.time,
        "x": space.encode(step.x[first]),
        "pictures": {name: space.encode(x[first]) for name, x in step.pictures.items()},
        "numbers": {name: rounded(x, first) for name, x in found.items()},
        "known": None if step.known is None else pack_bits(step.known),
    }


def rounded(x: Tensor, first: slice = slice(None)) -> float | list:
    """Numbers as JSON has them, to five places: a list for each x, or one number for all."""
    x = torch.as_tensor(x)
    found = x if x.ndim == 0 else x[first]
    return found.tolist() if not found.is_floating_point() else np.round(found.double().cpu().numpy(), 5).tolist()
