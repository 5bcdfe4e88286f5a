"""Reads what strangers send: each named value of a question is checked, or refused with what is wanted instead."""

import base64
from collections.abc import Callable
from typing import Any

from explorer import data

RASTER_NETS = ("pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist")
DIFFUSION_NETS = ("diffusion-mnist", "diffusion-fashion-mnist")
GAN_NETS = ("gan-mnist", "gan-fashion-mnist")
PIXELS, BITS = 28 * 28, 28 * 28 // 8
Picture = tuple[str | int | bytes, ...]
"""("test", index, data set), ("bits", 98 bytes), ("pixels", 784 bytes of levels), ("blank",) or ("noise", seed)."""


def _choice(what: str, *choices: Any) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            raise ValueError(f"{what} must be one of {', '.join(map(str, choices))}")
        return value

    return read


def _number(value: Any, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}")
    return float(value)


def _read_beta(value: Any) -> float:
    beta = _number(value, "β", 0, 100)
    return 0.0 if beta == 0 else max(beta, 0.01)


def _read_point(value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a latent point must be two numbers")
    return _number(value[0], "z₁", -1000, 1000), _number(value[1], "z₂", -1000, 1000)


def _whole(name: str, low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        number = _number(value, name, low, high)
        if number != int(number):
            raise ValueError(f"{name} must be a whole number")
        return int(number)

    return read


def _read_image(value: Any) -> int | bytes:
    """A bundled test image by its index, or a drawing as 98 bytes of bits."""
    if isinstance(value, dict) and "test" in value:
        return _read_test(value["test"])
    if isinstance(value, dict) and "bits" in value:
        return _read_bytes(value["bits"], BITS, "a drawing")
    raise ValueError("choose a test image or draw one first")


def _read_picture(value: Any) -> Picture:
    """A bundled test image of a data set, a drawing, an image's very levels, a blank page, or noise of a seed."""
    asked = value if isinstance(value, dict) else {}
    if "test" in asked:
        return "test", _read_test(asked["test"]), READERS["dataset"](asked.get("set"))
    if "bits" in asked:
        return "bits", _read_bytes(asked["bits"], BITS, "a drawing")
    if "pixels" in asked:
        return "pixels", READERS["pixels"](asked["pixels"])
    if asked.get("kind") == "blank":
        return ("blank",)
    if asked.get("kind") == "noise":
        return "noise", READERS["seed"](asked.get("seed"))
    raise ValueError("a picture must be a test image, a drawing, 784 levels, a blank page or noise")


def _read_source(value: Any) -> Picture:
    """A bundled test image of a data set, or a drawing."""
    if isinstance(value, dict) and ("test" in value or "bits" in value):
        return _read_picture(value)
    raise ValueError("choose a test image or draw one first")


def _read_taps(count: int, what: str) -> Callable[[Any], tuple[int, ...]]:
    def read(value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) != count:
            raise ValueError(f"{what} must be {count} images of the grid")
        taps = tuple(_whole(f"each of {what}", 0, 15)(each) for each in value)
        if len(set(taps)) < count:
            raise ValueError(f"{what} must be {count} different images of the grid")
        return taps

    return read


def _read_label(value: Any) -> int | None:
    return None if value is None else _whole("the label", 0, 9)(value)


def _read_order(value: Any) -> int:
    return 0 if value is None else _whole("the pixel order", 0, 3)(value)


def _read_bytes(value: Any, size: int, what: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) and len(value) <= 2 * size else b""
    except ValueError:
        raw = b""
    if len(raw) != size:
        raise ValueError(f"{what} must be {size} bytes in base64")
    return raw


_read_test = _whole("the test image", 0, 1999)

READERS: dict[str, Callable[[Any], Any]] = {
    "dataset": _choice("the data set", *data.CLASSES),
    "beta": _read_beta,
    "z": _read_point,
    "image": _read_image,
    "seed": _whole("the seed", 0, 2**31 - 1),
    "index": _whole("the number of what is asked for", 0, 99),
    "pixels": lambda value: _read_bytes(value, PIXELS, "a picture"),
    "net": _choice("the network", *RASTER_NETS),
    "count": _choice("how many images to draw", 1, 16),
    "label": _read_label,
    "temperature": lambda value: _number(value, "the temperature", 0.1, 3),
    "order": _read_order,
    "picture": _read_picture,
    "known": _whole("how many pixels are kept", 0, PIXELS),
    "rows": _whole("how many rows are kept", 0, 27),
    "row": _whole("the row", 0, 27),
    "pixel": _whole("the pixel", 0, PIXELS - 1),
    "kernel": _choice("the kernel", 3, 5, 7),
    "layers": _whole("how many layers there are", 1, 20),
    "way": _choice("the way to measure", "score", "naive", "cached"),
    "turn": _whole("the turn", 0, 2**31 - 1),
}
"""A reader for every name of a parameter of a server function; it raises ValueError for what is not wanted."""

DIFFUSION_READERS: dict[str, Callable[[Any], Any]] = READERS | {
    "net": _choice("the network", *DIFFUSION_NETS),
    "count": _choice("how many images to draw", 1, 4, 8, 16),
    "label": lambda value: None if value is None else _whole("the class", 0, 9)(value),
    "w": lambda value: _number(value, "the guidance w", 0, 20),
    "sampler": _choice("the sampler", "ddim", "ddpm"),
    "steps": _whole("the number of steps", 1, 1000),
    "eta": lambda value: _number(value, "η", 0, 1),
    "picture": _read_source,
    "first": _read_source,
    "second": _read_source,
    "start": _whole("the time to start from", 1, 1000),
    "known": lambda value: _read_bytes(value, BITS, "what is kept"),
    "images": lambda value: _read_bytes(value, 8 * PIXELS, "eight images"),
    "resamples": _whole("how often each step is resampled", 1, 10),
}
"""The same for the diffusions, whose networks, counts and pictures are others."""

GAN_READERS: dict[str, Callable[[Any], Any]] = READERS | {
    "net": _choice("the network", *GAN_NETS),
    "label": DIFFUSION_READERS["label"],
    "picture": _read_source,
    "corners": _read_taps(3, "the corners of the plane"),
    "pair": _read_taps(2, "the ends of the film"),
    "u": lambda value: _number(value, "u", 0, 1),
    "v": lambda value: _number(value, "v", 0, 1),
}
"""The same for the GANs."""
