"""Identity of a visitor, by which the scheduler shares the workers fairly."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Visitor:
    """Open page of a visitor, with the client address; a whole class may share one address."""

    session: str = ""
    address: str = ""


NOBODY = Visitor()
visitor: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)
"""Visitor whose request is being answered; `Gate` sets it."""
