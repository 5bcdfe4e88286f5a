"""Names of the principal directions of w, by what was measured to change along each."""

from collections.abc import Mapping, Sequence

from explorer.measures.strokes import TRAITS
from explorer.measures.stylegan import DIRECTIONS
from explorer.networks.card import Card, find, rows
from explorer.verdicts import Estimate, compare, of_figure

CLEAR = 0.8  # standard deviations of a measure, from one end to the other, that give a direction its name
WORDS = {
    "thickness": ("thicker", "thinner"),
    "slant": ("leans right", "leans left"),
    "width": ("wider", "narrower"),
    "height": ("taller", "shorter"),
}
INDICES = range(1, DIRECTIONS + 1)


def names_of(card: Card, ends: Sequence[tuple[str, str]], changes: Sequence[Mapping[str, float]]) -> list[str]:
    """Return a name for every direction, by the classes at the ends of its strip and the changes of its traits."""
    return [
        f"{index}: {name_of(card, index, *strip)}" for index, strip in zip(INDICES, zip(ends, changes), strict=True)
    ]


def name_of(card: Card, index: int, ends: tuple[str, str], changes: Mapping[str, float]) -> str:
    """Return the clearest change along a direction, where the strip shows it, too, and the classes at its ends.

    What changes is measured on average over many images, which one strip may contradict.
    """
    classes = f"{ends[0]} → {ends[1]}" if ends[0] != ends[1] else f"forms of {ends[0]}"
    if not rows(card, "effect", direction=index):
        return classes
    effects = {name: find(card, "effect", of=name, direction=index) for name in TRAITS}
    clearest = max(effects, key=lambda name: abs(effects[name]["value"]))
    effect = effects[clearest]
    sign = compare(of_figure(effect), Estimate(0), len(INDICES) * len(TRAITS)).sign
    is_clear = abs(effect["value"]) >= CLEAR and sign * changes[clearest] > 0
    return f"{WORDS[clearest][effect['value'] < 0]}, {classes}" if is_clear else classes
