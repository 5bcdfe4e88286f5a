"""What the tests of cards share."""

from explorer import checkpoints


def card_of(name: str) -> dict:
    """The card that travels with a checkpoint."""
    return checkpoints.read_json(checkpoints.folder_of(name) / "card.json")
