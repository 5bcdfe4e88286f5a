"""Descriptions that the page gets of its components and their events, tab by tab, as a browser gets them."""

import json
from collections.abc import Iterable
from typing import Any

Config = dict[str, Any]


def config_in(page: str) -> Config:
    """Content of a page."""
    return json.JSONDecoder().raw_decode(page, page.index("{", page.index("window.gradio_config = {")))[0]


def tabs_of(config: Config) -> list[str]:
    """The names of the page's tabs, in their order; none of a page without them."""
    tabs = [each["props"] for each in config["components"] if each["type"] == "tabitem"]
    return [props["id"] for props in tabs if props.get("id")]


def questions_for_rooms(config: Config) -> list[dict[str, Any]]:
    """The requests with which the placeholders of all rooms, if any, ask for their contents."""
    openings = [each for each in config["dependencies"] if len(each["targets"]) > 1]
    return [
        {"fn_index": each["id"], "session_hash": "visitor", "data": [], "trigger_id": placeholder}
        for each in openings
        for placeholder, _ in each["targets"]
    ]


def together(configs: Iterable[Config]) -> Config:
    """Content that pages with different tabs carry among them."""
    every = list(configs)
    return {
        key: list({each["id"]: each for config in every for each in config[key]}.values())
        for key in ("components", "dependencies")
    }
