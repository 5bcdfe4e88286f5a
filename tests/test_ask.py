"""Ask: the shared questions of a family are one entry of its tab, and lead to the comparison."""

import pytest

from explorer import data
from explorer.tabs.compare import tab as compare
from explorer.tabs.compare.asked import QUESTIONS
from explorer.tabs.families import TABS
from explorer.tabs.kit.ask import asks
from explorer.tabs.kit.ask.nets import family_of, nets_of
from explorer.tabs.kit.layout.fields import ASKED
from explorer.tabs.kit.layout.groups import ASK, COMPARED, LEARN, with_shared
from explorer.tabs.kit.layout.tab import Tab

ASKING = [tab for tab in TABS if ASK in tab.entries]
every_family = pytest.mark.parametrize("tab", ASKING, ids=[tab.name for tab in ASKING])
ABILITIES = {
    "make": "sample",
    "complete": "complete",
    "likelihood": "likelihood",
    "anomaly": "odd",
    "interpolate": "interpolate",
}


def compared(tab: Tab) -> dict:
    return tab.value({net.name: net.content() for net in tab.shown()})["compared"]


def abilities(tab: Tab) -> list[dict]:
    found = [net.content().value for net in tab.shown()]
    return [value["column"]["can"] for value in found if "column" in value]


@every_family
def test_it_holds_the_questions_that_a_network_of_the_family_answers(tab: Tab):
    can = abilities(tab)
    answered = {each for each, ability in ABILITIES.items() if any(known[ability] for known in can)}
    assert can and answered <= tab.asked.keys()


def test_every_family_of_the_comparison_has_it():
    families = {family_of(net) for dataset in data.DATASETS for net in nets_of(dataset)}
    assert not [tab.name for tab in TABS if families & tab.shows.keys() and ASK not in tab.entries]


@every_family
def test_its_modes_are_in_the_order_of_the_comparison_and_lead_there(tab: Tab):
    modes = compared(tab)["modes"]
    assert [*modes] == [*tab.entries[ASK]]
    assert {*tab.asked.values()} == {*modes, *({LEARN} & tab.asked.keys())}
    assert all(tab.asked[QUESTIONS[there]] == mode for mode, there in modes.items())
    assert len({*modes.values()}) == len(modes) and {*modes.values()} <= compare.TAB.modes.keys()


@every_family
def test_a_question_is_asked_once_by_the_shared_mode_or_by_one_of_the_tab(tab: Tab):
    modules = {mode["id"]: mode["module"] for mode in tab.mode_props()}
    for mode, there in compared(tab)["modes"].items():
        question = QUESTIONS[there]
        module = "asked" if question in ("likelihood", "anomaly") else question
        assert (modules[mode] == f"questions/{module}") == (mode in tab.questions)
        assert question not in tab.questions.values() or tab.questions[mode] == question
    assert {*tab.questions} <= {*tab.entries[ASK], LEARN}


@every_family
def test_the_comparison_is_told_the_fields_that_mean_there_what_they_mean_here(tab: Tab):
    own = {each.key: each.kind for each in tab.fields}
    assert len(own) == len(tab.fields) and (not tab.questions or {each.key for each in ASKED} <= own.keys())
    theirs = {each.key: each.kind for each in compare.TAB.fields}
    for key in compared(tab)["keys"]:
        assert own[key] == theirs[key]


def test_every_question_of_the_comparison_has_a_title_and_its_code():
    assert asks.TITLES.keys() == asks.CODE.keys() == {*COMPARED, LEARN}


def test_the_entry_stands_where_the_tab_groups_the_first_of_its_own_modes():
    groups = {"look": ["first", "draw", "last"], "play": ["game", "between"]}
    placed = with_shared(groups, ["draw", "odd", "between"], learn=True)
    assert placed == {
        "look": ["first", "draw", "odd", "between", "last", LEARN],
        "play": ["game"],
        "test": [],
        "understand": [],
    }
    assert with_shared(groups, ["odd"])["play"] == ["game", "between", "odd"]


def test_what_asks_again_follows_from_the_server_function():
    declared = {question: panel.to_props() for question, panel in asks.PANELS.items()}
    assert declared.keys() == asks.CODE.keys()
    complete, between = declared["complete"], declared["interpolate"]
    assert {"net", "img", "draw", "source", "x", "keep", "axis", "seed"} <= {*complete["asks"]}
    assert {"img", "img2", "x", "y"} <= {*between["asks"]}
    assert "label" in declared["make"]["asks"] and "label" not in complete["request"], "a completion has no class"
