"""Evidence of the sound tab: what the card measured on the test recordings."""

from explorer.card import KEYS, Card, Row, rows
from explorer.tabs.kit.rows import evidence_table

UNMEASURED = "It was not measured yet."


def named(row: Row) -> str:
    """Return a row's name with its setting, such as `bits (by xz)`."""
    setting = ", ".join(f"{key} {value}" for key, value in row.items() if key not in KEYS)
    return f"{row['name']} ({setting})" if setting else row["name"]


def tables(card: Card) -> str:
    """Return the network's measured figures as Markdown."""
    found = rows(card)
    return evidence_table([(named(row), row) for row in found]) if found else UNMEASURED
