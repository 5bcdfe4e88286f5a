"""Names of the principal directions of w, by what was measured to change along each."""

from collections.abc import Sequence

from explorer.card import Card, find, rows
from explorer.measures.strokes import TRAITS
from explorer.measures.stylegan import DIRECTIONS

CLEAR = 0.8  # standard deviations of a measure, from one end to the other, that give a direction its name
SURE = 2  # standard errors
WORDS = {
    "thickness": ("thicker", "thinner"),
    "slant": ("leans right", "leans left"),
    "width": ("wider", "narrower"),
    "height": ("taller", "shorter"),
}
INDICES = range(1, DIRECTIONS + 1)


def names_of(card: Card, classes: Sequence[str]) -> list[str]:
    """Return a name for every direction; a number alone if it was not measured."""
    measured = {index for index in INDICES if rows(card, "effect", direction=index)}
    return [f"{index}: {name_of(card, index, classes)}" if index in measured else str(index) for index in INDICES]


def name_of(card: Card, index: int, classes: Sequence[str]) -> str:
    """Return the clearest change along a direction, if any is clear, and the most frequent classes at its ends."""
    effects = {name: find(card, "effect", of=name, direction=index) for name in TRAITS}
    clearest = max(effects, key=lambda name: abs(effects[name]["value"]))
    effect = effects[clearest]
    is_clear = abs(effect["value"]) >= max(CLEAR, SURE * effect["se"])
    low, high = (rows(card, "commonest", direction=index, end=end)[0]["label"] for end in ("low", "high"))
    ends = f"{classes[low]} to {classes[high]}" if low != high else f"forms of {classes[low]}"
    return f"{WORDS[clearest][effect['value'] < 0]}, {ends}" if is_clear else ends
