"""Grey levels of an image file of any size, with what was done to it, or a refusal that names the file and the reason.

One reader serves the folder of `EXPLORER_DATA` and the files that visitors open. An image is turned as its EXIF data
say, transparent pixels get the grey of a ground, and every kind of pixel becomes 8 bits of grey. A file is refused
where its grey levels depend on something that it does not say.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from explorer.data import tones
from explorer.data.images import DataError
from explorer.running.received import IS_POINTER, POINTER, is_pointer

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "AVIF", "JPEG2000")
FORMATS += ("PPM", "TGA", "PCX", "QOI", "SGI", "ICO")
PICTURE_PIXELS = 16_000_000
MOST_DRAFTED = 64_000_000  # pixels of a JPEG that is decoded at a fraction of its size
REDUCED_FROM = 1024  # pixels of the longer side, from which an image is reduced before anything else
ORIENTATION, PHOTOMETRIC = 0x0112, 262
SIDEWAYS = (5, 6, 7, 8)
REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
TURNED = {
    2: "mirrored",
    3: "turned by 180°",
    4: "mirrored top to bottom",
    5: "turned by 90° and mirrored",
    6: "turned by 90°",
    7: "turned by 270° and mirrored",
    8: "turned by 270°",
}
STARTS = {
    b"%PDF": "a PDF",
    b"%!PS": "PostScript",
    b"8BPS": "a Photoshop file",
    b"<svg": "a drawing in SVG",
    b"<?xml": "a drawing in SVG or other XML",
    b"\x89HDF": "HDF5",
    b"GRIB": "GRIB",
    b"BUFR": "BUFR",
    b"DDS ": "a DDS texture",
    b"BLP": "a BLP texture",
    b"icns": "an icon of macOS",
    b"#define": "an X bitmap",
    b"\xd7\xcd\xc6\x9a": "a Windows metafile",
}
BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")  # of HEIF
PIXELS_DAMAGED = "is damaged: not all of its pixels can be read"
ADVICE = "save it as PNG or JPEG"


@dataclass(frozen=True)
class Picture:
    """An image as it was read.

    Arguments:
        levels: Grey levels (height, width) of 8 bits, where 255 is white.
        given: What was given, such as “PNG, 640 × 480”.
        done: What was done to it, in order.
        size: Width and height of the upright image, before a large one was reduced.
        colours: The image before it became grey, upright, for display.
    """

    levels: np.ndarray
    given: str
    done: tuple[str, ...]
    size: tuple[int, int]
    colours: Image.Image


def read(source: Path | bytes, name: str, ground: int | None = None) -> Picture:
    """Read an image file.

    Arguments:
        source: The file, or its contents.
        name: What refusals call it.
        ground: Level of the ground under transparent pixels; None for the one on which the strokes stand out.

    Raises:
        DataError: if it is too large, of a kind whose grey levels are unknown, or no image.
    """
    try:
        with Image.open(BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
            _check(name, image)
            return _read(name, image, ground)
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(
            f"{name} has far too many pixels: at most {PICTURE_PIXELS / 1e6:.0f} million are read"
        ) from None
    except Exception as error:  # a decoder may raise any error about a damaged file
        raise DataError(f"{name} {_why(source, name)}") from error


def grey(path: Path, ground: int = 0) -> np.ndarray:
    """Return the grey levels (28, 28) of an image file, transparent pixels over a ground of this level.

    Raises:
        DataError: as `read` does.
    """
    return squared(path, ground)[0]


def squared(path: Path, ground: int = 0) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the grey levels (28, 28) of an image file, and what was done to it. The ground fills it up to a square."""
    picture = read(path, str(path), ground)
    levels, done = tones.square(picture.levels, ground, picture.size)
    return levels, picture.done + done


def _check(name: str, image: Image.Image) -> None:
    """Refuse an image by its header, before its pixels are decoded."""
    size = image.size
    most = MOST_DRAFTED if image.format == "JPEG" and not image.info.get("progressive") else PICTURE_PIXELS
    if size[0] * size[1] > most:
        raise DataError(f"{name} has {size[0]}×{size[1]} pixels, and at most {most / 1e6:.0f} million are read")
    if min(size) < 1:
        raise DataError(f"{name} has no pixels")
    if getattr(image, "codec", "") == "j2k" and image.mode in ("RGB", "RGBA", "CMYK"):
        raise DataError(f"{name} is a bare stream of JPEG 2000, which does not name its colours: {ADVICE}")


def _read(name: str, image: Image.Image, ground: int | None) -> Picture:
    given = f"{'JPEG' if image.format == 'MPO' else image.format}, {image.size[0]} × {image.size[1]}"
    is_deep = _is_deep(image)  # asked first: what follows may decode the pixels
    frames = getattr(image, "n_frames", 1)
    image.seek(0)
    done = [f"took the first of {frames:,} images"] if frames > 1 else []
    orientation = image.getexif().get(ORIENTATION, 1)
    told = _Told(name, image.format or "", dict(image.info), _is_white_zero(image), is_deep)
    size = image.size
    if image.format in ("JPEG", "MPO"):
        image.draft(None, (REDUCED_FROM, REDUCED_FROM))
    image.load()
    upright = ImageOps.exif_transpose(_reduced(image))
    size = size[::-1] if orientation in SIDEWAYS else size
    if orientation in TURNED:
        done.append(TURNED[orientation])
    levels, opacity, noted = _levels(upright, told)
    done += noted
    colours = _shown(upright, levels)
    if opacity is not None:
        if ground is None:
            ground = 255 if _is_dark(levels, opacity) else 0
        if np.any(opacity < 255):
            done.append(f"laid on {'white' if ground else 'black'}")
        levels = _over(name, levels, opacity, ground)
    return Picture(levels, given, tuple(done), size, colours)


def _reduced(image: Image.Image) -> Image.Image:
    """Return a large image at an integer fraction of its size, by means; other kinds of pixels as they are."""
    factor = max(image.size) // REDUCED_FROM
    return image.reduce(factor) if factor > 1 and image.mode in REDUCIBLE else image


@dataclass(frozen=True)
class _Told:
    """What the header of a file says: its name, format, further data, and how its pixels are stored."""

    name: str
    format: str
    info: dict[str, Any]
    is_white_zero: bool
    is_deep: bool


def _is_white_zero(image: Image.Image) -> bool:
    """Return whether 0 is white in a TIFF; Pillow undoes that for 8 bits, and not for more."""
    return image.format == "TIFF" and getattr(image, "tag_v2", {}).get(PHOTOMETRIC) == 0


def _is_deep(image: Image.Image) -> bool:
    """Return whether an image of several colours has 16 bits each, of which Pillow reads the upper 8."""
    return any(";16" in str(part[-1]) for part in image.tile)


def _levels(image: Image.Image, told: _Told) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    """Return the grey levels and the opacity (height, width) of an upright image, and what was done."""
    levels, note = _plain(image, told)
    done = [note] if note else []
    if levels is not None:
        levels = 255 - levels if told.is_white_zero else levels
        clear = told.info.get("transparency")
        opacity = np.where(np.asarray(image) == clear, 0, 255) if isinstance(clear, int) else None
        return levels, opacity, done
    done += ["reduced from 16 bits to 8"] if told.is_deep else []
    if image.mode == "RGBa" or image.mode == "La":
        image = image.convert("RGBA" if image.mode == "RGBa" else "LA")
    image, note = tones.in_srgb(image, told.info)
    done += [note] if note else []
    clear = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    colours = image.convert("RGBA") if clear else image.convert("RGB")
    if tones.is_coloured(colours):
        done.append("made grey")
    levels = np.asarray(colours.convert("LA" if clear else "L"))
    levels, opacity = (levels[..., 0], levels[..., 1]) if clear else (levels, None)
    levels, note = tones.by_gamma(levels, told.info)
    return levels, opacity, done + ([note] if note else [])


def _plain(image: Image.Image, told: _Told) -> tuple[np.ndarray | None, str]:
    """Return the levels of an image whose one value a pixel is no byte, and what was done; None for all others."""
    if image.mode.startswith("I;16") or (image.mode == "I" and told.format in ("PNG", "PPM", "JPEG2000")):
        return tones.of_16_bits(np.asarray(image), told.name), "reduced from 16 bits to 8"
    if image.mode in ("I", "F"):
        return tones.of_numbers(np.asarray(image), told.name)
    if image.mode == "LAB":
        return tones.of_lightness(np.asarray(image)[..., 0]), "grey levels of its lightness (LAB)"
    return None, ""


def _shown(image: Image.Image, levels: np.ndarray) -> Image.Image:
    """Return an image to display beside what became of it."""
    if image.mode.startswith("I") or image.mode in ("F", "LAB"):
        return Image.fromarray(levels.astype(np.uint8))
    return image.convert("RGBA")


def _is_dark(levels: np.ndarray, opacity: np.ndarray) -> bool:
    """Return whether what is opaque is darker than the middle grey."""
    weight = opacity.sum()
    return bool(weight and (levels.astype(float) * opacity).sum() / weight < 128)


def _over(name: str, level: np.ndarray, opacity: np.ndarray, ground: int) -> np.ndarray:
    """Return levels with an opacity from 0 to 255 over a ground; a drawing that vanishes on it is refused."""
    level, opacity = level.astype(np.uint32), opacity.astype(np.uint32)
    found = ((level * opacity + ground * (255 - opacity) + 127) // 255).astype(np.uint8)
    if np.ptp(opacity) and not np.ptp(found):
        words = ("black", "dark", "dark") if ground == 0 else ("white", "light", "light")
        raise DataError(
            f"{name} is transparent, and over {words[0]} nothing of it is left. "
            f"If the set has {words[1]} strokes, write “{words[2]}” into its file ink.txt"
        )
    return found


def _why(source: Path | bytes, name: str) -> str:
    """Return why a file is not read, by its first bytes or by its name's ending."""
    head = source[:512] if isinstance(source, bytes) else _head(source)
    if is_pointer(head[: len(POINTER)]):
        return IS_POINTER
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return f"is a photo in HEIC, which is not read: {ADVICE}"
    kind = next((kind for start, kind in STARTS.items() if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(start)), None)
    ending = Path(name).suffix.lower()
    other = Image.registered_extensions().get(ending, "PNG")
    if kind is None and other not in (*FORMATS, "MPO"):
        kind = f"a file of the kind {other} ({ending})"
    if kind:
        return f"is {kind}, which is not read: {ADVICE}"
    return PIXELS_DAMAGED if _is_known(source) else "is no image that could be read"


def _is_known(source: Path | bytes) -> bool:
    """Return whether the header of a file is one of an image."""
    try:
        with Image.open(BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS):
            return True
    except Exception:
        return False


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError:
        return b""
