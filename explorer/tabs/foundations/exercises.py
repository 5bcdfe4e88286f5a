"""Exercises on the foundations of all families, and divergences of two coins."""

import math
from pathlib import Path

from explorer.lessons.written import read
from explorer.tabs.foundations.maths import gap, kl, map_mean


def js_of_coins(p: float, q: float) -> float:
    """Return the Jensen–Shannon divergence in nats of two coins with these probabilities of heads."""
    half = (p + q) / 2
    return (kl_of_coins(p, half) + kl_of_coins(q, half)) / 2


def kl_of_coins(p: float, q: float) -> float:
    """Return KL(p ‖ q) in nats of two coins with these probabilities of heads."""
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


GIVEN = {"gap": gap, "js_of_coins": js_of_coins, "kl": kl, "kl_of_coins": kl_of_coins, "map_mean": map_mean}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
