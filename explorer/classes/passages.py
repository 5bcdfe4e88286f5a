"""*Guess the next character*: what a class guesses, and the bits that its guesses cost beside the transformer's.

Each phone guesses the same characters one after the other, and is told each after its guess. The votes on a character
are a forecast: each symbol gets the share of its votes, after the votes were mixed with the frequencies of the training
text. So −log₂ of the share of the true symbol is a code length, as the transformer's is. Shannon's bounds need every
rank of every guesser, so 10 or more taps a character; a vote needs one tap, and the class gives the distribution.

Reference: Shannon, Prediction and entropy of printed English, 1951
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from explorer.classes.room import FEWEST_VOTES

PASSAGES_FILE = Path(__file__).parents[1] / "bundled" / "class-passages.json"
PASSAGE_CONTEXT, PASSAGE_GUESSED = 200, 20  # characters that are shown first, and characters to guess
PASSAGE_SYMBOLS = "abcdefghijklmnopqrstuvwxyz \n,.;:!?'-$&3"
"""Symbols of the text: capital and small letters count as one, because a phone's keys have no capitals."""
RARE_SYMBOLS = "$&3"  # which no key has
PASSAGE_KEYS = PASSAGE_SYMBOLS[: -len(RARE_SYMBOLS)]
MOST_GUESSED = 3  # symbols that are displayed with their votes
FREQUENCY_VOTES = 2.0  # votes by the frequencies of the training text, beside those of the class


def fold(character: str) -> str:
    """Return the symbol of a character."""
    return character.lower()


@cache
def read() -> dict[str, Any]:
    """Return the recorded passages, with the transformer's bits, and the frequencies of symbols."""
    return json.loads(PASSAGES_FILE.read_text(encoding="utf-8"))


def forecast(votes: Mapping[str, int], frequencies: Mapping[str, float]) -> dict[str, float]:
    """Return the probability that a class gives to each symbol.

    p(s) = (votes of s + m f(s)) / (all votes + m), with f the frequency in the training text and m `FREQUENCY_VOTES`.
    It sums to 1, is never 0, and becomes the share of the votes in a large class. m is fixed before anybody votes.
    """
    total = sum(votes.values()) + FREQUENCY_VOTES
    return {each: (votes.get(each, 0) + FREQUENCY_VOTES * share) / total for each, share in frequencies.items()}


def bits(guesses: Sequence[Sequence[str]], truth: Sequence[str], frequencies: Mapping[str, float]) -> list[float]:
    """Return −log₂ of the class's probability of each true symbol.

    Arguments:
        guesses: The guesses for each character.
        truth: The true symbols.
        frequencies: Share of each symbol in the training text.
    """
    forecasts = (forecast(Counter(each), frequencies) for each in guesses)
    return [-math.log2(each[symbol]) for each, symbol in zip(forecasts, truth, strict=True)]


def compared(guesses: Mapping[int, Sequence[str]], passage: int) -> dict[str, Any]:
    """Return the bits of each character by the class and by the transformer, and their mean difference.

    Arguments:
        guesses: The guesses by the place of the character; places with fewer than `FEWEST_VOTES` are left out.
        passage: Number of the passage.
    """
    known = read()
    text, net = (known["passages"][passage % len(known["passages"])][key] for key in ("text", "bits"))
    places = sorted(place for place, each in guesses.items() if len(each) >= FEWEST_VOTES)
    truth = [fold(text[PASSAGE_CONTEXT + place]) for place in places]
    own = bits([guesses[place] for place in places], truth, known["frequencies"])
    rows = [
        {
            "place": place,
            "was": text[PASSAGE_CONTEXT + place],
            "n": len(guesses[place]),
            "hits": guesses[place].count(symbol),
            "class": cost,
            "net": net[place],
            "top": Counter(guesses[place]).most_common(MOST_GUESSED),
        }
        for place, symbol, cost in zip(places, truth, own, strict=True)
    ]
    differences = [cost - net[place] for place, cost in zip(places, own, strict=True)]
    found: dict[str, Any] = {"context": text[:PASSAGE_CONTEXT], "characters": rows}
    if len(rows) < 2:
        return found
    error = stdev(differences) / math.sqrt(len(differences))
    means = {"class": fmean(own), "net": fmean(net[place] for place in places)}
    return found | {"means": means, "difference": fmean(differences), "error": error}
