"""Grey levels of 8 bits from every kind of pixel, and the shape that a network takes: 28×28 white strokes on black."""

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from explorer.data.images import DataError

SIDE = 28
MIDDLE = 127
STANDARD_GAMMA = 0.45455  # of PNG: a level is the light to this power
GAMMAS = (0.1, 10.0)
PLAIN_EDGE, PLAIN_SPREAD = 0.9, 48  # share of the edge that is so near to its median in a drawing on a plain ground
LEAST_CONTRAST = 24  # between the ground and the strokes
STROKE_LEVEL = 64  # level from which a pixel belongs to a stroke
SAVE = "save it as a grey or RGB image of 8 bits"


def of_16_bits(wide: np.ndarray, name: str) -> np.ndarray:
    """Return the levels of an image of 16 bits, where 65,535 is white: (height, width).

    Raises:
        DataError: if none of its values is above 255, as in an image of 8 bits that was stored with 16.
    """
    wide = wide.astype(np.int32)
    if wide.size and (wide.min() < 0 or wide.max() > 65_535):
        raise DataError(f"{name} has numbers from {wide.min():,} to {wide.max():,}, and 16 bits end at 65,535: {SAVE}")
    if 0 < wide.max() < 256:
        raise DataError(f"{name} has 16 bits a pixel and no value above 255, which is nearly black: {SAVE}")
    return ((wide + 128) // 257).astype(np.uint8)


def of_numbers(values: np.ndarray, name: str) -> tuple[np.ndarray, str]:
    """Return the levels of floating-point or 32-bit numbers, and the scale: 1 is white, or 255 is.

    Raises:
        DataError: if the numbers do not show which of them is white.
    """
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise DataError(f"{name} holds numbers that are not finite: {SAVE}")
    low, high = values.min(), values.max()
    is_whole = bool((values == np.round(values)).all())
    if low >= 0 and high <= 1 and not (is_whole and high > 0):
        return np.round(255 * values).astype(np.uint8), "numbers from 0 to 1 read as levels, 1 is white"
    if low >= 0 and MIDDLE < high <= 255 and is_whole:
        return values.astype(np.uint8), "numbers read as levels, 255 is white"
    raise DataError(f"{name} holds numbers from {low:g} to {high:g}, and the file does not say which is white: {SAVE}")


def of_lightness(lightness: np.ndarray) -> np.ndarray:
    """Return the sRGB levels of grey with a CIE lightness, stored as 0 to 255 for L* from 0 to 100."""
    level = lightness.astype(np.float64) * 100 / 255
    light = np.where(level > 8, ((level + 16) / 116) ** 3, level / 903.2963)
    encoded = np.where(light > 0.0031308, 1.055 * np.cbrt(light) ** (3 / 2.4) - 0.055, 12.92 * light)
    return np.round(255 * encoded.clip(0, 1)).astype(np.uint8)


def in_srgb(image: Image.Image, info: dict[str, Any]) -> tuple[Image.Image, str]:
    """Return an image of printing colours as RGB, by its colour profile if it has one, and what was done."""
    if image.mode != "CMYK":
        return image, ""
    profile = info.get("icc_profile")
    if profile:
        try:
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            return found or image.convert("RGB"), "printing colours converted by their profile"
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile says nothing
    return image.convert("RGB"), "printing colours converted"


def is_coloured(image: Image.Image) -> bool:
    """Return whether any pixel of an RGB image is not grey."""
    red, green, blue = (np.asarray(band) for band in image.split()[:3])
    return bool((red != green).any() or (green != blue).any())


def by_gamma(levels: np.ndarray, info: dict[str, Any]) -> tuple[np.ndarray, str]:
    """Return levels as a PNG's own gamma shows them, and what was done."""
    gamma = info.get("gamma")
    if not isinstance(gamma, float) or not GAMMAS[0] <= gamma <= GAMMAS[1] or "srgb" in info or "icc_profile" in info:
        return levels, ""
    if abs(gamma - STANDARD_GAMMA) < 0.01:
        return levels, ""
    table = np.round(255 * (np.arange(256) / 255) ** (STANDARD_GAMMA / gamma)).astype(np.uint8)
    return table[levels], f"corrected for its gamma {gamma:.2g}"


def edge(levels: np.ndarray) -> np.ndarray:
    """Return the outermost pixels of an image."""
    return np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])


def square(levels: np.ndarray, ground: int, size: tuple[int, int] | None = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return an image of any size as 28×28, filled up to a square with a ground, and what was done.

    The image was given with this width and height, unless it has its own.
    """
    height, width = levels.shape
    if (height, width) == (SIDE, SIDE):
        return levels.astype(np.uint8), ()
    side, done = max(height, width), []
    if height != width:
        done.append("filled up to a square")
    whole = np.full((side, side), ground, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    whole[top : top + height, left : left + width] = levels
    return _resized(whole, (0, 0, side, side)), (*done, _scaled(levels, size))


def _scaled(levels: np.ndarray, size: tuple[int, int] | None) -> str:
    width, height = size or levels.shape[::-1]
    return f"scaled from {width} × {height}"


def prepare(
    levels: np.ndarray, name: str, box: int, size: tuple[int, int] | None = None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return a visitor's picture as a network is fed it, white strokes on black, 28×28, and what was done.

    A drawing on a plain ground is cropped to its strokes, scaled to `box` pixels and centred by its mass, as MNIST is.
    Any other picture is cropped to its middle square.

    Raises:
        DataError: if its ground and its strokes are hardly different.
    """
    levels, done = levels.astype(np.uint8), []
    height, width = levels.shape
    if np.median(edge(levels)) > MIDDLE:
        levels = 255 - levels
        done.append("inverted")
    if (height, width) == (SIDE, SIDE):
        return levels, tuple(done)
    if is_plain(levels):
        levels, stretched = _stretched(levels, name)
        done += ["contrast stretched"] if stretched else []
        place = _around_ink(levels, box)
        done.append("cropped to its strokes")
    else:
        side = min(height, width)
        place = ((width - side) // 2, (height - side) // 2, side)
        done += ["cropped to a square"] if height != width else []
    left, top, side = place
    canvas = Image.fromarray(levels)
    room = int(np.ceil(side))
    wide = Image.new("L", (width + 2 * room, height + 2 * room))
    wide.paste(canvas, (room, room))
    found = wide.resize((SIDE, SIDE), _filter(side), (left + room, top + room, left + room + side, top + room + side))
    return np.asarray(found), (*done, _scaled(levels, size))


def is_plain(levels: np.ndarray) -> bool:
    """Return whether an image is a drawing on a plain ground: its edge has nearly one grey."""
    rim = edge(levels).astype(int)
    return bool((np.abs(rim - np.median(rim)) <= PLAIN_SPREAD).mean() >= PLAIN_EDGE)


def _stretched(levels: np.ndarray, name: str) -> tuple[np.ndarray, bool]:
    """Return levels with a black ground and white strokes, and whether that changed them."""
    low = min(np.percentile(edge(levels), 98), np.median(edge(levels)) + PLAIN_SPREAD)
    high = np.percentile(levels[levels > low], 99) if bool((levels > low).any()) else low
    if high - low < LEAST_CONTRAST:
        raise DataError(f"{name} shows no strokes: it has nearly one grey")
    if low == 0 and high > 255 - LEAST_CONTRAST:
        return levels, False
    return np.round(255 * ((levels - low) / (high - low)).clip(0, 1)).astype(np.uint8), True


def _around_ink(levels: np.ndarray, box: int) -> tuple[float, float, float]:
    """Return left, top and side of the square whose strokes fill `box` of 28 pixels, centred by their mass."""
    ink = levels >= STROKE_LEVEL
    spans = [np.flatnonzero(ink.any(axis)) for axis in (0, 1)]
    (left, right), (top, bottom) = ((span[0], span[-1] + 1) for span in spans)
    side = max(right - left, bottom - top) * SIDE / box
    mass = np.where(ink, levels, 0).astype(np.float64)
    x, y = ((mass.sum(axis) * (np.arange(mass.shape[1 - axis]) + 0.5)).sum() / mass.sum() for axis in (0, 1))
    return _origin(x, left, right, side), _origin(y, top, bottom, side), side


def _origin(centre: float, low: float, high: float, span: float) -> float:
    """Return where a span begins that has this centre, unless that cuts off what lies from `low` to `high`."""
    return float(min(low, max(high - span, centre - span / 2)))


def _resized(levels: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    return np.asarray(Image.fromarray(levels).resize((SIDE, SIDE), _filter(box[2] - box[0]), box))


def _filter(side: float) -> Image.Resampling:
    """Return the filter for a square of this side: the mean of what falls into a pixel, or a line between pixels."""
    return Image.Resampling.BOX if side >= SIDE else Image.Resampling.BILINEAR
