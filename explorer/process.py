"""What the process asks of the interpreter and of the operating system, so that many can use it at once."""

import contextlib
import ctypes
import sys
import time
from collections.abc import Iterator

ARENAS = 2
SWITCH_SECONDS = 0.001
LARGE = 4_000_000  # bytes that are the operating system's again as soon as they are free
TRIM_SECONDS = 10.0
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # of malloc.h
_trimmed = 0.0


def prepare() -> None:
    """Bound memory and waiting; to be called before there are threads.

    glibc gives every thread a heap of its own and keeps in each what was ever needed there: with a dozen threads that
    use the same networks by turns that is a gigabyte. And a thread that answers a click gets the interpreter after a
    millisecond, whatever another one draws meanwhile.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    with _glibc() as libc:
        libc.mallopt(_M_ARENA_MAX, ARENAS)
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)


def trim() -> None:
    """Give back to the operating system what is free inside the heaps, now and then."""
    global _trimmed
    if time.monotonic() - _trimmed > TRIM_SECONDS:
        _trimmed = time.monotonic()
        with _glibc() as libc:
            libc.malloc_trim(0)


@contextlib.contextmanager
def _glibc() -> Iterator[ctypes.CDLL]:
    """The C library, and nothing done where it is another one."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        yield ctypes.CDLL(None)
