"""A visitor's own text: what is accepted and kept, and models that learn it, against enumeration and closed forms."""

import base64
import math
import random

import numpy as np
import pytest
import torch

from explorer.data import DataError
from explorer.data.own_text import EXAMPLES, MOST_TEXT, accept_text, example
from explorer.models.own_text import OwnNGram, continued, fresh, new_characters
from explorer.networks import checkpoints
from explorer.networks.own_texts import OWN_TEXTS, OwnTexts, TextGoneError
from explorer.questions import learn_text
from explorer.questions.learn_text import Learned, Moment, longest_copy
from explorer.spaces import TEXT
from explorer.spaces.alphabet import MOST_DIFFERENT, Alphabet
from explorer.tabs import keeper
from explorer.tabs.text import own

GREEK = "Ἐν ἀρχῇ ἦν ὁ λόγος, καὶ ὁ λόγος ἦν πρὸς τὸν θεόν, καὶ θεὸς ἦν ὁ λόγος. "
CHINESE = "道可道，非常道。名可名，非常名。無名天地之始；有名萬物之母。故常無欲，以觀其妙；常有欲，以觀其徼。"
EMOJI = "🐱 sat on 🛋️, 🐶 sat on 🐱; 👩‍👩‍👧 laughed 😀😀. "
SCRIPTS = {"greek": GREEK, "chinese": CHINESE, "emoji": EMOJI}


def long(sentence: str, characters: int = 1_400, seed: int = 1) -> str:
    """Words or signs of a sentence in random order, so that no long passage repeats."""
    parts = sentence.split(" ") if " " in sentence else list(sentence)
    draw, found = random.Random(seed), ""
    while len(found) < characters:
        found += draw.choice(parts) + (" " if " " in sentence else "")
    return found[:characters]


def text_of(words: str, share: float = 1.0) -> learn_text.Text:
    space = Alphabet.of(words)
    return learn_text.Text(space.codes(words), space, share)


class Clock:
    """A clock that goes on by `tick` seconds whenever it is read."""

    def __init__(self, tick: float):
        self.now, self.tick = 0.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def small_base() -> learn_text.Transformer:
    return fresh(TEXT, torch.Generator().manual_seed(5), width=16, layers=1, heads=2, context=64).eval()


def moments(text: learn_text.Text, ticks: int = 10) -> tuple[list[Moment], Learned]:
    """All looks of a training of `ticks` steps of each transformer."""
    learned = Learned()
    found = learn_text.steps(text, small_base(), 1.0, 7, learned, Clock(1 / ticks))
    return [each for each in found if isinstance(each, Moment)], learned


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learn_text, "SMALL", {"width": 16, "layers": 1, "heads": 2, "context": 64})
    monkeypatch.setattr(learn_text, "TEXT_SAMPLED", 20)


# what is accepted


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "0 bytes"),
        (b"short", "5 bytes"),
        (b"a" * 5_000, "repeats one character"),
        (b"ab" * (MOST_TEXT // 2 + 1), "At most 200,000"),
        (bytes(range(256)) * 20, "no text"),
        (b"\xff\xd8\xff\xe0" + b"\x41\x99" * 2_000, "no text"),
        (b"word\x01" * 2_000, "no text"),
        ("😀🐱".encode() * 290, "600 are needed"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + MOST_DIFFERENT + 1))).encode(), "different characters"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(raw: bytes, reason: str):
    with pytest.raises(DataError, match=reason):
        accept_text(raw)


def test_a_text_of_any_encoding_and_line_break_is_the_same():
    words = long(GREEK) + "\r\nend\r"
    utf8 = accept_text(words.encode())
    assert utf8 == accept_text(b"\xff\xfe" + words.encode("utf-16-le")) == accept_text(b"\xef\xbb\xbf" + words.encode())
    assert "\r" not in utf8 and utf8.endswith("\nend\n")


def test_every_example_is_a_text_that_is_accepted_and_told():
    for name in EXAMPLES:
        text = example(name)
        assert accept_text(text.encode()) == text
        found = keeper.keep(name, b"", "1.2.3.4")
        assert found["text"] == text and f"{len(set(text))} different ones" in found["words"]
        OWN_TEXTS.close([found["key"]])
    with pytest.raises(ValueError, match="examples are"):
        keeper.keep("nothing", b"", "1.2.3.4")


# what is kept


def test_a_text_is_found_by_its_key_alone_until_it_is_closed():
    texts = OwnTexts()
    one, other = texts.add("one", "a"), texts.add("two", "a")
    assert one != other and texts.find(one).text == "one" and texts.find(other).text == "two"
    texts.close([one, "unknown"])
    with pytest.raises(TextGoneError):
        texts.find(one)
    assert texts.find(other).text == "two"


def test_the_address_that_holds_most_loses_its_least_recently_used_text():
    texts = OwnTexts(most=12 * 35)
    mine = texts.add("x" * 10, "mine")
    first, second = texts.add("x" * 10, "theirs"), texts.add("x" * 10, "theirs")
    texts.find(first)
    third = texts.add("x" * 10, "theirs")
    assert texts.size <= texts.most
    for key in (mine, first, third):
        texts.find(key)
    with pytest.raises(TextGoneError):
        texts.find(second)


def test_what_was_learned_counts_and_nothing_is_kept_for_long():
    texts = OwnTexts(most=1_000, idle=100)
    key = texts.add("x" * 10, "a")
    texts.learn(key, "weights", 500)
    assert texts.find(key).learned == "weights" and texts.size == 620
    texts.learn(key, "weights", 5_000)
    assert len(texts) == 0
    key = texts.add("x", "a")
    texts.find(key).used -= 101
    with pytest.raises(TextGoneError):
        texts.find(key)


# models


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_n_gram_of_any_script_is_a_distribution_and_counts_as_by_hand(script: str):
    words = long(SCRIPTS[script], 900)
    space = Alphabet.of(words)
    model = OwnNGram(space.codes(words), space)
    x = space.codes(words[:40]).unsqueeze(0)
    assert torch.allclose(model.log_probs(x).exp().sum(-1), torch.ones(1, 40).double())
    theta, v = float(model.strengths[0]), space.size
    count = {each: words.count(each) for each in set(words)}
    by_hand = [math.log((count[c] + theta * len(count) / v) / (len(words) + theta * len(count))) for c in words[:40]]
    assert torch.allclose(model.conditionals_by_order(x)[0, 0], torch.tensor(by_hand).double(), atol=1e-5)


def test_numbers_of_long_contexts_fit_for_the_largest_alphabet():
    words = "".join(map(chr, range(0x4E00, 0x4E00 + MOST_DIFFERENT))) * 2
    space = Alphabet.of(words)
    model = OwnNGram(space.codes(words), space)
    assert space.size ** (model.order + 1) < 2**63
    assert bool(model.conditionals(space.codes(words[:50]).unsqueeze(0)).isfinite().all())


def test_a_continued_network_is_the_old_one_where_the_alphabet_is_the_same():
    base = small_base()
    same = continued(base, Alphabet(TEXT.alphabet, TEXT.length), torch.Generator().manual_seed(1)).eval()
    x = TEXT.codes("Shall I compare thee?").unsqueeze(0)
    assert torch.equal(same.log_probs(x), base.log_probs(x))


def test_known_characters_keep_their_rows_and_others_begin_at_the_mean():
    base, space = small_base(), Alphabet.of("abc αβγ" + "0123456789" * 20)
    found = continued(base, space, torch.Generator().manual_seed(1))
    for weight, old in (
        (found.trunk.embedding.weight, base.trunk.embedding.weight[:-1]),
        (found.trunk.head.weight, base.trunk.head.weight),
    ):
        for place, character in enumerate(space.alphabet):
            if character in TEXT.alphabet:
                assert torch.equal(weight[place], old[TEXT.alphabet.index(character)])
            else:
                assert float((weight[place] - old.mean(0)).detach().abs().max()) < 6 * 0.02
    assert torch.equal(found.trunk.embedding.weight[-1], base.trunk.embedding.weight[-1])
    assert new_characters(TEXT.alphabet, "aα0") == "α0"


def test_new_weights_follow_from_the_generator_alone():
    space = Alphabet.of("abc")
    one, two, other = (
        fresh(space, torch.Generator().manual_seed(seed), width=16, layers=1, heads=2, context=32) for seed in (1, 1, 2)
    )
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters()))
    assert not torch.equal(one.trunk.head.weight, other.trunk.head.weight)


# measures


@pytest.mark.parametrize("characters", [600, 1_400, 4_000])
def test_every_held_out_character_counts_once_and_has_context(characters: int):
    text = text_of(long(GREEK, characters))
    windows, counted = text.windows
    assert int(counted.sum()) == len(text.codes) - text.cut
    assert torch.equal(windows[counted], text.codes[text.cut :])
    assert bool((counted.int().argmax(1) >= min(learn_text.TEXT_BEFORE, text.cut)).all())


def test_a_long_text_is_measured_on_evenly_spaced_windows():
    text = text_of(long(GREEK, 100_000))
    windows, counted = text.windows
    assert len(windows) == learn_text.MOST_WINDOWS
    assert len(text.codes) - text.cut > int(counted.sum()) > 4_000


def test_bits_of_an_n_gram_are_those_of_the_whole_text():
    words = long(GREEK, 3_000)
    text = text_of(words)
    model = OwnNGram(text.train, text.space)
    order, bits = learn_text.best_order(model, text)
    whole = -model.conditionals_by_order(text.codes.unsqueeze(0))[:, 0, text.cut :].mean(-1) / math.log(2)
    assert bits.value == pytest.approx(float(whole.min()), abs=1e-6) and order == int(whole.argmin())


def test_no_model_goes_below_the_entropy_of_random_letters():
    text = text_of(example("random"))
    _, bits = learn_text.best_order(OwnNGram(text.train, text.space), text)
    assert math.log2(26) - 0.02 < bits.value < math.log2(26) + 0.1


def test_the_longest_copy_is_that_of_all_pairs_of_places():
    draw = np.random.default_rng(3)
    for _ in range(20):
        text, sample = draw.integers(0, 3, 60), draw.integers(0, 3, 15)
        best = max(
            length
            for start in range(15)
            for length in range(16 - start)
            if any(list(text[k : k + length]) == list(sample[start : start + length]) for k in range(61 - length))
        )
        found = longest_copy(sample, text)
        part = sample[found.start : found.start + found.length]
        assert found.length == best and list(text[found.place : found.place + best]) == list(part)


def test_a_share_of_the_text_is_the_end_of_the_training_text():
    words = long(GREEK, 2_000)
    part, whole = text_of(words, 0.25), text_of(words)
    assert torch.equal(part.train, whole.train[-450:]) and part.cut == whole.cut
    assert torch.equal(part.windows[0], whole.windows[0])


# training


@pytest.mark.parametrize("script", SCRIPTS)
def test_three_models_learn_any_script_and_the_best_look_is_kept(script: str):
    text = text_of(long(SCRIPTS[script]))
    seen, learned = moments(text)
    assert [each.index for each in seen] == [*range(len(learn_text.MARKS))]
    last = seen[-1]
    for name in ("scratch", "continued"):
        bits = [each.looks[name].bits.value for each in seen]
        assert last.kept[name] == bits.index(min(bits))
        assert last.looks[name].bits.value < seen[0].looks[name].bits.value
        assert last.looks[name].seconds == pytest.approx(1, abs=0.15)
        model = learned.transformer(name, text.space)
        assert learn_text.measure(model, text).value == pytest.approx(min(bits), abs=0.01)
    for look in last.looks.values():
        assert len(look.sample) == 20 and set(look.sample) <= set(text.space.alphabet)
        copied = text.space.text(text.train[look.copied.place : look.copied.place + look.copied.length])
        assert copied == look.sample[look.copied.start : look.copied.start + look.copied.length]


def test_a_training_follows_from_its_seed():
    text = text_of(long(GREEK, 700))
    one, two = (moments(text, 4)[0][-1] for _ in range(2))
    assert one.looks["continued"].bits == two.looks["continued"].bits
    assert one.looks["scratch"].sample == two.looks["scratch"].sample


# the mode


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    """A Greek text that small models have learned."""
    monkeypatch.setattr(checkpoints, "load", lambda net: small_base())
    monkeypatch.setattr(own, "DRAWN_OWN", 30)
    monkeypatch.setattr(learn_text, "steps", short)
    found = keeper.keep("", long(GREEK).encode(), "1.2.3.4")["key"]
    frames = [frame for _, frame in own.learn_own.plain(found, 100, 15, 7).scenes() if frame]
    assert len(frames) == len(learn_text.MARKS)
    return found


STEPS = learn_text.steps


def short(text: learn_text.Text, base: learn_text.Transformer, seconds: float, seed: int, learned: Learned):
    return STEPS(text, base, seconds, seed, learned, Clock(seconds / 4))


def test_what_was_learned_draws_measures_and_compresses_without_loss(key: str):
    drawn = own.draw_own.plain(key, 7, "λόγος", 1.0)
    texts = drawn.view["texts"]
    assert len(texts) == 3 and all(each["characters"].startswith("λόγος") for each in texts)
    measured = own.measure_own.plain(key, "ἦν ὁ λόγος")
    assert len(measured.table.rows) == len("ἦν ὁ λόγος")
    packed = own.pack_own.plain(key, "ἦν ὁ λόγος, καὶ θεὸς ἦν")
    sizes = [each.value for each in packed.numbers[1:4]]
    bits = [
        sum(row)
        for row in zip(
            *[list(each.values())[1:] for each in own.measure_own.plain(key, "ἦν ὁ λόγος, καὶ θεὸς ἦν").table.rows]
        )
    ]
    for size, total in zip(sizes, bits):
        assert total - 8 < 8 * size < total + 16


def test_a_character_that_the_text_lacks_is_named(key: str):
    with pytest.raises(ValueError, match="no “Z”"):
        own.measure_own.plain(key, "Z")


def test_one_visitors_models_answer_to_one_key(key: str):
    other = keeper.keep("", long(GREEK).encode(), "1.2.3.4")["key"]
    with pytest.raises(ValueError, match="press Train"):
        own.measure_own.plain(other, "ἦν")
    with pytest.raises(ValueError, match="no longer has your text"):
        own.measure_own.plain("0" * 20, "ἦν")


def test_results_of_other_shares_are_shown_beside(key: str):
    *_, last = [frame for _, frame in own.learn_own.plain(key, 50, 15, 7).scenes() if frame]
    counts = [count for count, _ in last["charts"]["amounts"]["continued"]]
    assert len(counts) == 2 and counts[0] == pytest.approx(counts[1] / 2, abs=1)


def test_a_compressed_file_is_read_back_by_the_network_that_wrote_it_alone(key: str):
    words = "ἦν ὁ λόγος, καὶ θεὸς ἦν"
    file = base64.b64decode(own.pack_own.plain(key, words).view["file"])
    assert own.unpack_own.plain(key, file).words == words
    for at in range(len(file)):
        broken = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        with pytest.raises(ValueError, match="this file"):
            own.unpack_own.plain(key, broken)
    for cut in (0, 4, 20, len(file) - 1):
        with pytest.raises(ValueError, match="this file"):
            own.unpack_own.plain(key, file[:cut])
    learned = own.OWN_TEXTS.find(key).learned
    next(iter(learned.weights["continued"].values())).add_(1)
    with pytest.raises(ValueError, match="no longer here"):
        own.unpack_own.plain(key, file)
