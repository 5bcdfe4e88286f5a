r"""Sound: sequences of samples, each one of 256 µ-law levels.

An amplitude a in [−1, 1] is companded before it is rounded, so that quiet samples keep fine steps:

$$ f(a) = \mathrm{sign}(a) \, \frac{\ln(1 + \mu |a|)}{\ln(1 + \mu)}, \qquad \mu = 255 $$

Reference: ITU-T Recommendation G.711, 1988; van den Oord et al. 2016, section 2.2
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from explorer.spaces.sequences import Sequences
from explorer.spaces.space import Space

LEVELS = 256
MU = LEVELS - 1
SILENCE = 128  # level of the amplitude 0
WAVE_LONGEST = 8_000  # samples of a visitor's sound


def mu_law_encode(amplitude: Tensor) -> Tensor:
    """Convert amplitudes in [−1, 1] to the nearest of the 256 levels, as 64-bit integers of the same shape."""
    a = amplitude.clamp(-1, 1)
    return ((a.sign() * (MU * a.abs()).log1p() / math.log1p(MU) + 1) / 2 * MU + 0.5).floor().long()


def mu_law_decode(level: Tensor) -> Tensor:
    """Convert levels 0 … 255 to amplitudes in [−1, 1], of the same shape."""
    y = 2 * level / MU - 1
    return y.sign() * (y.abs() * math.log1p(MU)).expm1() / MU


@dataclass(frozen=True)
class Wave(Sequences):
    """Sounds (B, T) of integers from 0 to 255, the µ-law levels. The browser receives a byte for each sample.

    Drawn sounds have `length` samples. A sound that is read, encoded or checked may have any length T from 1.

    Arguments:
        rate: Samples a second.
        length: Number of samples of a drawn sound.
    """

    rate: int
    length: int
    name: ClassVar[str] = "wave"
    title: ClassVar[str] = "sound"
    ways: ClassVar[int] = 1
    size: ClassVar[int] = LEVELS

    @property
    def lengths(self) -> range:
        """Numbers of symbols that a visitor's x may have."""
        return range(1, WAVE_LONGEST + 1)

    def read(self, kind: str, value: object = None) -> Tensor:
        """Read the "levels" of 1 to 8,000 samples, a byte each, (1, T), or "noise" of a seed, (1, length)."""
        if kind == "noise":
            return self.noise_of(value)
        if kind != "levels" or not isinstance(value, bytes):
            raise ValueError(f"what is asked about is a sound or noise, not “{kind}”")
        if not 1 <= len(value) <= WAVE_LONGEST:
            raise ValueError(f"a sound has from 1 to {WAVE_LONGEST:,} samples, this one has {len(value):,}")
        return torch.frombuffer(bytearray(value), dtype=torch.uint8).long().unsqueeze(0)

    def comparable(self, other: Space) -> bool:
        """True for sounds of the same rate: the log-probability of a sound does not depend on `length`."""
        return isinstance(other, Wave) and self.rate == other.rate
