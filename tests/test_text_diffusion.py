"""Masked diffusion of text: its bound against all orders and all masks, its samplers, and gaps."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from explorer.models.text_diffusion import MASKED_TEXT_ORDERS, TextDiffusion, next_masked, random_mask
from explorer.steps import last

CONTEXT = 8


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def model() -> TextDiffusion:
    """A small network whose every input matters."""
    found = TextDiffusion(width=16, layers=2, heads=2, context=CONTEXT)
    for name, parameter in found.named_parameters():
        if parameter.ndim > 1 or "bias" in name:
            torch.nn.init.normal_(parameter, std=0.3, generator=rng())
    return found.eval().requires_grad_(False)


def text(n: int, length: int, seed: int = 0) -> Tensor:
    return torch.randint(65, (n, length), generator=rng(seed))


def places(*known: int) -> Tensor:
    return torch.tensor([known]).bool()


def by_masks(model: TextDiffusion, x: Tensor) -> float:
    """The bound on log p of one text, by its definition: every mask of every size."""
    length, total = x.shape[1], 0.0
    for size in range(1, length + 1):
        masks = [
            torch.tensor([[place in hidden for place in range(length)]])
            for hidden in itertools.combinations(range(length), size)
        ]
        total += sum(model.log_probs(x, mask).sum().item() for mask in masks) / size / len(masks)
    return total


def test_the_bound_is_the_mean_over_all_orders(model: TextDiffusion):
    x = text(1, 4)
    orders = [model.order_log_prob(x, torch.tensor(order)) for order in itertools.permutations(range(4))]
    assert by_masks(model, x) == pytest.approx(torch.stack(orders).mean().item(), rel=1e-5)
    assert torch.stack(orders).std() > 0.1


def test_the_estimate_is_unbiased_and_its_draws_split_the_sizes(model: TextDiffusion):
    x = text(1, 4)
    for draws in (1, 2, 4, 16):
        found = model.elbo(x.expand(5_000, -1), generator=rng(draws), draws=draws)
        error = found.std().item() / math.sqrt(len(found))
        assert found.mean().item() == pytest.approx(by_masks(model, x), abs=4 * error + 1e-6)


def test_the_bound_is_at_most_the_log_prob_of_the_mixture_over_orders(model: TextDiffusion):
    """The sampler with one character a step draws an order, then the text: its p is the mean over orders."""
    x = torch.cartesian_prod(torch.arange(65), torch.arange(65))
    first, second, both = places(1, 0), places(0, 1), places(1, 1)
    alone = model.log_probs(x, both.expand(len(x), -1))  # log p(x_k) of each character with nothing known
    forward = alone[:, 0] + model.log_probs(x, second.expand(len(x), -1))[:, 1]
    backward = alone[:, 1] + model.log_probs(x, first.expand(len(x), -1))[:, 0]
    exact = torch.stack([forward, backward]).logsumexp(0) - math.log(2)
    assert exact.double().exp().sum().item() == pytest.approx(1, abs=1e-5)
    bound = (forward + backward) / 2
    assert (bound <= exact + 1e-6).all() and (exact - bound).max() > 0.1
    for index in (0, 77, 4000):
        assert by_masks(model, x[index : index + 1]) == pytest.approx(bound[index].item(), rel=1e-5)


def test_the_training_loss_is_minus_the_bound_in_nats_a_character(model: TextDiffusion):
    x = text(1, CONTEXT)
    losses = [
        model.training_loss(x.expand(CONTEXT, -1), {}, generator=rng(seed), label=None).item() for seed in range(150)
    ]
    error = torch.tensor(losses).std().item() / math.sqrt(len(losses))
    assert sum(losses) / len(losses) == pytest.approx(-by_masks(model, x) / CONTEXT, abs=4 * error)


def test_a_masked_character_is_not_seen_and_a_known_one_is_on_both_sides(model: TextDiffusion):
    x, masked = text(1, 6), places(0, 1, 1, 0, 1, 0)
    usual = model.predict(x, masked)
    for place in range(6):
        changed = x.clone()
        changed[0, place] = (x[0, place] + 1) % 65
        differs = (model.predict(changed, masked) != usual).any(-1)[0]
        assert bool(differs[1]) == bool(differs[2]) == (not masked[0, place])


def test_masks_have_their_sizes_and_lie_in_what_is_free():
    free = places(1, 0, 1, 1, 0, 1).expand(600, -1)
    masked = random_mask(torch.tensor([1, 2, 4]).repeat(200), free, rng())
    assert masked.sum(-1).tolist() == [1, 2, 4] * 200 and not masked[:, [1, 4]].any()
    assert masked[::3].float().mean(0)[[0, 2, 3, 5]].min() > 0.15


def test_the_bound_given_known_characters_counts_the_others_alone(model: TextDiffusion):
    x, known = text(1, 5), places(1, 0, 1, 1, 1)
    found = model.elbo(x, generator=rng(), known=known)
    torch.testing.assert_close(found, model.log_probs(x, ~known).sum(-1))


@pytest.mark.parametrize("order", MASKED_TEXT_ORDERS)
def test_a_seed_gives_one_text_and_steps_share_the_characters_evenly(model: TextDiffusion, order: str):
    steps = list(model.sample_steps(2, generator=rng(3), steps=3, order=order))
    assert [step.time for step in steps] == [6, 3, 0] and [step.index for step in steps] == [0, 1, 2]
    assert [int((step.x == 65).sum()) for step in steps] == [12, 6, 0]
    model.space.check(steps[-1].x)
    assert torch.equal(steps[-1].x, model.sample(2, generator=rng(3), steps=3, order=order))
    assert not torch.equal(steps[-1].x, model.sample(2, generator=rng(4), steps=3, order=order))
    assert steps[-1].x.shape == (2, *model.space.shape)
    for before, after in itertools.pairwise(steps):
        drawn = before.x != 65
        assert torch.equal(before.x[drawn], after.x[drawn])


def test_one_character_a_step_from_left_to_right_has_the_log_prob_of_that_order(model: TextDiffusion):
    steps = list(model.sample_steps(1, generator=rng(), steps=CONTEXT, order="left"))
    assert [step.numbers["new"].tolist() for step in steps] == [[[place]] for place in range(CONTEXT)]
    total = sum(step.numbers["log_prob"] for step in steps).item()
    assert total == pytest.approx(model.order_log_prob(steps[-1].x, torch.arange(CONTEXT)).item(), rel=1e-5)


def test_by_confidence_the_place_with_the_largest_probability_is_next():
    confidence = torch.tensor([[0.2, 0.9, 0.5, 0.7], [0.8, 0.1, 0.3, 0.2]])
    masked = places(1, 0, 1, 1).expand(2, -1)
    when = torch.tensor([0.5, 0.1, 0.9, 0.2])
    assert next_masked(masked, confidence, when, "confident", 2).tolist() == [[3, 2], [0, 2]]
    assert next_masked(masked, confidence, when, "left", 2).tolist() == [[0, 2], [0, 2]]
    assert next_masked(masked, confidence, when, "random", 2).tolist() == [[3, 0], [3, 0]]


@pytest.mark.parametrize("order", MASKED_TEXT_ORDERS)
def test_a_gap_is_filled_and_what_is_known_stays(model: TextDiffusion, order: str):
    x, known = text(3, 7), places(1, 1, 0, 0, 0, 1, 1).expand(3, -1)
    steps = list(model.complete_steps(x, known, generator=rng(), steps=2, order=order))
    assert torch.equal(steps[-1].x[known], x[known]) and len(steps) == 2
    assert (steps[-1].numbers["confidence"][known] == 1).all()
    model.space.check(steps[-1].x)


def test_what_fills_a_gap_depends_on_its_right_side(model: TextDiffusion):
    known, found = places(1, 1, 0, 0, 1, 1).expand(200, -1), []
    for right in (3, 40):
        x = text(1, 6).index_fill(1, torch.tensor([4, 5]), right).expand(200, -1)
        found.append(last(model.complete_steps(x, known, generator=rng())).x[:, 2:4])
    assert (found[0] != found[1]).any(-1).float().mean() > 0.5


def test_other_texts_masks_and_settings_are_refused(model: TextDiffusion):
    with pytest.raises(ValueError, match="at most 8 characters, not 9"):
        model.elbo(text(1, 9), generator=rng())
    with pytest.raises(ValueError, match="length must be"):
        model.sample_steps(1, generator=rng(), length=9)
    x = text(2, 4)
    for known in (torch.ones(2, 4).bool(), torch.tensor([[1, 0, 0, 0], [1, 1, 0, 0]]).bool(), torch.zeros(2, 4)):
        with pytest.raises(ValueError, match="known|must be"):
            model.complete_steps(x, known, generator=rng())
    for wrong in ({"steps": 0}, {"steps": 2.5}, {"order": "raster"}, {"temperature": 0}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
            model.sample(1, generator=rng(), **wrong)
