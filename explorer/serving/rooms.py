"""Page split into rooms: the first response contains one stage; the other tabs, and all texts, are loaded when needed.

A *room* is a column with a placeholder sentence, followed by its content. Each tab is a room, and the text below its
stage is a room within it. For the rooms that are not shown first, the page contains only the sentence, which requests
the rest: that of a tab when it becomes visible, that of a text when the visitor turns to it. The answer has the format
of a `gr.render` update, so that Gradio lays it out. The content is not rendered for each visitor: it is cut out of the
configuration of the whole page, once.
"""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from explorer.serving.files import compressed_json

FAMILIES = "families"
READING = "Reading the tab…"
FOLLOWS = "Here follow what to try, the maths, the code that ran and the evidence."
ROOM = "room"

Config = dict[str, Any]
Node = dict[str, Any]


class Placeholder(gr.HTML):
    """Sentence that stands for the content of a room until it has loaded it."""


def room(build: Callable[[], None]) -> None:
    """Lay out a tab in a room that is loaded when the tab is opened."""
    _room(build, f'<p class="entering" role="status">{READING}</p>', 'trigger("expand")')


def text_room(build: Callable[[], None]) -> None:
    """Lay out the text below a stage in a room that is loaded when the visitor turns to it; see `contents.js`."""
    _room(build, f'<p class="awaiting">{FOLLOWS}</p>', 'whenTurnedTo(element, () => trigger("expand"))')


def _room(build: Callable[[], None], html: str, js: str) -> None:
    with gr.Column(elem_classes=ROOM):
        Placeholder(html_template=html, js_on_load=js, apply_default_css=False)
        build()


def connect(demo: gr.Blocks) -> None:
    """Make the placeholder of each room request the rest."""
    triggers = [each.expand for each in demo.blocks.values() if isinstance(each, Placeholder)]
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
    """Return the compressed answer for each placeholder, by component id."""
    config = demo.config
    return {node["children"][0]["id"]: compressed_json(contents(config, node)) for node in every_room(config)}


def rooms(config: Config) -> dict[str, Node]:
    """Return the layout of each tab's room by the name of its tab, in the order of the tabs."""
    props = {each["id"]: each["props"] for each in config["components"]}
    families = next(each for each in config["layout"]["children"] if props[each["id"]].get("elem_id") == FAMILIES)
    return {props[item["id"]]["id"]: item["children"][0] for item in families["children"]}


def every_room(config: Config) -> list[Node]:
    """Return the layouts of all rooms, those of tabs and of the texts within them."""
    numbers = _room_numbers(config)
    return [node for node in _nodes(config["layout"]) if node["id"] in numbers]


def first_view(config: Config, wanted: str | None) -> Config:
    """Return the configuration of a page that initially shows the wanted tab, or the first if it is unknown."""
    found = rooms(config)
    shown = wanted if wanted in found else next(iter(found))
    closed = _room_numbers(config) - {found[shown]["id"]}
    config = config | {"layout": _shut(config["layout"], closed)}
    node = rooms(config)[shown]
    node["children"] = node["children"][1:]
    config |= _about(config, config["layout"])
    for each in config["components"]:
        if each["props"].get("elem_id") == FAMILIES:
            each["props"] = each["props"] | {"selected": shown}
    numbers = {key: [each["id"] for each in config[key]] for key in ("components", "dependencies")}
    return config | {"page": {"": {"layout": config["layout"], **numbers}}}


def contents(config: Config, node: Node) -> Config:
    """Return the update that adds the content of a room to an open page."""
    inside = _shut(node | {"children": node["children"][1:]}, _room_numbers(config) - {node["id"]})
    about = _about(config, inside)
    asked_here = node["children"][0]["id"]
    about["dependencies"] = [  # the page has the request for rooms already
        each for each in about["dependencies"] if all(at != asked_here for at, _ in each["targets"])
    ]
    return {"data": [], "render_config": {"render_id": node["id"], "layout": inside, **about}}


def _shut(node: Node, rooms: set[int]) -> Node:
    """Return a copy of a layout in which these rooms contain only their placeholders."""
    children = node.get("children")
    if children is None:
        return node
    return node | {"children": [_shut(each, rooms) for each in (children[:1] if node["id"] in rooms else children)]}


def _room_numbers(config: Config) -> set[int]:
    """Return the component ids of all rooms."""
    return {each["id"] for each in config["components"] if ROOM in (each["props"].get("elem_classes") or ())}


def _about(config: Config, layout: Node) -> Config:
    """Return the components of a layout and the dependencies that their events trigger."""
    held = {node["id"] for node in _nodes(layout)}
    return {
        "components": [dict(each) for each in config["components"] if each["id"] in held],
        "dependencies": [each for each in config["dependencies"] if any(at in held for at, _ in each["targets"])],
    }


def _nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes of a layout."""
    yield node
    for child in node.get("children", ()):
        yield from _nodes(child)
