"""Chains draw from what they should: against Gaussians and a mixture whose moments are known, in float64."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from explorer.models import chains
from explorer.models.chains import KERNELS, Diverged, State

COVARIANCE = torch.tensor([[1.0, 0.6], [0.6, 0.8]], dtype=torch.float64)
MEAN = torch.tensor([0.5, -1.0], dtype=torch.float64)
GAUSSIAN = MultivariateNormal(MEAN, COVARIANCE)
EXACT = {"mala": 0.9, "hmc": 0.22, "walk": 1.2}
"""The step of each kernel whose limit is exact."""


def energy_of(log_prob):
    """A target by autograd, of a log-density."""

    def target(x: Tensor) -> tuple[Tensor, Tensor]:
        x = x.detach().requires_grad_()
        energy = -log_prob(x)
        return energy.detach(), torch.autograd.grad(energy.sum(), x)[0]

    return target


TARGET = energy_of(GAUSSIAN.log_prob)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(kernel: str, target, x: Tensor, step: float, moves: int, seed: int = 0) -> tuple[State, float]:
    """The states after so many moves, and the share of moves that were taken."""
    generator, state, taken = rng(seed), chains.start(target, x), []
    for _ in range(moves):
        move = KERNELS[kernel](target, state, step, generator)
        state = move.state
        taken.append(move.accepted.double().mean())
    return state, float(torch.stack(taken).mean())


@pytest.mark.parametrize("kernel", EXACT)
def test_mean_and_covariance_of_a_gaussian_are_found(kernel: str):
    state, taken = drawn(kernel, TARGET, torch.zeros(8_000, 2, dtype=torch.float64), EXACT[kernel], 60)
    assert 0.3 < taken < 0.995
    error = 4 / math.sqrt(len(state.x))
    torch.testing.assert_close(state.x.mean(0), MEAN, rtol=0, atol=error)
    torch.testing.assert_close(state.x.T.cov(), COVARIANCE, rtol=0, atol=2 * error)


@pytest.mark.parametrize("kernel", EXACT)
def test_a_draw_of_the_target_stays_a_draw_of_it_after_one_move(kernel: str):
    x = GAUSSIAN.sample((200_000,))
    after = KERNELS[kernel](TARGET, chains.start(TARGET, x), 1.3, rng()).state.x
    torch.testing.assert_close(after.mean(0), MEAN, rtol=0, atol=0.012)
    torch.testing.assert_close(after.T.cov(), COVARIANCE, rtol=0, atol=0.02)


def test_langevin_without_a_refusal_is_off_by_what_its_step_says():
    standard = energy_of(lambda x: -x.square().sum(-1) / 2)
    for eps in (0.5, 1.0):
        state, taken = drawn("langevin", standard, torch.zeros(40_000, 1, dtype=torch.float64), eps, 60)
        assert taken == 1
        assert float(state.x.var()) == pytest.approx(1 / (1 - eps**2 / 4), rel=0.03)


def test_flows_of_probability_balance_between_any_two_places():
    """Detailed balance: of draws of the target as many go from the left to the right as back."""
    for kernel, step in EXACT.items():
        x = GAUSSIAN.sample((200_000,))
        after = KERNELS[kernel](TARGET, chains.start(TARGET, x), step, rng()).state.x
        there, back = ((a[:, 0] < 0) & (b[:, 0] > 1) for a, b in ((x, after), (after, x)))
        assert float(there.double().mean()) == pytest.approx(float(back.double().mean()), rel=0.1)


def test_mala_decides_by_the_densities_of_its_proposals():
    x = torch.randn(500, 2, generator=rng(1), dtype=torch.float64)
    state, step = chains.start(TARGET, x), 0.8
    move = chains.mala(TARGET, state, step, rng(2))
    after = chains.start(TARGET, move.proposed)
    q = lambda here: Normal(chains.drift(here, step), step)  # noqa: E731
    ratio = GAUSSIAN.log_prob(after.x) - GAUSSIAN.log_prob(x)
    ratio += q(after).log_prob(x).sum(-1) - q(state).log_prob(after.x).sum(-1)
    generator = rng(2)
    torch.randn(500, 2, generator=generator, dtype=torch.float64)
    assert torch.equal(move.accepted, torch.rand(500, generator=generator, dtype=torch.float64).log() < ratio)
    assert torch.equal(move.state.x, torch.where(move.accepted[:, None], move.proposed, x))
    assert torch.equal(move.state.energy, TARGET(move.state.x)[0])


def test_leapfrog_can_be_undone_and_keeps_volume():
    x, momentum = torch.randn(2, 5, 2, generator=rng(), dtype=torch.float64)
    after, end = chains.leapfrog(TARGET, chains.start(TARGET, x), momentum, 0.3, 7)
    back, first = chains.leapfrog(TARGET, after, -end, 0.3, 7)
    torch.testing.assert_close(back.x, x, rtol=0, atol=1e-12)
    torch.testing.assert_close(-first, momentum, rtol=0, atol=1e-12)

    precision = COVARIANCE.inverse()
    linear = lambda x: ((x - MEAN) @ precision @ (x - MEAN).T, (x - MEAN) @ precision)  # noqa: E731

    def phase(z: Tensor) -> Tensor:
        state, end = chains.leapfrog(linear, chains.start(linear, z[None, :2]), z[None, 2:], 0.3, 7)
        return torch.cat([state.x[0], end[0]])

    jacobian = torch.autograd.functional.jacobian(phase, torch.randn(4, generator=rng(3), dtype=torch.float64))
    assert float(jacobian.det()) == pytest.approx(1, abs=1e-10)


def test_hmc_accepts_more_the_shorter_its_leaps():
    x = GAUSSIAN.sample((20_000,))
    shares = [
        float(chains.hmc(TARGET, chains.start(TARGET, x), step, rng()).accepted.double().mean())
        for step in (0.9, 0.5, 0.1)
    ]
    assert shares == sorted(shares) and shares[-1] > 0.995


MODES = torch.tensor([[-3.0, 0.0], [3.0, 0.0]], dtype=torch.float64)
SHARES = torch.tensor([0.3, 0.7], dtype=torch.float64)


def mixture(x: Tensor) -> Tensor:
    return (SHARES.log() - torch.cdist(x, MODES).square() / (2 * 0.5**2)).logsumexp(-1)


@pytest.mark.deep
def test_tempering_finds_the_shares_of_modes_that_one_chain_never_leaves():
    target, x = energy_of(mixture), MODES[:1].expand(200, 2).clone()
    alone, _ = drawn("mala", target, x, 0.5, 300)
    assert bool((alone.x[:, 0] < 0).all())

    temperatures, generator = chains.ladder(30.0, 6), rng()
    hot = [chains.temper(target, each) for each in temperatures]
    states = [chains.start(each, x) for each in hot]
    for index in range(300):
        states = [
            chains.mala(each, state, 0.5 * t**0.5, generator).state for each, state, t in zip(hot, states, temperatures)
        ]
        places = torch.stack([state.x for state in states])
        energies = torch.stack([state.energy * t for state, t in zip(states, temperatures)])
        swapped = chains.swap(places, energies, temperatures, index % 2, generator)
        states = [chains.start(each, place) for each, place in zip(hot, places)]
        torch.testing.assert_close(energies[-1], states[-1].energy)
    assert swapped.shape == (5, 200)
    assert float((states[-1].x[:, 0] > 0).double().mean()) == pytest.approx(0.7, abs=0.11)
    assert float(states[-1].x[:, 1].var()) == pytest.approx(0.25, rel=0.4)


def test_exchanges_leave_every_temperature_its_own_distribution():
    temperatures, n = [4.0, 2.0, 1.0], 200_000
    x = torch.randn(3, n, 1, generator=rng(), dtype=torch.float64) * torch.tensor(temperatures)[:, None, None].sqrt()
    energy = x[..., 0].square() / 2
    for first in (0, 1):
        taken = chains.swap(x, energy, temperatures, first, rng(first + 1))
        assert 0.3 < float(taken[first].double().mean()) < 0.95
    assert torch.equal(energy, x[..., 0].square() / 2)
    torch.testing.assert_close(x[..., 0].var(-1), torch.tensor(temperatures, dtype=torch.float64), rtol=0.02, atol=0)


def test_what_is_clamped_never_moves_and_the_rest_is_conditional():
    x = torch.full((20_000, 2), 1.5, dtype=torch.float64)
    known = torch.tensor([[True, False]]).expand_as(x)
    target, free = chains.clamp(TARGET, x, known)
    state, generator = chains.start(target, x), rng()
    for _ in range(60):
        state = chains.mala(target, state, 0.8, generator, free).state
    assert torch.equal(state.x[:, 0], x[:, 0])
    slope = COVARIANCE[0, 1] / COVARIANCE[0, 0]
    mean, variance = MEAN[1] + slope * (1.5 - MEAN[0]), COVARIANCE[1, 1] - slope * COVARIANCE[0, 1]
    assert float(state.x[:, 1].mean()) == pytest.approx(float(mean), abs=0.02)
    assert float(state.x[:, 1].var()) == pytest.approx(float(variance), rel=0.05)


def test_a_jump_keeps_the_target_and_crosses_any_barrier():
    """The modes lie at unlike places of the Gaussian that is proposed."""
    modes, generator = torch.tensor([-2.0, 0.5], dtype=torch.float64), rng()
    target = energy_of(lambda x: (SHARES.log() - (x - modes).square() / (2 * 0.3**2)).logsumexp(-1))
    state = chains.start(target, torch.full((4_000, 1), -2.0, dtype=torch.float64))
    for _ in range(400):
        state = chains.independent(target, state, generator).state
    assert float((state.x > -0.75).double().mean()) == pytest.approx(0.7, abs=0.03)
    assert float(state.x[state.x > -0.75].var()) == pytest.approx(0.09, rel=0.1)


def test_a_chain_that_leaves_the_plane_is_named_with_its_step():
    standard = energy_of(lambda x: -x.square().sum(-1) / 2)
    state, generator = chains.start(standard, torch.ones(3, 2, dtype=torch.float64)), rng()
    with pytest.raises(Diverged, match=r"chain \d left the plane at step \d+: take smaller steps"):
        for index in range(1, 100):
            state = chains.langevin(standard, state, 2.5, generator).state
            chains.check(state, index)
    assert 5 < index < 40
    with pytest.raises(Diverged, match="no number at step 4"):
        chains.check(State(torch.zeros(1, 2), torch.tensor([math.nan]), torch.zeros(1, 2)), 4)


def test_effective_size_is_that_of_an_autoregressive_series():
    for phi in (0.0, 0.5, 0.9):
        noise = torch.randn(200, 4_000, generator=rng(), dtype=torch.float64)
        series = torch.zeros_like(noise)
        series[:, 0] = noise[:, 0] / math.sqrt(1 - phi**2)
        for index in range(1, noise.shape[1]):
            series[:, index] = phi * series[:, index - 1] + noise[:, index]
        rho = chains.autocorrelation(series)
        torch.testing.assert_close(rho[:20], phi ** torch.arange(20.0).double(), rtol=0, atol=0.02)
        assert chains.effective_size(series) / series.numel() == pytest.approx((1 - phi) / (1 + phi), rel=0.06)
