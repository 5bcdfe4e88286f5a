"""Who asks: what the desk knows of a visitor, so that nobody's questions crowd out another's."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Visitor:
    """A page that somebody opened, and the address that it is opened from; a class may share one address."""

    session: str = ""
    address: str = ""


NOBODY = Visitor()
visitor: ContextVar[Visitor] = ContextVar("visitor", default=NOBODY)
"""Who asks what is being answered; `Gate` sets it."""
