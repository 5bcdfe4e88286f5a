"""The samplers: on a Gaussian whose score is known, and what they promise of any network."""

import math

import pytest
import torch
from torch import Tensor

from explorer.models.diffusion import Diffusion, discretised_log_prob
from explorer.models.samplers import Denoiser
from explorer.models.schedule import Schedule
from explorer.spaces import PLANE
from explorer.steps import Step, last

MEAN = torch.tensor([0.5, -0.3], dtype=torch.float64)
COVARIANCE = torch.tensor([[0.4, 0.15], [0.15, 0.2]], dtype=torch.float64)
MANY = 20_000


class Gaussian(Denoiser):
    """Knows the noise in data from one Gaussian: ε = √(1−ᾱ) (ᾱΣ + (1−ᾱ)I)⁻¹ (x − √ᾱ μ)."""

    space = PLANE

    def predict_noise(self, x_t: Tensor, t: int, label: Tensor | None = None) -> Tensor:
        alpha = float(self.schedule.alphas_cumprod[t])
        covariance = alpha * COVARIANCE + (1 - alpha) * torch.eye(2, dtype=torch.float64)
        centred = x_t.double() - math.sqrt(alpha) * MEAN
        return (math.sqrt(1 - alpha) * torch.linalg.solve(covariance, centred.T).T).to(x_t)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def network() -> Diffusion:
    """A small network whose weights are random, and large enough to matter."""
    torch.manual_seed(0)
    model = Diffusion(channels=(8, 8, 16), embedding=16)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


@pytest.fixture(scope="module")
def images() -> Tensor:
    return torch.randint(256, (3, 1, 28, 28), generator=rng(5)) / 255


@pytest.mark.parametrize("way", ["ddpm", "strided ddpm", "ddim", "eta 1", "eta 0.5"])
def test_on_a_gaussian_the_samplers_reach_its_mean_and_covariance(way: str):
    model = Gaussian(Schedule("linear", 1000))
    steps = {
        "ddpm": lambda: model.ddpm_steps(MANY, generator=rng()),
        "strided ddpm": lambda: model.ddpm_steps(MANY, generator=rng(), steps=250),
        "ddim": lambda: model.ddim_steps(MANY, generator=rng(), steps=250),
        "eta 1": lambda: model.ddim_steps(MANY, generator=rng(), steps=250, eta=1.0),
        "eta 0.5": lambda: model.ddim_steps(MANY, generator=rng(), steps=250, eta=0.5),
    }[way]()
    x = last(steps).x.double()
    torch.testing.assert_close(x.mean(0), MEAN, rtol=0, atol=0.02)
    torch.testing.assert_close(x.T.cov(), COVARIANCE, rtol=0, atol=0.03)


def test_ddim_is_one_path_from_the_noise_and_eta_leaves_it(network: Diffusion):
    noise = network.noise(2, rng(1))
    first, again = (
        network.sample(2, generator=rng(seed), steps=4, x_t=noise) for seed in (2, 3)
    )  # whatever else is random
    assert torch.equal(first, again)
    random = [network.sample(2, generator=rng(seed), steps=4, x_t=noise, eta=0.5) for seed in (2, 3)]
    assert not torch.equal(*random)


def test_each_step_says_what_happened(network: Diffusion):
    steps = list(network.ddim_steps(2, generator=rng(), steps=5))
    assert [(step.numbers["t"], step.time) for step in steps] == [
        *((1000, 800), (800, 600), (600, 400), (400, 200), (200, 0))
    ]
    assert [(step.index, step.total) for step in steps] == [(index, 5) for index in range(5)]
    eps = network.predict_noise(network.noise(2, rng()), 1000)
    torch.testing.assert_close(steps[0].numbers["noise_norm"], eps.flatten(1).norm(dim=1) / 28)
    moved = 2 * (steps[1].pictures["x0"] - steps[0].pictures["x0"]).flatten(1).norm(dim=1) / 28  # from −1 to 1
    torch.testing.assert_close(steps[1].numbers["moved"], moved, rtol=1e-4, atol=1e-6)
    assert torch.equal(steps[-1].x, network.to_space(steps[-1].numbers["x_t"]))


def test_guidance_0_leaves_the_label_out_and_1_gives_it(network: Diffusion):
    x, label = network.noise(2, rng()), torch.tensor([3, 5])
    free, given = network.predict_noise(x, 500), network.predict_noise(x, 500, label)
    assert not torch.allclose(free, given)
    assert torch.equal(network.guided_noise(x, 500, label, 0), free)
    assert torch.equal(network.guided_noise(x, 500, label, 1), given)
    torch.testing.assert_close(network.guided_noise(x, 500, label, 4), free + 4 * (given - free), rtol=1e-4, atol=1e-5)
    assert torch.equal(network.guided_noise(x, 500, None, 4), free)


def test_a_label_of_none_is_the_label_that_stands_for_any(network: Diffusion):
    any_label = torch.full((2,), network.classes)
    with_label, without = (network.sample(2, generator=rng(), steps=3, label=label) for label in (any_label, None))
    assert torch.equal(with_label, without)


def test_what_is_inverted_comes_back():
    """Exactly known noise: DDIM's two directions differ by the discretisation alone, and refining undoes that."""
    model = Gaussian(Schedule("linear", 1000))
    x = MEAN + torch.linalg.cholesky(COVARIANCE) @ torch.randn(2, generator=rng(), dtype=torch.float64)
    x = x.expand(1, 2)
    gaps = []
    for refinements in (0, 10):
        noise = last(model.invert_steps(x, steps=50, refinements=refinements)).numbers["x_t"]
        back = last(model.ddim_steps(1, generator=rng(), steps=50, x_t=noise, clip=False)).x
        gaps.append(float((back - x).norm()))
    assert gaps[1] < 1e-3 < gaps[0] < 0.2


def test_inverting_data_of_a_gaussian_gives_standard_noise():
    model = Gaussian(Schedule("linear", 1000))
    x = MEAN + torch.randn(MANY, 2, generator=rng(), dtype=torch.float64) @ torch.linalg.cholesky(COVARIANCE).T
    noise = last(model.invert_steps(x, steps=500)).numbers["x_t"]
    torch.testing.assert_close(noise.mean(0), torch.zeros(2, dtype=torch.float64), rtol=0, atol=0.03)
    torch.testing.assert_close(noise.T.cov(), torch.eye(2, dtype=torch.float64), rtol=0, atol=0.05)


def test_inpainting_keeps_what_is_known_exactly(network: Diffusion, images: Tensor):
    known = torch.rand(images.shape, generator=rng()) < 0.4
    steps = list(network.inpaint_steps(images, known, generator=rng(), steps=4, resamples=2))
    assert [step.index for step in steps] == [0, 1, 2, 3] and steps[0].total == 4
    assert torch.equal(steps[-1].x[known], images[known])
    assert not torch.equal(steps[-1].x[~known], images[~known])


def test_inpainting_everything_known_noises_it_as_the_schedule_says(network: Diffusion, images: Tensor):
    many = images[:1].expand(200, -1, -1, -1)
    known = torch.ones_like(many, dtype=torch.bool)
    step = next(iter(network.inpaint_steps(many, known, generator=rng(), steps=2, resamples=1)))
    residual = step.numbers["x_t"] - network.schedule.add_noise(2 * many - 1, torch.zeros_like(many), 500)
    assert float(residual.var()) == pytest.approx(1 - float(network.schedule.alphas_cumprod[500]), rel=0.02)


def test_going_up_adds_the_noise_between_two_times(network: Diffusion, images: Tensor):
    x_s = network.schedule.add_noise(torch.zeros(500, 1, 28, 28), network.noise(500, rng()), 300)
    x_t = network._up(x_s, 300, 400, network.noise(500, rng(1)))
    assert float(x_t.var()) == pytest.approx(1 - float(network.schedule.alphas_cumprod[400]), rel=0.01)


class Perfect(Diffusion):
    """Knows the image, so it knows the noise."""

    def predict_noise(self, x_t: Tensor, t: int, label: Tensor | None = None) -> Tensor:
        alpha = float(self.schedule.alphas_cumprod[t])
        self.asked.append((x_t, t))
        return (x_t - math.sqrt(alpha) * (2 * self.image - 1)) / math.sqrt(1 - alpha)


@pytest.fixture
def perfect(images: Tensor) -> Perfect:
    model = Perfect(channels=(8, 8, 16), embedding=16)
    model.image, model.asked = images, []
    return model


def test_the_guess_while_inpainting_is_that_of_the_noise_predicted(perfect: Perfect, images: Tensor):
    known = torch.rand(images.shape, generator=rng()) < 0.5
    for step in perfect.inpaint_steps(images, known, generator=rng(), steps=4, resamples=2):
        torch.testing.assert_close(step.pictures["x0"], images, rtol=0, atol=5e-4)


def test_resampling_asks_again_at_the_time_it_began_from(perfect: Perfect, images: Tensor):
    known = torch.zeros_like(images, dtype=torch.bool)
    list(perfect.inpaint_steps(images, known, generator=rng(), steps=2, resamples=3))
    assert [t for _, t in perfect.asked] == [1000, 1000, 1000, 500, 500, 500]
    for x_t, t in perfect.asked[3:]:
        residual = x_t - perfect.schedule.add_noise(2 * images - 1, torch.zeros_like(images), t)
        assert float(residual.var()) == pytest.approx(1 - float(perfect.schedule.alphas_cumprod[t]), rel=0.08)
    assert not torch.equal(perfect.asked[3][0], perfect.asked[4][0])


def test_the_bound_at_a_time_is_the_divergence_of_two_gaussians(network: Diffusion, images: Tensor):
    t = torch.tensor([2, 300, 1000])
    nats, loss = network.bound_at(images, t, generator=rng(3))
    x0, eps = 2 * images - 1, network.noise(3, rng(3))
    x_t = network.schedule.add_noise(x0, eps, t)
    for index, time in enumerate(t.tolist()):
        found = network.predict_noise(x_t[index : index + 1], time)
        guess = network.schedule.predict_x0(x_t[index : index + 1], found, time)
        true, variance = network.schedule.posterior(x0[index].double(), x_t[index].double(), time, time - 1)
        drawn, _ = network.schedule.posterior(guess[0].double(), x_t[index].double(), time, time - 1)
        normal = torch.distributions.Normal
        divergence = torch.distributions.kl_divergence(normal(true, variance**0.5), normal(drawn, variance**0.5))
        assert float(nats[index]) == pytest.approx(float(divergence.detach().sum()), rel=1e-3)
        assert float(loss[index]) == pytest.approx(float((found[0] - eps[index]).square().mean()), rel=1e-4)


def test_the_last_term_is_a_probability_of_grey_levels():
    levels, mean = torch.arange(256) / 127.5 - 1, torch.tensor(0.3)
    for deviation in (0.005, 0.02, 0.5):
        each = discretised_log_prob(levels.double(), mean, deviation).exp()
        assert float(each.sum()) == pytest.approx(1, abs=1e-6)
    edge = torch.distributions.Normal(0.3, 0.02).cdf(torch.tensor([0.3 + 1 / 255, 0.3 - 1 / 255]))
    assert float(discretised_log_prob(mean.double(), mean, 0.02).exp()) == pytest.approx(float(edge[0] - edge[1]), 1e-4)


def test_the_prior_term_is_the_divergence_from_noise(network: Diffusion, images: Tensor):
    alpha = network.schedule.alphas_cumprod[-1]
    normal = torch.distributions.Normal
    at_the_end = normal(alpha.sqrt() * (2 * images.double() - 1), (1 - alpha).sqrt())
    exact = torch.distributions.kl_divergence(at_the_end, normal(0.0, 1.0)).flatten(1).sum(-1)
    torch.testing.assert_close(network.prior_bound(images.double()), exact, rtol=1e-6, atol=1e-9)


@pytest.mark.deep
def test_the_bound_is_estimated_without_bias(network: Diffusion, images: Tensor):
    """Few draws, many times, against every time once, on a short chain."""
    torch.manual_seed(1)
    short = Diffusion(channels=(8, 8, 16), embedding=16, schedule="cosine", times=12).eval()
    short.network.load_state_dict(network.network.state_dict())
    x = images[:1].expand(400, -1, -1, -1)
    exact = short.prior_bound(x) + sum(
        short.bound_at(x, torch.full((400,), t), generator=rng(t))[0] for t in range(1, 13)
    )
    estimated = -short.elbo(x, generator=rng(99), draws=4)
    error = math.sqrt(float(exact.var() + estimated.var()) / 400)
    assert abs(float(exact.mean() - estimated.mean())) < 4 * error


def test_intervals_cover_every_time_once(network: Diffusion):
    for count in (2, 6, 20):
        intervals = network.intervals(count)
        assert [t for low, high in intervals for t in range(low, high)] == list(range(1, 1001))
        assert len(intervals) == count and intervals[0] == (1, 2)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"steps": 0}, "steps must be a whole number from 1 to 1000"),
        ({"steps": 1001}, "steps must be a whole number from 1 to 1000"),
        ({"eta": -0.1}, "eta must be a number from 0 to 1"),
        ({"eta": float("nan")}, "eta must be a number from 0 to 1"),
        ({"guidance_scale": -1}, "guidance_scale must be a number from 0 to 20"),
        ({"guidance_scale": "2"}, "guidance_scale must be a number from 0 to 20"),
        ({"label": torch.tensor([3])}, r"label must be whole numbers \(2,\)"),
        ({"label": torch.tensor([3, 11])}, r"label must be whole numbers \(2,\)"),
        ({"x_t": torch.zeros(2, 1, 28, 27)}, "what to start from must be finite numbers"),
        ({"x_t": torch.full((2, 1, 28, 28), math.inf)}, "what to start from must be finite numbers"),
        ({"start": 1001}, "the time to start from"),
    ],
)
def test_bad_input_is_said_in_words(network: Diffusion, wrong: dict, words: str):
    with pytest.raises(ValueError, match=words):
        network.sample(2, generator=rng(), **wrong)


def test_bad_masks_and_resamples_are_said(network: Diffusion, images: Tensor):
    known = torch.ones_like(images, dtype=torch.bool)
    with pytest.raises(ValueError, match="known must be booleans"):
        last(network.inpaint_steps(images, known.float(), generator=rng()))
    with pytest.raises(ValueError, match="resamples must be a whole number from 1 to 20"):
        last(network.inpaint_steps(images, known, generator=rng(), resamples=0))


def test_a_sampler_stops_where_it_is_left(network: Diffusion, monkeypatch: pytest.MonkeyPatch):
    calls = []
    plain = network.predict_noise
    monkeypatch.setattr(network, "predict_noise", lambda *given: calls.append(1) or plain(*given))
    steps = network.ddpm_steps(1, generator=rng())
    taken: list[Step] = [next(steps) for _ in range(3)]
    steps.close()
    assert len(calls) == len(taken) == 3
