"""Evidence of the tab of words: what the cards measured."""

from explorer.networks.card import Card, rows
from explorer.numbers.rows import circumstances, evidence_table, name_with_setting

UNMEASURED = "It was not measured yet."


def tables(card: Card) -> str:
    """Return a network's measured figures as Markdown."""
    found = rows(card)
    if not found:
        return UNMEASURED
    return f"{circumstances(card)}\n\n{evidence_table([(name_with_setting(row), row) for row in found])}"
