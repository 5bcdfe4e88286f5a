"""Identity of a visitor, by which the scheduler shares the workers fairly."""

from collections import Counter
from contextvars import ContextVar
from typing import NamedTuple, TypeVar

K = TypeVar("K")


class Visitor(NamedTuple):
    """Open page of a visitor, with the client address; a whole class may share one address."""

    session: str = ""
    address: str = ""


NOBODY = Visitor()
visitor: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)
"""Visitor whose request is being answered; `Gate` sets it."""


def subtract_one(counted: Counter[K], one: K) -> None:
    """Count one less, and drop what is counted no more: `+counted` would copy it all."""
    counted[one] -= 1
    if not counted[one]:
        del counted[one]
