"""The Boltzmann machine, against every sum that a small one can be summed over."""

from itertools import product

import pytest
import torch
from torch import Tensor

from explorer.models.rbm import RBM, ais, annealed_step, base_rates, bernoulli, log_ratio
from explorer.questions import likelihood
from explorer.steps import last


def machine(hidden: int = 12, scale: float = 0.25, seed: int = 0) -> RBM:
    """A machine whose Z can be summed over its hidden units."""
    torch.manual_seed(seed)
    model = RBM(hidden)
    with torch.no_grad():
        model.weight.normal_(0, scale)
        model.visible_bias.normal_(-0.5, 1)
        model.hidden_bias.normal_(0, 0.5)
    return model.requires_grad_(False)


def every(bits: int) -> Tensor:
    return torch.tensor(list(product([0.0, 1.0], repeat=bits)))


def exact_log_z(model: RBM) -> float:
    """log Z as the sum over all states of the hidden units, the pixels summed out."""
    h = every(len(model.hidden_bias)).double()
    logits = h @ model.weight.double() + model.visible_bias.double()
    return float((h @ model.hidden_bias.double() + torch.nn.functional.softplus(logits).sum(-1)).logsumexp(0))


def images(n: int, seed: int = 0) -> Tensor:
    return (torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(seed)) < 0.3).float()


def test_the_free_energy_is_the_energy_with_the_hidden_units_summed_out():
    model, x = machine(), images(5)
    h, v = every(12), x.flatten(1)
    energy = -(v @ model.visible_bias)[:, None] - h @ model.hidden_bias - v @ model.weight.T @ h.T
    assert torch.allclose(model.free_energy(x), -(-energy).logsumexp(-1), rtol=1e-5)


@pytest.mark.parametrize("hidden", [8, pytest.param(12, marks=pytest.mark.deep)])
def test_annealing_finds_the_exact_log_z_from_both_sides(hidden: int):
    model = machine(hidden, scale=0.1)
    exact, base = exact_log_z(model), torch.zeros(784)
    inside, low, high = 0, [], []
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        found = ais(model, base, between=60, chains=100, generator=generator)
        start = drawn_exactly(model, 100, generator)
        back = ais(model, base, between=60, chains=100, generator=generator, start=start)
        inside += all(abs(each.value - exact) <= 3 * each.se for each in (found, back))
        low.append(found.value)
        high.append(back.value)
    assert inside >= 18
    low, high = torch.tensor(low), torch.tensor(high)
    assert low.mean() - exact < 3 * low.std() / 20**0.5 and exact - high.mean() < 3 * high.std() / 20**0.5


def drawn_exactly(model: RBM, n: int, generator: torch.Generator) -> Tensor:
    """Pixels (n, 784) drawn from the machine, by its hidden units' exact probabilities."""
    h = every(len(model.hidden_bias))
    log_p = h @ model.hidden_bias + torch.nn.functional.softplus(model.visible_logits(h)).sum(-1)
    chosen = torch.multinomial(log_p.softmax(0), n, replacement=True, generator=generator)
    return bernoulli(model.visible_logits(h[chosen]).sigmoid(), generator)


def test_the_first_and_the_last_machine_of_annealing_are_known():
    model, v = machine(), images(4).flatten(1)
    base = base_rates(images(50, seed=1))
    without = v @ base + 12 * torch.tensor(2.0).log()
    assert torch.allclose(log_ratio(model, base, v, 0.0, 1.0), -model.free_energy(v) - without, rtol=1e-4, atol=1e-2)
    parts = [log_ratio(model, base, v, low, high) for low, high in ((0.0, 0.3), (0.3, 1.0))]
    assert torch.allclose(sum(parts), log_ratio(model, base, v, 0.0, 1.0), rtol=1e-4, atol=1e-2)


def test_gibbs_steps_leave_what_the_machine_draws_as_it_is():
    model = machine(8)
    generator = torch.Generator().manual_seed(0)
    v = drawn_exactly(model, 4000, generator)
    before = v.mean(0)
    after = annealed_step(model, torch.zeros(784), v, 1.0, generator).mean(0)
    assert float((before - after).abs().max()) < 6 * (0.5 / 4000) ** 0.5


def test_the_centred_gradient_is_the_plain_one_in_other_parameters():
    """With W' = W, b' = b + Wᵀλ and c' = c + Wμ counted from the means, autograd gives it."""
    model, x = machine(6), images(10)
    chains, v = drawn_exactly(model, 10, torch.Generator().manual_seed(0)), x.flatten(1)
    found = model.centred_gradient(v, chains)
    mu, lam = model.centres
    weight = model.weight.clone().requires_grad_()
    b = (model.visible_bias + lam @ model.weight).requires_grad_()
    c = (model.hidden_bias + model.weight @ mu).requires_grad_()

    def free(each: Tensor) -> Tensor:
        """E = −(v − μ)ᵀ b' − (h − λ)ᵀ c' − (h − λ)ᵀ W (v − μ), with h summed out."""
        logits = (each - mu) @ weight.T + c
        return -(each - mu) @ b + logits @ lam - torch.nn.functional.softplus(logits).sum(-1)

    (free(v).mean() - free(chains).mean()).backward()
    assert torch.allclose(found[0], weight.grad, atol=1e-5)
    assert torch.allclose(found[1], b.grad - lam @ weight.grad, atol=1e-4)
    assert torch.allclose(found[2], c.grad - weight.grad @ mu, atol=1e-4)


def test_the_loss_has_the_centred_gradient_and_the_value_of_the_plain_one():
    model = machine(6).requires_grad_(True)
    x, generator = images(10), torch.Generator().manual_seed(0)
    loss = model.training_loss(x, {"gibbs_steps": 2}, generator=generator, label=torch.zeros(10))
    plain = model.free_energy(x).mean() - model.free_energy(model.chains).mean()
    assert float(loss.detach()) == pytest.approx(float(plain.detach()), abs=1e-3)
    loss.backward()
    again = machine(6)
    assert torch.allclose(model.weight.grad, again.centred_gradient(x.flatten(1), model.chains)[0], atol=1e-6)


def test_the_chains_go_on_from_batch_to_batch_and_any_new_size_starts_them():
    model, generator = machine(), torch.Generator().manual_seed(0)
    loss = lambda x: model.training_loss(x, {"gibbs_steps": 2}, generator=generator, label=torch.zeros(len(x)))  # noqa: E731
    loss(images(10))
    first = model.chains
    loss(images(10, seed=5))
    assert model.chains.shape == first.shape and not torch.equal(model.chains, first)
    loss(images(4))
    assert len(model.chains) == 4
    assert "chains" not in model.state_dict()


def test_films_begin_where_they_are_told_and_hold_what_is_known():
    model, x = machine(), images(3)
    known = torch.zeros_like(x, dtype=torch.bool)
    known[..., :14, :] = True
    steps = list(model.complete_steps(x, known, generator=torch.Generator().manual_seed(0), steps=5))
    assert len(steps) == steps[0].total == 6
    assert all(torch.equal(step.x[known], x[known]) for step in steps)
    for before, step in zip(steps, steps[1:]):
        assert torch.equal(step.numbers["flipped"], (step.x != before.x).flatten(1).sum(-1).float())
        assert torch.equal(step.numbers["free_energy"], model.free_energy(step.x))
    drawn_one = last(model.sample_steps(2, generator=torch.Generator().manual_seed(0), steps=3)).x
    assert drawn_one.shape == (2, 1, 28, 28) and set(drawn_one.unique().tolist()) <= {0.0, 1.0}


def test_a_likelihood_is_an_estimate_once_log_z_was_measured():
    model, x = machine(), images(1)
    assert likelihood.kind(model) is None
    model.read_log_z({"rows": [{"name": "log_z", "value": exact_log_z(model), "se": 0.1, "kind": "estimate"}]})
    found = likelihood.ask(model, x)
    assert found.kind == "estimate" and found.se == 0.1
    assert found.nats == pytest.approx(float(-model.free_energy(x)) - exact_log_z(model), rel=1e-5)
    model.read_log_z({"rows": []})
    assert likelihood.kind(model) is None
