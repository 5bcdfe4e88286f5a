"""Compress: a code of about −log₂ p(x) bits, by a model that predicts one symbol after another; and back.

The decoder needs the predictions of the encoder to the last bit. So both directions ask the same generator, with one x
at a time; it computes them by the same operations in the same order. Another processor, another number of threads or
another version of torch may round otherwise. Whoever stores a code must store a checksum of x, too.

Reference: Witten, Neal & Cleary, Arithmetic Coding for Data Compression, 1987
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.coding import Decoder, Encoder, frequencies
from explorer.pauses import pause
from explorer.questions import Cannot, because


@dataclass(frozen=True)
class Compressed:
    """The `code` of one x, and −log₂ p of each of its symbols in `bits`, by their places."""

    code: bytes
    bits: list[float]


def can_compress(model: nn.Module) -> bool:
    """True if the model predicts its symbols one after another."""
    return hasattr(model, "predictions")


def check_can(model: nn.Module) -> None:
    """Raise Cannot unless the model predicts its symbols one after another."""
    if not can_compress(model):
        raise Cannot(because(model, "compress" if hasattr(model, "log_prob") else "log_prob"))


def compress(model: nn.Module, x: Tensor, label: int | None = None) -> Compressed:
    """Encode one x (1, *shape) of a model's space.

    Raises:
        Cannot: if the model does not predict one symbol after another.
        ValueError: if x is not in the space, or has an invalid length.
    """
    check_can(model)
    symbols = model.space.symbols(x)
    encoder, bits = Encoder(), [0.0] * len(symbols)
    predictions = begun(model, len(symbols), label)
    place, log_p = next(predictions)
    for left in reversed(range(len(symbols))):
        symbol = symbols[place]
        encoder.push(frequencies(log_p), symbol)
        bits[place] = -float(log_p[symbol]) / math.log(2)
        pause()
        if left:
            place, log_p = predictions.send(symbol)
    return Compressed(encoder.code(), bits)


def expand(model: nn.Module, code: bytes, length: int, label: int | None = None) -> Tensor:
    """Decode an x of `length` symbols: (1, *shape).

    Raises:
        Cannot: if the model does not predict one symbol after another.
        DamagedError: if no encoder would have written this code.
    """
    check_can(model)
    decoder, symbols = Decoder(code, length), [0] * length
    predictions = begun(model, length, label)
    place, log_p = next(predictions)
    for left in reversed(range(length)):
        symbols[place] = decoder.pop(frequencies(log_p))
        pause()
        if left:
            place, log_p = predictions.send(symbols[place])
    decoder.check()
    return model.space.of_symbols(symbols)


def begun(model: nn.Module, length: int, label: int | None) -> Generator[tuple[int, Tensor], int, None]:
    """Return the model's predictions of an x of `length` symbols.

    Raises:
        ValueError: if no x has this length.
    """
    lengths = model.space.lengths
    if length not in lengths:
        wanted = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]:,}"
        raise ValueError(f"a {model.space.title} has {wanted} symbols here, not {length:,}")
    return model.predictions(length, **({} if label is None else {"label": torch.tensor([label])}))
