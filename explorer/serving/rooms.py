"""Page split by tab: the first response contains one tab, the others are loaded when they are opened.

Each tab has a *room*: a column with a placeholder sentence, followed by the content of the tab. For the rooms that are
not shown first, the page contains only the sentence. The sentence requests the rest when it becomes visible. The answer
has the format of a `gr.render` update, so that Gradio lays it out. The content is not rendered for each visitor: it is
cut out of the configuration of the whole page, once.
"""

import copy
import gzip
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr
import orjson

FAMILIES = "families"
READING = "Reading the tab…"

Config = dict[str, Any]
Node = dict[str, Any]


def room(build: Callable[[], None]) -> gr.HTML:
    """Lay out a tab in a room and return its placeholder sentence."""
    with gr.Column(elem_classes="room"):
        sentence = gr.HTML(
            html_template=f'<p class="entering" role="status">{READING}</p>',
            js_on_load='trigger("expand")',
            apply_default_css=False,
        )
        build()
    return sentence


def open_by(sentences: Sequence[gr.HTML]) -> None:
    """Make each placeholder sentence request the rest of its room."""
    triggers = [each.expand for each in sentences]
    gr.on(
        triggers,
        _answered_by_the_gate,
        queue=False,
        show_progress="hidden",
        trigger_mode="multiple",
        api_visibility="undocumented",
    )


def _answered_by_the_gate() -> None:
    """Stand in for the real answer: `Gate` sends the one prepared by `answers`."""


def answers(demo: gr.Blocks) -> dict[int, bytes]:
    """Return the compressed answer for each placeholder sentence, by component id."""
    config = demo.config
    return {
        node["children"][0]["id"]: gzip.compress(orjson.dumps(contents(config, name)), 9, mtime=0)
        for name, node in rooms(config).items()
    }


def rooms(config: Config) -> dict[str, Node]:
    """Return the layout of each room by the name of its tab, in the order of the tabs."""
    props = {each["id"]: each["props"] for each in config["components"]}
    families = next(each for each in config["layout"]["children"] if props[each["id"]].get("elem_id") == FAMILIES)
    return {props[item["id"]]["id"]: item["children"][0] for item in families["children"]}


def first_view(config: Config, wanted: str | None) -> Config:
    """Return the configuration of a page that initially shows the wanted tab, or the first if it is unknown."""
    config = config | {"layout": copy.deepcopy(config["layout"])}
    found = rooms(config)
    shown = wanted if wanted in found else next(iter(found))
    for name, node in found.items():
        node["children"] = node["children"][1:] if name == shown else node["children"][:1]
    config |= _about(config, config["layout"])
    for each in config["components"]:
        if each["props"].get("elem_id") == FAMILIES:
            each["props"] = each["props"] | {"selected": shown}
    numbers = {key: [each["id"] for each in config[key]] for key in ("components", "dependencies")}
    return config | {"page": {"": {"layout": config["layout"], **numbers}}}


def contents(config: Config, name: str) -> Config:
    """Return the update that adds the content of a tab to an open page."""
    node = rooms(config)[name]
    inside = node | {"children": node["children"][1:]}
    return {"data": [], "render_config": {"render_id": node["id"], "layout": inside, **_about(config, inside)}}


def _about(config: Config, layout: Node) -> Config:
    """Return the components of a layout and the dependencies that their events trigger."""
    held = set(_numbers(layout))
    return {
        "components": [dict(each) for each in config["components"] if each["id"] in held],
        "dependencies": [each for each in config["dependencies"] if any(at in held for at, _ in each["targets"])],
    }


def _numbers(node: Node) -> Iterator[int]:
    """Yield the component ids of a layout."""
    yield node["id"]
    for child in node.get("children", ()):
        yield from _numbers(child)
