"""The noise schedule and its steps, against closed forms, Bayes' rule by integration, and diffusers' schedulers."""

import math

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler

from explorer.models.schedule import Schedule

TOTAL = 1000
DIFFUSERS = {
    "linear": {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear"},
    "cosine": {"beta_schedule": "squaredcos_cap_v2"},
}


@pytest.fixture(params=["linear", "cosine"])
def schedule(request: pytest.FixtureRequest) -> Schedule:
    return Schedule(request.param, TOTAL)


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def as_float64(scheduler: DDPMScheduler | DDIMScheduler, schedule: Schedule) -> DDPMScheduler | DDIMScheduler:
    """diffusers keeps float32: the same betas again, in float64."""
    torch.testing.assert_close(scheduler.alphas_cumprod.double(), schedule.alphas_cumprod[1:], rtol=1e-4, atol=1e-6)
    before = schedule.alphas_cumprod[:-1]
    scheduler.alphas = schedule.alphas_cumprod[1:] / before
    scheduler.betas = 1 - scheduler.alphas
    scheduler.alphas_cumprod = schedule.alphas_cumprod[1:]
    scheduler.one = scheduler.final_alpha_cumprod = torch.ones((), dtype=torch.float64)
    return scheduler


def test_data_is_at_time_0_and_the_signal_only_falls(schedule: Schedule):
    alphas = schedule.alphas_cumprod
    assert alphas.shape == (TOTAL + 1,) and alphas[0] == 1
    assert (alphas.diff() < 0).all() and (alphas > 0).all()
    assert alphas[-1] < 1e-4


def test_the_linear_schedule_is_the_papers():
    betas = 1 - Schedule("linear", TOTAL).alphas_cumprod[1:] / Schedule("linear", TOTAL).alphas_cumprod[:-1]
    torch.testing.assert_close(betas, torch.linspace(1e-4, 0.02, TOTAL, dtype=torch.float64))


@pytest.mark.parametrize("t", [1, 100, 500, 1000])
def test_noised_data_have_the_mean_and_variance_of_the_closed_form(schedule: Schedule, t: int):
    """By taking the t small steps of equation 2, one after another."""
    x0, n = torch.tensor([-0.8, 0.1, 0.9], dtype=torch.float64), 10_000
    generator, x = torch.Generator().manual_seed(1), x0.expand(n, 3)
    for s in range(1, t + 1):
        alpha = float(schedule.alphas_cumprod[s] / schedule.alphas_cumprod[s - 1])
        x = math.sqrt(alpha) * x + math.sqrt(1 - alpha) * torch.randn(n, 3, generator=generator, dtype=torch.float64)
    mean = schedule.add_noise(x0, torch.zeros(3, dtype=torch.float64), t)
    variance = float(1 - schedule.alphas_cumprod[t])
    torch.testing.assert_close(x.mean(0), mean, rtol=0, atol=5 * math.sqrt(variance / n))
    torch.testing.assert_close(x.var(0), torch.full_like(x0, variance), rtol=5 * math.sqrt(2 / n), atol=0)


@pytest.mark.parametrize("t, s", [(2, 1), (500, 499), (500, 400), (1000, 20)])
def test_the_posterior_is_bayes_rule(schedule: Schedule, t: int, s: int):
    """p(x_s | x_t, x₀) ∝ q(x_t | x_s) q(x_s | x₀), by integration over x_s."""
    x0, x_t = torch.tensor(0.6, dtype=torch.float64), torch.tensor(-0.4, dtype=torch.float64)
    alpha_t, alpha_s = schedule.alphas_cumprod[t], schedule.alphas_cumprod[s]
    mean, variance = schedule.posterior(x0, x_t, t, s)
    x_s = mean + math.sqrt(variance) * torch.linspace(-9, 9, 40_001, dtype=torch.float64)
    forward = torch.distributions.Normal((alpha_t / alpha_s).sqrt() * x_s, (1 - alpha_t / alpha_s).sqrt())
    before = torch.distributions.Normal(alpha_s.sqrt() * x0, (1 - alpha_s).sqrt())
    weight = (forward.log_prob(x_t) + before.log_prob(x_s)).softmax(0)
    found = (weight * x_s).sum()
    torch.testing.assert_close(found, mean, rtol=1e-8, atol=1e-8)
    torch.testing.assert_close(float((weight * (x_s - found) ** 2).sum()), variance, rtol=1e-6, atol=0)


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("steps", [1000, 50, 10])
def test_ddpm_steps_are_those_of_diffusers(schedule: Schedule, steps: int, clip: bool, monkeypatch):
    oracle = DDPMScheduler(
        TOTAL,
        variance_type="fixed_small",
        clip_sample=clip,
        timestep_spacing="trailing",
        **DIFFUSERS[schedule.kind],
    )
    oracle = as_float64(oracle, schedule)
    oracle.set_timesteps(steps)
    times = schedule.times(steps)
    assert oracle.timesteps.tolist() == [t - 1 for t in times[:-1]]
    noise = draw(2, 3, 3, seed=3)
    monkeypatch.setattr("diffusers.schedulers.scheduling_ddpm.randn_tensor", lambda *_, **__: noise)
    for index in {0, 1, steps // 2, steps - 2, steps - 1}:
        x, eps, t, s = 0.7 * draw(2, 3, 3, seed=index), draw(2, 3, 3, seed=index + 1), times[index], times[index + 1]
        theirs = oracle.step(eps, t - 1, x)
        ours = schedule.ddpm_step(x, eps, t, s, noise, clip=clip)
        torch.testing.assert_close(ours, theirs.prev_sample, rtol=1e-5, atol=1e-5)
        guess = schedule.predict_x0(x, eps, t, clip=clip)
        torch.testing.assert_close(guess, theirs.pred_original_sample, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("clip", [True, False])
@pytest.mark.parametrize("eta", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("steps", [100, 50, 20, 10, 5])
def test_ddim_steps_are_those_of_diffusers(schedule: Schedule, steps: int, eta: float, clip: bool):
    oracle = DDIMScheduler(
        TOTAL, clip_sample=clip, set_alpha_to_one=True, timestep_spacing="trailing", **DIFFUSERS[schedule.kind]
    )
    oracle = as_float64(oracle, schedule)
    oracle.set_timesteps(steps)
    times = schedule.times(steps)
    assert oracle.timesteps.tolist() == [t - 1 for t in times[:-1]]
    noise = draw(2, 3, 3, seed=3)
    for index, (t, s) in enumerate(zip(times, times[1:])):
        x, eps = 0.7 * draw(2, 3, 3, seed=index), draw(2, 3, 3, seed=index + 1)
        added = {"eta": eta, "variance_noise": noise if eta else None}
        theirs = oracle.step(eps, t - 1, x, use_clipped_model_output=clip, **added)
        ours = schedule.ddim_step(x, eps, t, s, noise, eta=eta, clip=clip)
        torch.testing.assert_close(ours, theirs.prev_sample, rtol=1e-5, atol=1e-5)


def test_noise_is_added_as_by_diffusers(schedule: Schedule):
    oracle = as_float64(DDPMScheduler(TOTAL, **DIFFUSERS[schedule.kind]), schedule)
    x0, eps, t = draw(4, 1, 3, 3), draw(4, 1, 3, 3, seed=1), torch.tensor([1, 17, 500, 1000])
    torch.testing.assert_close(schedule.add_noise(x0, eps, t), oracle.add_noise(x0, eps, t - 1), rtol=1e-5, atol=1e-5)


def test_eta_1_has_the_variance_of_ddpm(schedule: Schedule):
    x, eps, noise = draw(5), draw(5, seed=1), draw(5, seed=2)
    for t, s in [(1000, 980), (500, 499), (20, 1)]:
        still = schedule.ddim_step(x, eps, t, s, torch.zeros(5), eta=1.0)
        moved = schedule.ddim_step(x, eps, t, s, noise, eta=1.0) - still
        _, variance = schedule.posterior(x, x, t, s)
        torch.testing.assert_close(moved, math.sqrt(variance) * noise)


@pytest.mark.parametrize("steps", [0, -1, 1001, 2.0, True, "10"])
def test_a_wrong_number_of_steps_is_said(schedule: Schedule, steps):
    with pytest.raises(ValueError, match="steps must be a whole number from 1 to 1000"):
        schedule.times(steps)


def test_times_start_where_they_are_asked_to(schedule: Schedule):
    assert schedule.times(4, start=10) == [10, 8, 5, 2, 0]
    with pytest.raises(ValueError, match="from 1 to 10"):
        schedule.times(11, start=10)
    with pytest.raises(ValueError, match="start from must be a whole number"):
        schedule.times(1, start=0)


def test_an_unknown_schedule_is_said():
    with pytest.raises(ValueError, match="choose one of linear, cosine"):
        Schedule("quadratic", TOTAL)
