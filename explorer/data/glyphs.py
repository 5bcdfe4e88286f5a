r"""Glyphs of the scenes' objects, at ten sizes, in their own colours or in one of eight tints.

The glyphs are those of Noto Color Emoji, © Google, under the SIL Open Font License 1.1. `python -m explorer.glyphs`
rendered them to the sheet that ships with the app.

A tint keeps the shading. The luminance of a glyph, between its 5th and its 95th percentile, becomes a shade s from .25
to .85. Shades up to .6 darken the colour c, and higher ones mix it with white:

$$ t(s) = \begin{cases} c \, s / .6 & s < .6 \\ c + .7 \, (1 - c) \, (s - .6) / .4 & \text{else} \end{cases} $$
"""

from functools import cache

import numpy as np
from PIL import Image

from explorer.data.captions import OBJECTS
from explorer.data.images import BUNDLED, DataError

GLYPHS = BUNDLED / "glyphs.png"
CELL, SHEET_ROW = 64, 8  # pixels of a glyph on the sheet, and glyphs in a row
BITMAP = 109  # the font's only size, in pixels an em
GLYPH_ROOM = 170  # pixels that hold any glyph of this size
GLYPH_SIZES = (13, 14, 15, 16, 20, 21, 22, 23, 24)  # pixels of the longer side of a glyph in a scene
TINTS = {
    "red": (214, 48, 49),
    "orange": (243, 146, 0),
    "yellow": (250, 211, 30),
    "green": (60, 160, 60),
    "blue": (50, 110, 220),
    "purple": (140, 70, 190),
    "pink": (240, 120, 180),
    "brown": (130, 85, 50),
}
LUMINANCE = np.array([0.3, 0.59, 0.11], np.float32)
DARKEST, SHADE_RANGE, MIDDLE_SHADE, TOWARDS_WHITE = 0.25, 0.6, 0.6, 0.7
OPAQUE = 0.3  # a pixel with more alpha counts for the percentiles
Glyph = tuple[np.ndarray, np.ndarray]
"""Colour times alpha, (3, h, w) from 0 to 255, and 1 − alpha, (1, h, w)."""


@cache
def _sheet() -> Image.Image:
    try:
        return Image.open(GLYPHS).convert("RGBA")
    except OSError as error:
        raise DataError(f"{GLYPHS.name} is missing or damaged ({error}): restore it") from error


@cache
def glyph(name: str, colour: str | None, size: int) -> Glyph:
    """Return a glyph whose longer side has `size` pixels, in a tint or, without one, in its own colours."""
    row, column = divmod(OBJECTS.index(name), SHEET_ROW)
    left, top = CELL * column, CELL * row
    whole = _sheet().crop((left, top, left + CELL, top + CELL))
    whole = whole.crop(whole.getbbox())
    scale = size / max(whole.size)
    small = whole.resize([max(1, round(scale * side)) for side in whole.size], Image.Resampling.LANCZOS)
    pixels = np.asarray(small).astype(np.float32) / 255
    rgb, alpha = pixels[..., :3], pixels[..., 3:]
    if colour is not None:
        rgb = tint(rgb, alpha[..., 0], colour)
    return (255 * rgb * alpha).transpose(2, 0, 1).copy(), (1 - alpha).transpose(2, 0, 1).copy()


def tint(rgb: np.ndarray, alpha: np.ndarray, colour: str) -> np.ndarray:
    """Colour a glyph (h, w, 3) with alpha (h, w), all in [0, 1], and keep its shading: (h, w, 3)."""
    c, luminance = np.array(TINTS[colour], np.float32) / 255, rgb @ LUMINANCE
    low, high = np.percentile(luminance[alpha > OPAQUE], (5, 95))
    shade = (DARKEST + SHADE_RANGE * ((luminance - low) / max(high - low, 1e-3)).clip(0, 1))[..., None]
    light = c + TOWARDS_WHITE * (1 - c) * (shade - MIDDLE_SHADE) / (1 - MIDDLE_SHADE)
    return np.where(shade < MIDDLE_SHADE, c * shade / MIDDLE_SHADE, light).astype(np.float32)
