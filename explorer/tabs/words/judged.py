"""What the judge reads in a drawn scene, word by word beside its prompt."""

from collections.abc import Iterator
from typing import Any

from explorer.data.captions import Caption
from explorer.tabs.words.shared import described


def reading_of(caption: Caption, found: list[int], wanted: list[int]) -> dict[str, Any]:
    """Return a prompt word by word with what is wrong marked, and what the judge reads instead.

    `found` and `wanted` are answers to the judge's questions.
    """
    marked = [*marked_words(caption, found, wanted)]
    is_right = not any(wrong for _, wrong in marked)
    said = "right" if is_right else "wrong"
    return {"words": marked, "right": is_right, "says": said, "reading": "" if is_right else described(found)}


def marked_words(caption: Caption, found: list[int], wanted: list[int]) -> Iterator[tuple[str, bool]]:
    """Yield each word of a caption, and whether the judge reads something else in its place.

    An object without a colour has no word for its own colours, so the object is marked. A relation stands for the
    number of phrases and their direction; with a single phrase, its count does.
    """
    wrong = [one != other for one, other in zip(found, wanted, strict=True)]
    places = {id(phrase): place for place, phrase in enumerate(caption.in_order)}
    for index, phrase in enumerate(caption.phrases):
        of_object, of_colour, of_count = wrong[2 + 3 * places[id(phrase)] :][:3]
        count, *colour, noun = phrase.words
        if index:
            yield caption.relation or "", wrong[0]
        yield count, of_count or (wrong[0] and len(caption.phrases) == 1)
        yield from ((word, of_colour) for word in colour)
        yield noun, of_object or (of_colour and not colour)
    yield "on", False
    yield caption.ground, wrong[1]
