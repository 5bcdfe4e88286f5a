"""Stages: interactive `gr.HTML` components, each with an ES module and a style sheet in the folder of its class."""

import hashlib
import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

ROOT = Path(__file__).parents[2]
STAGES = Path(__file__).parent
LOADING = "Reading the stage…"
UNREACHED = "This stage could not be read; perhaps the line is down. It is asked for again every few seconds."
RETRY_MS = 3000


@dataclass(frozen=True)
class OfNetworks:
    """Settings of a stage of networks that needs no `stage.js` of its own.

    Arguments:
        first: Mode that follows the tour.
        note: Line under the title of the tour, if a network was chosen before.
        renews: Fields that decide which films are shown.
        fresh: Fields that belong to these films and begin anew with them.
        apart: Fields that modes read in different senses; they begin anew with the mode.
        about: Start of the names of the networks among which a mode has a choice; None is no choice. All by default;
            None instead of a mapping is no choice in any mode.
        spaces: Space of the networks among which a mode has a choice, if it is not any.
        key: Field of what a visitor chooses above the modes.
        label: Name of that choice.
    """

    first: str
    note: str = "The tour chooses its own networks; yours comes back when you leave it."
    renews: Sequence[str] = ("mode", "net", "seed", "label", "img", "img2", "draw", "source", "keep", "x", "y", "axis")
    fresh: Sequence[str] = ("at",)
    apart: Sequence[str] = ()
    about: Mapping[str, str | None] | None = field(default_factory=dict)
    spaces: Mapping[str, str] = field(default_factory=dict)
    key: str = "net"
    label: str = "Network"


class Stage(gr.HTML):
    """Component drawn by the `stage.js` in the folder of its class, or by that of all stages of networks.

    The template is static and `value` is data, never markup: `stage.js` exports `mount({element, trigger, props,
    server, watch, base})` and draws `props.value` on a canvas or as text. All changing state goes through `value`,
    whole each time.
    """

    asks = False
    """True for a stage that shows the shared questions."""
    networks: OfNetworks | None = None
    """Settings of a stage without a `stage.js` of its own."""

    def __init__(self, value: dict[str, Any] | None = None, **kwargs: Any) -> None:
        folder = Path(inspect.getfile(type(self))).parent
        settings = {"networks": asdict(self.networks) | {"asks": self.asks}} if self.networks else {}
        super().__init__(
            value=(value or {}) | settings if settings else value,
            html_template=f'<div class="stage {folder.name}"><p role="status">{LOADING}</p></div>',
            css_template=_styles(STAGES / "kit", *([STAGES / "questions"] * self.asks), folder),
            js_on_load=loader(folder if self.networks is None else STAGES / "kit" / "shell"),
            apply_default_css=False,
            **kwargs,
        )


def _styles(*folders: Path) -> str:
    """Return the style sheets of some folders, ordered by name, minified, because the page itself contains them."""
    found = [sheet for folder in folders for sheet in sorted(folder.rglob("*.css"), key=lambda sheet: sheet.name)]
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in found)
    return re.sub(r"\s*\n\s*", " ", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL))


@cache
def version() -> str:
    """Return a hash that changes with every module and style sheet."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STAGES.rglob("*") if path.suffix in (".js", ".css")):
        digest.update(f"{path.relative_to(STAGES).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def loader(folder: Path) -> str:
    """Return the script that Gradio runs once: it imports the stage's module from the static path and mounts it.

    A failed import is retried after `RETRY_MS`, and when the browser is online again.
    """
    return f"""const base = `${{gradio_config.root}}${{gradio_config.api_prefix}}/file=`;
const notice = element.querySelector(".stage > p");
function open() {{
  const module = import(`${{base}}{folder.relative_to(ROOT).as_posix()}/stage.js`);
  module.then(({{ mount }}) => mount({{ element, trigger, props, server, watch, base }}), again);
}}
function again(error) {{
  console.warn(error.message);
  notice.textContent = explorerSay("{UNREACHED}");
  const timer = setTimeout(next, {RETRY_MS});
  addEventListener("online", next);
  function next() {{
    clearTimeout(timer);
    removeEventListener("online", next);
    open();
  }}
}}
open();
"""
