"""Evidence of the text tab: what the cards measured on the last tenth of the plays."""

from explorer.networks.card import Card, rows
from explorer.numbers.rows import evidence_table, name_with_setting

TEXT_UNMEASURED = "Its training was interrupted before it was measured."


def tables(card: Card) -> str:
    """Return a network's measured figures as Markdown."""
    found = [row for row in rows(card) if "after" not in row]  # the mode *Loss* draws these
    return evidence_table([(name_with_setting(row), row) for row in found]) if found else TEXT_UNMEASURED
