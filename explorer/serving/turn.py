"""One turn of films: it begins and ends in the thread of each of them, and joins their evaluations."""

import time
from threading import Event, Lock

import torch

from explorer.running import joint


class Turn:
    """Time of a worker that one film has, or several films whose evaluations are joined.

    Arguments:
        size: Number of films.
        seconds: Time after which the films rest at their next pause.
        threads: Number of threads for the arithmetic of a film.
    """

    def __init__(self, size: int, seconds: float, threads: int = 1):
        self._until, self._threads, self._going = time.monotonic() + seconds, threads, size
        self._crew = joint.Crew(size) if size > 1 else None
        self._lock, self._over = Lock(), Event()

    @property
    def is_over(self) -> bool:
        """True after its seconds."""
        return time.monotonic() >= self._until

    def enter(self) -> None:
        """Begin the turn of a film, in its thread."""
        torch.get_num_threads()  # torch sets a thread's count on first use; not to happen after `set_num_threads`
        torch.set_num_threads(self._threads)
        if self._crew:
            self._crew.enter()

    def leave(self) -> None:
        """End the turn of a film, in its thread."""
        if self._crew:
            self._crew.leave()
        with self._lock:
            self._going -= 1
            if not self._going:
                self._over.set()

    def wait(self) -> None:
        """Wait until every film has left."""
        self._over.wait()
