"""Groups of modes above a stage, by the visitor's activity; tour and exercises come before them."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from explorer.models.model import Model
from explorer.questions import likelihood

GROUPS = ("look", "play", "test", "understand")
"""Groups: view samples, interact with the model, evaluate it, and understand its mechanism."""

CARDS = ("tour", "exercises")
"""Modes that lead through other modes: both come first, and stay visible while the others scroll."""

TAB_GROUPS = ("first", "exact", "bound", "ratio", "none", "all")
"""Groups of tabs in the navigation: the first pages, the families by their answer for p(x), and the comparison."""

Groups = Mapping[str, Sequence[str]]

Entries = Mapping[str, Sequence[str]]
"""Modes that share an entry of the navigation, by its title; the visitor chooses among them on the stage."""

MOST_ENTRIES = 7
"""Entries of a tab's navigation at most, besides the cards."""

ASK = "What it can do"
"""Entry of the shared questions, except `LEARN`."""

COMPARED = {
    "make": "make",
    "likelihood": "likely",
    "complete": "finish",
    "anomaly": "odd",
    "interpolate": "between",
}
"""Mode of the comparison that puts each shared question to every family."""

LEARN = "learn"
"""Shared question about training, a mode of its own."""

TITLES = {
    "make": "Make",
    "complete": "Complete",
    "likelihood": "How likely?",
    "anomaly": "Anomaly",
    "interpolate": "Between two",
    LEARN: "Watch it learn",
}
"""Titles of the shared questions, wherever the page names one."""


def with_shared(groups: Groups, asked: Sequence[str], *, learn: bool = False) -> Groups:
    """Return the groups with the modes of `ASK` where the tab groups the first of them, else at the end of `play`.

    `LEARN` comes at the end of `look` if the family answers it.
    """
    group = next((each for each in GROUPS if {*asked} & {*groups.get(each, ())}), "play")
    before = [*takewhile(lambda mode: mode not in asked, groups.get(group, ()))]
    placed = {each: [mode for mode in groups.get(each, ()) if mode not in asked] for each in GROUPS}
    placed[group][len(before) : len(before)] = asked
    placed["look"] += [LEARN] * learn
    return placed


def tab_group(model: type[Model]) -> str:
    """Return the group of a family's tab, by its model's answer for p(x)."""
    if kind := likelihood.kind(model):
        return "exact" if kind == "exact" else "bound"
    return "ratio" if hasattr(model, "energy") else "none"


def in_order(modes: Sequence[str], groups: Groups) -> dict[str, str | None]:
    """Return the modes in display order with their groups: first the cards, then ungrouped modes, then the groups."""
    of = {mode: group for group in GROUPS for mode in groups.get(group, ())}
    cards = [card for card in CARDS if card in modes]
    alone = [mode for mode in modes if mode not in (*cards, *of)]
    return {mode: of.get(mode) for mode in [*cards, *alone, *of]}
