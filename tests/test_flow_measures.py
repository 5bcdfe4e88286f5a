"""Measures of flows: integrals and bridges against what is known, and bad flows that must not look good."""

import math

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.data import toys
from explorer.measures import flow as flow_measures
from explorer.measures import plane_flow as measures
from explorer.models.image_flow import ImageFlow
from explorer.models.plane_flow import PlaneFlow, PlaneFlows
from explorer.networks import checkpoints
from explorer.networks.card import find, rows
from tests.cards import card_of

MOONS = toys.TOYS["moons"]
TRAINED = [f"flow-{name}" for name in toys.TOYS]


class Known(PlaneFlow):
    """A flow that has the density of the moons."""

    def log_prob(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        return MOONS.log_prob(x)


def of(flow: PlaneFlow) -> dict:
    test = data.load("moons", "test").points[:100]
    with torch.no_grad():
        return measures.of_flow(flow, "moons", MOONS.log_prob(measures.grid()[0].double()), test)


@pytest.mark.deep
def test_the_known_density_is_at_no_distance_from_itself():
    found = of(Known("affine", 1, 4))
    assert found["kl"] == pytest.approx(0, abs=1e-6)
    assert found["integral"] == pytest.approx(1, abs=1e-6)


@pytest.mark.deep
def test_a_flow_that_learned_nothing_is_far_and_bridges_the_gap():
    """It is nearly the Gaussian, whose divergence from the moons is known up to their entropy."""
    flow = PlaneFlow("spline", 1, 4)
    torch.nn.init.zeros_(flow.transforms[0].theta[-1].weight)
    torch.nn.init.zeros_(flow.transforms[0].theta[-1].bias)
    found = of(flow)
    x = MOONS.sample(200_000, torch.Generator().manual_seed(0))
    gaussian = torch.distributions.Normal(0.0, 1.0).log_prob(x).sum(-1)
    assert found["kl"] == pytest.approx(float((MOONS.log_prob(x) - gaussian).mean()), abs=0.01)
    assert [found[f"volume_{which}"] for which in ("least", "greatest")] == pytest.approx([0, 0], abs=1e-5)
    known = measures.bridge(MOONS.log_prob(measures.grid()[0].double()), "moons")
    assert found["bridge"] > known + 2 and found["outside"] > 0.3


def test_the_bridge_between_two_gaussians_is_their_saddle(monkeypatch):
    pair = toys.Mixture(torch.tensor([[-1.0, 0.0], [1.0, 0.0]]), 0.3)
    monkeypatch.setitem(toys.TOYS, "pair", pair)
    monkeypatch.setitem(measures.PIECES, "pair", (0, 1))
    saddle = float(pair.log_prob(torch.zeros(1, 2)))
    assert measures.bridge(pair.log_prob(measures.grid()[0].double()), "pair") == pytest.approx(saddle, abs=0.02)


def test_the_bits_of_an_image_are_those_of_its_levels():
    """−(log p − 784 ln 256) / (784 ln 2), as flows of images are always counted."""
    model = ImageFlow(channels=(4, 4, 4, 4, 4), blocks=(1, 1, 1, 1, 1)).eval()
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    log_prob = model.log_prob(x)
    wanted = -(log_prob - 784 * math.log(256)) / (784 * math.log(2))
    torch.testing.assert_close(flow_measures.bits_per_dim(model, x), wanted)
    split = data.bundled_images("mnist")[:7]
    bound = flow_measures.bounds(model, split, seed=0)
    assert len(bound) == 7
    u = torch.rand(split.images.shape, generator=torch.Generator().manual_seed(0))
    wanted = model.log_prob((split.images + u) / 256) - 784 * math.log(256)
    torch.testing.assert_close(bound, wanted.detach().double(), rtol=1e-5, atol=1e-2)


def test_a_blank_page_takes_less_as_png_than_noise():
    noise = torch.randint(256, (1, 28, 28), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    assert flow_measures.png_nats(torch.zeros_like(noise)) < 0.2 * flow_measures.png_nats(noise)


@pytest.mark.parametrize("name", TRAINED)
def test_the_trained_flows_are_what_their_cards_say(name: str):
    card, model = card_of(name), checkpoints.load(name, "cpu")
    found = {row["of"]: row["value"] for row in rows(card, "kl")}
    assert isinstance(model, PlaneFlows) and found.keys() == model.flows.keys()
    assert found["spline-8"] <= 0.03
    assert all(row["value"] == pytest.approx(1, abs=1e-3) for row in rows(card, "integral"))
    known = toys.TOYS[name.removeprefix("flow-")]
    x = known.sample(20_000, torch.Generator().manual_seed(5))
    with torch.no_grad():
        gap = known.log_prob(x) - model.log_prob(x)
    assert float(gap.mean()) == pytest.approx(found["spline-8"], abs=4 * float(gap.std()) / math.sqrt(len(x)))


@pytest.mark.parametrize("name", TRAINED)
def test_no_flow_tears_the_plane(name: str):
    """Additive couplings keep areas and bend too little; every bridge is higher than that of the known density."""
    card = card_of(name)
    volumes = [find(card, f"volume_{which}", of="additive-8")["value"] for which in ("least", "greatest")]
    assert volumes == pytest.approx([0, 0], abs=1e-6)
    kl = {row["of"]: row["value"] for row in rows(card, "kl")}
    assert kl["additive-8"] > kl["affine-4"] > kl["spline-8"]
    known, *bridges = (row["value"] for row in rows(card, "bridge"))
    assert known < min(bridges)
