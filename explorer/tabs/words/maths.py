"""Live formulas of words: cross-attention of one position, and guidance, with the default prompt's numbers first."""

import math

from explorer.lessons.live import align, finite, live, tex
from explorer.tabs.words.own_numbers import OWN_SCORES, OWN_VELOCITY

OWN_ATTENTION = (2.719, 2.48, 1.236, 1.355)
OWN_GUIDED = (0.515, 1.04, 4.0)
"""Numbers of the default prompt, seed and guidance (`own_numbers`)."""


def attention_weights(*scores: float) -> list[float]:
    """Return the softmax of the scores of a position with each word."""
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    return [share / sum(shares) for share in shares]


def guided_velocity(given: float, free: float, guidance: float) -> float:
    """Return the velocity without words, extrapolated towards the one with words."""
    return free + guidance * (given - free)


@live("Attention of one position, with this prompt's numbers", *zip(OWN_SCORES, OWN_ATTENTION))
def show_attention(*inputs: float | None) -> str:
    """Return the weights of the three words with the largest scores, as a formula."""
    *scores, rest = (finite(name, value, -30, 30) for name, value in zip(OWN_SCORES, inputs, strict=True))
    others = " + ".join(f"e^{{{tex(score)}}}" for score in (*scores, rest))
    lines = [
        rf"A_{place} &= \frac{{e^{{{tex(score)}}}}}{{{others}}} = {tex(weight)}"
        for place, (score, weight) in enumerate(zip(scores, attention_weights(*scores, rest)), 1)
    ]
    return align(r" \\ ".join(lines))


@live("Guidance, with this prompt's numbers", *zip(OWN_VELOCITY, OWN_GUIDED))
def show_words_guidance(*inputs: float | None) -> str:
    """Return the guided velocity of one number, as a formula."""
    given, free = (finite(name, value) for name, value in zip(OWN_VELOCITY, inputs[:2], strict=False))
    guidance = finite(OWN_VELOCITY[2], inputs[2], 0, 20)
    value = guided_velocity(given, free, guidance)
    return align(rf"\tilde v &= {tex(free)} + {tex(guidance)} \cdot ({tex(given)} - {tex(free)}) = {tex(value)}")
