"""What the card of every network that draws images says alike: how it came to be, of weights that are small."""

import hashlib

import pytest

from explorer import checkpoints
from tests.cards import card_of

RASTERS = ["pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist"]
GANS = ["gan-mnist", "gan-fashion-mnist"]
DIFFUSIONS = ["diffusion-mnist", "diffusion-fashion-mnist"]


@pytest.mark.parametrize("name", RASTERS + GANS + DIFFUSIONS)
def test_the_card_says_how_it_came_to_be(name: str):
    card, folder = card_of(name), checkpoints.folder_of(name)
    assert (card["n"], card["seed"]) == (10_000, 0)
    assert card["command"] == f"python -m explorer.evaluate {name}"
    assert card["training"]["command"] == f"python -m explorer.train {name}"
    assert len(card["training"]["losses"]) == checkpoints.read_json(folder / "config.json")["training"]["epochs"]
    assert card["sha256"] == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert (folder / "model.safetensors").stat().st_size <= 8_000_000
