"""The solvers: step for step as diffusers takes them, and on a Gaussian whose score is known."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler, HeunDiscreteScheduler
from torch import Tensor

from explorer.models.diffusion import Diffusion
from explorer.models.schedule import Schedule
from explorer.models.solvers import SAMPLERS, sample_steps, signal_and_noise
from explorer.steps import last
from tests.test_samplers import COVARIANCE, MANY, MEAN, Gaussian, rng

SCHEDULE = Schedule("linear", 1000)
DIFFUSERS = {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear", "timestep_spacing": "trailing"}
SOLVERS = [name for name, sampler in SAMPLERS.items() if sampler.solver]
STEPS = {"heun": 40, "dpm": 40, "sde": 500, "pc": 250, "langevin": 500}


class Wave:
    """Predicts some noise that bends with x and t, in float64, and remembers at which times it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, x: Tensor, t: int) -> Tensor:
        self.asked.append(t)
        return torch.sin(2 * x + t / 200) + 0.3 * x


def guess(wave: Wave, x: Tensor, t: int) -> tuple[Tensor, Tensor]:
    eps = wave(x, t)
    return SCHEDULE.predict_x0(x, eps, t, clip=False), eps


def walked(name: str, steps: int) -> tuple[Tensor, list[Tensor], list[int]]:
    """A start, what a solver makes of it step by step, and the times that it asked for."""
    wave, x = Wave(), torch.randn(3, 4, generator=rng(3), dtype=torch.float64)
    solver = SAMPLERS[name].solver
    found = solver(SCHEDULE, lambda *at: guess(wave, *at), x, SCHEDULE.times(steps), lambda: torch.zeros_like(x))
    return x, [move[0] for move in found], wave.asked


@pytest.mark.parametrize("steps", [3, 10, 20, 50])
def test_dpm_solver_is_that_of_diffusers_step_for_step(steps: int, monkeypatch: pytest.MonkeyPatch):
    oracle = DPMSolverMultistepScheduler(1000, solver_order=2, final_sigmas_type="zero", **DIFFUSERS)
    oracle.set_timesteps(steps)
    times, wave = SCHEDULE.times(steps), Wave()
    assert oracle.timesteps.tolist() == [t - 1 for t in times[:-1]]
    ratios = ((1 - SCHEDULE.alphas_cumprod) / SCHEDULE.alphas_cumprod).sqrt()
    oracle.sigmas = ratios[times]  # diffusers keeps float32: the same in float64
    x, found, _ = walked("dpm", steps)
    monkeypatch.setattr(torch, "float32", torch.float64)  # to which its step casts
    for t, ours in zip(times, found):
        x = oracle.step(wave(x, t), t - 1, x).prev_sample
        torch.testing.assert_close(ours, x, rtol=0, atol=1e-9)


@pytest.mark.parametrize("steps", [3, 10, 20, 50])
def test_heun_is_that_of_diffusers_step_for_step(steps: int):
    """diffusers walks on x / α, and evaluates the network once a call: two calls are a step, but for the last."""
    oracle = HeunDiscreteScheduler(1000, **DIFFUSERS)
    oracle.set_timesteps(steps)
    times, wave = SCHEDULE.times(steps), Wave()
    ratios = ((1 - SCHEDULE.alphas_cumprod) / SCHEDULE.alphas_cumprod).sqrt()[times]
    oracle.sigmas = torch.cat([ratios[:1], ratios[1:-1].repeat_interleave(2), ratios[-1:]])
    x, found, asked = walked("heun", steps)
    x = x / signal_and_noise(SCHEDULE, times[0])[0]
    for (t, s), ours in zip(pairwise(times), found):
        alpha = signal_and_noise(SCHEDULE, t)[0]
        x = oracle.step(wave(alpha * x, t), t - 1, x).prev_sample
        if s:
            x = oracle.step(wave(signal_and_noise(SCHEDULE, s)[0] * x, s), s - 1, x).prev_sample
        torch.testing.assert_close(ours, signal_and_noise(SCHEDULE, s)[0] * x, rtol=0, atol=1e-9)
    assert len(asked) == 2 * steps - 1


def test_an_euler_step_of_the_flow_is_a_step_of_ddim():
    x, eps = (torch.randn(5, generator=rng(k), dtype=torch.float64) for k in range(2))
    for t, s in [(1000, 900), (400, 350), (20, 0)]:
        (alpha, sigma), (to_alpha, to_sigma) = (signal_and_noise(SCHEDULE, each) for each in (t, s))
        euler = to_alpha * (x / alpha + (to_sigma / to_alpha - sigma / alpha) * eps)
        torch.testing.assert_close(euler, SCHEDULE.ddim_step(x, eps, t, s, torch.zeros(5), clip=False))


@pytest.mark.parametrize("name", SOLVERS)
def test_on_a_gaussian_each_reaches_its_mean_and_covariance(name: str):
    x = last(sample_steps(Gaussian(SCHEDULE), name, MANY, generator=rng(), steps=STEPS[name])).x.double()
    torch.testing.assert_close(x.mean(0), MEAN, rtol=0, atol=0.02)
    torch.testing.assert_close(x.T.cov(), COVARIANCE, rtol=0, atol=0.03)


@pytest.mark.parametrize("name, order", [("ddim", 1), ("dpm", 2), ("heun", 2)])
def test_half_the_step_leaves_a_half_of_the_error_or_a_quarter(name: str, order: int):
    """The exact flow is the one of a thousand steps of Heun."""
    noise, model = torch.randn(500, 2, generator=rng(1), dtype=torch.float64), Gaussian(SCHEDULE)
    exact = last(sample_steps(model, "heun", 500, generator=rng(), steps=1000, x_t=noise)).x
    gaps = [
        float((last(sample_steps(model, name, 500, generator=rng(), steps=n, x_t=noise)).x - exact).norm())
        for n in (50, 100)
    ]
    assert math.log2(gaps[0] / gaps[1]) == pytest.approx(order, abs=0.45)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_sampler_evaluates_as_often_as_it_says(name: str, monkeypatch: pytest.MonkeyPatch):
    model, calls, counts = Gaussian(SCHEDULE), [], []
    plain = model.predict_noise
    monkeypatch.setattr(model, "predict_noise", lambda *given: calls.append(1) or plain(*given))
    for step in sample_steps(model, name, 2, generator=rng(), steps=4):
        counts.append(len(calls))
    assert np.diff([0, *counts]).tolist() == SAMPLERS[name].evaluations(4)
    assert (step.index, step.total, step.time) == (3, 4, 0)


@pytest.mark.parametrize("name", SAMPLERS)
def test_only_what_says_so_is_noisy_on_the_way(name: str):
    model = Gaussian(SCHEDULE)
    noise = torch.randn(3, 2, generator=rng(4))
    one, other = (last(sample_steps(model, name, 3, generator=rng(seed), steps=5, x_t=noise)).x for seed in (1, 2))
    assert torch.equal(one, other) != SAMPLERS[name].noisy


@pytest.mark.parametrize("name", SOLVERS)
def test_a_step_shows_the_guess_and_images_stay_pixels(name: str):
    torch.manual_seed(0)
    model = Diffusion(channels=(8, 8, 16), embedding=16).eval()
    label = torch.tensor([3, 5])
    steps = list(sample_steps(model, name, 2, generator=rng(), steps=3, label=label, guidance_scale=2.0))
    assert [step.time for step in steps] == [667, 333, 0] and "moved" not in steps[0].numbers
    for step in steps:
        assert step.pictures["x0"].shape == step.x.shape == (2, 1, 28, 28)
        assert 0 <= float(step.x.min()) <= float(step.x.max()) <= 1
        assert math.isfinite(float(step.numbers["noise_norm"].sum()))


def test_what_is_wrong_is_said():
    model = Gaussian(SCHEDULE)
    with pytest.raises(ValueError, match="steps must be a whole number"):
        last(sample_steps(model, "heun", 2, generator=rng(), steps=0))
    with pytest.raises(ValueError, match="guidance_scale must be a number"):
        last(sample_steps(model, "pc", 2, generator=rng(), steps=2, guidance_scale=-1))
