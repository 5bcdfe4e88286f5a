r"""Entropy coding: from the probabilities of symbols to a file of about −log₂ p(x) bits, and back.

An arithmetic coder is a queue: the symbol that was encoded first is decoded first. Asymmetric numeral systems (ANS) are
a stack: the last symbol comes out first. Bits-back coding needs a stack, all else uses the arithmetic coder.

Notation: at every place each symbol s has a frequency $f_s$, an integer of at least 1; all of them add up to $M$, and
$c_s$ is the sum of the frequencies before s. A message of T symbols is an interval within [0, 1). It begins at 0 with
width 1, and each symbol replaces it by its own part:

$$ l' = l + \frac{c_s}{M} w, \qquad w' = \frac{f_s}{M} w $$

So the final width is $\prod_t f_{s_t} / M = p(x)$. The file is the shortest binary fraction of whole bytes inside the
interval. Fractions of k bits are $2^{-k}$ apart, so one of $\lceil -\log_2 w \rceil$ bits is always inside: in whole
bytes, less than 8 bits above $-\log_2 p(x)$. The decoder looks up in which part this fraction lies, symbol by symbol.

All numbers are integers in units of $M^{-t}$, of any length. So nothing is rounded, and what Witten et al. do against
carry and underflow is not needed. The time grows with T², which is little for a few thousand symbols.

ANS keeps everything in one integer s. Pushing a symbol with frequency f makes it M / f times as large, within rounding:

$$ s' = \lfloor s / f \rfloor M + c + (s \bmod f) $$

A pop inverts this for any s, even if nothing was pushed. Then it draws a symbol: if the last 24 bits of s are uniform,
each symbol comes with its probability f / M, and s loses as many bits as the symbol costs.

References:
    Rissanen, Generalized Kraft Inequality and Arithmetic Coding, 1976
    Witten, Neal & Cleary, Arithmetic Coding for Data Compression, 1987
    Duda, Asymmetric Numeral Systems, 2009, https://arxiv.org/abs/0902.0271
"""

import numpy as np
from torch import Tensor

CODING_UNIT = 24  # bits of M
TOTAL = 1 << CODING_UNIT
"""M, the sum of all frequencies."""


class DamagedError(ValueError):
    """A file cannot be decoded; the message says why."""


def frequencies(log_p: Tensor) -> np.ndarray:
    """Round probabilities to frequencies of at least 1 whose sum is `TOTAL`: log-probabilities (V,) to integers (V,).

    Raises:
        ValueError: if a probability is not a number, or all are 0.
    """
    p = np.exp(log_p.double().cpu().numpy())
    if not 0 < p.sum() < np.inf:
        raise ValueError("the network's prediction is no probability")
    found = 1 + np.floor(p / p.sum() * (TOTAL - len(p))).astype(np.int64)
    found[p.argmax()] += TOTAL - found.sum()
    return found


class Encoder:
    """Interval of the symbols so far: it begins at `low` and is `width` wide, both in units of 1 / M^t."""

    def __init__(self) -> None:
        self.low, self.width, self.bits = 0, 1, 0  # 2^bits units are 1

    def push(self, found: np.ndarray, symbol: int) -> None:
        """Add a symbol, with the frequencies (V,) of its place.

        Reference: Witten et al. 1987, procedure encode_symbol.
        """
        before = int(found[:symbol].sum())
        self.low, self.width = (self.low << CODING_UNIT) + before * self.width, self.width * int(found[symbol])
        self.bits += CODING_UNIT

    def code(self) -> bytes:
        """Return the shortest string of bytes whose binary fraction lies in the interval."""
        if self.low == 0:
            return b""
        last = self.low + self.width - 1
        free = (last ^ (self.low - 1)).bit_length() - 1  # bits at the end of `last` that may be 0
        size = -(-(self.bits - free) // 8)
        return (last >> (self.bits - 8 * size)).to_bytes(size, "big")


class Decoder:
    """Reads the symbols back from the code of a message of `count` symbols."""

    def __init__(self, code: bytes, count: int) -> None:
        self.encoder, self.given, self.left = Encoder(), code, count
        spare = CODING_UNIT * count - 8 * len(code)
        if spare < 0:
            raise DamagedError("it is longer than its message can be")
        self.above = int.from_bytes(code, "big") << spare  # from the low end, in units of 1 / M^count

    def pop(self, found: np.ndarray) -> int:
        """Return the next symbol, given the frequencies (V,) of its place.

        Reference: Witten et al. 1987, procedure decode_symbol.
        """
        self.left -= 1
        unit, width, ends = CODING_UNIT * self.left, self.encoder.width, np.cumsum(found)
        place = (self.above >> unit) // width
        if place >= TOTAL:
            raise DamagedError("its code points to no message")
        symbol = int(np.searchsorted(ends, place, side="right"))
        self.above -= (int(ends[symbol] - found[symbol]) * width) << unit
        self.encoder.push(found, symbol)
        return symbol

    def check(self) -> None:
        """Raise DamagedError unless an encoder would have written exactly this code for the decoded symbols."""
        if self.encoder.code() != self.given:
            raise DamagedError("it holds more than its message")


class Stack:
    """Symbols on top of each other in one integer, the `state`; its length in bits is what they cost."""

    def __init__(self, state: int):
        self.state = state

    def push(self, found: np.ndarray, symbol: int) -> None:
        """Put a symbol on top, with the frequencies (V,) of its place.

        Reference: Duda 2009, section 2.
        """
        high, low = divmod(self.state, int(found[symbol]))
        self.state = (high << CODING_UNIT) + int(found[:symbol].sum()) + low

    def pop(self, found: np.ndarray) -> int:
        """Take the symbol on top off, given the frequencies (V,) of its place."""
        high, slot = divmod(self.state, TOTAL)
        ends = np.cumsum(found)
        symbol = int(np.searchsorted(ends, slot, side="right"))
        self.state = high * int(found[symbol]) + slot - int(ends[symbol] - found[symbol])
        return symbol
