"""Live formulas: number boxes, and lines of LaTeX that change with their values."""

import functools
import math
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Protocol, cast

import gradio as gr

from explorer.numbers import rows
from explorer.tabs.kit.layout import parts

LIMIT = 1000.0
Box = tuple[str, float] | tuple[str, float, float]
"""Name of an input, its initial value, and its arrow step unless that is 0.1."""


class InputError(ValueError):
    """Error in a live input; the message names the input and the expected value."""


def finite(name: str, value: float | None, low: float = -LIMIT, high: float = LIMIT) -> float:
    """Return an input as a finite number.

    Raises:
        InputError: If it is empty, no number, or out of bounds.
    """
    if value is None:
        raise InputError(f"{name} is empty; type a number.")
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{name} is not a number.")
    if not low <= value <= high:
        raise InputError(f"{name} is {value:g}; wanted a number from {_plain(low)} to {_plain(high)}.")
    return float(value)


def _plain(value: float) -> str:
    text = f"{value:,.0f}" if value == int(value) else f"{value:g}"
    return text.replace("-", "−")


def tex(value: float, digits: int = 3) -> str:
    """Return a number for a formula, in scientific notation if it is too small for its digits."""
    if abs(value) >= 10**-digits or value == 0:
        return f"{value:.{digits}f}"
    front, exponent = f"{value:.1e}".split("e")
    return rf"{front} \cdot 10^{{{int(exponent)}}}"


def align(*lines: str) -> str:
    """Return lines of LaTeX, aligned at their ampersands."""
    return "$$\\begin{aligned}" + r"\\".join(lines) + "\\end{aligned}$$"


class Formula(Protocol):
    """A live formula: its heading, the boxes of its inputs, and its result for these."""

    __name__: str
    heading: str
    boxes: Sequence[Box]

    def __call__(self, *inputs: float | None) -> str: ...


def live(heading: str, *boxes: Box) -> Callable[[Callable[..., str]], Formula]:
    """Make a live formula of a function: it stands below this heading of a text, its inputs in boxes.

    The page shows the function's result and updates it when an input changes. An `InputError` is shown in its place.
    """

    def decorate(show: Callable[..., str]) -> Formula:
        @functools.wraps(show)
        def formula(*inputs: float | None) -> str:
            try:
                return show(*inputs)
            except InputError as error:
                return f'<span class="wrong">{error}</span>'

        made = cast(Formula, formula)
        made.heading, made.boxes = heading, boxes
        return made

    return decorate


def text(path: Path, figures: Mapping[str, str], formulas: Sequence[Formula] = ()) -> None:
    """Lay out a text by its headings, each with its live formula; quoted figures of the cards are filled in.

    Raises:
        ValueError: If a formula stands below a heading that the text does not have.
    """
    below = {each.heading: each for each in formulas}
    quotes = ChainMap(parts.MARKS, cast(MutableMapping[str, str], figures))  # it only reads them
    bodies = {title: rows.fill(body, quotes) for title, body in parts.sections(path).items()}
    if missing := below.keys() - bodies.keys():
        raise ValueError(f"{path} has no heading {', '.join(sorted(missing))}")
    for title, body in bodies.items():
        parts.prose(f"### {title}\n\n{body}")
        if title in below:
            _lay_out(below[title])


def _lay_out(formula: Formula) -> None:
    with gr.Row(elem_classes="live"):
        inputs = [_box(each) for each in formula.boxes]
    answer = parts.prose(formula(*(each.value for each in inputs)), elem_id=formula.__name__)
    for each in inputs:
        each.input(
            formula,
            inputs,
            answer,
            queue=False,
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="undocumented",
        )


def _box(box: Box) -> gr.Number:
    name, value, *step = box
    return gr.Number(value, label=name, step=step[0] if step else 0.1, min_width=72, interactive=True)
