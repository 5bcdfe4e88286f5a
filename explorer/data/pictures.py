"""Grey levels of an image file: one channel of 28×28 bytes, or a refusal that names the file and the reason.

An image is turned as its EXIF data say. 16 bits are scaled to 8. Transparent pixels get the grey of the ground. Kinds
whose grey levels depend on something that the file does not say are refused: floating point, 32 bits, CMYK, LAB.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from explorer.data.images import DataError
from explorer.running.received import IS_POINTER, POINTER, is_pointer

SIZE = (28, 28)
WIDE = ("I;16", "I;16L", "I;16B", "I;16N")  # 16 bits a pixel
PICTURES_PLAIN = ("1", "L", "P", "RGB")
SEEN_THROUGH = ("LA", "PA", "RGBA")
REFUSED = {
    "F": "holds floating-point numbers, and the file does not say which number is white",
    "I": "holds 32 bits a pixel, and the file does not say which number is white",
    "CMYK": "holds four printing colours (CMYK)",
    "LAB": "holds LAB colours",
}
SAVE = "save it as a grey or RGB image of 8 bits"


def grey(path: Path, ground: int = 0) -> np.ndarray:
    """Return the grey levels (28, 28) of an image file, transparent pixels over a ground of this level.

    Raises:
        DataError: if the file is of another size, of a kind whose grey levels are unknown, or no image.
    """
    try:
        with Image.open(path) as image:
            _check(path, image)
            return _levels(path, ImageOps.exif_transpose(image), ground)
    except DataError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(f"{path} has far more than 28×28 pixels, and 28×28 are wanted") from None
    except Exception as error:  # a decoder may raise any error about a damaged file
        why = IS_POINTER if _is_pointer(path) else "is no image that could be read"
        raise DataError(f"{path} {why}") from error


def _is_pointer(path: Path) -> bool:
    with path.open("rb") as file:
        return is_pointer(file.read(len(POINTER)))


def _check(path: Path, image: Image.Image) -> None:
    """Refuse an image by its header, before its pixels are decoded."""
    if image.size != SIZE:
        raise DataError(f"{path} has {image.size[0]}×{image.size[1]} pixels, and 28×28 are wanted")
    if (frames := getattr(image, "n_frames", 1)) > 1:
        raise DataError(f"{path} holds {frames} images, and a file may hold one")
    if image.mode not in WIDE + PICTURES_PLAIN + SEEN_THROUGH and not _is_wide_png(image):
        why = REFUSED.get(image.mode, f"holds pixels of the kind “{image.mode}”")
        raise DataError(f"{path} {why}: {SAVE}")


def _is_wide_png(image: Image.Image) -> bool:
    """Return whether an image is a grey PNG of 16 bits, which older versions of Pillow open with 32."""
    return image.format == "PNG" and image.mode == "I"


def _levels(path: Path, image: Image.Image, ground: int) -> np.ndarray:
    if image.mode in WIDE or _is_wide_png(image):
        return _scaled(path, image, ground)
    if image.mode not in SEEN_THROUGH and "transparency" not in image.info:
        return np.asarray(image.convert("L"))
    level, opacity = np.asarray(image.convert("RGBA").convert("LA")).astype(np.uint32).transpose(2, 0, 1)
    return _over(path, level, opacity, ground)


def _scaled(path: Path, image: Image.Image, ground: int) -> np.ndarray:
    """Return the levels of an image of 16 bits, where 65,535 is white."""
    wide = np.asarray(image).astype(np.uint32)
    if 0 < wide.max() < 256:
        raise DataError(f"{path} has 16 bits a pixel and no value above 255, which is nearly black: {SAVE}")
    level = (wide + 128) // 257
    clear = image.info.get("transparency")
    return _over(path, level, np.where(wide == clear, 0, 255), ground) if isinstance(clear, int) else level.astype("u1")


def _over(path: Path, level: np.ndarray, opacity: np.ndarray, ground: int) -> np.ndarray:
    """Return levels with an opacity from 0 to 255 over a ground; a drawing that vanishes on it is refused."""
    found = ((level * opacity + ground * (255 - opacity) + 127) // 255).astype(np.uint8)
    if np.ptp(opacity) and not np.ptp(found):
        words = ("black", "dark", "dark") if ground == 0 else ("white", "light", "light")
        raise DataError(
            f"{path} is transparent, and over {words[0]} nothing of it is left. "
            f"If the set has {words[1]} strokes, write “{words[2]}” into its file ink.txt"
        )
    return found
