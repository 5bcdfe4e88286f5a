"""Films made while they are watched: a sampler runs step by step, and whoever watches asks for the frames there are.

Equal questions share one film, so a class that opens the same page makes it once. The films under way take turns, one
step each, and a bounded line waits behind them. A film that nobody watches any more ends before its next step; a
finished one is remembered.
"""

import asyncio
import functools
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch

from explorer.checkpoints import CheckpointError
from explorer.device import gpu
from explorer.tabs.answers import BROKEN, THREADS, Busy, arguments, in_words

NEWS_SECONDS, GATHER_SECONDS = 1.0, 0.1
AT_ONCE = 24  # frames in one answer
LONGEST = 10_000
WATCHERS = 2_000  # at once
GONE = "This film ended on the server, as nobody asked for it any more. Start it again to go on."
log = logging.getLogger(__name__)
Scene = tuple[int, dict | None]
"""How often a step evaluated the network, and its frame, or None where the step is not shown."""


@dataclass(frozen=True)
class Script:
    """What a film will be: `count` images in each of `total` frames, and how often the network will be evaluated."""

    count: int
    total: int
    evaluations: int
    scenes: Callable[[], Iterator[Scene]]


class Film:
    """One film: its frames so far, and what they took."""

    def __init__(self, script: Script):
        @gpu
        def rolling() -> Iterator[Scene]:
            yield from script.scenes()

        self.script = script
        self.scenes = rolling()
        self.frames: list[dict] = []
        self.size, self.evaluations, self.seconds = 0, 0, 0.0  # bytes, about
        self.done, self.error = False, None

    def step(self) -> None:
        """Make one step."""
        start = time.perf_counter()
        try:
            self._take(next(self.scenes, None))
        except (ValueError, CheckpointError) as error:
            self.error = str(error)
        except Exception:
            log.exception("a film failed")
            self.error = BROKEN
        self.seconds += time.perf_counter() - start
        if self.done or self.error:
            self.end()

    def _take(self, scene: Scene | None) -> None:
        evaluations, frame = scene or (0, None)
        self.evaluations += evaluations
        if frame:
            self.size += sum(len(text) for text in frame.values() if isinstance(text, str))
            self.frames.append(frame)
        self.done = scene is None or len(self.frames) == self.script.total

    def end(self) -> None:
        """Let the sampler go, wherever it is."""
        try:
            self.scenes.close()
        except Exception:
            log.exception("a film did not end well")


@dataclass
class Watcher:
    """Somebody who watches a film, and when they last asked for frames."""

    film: Film
    seen: float


class FilmDesk:
    """Makes films for those who watch them.

    Arguments:
        together: How many films take turns.
        line: How many more may wait.
        threads: How many threads the arithmetic of a step may use.
        patience: After how many seconds without a question somebody no longer watches a film that is being made.
        keeps: The same for a finished film.
        remembered: How many bytes of finished films are kept.
    """

    def __init__(
        self,
        together: int = 4,
        line: int = 60,
        threads: int = THREADS,
        patience: float = 15.0,
        keeps: float = 60.0,
        remembered: int = 100_000_000,
    ):
        self._pool = ThreadPoolExecutor(1, "films", torch.set_num_threads, (threads,))
        self._together, self._room, self._remembered = together, together + line, remembered
        self._patience, self._keeps = patience, keeps
        self._films: OrderedDict[Hashable, Film] = OrderedDict()
        self._live: list[Film] = []  # the first of them take turns
        self._watchers: dict[str, Watcher] = {}
        self._turning = False
        self._lock = threading.Lock()

    def start(self, key: Hashable, script: Script) -> dict:
        """Watch the film of this key, which is made unless it is under way or remembered.

        Raises:
            Busy: if it is new and the line is full.
        """
        with self._lock:
            self._leave()
            if len(self._watchers) >= WATCHERS:
                raise Busy
            film = self._films.get(key)
            if film is None:
                if len(self._live) >= self._room:
                    raise Busy
                film = self._films[key] = Film(script)
                self._live.append(film)
                self._turn_on()
            self._films.move_to_end(key)
            name = secrets.token_hex(8)
            self._watchers[name] = Watcher(film, time.monotonic())
        known = film.script
        return {"id": name, "count": known.count, "total": known.total, "evaluations": known.evaluations}

    async def frames(self, name: str, start: int) -> dict:
        """The frames from number `start` on, at once or when there is one; at most `AT_ONCE` of them.

        Raises:
            ValueError: if this film is not being watched under that name.
        """
        film = self._seen(name)
        deadline = time.monotonic() + NEWS_SECONDS
        while len(film.frames) <= start and not (film.done or film.error) and time.monotonic() < deadline:
            await asyncio.sleep(GATHER_SECONDS)
        self._seen(name)
        found = film.frames[start : start + AT_ONCE]
        return {
            "frames": found,
            "from": start,
            "done": film.done and start + len(found) >= len(film.frames),
            "waiting": self._waiting(film),
            "evaluations": film.evaluations,
            "seconds": film.seconds,
            "error": film.error,
        }

    def stop(self, name: str) -> None:
        """Watch no longer; who does not watch is no hindrance."""
        with self._lock:
            self._watchers.pop(name, None)

    def _seen(self, name: str) -> Film:
        with self._lock:
            if name not in self._watchers:
                raise ValueError(GONE)
            self._watchers[name].seen = time.monotonic()
            return self._watchers[name].film

    def _waiting(self, film: Film) -> int:
        """The place in the line, from 1; 0 for a film that is being made or finished."""
        with self._lock:
            return max(0, self._live.index(film) - self._together + 1) if film in self._live else 0

    def _turn_on(self) -> None:
        if not self._turning:
            self._turning = True
            self._pool.submit(self._turn)

    def _turn(self) -> None:
        """One step of the film whose turn it is; then comes the next one's."""
        with self._lock:
            self._dismiss()
            film = self._live[0] if self._live else None
        if film:
            film.step()
        with self._lock:
            if film:
                self._live.pop(0)
                if not (film.done or film.error):
                    self._live.insert(min(self._together - 1, len(self._live)), film)
            self._forget()
            self._turning = False
            if self._live:
                self._turn_on()

    def _dismiss(self) -> None:
        """End the films that nobody watches."""
        self._leave()
        watched = [watcher.film for watcher in self._watchers.values()]
        for film in [film for film in self._live if film not in watched]:
            film.end()
            self._live.remove(film)
            self._films = OrderedDict((key, other) for key, other in self._films.items() if other is not film)

    def _leave(self) -> None:
        """Let those go who have not asked for long."""
        now = time.monotonic()
        for name, watcher in list(self._watchers.items()):
            if now - watcher.seen > (self._keeps if watcher.film.done else self._patience):
                del self._watchers[name]

    def _forget(self) -> None:
        """Keep as many finished films as there is room for, those asked for last, and none that failed."""
        room = self._remembered
        for key, film in reversed(list(self._films.items())):
            room -= film.size if film.done else 0
            if film.error or (film.done and room < 0):
                del self._films[key]


def film(
    function: Callable[..., Script], desk: FilmDesk, readers: Mapping[str, Callable]
) -> Callable[[Any], Awaitable[dict]]:
    """Make a server function of what writes a script: it starts the film, or says in words what went wrong."""

    @functools.wraps(function)
    async def start(argument: Any) -> dict:
        async def work() -> dict:
            wanted = arguments(function, argument, readers)
            script = await asyncio.to_thread(function, **wanted)  # which may have to read the weights
            return desk.start((function, *wanted.items()), script)

        return await in_words(function.__name__, work)

    start.plain = function
    del start.__wrapped__  # Gradio would count the wrapped function's parameters and pass as many values
    return start


def watching(desk: FilmDesk) -> list[Callable[[Any], Awaitable[dict]]]:
    """The server functions that ask for a film's frames, and that stop watching it."""

    async def frames(argument: Any) -> dict:
        """The frames of a film from a number on."""
        return await in_words("frames", lambda: desk.frames(*_asked(argument)))

    async def stop(argument: Any) -> dict:
        """Watch a film no longer."""

        async def work() -> dict:
            desk.stop(_asked(argument)[0])
            return {}

        return await in_words("stop", work)

    return [frames, stop]


def _asked(argument: Any) -> tuple[str, int]:
    asked = argument if isinstance(argument, dict) else {}
    name, start = asked.get("id"), asked.get("from", 0)
    if not isinstance(name, str) or type(start) is not int or not 0 <= start <= LONGEST:
        raise ValueError(f"a film is asked for by its id, and from a frame between 0 and {LONGEST}")
    return name, start
