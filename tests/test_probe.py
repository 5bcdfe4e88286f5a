"""Linear probe of codes: the labels it is given, known good and known bad codes, and its error."""

import math

import pytest
import torch
from torch import Tensor, nn

from explorer.data import Split
from explorer.measures import probe
from explorer.networks.card import rows
from explorer.spaces import LEVELS

TRAIN, TEST = 3_000, 500


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def load(dataset: str, split: str) -> Split:
    """Images whose first pixel is the class, 20 levels a class, and whose others are noise."""
    n, generator = (TRAIN, rng(1)) if split == "train" else (TEST, rng(2))
    labels = torch.randint(10, (n,), generator=generator)
    images = torch.randint(256, (n, 1, 28, 28), generator=generator, dtype=torch.uint8)
    images[:, 0, 0, 0] = (20 * labels).byte()
    return Split(images, labels)


class Coded(nn.Module):
    space, represents = LEVELS, "what the test says"

    def __init__(self, features):
        super().__init__()
        self.read, self.weight = features, nn.Parameter(torch.zeros(1))

    def features(self, x: Tensor) -> Tensor:
        return self.read(x)


def of_class(x: Tensor) -> Tensor:
    return nn.functional.one_hot((x[:, 0, 0, 0] * 255 / 20).round().long(), 10).float()


@pytest.fixture(autouse=True)
def few_labels(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(probe, "LABELS", (10, 100))


@pytest.mark.parametrize(
    ("read", "at_least", "at_most"),
    [(of_class, 1.0, 1.0), (lambda x: x[:, 0, 5:8, 5:8], 0.05, 0.16), (lambda x: torch.ones(len(x), 3), 0.05, 0.16)],
    ids=["the class itself", "noise", "always the same"],
)
def test_good_codes_are_read_and_bad_ones_are_not(read, at_least: float, at_most: float):
    card = {"rows": [], "probe": probe.probe(Coded(read), "mnist", load)}
    for labels in (10, 100, TRAIN):
        (found,) = rows(card["probe"], "accuracy", of="codes", labels=labels)
        assert at_least <= found["value"] <= at_most
    assert "codes" in probe.probe_headline(card)


def test_as_many_labels_of_each_class_are_drawn():
    labels = load("mnist", "train").labels
    some = probe.draws(labels, 100)
    assert len(some) == probe.SEEDS and len({tuple(each.tolist()) for each in some}) == probe.SEEDS
    assert all(torch.equal(labels[each].bincount(), torch.full((10,), 10)) for each in some)
    assert [len(each) for each in probe.draws(labels, TRAIN)] == [TRAIN]


def test_the_layer_is_where_the_gradient_is_nothing():
    """Two classes of one number each way: the optimum is found by a fine grid."""
    x, label = torch.tensor([[-1.0], [1.0], [0.5]]), torch.tensor([0, 1, 1])
    w, b = torch.meshgrid(torch.linspace(-3, 3, 601), torch.linspace(-3, 3, 601), indexing="ij")
    margin = lambda value, sign: torch.log1p(torch.exp(-sign * (w * value + b)))  # noqa: E731
    loss = (margin(-1, -1) + margin(1, 1) + margin(0.5, 1)) / 3 + (w**2 / 2) / (2 * 3)  # the two rows share the weight
    best = int(loss.argmin())
    boundary = float(-b.flatten()[best] / w.flatten()[best])
    test = torch.tensor([[boundary - 0.03], [boundary + 0.03]])
    assert probe.accuracy(x, label, test, torch.tensor([0, 1])) == 1.0


def test_the_error_is_that_of_the_draws_or_of_a_share():
    several = probe.accuracy_row([0.5, 0.6, 0.7], 100, 1_000)
    assert several["value"] == pytest.approx(0.6) and several["se"] == pytest.approx(0.1 / math.sqrt(3))
    assert probe.accuracy_row([0.9], TRAIN, 1_000)["se"] == pytest.approx(math.sqrt(0.09 / 1_000))


def test_samples_stand_beside_few_images_of_a_model_that_draws_classes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(probe, "PROBE_SAMPLES", 20)
    monkeypatch.setattr(probe, "AUGMENTED", (10,))
    asked = []

    def beside(x, label, samples, sampled, test, test_label):
        asked.append((len(x), None if samples is None else (len(samples), sampled.bincount().tolist())))
        return 0.5 if samples is None else 0.6

    monkeypatch.setattr(probe, "accuracy_beside", beside)
    model = Coded(of_class)
    model.classes = 10
    model.sample = lambda n, *, generator, label: torch.zeros(n, 1, 28, 28)
    found = probe.measure_augmentation(model, load("mnist", "train"), load("mnist", "test"))
    assert [(each["of"], each["value"], each["labels"], each["draws"]) for each in found] == [
        ("images", 0.5, 10, 3),
        ("images and samples", pytest.approx(0.6), 10, 3),
    ]
    assert asked == [(10, None)] * 3 + [(10, (20, [2] * 10))] * 3
