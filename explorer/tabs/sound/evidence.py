"""Evidence of the sound tab: what the card measured on the test recordings."""

from explorer.card import Card, rows
from explorer.tabs.kit.rows import evidence_table, name_with_setting

UNMEASURED = "It was not measured yet."


def tables(card: Card) -> str:
    """Return the network's measured figures as Markdown."""
    found = rows(card)
    return evidence_table([(name_with_setting(row), row) for row in found]) if found else UNMEASURED
