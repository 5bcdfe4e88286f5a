"""The n-gram model against counts by hand: sums, fallbacks, entropy, and the choice of its strengths."""

from collections import Counter
from math import log
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from explorer.models.ngram import NGram
from explorer.networks import checkpoints
from explorer.spaces import TEXT


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def chain(length: int, seed: int = 0, letters: int = 6) -> Tensor:
    """A text in which each letter usually is that of two before, plus one."""
    noise = torch.rand(length, generator=rng(seed))
    other = torch.randint(letters, (length,), generator=rng(seed + 1))
    found = [0, 1]
    for place in range(2, length):
        found.append((found[-2] + 1) % letters if noise[place] < 0.7 else int(other[place]))
    return torch.tensor(found)


def fitted(order: int = 3, strengths: tuple[float, ...] = (0.5, 1.0, 2.0, 3.0)) -> NGram:
    model = NGram(order, texts=4)
    model.training_text.copy_(chain(1024).view(4, 256))
    model.strengths.copy_(torch.tensor(strengths[: order + 1]))
    return model


def by_hand(model: NGram, before: list[int], character: int, order: int) -> float:
    """p_k(c | h) by the formula, from counts of the stored text as Python counts them."""
    if order < 0:
        return 1 / 65
    text = model.training_text.flatten().tolist()
    history = before[len(before) - order :]
    after = Counter(text[place + order] for place in range(len(text) - order) if text[place : place + order] == history)
    lower = by_hand(model, before, character, order - 1)
    if not after:
        return lower
    prior = float(model.strengths[order]) * len(after)
    return (after[character] + prior * lower) / (after.total() + prior)


@pytest.mark.parametrize("length", range(1, 12))
def test_a_text_shorter_than_the_order_has_the_probabilities_of_a_longer_ones_beginning(length: int):
    model, x = fitted(order=6, strengths=(1.0,) * 7), chain(11, seed=7).unsqueeze(0)
    assert torch.equal(model.conditionals(x[:, :length]), model.conditionals(x)[:, :length])
    assert torch.equal(model.conditionals_by_order(x[:, :length]), model.conditionals_by_order(x)[..., :length])


@pytest.mark.parametrize("order", range(4))
def test_probabilities_are_those_of_the_formula(order: int):
    model, x = fitted(), torch.cat([chain(9, seed=7), torch.tensor([9, 3, 3])])
    found = model.log_probs(x.unsqueeze(0), order=order)[0].exp()
    for place in range(len(x)):
        usable = min(order, place)
        for character in (0, 3, 60):
            wanted = by_hand(model, x[:place].tolist(), character, usable)
            assert found[place, character].item() == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("order", range(4))
def test_probabilities_sum_to_one_whatever_was_seen_before(order: int):
    x = torch.randint(65, (3, 30), generator=rng())
    total = fitted().log_probs(x, order=order).exp().sum(-1)
    torch.testing.assert_close(total, torch.ones(3, 30).double(), rtol=0, atol=1e-12)


def test_without_interpolation_the_perplexity_of_order_0_is_the_entropy_of_the_frequencies():
    model = fitted(strengths=(0.0, 1.0, 1.0, 1.0))
    text = model.training_text.flatten().long()
    shares = [count / 1024 for count in Counter(text.tolist()).values()]
    entropy = -sum(share * log(share) for share in shares)
    assert -model.log_probs(text.unsqueeze(0), order=0).gather(-1, text.view(1, -1, 1)).mean().item() == pytest.approx(
        entropy, rel=1e-9
    )


def test_a_history_that_never_occurs_leaves_the_prediction_to_the_order_below():
    model, x = fitted(), torch.tensor([[0, 1, 40, 1, 2]])
    found = [model.log_probs(x, order=order)[0, 3] for order in range(3)]
    torch.testing.assert_close(found[1], found[0])  # 40 never occurs
    torch.testing.assert_close(found[2], found[0])
    assert not torch.allclose(model.log_probs(x, order=1)[0, 4], model.log_probs(x, order=0)[0, 4])


def test_the_ladder_of_orders_is_each_order_alone():
    model, x = fitted(), chain(20, seed=3).unsqueeze(0)
    found = model.conditionals_by_order(x)
    assert found.shape == (4, 1, 20)
    for order in range(4):
        torch.testing.assert_close(found[order], model.conditionals(x, order=order))
    assert found[2].mean() > found[1].mean() + 0.3  # order 2 sees the letter of two before


def test_the_weights_of_the_orders_sum_to_one_and_mix_their_frequencies():
    model, x = fitted(), torch.cat([chain(9, seed=7), torch.tensor([9, 3, 3])]).unsqueeze(0)
    shares = model.shares(x)
    assert shares.shape == (1, 12, 5)
    torch.testing.assert_close(shares.sum(-1), torch.ones(1, 12).double())
    assert (shares[0, 0, 2:] == 0).all() and (shares[0, 10, 2:] == 0).all()  # at the start; after a 9, never seen
    text = model.training_text.flatten().tolist()
    for place in (0, 4, 8):
        mixed = shares[0, place, 0] / 65
        for order in range(min(3, place) + 1):
            history = x[0, place - order : place].tolist()
            after = [text[at + order] for at in range(len(text) - order) if text[at : at + order] == history]
            if after:
                mixed = mixed + shares[0, place, order + 1] * after.count(2) / len(after)
        torch.testing.assert_close(mixed, model.log_probs(x)[0, place, 2].exp())


def test_fitting_stores_the_text_and_chooses_the_best_strengths():
    text = chain(1024)
    items = torch.stack([text[start : start + 512] for start in (0, 256, 512)])
    model, choices = NGram(order=2, texts=4), [0.1, 1.0, 10.0, 100.0]
    model.counts  # noqa: B018 (counts of the empty text, which must not stay)
    losses = model.fit(items, {"strengths": choices}, generator=rng())
    assert torch.equal(model.training_text.flatten().long(), text) and len(losses) == 3
    assert set(model.strengths.tolist()) <= {torch.tensor(each).item() for each in choices}
    assert torch.equal(model.counts[0].grams, text.unique()) and model.counts[0].times.sum() == 1024
    counting = NGram(order=2, texts=1)
    counting.counts = counting.count_orders(text[:819])
    for order in range(3):
        costs = {}
        for strength in choices:
            counting.strengths.copy_(model.strengths)
            counting.strengths[order] = strength
            tuned = counting.conditionals(text[819:].unsqueeze(0), order=order)[0, order:]
            costs[strength] = -tuned.mean().item()
        assert min(costs.values()) == pytest.approx(losses[order], rel=1e-6)
        assert model.strengths[order].item() == pytest.approx(min(costs, key=costs.get))


def test_an_order_that_it_does_not_have_is_refused():
    for wrong in (-1, 4, 1.5):
        with pytest.raises(ValueError, match="order"):
            fitted().log_probs(chain(5).unsqueeze(0), order=wrong)


def test_samples_of_an_order_depend_on_that_many_characters():
    model = fitted()
    one, other = (
        model.sample(1, generator=rng(), length=12, prefix=torch.tensor([[first, 1, 2]]), order=2) for first in (0, 5)
    )
    assert torch.equal(one[:, 1:], other[:, 1:])
    naive = model.sample(2, generator=rng(), length=12, order=0, cached=False)
    assert torch.equal(model.sample(2, generator=rng(), length=12, order=0), naive)


def test_the_stored_text_survives_saving(tmp_path: Path):
    model = fitted()
    sha256 = checkpoints.save_weights(model, tmp_path / "model.safetensors")
    again = NGram(order=3, texts=4)
    checkpoints.load_weights(again, tmp_path / "model.safetensors", sha256=sha256)
    assert load_file(tmp_path / "model.safetensors")["training_text"].dtype == torch.uint8  # a byte a character
    assert torch.equal(again.training_text, model.training_text)
    x = TEXT.noise(2, rng())
    torch.testing.assert_close(again.log_prob(x), model.log_prob(x))
