"""Spaces: the sets in which x lies. A space depends on no model, data set or interface."""

from explorer.spaces.images import Binary, Levels
from explorer.spaces.plane import Plane
from explorer.spaces.space import Space
from explorer.spaces.tokens import Tokens

BINARY, LEVELS, PLANE = Binary(), Levels(), Plane()
TEXT = Tokens("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 256)
"""Texts in the characters of `explorer/data/shakespeare.py`; no stage draws them yet, so `SPACES` leaves them out."""
SPACES: dict[str, Space] = {space.name: space for space in (BINARY, LEVELS, PLANE)}

__all__ = ["BINARY", "LEVELS", "PLANE", "SPACES", "TEXT", "Space", "Tokens"]
