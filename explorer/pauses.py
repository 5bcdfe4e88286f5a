"""Pauses of long work: where others go first, and where work that nobody waits for is given up.

A pause does nothing unless whoever runs the work has said, for this thread, what it does. Every layer of a network ends
with a pause. A long loop that evaluates no layers calls `pause` itself, or goes over `pausing(…)`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from torch.nn.modules.module import register_module_forward_hook

T = TypeVar("T")
_here = threading.local()


def pause() -> None:
    """Make room for others; raises what the one who runs the work raises to end it."""
    make_room = getattr(_here, "make_room", None)
    if make_room is not None:
        make_room()


def pausing(steps: Iterable[T]) -> Iterator[T]:
    """The steps of long work, with a pause after each."""
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
