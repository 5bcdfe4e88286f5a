"""Evidence of the text tab: what the cards measured on the last tenth of the plays."""

from explorer.card import KEYS, Card, Row, rows
from explorer.tabs.kit.rows import evidence_table

UNMEASURED = "Its training was interrupted before it was measured."


def named(row: Row) -> str:
    """Return a row's name with its setting, such as `nats (order 3)`."""
    setting = ", ".join(f"{key} {value}" for key, value in row.items() if key not in KEYS)
    return f"{row['name'].replace('_', ' ')} ({setting})" if setting else row["name"].replace("_", " ")


def tables(card: Card) -> str:
    """Return a network's measured figures as Markdown."""
    found = [row for row in rows(card) if "after" not in row]  # the mode *Loss* draws these
    return evidence_table([(named(row), row) for row in found]) if found else UNMEASURED
