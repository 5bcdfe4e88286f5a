"""Spaces: the sets in which x lies. A space depends on no model, data set or interface."""

from explorer.spaces.coarse import Coarse
from explorer.spaces.colour import Colour, Glyph
from explorer.spaces.images import Binary, Levels
from explorer.spaces.plane import Plane
from explorer.spaces.space import Discrete, Space
from explorer.spaces.tokens import Tokens
from explorer.spaces.wave import Wave

BINARY, LEVELS, PLANE = Binary(), Levels(), Plane()
TEXT = Tokens("\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 256)
"""Texts in the characters of `explorer/data/shakespeare.py`; only the text tab draws them: `SPACES` leaves them out."""
SOUND = Wave(8_000, 4_000)
"""Sounds of 8,000 samples a second; only the sound tab draws them, so `SPACES` leaves them out, too."""
COARSE = Coarse()
"""Images of 8×8 pixels; only a mode of the tab *Flow* shows them, so `SPACES` leaves them out, too."""
COLOUR = Colour()
"""Colour images of composed scenes; only Compare asks about them, so `SPACES` leaves them out, too."""
GLYPH = Glyph()
"""Colour images of emoji; one mode of the tab *Words* shows them, so `SPACES` leaves them out, too."""
SPACES: dict[str, Space] = {space.name: space for space in (BINARY, LEVELS, PLANE)}

__all__ = ["BINARY", "COARSE", "COLOUR", "GLYPH", "LEVELS", "PLANE", "SOUND", "SPACES", "TEXT"]
__all__ += ["Coarse", "Colour", "Discrete", "Glyph", "Space", "Tokens", "Wave"]
