"""The losses of score matching, held against integrals by other rules and derivatives by autograd."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, MixtureSameFamily, Normal

from tests.node import run

SCORE = 'const m = await load("foundations/score_of.js");\n'
KNOTS = np.linspace(-7, 7, 9)
X = torch.linspace(-15.05, 15.05, 43_001, dtype=torch.float64)
STATES = [
    {"share": 0.8, "theirs": 0.5, "far": 3, "blur": 0.5, "bend": [0] * 9},
    {"share": 0.3, "theirs": 0.9, "far": 6, "blur": 0.2, "bend": [0.4, -1, 0, 0.7, 0, -0.3, 1, 0, 0.2]},
    {"share": 0.6, "theirs": 0.6, "far": 0, "blur": 1.2, "bend": [0, 0, 1, 1, -1, 0, 0, 0.5, -0.5]},
]


def mixture(share: float, far: float, wide: float) -> MixtureSameFamily:
    means = torch.tensor([-far / 2, far / 2], dtype=torch.float64)
    return MixtureSameFamily(Categorical(torch.tensor([1 - share, share])), Normal(means, wide))


def score(log_prob: Tensor, x: Tensor, create_graph: bool = False) -> Tensor:
    return torch.autograd.grad(log_prob.sum(), x, create_graph=create_graph)[0]


def model(state: dict, x: Tensor) -> Tensor:
    """The model's score; the bend by numpy's interpolation."""
    wide = math.hypot(1, state["blur"])
    x = x.detach().requires_grad_()
    found = score(mixture(state["theirs"], state["far"], wide).log_prob(x), x)
    return found + torch.from_numpy(np.interp(x.detach().numpy(), KNOTS, state["bend"]))


def integral(values: Tensor) -> float:
    return float(torch.trapezoid(values, X))


@pytest.mark.parametrize("state", STATES)
def test_the_three_losses_are_those_of_other_integrals(state: dict):
    found = run(SCORE + "return m.matched(state);", state=state)
    data = mixture(state["share"], state["far"], math.hypot(1, state["blur"]))
    x = X.clone().requires_grad_()
    log_p = data.log_prob(x)
    true, s, p = score(log_p, x), model(state, X), log_p.detach().exp()
    assert found["explicit"] == pytest.approx(integral(p * (s - true) ** 2) / 2, rel=2e-3, abs=1e-5)
    slope = torch.gradient(s, spacing=(X,))[0]
    assert found["implicit"] == pytest.approx(integral(p * (slope + s**2 / 2)), rel=2e-3, abs=1e-3)
    generator = torch.Generator().manual_seed(0)
    which = torch.rand(400_000, generator=generator) < state["share"]
    clean = torch.randn(400_000, generator=generator) + torch.where(which, state["far"] / 2, -state["far"] / 2)
    noise = torch.randn(400_000, generator=generator)
    each = (model(state, (clean + state["blur"] * noise).double()) + noise / state["blur"]).square() / 2
    error = float(each.std()) / math.sqrt(len(each))
    assert found["denoising"] == pytest.approx(float(each.mean()), abs=4 * error)


@pytest.mark.parametrize("blur", [0.2, 0.5, 1.5])
def test_the_losses_differ_by_numbers_that_no_model_changes(blur: float):
    bent = {"theirs": 0.3, "bend": [0, 1, -1, 0.5, -2, 0.5, -0.5, 0, 0]}
    states = [STATES[0] | {"blur": blur}, STATES[0] | {"blur": blur} | bent]
    plain, other = run(SCORE + "return states.map(m.matched);", states=states)
    assert abs(other["explicit"] - plain["explicit"]) > 0.1
    for loss in ("implicit", "denoising"):
        assert other[loss] - other["explicit"] == pytest.approx(plain[loss] - plain["explicit"], abs=2e-4)


def test_no_loss_sees_the_weights_of_far_modes_and_the_divergence_does():
    states = [STATES[0] | {"far": far, "share": 0.8, "theirs": 0.2} for far in (2, 8)]
    near, far = run(SCORE + "return states.map(m.matched);", states=states)
    assert near["explicit"] > 0.05 > 0.005 > far["explicit"]
    two = [Categorical(torch.tensor(each)) for each in ([0.2, 0.8], [0.8, 0.2])]
    assert far["kl"] == pytest.approx(float(torch.distributions.kl_divergence(*two)), abs=0.01)
    assert (far["right"]["data"], far["right"]["model"]) == pytest.approx((0.8, 0.2), abs=0.01)


def test_the_density_is_that_of_the_models_score():
    found = run(SCORE + "return m.matched(state);", state=STATES[1])
    x = torch.tensor([each["x"] for each in found["curves"]], dtype=torch.float64)
    q = torch.tensor([each["q"] for each in found["curves"]], dtype=torch.float64)
    assert float(torch.trapezoid(q, x)) == pytest.approx(1, abs=2e-3)
    slope = torch.gradient(q.log(), spacing=(x,))[0]
    away = np.abs(x.numpy()[:, None] - KNOTS).min(1) > 0.05
    difference = (slope - model(STATES[1], x))[torch.from_numpy(away)]
    assert float(difference[1:-1].abs().max()) < 0.01
