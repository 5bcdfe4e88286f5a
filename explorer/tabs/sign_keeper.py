"""Keep the drawings of a visitor's own sign for the page that sent them."""

import base64
from typing import Any

from explorer.data import DataError
from explorer.data.own_signs import EXAMPLE_COUNT, accept_drawings, example_drawings
from explorer.networks.own_texts import OWN_SIGNS, OwnSign
from explorer.serving.desk import DESK
from explorer.serving.work import HEAVY, Question, sentence

EXAMPLE_SEED = 1


async def answer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep drawings, or return a sentence about what is wrong; a worker does it in turn."""
    try:
        return await DESK.ask(KEEPING_SIGN, wanted)
    except Exception as error:
        return {"error": sentence(error, "keep")}


def keep_sign(example: str, raw: bytes, address: str) -> dict[str, Any]:
    """Keep drawings, and return their key and a sentence; of an example also the drawings, 784 bytes each, in base64.

    Raises:
        ValueError: if they cannot be used; the message says why.
    """
    try:
        drawings = example_drawings(example, EXAMPLE_COUNT, EXAMPLE_SEED) if example else accept_drawings(raw)
    except DataError as error:
        raise ValueError(f"{error}.") from None
    key = OWN_SIGNS.keep(OwnSign(drawings, address, example))
    words = f"{len(drawings)} drawings" + (", made by code." if example else ".")
    return {
        "key": key,
        "words": words,
        "drawings": base64.b64encode(drawings.numpy().tobytes()).decode() if example else "",
    }


KEEPING_SIGN = Question(keep_sign, HEAVY, remembered=False)
