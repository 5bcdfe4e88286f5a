"""Render the glyphs of the scenes' objects: `python -m explorer.glyphs FONT`.

The font is NotoColorEmoji.ttf, of Debian's package fonts-noto-color-emoji. The command writes the sheet and the
licence of the font to `explorer/bundled/`.
"""

from pathlib import Path
from typing import Annotated

import typer
from PIL import Image, ImageDraw, ImageFont

from explorer.data.captions import OBJECTS
from explorer.data.glyphs import BITMAP, CELL, GLYPH_ROOM, GLYPHS, SHEET_ROW

CHARACTERS = {
    "cat": "🐈",
    "dog": "🐕",
    "bird": "🐦",
    "tree": "🌳",
    "flower": "🌼",
    "house": "🏠",
    "car": "🚗",
    "boat": "⛵",
    "apple": "🍎",
    "banana": "🍌",
    "ball": "⚽",
    "star": "⭐",
    "heart": "❤",
    "moon": "🌙",
    "umbrella": "☂",
    "cup": "☕",
    "book": "📕",
    "key": "🔑",
    "bell": "🔔",
    "hat": "🎩",
    "crown": "👑",
    "mushroom": "🍄",
    "cake": "🎂",
    "clock": "⏰",
    "rocket": "🚀",
    "snail": "🐌",
    "turtle": "🐢",
    "rabbit": "🐇",
    "robot": "🤖",
    "ghost": "👻",
    "shoe": "👟",
    "fish": "🐟",
}


def glyphs(font: Annotated[Path, typer.Argument(help="NotoColorEmoji.ttf")]) -> None:
    """Write explorer/bundled/glyphs.png, a row of eight glyphs after another in the order of the objects."""
    face = ImageFont.truetype(str(font), BITMAP)
    sheet = Image.new("RGBA", (SHEET_ROW * CELL, len(OBJECTS) // SHEET_ROW * CELL))
    for index, name in enumerate(OBJECTS):
        row, column = divmod(index, SHEET_ROW)
        sheet.paste(render(CHARACTERS[name], face), (CELL * column, CELL * row))
    sheet.save(GLYPHS, optimize=True)
    typer.echo(f"Wrote {GLYPHS}, {GLYPHS.stat().st_size:,} bytes")


def render(character: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """Return a glyph, scaled to fill a cell and centred in it."""
    drawn = Image.new("RGBA", (GLYPH_ROOM, GLYPH_ROOM))
    ImageDraw.Draw(drawn).text((10, 10), character, font=face, embedded_color=True)
    drawn = drawn.crop(drawn.getbbox())
    scale = CELL / max(drawn.size)
    small = drawn.resize([max(1, round(scale * side)) for side in drawn.size], Image.Resampling.LANCZOS)
    cell = Image.new("RGBA", (CELL, CELL))
    cell.paste(small, ((CELL - small.width) // 2, (CELL - small.height) // 2))
    return cell


if __name__ == "__main__":
    typer.run(glyphs)
