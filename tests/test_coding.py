"""Compression: codes as short as −log₂ p(x), beside an exact coder in fractions; and files that refuse any damage."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer import data
from explorer.data import spoken_digits
from explorer.models.lstm import LSTM
from explorer.models.made import MADE
from explorer.models.ngram import NGram
from explorer.models.pixelcnn import PixelCNN
from explorer.models.pixelrnn import PixelRNN
from explorer.models.transformer import Transformer
from explorer.models.wavenet import WaveNet
from explorer.networks import checkpoints
from explorer.questions import Cannot, codefile
from explorer.questions.coding import TOTAL, DamagedError, Decoder, Encoder, frequencies
from explorer.questions.compress import compress, expand
from explorer.spaces import TEXT

WORDS = "To be, or not to be, that is the question:\nWhether 'tis nobler in the mind to suffer"
SAMPLES = 800


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[np.ndarray], list[int]]:
    """Frequencies at up to 40 places, from flat to nearly certain, and a symbol of each, likely or not."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size, sharpness = draw(st.integers(1, 256)), draw(st.sampled_from([0.1, 1.0, 10.0, 100.0]))
    found = [
        frequencies(torch.tensor(sharpness * rng.normal(size=size)).log_softmax(0))
        for _ in range(draw(st.integers(0, 40)))
    ]
    likely = draw(st.booleans())
    symbols = [int(each.argmax()) if likely and rng.random() < 0.9 else int(rng.integers(size)) for each in found]
    return found, symbols


def coded(found: list[np.ndarray], symbols: list[int]) -> bytes:
    encoder = Encoder()
    for each, symbol in zip(found, symbols):
        encoder.push(each, symbol)
    return encoder.code()


def interval(found: list[np.ndarray], symbols: list[int]) -> tuple[Fraction, Fraction]:
    """The interval of a message, in exact fractions."""
    low, high = Fraction(0), Fraction(1)
    for each, symbol in zip(found, symbols):
        ends = [Fraction(int(end), TOTAL) for end in [0, *np.cumsum(each)]]
        low, high = low + (high - low) * ends[symbol], low + (high - low) * ends[symbol + 1]
    return low, high


@given(messages())
def test_a_code_is_the_shortest_fraction_in_the_exact_interval(message: tuple[list[np.ndarray], list[int]]):
    code, (low, high) = coded(*message), interval(*message)
    assert low <= Fraction(int.from_bytes(code, "big"), 256 ** len(code)) < high
    if code:
        shorter = 256 ** (len(code) - 1)
        assert Fraction(math.ceil(low * shorter), shorter) >= high  # none of a byte less lies inside
    assert 8 * len(code) < 8 - math.log2(high - low)


@given(messages())
def test_what_was_encoded_is_decoded(message: tuple[list[np.ndarray], list[int]]):
    found, symbols = message
    decoder = Decoder(coded(found, symbols), len(symbols))
    assert [decoder.pop(each) for each in found] == symbols
    decoder.check()


@given(messages(), st.binary(min_size=1, max_size=200))
def test_any_other_bytes_are_refused_or_are_the_code_of_another_message(
    message: tuple[list[np.ndarray], list[int]], code: bytes
):
    found, symbols = message
    try:
        decoder = Decoder(code, len(symbols))
        decoded = [decoder.pop(each) for each in found]
        decoder.check()
    except DamagedError:
        return
    assert coded(found, decoded) == code


@given(st.lists(st.floats(-200, 0), min_size=1, max_size=256))
def test_frequencies_add_up_and_are_as_close_as_integers_can_be(logits: list[float]):
    log_p = torch.tensor(logits, dtype=torch.double).log_softmax(0)
    found = frequencies(log_p)
    assert found.sum() == TOTAL and found.min() >= 1
    assert np.abs(found / TOTAL - log_p.exp().numpy()).max() <= 2 * len(logits) / TOTAL


def test_a_symbol_of_no_probability_can_be_encoded_and_what_is_no_probability_cannot():
    assert frequencies(torch.tensor([0.0, -torch.inf])).tolist() == [TOTAL - 1, 1]
    with pytest.raises(ValueError, match="no probability"):
        frequencies(torch.tensor([torch.nan, 0.0]))


def louder(model: nn.Module) -> nn.Module:
    """Weights so large that every input matters."""
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.3, generator=generator)
    return model.eval().requires_grad_(False)


def tiny_ngram() -> NGram:
    model = NGram(order=3, texts=2)
    model.training_text.copy_(torch.randint(4, (2, 256), generator=torch.Generator().manual_seed(0)))
    return model


TINY = {
    "transformer": (lambda: louder(Transformer(width=16, layers=1, heads=2, context=8)), None),
    "lstm": (lambda: louder(LSTM(width=12, layers=1, embedding=8)), None),
    "ngram": (tiny_ngram, None),
    "pixelcnn": (lambda: louder(PixelCNN(channels=8, dilations=[1, 2])), 3),
    "grey pixelcnn": (lambda: louder(PixelCNN(channels=8, dilations=[1], levels=256, components=2)), None),
    "made": (lambda: louder(MADE(widths=[24])), None),
    "pixelrnn": (lambda: louder(PixelRNN(hidden=3, layers=2, head=4)), None),
    "made from the end": (lambda: louder(MADE(widths=[24])).in_order(2), None),
    "wavenet": (lambda: louder(WaveNet(channels=4, skips=4, layers=3)), 42),
}


DEEP = {"made", "pixelrnn"}
"""In the core a real MADE stands for them, and the steps of a PixelRNN are compared with its density elsewhere."""


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=pytest.mark.deep) if each in DEEP else each for each in TINY]
)
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32), length=st.integers(1, 40))
def test_every_model_that_predicts_symbol_after_symbol_compresses_what_is_improbable_too(
    name: str, seed: int, length: int
):
    model, label = TINY[name][0](), TINY[name][1]
    x = model.space.noise(1, torch.Generator().manual_seed(seed))
    x = x[:, :length] if len(model.space.lengths) > 1 else x
    found = compress(model, x, label)
    assert torch.equal(expand(model, found.code, len(model.space.symbols(x)), label), x)
    log_p = model.log_prob(x, **({} if label is None else {"label": torch.tensor([label])}))
    assert sum(found.bits) == pytest.approx(-float(log_p) / math.log(2), rel=1e-4)


def spoken() -> tuple[torch.Tensor, int]:
    """The beginning of a bundled recording, and its label."""
    bundled = spoken_digits.bundled_recordings()
    return bundled.sounds[0][:SAMPLES].long().unsqueeze(0), int(bundled.labels[0])


def real(net: str) -> tuple[torch.Tensor, int | None]:
    """A real x of a network's space, and its label."""
    match net.rpartition("-")[2]:
        case "shakespeare":
            return TEXT.codes(WORDS).unsqueeze(0), None
        case "digits":
            return spoken()
    if net == "pixelcnn-fashion-mnist":
        return data.bundled_images("fashion-mnist").pixels()[5:6], 3
    return data.bundled_binary_images("mnist")[5:6], None


NETS = ["lstm-shakespeare", "made-mnist", "wavenet-digits"]
MORE = ["transformer-shakespeare", "ngram-shakespeare", "pixelcnn-mnist", "pixelcnn-fashion-mnist"]
"""In the core, tiny networks of these families stand for them."""


@pytest.mark.parametrize("net", [*NETS, *(pytest.param(net, marks=pytest.mark.deep) for net in MORE)])
def test_a_real_file_is_as_long_as_log_p_says_and_is_read_back_bit_for_bit(net: str):
    x, label = real(net)
    file, found = codefile.write(net, x, label)
    raw = file.to_bytes()
    model = checkpoints.load(net)
    with torch.no_grad():
        nats = -model.log_prob(x, **({} if label is None else {"label": torch.tensor([label])}))
    ideal = float(nats) / math.log(2)
    assert abs(8 * len(found.code) - ideal) <= 1e-3 * ideal + 64
    assert 8 * len(found.code) < sum(found.bits) + 8.5
    assert len(raw) == len(found.code) + len(file.header)
    again, y = codefile.read(raw, [net])
    assert torch.equal(x, y) and again == file


def test_a_file_in_which_any_byte_is_changed_or_that_is_cut_short_is_refused_in_a_sentence():
    net = "lstm-shakespeare"
    raw = codefile.write(net, TEXT.codes(WORDS[:30]).unsqueeze(0))[0].to_bytes()
    changed = [raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :] for at in range(len(raw)) for flip in (1, 0x80)]
    for each in [*changed, *(raw[:end] for end in range(len(raw))), raw + b"\0", raw + raw]:
        with pytest.raises(ValueError, match=r"^this file .{20,}"):
            codefile.read(each, [net])


@given(st.binary(max_size=300), st.booleans())
def test_nonsense_is_refused_in_a_sentence(raw: bytes, ours: bool):
    start = codefile.MAGIC + bytes([codefile.VERSION]) if ours else b""
    with pytest.raises(ValueError, match=r"^this file "):
        codefile.read(start + raw, ["made-mnist"])


def test_a_file_of_another_network_or_far_too_long_is_refused():
    raw = codefile.write("made-mnist", real("made-mnist")[0])[0].to_bytes()
    with pytest.raises(ValueError, match="another network than wavenet-digits"):
        codefile.read(raw, ["wavenet-digits"])
    with pytest.raises(ValueError, match="the largest that can be opened"):
        codefile.read(raw + bytes(codefile.LARGEST_FILE), ["made-mnist"])


def test_a_model_without_a_density_cannot_compress_and_says_why():
    for net in ("gan-mnist", "diffusion-mnist", "rbm-mnist", "flow-mnist", "energy-moons"):
        with pytest.raises(Cannot, match="^cannot, because"):
            compress(checkpoints.load(net), real("made-mnist")[0])


def test_a_sound_needs_its_label_and_a_text_its_length():
    wavenet, x = checkpoints.load("wavenet-digits"), spoken()[0]
    with pytest.raises(ValueError, match="digit and the speaker"):
        compress(wavenet, x)
    with pytest.raises(ValueError, match="has 1 to 500 symbols here, not 600"):
        compress(checkpoints.load("ngram-shakespeare"), TEXT.codes("a" * 600).unsqueeze(0))
