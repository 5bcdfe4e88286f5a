"""Pauses in long work: points where other work goes first, and where work without a recipient is stopped.

A pause does nothing unless the caller has set an action for this thread. Every layer of a network ends with a pause. A
long loop that evaluates no layers calls `pause` itself, or iterates over `pausing(…)`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from torch.nn.modules.module import register_module_forward_hook

T = TypeVar("T")
_here = threading.local()


def pause() -> None:
    """Let other work go first; an exception of the action set by `calling` passes through and ends this work."""
    make_room = getattr(_here, "make_room", None)
    if make_room is not None:
        make_room()


def pausing(steps: Iterable[T]) -> Iterator[T]:
    """Yield the steps of long work, with a pause after each."""
    for step in steps:
        yield step
        pause()


@contextmanager
def calling(make_room: Callable[[], None]) -> Iterator[None]:
    """Call `make_room` at each pause of this thread, until the end of the block."""
    before, _here.make_room = getattr(_here, "make_room", None), make_room
    try:
        yield
    finally:
        _here.make_room = before


register_module_forward_hook(lambda layer, given, found: pause())
