"""Formulas with live inputs: boxes to type numbers into, and the lines of LaTeX that change with them."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import gradio as gr

from explorer.tabs.kit import parts

LIMIT = 1000.0


class InputError(ValueError):
    """A live input cannot be used; the message says which one, and what was wanted."""


def finite(name: str, value: float | None, low: float = -LIMIT, high: float = LIMIT) -> float:
    """Return what was typed as a number.

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


def wrong(error: InputError) -> str:
    """Return an error as the page shows it, in the place of the formula."""
    return f'<span class="wrong">{error}</span>'


def tex(value: float, digits: int = 3) -> str:
    """Return a number for a formula, with an exponent where it is too small for its digits."""
    if abs(value) >= 10**-digits or value == 0:
        return f"{value:.{digits}f}"
    front, exponent = f"{value:.1e}".split("e")
    return rf"{front} \cdot 10^{{{int(exponent)}}}"


def aligned(*lines: str) -> str:
    """Return lines of LaTeX under one another, aligned at their ampersands."""
    return "$$\\begin{aligned}" + r"\\".join(lines) + "\\end{aligned}$$"


def box(name: str, value: float, step: float = 0.1) -> gr.Number:
    """Show a box to type a number into."""
    return gr.Number(value, label=name, step=step, min_width=72, interactive=True)


def answering(show: Callable[..., str], inputs: list[gr.Number]) -> None:
    """Show what a function makes of the inputs, and anew when one changes."""
    answer = parts.prose(show(*(each.value for each in inputs)), elem_id=show.__name__)
    for each in inputs:
        each.input(
            show,
            inputs,
            answer,
            queue=False,
            show_progress="hidden",
            trigger_mode="always_last",
            api_visibility="undocumented",
        )


def text_with_widgets(path: Path, figures: Mapping[str, str], widgets: Mapping[str, Callable[[], None]]) -> None:
    """Lay out a text by its headings, each with its live inputs; `{{name}}` in it becomes that figure of the card."""
    text = {title: parts.fill(body, {**figures, **parts.MARKS}) for title, body in parts.sections(path).items()}
    for title, body in text.items():
        parts.prose(f"### {title}\n\n{body}")
        if title in widgets:
            widgets[title]()
