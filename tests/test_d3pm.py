"""Discrete diffusion: its matrices and its bound against enumeration, its orders, and what conditioning means."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from explorer.models.d3pm import D3PM, ORDERS, intervals, random_mask
from explorer.models.transitions import KINDS, Chain
from explorer.steps import last

PIXELS = 784


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def model() -> D3PM:
    """A small network whose head says something."""
    torch.manual_seed(0)
    found = D3PM(channels=(8, 8, 8), embedding=16)
    torch.nn.init.normal_(found.network.head.weight, std=0.3)
    return found.eval()


def image(seed: int = 0) -> Tensor:
    return torch.randint(2, (1, 1, 28, 28), generator=rng(seed)).float()


def few(pixels: list[int]) -> Tensor:
    """All pixels but these are known."""
    known = torch.ones(PIXELS, dtype=torch.bool)
    known[pixels] = False
    return known.view(1, 1, 28, 28)


def guess(states: int, pixels: int, seed: int = 3):
    """A made-up p(x_0 | x_t) that looks at all pixels and the time; certain of those that are not masked."""
    weight = torch.randn(pixels, pixels, states, 2, generator=rng(seed), dtype=torch.double)

    def predict(x_t: Tensor, t: int) -> Tensor:
        seen = torch.nn.functional.one_hot(x_t, states).double()
        p = (torch.einsum("nds,edsv->nev", seen, weight) + 0.1 * t).softmax(-1)
        return p if states == 2 else torch.where((x_t == 2)[..., None], p, seen[..., :2])

    return predict


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrices_are_stochastic_and_their_product_is_the_closed_form(kind: str):
    chain = Chain(kind, 7)
    product = torch.eye(chain.states, dtype=torch.double)
    for t in range(1, 8):
        product = product @ chain.step(t)
        torch.testing.assert_close(product, chain.until(t))
        torch.testing.assert_close(product.sum(-1), torch.ones(chain.states, dtype=torch.double))
    torch.testing.assert_close(product[1], product[0])  # at T nothing is left of x_0


@pytest.mark.parametrize("kind", KINDS)
def test_the_posterior_is_bayes_on_the_enumerated_chain(kind: str):
    chain, times = Chain(kind, 4), 4
    states = range(chain.states)
    for x_0 in range(2):
        joint = torch.zeros([chain.states] * times, dtype=torch.double)  # of x_1 … x_T
        for way in itertools.product(states, repeat=times):
            steps = zip((x_0, *way), way)
            joint[way] = math.prod(float(chain.step(t + 1)[a, b]) for t, (a, b) in enumerate(steps))
        assert float(joint.sum()) == pytest.approx(1)
        for t in range(2, times + 1):
            both = joint.sum([d for d in range(times) if d not in (t - 2, t - 1)])  # x_{t-1}, x_t
            for x_t in states:
                if both[:, x_t].sum() > 0:
                    found = chain.posterior(torch.tensor(x_t), torch.tensor(x_0), t)
                    torch.testing.assert_close(found, both[:, x_t] / both[:, x_t].sum(), rtol=0, atol=1e-14)


@pytest.mark.parametrize(("kind", "pixels"), [("uniform", 2), ("absorbing", 2), ("uniform", 3)])
def test_the_bound_is_the_sum_over_all_trajectories(kind: str, pixels: int):
    chain = Chain(kind, 3)
    predict, x_0 = guess(chain.states, pixels), torch.tensor([1, 0, 1])[:pixels]
    images = torch.cartesian_prod(*[torch.arange(chain.states)] * pixels)
    log_q, log_p = torch.zeros(1, dtype=torch.double), torch.zeros(1, dtype=torch.double)
    before = x_0.unsqueeze(0)
    for t in range(1, 4):  # every trajectory so far, and every image after it
        now = images.repeat(len(before), 1)
        before = before.repeat_interleave(len(images), 0)
        log_q = log_q.repeat_interleave(len(images)) + chain.step(t)[before, now].prod(-1).log()
        reverse = chain.reverse(now, predict(now, t), t).gather(-1, before.unsqueeze(-1)).squeeze(-1)
        log_p = log_p.repeat_interleave(len(images)) + reverse.prod(-1).log()
        before, keep = now, log_q > -math.inf
        before, log_q, log_p = before[keep], log_q[keep], log_p[keep]
    last_state = chain.until(3)[0, before].prod(-1).log()  # p(x_T), which is q(x_T | x_0) for any x_0
    expected = (log_q.exp() * (log_p + last_state - log_q)).sum()
    torch.testing.assert_close(chain.bound(x_0, predict), expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_true_denoiser_the_reverse_process_gives_the_data_back(kind: str):
    chain = Chain(kind, 3)
    images = torch.cartesian_prod(torch.arange(2), torch.arange(2))
    data = torch.tensor([0.5, 0.1, 0.15, 0.25], dtype=torch.double)

    def predict(x_t: Tensor, t: int) -> Tensor:
        joint = data * chain.until(t)[images.unsqueeze(0), x_t.unsqueeze(1)].prod(-1)  # (N, 4)
        p = joint / joint.sum(-1, keepdim=True)
        return torch.stack([p @ (1 - images).double(), p @ images.double()], dim=-1)

    bounds = torch.stack([chain.bound(x, predict) for x in images])
    gap = float((data * (data.log() - bounds)).sum())  # zero but for the pixels of a step, which go independently
    chain = Chain(kind, 30)
    closer = float((data * (data.log() - torch.stack([chain.bound(x, predict) for x in images]))).sum())
    assert 0 < closer < gap / 4


def any_order(model: D3PM, x: Tensor, free: list[int]) -> float:
    """The mean of log p over all orders of a few pixels, the others known, by as many chain rules as there are."""
    totals = []
    for order in itertools.permutations(free):
        total = 0.0
        for place, pixel in enumerate(order):
            masked = ~few(list(order[place:]))
            total += float(model.log_probs(x, masked).flatten()[pixel])
        totals.append(total)
    return sum(totals) / len(totals)


@pytest.mark.deep
@torch.no_grad()
def test_the_bound_is_the_mean_over_all_orders(model: D3PM):
    """By enumeration of masks, each with the weight that one of 1 … D intervals and one mask of its size give it."""
    x, free = image(), [0, 29, 100, 400, 783]
    total = 0.0
    for size in range(1, 6):
        masks = list(itertools.combinations(free, size))
        total += sum(float(model.log_probs(x, ~few(list(mask))).sum()) for mask in masks) / len(masks) / size
    expected = any_order(model, x, free)
    assert total == pytest.approx(expected, abs=1e-5)
    many = x.expand(1_000, -1, -1, -1)
    found = torch.cat(
        [
            model.elbo(part, generator=rng(k), known=few(free).expand_as(part), draws=2)
            for k, part in enumerate(many.split(250))
        ]
    )
    assert float(found.mean()) == pytest.approx(expected, abs=4 * float(found.std()) / math.sqrt(len(found)))
    exact = model.elbo(many[:1], generator=rng(), known=few([7]), draws=9)
    assert float(exact) == pytest.approx(any_order(model, x, [7]), abs=1e-6)


def test_the_absorbing_chain_becomes_the_any_order_model_as_its_steps_become_small():
    predict = guess(3, 3)
    x_0, masked = torch.tensor([1, 0, 1]), 2

    def log_prob(hidden: tuple[int, ...], pixel: int) -> float:
        state = x_0.clone()
        state[list(hidden)] = masked
        return float(predict(state.unsqueeze(0), 0)[0, pixel, x_0[pixel]].log())

    orders = list(itertools.permutations(range(3)))
    expected = sum(log_prob(order[place:], order[place]) for order in orders for place in range(3)) / len(orders)
    gaps = [
        float(Chain("absorbing", times).bound(x_0, lambda x_t, t: predict(x_t, 0))) - expected
        for times in (20, 40, 400)
    ]
    assert abs(gaps[2]) < abs(gaps[1]) / 8 < abs(gaps[0]) / 8
    assert abs(gaps[1] / gaps[0]) == pytest.approx(0.5, abs=0.05)  # a Riemann sum: the gap falls as 1 / T


@pytest.mark.deep
@torch.no_grad()
def test_each_order_is_a_model_whose_probabilities_sum_to_one(model: D3PM):
    """Over all images of two pixels, which come last, the sum is the probability of the others."""
    free, x = [3, 700], image(1)
    order = torch.tensor([pixel for pixel in range(PIXELS) if pixel not in free] + free)
    each = x.flatten().repeat(4, 1)
    each[:, free] = torch.tensor(list(itertools.product((0.0, 1.0), repeat=2)))
    found = torch.stack([model.order_log_prob(one.view_as(x), order) for one in each])
    known = range(PIXELS - 2)
    others = sum(float(model.log_probs(x, ~few(order[k:].tolist())).flatten()[order[k]]) for k in known)
    assert float(found.logsumexp(0)) == pytest.approx(others, abs=1e-3) and others < -10


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("steps", [1, 7, 100])
def test_a_sampler_unmasks_every_pixel_once_and_keeps_it(model: D3PM, order: str, steps: int):
    before, seen = torch.full((2, 784), 0.5), torch.zeros(2, 784)
    for step in model.sample_steps(2, generator=rng(), steps=steps, order=order):
        x, new = step.x.flatten(1), step.numbers["new"]
        seen.scatter_add_(1, new, torch.ones(new.shape))
        old = torch.ones(2, 784, dtype=torch.bool).scatter(1, new, False)
        assert torch.equal(x[old], before[old]) and set(x.gather(1, new).unique().tolist()) <= {0.0, 1.0}
        assert step.time == int((x == 0.5)[0].sum())
        before = x
    assert bool((seen == 1).all()) and step.index == steps - 1 and step.time == 0


def test_a_step_says_the_distribution_its_pixels_were_drawn_from(model: D3PM):
    generator = rng(4)
    when, u = model.noise(1, generator)
    masked = torch.ones(1, 1, 28, 28, dtype=torch.bool)
    x = torch.zeros(1, 1, 28, 28)
    total = 0.0
    for step in model.sample_steps(1, generator=rng(4), steps=98):
        with torch.no_grad():
            white = model.logits(x, masked).sigmoid().flatten()
        new = step.numbers["new"][0]
        torch.testing.assert_close(step.numbers["white"][0], white[new])
        torch.testing.assert_close(step.pictures["p"].flatten()[new], white[new])
        assert torch.equal(step.x.flatten()[new] == 1, u[0, new] < step.numbers["white"][0])
        masked.view(-1)[new] = False
        x = torch.where(masked, 0.0, step.x)
        total += float(step.numbers["log_prob"])
    assert torch.equal(step.pictures["p"].flatten() > 0, torch.ones(784, dtype=torch.bool)) and total < 0


def test_one_pixel_a_step_is_the_chain_rule_in_that_order(model: D3PM):
    """Of the last 98 pixels by the sampler, of those before them by the network."""
    free = list(range(3, PIXELS, 8))
    known = few(free)
    steps = list(model.complete_steps(image(1), known, generator=rng(2), steps=PIXELS))
    order = torch.cat([known.flatten().nonzero().flatten(), *(step.numbers["new"][0] for step in steps)])
    x, before = steps[-1].x, torch.arange(PIXELS - len(free))
    masked = order.argsort().view(1, 1, 28, 28) >= before.view(-1, 1, 1, 1)
    with torch.no_grad():
        found = model.log_probs(x.expand(masked.shape), masked).gather(-1, order[before].unsqueeze(-1))
    total = float(found.double().sum()) + sum(float(step.numbers["log_prob"]) for step in steps)
    assert len(steps) == len(free) and float(model.order_log_prob(x, order)) == pytest.approx(total, abs=1e-3)


def test_orders_are_what_they_are_called(model: D3PM):
    def pixels(order: str, seed: int = 0) -> list[int]:
        steps = model.sample_steps(1, generator=rng(seed), steps=98, order=order)
        return torch.cat([step.numbers["new"][0] for step in steps]).tolist()

    assert pixels("raster") == list(range(784))
    assert pixels("random") == model.noise(1, rng())[0].argsort().tolist() != pixels("random", 1)
    step = next(model.sample_steps(1, generator=rng(), steps=98, order="certain"))
    with torch.no_grad():
        white = model.logits(torch.zeros(1, 1, 28, 28), torch.ones(1, 1, 28, 28, dtype=torch.bool)).sigmoid()
    sure = (white.flatten() - 0.5).abs()
    assert sure[step.numbers["new"][0]].min() >= sure.sort(descending=True).values[7] - 1e-12


def test_to_complete_is_to_leave_what_is_known_unmasked(model: D3PM):
    x, known = image(5), torch.zeros(1, 1, 28, 28, dtype=torch.bool)
    known[..., :14, :] = True
    steps = list(model.complete_steps(x, known, generator=rng(), steps=20))
    assert len(steps) == 20
    for step in steps:
        assert torch.equal(step.x[known], x[known])
    one = few([50])
    found = last(model.complete_steps(x, one, generator=rng(), steps=1))
    with torch.no_grad():
        white = float(model.logits(x, ~one).sigmoid().flatten()[50])
    assert float(found.numbers["white"]) == pytest.approx(white)


@pytest.mark.deep
def test_a_pixel_that_is_set_stays_and_the_others_keep_their_numbers(model: D3PM):
    when, u = model.noise(1, rng())
    first = when.argsort()[:8].tolist()  # those of the first two of 196 steps
    late = int(when.argsort()[-1])
    start = (torch.zeros(1, 1, 28, 28), torch.zeros(1, 1, 28, 28, dtype=torch.bool), when, u)
    plain = list(model.unmask_steps(*start))
    flip = 1 - int(plain[-1].x.flatten()[first[0]])
    steps = list(model.unmask_steps(*start, forced={2: {first[0]: flip, late: 1}}))
    assert torch.equal(steps[1].x, plain[1].x) and len(steps) == len(plain) == 196
    assert all(float(step.x.flatten()[first[0]]) == flip and float(step.x.flatten()[late]) == 1 for step in steps[2:])
    assert float(steps[-1].pictures["p"].flatten()[first[0]]) == float(plain[0].pictures["p"].flatten()[first[0]])
    repeated = list(model.unmask_steps(*start, forced={2: {first[0]: 1 - flip}}))  # what it was anyway
    assert torch.equal(repeated[-1].x, plain[-1].x)
    assert int((steps[-1].x == 0.5).sum()) == 0


def test_masks_are_of_the_size_that_is_asked_for_and_of_free_pixels_alone():
    size = torch.tensor([1, 5, 784])
    assert random_mask(size, rng()).flatten(1).sum(-1).tolist() == size.tolist()
    free = ~few([1, 2, 3, 4, 5, 6])
    masked = random_mask(torch.tensor([4]), rng(), free)
    assert int(masked.sum()) == 4 and not bool((masked & ~free).any())
    assert intervals(784, 3) == [(1, 262), (262, 523), (523, 785)] and intervals(2, 9) == [(1, 2), (2, 3)]


@pytest.mark.parametrize("how", [{"steps": 0}, {"steps": 785}, {"steps": 2.0}, {"steps": True}, {"order": "spiral"}])
def test_bad_ways_to_sample_are_refused_in_words(model: D3PM, how: dict):
    with pytest.raises(ValueError, match="must be"):
        next(model.sample_steps(1, generator=rng(), **how))


def test_what_is_known_must_make_sense(model: D3PM):
    x = image()
    with pytest.raises(ValueError, match="and not all"):
        model.elbo(x, generator=rng(), known=torch.ones_like(x, dtype=torch.bool))
    with pytest.raises(ValueError, match="known must be booleans"):
        model.elbo(x, generator=rng(), known=x)
