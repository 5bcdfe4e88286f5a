"""Groups of modes in the row above a stage: by what a visitor does there; tour and exercises stand before them."""

from collections.abc import Mapping, Sequence

GROUPS = ("look", "play", "test", "understand")
"""See what the family makes, take hold of it, ask what it is worth, and find out why."""

CARDS = ("tour", "exercises")
"""A card leads through other modes: both come first, and stay in sight where the others scroll."""

Groups = Mapping[str, Sequence[str]]

SHARED = {
    "make": "look",
    "learn": "look",
    "complete": "play",
    "interpolate": "play",
    "likelihood": "test",
    "anomaly": "test",
}
"""Where the shared questions stand."""


def with_shared(groups: Groups, asks: Sequence[str]) -> Groups:
    """Return the groups with the shared questions among them, each at the end of its own."""
    return {group: [*groups.get(group, ()), *(each for each in asks if SHARED[each] == group)] for group in GROUPS}


def in_order(modes: Sequence[str], groups: Groups) -> dict[str, str | None]:
    """Return the modes as they stand, each with its group: the cards, those of no group, and then group by group."""
    of = {mode: group for group in GROUPS for mode in groups.get(group, ())}
    cards = [card for card in CARDS if card in modes]
    alone = [mode for mode in modes if mode not in (*cards, *of)]
    return {mode: of.get(mode) for mode in [*cards, *alone, *of]}
