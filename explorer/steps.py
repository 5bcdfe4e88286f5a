"""A step of a sampler, as every family yields it, and its format for the browser."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.running.pauses import pausing
from explorer.spaces import Space
from explorer.spaces.packing import pack_bits

MOST = 56  # frames of a film


@dataclass(frozen=True)
class Number:
    """Description of a number of a step.

    Arguments:
        title: Label on the page.
        unit: "nats", or empty if it has none.
        curve: True if it is plotted as a curve over the steps.
    """

    title: str
    unit: str = ""
    curve: bool = False


@dataclass(frozen=True)
class Step:
    """One step of any sampler. The last step's x *is* the sample.

    Arguments:
        x: The state, in the model's space: (B, *shape).
        index: Number of this step, from 0.
        total: Number of steps.
        time: Time of the family after this step: a noise level t, a pixel, a layer.
        pictures: Other x by name, such as the prediction `x0`: (B, *shape).
        numbers: Computed numbers by name: (B, …), or one for all x. A model's `numbers` describes them.
        known: Mask of the parts of x that are already drawn, (*shape); None if all are.
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


def displayed_steps(total: int, most: int = MOST) -> set[int]:
    """Return the numbers of the steps that a film of at most `most` frames shows: evenly spaced, with the last one."""
    frames = min(total, most)
    return {math.ceil((k + 1) * total / frames) - 1 for k in range(frames)}


def frame(
    step: Step,
    space: Space,
    numbers: Iterable[str] = (),
    more: Mapping[str, Tensor | float] | None = None,
    count: int | None = None,
) -> dict[str, Any]:
    """Return a step in the format of every film, ready for the browser.

    Arguments:
        space: Space of x and of the other pictures.
        numbers: Names of the step's numbers to include, if the step has them.
        more: Further numbers to include: (n, …), or () for all x.
        count: Number of x to include, from the first; all if None.
    """
    first = slice(count)
    found = {name: step.numbers[name] for name in numbers if name in step.numbers} | dict(more or {})
    return {
        "index": step.index,
        "total": step.total,
        "time": step.time,
        "x": space.encode(step.x[first]),
        "pictures": {name: space.encode(x[first]) for name, x in step.pictures.items()},
        "numbers": {name: round_numbers(x, first) for name, x in found.items()},
        "known": None if step.known is None else pack_bits(step.known),
    }


def round_numbers(x: Tensor | float, first: slice = slice(None)) -> float | list:
    """Return numbers (n, …) in JSON form, rounded to five places: a list for each x, or one number for all from ()."""
    numbers = torch.as_tensor(x)
    found = numbers if numbers.ndim == 0 else numbers[first]
    return found.tolist() if not found.is_floating_point() else np.round(found.double().cpu().numpy(), 5).tolist()
