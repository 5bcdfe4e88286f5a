"""Every state of the former tab of codes has its place in one of the two tabs of today."""

from urllib.parse import urlencode

import pytest

from explorer.exercises import exercises_by_tab
from explorer.serving.page import Tabs, requested_view
from explorer.tabs import former, interface

TABS = Tabs([tab.name for tab in interface.TABS], "vae", [], former.redirects())
FIRST, SECOND = former.NOW


def opened(**said: str) -> str:
    return requested_view(urlencode({"tab": former.FORMER_CODES} | said).encode(), TABS).tab


def test_its_name_alone_opens_the_first():
    assert opened() == opened(mode="tour") == opened(mode="exercises") == opened(beta="3") == FIRST.name


@pytest.mark.parametrize("tab", former.NOW, ids=lambda tab: tab.name)
def test_modes_networks_and_exercises_are_where_they_belong(tab):
    own = tab.modes.keys() - tab.questions.keys() - {"tour", "exercises"}
    assert {opened(mode=mode, net=net) for mode in own for net in (FIRST.nets[0], SECOND.nets[0])} == {tab.name}
    assert {opened(mode=mode, net=net) for mode in tab.questions for net in tab.nets} == {tab.name}
    assert {opened(mode="exercises", exercise=each.name) for each in tab.exercises} == {tab.name}


def test_the_steps_of_its_tour_go_on_in_the_second():
    steps = [len(tab.tour(tab.quotes({net.name: net.content() for net in tab.shown()}))) for tab in former.NOW]
    assert [*former.STEPS] == list(range(steps[0] + 1, sum(steps) + 1))
    said = [TABS.current({"tab": former.FORMER_CODES, "mode": "tour", "tour": str(step)}) for step in former.STEPS]
    assert {each["tab"] for each in said} == {SECOND.name}
    assert [int(each["tour"]) for each in said] == list(range(1, steps[1] + 1))
    assert opened(mode="tour", tour=str(steps[0])) == FIRST.name


def test_a_file_of_answers_may_name_it():
    exercises, fields = exercises_by_tab()[former.FORMER_CODES]
    assert {each.name for each in exercises} == {each.name for tab in former.NOW for each in tab.exercises}
    assert {key for each in exercises if each.kind == "stage" for key in each.reads} <= {each.key for each in fields}


def test_the_passes_of_one_step_had_the_key_of_the_clock():
    said = {"tab": "flow-matching", "mode": "one_step"}
    assert TABS.current(said | {"clock": "3000"}) == said | {"clock": "share", "passes": "3000"}
    assert TABS.current(said | {"clock": "seconds"}) == said | {"clock": "seconds"}


def test_other_addresses_stay():
    assert TABS.current({"tab": "flow", "mode": "tokens"}) == {"tab": "flow", "mode": "tokens"}
