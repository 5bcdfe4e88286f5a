"""Measures of a discrete diffusion: bounds that agree with each other, and orders that are exact."""

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.measures import d3pm as measures
from explorer.models.d3pm import D3PM
from explorer.networks.card import find, rows

PIXELS = 784


class Independent(D3PM):
    """Every pixel is white with a probability of its own, whatever is known."""

    def __init__(self):
        super().__init__(channels=(8, 8, 8), embedding=8)
        self.own = torch.linspace(-4, 1, PIXELS).view(1, 1, 28, 28)

    def logits(self, x: Tensor, masked: Tensor, label: Tensor | None = None) -> Tensor:
        shift = 0 if label is None else 0.1 * label.view(-1, 1, 1, 1)
        return (self.own + shift).expand_as(x)

    def log_prob(self, x: Tensor) -> Tensor:
        return torch.distributions.Bernoulli(logits=self.own).log_prob(x).flatten(1).sum(-1)


@pytest.fixture(scope="module")
def found() -> tuple[dict, Tensor]:
    """The card of a network whose log p is known, and that log p of the images it was asked about."""
    model = Independent()
    split = data.bundled_images("mnist")[:60]
    card = measures.figures(model, "mnist", None, lambda dataset, name: split, 0, {})
    return card, model.log_prob(data.binarise(split.pixels(), seed=0))


def test_every_bound_of_independent_pixels_is_their_probability(found: tuple[dict, Tensor]):
    card, exact = found
    value = -float(exact.mean())
    assert find(card, "nll")["value"] == pytest.approx(value, rel=0.02) and find(card, "nll")["kind"] == "bound"
    for order in ("raster", "random"):
        row = find(card, "nll", order=order)
        some = -float(exact[: row["n"]].mean())
        assert row["value"] == pytest.approx(some, rel=1e-5) and row["kind"] == "exact"
    for row in rows(card, "nll_steps"):
        assert row["value"] == pytest.approx(value, rel=0.02), row["per_step"]
    assert find(card, "nll_steps", per_step=784)["value"] == pytest.approx(value, rel=1e-5)
    assert find(card, "nll_label")["value"] != pytest.approx(value, rel=0.02)


def test_the_curve_adds_up_to_the_bound(found: tuple[dict, Tensor]):
    card, exact = found
    curve = card["curve"]
    assert curve["masked"] == list(range(4, 785, 4)) and curve["n"] == 60
    assert 4 * sum(curve["nats"]) == pytest.approx(find(card, "nll_steps", per_step=4)["value"], rel=1e-2)
    assert curve["nats"][-1] == pytest.approx(-float(exact.mean()) / PIXELS, rel=1e-3)


def test_pixels_of_one_step_cost_more_where_they_depend_on_each_other():
    class Alike(Independent):
        """All pixels are alike: once one is known, all are."""

        def logits(self, x: Tensor, masked: Tensor, label: Tensor | None = None) -> Tensor:
            known = ((2 * x - 1) * ~masked).flatten(1).sum(-1).clamp(-1, 1)
            return 30 * known.view(-1, 1, 1, 1).expand_as(x)

    x = torch.ones(3, 1, 28, 28)
    cost = measures.terms(Alike(), x, 0)
    found = {row["per_step"]: row["value"] for row in measures.by_steps(Alike(), x, cost, 0)}
    nats = torch.log(torch.tensor(2.0)).item()
    for count in measures.D3PM_PER_STEP:  # the first step is a coin for each of its pixels, and the others are free
        assert found[count] == pytest.approx(count * nats, rel=1e-4)


def test_its_samples_are_drawn_as_it_says():
    way, draw = next(iter(measures.samplers(Independent()).items()))
    x = draw(3, torch.Generator().manual_seed(0), torch.tensor([1, 2, 3]))
    assert way == "196 steps" and x.shape == (3, 1, 28, 28) and set(x.unique().tolist()) <= {0.0, 1.0}
