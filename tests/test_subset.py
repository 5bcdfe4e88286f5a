"""Training on a part of the training images, and the recipes of digits that differ in nothing else."""

from pathlib import Path

import numpy as np
import pytest
import torch
import typer
from accelerate.state import AcceleratorState

from explorer import data
from explorer.commands.train import Trainer, subset_of
from explorer.networks import checkpoints
from tests.test_data import write_idx

RECIPES = Path(__file__).parents[1] / "recipes"
DIGITS = {f"diffusion-{count}-{letter}": letter for count in ("100", "1000", "all") for letter in "ab"}


def test_a_subset_comes_again_and_again_in_an_epoch_of_the_usual_length():
    split = data.Split(torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1), torch.arange(10))
    assert subset_of(split, None) is split
    assert subset_of(split, [2, 5]).labels.tolist() == [2, 3, 4, 2, 3, 4, 2, 3, 4, 2]


@pytest.mark.parametrize("subset", [[0, 11], [5, 5], [-1, 4]])
def test_a_subset_outside_the_data_is_refused(subset: list[int]):
    split = data.Split(torch.zeros(10, 1, 1, 1, dtype=torch.uint8), torch.arange(10))
    with pytest.raises(typer.BadParameter, match="is not among 10 training images"):
        subset_of(split, subset)


def test_the_trainer_draws_its_batches_from_the_subset_alone(tmp_path: Path):
    random = np.random.default_rng(0)
    write_idx(tmp_path / "mnist" / "train-images-idx3-ubyte.gz", random.integers(0, 256, (5_400, 28, 28)))
    write_idx(tmp_path / "mnist" / "train-labels-idx1-ubyte.gz", random.integers(0, 10, 5_400))
    recipe = checkpoints.read_json(RECIPES / "diffusion-100-b" / "config.json")
    recipe["training"] |= {"batch_size": 50, "epochs": 1, "precision": "no"}
    trainer = Trainer(recipe, tmp_path / "net", tmp_path / "run", str(tmp_path))
    whole = data.load("mnist", "train", str(tmp_path))
    kept = {each.numpy().tobytes() for each in whole.pixels()[100:200]}
    seen = [x for _, x, _ in trainer.batches(0)]
    assert len(seen) == len(whole) // 50 and {each.numpy().tobytes() for each in torch.cat(seen).cpu()} == kept
    AcceleratorState._reset_state(reset_partial_state=True)


def test_the_recipes_of_digits_differ_in_their_images_and_their_seed_alone():
    recipes = {name: checkpoints.read_json(RECIPES / name / "config.json") for name in DIGITS}
    subsets = {name: recipe["training"].pop("subset", None) for name, recipe in recipes.items()}
    seeds = {name: recipe["training"].pop("seed") for name, recipe in recipes.items()}
    assert all(recipe == recipes["diffusion-all-a"] for recipe in recipes.values())
    assert seeds == {name: "ab".index(letter) for name, letter in DIGITS.items()}
    assert [*subsets.values()] == [[0, 100], [100, 200], [0, 1000], [1000, 2000], None, None]
    model = checkpoints.build(recipes["diffusion-all-a"])
    assert checkpoints.count_parameters(model) < 1_000_000
    x = model.noise(2, torch.Generator().manual_seed(0))
    assert model.predict_noise(x, 500, None).shape == x.shape
