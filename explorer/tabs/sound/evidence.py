"""Evidence of the sound tab: what the card measured on the test recordings, and quotes of it."""

from collections.abc import Mapping

from explorer.networks.card import Card, rows
from explorer.numbers.rows import Quotes, evidence_table, join_words, name_with_setting
from explorer.tabs.sound.recordings import NET
from explorer.verdicts import Estimate, compare

UNMEASURED = "It was not measured yet."


def tables(card: Card) -> str:
    """Return the network's measured figures as Markdown."""
    found = rows(card)
    return evidence_table([(name_with_setting(row), row) for row in found]) if found else UNMEASURED


def hiss_reading(cards: Mapping[str, Card]) -> str:
    """Return of which speakers the hiss of a six costs measurably more bits than its vowel, and of which fewer."""
    found = rows(cards[NET]["hisses"], "excess")
    signs = {
        row["speaker"].title(): compare(Estimate(row["value"], row["se"], row["n"]), Estimate(0.0), len(found)).sign
        for row in found
    }
    more, fewer, tied = ([name for name, sign in signs.items() if sign == wanted] for wanted in (1, -1, 0))
    parts = [
        f"The hiss costs more than the vowel of {join_words(more)}." if more else "",
        f"The hiss costs less than the vowel of {join_words(fewer)}." if fewer else "",
        f"No difference is measured of {join_words(tied)}." if tied else "",
    ]
    return " ".join(filter(None, parts))


def quotes(cards: Mapping[str, Card]) -> Quotes:
    """Return the quotes of the tab's texts."""
    return Quotes(cards, NET, {"hiss_reading": hiss_reading})
