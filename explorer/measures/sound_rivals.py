r"""Compression of the same µ-law levels without a network: xz, a code like FLAC's, and a least-squares predictor.

Levels are centred, $y = x - 128$. A linear predictor gives $\hat y_t = \sum_i w_i \, y_{t-i}$.

- FLAC's method: a frame of 4,096 samples takes the cheapest of the fixed predictors of orders 0 to 4 and of linear
  predictors fitted to the frame, whose weights cost 12 bits each. Rice codes of 256 residuals share a parameter.
- The least-squares predictor is fitted to the training recordings. A Laplace distribution around its prediction gives
  every level a probability. Its scale follows the last residuals.

References:
    Rice, Some Practical Universal Noiseless Coding Techniques, 1979
    Coalson, Free Lossless Audio Codec, 2001, https://xiph.org/flac
"""

import lzma
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FRAME, PART = 4_096, 256  # samples of a frame, and of a part with its own Rice parameter
HEADER, PARAMETER, WEIGHT = 64, 5, 12  # bits of a frame's header, of a Rice parameter, of a weight
FITTED = (4, 8, 12, 16)  # orders of the predictors fitted to a frame
FIXED = ((), (1,), (2, -1), (3, -3, 1), (4, -6, 4, -1))
TAPS = (2, 4, 8, 16, 32, 64)
MIDDLE, LEVELS = 128, 256
LEAST = 0.05  # scale of the Laplace distribution in levels


def xz_bits(sounds: Sequence[np.ndarray]) -> int:
    """Size of all sounds in one xz stream: levels (T,) each, as bytes."""
    raw = b"".join(sound.astype(np.uint8).tobytes() for sound in sounds)
    return 8 * len(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))


def flac_bits(sound: np.ndarray) -> int:
    """Size of a sound by FLAC's method; levels (T,)."""
    y = sound.astype(np.int64) - MIDDLE
    return sum(frame_bits(y[start : start + FRAME]) for start in range(0, len(y), FRAME))


def frame_bits(y: np.ndarray) -> int:
    """Size of a frame with its best predictor; centred levels (T,)."""
    fitted = [(fit([y], order), WEIGHT * order) for order in FITTED if len(y) > 2 * order]
    return HEADER + min(
        rice_bits(y - np.rint(before(y, len(weights)) @ np.asarray(weights, float)).astype(np.int64)) + cost
        for weights, cost in [*((weights, 0) for weights in FIXED), *fitted]
    )


def rice_bits(residuals: np.ndarray) -> int:
    """Size of residuals (T,) in Rice codes, with the best parameter of every part."""
    u = np.where(residuals < 0, -2 * residuals - 1, 2 * residuals)
    k = np.arange(15)[:, None]
    parts = (u[start : start + PART] for start in range(0, len(u), PART))
    return sum(PARAMETER + int(((part >> k) + 1 + k).sum(1).min()) for part in parts)


def before(y: np.ndarray, taps: int) -> np.ndarray:
    """Return the last `taps` values before each one, newest first, 0 before the start: (T,) to (T, taps)."""
    if not taps:
        return np.zeros((len(y), 0))
    padded = np.concatenate([np.zeros(taps), y[:-1]])
    return np.lib.stride_tricks.sliding_window_view(padded, taps)[:, ::-1]


def fit(sounds: Sequence[np.ndarray], taps: int) -> np.ndarray:
    """Fit the weights of a linear predictor by least squares to centred sounds (T,): (taps,)."""
    gram, moment = 1e-3 * np.eye(taps), np.zeros(taps)
    for y in sounds:
        past = before(y, taps)
        gram += past.T @ past
        moment += past.T @ y
    return np.linalg.solve(gram, moment)


@dataclass(frozen=True)
class Predictor:
    """Least-squares predictor with a Laplace distribution whose scale follows the residuals.

    Arguments:
        weights: Weight of each earlier level, newest first.
        decay: Weight of the earlier residuals in their running mean.
        wider: Scale of the distribution, in units of that mean.
    """

    weights: tuple[float, ...]
    decay: float
    wider: float

    def costs(self, sound: np.ndarray) -> np.ndarray:
        """Compute −log₂ p of every sample: levels (T,) to bits (T,)."""
        y = sound.astype(float) - MIDDLE
        mean = before(y, len(self.weights)) @ np.asarray(self.weights)
        scale = self.wider * running(np.abs(y - mean), self.decay) + LEAST
        low = np.where(y == -MIDDLE, -np.inf, (y - 0.5 - mean) / scale)
        high = np.where(y == LEVELS - 1 - MIDDLE, np.inf, (y + 0.5 - mean) / scale)
        return -np.log2(np.maximum(mass(low, high), 1e-12))


def mass(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Probability of each interval under the Laplace distribution of scale 1."""
    flipped = low > 0  # the tail is computed where its values are small
    low, high = np.where(flipped, -high, low), np.where(flipped, -low, high)
    above = np.where(high > 0, 1 - np.exp(-np.maximum(high, 0)) / 2, np.exp(np.minimum(high, 0)) / 2)
    return above - np.exp(np.minimum(low, 0)) / 2


def running(values: np.ndarray, decay: float) -> np.ndarray:
    """Running mean of the values before each one, from 8 on: (T,) to (T,)."""
    found, mean = np.empty(len(values)), 8.0
    for place, value in enumerate(values.tolist()):
        found[place] = mean
        mean = decay * mean + (1 - decay) * value
    return found


def fit_best(train: Sequence[np.ndarray], held_out: Sequence[np.ndarray]) -> Predictor:
    """Fit predictors of 2 to 64 taps to training sounds (T,), and return the best on held-out ones."""
    centred = [sound.astype(float) - MIDDLE for sound in train]
    weights = [tuple(fit(centred, taps)) for taps in TAPS]
    candidates = [Predictor(each, 0.97, 1.0) for each in weights]
    best = min(candidates, key=lambda each: mean_cost(each, held_out))
    scales = [Predictor(best.weights, decay, wider) for decay in (0.9, 0.95, 0.97, 0.99) for wider in (0.8, 1.0, 1.2)]
    return min(scales, key=lambda each: mean_cost(each, held_out))


def mean_cost(predictor: Predictor, sounds: Sequence[np.ndarray]) -> float:
    """Mean of −log₂ p over all samples."""
    return float(np.concatenate([predictor.costs(sound) for sound in sounds]).mean())
