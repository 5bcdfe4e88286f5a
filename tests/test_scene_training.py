"""The recipes of scenes, made tiny: each trains, resumes, draws in the network that it needs, and is measured."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from accelerate.state import AcceleratorState
from torch import nn

from explorer.commands import evaluate as measuring
from explorer.commands import train as training
from explorer.data import scenes
from explorer.measures import scene_judge, word_bayes, word_reading, words
from explorer.models import PREPARED, SCENE_NETWORKS
from explorer.networks import card, checkpoints
from explorer.tabs.words.copies import EMOJI_NETS
from tests.test_subset import DIGITS

ROOT = Path(__file__).parents[1]
RECIPES = ROOT / "recipes"
ORDER = ["judge-scenes", "autoencoder-scenes", "vqvae-scenes", "words-diffusion", "words-tokens", "words-masked"]
TINY = {"channels": 32, "hidden": 16, "width": 16, "heads": 2, "blocks": 1, "codes": 8, "dim": 4}
FEW = {"train": 16, "any": 16, "held-out": 8, "test": 8}


def recipe_of(name: str) -> dict:
    """The recipe of a network, whether its weights are here or not."""
    room = RECIPES if (RECIPES / name).exists() else ROOT / "pretrained"
    return checkpoints.read_json(room / name / "config.json")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Recipes with tiny networks and few scenes, in a folder of their own; the process forgets their precision."""
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path / "nets"))
    monkeypatch.setattr(checkpoints, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(scenes, "SCENE_COUNTS", FEW)
    monkeypatch.setattr(scene_judge, "OF_A_GRADE", 4)
    for name in ("MAIN_PROMPTS", "OTHER_PROMPTS"):
        monkeypatch.setattr(word_reading, name, 2)
    monkeypatch.setattr(words, "FEWER_PROMPTS", 2)
    monkeypatch.setattr(words, "BINDING_PROMPTS", 2)
    monkeypatch.setattr(words, "WORD_GUIDANCES", (1.0, 4.0))
    monkeypatch.setattr(words, "MAP_PROMPTS", 2)
    monkeypatch.setattr(word_bayes, "READ_SCENES", dict.fromkeys(word_bayes.READ_SCENES, 2))
    for name in ORDER:
        recipe = recipe_of(name)
        recipe["model"] |= {key: TINY[key] for key in recipe["model"].keys() & TINY.keys()}
        recipe["training"] |= {"epochs": 2, "batch_size": 8}
        recipe["training"].pop("continues", None)  # there are no weights of this size to go on from
        checkpoints.write_json(tmp_path / "nets" / name / "config.json", recipe)
    yield tmp_path / "nets"
    AcceleratorState._reset_state(reset_partial_state=True)


def test_there_is_a_recipe_of_every_family_of_scenes_and_of_a_network_of_at_most_8_mib():
    prepared = {path.parent.name for path in RECIPES.glob("*/config.json")} - set(DIGITS) - set(EMOJI_NETS.values())
    assert prepared == set(PREPARED)
    recipes = [recipe_of(name) for name in ORDER]
    assert {recipe["family"] for recipe in recipes} == set(PREPARED) | set(SCENE_NETWORKS)
    sizes = [sum(each.numel() for each in checkpoints.build(recipe).parameters()) for recipe in recipes]
    assert max(2 * size for size in sizes) <= 8 * 2**20


@pytest.mark.deep
def test_every_recipe_trains_and_is_measured(tiny: Path):
    for name in ORDER:
        training.train(name)
        measuring.evaluate(name, None, False, False, False, False, None, None)
        found = card.read(tiny / name / "card.json")
        assert found["training"]["command"].endswith(name) and len(found["training"]["losses"]) == 2
        assert {row["name"] for row in found["rows"]} & {"all", "absolute_error"}
    drawn = card.rows(card.of("words-diffusion"), "all", captions="seen")
    assert {(row["phrases"], row["guidance"]) for row in drawn} == {(1, 1.0), (1, 4.0), (2, 1.0), (2, 4.0)}


def test_a_stopped_run_with_muon_ends_at_the_same_weights(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    """Two epochs at once, and one, a stop, and the other."""
    training.train("autoencoder-scenes")
    recipe = checkpoints.read_json(tiny / "words-diffusion" / "config.json")

    def trained(run: str, stop: bool) -> dict:
        place = tiny.parent / run
        trainer = training.Trainer(recipe, place, place / "run", None)
        losses = [trainer.run_epoch(0)]
        trainer.keep(1, 0.0)
        if stop:
            trainer = training.Trainer(recipe, place, place / "run", None)
            assert trainer.resume() == 1
        losses.append(trainer.run_epoch(1))
        assert isinstance(trainer.average, nn.Module)
        return trainer.average.state_dict() | {"rate": trainer.optimiser.param_groups[1]["lr"]}

    whole, resumed = trained("whole", stop=False), trained("resumed", stop=True)
    assert whole.keys() == resumed.keys() and whole["rate"] == resumed["rate"]
    for key in whole.keys() - {"rate"}:
        assert (whole[key] - resumed[key]).abs().max() < 1e-4, key
