"""Captions that no network sees in training, in seven grades.

The objects, colours and grounds have the numbers of their order in `captions.py`, from 0.

| grade | never in training |
| --- | --- |
| a | object i in colour 3 i mod 8 |
| b | the objects `UNCOLOURED` in any colour |
| c | the objects `SINGLE` more than once |
| d | objects i and j together, if i + j is 3 mod 16 |
| e | object i left of object j > i, if i + j is 8 mod 16; j left of i is seen |
| f | three phrases |
| g | object i, if i is 1 mod 4, on ground ⌊i / 4⌋ mod 6 |

A caption of no grade is *seen*: training draws from all such captions.
"""

from itertools import combinations

from explorer.data.captions import COLOUR_WORDS, GROUNDS, OBJECTS, Caption, Phrase

GRADES = {
    "a": "an object in a new colour",
    "b": "an object never seen in any colour, with a colour",
    "c": "an object never seen more than once, two or three times",
    "d": "two objects never seen together",
    "e": "two objects in an order never seen",
    "f": "three phrases",
    "g": "an object on a new ground",
}
UNCOLOURED = ("fish", "tree", "cup", "ghost")
SINGLE = ("dog", "boat", "key", "robot")
PLACE = {name: index for index, name in enumerate(OBJECTS)}
UNSEEN_COLOUR = {name: COLOUR_WORDS[3 * index % len(COLOUR_WORDS)] for name, index in PLACE.items()}
UNSEEN_GROUND = {name: GROUNDS[index // 4 % len(GROUNDS)] for name, index in PLACE.items() if index % 4 == 1}
SUM_APART, SUM_ORDERED, MODULUS = 3, 8, 16


def grade(caption: Caption) -> frozenset[str]:
    """Return the grades that a caption belongs to; none if it may occur in training."""
    found = {each for phrase in caption.phrases for each in _grades_of_phrase(phrase, caption.ground)}
    if len(caption.phrases) > 2:
        found.add("f")
    horizontal = caption.relation in ("left of", "right of")
    for first, second in combinations((PLACE[phrase.object] for phrase in caption.in_order), 2):
        if (first + second) % MODULUS == SUM_APART:
            found.add("d")
        if horizontal and first < second and (first + second) % MODULUS == SUM_ORDERED:
            found.add("e")
    return frozenset(found)


def _grades_of_phrase(phrase: Phrase, ground: str) -> set[str]:
    """Return the grades that depend on one phrase and the ground."""
    name = phrase.object
    holds = {
        "a": phrase.colour == UNSEEN_COLOUR[name],
        "b": phrase.colour is not None and name in UNCOLOURED,
        "c": phrase.count > 1 and name in SINGLE,
        "g": UNSEEN_GROUND.get(name) == ground,
    }
    return {each for each, held in holds.items() if held}
