r"""Lossless code of a picture by its codes: their symbols, and then what the decoded picture does not tell.

A network gives the probability of each code, given those before it and perhaps words. An arithmetic coder needs about
$-\log_2 p(z \mid \text{words})$ bits for them. The reader decodes a picture from the codes, rounded to whole levels.
The pixels follow in raster order, each by the residual coder:

1. One of three symbols: as its left neighbour, as its upper one, or new. Counts so far give its probability, for each
   pair of symbols at these neighbours, and for whether the decoded picture changes there.
2. If it is new, the difference of each channel from the decoded one, modulo 256. It has a discrete Laplace distribution
   whose scale is the mean absolute difference so far.

Without any codes, the median predictor of JPEG-LS takes the place of the decoded picture.

Both directions ask the same operations in the same order. Another processor may round otherwise, as for `compress`.

References:
    Witten, Neal & Cleary, Arithmetic Coding for Data Compression, 1987
    Weinberger, Seroussi & Sapiro, The LOCO-I Lossless Image Compression Algorithm, 2000 (the median predictor)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.models.model import Model
from explorer.questions import Cannot, because
from explorer.questions.coding import TOTAL, Decoder, Encoder, frequencies
from explorer.running.pauses import pause

LOSSLESS_LEVELS = 256
COPY_SYMBOLS = 3  # as the left neighbour, as the upper one, or new
EDGE_LEVELS = 24  # difference of a decoded channel from its neighbour's, above which the picture changes there
LOSSLESS_HEADER = 5  # bytes: number of words, length of the code of the symbols, number of symbols of the pixels
LAPLACE_BEGINS = 4.0  # mean absolute difference of a channel before any is known
Coded = Callable[[np.ndarray, int | None], int]
"""Codes one symbol with these frequencies and returns it; a decoder is given None."""


@dataclass(frozen=True)
class Lossless:
    """Code of one picture: its bytes, and the ideal bits of words, of codes and of pixels."""

    words: float
    codes: float
    pixels: float
    size: int
    is_exact: bool

    @property
    def overhead(self) -> float:
        """Bits of the file beyond those of its parts: the header, and rounding up to bytes."""
        return 8 * self.size - self.words - self.codes - self.pixels


def can(model: Model) -> bool:
    """True if a model gives the probability of each code of an x."""
    return hasattr(model, "code_predictions")


class Counted:
    """A coder that adds up the ideal bits of its symbols."""

    def __init__(self, coder: Encoder | Decoder):
        self.coder, self.bits, self.symbols = coder, 0.0, 0

    def __call__(self, found: np.ndarray, symbol: int | None) -> int:
        """Code one symbol with the frequencies (V,) of its place, and return it."""
        if isinstance(self.coder, Decoder):
            symbol = self.coder.pop(found)
        else:
            assert symbol is not None
            self.coder.push(found, symbol)
        self.bits -= math.log2(found[symbol] / TOTAL)
        self.symbols += 1
        return symbol


@torch.no_grad()
def code(model: Model, x: Tensor, words: Tensor | None) -> Lossless:
    """Encode one picture (1, *shape) and read it back; `words` are ids (L,), whose cost counts, or None.

    Raises:
        Cannot: if the model gives no probabilities of codes.
    """
    if not can(model):
        raise Cannot(because(model, "compress"))
    z, levels = model.codec.encode(x)[0], to_levels(x)
    ids = [] if words is None else [each for each in words.tolist() if each]
    plain = uniform(model.vocabulary)
    encoders = Encoder(), Encoder()
    first, second = (Counted(each) for each in encoders)
    for each in ids:
        first(plain, each)
    of_words = first.bits
    symbols(model, first, words, z.tolist())
    pixels(second, decoded(model, z), levels)
    of_symbols, of_pixels = (each.code() for each in encoders)
    back = read(model, of_symbols, of_pixels, len(ids), second.symbols, words is not None)
    size = LOSSLESS_HEADER + len(of_symbols) + len(of_pixels)
    same = bool((back == levels).all())
    return Lossless(of_words, first.bits - of_words, second.bits, size, same)


def read(model: Model, of_symbols: bytes, of_pixels: bytes, words: int, count: int, has_words: bool) -> np.ndarray:
    """Decode a picture (C, H, W) from both parts of its code, and the numbers of words and of symbols of the pixels."""
    decoder = Counted(Decoder(of_symbols, words + model.tokens))
    ids = [decoder(uniform(model.vocabulary), None) for _ in range(words)]
    given = torch.tensor(ids + [0] * (len(model.no_words) - words)) if has_words else None
    z = torch.tensor(symbols(model, decoder, given))
    return pixels(Counted(Decoder(of_pixels, count)), decoded(model, z))


def symbols(model: Model, coder: Coded, words: Tensor | None, z: list[int] | None = None) -> list[int]:
    """Code the symbols of a picture in the order of prediction: `z` to encode; returns them."""
    predictions, found = model.code_predictions(model.no_words if words is None else words), []
    log_p = next(predictions)
    for place in range(model.tokens):
        found.append(coder(frequencies(log_p), None if z is None else z[place]))
        pause()
        if place < model.tokens - 1:
            log_p = predictions.send(found[-1])
    return found


def uniform(count: int) -> np.ndarray:
    """Return equal frequencies of so many symbols."""
    return frequencies(torch.zeros(count))


def to_levels(x: Tensor) -> np.ndarray:
    """Return a picture (1, C, H, W) in [0, 1] as whole levels (C, H, W)."""
    return (x[0] * (LOSSLESS_LEVELS - 1)).round().long().cpu().numpy()


def decoded(model: Model, z: Tensor) -> np.ndarray:
    """Decode codes (n,) to whole levels (C, H, W)."""
    return to_levels(model.codec.decode(z.unsqueeze(0).to(next(model.parameters()).device)))


def median_predictor(x: np.ndarray, row: int, column: int) -> np.ndarray:
    """Predict a pixel from three neighbours before it, in a picture (C, H, W): (C,).

    Reference: Weinberger et al. 2000, equation 1.
    """
    left = x[:, row, column - 1] if column else np.zeros_like(x[:, 0, 0])
    above = x[:, row - 1, column] if row else np.zeros_like(left)
    corner = x[:, row - 1, column - 1] if row and column else np.zeros_like(left)
    least, most = np.minimum(left, above), np.maximum(left, above)
    return np.where(corner >= most, least, np.where(corner <= least, most, left + above - corner))


def pixels(
    coder: Coded, guess: np.ndarray | None, x: np.ndarray | None = None, shape: tuple[int, int, int] = (1, 1, 1)
) -> np.ndarray:
    """Code the pixels of a picture in raster order by the residual coder: `x` (C, H, W) to encode; returns them.

    Arguments:
        guess: The decoded picture (C, H, W); None for the median predictor.
        shape: (C, H, W), needed without a guess if nothing is encoded.
    """
    known = next(each for each in (guess, x, np.zeros(shape, np.int64)) if each is not None)
    found, copies = np.zeros(known.shape, np.int64), np.full(known.shape[1:], COPY_SYMBOLS - 1)
    counts = np.ones((COPY_SYMBOLS, COPY_SYMBOLS, 2, COPY_SYMBOLS))
    channels, height, width = known.shape
    sums, seen = [LAPLACE_BEGINS] * channels, [1.0] * channels
    for row in range(height):
        pause()
        for column in range(width):
            west, north = max(column - 1, 0), max(row - 1, 0)
            edge = 0 if guess is None else int(is_edge(guess, row, column))
            context = counts[copies[row, west], copies[north, column], edge]
            left, above = found[:, row, west], found[:, north, column]
            wanted = None if x is None else copy_of(x[:, row, column], left, above)
            copy = coder(frequencies(torch.from_numpy(np.log(context))), wanted)
            context[copy] += 1
            copies[row, column] = copy
            if copy < COPY_SYMBOLS - 1:
                found[:, row, column] = above if copy else left
                continue
            predicted = median_predictor(found, row, column) if guess is None else guess[:, row, column]
            for channel in range(channels):
                off = None if x is None else int(x[channel, row, column] - predicted[channel]) % LOSSLESS_LEVELS
                off = coder(laplace(sums[channel] / seen[channel]), off)
                found[channel, row, column] = (predicted[channel] + off) % LOSSLESS_LEVELS
                sums[channel] += min(off, LOSSLESS_LEVELS - off)
                seen[channel] += 1
    return found


def is_edge(guess: np.ndarray, row: int, column: int) -> bool:
    """Return whether a decoded picture (C, H, W) changes from the left or the upper neighbour of a pixel to it."""
    here = guess[:, row, column]
    near = guess[:, row, max(column - 1, 0)], guess[:, max(row - 1, 0), column]
    return any(bool((abs(here - each) > EDGE_LEVELS).any()) for each in near)


def copy_of(pixel: np.ndarray, left: np.ndarray, above: np.ndarray) -> int:
    """Return 0 for a pixel (C,) like its left neighbour, 1 for one like the upper one, and 2 for a new one."""
    return 0 if (pixel == left).all() else 1 if (pixel == above).all() else COPY_SYMBOLS - 1


def laplace(scale: float) -> np.ndarray:
    """Return frequencies of differences modulo 256 with this mean absolute value: integers (256,)."""
    off = torch.arange(LOSSLESS_LEVELS, dtype=torch.float64)
    return frequencies(-torch.minimum(off, LOSSLESS_LEVELS - off) / max(scale, 0.3))


def without_codes(x: Tensor) -> int:
    """Return the bytes of a picture (1, C, H, W) by the residual coder alone, with the median predictor."""
    encoder = Encoder()
    pixels(Counted(encoder), None, to_levels(x))
    return LOSSLESS_HEADER + len(encoder.code())
