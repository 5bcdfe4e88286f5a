"""Table of contents beside the text below a stage, with an address for each heading."""

import re
from collections.abc import Iterable
from html import escape

import gradio as gr
from gradio.blocks import Block

HEADING = re.compile(r"(?P<level>##|###) (?P<title>.+)")
Part = tuple[int, str, str]
"""Heading: its level, its title and the fragment of its address."""


def address(tab: str, blocks: Iterable[Block]) -> list[Part]:
    """Give each text that begins with a heading an address and a link to it; return the headings."""
    parts: list[Part] = []
    for block in blocks:
        if not isinstance(block, gr.Markdown) or not (found := HEADING.match(block.value or "")):
            continue
        title = found["title"]
        block.elem_id = block.elem_id or unique_name(f"{tab}-{slug(title)}", {taken for _, _, taken in parts})
        block.value = f"{found[0]} {link(tab, block.elem_id)}{found.string[found.end() :]}"
        parts.append((len(found["level"]), title, block.elem_id))
    return parts


def slug(title: str) -> str:
    """Return a title in the form used in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def unique_name(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, with a number appended if necessary."""
    names = (f"{name}-{number}" if number > 1 else name for number in range(1, len(taken) + 2))
    return next(each for each in names if each not in taken)


def at(tab: str, name: str) -> str:
    """Return the address of a part of a tab; `contents.js` scrolls there and keeps the rest of the address."""
    return escape(f"?tab={tab}#{name}")


def link(tab: str, name: str) -> str:
    """Return the link of a heading to itself."""
    return f'<a class="anchor" href="{at(tab, name)}" title="Link to this part">#</a>'


def table_of_contents(tab: str, parts: Iterable[Part]) -> str:
    """Return the table of contents; `contents.js` opens it where it has a column of its own."""
    items = "".join(
        f'<li class="level-{level}"><a href="{at(tab, name)}">{escape(title)}</a></li>' for level, title, name in parts
    )
    return f'<nav aria-label="On this page"><details><summary>On this page</summary><ul>{items}</ul></details></nav>'


def back(tab: str) -> str:
    """Return the link back to the stage, which stays visible."""
    return f'<a href="{at(tab, f"{tab}-stage")}"><span aria-hidden="true">↑</span> Back to the stage</a>'
