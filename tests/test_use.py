"""Use of samples: a fixed classifier learns from them, and is asked about test images."""

import pytest
import torch

from explorer import data
from explorer.measures import use
from explorer.measures.use import accuracy_beside, accuracy_from


@pytest.fixture(scope="module")
def digits() -> data.Split:
    return data.bundled_images("mnist")


def test_a_classifier_learns_from_real_digits(digits: data.Split):
    x, label = digits.pixels(), digits.labels
    assert accuracy_from(x[:1000], label[:1000], x[1000:1300], label[1000:1300]) > 0.7


@pytest.mark.deep
def test_nothing_is_learnt_from_digits_with_wrong_names(digits: data.Split):
    x, label = digits.pixels(), digits.labels
    shuffled = label[:500][torch.randperm(500, generator=torch.Generator().manual_seed(0))]
    assert accuracy_from(x[:500], shuffled, x[1000:1300], label[1000:1300]) < 0.3


def test_it_is_the_same_every_time_and_leaves_the_random_numbers_alone(digits: data.Split):
    x, label = digits.pixels()[:60], digits.labels[:60]
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first = accuracy_from(x, label, x, label)
    assert torch.equal(torch.rand(3), expected)
    assert accuracy_from(x, label, x, label) == first


@pytest.mark.deep
def test_samples_beside_few_digits_help_where_they_are_digits(digits: data.Split, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(use, "USE_STEPS", 60)
    x, label, test = digits.pixels(), digits.labels, slice(1700, 2000)
    few = torch.cat([(label[:300] == each).nonzero()[:2, 0] for each in range(10)])

    def right(samples: torch.Tensor | None, sampled: torch.Tensor) -> float:
        return accuracy_beside(x[few], label[few], samples, sampled, x[test], label[test])

    alone = right(None, label[:0])
    assert right(x[300:1300], label[300:1300]) > alone + 0.1
    assert right(x[300:1300], label[301:1301]) < alone  # digits under other names are worse than none
