"""Parts shared by the tests of cards."""

from explorer.measures.quality import FLOOR
from explorer.networks import card, checkpoints
from explorer.numbers.quality import TITLES

APART = 0.25  # of two seeds from their mean


def card_of(name: str) -> dict:
    """The card that travels with a checkpoint."""
    return card.read(checkpoints.folder_of(name) / "card.json")


def judged(pixels: str, **ways: tuple[float, ...]) -> list[dict]:
    """Rows of how good samples are: figures of each way, in their order, of two seeds; of the floor without a seed."""
    of = {"n": 10_000, "pixels": pixels}
    return [
        card.row(name, value + apart, seed=seed, way=way, **of)
        for way, values in ways.items()
        for seed, apart in ([(None, 0)] if way == FLOOR else [(0, -APART), (1, APART)])
        for name, value in zip(TITLES, values)
    ]
