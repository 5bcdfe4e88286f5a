"""Bits-back coding: a file is as long as the bound of the rounded posterior, which is summed here by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from explorer import data
from explorer.models.beta_vae import BetaVAE
from explorer.models.vae import VAE
from explorer.networks import checkpoints
from explorer.questions import bits_back, codefile
from explorer.questions.coding import TOTAL, DamagedError, Stack, frequencies
from explorer.questions.compress import compress, expand

NETS = ["beta-vae-mnist", "vae-mnist"]
NETS += [pytest.param(net, marks=pytest.mark.deep) for net in ("beta-vae-fashion-mnist", "vae-fashion-mnist")]
SEEDS = range(12)


@st.composite
def distributions(draw: st.DrawFn) -> np.ndarray:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = draw(st.sampled_from([0.1, 1.0, 10.0]))
    return frequencies(torch.tensor(scale * rng.normal(size=draw(st.integers(1, 256)))).log_softmax(0))


@given(distributions(), st.integers(0, 2**200))
def test_a_push_undoes_a_pop_whatever_lies_on_the_stack(found: np.ndarray, state: int):
    stack = Stack(state)
    symbol = stack.pop(found)
    assert 0 <= symbol < len(found) and stack.state >= 0
    stack.push(found, symbol)
    assert stack.state == state


@given(distributions(), st.integers(0, 2**200), st.integers(0, 255))
def test_a_pop_undoes_a_push_which_costs_log_p(found: np.ndarray, state: int, symbol: int):
    symbol %= len(found)
    stack = Stack(state)
    stack.push(found, symbol)
    ideal = math.log2(TOTAL / int(found[symbol]))
    if state >= 2**64:
        assert math.log2(stack.state) - math.log2(state) == pytest.approx(ideal, abs=1e-9)
    assert stack.pop(found) == symbol and stack.state == state


def normal_cdf(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def quantile(p: float) -> float:
    """Inverse of the normal distribution function, by halving."""
    low, high = -40.0, 40.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if normal_cdf(middle) < p else (low, middle)
    return low


def small(jitter: float = 0.05) -> BetaVAE:
    """A VAE with random weights, whose codes are wide."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = BetaVAE(encoder=[16], decoder=[16]).eval().requires_grad_(False)
        for weight in model.parameters():
            weight.add_(jitter * torch.randn_like(weight))
    return model


def bound_by_hand(model: nn.Module, x: Tensor, bits: int) -> tuple[dict[tuple[int, int], float], float]:
    """−log₂ [p(x | z) P(z) / Q(z | x)] of each pair of bins with mass, and its mean under Q."""
    count = 1 << bits
    ends = [-math.inf, *(quantile(k / count) for k in range(1, count)), math.inf]
    middles = [quantile((k + 0.5) / count) for k in range(count)]
    q = model.encode(x)
    mean, deviation = q.mean[0].tolist(), q.stddev[0].tolist()
    masses = [
        [normal_cdf((b - m) / s) - normal_cdf((a - m) / s) for a, b in zip(ends, ends[1:])]
        for m, s in zip(mean, deviation)
    ]
    costs, total = {}, 0.0
    for i, first in enumerate(masses[0]):
        for j, second in enumerate(masses[1]):
            if first * second < 1e-12:
                continue
            nats = float(model.decode(torch.tensor([[middles[i], middles[j]]])).log_prob(x))
            costs[i, j] = -nats / math.log(2) + 2 * bits + math.log2(first * second)
            total += first * second * costs[i, j]
    return costs, total


@pytest.mark.deep
def test_the_mean_length_is_the_bound_of_the_rounded_posterior_summed_over_all_its_bins(
    monkeypatch: pytest.MonkeyPatch,
):
    bits = 4
    monkeypatch.setattr(bits_back, "BITS_BACK_BINS", bits)
    monkeypatch.setattr(bits_back, "FLAT", np.full(1 << bits, TOTAL >> bits))
    model, x = small(), data.bundled_binary_images("mnist")[3:4]
    costs, bound = bound_by_hand(model, x, bits)
    lengths, ideals = [], []
    for seed in range(600):
        code, symbols, latents = bits_back.compress(model, x, seed)
        net = int.from_bytes(code, "big").bit_length() - 1 - bits_back.first_bits(model)
        ideal = sum(symbols) + latents
        assert min(abs(ideal - each) for each in costs.values()) < 1e-2
        assert -1.1 < net - ideal < 1.1  # whole bits, at the start and at the end
        lengths.append(8 * len(code) - bits_back.first_bits(model))
        ideals.append(ideal)
    error = np.std(ideals) / math.sqrt(len(ideals))
    assert np.std(ideals) > 0.05, "many bins are drawn"
    assert abs(np.mean(ideals) - bound) < 4 * error + 1e-2
    assert bound - 1 < np.mean(lengths) < bound + 9


@pytest.mark.parametrize("net", NETS)
@torch.no_grad()
def test_a_real_file_is_as_long_as_its_bound_and_is_read_back_bit_for_bit(net: str):
    model = checkpoints.load(net)
    x = data.bundled_binary_images(net.removeprefix("beta-").removeprefix("vae-"))[7:8]
    file, found = codefile.write(net, x)
    raw = file.to_bytes()
    assert found.first == 8 * model.latent + 32
    assert found.total - 1 < 8 * len(found.code) - found.first < found.total + 9
    again, y = codefile.read(raw, [net])
    assert torch.equal(x, y) and again == file
    each = [8 * len(bits_back.compress(model, x, seed)[0]) - found.first for seed in SEEDS]
    elbo = model.elbo(x.expand(400, -1, -1, -1), generator=torch.Generator().manual_seed(0)).double()
    bound = -float(elbo.mean()) / math.log(2)
    error = np.std(each) / math.sqrt(len(each)) + float(elbo.std()) / math.log(2) / 20
    assert bound - 4 * error < np.mean(each) < bound + 4 * error + 9 + 2e-2 * bound


@settings(max_examples=15)
@given(seed=st.integers(0, 2**31), which=st.booleans())
def test_any_image_comes_back_the_improbable_too(seed: int, which: bool):
    model = small(0.3) if which else VAE(latent=3, fine=4, coarse=4, narrow=2, hidden=8).eval().requires_grad_(False)
    x = model.space.noise(1, torch.Generator().manual_seed(seed))
    found = compress(model, x)
    assert torch.equal(expand(model, found.code, 784), x)


def test_a_code_that_returns_other_bits_is_refused():
    model, x = checkpoints.load("beta-vae-mnist"), data.bundled_binary_images("mnist")[7:8]
    code = compress(model, x).code
    for wrong in (code[:-1] + bytes([code[-1] ^ 1]), code[:-2], b"\0" + code, code + b"\1", b""):
        with pytest.raises(DamagedError, match="should come back"):
            bits_back.expand(model, wrong)
    assert torch.equal(bits_back.expand(model, code), x)


def test_the_bins_have_equal_mass_under_the_prior():
    ends = bits_back.edges().tolist()
    masses = [normal_cdf(b) - normal_cdf(a) for a, b in zip(ends, ends[1:])]
    assert masses == pytest.approx([1 / (1 << bits_back.BITS_BACK_BINS)] * len(masses), rel=1e-9)
    assert bits_back.FLAT.sum() == TOTAL
    assert bits_back.middles()[0].item() == pytest.approx(quantile(0.5 / (1 << bits_back.BITS_BACK_BINS)), abs=1e-9)
