"""The uniform diffusion of binary images: its closed forms, bound and way back against enumeration of a few pixels."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from explorer.models.transitions import Chain
from explorer.models.uniform_d3pm import UniformD3PM, relative_entropy
from explorer.steps import last
from tests.test_d3pm import guess, rng

FEW = 3
SURE = 1e3


class OfFew(UniformD3PM):
    """The first pixels are told by `predict(x_t, t)`, (N, FEW) to p(x_0 | x_t), (N, FEW, 2); the others are black."""

    def __init__(self, times: int, predict: Callable[[Tensor, int], Tensor]):
        super().__init__(channels=(8, 8, 8), embedding=16, times=times)
        self.predict = predict

    def logits(self, x_t: Tensor, t: Tensor, label: Tensor | None = None) -> Tensor:
        found = torch.full_like(x_t.double(), -SURE).flatten(1)
        found[:, :FEW] = self.predict(x_t.flatten(1)[:, :FEW].long(), int(t[0]))[..., 1].logit()
        return found.view_as(x_t)


def of_few(pixels: Tensor) -> Tensor:
    """Images whose first pixels are these, (N, FEW), and black elsewhere."""
    x = torch.zeros(len(pixels), 784)
    x[:, :FEW] = pixels.float()
    return x.view(-1, 1, 28, 28)


@pytest.fixture(scope="module")
def model() -> UniformD3PM:
    """A small network whose head says something."""
    torch.manual_seed(0)
    found = UniformD3PM(channels=(8, 8, 8), embedding=16, times=40)
    torch.nn.init.normal_(found.network.head.weight, std=0.3)
    return found.eval()


def image(n: int = 1, seed: int = 0) -> Tensor:
    return torch.randint(2, (n, 1, 28, 28), generator=rng(seed)).float()


@pytest.mark.parametrize("t", [1, 2, 4, 5])
def test_the_way_back_is_that_of_the_chain_by_its_matrices(t: int):
    model, chain = UniformD3PM(channels=(8, 8, 8), embedding=16, times=5), Chain("uniform", 5)
    x_t, x_0, p_0 = image(2, 1), image(2, 2), torch.rand(2, 1, 28, 28, dtype=torch.double, generator=rng())
    now = torch.full((2,), t)
    exact = chain.posterior(x_t.long(), x_0.long(), t)[..., 1]
    torch.testing.assert_close(model.reverse(x_t, x_0, now - 1, now), exact, rtol=0, atol=1e-14)
    mixed = chain.reverse(x_t.long(), torch.stack([1 - p_0, p_0], -1), t)[..., 1]
    torch.testing.assert_close(model.towards(x_t, p_0, now - 1, now), mixed, rtol=0, atol=1e-14)


def test_a_longer_step_back_is_bayes_on_the_product_of_the_matrices():
    model, chain = UniformD3PM(channels=(8, 8, 8), embedding=16, times=10), Chain("uniform", 10)
    x_t, x_0, s, t = image(1, 1), image(1, 2), 3, 7
    between = torch.linalg.multi_dot([chain.step(each) for each in range(s + 1, t + 1)])
    likelihood, prior = between.T[x_t.long()], chain.until(s)[x_0.long()]
    exact = (likelihood * prior / (likelihood * prior).sum(-1, keepdim=True))[..., 1]
    found = model.reverse(x_t, x_0, torch.tensor([s]), torch.tensor([t]))
    torch.testing.assert_close(found, exact, rtol=0, atol=1e-14)


def test_noise_turns_as_many_pixels_over_as_the_matrices_say(model: UniformD3PM):
    x, s, t = image(400), torch.full((400,), 10), torch.full((400,), 30)
    stays = float(Chain("uniform", 40).matrix(float(model.alpha(30) / model.alpha(10)))[0, 0])
    turned = float((model.add_noise(x, s, t, rng()) != x).double().mean())
    assert turned == pytest.approx(1 - stays, abs=4 * math.sqrt(stays * (1 - stays) / x.numel()))


def test_the_bound_is_that_of_the_enumerated_chain():
    predict, pixels = guess(2, FEW), torch.tensor([1, 0, 1])
    exact = float(Chain("uniform", 5).bound(pixels, predict))
    model, n = OfFew(5, predict), 2_000
    found = model.elbo(of_few(pixels.expand(n, -1)), generator=rng(), draws=5).double()
    assert float(found.mean()) == pytest.approx(exact, abs=4 * float(found.std()) / math.sqrt(n))
    fewer = model.elbo(of_few(pixels.expand(n, -1)), generator=rng(1), draws=2).double()
    assert float(fewer.mean()) == pytest.approx(exact, abs=4 * float(fewer.std()) / math.sqrt(n))


@pytest.mark.deep
def test_with_the_true_denoiser_the_data_come_back():
    images = torch.cartesian_prod(*[torch.arange(2)] * FEW)
    data = torch.tensor([0.3, 0.02, 0.08, 0.1, 0.05, 0.15, 0.25, 0.05], dtype=torch.double)
    chain, n = Chain("uniform", 40), 1_000

    def predict(x_t: Tensor, t: int) -> Tensor:
        joint = data * chain.until(t)[images.unsqueeze(0), x_t.unsqueeze(1)].prod(-1)
        p = joint / joint.sum(-1, keepdim=True)
        return torch.stack([p @ (1 - images).double(), p @ images.double()], dim=-1)

    drawn = OfFew(40, predict).sample(n, generator=rng(), steps=40).flatten(1)
    assert not drawn[:, FEW:].any()
    shares = (drawn[:, :FEW] @ torch.tensor([4.0, 2.0, 1.0])).long().bincount(minlength=8) / n
    error = (data * (1 - data) / n).sqrt()
    assert ((shares - data).abs() < 4 * error + 0.01).all(), (
        shares
    )  # in 60 steps pixels are nearly never drawn together


def test_the_loss_is_the_bound_and_has_a_gradient(model: UniformD3PM):
    x, label = image().expand(40, -1, -1, -1), torch.zeros(40, dtype=torch.long)
    loss = model.training_loss(x, {"label_dropout": 1.0}, generator=rng(), label=label)
    bound = -model.elbo(x[:8], generator=rng(3), draws=40).mean()
    assert loss.item() == pytest.approx(float(bound), rel=0.1)  # a batch of as many images as there are times
    (gradient,) = torch.autograd.grad(loss, [model.network.head.weight])
    assert gradient.isfinite().all() and gradient.abs().sum() > 0


def test_relative_entropy_is_torch_s():
    q, p = torch.rand(2, 50, dtype=torch.double, generator=rng())
    exact = torch.distributions.kl_divergence(torch.distributions.Bernoulli(q), torch.distributions.Bernoulli(p))
    torch.testing.assert_close(relative_entropy(q, p), exact)
    certain = relative_entropy(torch.tensor([0.0, 1.0]), torch.tensor([0.25, 0.25]))
    torch.testing.assert_close(certain, torch.tensor([-math.log(0.75), -math.log(0.25)]))


def test_a_pixel_s_own_level_counts_as_bayes_has_it():
    model = UniformD3PM(channels=(8, 8, 8), embedding=16, times=8)
    for parameter in model.network.head.parameters():
        torch.nn.init.zeros_(parameter)  # it has no other evidence
    x, t = image(), torch.tensor([3])
    white = Chain("uniform", 8).until(3)[:, x.long()]  # p(x_t | x_0) of both levels
    torch.testing.assert_close(model.logits(x, t).sigmoid(), white[1] / white.sum(0))


def test_what_is_known_is_kept_and_the_rest_is_drawn(model: UniformD3PM):
    x = image(2)
    known = torch.zeros_like(x, dtype=torch.bool)
    known[..., :14, :] = True
    steps = list(model.complete_steps(x, known, generator=rng(), steps=5, resamples=2))
    assert [step.time for step in steps] == [32, 24, 16, 8, 0] and {step.total for step in steps} == {5}
    assert (steps[-1].x[known] == x[known]).all()
    assert (steps[0].x[known] != x[known]).any()  # until then it is as noisy as is due
    assert not (steps[-1].x[~known] == x[~known]).all()


def test_a_seed_decides_the_image_and_a_class_changes_it(model: UniformD3PM):
    label = torch.tensor([3, 3])
    one, again = (model.sample(2, generator=rng(), label=label, steps=7) for _ in range(2))
    assert (one == again).all() and set(one.unique().tolist()) <= {0.0, 1.0}
    assert (one != model.sample(2, generator=rng(1), label=label, steps=7)).any()
    step = last(model.sample_steps(2, generator=rng(), label=label, steps=7))
    assert (step.x == one).all() and step.index == 6


@pytest.mark.parametrize("steps", [0, 41, True, 2.0])
def test_steps_that_there_are_not_are_refused(model: UniformD3PM, steps):
    with pytest.raises(ValueError, match="whole number from 1 to 40"):
        model.sample(1, generator=rng(), steps=steps)


def test_what_cannot_be_is_refused(model: UniformD3PM):
    x = image()
    with pytest.raises(ValueError, match="booleans"):
        model.complete_steps(x, x, generator=rng())
    with pytest.raises(ValueError, match="label"):
        model.sample(2, generator=rng(), label=torch.tensor([3]))
    with pytest.raises(ValueError):
        model.elbo(x / 2, generator=rng())
