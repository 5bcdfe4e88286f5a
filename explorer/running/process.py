"""Settings of the interpreter and the operating system that let many people use one process."""

import contextlib
import ctypes
import gc
import inspect
import sys
import time
from collections.abc import Iterator
from typing import Any

ARENAS = 2
SWITCH_SECONDS = 0.001
LARGE = 4_000_000  # bytes; larger blocks return to the operating system as soon as they are free
TRIM_SECONDS = 10.0
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # constants of malloc.h
_trimmed = 0.0


def prepare() -> None:
    """Bound memory and waiting, and collect no garbage until `settle`; call this before any thread starts.

    glibc gives every thread its own heap, and each heap keeps its largest size. With a dozen threads that use the same
    networks in turn, that is a gigabyte. The short switch interval lets a thread that answers a click run after a
    millisecond, even while another thread samples.
    """
    gc.disable()
    sys.setswitchinterval(SWITCH_SECONDS)
    with _glibc() as libc:
        libc.mallopt(_M_ARENA_MAX, ARENAS)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)


@contextlib.contextmanager
def without_stubs() -> Iterator[None]:
    """Import Gradio's components, and ours, without the stub files that it writes for them, a sixth of the start.

    Its `create_or_modify_pyi` writes none for a class of which `inspect` finds no file.
    """

    def path_elsewhere(component: Any) -> str:
        if sys._getframe(1).f_code.co_name == "create_or_modify_pyi":
            raise OSError("no stub is wanted")
        return getfile(component)

    getfile, inspect.getfile = inspect.getfile, path_elsewhere
    try:
        yield
    finally:
        inspect.getfile = getfile


def settle() -> None:
    """Collect garbage again, but never visit what exists now; call this after the page is built.

    The page and its networks are a million objects that stay. To visit them during the start takes a tenth of its time;
    later it would stop every thread for 0.4 seconds.
    """
    gc.freeze()
    gc.enable()


def trim() -> None:
    """Return free memory inside the heaps to the operating system, at most every `TRIM_SECONDS`."""
    global _trimmed
    if time.monotonic() - _trimmed > TRIM_SECONDS:
        _trimmed = time.monotonic()
        with _glibc() as libc:
            libc.malloc_trim(0)


@contextlib.contextmanager
def _glibc() -> Iterator[ctypes.CDLL]:
    """Yield the C library; with another library than glibc, the block ends without an error."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        yield ctypes.CDLL(None)
