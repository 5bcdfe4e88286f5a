"""Prepare a visitor's picture for the networks, and say what was done to it."""

import base64
import threading
from typing import Any

import numpy as np
from PIL import Image

from explorer.data import DataError, pictures, tones
from explorer.serving.desk import DESK
from explorer.serving.work import HEAVY, Question, sentence

PREVIEW = 84  # pixels of its longer side
AS_IT_IS = "used as it is"
ONE = threading.Lock()  # a large picture takes 200 MB for a moment


async def answer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Prepare a picture, or return a sentence about what is wrong; a worker does it in turn."""
    try:
        return await DESK.ask(PREPARING, wanted)
    except Exception as error:
        return {"error": sentence(error, "prepare")}


def prepare(name: str, box: int, raw: bytes) -> dict[str, Any]:
    """Return a picture of 784 grey levels, what was given, what was done, and a small copy of what was given.

    Raises:
        ValueError: if it cannot be prepared; the message names the file and the reason.
    """
    try:
        with ONE:
            picture = pictures.read(raw, name)
            levels, done = tones.prepare(picture.levels, name, box, picture.size)
    except DataError as error:
        raise ValueError(f"{error}.") from None
    done = [*picture.done, *done] or [AS_IT_IS]
    words = ", ".join(done)
    return {
        "pixels": _base64(levels),
        "given": picture.given,
        "done": f"{words[0].upper()}{words[1:]}.",
        "preview": preview(picture.colours),
    }


def preview(image: Image.Image) -> dict[str, Any]:
    """Return a small copy for the browser: its width, its height, and its pixels, four bytes each."""
    small = image.convert("RGBA")
    small.thumbnail((PREVIEW, PREVIEW))
    return {"width": small.width, "height": small.height, "rgba": _base64(np.asarray(small))}


def _base64(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.astype(np.uint8).tobytes()).decode()


PREPARING = Question(prepare, HEAVY, remembered=False)
