"""Judging of samples: the classes asked for, the floor, and what is drawn by which family."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.measures import MEASURES, quality
from explorer.models import MODELS
from explorer.models.classifier import Classifier, augment
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from tests.cards import card_of

PER_CLASS = {"test": (9, 4, 6), "train": (30, 30, 30)}


def split(kind: str) -> data.Split:
    """Three classes of nearly black, grey and white images, in other proportions in each split."""
    generator = torch.Generator().manual_seed(len(kind))
    label = torch.cat([torch.full((count,), which) for which, count in enumerate(PER_CLASS[kind])])
    label = label[torch.randperm(len(label), generator=generator)]
    noise = torch.randint(0, 40, (len(label), 1, 28, 28), generator=generator)
    return data.Split((100 * label.view(-1, 1, 1, 1) + noise).to(torch.uint8), label)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    torch.manual_seed(0)
    judge = Classifier(channels=(4, 4, 8), classes=3).eval()
    monkeypatch.setattr(checkpoints, "load", lambda name: judge)
    return lambda dataset, kind: split(kind)


def test_the_floor_has_the_test_splits_proportions(load, monkeypatch: pytest.MonkeyPatch):
    judge, seen = quality.Judge("mnist", load, binary=False), []
    monkeypatch.setattr(judge, "figures", lambda x, label: seen.append((x, label)) or {})
    judge.floor()
    ((x, label),) = seen
    assert label.bincount().tolist() == list(PER_CLASS["test"])
    assert all(
        float(each.mean()) == pytest.approx((100 * int(which) + 20) / 255, abs=0.02) for each, which in zip(x, label)
    )


def test_the_classes_asked_for_are_the_test_splits(load):
    asked = []

    def draw(n: int, generator: torch.Generator, label: Tensor) -> Tensor:
        asked.append((n, generator.initial_seed(), label))
        return split("test").pixels()[:n]

    found = quality.quality({"a way": draw}, "fashion-mnist", load, labelled=True, binary=False)
    assert [(n, seed) for n, seed, _ in asked] == [(19, seed) for seed in quality.QUALITY_SEEDS]
    assert all(torch.equal(label, split("test").labels) for _, _, label in asked)
    frechet = rows(found, "frechet", pixels="grey", way="a way")
    assert [row["seed"] for row in frechet] == list(quality.QUALITY_SEEDS)
    assert [row["value"] for row in frechet] == pytest.approx([0] * len(quality.QUALITY_SEEDS), abs=1e-6)
    assert found["n"] == 19 and not rows(found, pixels="binarised")
    assert find(found, "precision", pixels="grey", way=quality.FLOOR)["value"] < 1


def test_mnist_is_judged_a_second_time_after_binarisation(load):
    def draw(n: int, generator: torch.Generator, label: None) -> Tensor:
        return split("test").pixels()[:n]

    both = quality.quality({"a way": draw}, "mnist", load, labelled=False, binary=False)
    alone = quality.quality({"a way": draw}, "mnist", load, labelled=False, binary=True)
    assert rows(both, pixels="binarised") == alone["rows"]
    grey, binarised = (find(both, "frechet", pixels=each, way=quality.FLOOR) for each in ("grey", "binarised"))
    assert grey["value"] != binarised["value"]
    assert not rows(both, "accuracy", way="a way")  # nobody asked for a class


def test_fewer_samples_have_a_floor_of_as_many_images(load):
    asked = []

    def draw(n: int, generator: torch.Generator, label: Tensor) -> Tensor:
        asked.append(label)
        return split("test").pixels()[:n]

    found = quality.quality({"a way": draw}, "fashion-mnist", load, labelled=True, binary=False, images=11)
    assert found["n"] == 11 and {row["n"] for row in found["rows"]} == {11}
    assert all(torch.equal(label, split("test").labels[:11]) for label in asked)
    judge = quality.Judge("fashion-mnist", load, binary=False, images=11)
    counts = split("train").labels[judge.floor_images()].bincount(minlength=3)
    assert torch.equal(counts, split("test").labels[:11].bincount(minlength=3))


@pytest.mark.parametrize("seed", quality.QUALITY_SEEDS)
def test_samples_are_not_binarised_with_the_noise_they_were_made_of(load, seed: int):
    judge = quality.Judge("mnist", load, binary=True)
    x = torch.rand(50, 1, 28, 28, generator=torch.Generator().manual_seed(seed))
    assert float(judge.to_input(x).mean()) == pytest.approx(0.5, abs=0.02)  # with the same numbers: 0


def test_drawing_in_parts_draws_every_label_once():
    def draw(n: int, generator: torch.Generator, label: Tensor) -> Tensor:
        return label.float().view(-1, 1, 1, 1) + torch.rand(n, 1, 1, 1, generator=generator)

    label = torch.arange(10)
    parts = quality.in_parts(draw, 4, "drawn")(10, torch.Generator().manual_seed(3), label)
    assert torch.equal(parts.floor().flatten().long(), label)
    assert len(parts.unique()) == 10


@pytest.mark.parametrize("family", MODELS)
def test_every_family_says_how_it_draws(family: str):
    assert callable(MEASURES[family].samplers)


def test_augmented_digits_are_moved_and_not_mirrored():
    x = data.bundled_images("mnist").pixels()[:20]
    limits = {"degrees": 10, "scale": 0.1, "shift": 2, "mirror": False}
    turned = augment(x, limits, torch.Generator().manual_seed(0))
    assert turned.shape == x.shape and not torch.allclose(turned, x, atol=0.1)
    still = augment(x, dict.fromkeys(limits, 0), torch.Generator().manual_seed(0))
    torch.testing.assert_close(still, x, rtol=0, atol=1e-4)
    mirrored = augment(x, dict.fromkeys(limits, 0) | {"mirror": True}, torch.Generator().manual_seed(0))
    flipped = [torch.allclose(a, b.flip(-1), atol=1e-4) for a, b in zip(mirrored, x)]
    same = [torch.allclose(a, b, atol=1e-4) for a, b in zip(mirrored, x)]
    assert 4 <= sum(flipped) <= 16 and all(a or b for a, b in zip(flipped, same))


@pytest.mark.parametrize("dataset, least", [("mnist", 0.995), ("fashion-mnist", 0.93)])
def test_the_classifiers_are_as_good_as_they_must_be(dataset: str, least: float):
    folder = checkpoints.folder_of(f"classifier-{dataset}")
    accuracy = find(card_of(folder.name), "accuracy")
    assert accuracy["value"] >= least and accuracy["n"] == 10_000
    assert Path(folder / "model.safetensors").stat().st_size <= 2_000_000
    images = data.bundled_images(dataset)
    with torch.no_grad():
        right = (
            checkpoints.load(f"classifier-{dataset}", "cpu")(images.pixels()[:500]).argmax(-1) == images.labels[:500]
        )
    assert float(right.float().mean()) == pytest.approx(accuracy["value"], abs=0.03)
