"""Emoji with their names, the flow that draws them, and the rule that calls a picture a copy."""

import unicodedata

import pytest
import torch

from explorer.data import EMOJI
from explorer.data.emoji import EMOJI_TRAINING, emoji_images, emoji_list, emoji_name, emoji_words, name_tokens
from explorer.measures import emoji as measured
from explorer.measures.intervals import wilson
from explorer.models.emoji_flow import EmojiFlow, NameEncoder

TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}


def tiny() -> EmojiFlow:
    torch.manual_seed(0)
    model = EmojiFlow(words=1_200, channels=(16, 16), embedding=16)
    torch.nn.init.normal_(model.head.weight, std=0.1)
    return model


def test_names_are_those_of_unicode_and_differ():
    assert emoji_name("🐫") == unicodedata.name("🐫").lower() == "bactrian camel"
    assert emoji_name("👋🏿") == "waving hand sign emoji modifier fitzpatrick type-6"
    assert emoji_name("👩\u200d🚀") == "woman rocket"
    names = [emoji_name(each) for each in emoji_list()]
    assert len(set(names)) == len(names) > 2_000 and max(len(name.split()) for name in names) <= 14


def test_no_variant_of_a_training_glyph_is_held_out():
    def plain(each: str) -> str:
        return "".join(sign for sign in each if sign not in TONES)

    training, others = emoji_list()[:EMOJI_TRAINING], emoji_list()[EMOJI_TRAINING:]
    assert not {*map(plain, training)} & {*map(plain, others)}


def test_splits_are_apart_and_their_pictures_differ():
    train, held_out, test = (EMOJI.load(split) for split in ("train", "held-out", "test"))
    assert (len(train), len(held_out)) == (1_600, 400) and len(test) > 150
    assert len(emoji_images()) == len(emoji_list()) == len(train) + len(held_out) + len(test)
    assert train.images.shape[1:] == (3, 24, 24) and train.labels.shape[1:] == (14,)
    own = {each.numpy().tobytes() for each in train.images}
    assert not own & {each.numpy().tobytes() for each in torch.cat([held_out.images, test.images])}


def test_words_that_training_lacks_are_zero():
    assert name_tokens("unheard of words")[0] == 0 and len(name_tokens("camel")) == 14
    assert 0 < len(emoji_words()) <= 1_200 and min(emoji_words().values()) == 1


def test_the_order_of_words_counts_and_filling_does_not():
    encoder = NameEncoder(words=5, length=4, width=8)
    torch.nn.init.normal_(encoder.words.weight)
    encoder.words.weight.data[0] = 0
    one, other = (encoder(torch.tensor([tokens])) for tokens in ([1, 2, 0, 0], [2, 1, 0, 0]))
    assert not torch.allclose(one, other)
    by_hand = sum((1 + encoder.places[i]) * encoder.words.weight[w] for i, w in enumerate([1, 2]))
    torch.testing.assert_close(one[0], by_hand)


def test_the_loss_is_the_squared_error_of_the_velocity():
    """An untrained head predicts 0, so the loss is the mean square of x − ε, known from the same draws."""
    model = EmojiFlow(words=1_200, channels=(16, 16), embedding=16)
    torch.nn.init.zeros_(model.head.bias)
    train = EMOJI.load("train")[:8]
    loss = model.training_loss(
        train.pixels(), {"name_dropout": 0.1}, generator=torch.Generator().manual_seed(3), label=train.labels
    )
    eps = torch.randn(8, 3, 24, 24, generator=torch.Generator().manual_seed(3))
    assert loss.item() == pytest.approx(float((2 * train.pixels() - 1 - eps).square().mean()), rel=1e-5)


def test_a_network_without_velocity_returns_its_noise():
    model = EmojiFlow(words=1_200, channels=(16, 16), embedding=16)
    torch.nn.init.zeros_(model.head.bias)
    x = model.sample(2, generator=torch.Generator().manual_seed(1), tokens=EMOJI.load("train").labels[:2])
    noise = torch.randn(2, 3, 24, 24, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(x, (noise.clamp(-1, 1) + 1) / 2)


def test_a_sampler_that_knows_the_picture_reaches_it(monkeypatch: pytest.MonkeyPatch):
    """The velocity (x − x_t) / (1 − t) of a single picture ends at this picture, whatever the noise."""
    wanted = EMOJI.load("train").images[:1].float() / 255
    model = tiny()
    monkeypatch.setattr(model, "velocity", lambda x, t, tokens: (2 * wanted - 1 - x) / (1 - t.view(-1, 1, 1, 1)))
    x = model.sample(3, generator=torch.Generator().manual_seed(1), tokens=torch.zeros(3, 14).long())
    torch.testing.assert_close(x, wanted.expand(3, -1, -1, -1), atol=1e-4, rtol=0)


@pytest.mark.parametrize("count", [16, 1_600])
def test_training_pictures_are_copies_and_fresh_glyphs_are_not(count: int):
    rule = measured.rule_of(count)
    assert rule.is_copy(rule.training).all()
    fresh = rule.is_copy(EMOJI.load("test").pixels())
    low, _ = wilson(int(fresh.sum()), len(fresh))
    assert low <= measured.FALSE_COPIES


def test_the_threshold_calls_2_per_cent_of_what_calibrated_it_copies():
    rule, held_out = measured.rule_of(1_600), EMOJI.load("held-out").pixels()
    assert int(rule.is_copy(held_out[200:]).sum()) == 3  # below the fourth smallest of 200


def test_a_slightly_noised_training_picture_is_a_copy_of_itself_and_an_average_is_none():
    rule = measured.rule_of(160)
    noised = (rule.training[:20] + 0.01 * torch.randn(20, 3, 24, 24, generator=torch.Generator().manual_seed(0))).clamp(
        0, 1
    )
    assert rule.is_copy(noised).all() and rule.nearest(noised).tolist() == [*range(20)]
    means = (rule.training[:20] + rule.training[20:40]) / 2
    assert not rule.is_copy(means).any()


def test_distances_are_those_by_hand():
    a, b = torch.rand(2, 3, 24, 24), torch.rand(3, 3, 24, 24)
    by_hand = torch.stack([(one - b).square().mean((1, 2, 3)).sqrt() for one in a])
    torch.testing.assert_close(measured.distances(a, b), by_hand, atol=1e-4, rtol=1e-3)


def test_names_of_a_kind_repeat():
    train, held_out = EMOJI.load("train")[:16], EMOJI.load("held-out")
    names = measured.names_for("trained", train, held_out, 40)
    assert torch.equal(names[:16], names[16:32]) and torch.equal(names[:16], train.labels)
    assert not measured.names_for("none", train, held_out, 5).any()
