"""The skeleton every tab shares: the question, the maths, the code that ran and the evidence."""

import inspect
import math
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]

MARKS = {
    "exact": '<span class="mark exact">= exact</span>',
    "bound": '<span class="mark bound">≤ bound</span>',
    "estimate": '<span class="mark estimate">≈ estimate</span>',
    "cannot": '<span class="mark cannot">∅ cannot say</span>',
}

_FIGURE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Shown:
    """How a tab shows a family of models, for those who lead there or set it beside others.

    Arguments:
        title: What the family is called.
        address: The state of the tab that shows an image drawn from a seed, where `{net}`, `{dataset}`, `{seed}`,
            `{label}` and `{image}`, the number of the image, are to be filled in.
        nll: The mean of −log p(x) over the test images, or of the bound on it, in nats, as a card has it.
        settings: How often the class asked for is seen at settings of the family's own, as a card has it: {setting,
            pixels, value, se, n, diversity} of each.
        published: Of each data set, what others reached with more latent dimensions.
    """

    title: str
    address: Mapping[str, str] = field(default_factory=dict)
    nll: Callable[[Mapping[str, Any]], Mapping[str, float]] | None = None
    settings: Callable[[Mapping[str, Any]], list[dict[str, Any]]] | None = None
    published: Mapping[str, "Published"] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A bound on −log p(x) in nats that others published: of what kind of model, in short, and with its source."""

    value: float
    name: str
    source: str


@dataclass(frozen=True)
class Figure:
    """One measured number of a card, and what a reader needs to trust it."""

    name: str
    value: float | None
    kind: str
    unit: str = "nats"
    se: float | None = None
    n: int | None = None
    seed: int | None = None


def question(text: str) -> gr.Markdown:
    """Show the one sentence that the tab answers."""
    return gr.Markdown(text, elem_classes="question")


def heading(text: str) -> gr.Markdown:
    """Show the title of a part below the stage."""
    return gr.Markdown(f"## {text}", elem_classes="heading")


def prose(text: str, **kwargs) -> gr.Markdown:
    """Show Markdown with LaTeX between dollar signs."""
    return gr.Markdown(text, latex_delimiters=LATEX, elem_classes="prose", **kwargs)


def notice(text: str) -> gr.Markdown:
    """Say plainly that something is wrong, what is kept and what to do."""
    return gr.Markdown(text, elem_classes="notice", latex_delimiters=[])


def sections(path: Path) -> dict[str, str]:
    """Return the parts of a Markdown file by their second-level headings."""
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:]
    return {title.strip(): body.strip() for title, _, body in (part.partition("\n") for part in parts)}


def fill(text: str, figures: Mapping[str, str]) -> str:
    """Return a text with each `{{name}}` replaced by that figure.

    Raises:
        KeyError: If there is no such figure.
    """
    return _FIGURE.sub(lambda match: figures[match[1]], text)


def quoted(quotes: Mapping[str, Callable[[Any], str]], cards: Any, unknown: str) -> dict[str, str]:
    """Return what a text quotes of some cards, by name; what they do not hold is said to be unknown."""
    return {name: _quote(read, cards, unknown) for name, read in quotes.items()}


def _quote(read: Callable[[Any], str], cards: Any, unknown: str) -> str:
    try:
        return " ".join(read(cards).split())
    except Exception:  # a card may hold anything at all where a figure is looked for
        return unknown


def source(function: Callable) -> str:
    """Return the source of a function as it was loaded, so that what is shown is what runs."""
    code = textwrap.dedent(inspect.getsource(function)).rstrip()
    fence = "`" * 4
    where = f"{function.__module__}.{function.__qualname__}"
    return f"`{where}`\n\n{fence}python\n{code}\n{fence}"


def code(functions: dict[str, Sequence[Callable]]) -> None:
    """Show the functions that ran, by the gesture that runs them."""
    with gr.Tabs(elem_classes="code"):
        for gesture, called in functions.items():
            with gr.Tab(gesture):
                gr.Markdown("\n\n".join(map(source, called)), latex_delimiters=[])


def evidence_table(figures: Sequence[Figure]) -> str:
    """Return figures as a Markdown table with their standard error, N and seed."""
    head = "| figure | value ± standard error | kind | N | seed |\n| :-- | :-- | :-- | --: | --: |"
    return "\n".join([head, *map(_row, figures)])


def _row(figure: Figure) -> str:
    if figure.value is None:
        return f"| {figure.name} | not measured | {MARKS['cannot']} | | |"
    count = "" if figure.n is None else f"{figure.n:,}"
    seed = "" if figure.seed is None else str(figure.seed)
    value = f"{number(figure.value, figure.se)} {figure.unit}".strip()
    return f"| {figure.name} | {value} | {MARKS[figure.kind]} | {count} | {seed} |"


def brief(content: Any) -> Any:
    """Return a card's content with numbers of five digits, which is more than a page shows."""
    if isinstance(content, float):
        return float(f"{content:.5g}")
    if isinstance(content, Mapping):
        return {key: brief(value) for key, value in content.items()}
    return [brief(value) for value in content] if isinstance(content, list) else content


def number(value: float, se: float | None = None) -> str:
    """Return a number, with a true minus sign, to the digit that its standard error leaves it; a zero has no sign."""
    if se:
        digits = max(1, -math.floor(math.log10(se)))
        return f"{value:z.{digits}f} ± {se:.{digits}f}".replace("-", "−")
    digits = 1 if abs(value) >= 100 else 2 if abs(value) >= 0.1 or value == 0 else 4
    return f"{value:z.{digits}f}".replace("-", "−")
