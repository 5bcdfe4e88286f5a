"""Sentences about a sound: what it costs and where, and which digit it is by Bayes' rule."""

from collections.abc import Mapping, Sequence

import torch

from explorer.card import Card, rows
from explorer.measures.sound import JUDGE
from explorer.spaces import SOUND
from explorer.tabs.kit.exercises import say

STRETCH = 160  # samples, 20 ms


def percent(share: float) -> str:
    """Return a fraction in per cent, with one decimal."""
    return f"{100 * share:.1f} %"


def dearest(bits: Sequence[float]) -> float:
    """Return when the 20 ms begin that cost most bits, in milliseconds."""
    sums = torch.tensor(bits, dtype=torch.double).unfold(0, min(STRETCH, len(bits)), 1).sum(-1)
    return 1000 * int(sums.argmax()) / SOUND.rate


def of_bits(title: str, bits: Sequence[float], rivals: Mapping[str, float]) -> str:
    """Return what a sound costs by a network of that title beside its best rival, and where it costs most."""
    best = min(rivals, key=rivals.__getitem__)
    return (
        f"{title} needs {say(sum(bits) / len(bits), 2)} bits a sample; the best rival, {best}, needs "
        f"{say(rivals[best], 2)}. The 20 ms that cost most begin at {dearest(bits):.0f} ms."
    )


def of_digit(best: int, spoken: int | None, card: Card) -> str:
    """Return the most probable digit, and how often it is right; `spoken` is None for a visitor's own sound."""
    if spoken is None:
        return f"Bayes' rule says {best}. It learned six speakers: choose the one most like you."
    verdict = "which is right" if best == spoken else f"but {spoken} was spoken"
    parts = [f"Bayes' rule says {best}, {verdict}."]
    for row in rows(card, "accuracy"):
        if row.get("judge") == JUDGE:
            parts.append(f"A classifier that was trained for it gets {percent(row['value'])}.")
        elif "judge" not in row:
            parts.insert(1, f"It gets {percent(row['value'])} of the test recordings right.")
    if tenths := card.get("digits", {}).get("reliability", {}).get("tenths"):
        last = tenths[-1]
        parts.append(
            f"While a recording is heard, the digit said with about {percent(last['sure'])} is right in "
            f"{percent(last['right'] / last['n'])} of the moments. Below the diagonal, Bayes' rule is too sure."
        )
    return " ".join(parts)
