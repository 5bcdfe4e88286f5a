"""Spaces: the sets in which x lies. A space depends on no model, data set or interface."""

from explorer.spaces.images import Binary, Levels
from explorer.spaces.plane import Plane
from explorer.spaces.space import Space

BINARY, LEVELS, PLANE = Binary(), Levels(), Plane()
SPACES: dict[str, Space] = {space.name: space for space in (BINARY, LEVELS, PLANE)}

__all__ = ["BINARY", "LEVELS", "PLANE", "SPACES", "Space"]
