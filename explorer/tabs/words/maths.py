"""Live formulas of words: cross-attention of one position, and guidance."""

import math

from explorer.lessons.live import align, finite, live, tex


def attention_weights(*scores: float) -> list[float]:
    """Return the softmax of the scores of a position with each word."""
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    return [share / sum(shares) for share in shares]


def guided_velocity(given: float, free: float, guidance: float) -> float:
    """Return the velocity without words, extrapolated towards the one with words."""
    return free + guidance * (given - free)


@live(
    "Attention of one position, with your numbers",
    ("score of “red”", 1.5),
    ("score of “cat”", 2.5),
    ("score of “on”", 0),
)
def show_attention(red: float | None, cat: float | None, on: float | None) -> str:
    """Return the weights of three words, as a formula."""
    scores = [
        finite(name, value, -30, 30)
        for name, value in (("score of “red”", red), ("score of “cat”", cat), ("score of “on”", on))
    ]
    lines = [
        rf"A_{{\text{{{word}}}}} &= \frac{{e^{{{tex(score)}}}}}{{\sum_j e^{{s_j}}}} = {tex(weight)}"
        for word, score, weight in zip(("red", "cat", "on"), scores, attention_weights(*scores))
    ]
    return align(r" \\ ".join(lines))


@live("Guidance, with your numbers", ("v with words", 0.6), ("v without", 0.2), ("g", 4))
def show_words_guidance(given: float | None, free: float | None, guidance: float | None) -> str:
    """Return the guided velocity of one number, as a formula."""
    given, free, guidance = finite("v with words", given), finite("v without", free), finite("g", guidance, 0, 20)
    value = guided_velocity(given, free, guidance)
    return align(rf"\tilde v &= {tex(free)} + {tex(guidance)} \cdot ({tex(given)} - {tex(free)}) = {tex(value)}")
