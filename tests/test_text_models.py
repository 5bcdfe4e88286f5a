"""Autoregressive models of text: nothing sees the future, caches change nothing, probabilities sum to one."""

import math

import pytest
import torch
from torch import Tensor

from explorer.models.lstm import LSTM
from explorer.models.ngram import NGram
from explorer.models.text import NaiveReader, TextModel, excerpts, filter_probabilities
from explorer.models.transformer import Transformer, rotate, rotations, windows
from explorer.spaces import TEXT
from explorer.steps import last

CONTEXT = 8


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def louder(model: TextModel) -> TextModel:
    """Weights so large that every input matters."""
    for name, parameter in model.named_parameters():
        if parameter.ndim > 1 or "bias" in name:
            torch.nn.init.normal_(parameter, std=0.3, generator=rng())
    return model.double().eval().requires_grad_(False)


def transformer() -> Transformer:
    return louder(Transformer(width=16, layers=2, heads=2, context=CONTEXT))


def lstm() -> LSTM:
    return louder(LSTM(width=12, layers=2, embedding=8))


def ngram() -> NGram:
    model = NGram(order=3, texts=2)
    model.training_text.copy_(text(2, 256, letters=4))
    model.strengths.copy_(torch.tensor([0.5, 1.0, 2.0, 3.0]))
    return model


def text(n: int, length: int, seed: int = 0, letters: int = TEXT.size) -> Tensor:
    return torch.randint(letters, (n, length), generator=rng(seed))


@pytest.fixture(params=[transformer, lstm, ngram], ids=["transformer", "lstm", "ngram"])
def model(request: pytest.FixtureRequest) -> TextModel:
    return request.param()


@pytest.mark.parametrize("made", [transformer, lstm], ids=["transformer", "lstm"])
def test_by_gradients_each_prediction_sees_the_characters_before_it_and_no_other(made):
    model, seen = made(), []
    embedding = model.trunk.embedding if isinstance(model, Transformer) else model.embedding
    embedding.register_forward_hook(lambda module, inputs, output: seen.append(output.requires_grad_()) or output)
    log_probs = model.log_probs(text(1, CONTEXT))
    for place in range(CONTEXT):
        (gradient,) = torch.autograd.grad(log_probs[0, place, 3], seen[0], retain_graph=True)
        reached = gradient[0].abs().sum(-1) > 0  # position s reads character s − 1; position 0 the start
        assert reached.tolist() == [position <= place for position in range(CONTEXT)]


def test_a_changed_character_changes_no_prediction_at_or_before_it(model: TextModel):
    x = text(1, 22, letters=4)
    usual = model.log_probs(x)
    for place in range(22):
        changed = x.clone()
        changed[0, place] = (x[0, place] + 1) % 4
        differs = (model.log_probs(changed) != usual).any(-1)[0]
        assert not differs[: place + 1].any()
        assert place == 21 or differs[place + 1]


def test_the_probabilities_of_all_texts_of_two_characters_sum_to_one(model: TextModel):
    x = torch.cartesian_prod(torch.arange(65), torch.arange(65))
    assert model.log_prob(x).double().exp().sum().item() == pytest.approx(1, abs=1e-6)
    assert torch.allclose(model.log_probs(text(2, 20)).exp().sum(-1), torch.ones(2, 20).double())


def test_log_prob_is_the_sum_of_the_conditionals(model: TextModel):
    x = text(3, 19, letters=4)
    each = model.log_probs(x).gather(-1, x.unsqueeze(-1))[..., 0]
    torch.testing.assert_close(model.conditionals(x), each)
    torch.testing.assert_close(model.log_prob(x), each.sum(-1))


def test_the_cache_predicts_as_the_whole_pass_does(model: TextModel):
    x = text(2, 5 * CONTEXT // 2 + 3, letters=4)
    whole, reader = model.log_probs(x), model.reader(2)
    given = reader.read(x[:, :3])
    assert (given - whole[:, 3]).abs().max() <= 1e-9
    for place in range(3, x.shape[1] - 1):
        found = reader.read(x[:, place : place + 1])
        assert (found - whole[:, place + 1]).abs().max() <= 1e-9


def test_a_long_prefix_is_read_at_once(model: TextModel):
    x = text(1, 30, letters=4)
    torch.testing.assert_close(model.reader(1).read(x[:, :29]), model.log_probs(x)[:, 29], rtol=0, atol=1e-9)


def test_sampling_with_and_without_cache_and_from_a_given_beginning_is_the_same(model: TextModel):
    drawn = model.sample(3, generator=rng(5), length=20)
    TEXT.check(drawn)
    assert drawn.shape == (3, 20)
    assert torch.equal(drawn, model.sample(3, generator=rng(5), length=20, cached=False))
    assert not torch.equal(drawn, model.sample(3, generator=rng(6), length=20))
    known = (torch.arange(20) < 9).expand(3, -1)
    assert torch.equal(last(model.complete_steps(drawn, known, generator=rng(5))).x, drawn)


def test_the_log_prob_of_a_sample_is_the_sum_over_its_steps(model: TextModel):
    steps = list(model.sample_steps(2, generator=rng(1), length=15))
    assert [step.index for step in steps] == list(range(15)) and steps[0].total == 15
    assert steps[4].known.tolist() == [place <= 4 for place in range(15)]
    assert (steps[4].x[:, 5:] == TEXT.size).all()
    total = sum(step.numbers["log_prob"] for step in steps)
    torch.testing.assert_close(total, model.log_prob(steps[-1].x))


def test_a_gap_can_only_be_continued(model: TextModel):
    x = text(1, 6, letters=4)
    for known in ([0, 0, 1, 1, 0, 0], [1, 1, 0, 0, 1, 1], [1] * 6):
        with pytest.raises(ValueError, match="only continue"):
            model.complete_steps(x, torch.tensor([known]).bool(), generator=rng())
    with pytest.raises(ValueError, match="only continue"):
        model.complete_steps(text(2, 3, letters=4), torch.tensor([[1, 0, 0], [1, 1, 0]]).bool(), generator=rng())


@pytest.mark.parametrize(
    "wrong", [{"temperature": 0}, {"temperature": math.nan}, {"top_k": 0}, {"top_p": 0}, {"top_p": 1.1}]
)
def test_impossible_filters_are_refused(model: TextModel, wrong: dict):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
        model.sample(1, generator=rng(), **wrong)


def test_filters_keep_the_most_likely_characters_and_report_what_they_cut():
    log_p = torch.tensor([[0.5, 0.3, 0.15, 0.05], [0.1, 0.2, 0.3, 0.4]]).log()
    q, cut = filter_probabilities(log_p, 1.0, 2, 1.0)
    torch.testing.assert_close(q, torch.tensor([[0.625, 0.375, 0, 0], [0, 0, 3 / 7, 4 / 7]]))
    torch.testing.assert_close(cut, torch.tensor([0.2, 0.3]))
    q, cut = filter_probabilities(log_p, 1.0, None, 0.75)
    assert (q > 0).tolist() == [[True, True, False, False], [False, True, True, True]]
    torch.testing.assert_close(cut, torch.tensor([0.2, 0.1]))
    q, cut = filter_probabilities(log_p, 0.5, None, 1.0)
    torch.testing.assert_close(q, (2 * log_p).softmax(-1))
    torch.testing.assert_close(cut, torch.zeros(2))
    assert (filter_probabilities(log_p, 1.0, None, 1e-6)[0] > 0).sum() == 2  # the most likely character is always kept


def test_a_low_temperature_draws_the_most_likely_characters(model: TextModel):
    steps = list(model.sample_steps(1, generator=rng(), length=8, temperature=0.001))
    assert all(step.x[0, step.time] == step.numbers["p"][0].argmax() for step in steps)


def test_an_excerpt_is_a_part_of_its_text_and_every_beginning_occurs():
    x = torch.arange(20).expand(400, -1)
    found = excerpts(x, 15, rng())
    assert (found.diff() == 1).all() and set(found[:, 0].tolist()) == set(range(6))


def test_windows_predict_each_character_once_from_at_least_half_a_context():
    for length in range(1, 40):
        found = windows(length, CONTEXT)
        predicted = [place for _, first, end in found for place in range(first, end)]
        assert predicted == list(range(length))
        assert all(end - start <= CONTEXT and first - start >= min(first, CONTEXT // 2) for start, first, end in found)


def test_the_product_of_rotated_vectors_depends_on_their_distance_alone():
    angles = rotations(12, 6).double()
    q, k = torch.randn(2, 1, 1, 1, 6, generator=rng(), dtype=torch.double).expand(-1, -1, -1, 12, -1)
    scores = (rotate(q, angles) @ rotate(k, angles).transpose(-1, -2))[0, 0]
    for distance in range(12):
        torch.testing.assert_close(
            scores.diagonal(-distance), scores[distance, 0].expand(12 - distance), rtol=1e-5, atol=1e-5
        )
    assert scores[3, 0] != pytest.approx(scores[5, 0].item(), abs=1e-3)


def test_attention_weights_sum_to_one_and_are_those_of_the_pass():
    model, x = transformer(), text(2, CONTEXT)
    weights = model.attention(x)
    assert weights.shape == (2, 2, 2, CONTEXT, CONTEXT)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, 2, CONTEXT).double())
    assert not weights.triu(1).any()
    block, h = model.trunk.blocks[0], model.trunk.embedding(torch.nn.functional.pad(x[:, :-1], (1, 0), value=65))
    normed = block.attention_norm(h)
    _, _, v = block.attention.project(normed, model.trunk.angles)
    mixed = block.attention.out((weights[0] @ v).transpose(1, 2).flatten(2))
    torch.testing.assert_close(mixed, block.attention(normed, model.trunk.angles))
    with pytest.raises(ValueError, match="8 characters at once"):
        model.attention(text(1, CONTEXT + 1))


def test_a_head_switched_off_is_a_head_with_no_output_weights():
    model, x = transformer(), text(2, 20)
    costs = model.head_costs(x)
    assert costs.shape == (2, 2, 2) and costs.abs().min() > 1e-6
    usual = model.conditionals(x)
    model.trunk.blocks[1].attention.out.weight[:, :8] = 0  # head 0 of layer 1
    torch.testing.assert_close(costs[:, 1, 0], (usual - model.conditionals(x)).mean(-1))
    assert model.head_costs(x)[:, 1, 0].abs().max() < 1e-12
    with pytest.raises(ValueError, match="a head is"):
        model.log_probs(x, off=(2, 0))


def test_a_sampler_can_read_with_a_head_switched_off():
    model = transformer()
    drawn = model.sample(2, generator=rng(), length=20, off=(0, 1))
    assert torch.equal(drawn, model.sample(2, generator=rng(), length=20, off=(0, 1), cached=False))
    assert not torch.equal(drawn, model.sample(2, generator=rng(), length=20))


def test_the_memory_of_the_lstm_is_the_state_after_each_character():
    model, x = lstm(), text(2, 7)
    memory = model.memory(x)
    assert memory.shape == (2, 7, 12)
    reader = model.reader(2)
    reader.read(x[:, :5])
    torch.testing.assert_close(memory[:, 4], reader.state[1][-1])


def test_a_naive_reader_reads_the_whole_text():
    model, x = transformer(), text(1, 12)
    reader = NaiveReader(model, 1)
    reader.read(x[:, :5])
    torch.testing.assert_close(reader.read(x[:, 5:11]), model.log_probs(x)[:, 11])


@pytest.mark.parametrize("made", [transformer, lstm], ids=["transformer", "lstm"])
def test_training_lowers_the_loss_in_nats_a_character(made):
    model = made().float().requires_grad_(True)
    model.excerpt = CONTEXT
    x = text(1, 16, seed=3, letters=3).repeat(16, 1)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(60):
        loss = model.training_loss(x, {}, generator=rng(), label=torch.zeros(16))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    part = excerpts(x, CONTEXT, rng())
    assert losses[-1] < 0.5 * losses[0]
    now = model.training_loss(x, {}, generator=rng(), label=torch.zeros(16)).item()
    assert now == pytest.approx(-model.log_prob(part).mean().item() / CONTEXT, rel=1e-4)
