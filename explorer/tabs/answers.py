"""Answers to strangers: a server function takes one JSON argument, checks it, and says in words what went wrong.

Answers depend on nothing but the argument, so they are remembered and shared between visitors. A few are computed at a
time, the slow ones one by one so that they never hold up the quick ones, and who would wait too long is told so.
"""

import base64
import functools
import logging
import threading
from collections.abc import Callable
from typing import Any

from explorer import checkpoints, data
from explorer.device import gpu

WAIT_SECONDS = 30
BUSY = "Many people are asking at once. What you see is kept; please try again in a moment."
BROKEN = (
    "That did not work, and the fault is ours. What you see is kept; please try something else, or reload the page."
)
QUICK, SLOW = threading.BoundedSemaphore(4), threading.BoundedSemaphore(1)
log = logging.getLogger(__name__)


def answer(function: Callable[..., dict], seats: threading.Semaphore = QUICK) -> Callable[[dict], dict]:
    """Make a server function: check the argument, remember the answer, say in words what went wrong."""
    remembered = functools.lru_cache(maxsize=256)(gpu(function))

    @functools.wraps(function)
    def ask(argument: Any) -> dict:
        try:
            wanted = _arguments(function, argument)
            if not seats.acquire(timeout=WAIT_SECONDS):
                return {"error": BUSY}
            try:
                return remembered(**wanted)
            finally:
                seats.release()
        except (ValueError, checkpoints.CheckpointError) as error:
            return {"error": str(error)}
        except Exception:
            log.exception("%s failed", function.__name__)
            return {"error": BROKEN}

    del ask.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return ask


def slow_answer(function: Callable[..., dict]) -> Callable[[dict], dict]:
    """The same for what takes seconds."""
    return answer(function, SLOW)


def _arguments(function: Callable, argument: Any) -> dict[str, Any]:
    """The function's own parameters, each read and checked by name.

    Raises:
        ValueError: if one is missing or not what is wanted.
    """
    if not isinstance(argument, dict):
        raise ValueError("a question to the server must be a set of named values")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return {name: READERS[name](argument.get(name)) for name in names}


def _read_dataset(value: Any) -> str:
    if not isinstance(value, str) or value not in data.CLASSES:
        raise ValueError(f"the data set must be one of {', '.join(data.CLASSES)}")
    return value


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


def _read_whole(name: str, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        number = _number(value, name, 0, high)
        if number != int(number):
            raise ValueError(f"{name} must be a whole number")
        return int(number)

    return read


def _read_image(value: Any) -> int | bytes:
    """A bundled test image by its index, or a drawing as 98 bytes of bits."""
    if isinstance(value, dict) and "test" in value:
        return _read_whole("the test image", 1999)(value["test"])
    if isinstance(value, dict) and "bits" in value:
        return _read_bytes(value["bits"], 98, "a drawing")
    raise ValueError("choose a test image or draw one first")


def _read_bytes(value: Any, size: int, what: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) and len(value) <= 2 * size else b""
    except ValueError:
        raw = b""
    if len(raw) != size:
        raise ValueError(f"{what} must be {size} bytes in base64")
    return raw


READERS: dict[str, Callable[[Any], Any]] = {
    "dataset": _read_dataset,
    "beta": _read_beta,
    "z": _read_point,
    "image": _read_image,
    "seed": _read_whole("the seed", 2**31 - 1),
    "index": _read_whole("the snapshot", 99),
    "pixels": lambda value: _read_bytes(value, 784, "a picture"),
}
