"""Codes of many drawings at once, for the map: those that a class has drawn and its lecturer has let through."""

from typing import Annotated

from explorer.fields import Field, UpTo
from explorer.numbers.answer import Answer
from explorer.spaces.images import PIXELS, SIDE
from explorer.spaces.packing import unpack_bits
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.vae.shared import Beta, Which, _codes, _model, _rounded

CODED_BYTES, CODED_MOST = PIXELS // 8, 100  # bytes of a drawing, and drawings of one question
Drawings = Annotated[bytes, Field("drawings", UpTo(CODED_BYTES * CODED_MOST, CODED_BYTES), None, "the drawings")]


@light
def codes_of_class(dataset: Which, beta: Beta, drawings: Drawings) -> Answer:
    """Return the mean of q(z | x) for each drawing, 98 bytes of packed bits each: z₁ and z₂ in turn.

    Raises:
        ValueError: if the bytes are no whole drawings.
    """
    if len(drawings) % CODED_BYTES:
        raise ValueError(f"each of the drawings must have {CODED_BYTES} bytes")
    x = unpack_bits(drawings).view(-1, 1, SIDE, SIDE)
    mu = _codes(_model(dataset), x, beta)
    return Answer(view={"mu": _rounded(mu, 4)})
