"""Render the sheet of emoji: `python -m explorer.emoji FONT`.

The font is NotoColorEmoji.ttf, of Debian's package fonts-noto-color-emoji. Its glyphs are all emoji of one character,
flags, keycaps, and sequences that it draws as one glyph: with a sign of gender, with an occupation or hair, and with
three of the five skin tones. The command writes the sheet and the list of its characters to `explorer/bundled/`.
"""

import random
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Annotated

import orjson
import typer
from PIL import Image, ImageDraw, ImageFont

from explorer.data.emoji import EMOJI_COLUMNS, EMOJI_LIST, EMOJI_SHEET, EMOJI_SIDE, EMOJI_TRAINING
from explorer.data.glyphs import BITMAP, GLYPH_ROOM

SEED = 0
COARSER = 63  # a channel has 64 levels, so that the sheet is small
REGIONAL = [chr(code) for code in range(0x1F1E6, 0x1F200)]
TONES = [chr(code) for code in range(0x1F3FB, 0x1F400)]
JOINER, PICTURE, KEYCAP = "\u200d", "\ufe0f", "\u20e3"
RUDE = "\N{REVERSED HAND WITH MIDDLE FINGER EXTENDED}"
PEOPLE, GENDERS, HAIR = "🧑👨👩", "♀♂", "🦰🦱🦲🦳"
NEUTRAL = str.maketrans(dict.fromkeys([*TONES, *GENDERS, JOINER, PICTURE], "") | dict.fromkeys("👨👩", "🧑"))


def emoji(font: Annotated[Path, typer.Argument(help="NotoColorEmoji.ttf")]) -> None:
    """Write explorer/bundled/emoji.png and emoji.json: training emoji first, then those held out."""
    face = ImageFont.truetype(str(font), BITMAP)
    drawn = {}
    for characters in candidates(face):
        image = render_emoji(characters, face)
        drawn.setdefault(image.tobytes(), (characters, image))
    pictures = dict(drawn.values())
    order = in_order([*pictures])
    rows = -(-len(order) // EMOJI_COLUMNS)
    sheet = Image.new("RGB", (EMOJI_COLUMNS * EMOJI_SIDE, rows * EMOJI_SIDE), "white")
    for index, characters in enumerate(order):
        row, column = divmod(index, EMOJI_COLUMNS)
        sheet.paste(pictures[characters], (EMOJI_SIDE * column, EMOJI_SIDE * row))
    sheet.save(EMOJI_SHEET, optimize=True)
    EMOJI_LIST.write_bytes(orjson.dumps(order) + b"\n")
    typer.echo(f"Wrote {len(order):,} emoji to {EMOJI_SHEET}, {EMOJI_SHEET.stat().st_size:,} bytes")


def candidates(face: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Yield the emoji that the font draws as one glyph."""
    width = face.getlength("😀")

    def is_one(characters: str) -> bool:
        return face.getlength(characters) == width

    codes = [*range(0x80, 0x3300), *range(0x1F000, 0x1FB00)]
    named = [chr(code) for code in codes if unicodedata.name(chr(code), "")]
    apart = {*REGIONAL, *TONES, RUDE}
    single = [each for each in named if each not in apart and is_drawn(each, face)]
    joined = [
        [one + other for one, other in product(REGIONAL, REGIONAL)],
        [each + PICTURE + KEYCAP for each in "0123456789#*"],
        [each + JOINER + sign + PICTURE for each, sign in product(single, GENDERS)],
        [who + JOINER + what + end for who, what, end in product(PEOPLE, [*single, *HAIR], ("", PICTURE))],
        [each + tone for each, tone in product(single, TONES[::2])],
    ]
    yield from single
    for part in joined:
        yield from filter(is_one, part)


def is_drawn(characters: str, face: ImageFont.FreeTypeFont) -> bool:
    """Return whether the font has a picture of a character."""
    return draw_large(characters, face).getbbox() is not None


def draw_large(characters: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """Return a glyph at the font's own size, with its transparency."""
    drawn = Image.new("RGBA", (GLYPH_ROOM, GLYPH_ROOM))
    ImageDraw.Draw(drawn).text((10, 10), characters, font=face, embedded_color=True)
    return drawn


def render_emoji(characters: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """Return a glyph on white, scaled to fill a cell and centred in it."""
    drawn = draw_large(characters, face)
    drawn = drawn.crop(drawn.getbbox())
    scale = EMOJI_SIDE / max(drawn.size)
    small = drawn.resize([max(1, round(scale * side)) for side in drawn.size], Image.Resampling.LANCZOS)
    cell = Image.new("RGBA", (EMOJI_SIDE, EMOJI_SIDE), "white")
    cell.alpha_composite(small, ((EMOJI_SIDE - small.width) // 2, (EMOJI_SIDE - small.height) // 2))
    return cell.convert("RGB").point(lambda level: round(round(level / 255 * COARSER) / COARSER * 255))


def in_order(characters: list[str]) -> list[str]:
    """Return emoji with the training pictures first; variants of one glyph stay together on one side."""
    chance, groups = random.Random(SEED), {}
    for each in characters:
        groups.setdefault(each.translate(NEUTRAL), []).append(each)
    shuffled = [*groups.values()]
    chance.shuffle(shuffled)
    training: list[str] = []
    held_out: list[str] = []
    for group in shuffled:
        fits = len(training) + len(group) <= EMOJI_TRAINING
        (training if fits else held_out).extend(group)
    chance.shuffle(training)
    return training + held_out


if __name__ == "__main__":
    typer.run(emoji)
