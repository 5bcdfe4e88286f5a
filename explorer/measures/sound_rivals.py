r"""Compression of the same µ-law levels without a network: a code like FLAC's, and a least-squares predictor.

A linear predictor gives $\hat a_t = \sum_i w_i \, a_{t-i}$ for the amplitudes a of the levels. A voice is nearly linear
in its amplitudes, and not in its levels: µ-law is a logarithm. The predictors are fitted to the sound itself, so their
weights are part of its code, 12 bits each.

- FLAC's method: a frame of 4,096 samples takes the cheapest predictor, of levels or of amplitudes. They are the fixed
  ones of orders 0 to 4 and those fitted to the frame. The residual is that of the levels. Rice codes of 256 residuals
  share a parameter.
- The least-squares predictor has the best of some orders. A Laplace distribution around its prediction gives every
  level a probability. Its scale follows the last residuals.

References:
    Rice, Some Practical Universal Noiseless Coding Techniques, 1979
    Coalson, Free Lossless Audio Codec, 2001, https://xiph.org/flac
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from explorer.spaces.wave import LEVELS, SILENCE, mu_law_decode, mu_law_encode

RIVALS_FRAME, RIVALS_PART = 4_096, 256  # samples of a frame, and of a part with its own Rice parameter
HEADER, PARAMETER, WEIGHT = 64, 5, 12  # bits of a frame's header, of a Rice parameter, of a weight
RIVALS_STEP, RIVALS_LARGEST = (
    2**-9,
    4 - 2**-9,
)  # weights of 12 bits are multiples of RIVALS_STEP from −4 to RIVALS_LARGEST
RIVALS_ORDERS = (2, 8, 16, 32)  # of the predictors that are fitted to a sound
ORDER = 2  # bits that say which
FIXED = ((), (1,), (2, -1), (3, -3, 1), (4, -6, 4, -1))
BEGIN, RIVALS_LEAST = 0.02, 1e-5  # amplitudes: scale of the Laplace distribution at the start, and its least one


def amplitudes(levels: np.ndarray) -> np.ndarray:
    """Convert levels, or places between them, to amplitudes: (T,) to (T,)."""
    return mu_law_decode(torch.as_tensor(levels, dtype=torch.double)).numpy()


EDGES = np.concatenate([[-np.inf], amplitudes(np.arange(1, LEVELS) - 0.5), [np.inf]])
"""Amplitudes between which each level lies, (LEVELS + 1,)."""


def flac_bits(sound: np.ndarray) -> int:
    """Size of a sound by FLAC's method; levels (T,)."""
    return sum(
        frame_bits(sound[start : start + RIVALS_FRAME].astype(np.int64)) for start in range(0, len(sound), RIVALS_FRAME)
    )


def frame_bits(levels: np.ndarray) -> int:
    """Size of a frame with its best predictor; levels (T,)."""
    found = []
    for y in (levels - SILENCE, amplitudes(levels)):
        fitted = [(fit(y, order), WEIGHT * order) for order in RIVALS_ORDERS if len(y) > 2 * order]
        for weights, cost in [*((np.array(weights, float), 0) for weights in FIXED), *fitted]:
            mean = before(y, len(weights)) @ weights
            found.append(cost + rice_bits(levels - (SILENCE + np.rint(mean) if y.dtype == np.int64 else nearest(mean))))
    return HEADER + min(found)


def nearest(amplitude: np.ndarray) -> np.ndarray:
    """Return the nearest level of amplitudes (T,)."""
    return mu_law_encode(torch.as_tensor(amplitude)).numpy()


def rice_bits(residuals: np.ndarray) -> int:
    """Size of whole residuals (T,) in Rice codes, with the best parameter of every part."""
    whole = residuals.astype(np.int64)
    u = np.where(whole < 0, -2 * whole - 1, 2 * whole)
    k = np.arange(15)[:, None]
    parts = (u[start : start + RIVALS_PART] for start in range(0, len(u), RIVALS_PART))
    return sum(PARAMETER + int(((part >> k) + 1 + k).sum(1).min()) for part in parts)


def before(y: np.ndarray, taps: int) -> np.ndarray:
    """Return the last `taps` values before each one, newest first, 0 before the start: (T,) to (T, taps)."""
    if not taps:
        return np.zeros((len(y), 0))
    padded = np.concatenate([np.zeros(taps), y[:-1]])
    return np.lib.stride_tricks.sliding_window_view(padded, taps)[:, ::-1]


def fit(y: np.ndarray, taps: int) -> np.ndarray:
    """Fit the weights of a linear predictor by least squares to values (T,), rounded to 12 bits each: (taps,)."""
    past = before(y, taps)
    gram = past.T @ past
    ridge = 1e-6 * np.trace(gram) / taps + 1e-12
    weights = np.linalg.solve(gram + ridge * np.eye(taps), past.T @ y)
    return np.clip(RIVALS_STEP * np.rint(weights / RIVALS_STEP), -4, RIVALS_LARGEST)


@dataclass(frozen=True)
class Predictor:
    """Least-squares predictor with a Laplace distribution whose scale follows the residuals.

    Arguments:
        decay: Weight of the earlier residuals in their running mean.
        wider: Scale of the distribution, in units of that mean.
    """

    decay: float
    wider: float

    def bits(self, sound: np.ndarray) -> float:
        """Size of a sound with its best order, in bits: levels (T,)."""
        y = amplitudes(sound)
        orders = [order for order in RIVALS_ORDERS if len(y) > 2 * order] or [0]
        weights = (fit(y, order) if order else np.zeros(0) for order in orders)
        return ORDER + min(WEIGHT * len(each) + float(self.costs(sound, each).sum()) for each in weights)

    def costs(self, sound: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Compute −log₂ p of every sample, given the weight of each earlier amplitude: levels (T,) to bits (T,)."""
        y, level = amplitudes(sound), sound.astype(np.int64)
        mean = before(y, len(weights)) @ weights
        scale = self.wider * running(np.abs(y - mean), self.decay) + RIVALS_LEAST
        low, high = (EDGES[level] - mean) / scale, (EDGES[level + 1] - mean) / scale
        return -np.log2(np.maximum(mass(low, high), 1e-12))


def mass(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Probability of each interval under the Laplace distribution of scale 1."""
    flipped = low > 0  # the tail is computed where its values are small
    low, high = np.where(flipped, -high, low), np.where(flipped, -low, high)
    above = np.where(high > 0, 1 - np.exp(-np.maximum(high, 0)) / 2, np.exp(np.minimum(high, 0)) / 2)
    return above - np.exp(np.minimum(low, 0)) / 2


def running(values: np.ndarray, decay: float) -> np.ndarray:
    """Running mean of the values before each one: (T,) to (T,)."""
    found, mean = np.empty(len(values)), BEGIN
    for place, value in enumerate(values.tolist()):
        found[place] = mean
        mean = decay * mean + (1 - decay) * value
    return found


def choose(held_out: Sequence[np.ndarray]) -> Predictor:
    """Return the predictor with the decay and the width that are best on held-out sounds (T,)."""
    candidates = [Predictor(decay, wider) for decay in (0.8, 0.9, 0.95, 0.97) for wider in (0.8, 1.0, 1.2)]
    return min(candidates, key=lambda each: sum(map(each.bits, held_out)))
