"""What the process asks of the interpreter and of the operating system, so that many can use it at once."""

import contextlib
import ctypes
import os
import sys
import threading

ARENAS = 2
SWITCH_SECONDS = 0.001
_M_ARENA_MAX = -8  # of malloc.h


def prepare() -> None:
    """Bound memory and waiting; to be called before there are threads.

    glibc gives every thread a heap of its own and keeps in each what was ever needed there: with a dozen threads that
    use the same networks by turns that is a gigabyte. And a thread that answers a click gets the interpreter after a
    millisecond, whatever another one draws meanwhile.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def give_way(nice: int) -> None:
    """Let the other threads of this process go before the one that calls; on Linux, where threads have priorities."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
