"""A page carries the stage that it opens with; other tabs, and the texts, are told when they are opened."""

import gzip
import json
from collections import Counter

import gradio as gr
import pytest
from gradio.routes import toorjson

from explorer.serving import page, rooms
from explorer.tabs import interface
from tests.attack import JSON, TYPE, Target
from tests.benchmarks import many
from tests.page_config import config_in, questions_for_rooms, tabs_of, together

NAMES = [tab.name for tab in interface.TABS]


@pytest.fixture(scope="module")
def config() -> rooms.Config:
    """Gradio's description of the whole page."""
    return interface.build().config


def numbers(config: rooms.Config, key: str) -> list[int]:
    return sorted(each["id"] for each in config[key])


@pytest.mark.parametrize("tab", NAMES)
def test_the_first_view_and_what_the_other_tabs_are_told_make_up_the_whole_page(config: rooms.Config, tab: str):
    view = rooms.first_view(config, tab)
    shown = rooms.rooms(config)[tab]
    items = [rooms.contents(config, each)["render_config"] for each in rooms.every_room(config) if each != shown]
    assert len(items) == 2 * len(NAMES) - 1, "every other tab, and every text"
    sentence = shown["children"][0]["id"]  # which nobody needs where the tab is shown at once
    whole = together([view, *items])
    assert numbers(whole, "components") == [number for number in numbers(config, "components") if number != sentence]
    assert numbers(whole, "dependencies") == numbers(config, "dependencies")
    parts = [set(numbers(each, "dependencies")) for each in (view, *items)]
    assert sum(map(len, parts)) == len(set.union(*parts))


@pytest.mark.parametrize(("wanted", "shown"), [*((name, name) for name in NAMES), ("none", "start"), (None, "start")])
def test_the_page_opens_with_the_tab_that_its_address_names(config: rooms.Config, wanted: str | None, shown: str):
    view = rooms.first_view(config, wanted)
    props = [each["props"] for each in view["components"]]
    assert [each["selected"] for each in props if each.get("elem_id") == "families"] == [shown]
    assert [each["elem_id"] for each in props if "stage-block" in each.get("elem_classes", ())] == [f"{shown}-stage"]
    assert numbers(view, "components") == sorted(view["page"][""]["components"]) and tabs_of(view) == NAMES


def test_no_two_parts_of_the_page_have_one_address(config: rooms.Config):
    ids = [each["props"]["elem_id"] for each in config["components"] if each["props"].get("elem_id")]
    assert not {name: count for name, count in Counter(ids).items() if count > 1}
    assert {f"{tab}-{part}" for tab in NAMES for part in ("the-evidence", "stage")} <= {*ids}


def test_a_page_with_three_times_as_many_tabs_is_hardly_longer():
    few, more = (len(document(interface.build(many.tabs(count)), "vae")) for count in (5, 15))
    assert few < more < 1.05 * few
    # of which 2,300 are the first words, the writers of the history and of languages, and the repair of links, and
    # 400 what presenting sets in this tab alone, which stood in a sheet of the whole page, 350 what opens a network,
    # 350 what opens and follows a room of a class, and 600 what takes along and what works without a connection
    assert few < 48_400


def document(demo: gr.Blocks, tab: str) -> bytes:
    """The page as it is sent, but for what of it is Gradio's own and does not depend on the tabs."""
    return page.prepare(
        f"<body><script>{page.CONFIG}{toorjson(demo.config)};</script>",
        page.Wanted(tab),
        interface.selectable_tabs(demo),
    ).body


def test_a_page_is_served_with_one_tab_and_the_gate_tells_the_rest(target: Target):
    view = config_in(target.send("GET", "/?tab=gan").body.decode())
    assert [name for name in target.stages if name in json.dumps(view)] == ["gan-stage"]
    for asked in questions_for_rooms(view):
        sentence = asked["trigger_id"]
        plain = target.post(TYPE, asked)
        small = target.send("POST", TYPE, json.dumps(asked).encode(), JSON | {"Accept-Encoding": "gzip"})
        assert plain.status == small.status == 200 and gzip.decompress(small.body) == plain.body
        assert small.headers["content-encoding"] == "gzip" and len(small.body) < 44_000
        result = plain.json["render_config"]
        assert {each["id"] for each in result["components"]} > {result["layout"]["id"]}
        assert sentence not in {each["id"] for each in result["components"]}
    for nobody in (sentence + 1, -1, "5", None, [5], True):
        assert target.post(TYPE, asked | {"trigger_id": nobody}).status == 404
