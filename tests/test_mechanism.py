"""The picture of the mechanism, and the groups of modes: what every family's tab declares."""

from itertools import groupby

import pytest

from explorer.tabs.compare import tab as compare
from explorer.tabs.families import TABS
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.kit.layout.groups import GROUPS, MOST_ENTRIES, in_order
from explorer.tabs.kit.layout.tab import Tab

CARDS = {"tour", "exercises"}  # under which other modes work
EVERY = [*TABS, foundations.TAB, compare.TAB]
every_tab = pytest.mark.parametrize("tab", EVERY, ids=[tab.name for tab in EVERY])
every_family = pytest.mark.parametrize("tab", TABS, ids=[tab.name for tab in TABS])


@every_tab
def test_every_tab_has_a_mechanism_whose_parts_open_and_light_modes_of_its_tab(tab: Tab):
    assert tab.mechanism, "no mechanism is declared"
    assert {mode for part in tab.mechanism.parts for mode in part.highlighting_modes} <= tab.modes.keys() - CARDS
    assert len({part.name for part in tab.mechanism.parts}) == len(tab.mechanism.parts)


@every_tab
def test_every_mode_is_lit_by_a_part_or_says_why_by_none(tab: Tab):
    lit = {mode for part in tab.mechanism.parts for mode in part.highlighting_modes}
    apart = tab.mechanism.apart
    assert lit | apart.keys() == tab.modes.keys() - CARDS
    assert not lit & apart.keys() and all(apart.values())


@every_tab
def test_the_stage_is_told_what_each_part_opens(tab: Tab):
    for part, result in zip(tab.mechanism.parts, tab.mechanism.to_props(tab.full_titles), strict=True):
        assert result["label"] == f"{part.name}: opens {tab.full_titles[part.mode]}"
        assert part.mode in result["lit"]


@every_tab
def test_the_tour_comes_first_and_every_other_mode_is_in_one_group(tab: Tab):
    result = tab.mode_props()
    assert sorted(mode["id"] for mode in result) == sorted(tab.modes)
    if "tour" in tab.modes:
        assert (result[0]["id"], result[0]["title"], result[0]["group"]) == ("tour", "Tour", None)
    alone = [mode["id"] for mode in result if mode["group"] is None]
    assert set(alone) <= CARDS and alone == [mode["id"] for mode in result[: len(alone)]]
    places = [GROUPS.index(mode["group"]) for mode in result[len(alone) :]]
    assert places == sorted(places)


@every_tab
def test_the_navigation_has_few_entries_and_the_modes_of_one_follow_each_other(tab: Tab):
    items = [mode["entry"] or mode["id"] for mode in tab.mode_props() if mode["id"] not in CARDS]
    runs = [entry for entry, _ in groupby(items)]
    assert len(runs) == len(set(runs)) <= MOST_ENTRIES
    assert {mode for modes in tab.entries.values() for mode in modes} <= tab.modes.keys() - CARDS
    assert not set(tab.entries) & set(tab.modes.values()), "an entry is called like a mode"


@every_tab
def test_the_mode_of_the_first_visit_is_the_first_of_the_groups(tab: Tab):
    (first,) = [field.default for field in tab.fields if field.key == "mode"]
    assert next(mode["id"] for mode in tab.mode_props() if mode["id"] not in CARDS) == first


def test_modes_without_groups_keep_their_order_behind_the_tour():
    assert in_order(["b", "a", "tour"], {}) == {"tour": None, "b": None, "a": None}


@every_family
def test_every_abbreviation_is_spelt_out_before_the_maths(tab: Tab):
    assert tab.short
    assert all(f"**{short}** {long}" in tab.preface for short, long in tab.short.items())
