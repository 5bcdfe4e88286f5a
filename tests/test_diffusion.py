"""Training targets of a diffusion: v, the times it is asked at, and labels that are left out."""

import math

import pytest
import torch
from torch import Tensor

from explorer.models.diffusion import Diffusion, spread_steps

RECIPE = {"label_dropout": 0.0, "middle": [100, 500]}
LABEL = torch.arange(8) % 10


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Told(Diffusion):
    """Answers with what it is given as v, and keeps what it was asked."""

    def __init__(self, answer):
        super().__init__(channels=(8, 8, 8), embedding=8)
        self.answer, self.asked = answer, []

    def predict_v(self, x_t: Tensor, t: Tensor | int, label: Tensor | None = None) -> Tensor:
        self.asked.append((x_t, t, label))
        return self.answer(x_t, t)


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.rand(8, 1, 28, 28, generator=rng(5))


@pytest.mark.parametrize("t", [1, 300, 1000])
def test_the_noise_of_the_true_v_is_the_true_noise(images: Tensor, t: int):
    x0, eps = 2 * images - 1, torch.randn(images.shape, generator=rng(1))
    alpha = math.cos(angle := math.acos(math.sqrt(float(Told(None).schedule.alphas_cumprod[t])))), math.sin(angle)
    model = Told(lambda x_t, t: alpha[0] * eps - alpha[1] * x0)
    x_t = alpha[0] * x0 + alpha[1] * eps
    torch.testing.assert_close(model.predict_noise(x_t, t), eps, rtol=0, atol=1e-5)
    guess = model.schedule.predict_x0(x_t.double(), model.predict_noise(x_t.double(), t), t, clip=False)
    torch.testing.assert_close(guess.float(), x0, rtol=0, atol=1e-3)


def test_the_loss_is_the_mean_squared_error_of_v(images: Tensor):
    model = Told(lambda x_t, t: torch.zeros_like(x_t))
    loss = model.training_loss(images, RECIPE, generator=rng(), label=LABEL)
    ((x_t, t, label),) = model.asked
    alpha = model.schedule.alphas_cumprod[t].view(-1, 1, 1, 1)
    x0 = (2 * images - 1).double()
    eps = (x_t.double() - alpha.sqrt() * x0) / (1 - alpha).sqrt()
    v = alpha.sqrt() * eps - (1 - alpha).sqrt() * x0
    assert float(loss) == pytest.approx(float(v.square().mean()), rel=1e-5)
    assert torch.equal(label, LABEL)
    assert eps.mean().abs() < 0.05 and eps.std() == pytest.approx(1, abs=0.05)


def test_labels_are_left_out_for_their_share(images: Tensor):
    model, many = Told(lambda x_t, t: x_t), 50
    for seed in range(many):
        model.training_loss(images, RECIPE | {"label_dropout": 0.25}, generator=rng(seed), label=LABEL)
    labels = torch.stack([label for _, _, label in model.asked])
    assert set(labels.unique().tolist()) <= {*LABEL.tolist(), model.classes}
    assert float((labels == model.classes).double().mean()) == pytest.approx(0.25, abs=0.08)


def test_half_of_the_times_lie_in_the_middle(images: Tensor):
    model = Told(lambda x_t, t: x_t)
    for seed in range(200):
        model.training_loss(images, RECIPE, generator=rng(seed), label=LABEL)
    times = torch.cat([t for _, t, _ in model.asked])
    assert times.min() >= 1 and times.max() <= 1000
    inside = float(((times >= 100) & (times <= 500)).double().mean())
    assert inside == pytest.approx(0.5 + 0.5 * 401 / 1000, abs=0.02)


def test_times_are_spread_evenly_and_reach_both_ends():
    times = torch.stack([spread_steps(10, 1, 1000, rng(seed)) for seed in range(500)])
    assert times.min() == 1 and times.max() == 1000
    ordered = times.sort(-1).values
    gaps = ordered.diff(dim=-1)
    assert gaps.min() >= 99 and gaps.max() <= 101
    assert float(times.double().mean()) == pytest.approx(500.5, abs=5)
    assert spread_steps(0, 1, 1000, rng()).shape == (0,)
