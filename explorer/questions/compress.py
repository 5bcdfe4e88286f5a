"""Compress: a code of about −log₂ p(x) bits, by a model that predicts one symbol after another; and back.

A VAE has only a bound on log p(x). Its code is as long as this bound says, by `bits_back`.

The decoder needs the predictions of the encoder to the last bit. So both directions ask the same generator, with one x
at a time; it computes them by the same operations in the same order. Another processor, another number of threads or
another version of torch may round otherwise. Whoever stores a code must store a checksum of x, too.

Reference: Witten, Neal & Cleary, Arithmetic Coding for Data Compression, 1987
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.model import Model, discrete
from explorer.questions import Cannot, bits_back, reason
from explorer.questions.coding import Decoder, Encoder, frequencies
from explorer.questions.likelihood import has_ratios, kind
from explorer.running.pauses import pause
from explorer.spaces import Discrete


@dataclass(frozen=True)
class Compressed:
    """The `code` of one x, and −log₂ p of each of its symbols in `bits`, by their places.

    `latents` is what the latents of a VAE cost besides, in bits. `first` are the bits that its code begins with.
    """

    code: bytes
    bits: list[float]
    latents: float = 0.0
    first: int = 0

    @property
    def total(self) -> float:
        """Ideal length of the code in bits, without its first bits."""
        return sum(self.bits) + self.latents


def how(model: Model) -> str | None:
    """Return how the model compresses: "exact", as long as log p(x); "bound", by bits back; or None."""
    if hasattr(model, "predictions"):
        return "exact"
    return "bound" if bits_back.can_send_back(model) else None


UNCODED = {
    "exact": "it does not predict one symbol after another, and a coder needs that",
    "bound": "it only bounds p(x), and no code was built here that is as short as its bound",
    "estimate": "its p(x) is only estimated, and the probabilities of a coder must add up to exactly 1",
}


def why_not(model: Model) -> str:
    """Return why a model cannot compress, as a clause: it has no p(x), or none that a coder can use."""
    if own := getattr(model, "cannot", {}).get("compress"):
        return own
    if not isinstance(model.space, Discrete):
        return "its x are real numbers, and a file holds symbols"
    known = kind(model)
    if known is None:
        lacks = "it knows p(x) only up to a factor" if has_ratios(model) else "it has no p(x)"
        return f"{lacks}: {reason(model, 'log_prob')}"
    return UNCODED[known]


def check_can(model: Model) -> None:
    """Raise Cannot unless the model can compress."""
    if how(model) is None:
        raise Cannot(f"cannot, because {why_not(model)}")


def compress(model: Model, x: Tensor, label: int | None = None) -> Compressed:
    """Encode one x (1, *shape) of a model's space.

    Raises:
        Cannot: if the model has no way to do it.
        ValueError: if x is not in the space, or has an invalid length.
    """
    check_can(model)
    if how(model) == "bound" and bits_back.can_send_back(model):
        return Compressed(*bits_back.compress(model, x), bits_back.first_bits(model))
    symbols = discrete(model).symbols(x)
    encoder, bits = Encoder(), [0.0] * len(symbols)
    predictions = predictions_of(model, len(symbols), label)
    place, log_p = next(predictions)
    for left in reversed(range(len(symbols))):
        symbol = symbols[place]
        encoder.push(frequencies(log_p), symbol)
        bits[place] = -float(log_p[symbol]) / math.log(2)
        pause()
        if left:
            place, log_p = predictions.send(symbol)
    return Compressed(encoder.code(), bits)


def expand(model: Model, code: bytes, length: int, label: int | None = None) -> Tensor:
    """Decode an x of `length` symbols: (1, *shape).

    Raises:
        Cannot: if the model has no way to do it.
        DamagedError: if no encoder would have written this code.
    """
    check_can(model)
    check_length(model, length)
    if how(model) == "bound" and bits_back.can_send_back(model):
        return bits_back.expand(model, code)
    decoder, symbols = Decoder(code, length), [0] * length
    predictions = predictions_of(model, length, label)
    place, log_p = next(predictions)
    for left in reversed(range(length)):
        symbols[place] = decoder.pop(frequencies(log_p))
        pause()
        if left:
            place, log_p = predictions.send(symbols[place])
    decoder.check()
    return discrete(model).of_symbols(symbols)


def predictions_of(model: Model, length: int, label: int | None) -> Generator[tuple[int, Tensor], int, None]:
    """Return the model's predictions of an x of `length` symbols: each place, and log p of every symbol there, (V,).

    It is a generator that must be sent the true symbol after each prediction.

    Raises:
        ValueError: if no x has this length.
    """
    check_length(model, length)
    return model.predictions(length, **({} if label is None else {"label": torch.tensor([label])}))


def check_length(model: Model, length: int) -> None:
    """Raise ValueError if no x of the model's space has this many symbols."""
    lengths = discrete(model).lengths
    if length not in lengths:
        wanted = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]:,}"
        raise ValueError(f"a {model.space.title} has {wanted} symbols here, not {length:,}")
