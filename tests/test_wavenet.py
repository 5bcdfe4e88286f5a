"""WaveNet: nothing sees the future, the queues change nothing, probabilities sum to one."""

import math

import pytest
import torch
from torch import Tensor

from explorer.models.wavenet import START, Queues, WaveNet
from explorer.spaces.wave import LEVELS
from explorer.steps import last

LABEL = torch.tensor([3, 47])
FIELD = 16  # receptive field of the small network


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small(**how) -> WaveNet:
    """A network of four layers whose weights are so large that every input matters."""
    model = WaveNet(channels=6, skips=8, layers=4, **how)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4, generator=rng())
    return model.double().eval().requires_grad_(False)


def sound(n: int, length: int, seed: int = 0) -> Tensor:
    return torch.randint(LEVELS, (n, length), generator=rng(seed))


def test_by_gradients_each_prediction_sees_the_samples_of_its_receptive_field_and_no_other():
    model, seen, length = small(), [], 24
    model.embedding.register_forward_hook(lambda module, given, found: seen.append(found.requires_grad_()) or found)
    log_probs = model.log_probs(sound(1, length), LABEL[:1])
    for place in range(length):
        (gradient,) = torch.autograd.grad(log_probs[0, place, 3], seen[0], retain_graph=True)
        reached = gradient[0].abs().sum(-1) > 0  # position s reads sample s − 1; position 0 the start
        assert reached.tolist() == [place - FIELD < position <= place for position in range(length)]


def test_the_receptive_field_doubles_with_each_layer():
    assert WaveNet().receptive_field == 1_024
    assert WaveNet(layers=12).receptive_field == 4_096
    assert WaveNet(stacks=2).receptive_field == 2_047
    assert small().receptive_field == FIELD


def test_the_probabilities_of_the_levels_sum_to_one():
    total = small().log_probs(sound(2, 20), LABEL).exp().sum(-1)
    torch.testing.assert_close(total, torch.ones(2, 20).double())
    pairs = torch.cartesian_prod(torch.arange(LEVELS), torch.arange(LEVELS))
    log_prob = small().log_prob(pairs, torch.full((len(pairs),), 7))
    assert log_prob.exp().sum().item() == pytest.approx(1, abs=1e-9)


def test_the_queues_predict_as_the_whole_pass_does():
    for model in (small(), small(stacks=2)):
        x = sound(2, 50)
        whole, reader = model.log_probs(x, LABEL), Queues(model, LABEL)
        symbols = torch.cat([torch.full((2, 1), START), x], dim=1)
        for place in range(50):
            found = reader.read(symbols[:, place : place + 1])
            assert (found - whole[:, place]).abs().max() <= 1e-9


def test_sampling_with_queues_and_without_them_and_from_a_given_beginning_is_the_same():
    model = small()
    drawn = model.sample(2, generator=rng(5), label=LABEL, length=40)
    model.space.check(drawn)
    assert torch.equal(drawn, model.sample(2, generator=rng(5), label=LABEL, length=40, cached=False))
    assert torch.equal(drawn, model.sample(2, generator=rng(5), label=LABEL, length=40, together=7))
    assert torch.equal(drawn, model.sample(2, generator=rng(5), label=LABEL, length=40, prefix=drawn[:, :9]))
    assert not torch.equal(drawn, model.sample(2, generator=rng(6), label=LABEL, length=40))


def test_the_log_prob_of_a_sample_is_the_sum_over_its_steps():
    model = small()
    steps = list(model.sample_steps(2, generator=rng(1), label=LABEL, length=23, together=5))
    assert [(step.index, step.total, step.time) for step in steps] == [
        (k, 5, time) for k, time in enumerate((4, 9, 14, 19, 22))
    ]
    assert (steps[1].x[:, 10:] == START).all() and steps[1].known.tolist() == [place < 10 for place in range(23)]
    total = sum(step.numbers["log_prob"].sum(-1) for step in steps)
    torch.testing.assert_close(total, model.log_prob(steps[-1].x, LABEL))
    p = torch.cat([step.numbers["p"] for step in steps], dim=1)
    torch.testing.assert_close(p, model.log_probs(steps[-1].x, LABEL).exp())
    entropy = torch.distributions.Categorical(p).entropy()
    torch.testing.assert_close(torch.cat([step.numbers["entropy"] for step in steps], dim=1), entropy)


def test_digit_and_speaker_change_the_prediction():
    x = sound(1, 20)
    found = [small().log_prob(x, torch.tensor([label])).item() for label in (3, 4, 13)]
    assert len(set(found)) == 3


@pytest.mark.parametrize("length", [5, 30, 50])
def test_the_loss_of_an_excerpt_is_minus_log_p_of_its_samples_in_the_whole_sound(length: int):
    model = small(excerpt=30)
    x = sound(1, length)
    costs = -model.conditionals(x, LABEL[:1])[0]
    padded = torch.cat([x, torch.full((1, 4), START)], dim=1)
    for seed in range(8):
        loss = model.training_loss(padded, {}, generator=rng(seed), label=LABEL[:1])
        start = int(torch.rand(1, generator=rng(seed)) * max(1, length - 29))
        first = start + FIELD - 1 if start else 0
        assert loss.item() == pytest.approx(costs[first : start + 30].mean().item(), abs=1e-9)


@pytest.mark.parametrize("wrong", [{"temperature": 0}, {"temperature": math.nan}, {"prefix": sound(1, 30)}])
def test_impossible_settings_are_refused(wrong: dict):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
        last(small().sample_steps(1, generator=rng(), label=LABEL[:1], length=30, **wrong))
