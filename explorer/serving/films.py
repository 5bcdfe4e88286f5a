"""Films made while they are watched: a sampler runs step by step, and whoever watches asks for the frames there are."""

import itertools
import logging
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace

from torch import nn

from explorer import joint
from explorer.device import gpu
from explorer.serving.visitors import Visitor
from explorer.serving.work import Question, Unwanted, Work, sentence
from explorer.spaces import Space

WATCHERS = 2_000  # at once
CREW, ROWS = 8, 16  # films that step together, and rows of their batch: more rows cost no less each
PATIENCE, KEEPS = 15.0, 60.0  # seconds without a question after which nobody watches: a film under way, a finished one
GONE = "This film ended on the server, as nobody asked for it any more. Start it again to go on."
log = logging.getLogger(__name__)
Scene = tuple[int, dict | None]
"""How often a step evaluated the network, and its frame, or None where the step is not shown."""


@dataclass(frozen=True)
class Script:
    """What a film will be: `count` x in each of `total` frames, and how often the network will be evaluated.

    Where every step evaluates a `network` marked with `jointly`, for so many `rows`, films step together.
    """

    space: Space
    count: int
    total: int
    evaluations: int
    scenes: Callable[[], Iterator[Scene]]
    network: nn.Module | None = None
    rows: int = 1


class Film(Work):
    """One film: its frames so far, and what they took."""

    def __init__(self, question: Question, key: Hashable, script: Script):
        @gpu
        def rolling() -> Iterator[Scene]:
            yield from script.scenes()

        super().__init__(question)
        self.key, self.script, self.scenes, self.rows = key, script, rolling(), script.rows
        self.frames: list[dict] = []
        self.size, self.evaluations, self.seconds = 0, 0, 0.0  # bytes, about
        self.done, self.error = False, None
        self.rested = 0.0  # when its step began, or last let others pass
        self.visitors: Counter[Visitor] = Counter()
        self.news: Future[None] | None = None  # where somebody waits for it

    @property
    def over(self) -> bool:
        """Whether there are no more steps."""
        return self.done or self.error is not None

    @property
    def pace(self) -> float:
        """How many seconds an evaluation took."""
        return self.seconds / max(1, self.evaluations)

    def expect(self, pace: float) -> None:
        """Say how long the rest may take, when such films lately took so many seconds an evaluation."""
        self.left = (self.pace if self.evaluations else pace) * max(1, self.script.evaluations - self.evaluations)

    def companions(self, others: Iterable["Film"]) -> list["Film"]:
        """Return those of others, in their order, that step together with this film, it among them."""
        crew, rows = [self], self.script.rows
        for each in others if self.script.network is not None else ():
            if each.script.network is self.script.network and rows + each.script.rows <= ROWS and len(crew) < CREW:
                crew.append(each)
                rows += each.script.rows
        return crew

    def next_news(self) -> Future[None]:
        """What is told when there is something new."""
        self.news = self.news or Future()
        return self.news

    def tell(self) -> None:
        """Wake those who wait for what is new."""
        if self.news:
            news, self.news = self.news, None
            news.set_result(None)

    def step(self) -> None:
        """Make one step."""
        start, self.rested = joint.clock(), time.monotonic()
        try:
            scene = next(self.scenes, None)
            self.seconds += joint.clock() - start
            self._take(scene)
        except Unwanted:
            self.error = GONE
        except Exception as error:
            self.error = sentence(error, "a film")

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


class Audience:
    """Who watches which film, by the name under which they do; who asked last comes last."""

    def __init__(self):
        self._watchers: OrderedDict[str, Watcher] = OrderedDict()

    def __len__(self) -> int:
        return len(self._watchers)

    def enter(self, film: Film, who: Visitor) -> str:
        """Let somebody watch a film; returns the name."""
        name = secrets.token_hex(8)
        self._watchers[name] = Watcher(film, who, time.monotonic())
        film.visitors[who] += 1
        while len(self) > WATCHERS:
            self.part(next(iter(self._watchers)))
        return name

    def seen(self, name: str) -> Film:
        """Note that somebody asks for frames; returns the film.

        Raises:
            ValueError: if no film is being watched under that name.
        """
        if name not in self._watchers:
            raise ValueError(GONE)
        self._watchers[name] = replace(self._watchers[name], seen=time.monotonic())
        self._watchers.move_to_end(name)
        return self._watchers[name].film

    def part(self, name: str) -> None:
        """Somebody watches no longer."""
        watcher = self._watchers.pop(name, None)
        if watcher:
            watcher.film.visitors[watcher.visitor] -= 1
            watcher.film.visitors = +watcher.film.visitors

    def empty(self, film: Film) -> None:
        """Nobody watches this film any longer."""
        for name in [name for name, watcher in self._watchers.items() if watcher.film is film]:
            self.part(name)

    def leave(self) -> None:
        """Let those go who have not asked for long."""
        now = time.monotonic()
        late = itertools.takewhile(lambda each: now - each[1].seen > min(PATIENCE, KEEPS), self._watchers.items())
        for name, watcher in list(late):
            if now - watcher.seen > (KEEPS if watcher.film.done else PATIENCE):
                self.part(name)
