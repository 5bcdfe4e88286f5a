"""The page in parts: what is served first shows one tab, and what any other tab shows comes when that is opened.

Each tab has a *room*: a column with a sentence to wait by, and then all that the tab shows. Of the rooms that are not
shown first the page carries the sentence alone, which asks for the rest as soon as it is on screen. The answer is of
the kind that a `gr.render` function's is, so that Gradio lays it out; but nothing is rendered for anybody: it is cut
out of the configuration of the whole page, once.
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
    """Lay out a tab in a room; returns the sentence that stands there until the rest has come."""
    with gr.Column(elem_classes="room"):
        sentence = gr.HTML(
            html_template=f'<p class="entering" role="status">{READING}</p>',
            js_on_load='trigger("expand")',
            apply_default_css=False,
        )
        build()
    return sentence


def open_by(sentences: Sequence[gr.HTML]) -> None:
    """Let each sentence ask for the rest of its room."""
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
    """What is in a room is known before anybody asks: see `answers`."""


def answers(demo: gr.Blocks) -> dict[int, bytes]:
    """What each sentence of a page is answered, compressed, by its number among the components."""
    config = demo.config
    return {
        node["children"][0]["id"]: gzip.compress(orjson.dumps(contents(config, name)), 9, mtime=0)
        for name, node in rooms(config).items()
    }


def rooms(config: Config) -> dict[str, Node]:
    """The layout of each room by the name of its tab, in the order of the tabs."""
    props = {each["id"]: each["props"] for each in config["components"]}
    families = next(each for each in config["layout"]["children"] if props[each["id"]].get("elem_id") == FAMILIES)
    return {props[item["id"]]["id"]: item["children"][0] for item in families["children"]}


def first_view(config: Config, wanted: str | None) -> Config:
    """What a page is served with that opens with the wanted tab, or with the first one if there is no such tab."""
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
    """What Gradio is told when a tab is opened that the page was served without."""
    node = rooms(config)[name]
    inside = node | {"children": node["children"][1:]}
    return {"data": [], "render_config": {"render_id": node["id"], "layout": inside, **_about(config, inside)}}


def _about(config: Config, layout: Node) -> Config:
    """The components of a layout, and what happens at their events."""
    held = set(_numbers(layout))
    return {
        "components": [dict(each) for each in config["components"] if each["id"] in held],
        "dependencies": [each for each in config["dependencies"] if any(at in held for at, _ in each["targets"])],
    }


def _numbers(node: Node) -> Iterator[int]:
    """The numbers of a layout's components."""
    yield node["id"]
    for child in node.get("children", ()):
        yield from _numbers(child)
