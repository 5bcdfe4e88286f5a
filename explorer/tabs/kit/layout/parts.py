"""Parts of the layout that all tabs share: question, headings, texts, notices, source code and numbers."""

import functools
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

import gradio as gr
from gradio.blocks import Block

LATEX = [
    {"left": "$$", "right": "$$", "display": True},
    {"left": "$", "right": "$", "display": False},
]

CODE_SPAN = re.compile("(`[^`]+`)")
MARKUP = re.compile(r"[<>\[\]&\\`*]|:(?=//)|(?<=www)\.")

OPEN_NOTICES = 2
MARKS = {
    "exact": '<span class="mark exact">= exact</span>',
    "bound": '<span class="mark bound">≤ bound</span>',
    "estimate": '<span class="mark estimate">≈ estimate</span>',
    "cannot": '<span class="mark cannot">∅ cannot say</span>',
}


@dataclass(frozen=True)
class Shown:
    """Display settings of a family, for links to its tab and for comparisons.

    Arguments:
        address: State of the tab that shows an image drawn from a seed, with placeholders `{net}`, `{dataset}`,
            `{data}` (the data set, or the name of a further network), `{seed}`, `{label}` and `{image}`, the number of
            the image.
        published: Published bounds by data set, of models with more latent dimensions.
    """

    address: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, "Published"] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """Published bound on −log p(x) in nats, with a short name of the model and the source."""

    value: float
    name: str
    source: str


def heading(text: str) -> gr.Markdown:
    """Show the title of a part below the stage."""
    return gr.Markdown(f"## {text}", elem_classes="heading")


def prose(text: str, **kwargs) -> gr.Markdown:
    """Show Markdown with LaTeX between dollar signs."""
    return gr.Markdown(text, latex_delimiters=LATEX, elem_classes="prose", **kwargs)


def is_prose(block: Block) -> TypeGuard[gr.Markdown]:
    """Return whether a block is a non-empty text laid out by `prose`."""
    return isinstance(block, gr.Markdown) and "prose" in block.elem_classes and bool(block.value)


def notice(text: str) -> gr.Markdown:
    """Show an error notice: the problem, what still works and what to do; its only markup is code in backticks."""
    return gr.Markdown(escape(text), elem_classes="notice", latex_delimiters=[])


def notices(texts: Sequence[str]) -> None:
    """Show error notices above the stage; where they would hide it, they fold under their number."""
    if len(texts) <= OPEN_NOTICES:
        for text in texts:
            notice(text)
        return
    label = f"{len(texts)} parts of this page are missing: which, and why"
    with gr.Accordion(label, open=False, elem_classes="notices"):
        for text in texts:
            notice(text)


def escape(text: str) -> str:
    """Return a text escaped for Markdown, except for code between single backticks."""
    pieces = CODE_SPAN.split(" ".join(text.split()))
    pieces[::2] = (MARKUP.sub(lambda sign: f"\\{sign[0]}", each) for each in pieces[::2])
    return "".join(pieces)


def sections(path: Path) -> dict[str, str]:
    """Return the parts of a Markdown file by their second-level headings."""
    parts = path.read_text(encoding="utf-8").split("\n## ")[1:]
    return {title.strip(): body.strip() for title, _, body in (part.partition("\n") for part in parts)}


@functools.cache
def source(function: Callable) -> str:
    """Return the source of a loaded function, so that the displayed code is the code that runs."""
    code = textwrap.dedent(inspect.getsource(function)).rstrip()
    fence = "`" * 4
    where = f"{function.__module__}.{function.__qualname__}"
    return f"`{where}`\n\n{fence}python\n{code}\n{fence}"


def code(functions: Mapping[str, Sequence[Callable]]) -> None:
    """Show the functions that ran, by the gesture that runs them."""
    with gr.Tabs(elem_classes="code"):
        for gesture, called in functions.items():
            with gr.Tab(gesture):
                gr.Markdown("\n\n".join(map(source, called)), latex_delimiters=[])


def rounded(content: Any) -> Any:
    """Return a card's content with numbers rounded to five digits, more than a page displays."""
    if isinstance(content, float):
        return float(f"{content:.5g}")
    if isinstance(content, Mapping):
        return {key: rounded(value) for key, value in content.items()}
    return [rounded(value) for value in content] if isinstance(content, list) else content


def number(value: float, se: float | None = None) -> str:
    """Return a number with a true minus sign, rounded by its standard error if given; a zero has no sign."""
    if se:
        digits = max(1, -math.floor(math.log10(se)))
        return f"{value:z.{digits}f} ± {se:.{digits}f}".replace("-", "−")
    digits = 1 if abs(value) >= 100 else 2 if abs(value) >= 0.1 or value == 0 else 4
    return f"{value:z.{digits}f}".replace("-", "−")
