"""Films made while they are watched: a sampler runs step by step, and whoever watches asks for the frames there are.

Equal questions share one film, so a class that opens the same page makes it once. The films under way take turns of a
step each, fairly among visitors and the shortest first; when there are too many, the one that would come last goes. A
film that nobody watches any more ends before its next step; a finished one is remembered.
"""

import asyncio
import itertools
import logging
import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from explorer.checkpoints import CheckpointError
from explorer.device import gpu
from explorer.spaces import Space
from explorer.tabs.kit.answers import BROKEN, BUSY, THREADS
from explorer.tabs.kit.desk import GUESS, Busy, settle_in
from explorer.tabs.kit.turns import Turns
from explorer.tabs.kit.visitors import Visitor, visitor

NEWS_SECONDS, GATHER_SECONDS = 1.0, 0.1
AT_ONCE = 24  # frames in one answer
WATCHERS = 2_000  # at once
NICE = 5  # how far films let quick questions go first
PACED = 20  # steps over which the pace of a desk is averaged
GONE = "This film ended on the server, as nobody asked for it any more. Start it again to go on."
log = logging.getLogger(__name__)
Scene = tuple[int, dict | None]
"""How often a step evaluated the network, and its frame, or None where the step is not shown."""


@dataclass(frozen=True)
class Script:
    """What a film will be: `count` x in each of `total` frames, and how often the network will be evaluated."""

    space: Space
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
        self.visitors: Counter[Visitor] = Counter()
        self.left, self.since = 0.0, time.monotonic()  # seconds of work, and since when it waits
        self.turn = 0.0  # when it last had one

    def step(self) -> None:
        """Make one step."""
        self.turn = time.monotonic()
        try:
            self._take(next(self.scenes, None))
        except (ValueError, CheckpointError) as error:
            self.error = str(error)
        except Exception:
            log.exception("a film failed")
            self.error = BROKEN
        self.seconds += time.monotonic() - self.turn
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


@dataclass(frozen=True)
class Watcher:
    """Somebody who watches a film, and when they last asked for frames."""

    film: Film
    visitor: Visitor
    seen: float


class FilmDesk:
    """Makes films for those who watch them.

    Arguments:
        line: How many films may be under way.
        threads: How many threads the arithmetic of a step may use.
        patience: After how many seconds without a question somebody no longer watches a film that is being made.
        keeps: The same for a finished film.
        remembered: How many bytes of films are kept, watched ones among them.
    """

    def __init__(
        self,
        line: int = 64,
        threads: int = THREADS,
        patience: float = 15.0,
        keeps: float = 60.0,
        remembered: int = 50_000_000,
    ):
        self._pool = ThreadPoolExecutor(1, "films", settle_in, (threads, NICE))
        self._room, self._remembered = line, remembered
        self._patience, self._keeps = patience, keeps
        self._films: OrderedDict[Hashable, Film] = OrderedDict()  # what was asked for last comes last
        self._watchers: OrderedDict[str, Watcher] = OrderedDict()  # and who asked last
        self._live: list[Film] = []
        self._turns, self._pace = Turns(), GUESS
        self._turning: Film | bool = False
        self._lock = threading.Lock()

    def watch(self, key: Hashable) -> dict | None:
        """Watch the film of this key, if it is under way or remembered."""
        with self._lock:
            self._leave()
            return self._watched(key) if key in self._films else None

    def start(self, key: Hashable, script: Script) -> dict:
        """Watch the film of this key, which is made unless it is under way or remembered.

        Raises:
            Busy: if there are as many films as there is room for, and this one would come last.
        """
        with self._lock:
            self._leave()
            film = self._films.get(key)
            if film is None:
                film = self._films[key] = Film(script)
                self._live.append(film)
            begun = self._watched(key)
            self._bound()
            if film.error:
                self._part(begun["id"])
                raise Busy
            self._turn_on()
        return begun

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
        done = film.done and start + len(found) >= len(film.frames)
        if done:
            self.stop(name)
        return {
            "frames": found,
            "from": start,
            "done": done,
            "waiting": self._waiting(film),
            "evaluations": film.evaluations,
            "seconds": film.seconds,
            "error": film.error,
        }

    def stop(self, name: str) -> None:
        """Watch no longer; who does not watch is no hindrance."""
        with self._lock:
            self._part(name)

    def _watched(self, key: Hashable) -> dict:
        self._films.move_to_end(key)
        film, name, who = self._films[key], secrets.token_hex(8), visitor.get()
        self._watchers[name] = Watcher(film, who, time.monotonic())
        film.visitors[who] += 1
        while len(self._watchers) > WATCHERS:
            self._part(next(iter(self._watchers)))
        script = film.script
        planned = {key: getattr(script, key) for key in ("count", "total", "evaluations")}
        return {"id": name, "space": script.space.name} | planned

    def _part(self, name: str) -> None:
        """A watcher is none any more."""
        watcher = self._watchers.pop(name, None)
        if watcher:
            watcher.film.visitors[watcher.visitor] -= 1
            if not watcher.film.visitors[watcher.visitor]:
                del watcher.film.visitors[watcher.visitor]

    def _seen(self, name: str) -> Film:
        with self._lock:
            if name not in self._watchers:
                raise ValueError(GONE)
            self._watchers[name] = replace(self._watchers[name], seen=time.monotonic())
            self._watchers.move_to_end(name)
            return self._watchers[name].film

    def _waiting(self, film: Film) -> int:
        """The place in the line, from 1; 0 for a film that is being made or finished."""
        with self._lock:
            moving = film.frames and time.monotonic() - film.turn < NEWS_SECONDS
            if film not in self._live or film is self._turning or moving:
                return 0
            return 1 + [each for each in self._order() if each is not self._turning].index(film)

    def _order(self) -> list[Film]:
        """The films under way, the one whose turn it is in front."""
        for film in self._live:
            pace = film.seconds / film.evaluations if film.evaluations else self._pace
            film.left = pace * max(1, film.script.evaluations - film.evaluations)
        return self._turns.order(self._live)

    def _bound(self) -> None:
        """Let the film go that would come last, when there are more than there is room for."""
        while len(self._live) > self._room:
            last = self._order()[-1]
            last.error = BUSY
            self._live.remove(last)
            self._drop(last)
            self._pool.submit(last.end)  # in the thread that makes its steps

    def _drop(self, film: Film) -> None:
        """The next who asks for this film gets another."""
        self._films = OrderedDict((key, other) for key, other in self._films.items() if other is not film)

    def _turn_on(self) -> None:
        if not self._turning and self._live:
            self._turning = True
            self._pool.submit(self._turn)

    def _turn(self) -> None:
        """One step of the film whose turn it is; then comes the next one's."""
        with self._lock:
            self._dismiss()
            film = self._turning = next(iter(self._order()), False)
            before = film.seconds if film else 0.0
        if film:
            film.step()
        with self._lock:
            if film and (film.done or film.error) and film in self._live:
                self._live.remove(film)
            if film:
                self._turns.had(film, film.seconds - before)
            if film and film.evaluations:
                self._pace += (film.seconds / film.evaluations - self._pace) / PACED
            self._forget()
            self._turning = False
            self._turn_on()

    def _dismiss(self) -> None:
        """End the films that nobody watches."""
        self._leave()
        for film in [film for film in self._live if not film.visitors]:
            film.end()
            self._live.remove(film)
            self._drop(film)

    def _leave(self) -> None:
        """Let those go who have not asked for long."""
        now = time.monotonic()
        soonest = now - min(self._patience, self._keeps)
        late = itertools.takewhile(lambda each: each[1].seen < soonest, self._watchers.items())
        for name, watcher in list(late):
            if now - watcher.seen > (self._keeps if watcher.film.done else self._patience):
                self._part(name)

    def _forget(self) -> None:
        """Keep as many films as there is room for, but one at least, those asked for last, and none that failed."""
        finished = [film for film in reversed(self._films.values()) if film.done or film.error]
        room = self._remembered - sum(film.size for film in self._live)
        for place, film in enumerate(finished):
            room -= film.size
            if film.error:
                self._drop(film)
            elif place and room < 0:
                self._drop(film)
                for name in [name for name, watcher in self._watchers.items() if watcher.film is film]:
                    self._part(name)
