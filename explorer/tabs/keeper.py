"""Keep a visitor's own text for the page that sent it, and say what it is made of."""

from typing import Any

from explorer.data import DataError
from explorer.data.own_text import EXAMPLES, accept_text, example
from explorer.models.own_text import new_characters
from explorer.networks.own_texts import OWN_TEXTS
from explorer.running.device import is_lent
from explorer.serving import places
from explorer.serving.desk import DESK
from explorer.serving.work import HEAVY, Question, sentence
from explorer.spaces import TEXT

NEW_LISTED = 12  # new characters that the page lists


def is_offered() -> bool:
    """Return whether visitors may bring a text: this process must keep it and learn it itself."""
    return not places.address() and not is_lent()


async def answer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep a text, or return a sentence about what is wrong; a worker does it in turn."""
    try:
        return await DESK.ask(KEEPING, wanted)
    except Exception as error:
        return {"error": sentence(error, "keep")}


def keep(example: str, raw: bytes, address: str) -> dict[str, Any]:
    """Keep a text, and return its key and the sentence about it; of an example also the text itself.

    Raises:
        ValueError: if it cannot be used; the message says why.
    """
    try:
        text = text_of(example, raw)
    except DataError as error:
        raise ValueError(f"{error}.") from None
    key = OWN_TEXTS.add(text, address)
    return {"key": key, "words": told(text, OWN_TEXTS.find(key).space.alphabet), "text": text if example else ""}


def text_of(name: str, raw: bytes) -> str:
    """Return an example by its name, or the text in these bytes.

    Raises:
        DataError: if there is no such example, or the text cannot be used.
    """
    if not name:
        return accept_text(raw)
    if name not in EXAMPLES:
        raise DataError(f"The examples are {', '.join(EXAMPLES)}")
    return example(name)


def told(text: str, alphabet: str) -> str:
    """Return what a text is made of."""
    new = new_characters(TEXT.alphabet, alphabet)
    listed = "".join(each for each in new if each.isprintable())[:NEW_LISTED]
    more = f" {len(new)} of them are new to Shakespeare’s network: {listed}…" if len(new) > len(listed) else ""
    more = more or (f" {len(new)} of them are new to Shakespeare’s network: {listed}." if new else "")
    return f"{len(text):,} characters, {len(alphabet)} different ones.{more} The last tenth is held out."


KEEPING = Question(keep, HEAVY, remembered=False)
