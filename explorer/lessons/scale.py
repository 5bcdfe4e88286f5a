"""Section "At scale": what the idea of a tab became, and how large these systems are beside the tab's network.

`scale.md` in the folder of a tab has a paragraph and a table:

    | system | parameters | source |
    | --- | --- | --- |
    | The network of this tab | pixelcnn-mnist | |
    | GPT-3 | 175,000,000,000 | Brown et al. 2020 |

The second column is a number, or the name of a network whose parameters are counted.
"""

import math
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import gradio as gr

from explorer.networks import checkpoints
from explorer.tabs.kit.layout import parts

ROW = re.compile(r"^\| (?P<system>[^|]+?) \| (?P<size>[^|]+?) \| ?(?P<source>[^|]*?) ?\|$", re.MULTILINE)
SHORTEST_BAR = 1e3
"""Size at which the bars begin."""
NAMED_SIZES = ((1e9, "billion"), (1e6, "million"))


class System(NamedTuple):
    """System of the table: its name, its number of parameters with its source, and if it is a network of this page."""

    name: str
    size: int
    source: str
    here: bool


def read(path: Path) -> tuple[str, list[System]]:
    """Return the paragraph of a file, and the systems of its table; a network that cannot be read is left out."""
    text, _, table = path.read_text(encoding="utf-8").partition("\n| system |")
    return text.strip(), [*_systems(table)]


def _systems(table: str) -> Iterator[System]:
    for found in ROW.finditer(table):
        if found["size"].startswith("---"):
            continue
        here = not found["size"][0].isdigit()
        try:
            size = (
                checkpoints.count_parameters(checkpoints.load(found["size"]))
                if here
                else int(found["size"].replace(",", ""))
            )
        except checkpoints.CheckpointError:
            continue
        yield System(found["system"], size, found["source"], here)


def brief(size: int) -> str:
    """Return a size to three digits, in words from a million on: 488,000, 1.19 million, 175 billion."""
    unit, word = next((each for each in NAMED_SIZES if size >= each[0]), (1, ""))
    digits = max(0, 2 - math.floor(math.log10(size / unit)))
    return f"{round(size / unit, digits):g} {word}" if word else f"{round(size, -3):,}"


def shares(systems: list[System]) -> list[float]:
    """Return the lengths of the bars, from 0 to 1, on a log scale that ends at the largest system."""
    most = max(system.size for system in systems)
    return [math.log(system.size / SHORTEST_BAR) / math.log(most / SHORTEST_BAR) for system in systems]


def bars(systems: list[System]) -> str:
    """Return the sizes as a list with a bar for each, whose lengths are on a log scale."""
    items = "".join(_item(*each) for each in zip(systems, shares(systems), strict=True))
    return f"<figure><figcaption>Parameters; bars on a log scale</figcaption><ul>{items}</ul></figure>"


def _item(system: System, share: float) -> str:
    kind = ' class="here"' if system.here else ""
    source = f" <small>{escape(system.source)}</small>" if system.source else ""
    bar = f'<span class="bar" aria-hidden="true"><span style="width: {100 * share:.1f}%"></span></span>'
    return f"<li{kind}><span>{escape(system.name)}{source}</span>{bar}<strong>{brief(system.size)}</strong></li>"


def show(path: Path) -> None:
    """Lay out the section, if the tab has one."""
    if not path.exists():
        return
    text, systems = read(path)
    parts.heading("At scale")
    parts.prose(text)
    gr.HTML(bars(systems), elem_classes="at-scale", apply_default_css=False)
