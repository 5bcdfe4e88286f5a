"""Films: samplers that run step by step on the server while viewers fetch the frames computed so far.

Each film has a thread of its own. It runs while the film has a turn, and rests at the first pause after the turn, which
may lie inside a step. Films that have a turn together share the evaluations of their network.
"""

import itertools
import logging
import math
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from threading import Event

from torch import nn

from explorer.running import joint, pauses
from explorer.serving.kept import weight
from explorer.serving.turn import Turn
from explorer.serving.visitors import Visitor, subtract_one
from explorer.serving.work import LEFT, Question, Unwanted, Work, sentence
from explorer.spaces import Space

WATCHERS = 2_000  # viewers at the same time
CREW, FILMS_ROWS = (
    4,
    4,
)  # films that step together, and rows of their batch; on a CPU, larger batches are hardly cheaper per row
PATIENCE, KEEPS = 15.0, 60.0  # seconds without a request until a viewer is removed: of a running, of a finished film
OWN_PACE_FROM = 0.25  # share of a film after which its own pace counts as much as that of the films before it
MARGIN = 1.2  # factor on the expected cost of a film, since one that costs more than expected loses its rank
GONE = "This film ended on the server, as nobody asked for it any more. Start it again to go on."
log = logging.getLogger(__name__)
Scene = tuple[float, dict | None]
"""Cost of a step in evaluations of the network, and its frame; None where the step is not shown."""


@dataclass(frozen=True)
class Script:
    """Plan of a film.

    Arguments:
        space: Space of the x that are shown.
        count: Number of x in each frame.
        total: Number of frames.
        evaluations: Number of network evaluations, or the whole cost in any other unit that the scenes count.
        scenes: Runs the sampler.
        network: Network that every step evaluates through `jointly`; films with the same network share evaluations.
        rows: Batch rows of this film in each evaluation.
    """

    space: Space
    count: int
    total: int
    evaluations: float
    scenes: Callable[[], Iterator[Scene]]
    network: nn.Module | None = None
    rows: int = 1


class Film(Work):
    """Film with the frames so far and their cost: `seconds` of its own work, and `worked` on the clock in its turns."""

    def __init__(self, question: Question, key: Hashable, script: Script, network: Hashable = None):
        def rolling() -> Iterator[Scene]:
            yield from script.scenes()

        super().__init__(question, network)
        self.key, self.script, self.scenes, self.rows = key, script, rolling(), script.rows
        self.frames: list[dict] = []
        self.cost, self.rest, self.worked = 0.0, 0.0, 0.0
        self.size, self.evaluations, self.seconds = 0, 0, 0.0  # approximate bytes
        self.done, self.error = False, None
        self.visitors: Counter[Visitor] = Counter()
        self.news: Future[None] | None = None  # exists while a viewer waits for it
        self.begun, self._go = False, Event()
        self._turn: Turn | None = None

    @property
    def is_unwanted(self) -> bool:
        """True if nobody watches, or an error has ended it."""
        return not self.visitors or self.error is not None

    @property
    def over(self) -> bool:
        """True if no steps are left."""
        return self.done or self.error is not None

    @property
    def pace(self) -> float:
        """Seconds on the clock for one evaluation, with what light questions and other processes took meanwhile."""
        return self.worked / (self.evaluations or 1)

    @property
    def is_settled(self) -> bool:
        """True if enough is done for this pace to tell that of the whole film, and of others of its kind."""
        return self.evaluations > 0 and self.evaluations >= OWN_PACE_FROM * self.script.evaluations

    def expect(self, pace: float) -> None:
        """Estimate the remaining seconds, given the recent seconds for one evaluation of such films.

        `rest` is the estimate that is told. `left`, by which films rank, counts down from a cost that is fixed at the
        start and rounded up: films of a kind then keep their order, however much the pace varies.
        """
        planned = self.script.evaluations
        self.cost = self.cost or 2.0 ** math.ceil(math.log2(MARGIN * pace * max(1, planned)))
        self.left = max(self.cost - self.worked, LEFT * self.cost)
        begun = (
            OWN_PACE_FROM * planned
        )  # so many evaluations at the usual pace: the first ones tell little of the whole film
        mean = (self.worked + begun * pace) / ((self.evaluations + begun) or 1)
        self.rest = mean * max(0, planned - self.evaluations)

    def companions(self, others: Iterable["Film"]) -> list["Film"]:
        """Return this film, followed by the films among `others`, in order, that step together with it."""
        crew, rows = [self], self.script.rows
        for each in others if self.script.network is not None else ():
            if (
                each.script.network is self.script.network
                and rows + each.script.rows <= FILMS_ROWS
                and len(crew) < CREW
            ):
                crew.append(each)
                rows += each.script.rows
        return crew

    def next_news(self) -> Future[None]:
        """Return the future that completes when there is something new."""
        self.news = self.news or Future()
        return self.news

    def tell(self) -> None:
        """Wake the viewers who wait for something new."""
        if self.news:
            news, self.news = self.news, None
            news.set_result(None)

    def take(self, turn: Turn) -> bool:
        """Go on with a turn; return whether this is the first, for which the caller has to start `run` in a thread."""
        first, self.begun, self._turn = not self.begun, True, turn
        self._go.set()
        return first

    def run(self, told: Callable[[], None], make_room: Callable[[], None]) -> None:
        """Run in the calling thread to the end, turn by turn.

        Arguments:
            told: Called after each step.
            make_room: Called at each pause; its time does not count as time of the step.
        """
        try:
            self._turn.enter()
            with pauses.calling(lambda: self._pause(make_room)):
                while not self.over:
                    self.step()
                    told()
                    if not self.over:
                        self._attempt(pauses.pause)
        finally:
            self.end()
            if self._turn:
                self._turn.leave()

    def step(self) -> None:
        """Run one step."""
        self._attempt(self._next)

    def _next(self) -> None:
        start = joint.clock()
        scene = next(self.scenes, None)
        self.seconds += joint.clock() - start
        self._take(scene)

    def _attempt(self, work: Callable[[], None]) -> None:
        """Do a part of the work; an error becomes that of the film, unless it has one."""
        try:
            work()
        except Unwanted:
            self.error = self.error or GONE
        except Exception as error:
            self.error = self.error or sentence(error, "a film", self.kind[1])

    def _pause(self, make_room: Callable[[], None]) -> None:
        """Make room, and rest if the turn is over, unless others wait for this evaluation.

        Raises:
            Unwanted: if nobody watches the film any more.
        """
        begun = time.perf_counter()
        make_room()
        if not joint.is_evaluating():
            if self._turn.is_over:
                self._rest()
            if self.is_unwanted:
                raise Unwanted
        joint.leave_out(time.perf_counter() - begun)

    def _rest(self) -> None:
        """Leave the turn, and wait for the next one, or for the end of the film."""
        self._go.clear()
        if self.is_unwanted:  # whoever ends a film says so first, and wakes it then
            return
        turn, self._turn = self._turn, None
        turn.leave()
        self._go.wait()
        if self._turn:
            self._turn.enter()

    def _take(self, scene: Scene | None) -> None:
        evaluations, frame = scene or (0, None)
        self.evaluations += evaluations
        if frame:
            self.size += weight(frame)
            self.frames.append(frame)
        self.done = scene is None or len(self.frames) == self.script.total

    def close(self) -> None:
        """End the film: in its own thread, if it has begun."""
        if self.begun:
            self._go.set()
        else:
            self.end()

    def end(self) -> None:
        """Close the sampler, wherever it is, and let go of its network, which may be closed before the film is."""
        try:
            self.scenes.close()
        except Exception:
            log.exception("a film did not end well")
        self.script = replace(self.script, scenes=lambda: iter(()), network=None)


@dataclass(frozen=True)
class Watcher:
    """Viewer of a film, with the time of the last request for frames."""

    film: Film
    visitor: Visitor
    seen: float


class Audience:
    """Viewers of films by name, in the order of their last request, oldest first."""

    def __init__(self):
        self._watchers: OrderedDict[str, Watcher] = OrderedDict()

    def __len__(self) -> int:
        return len(self._watchers)

    def enter(self, film: Film, who: Visitor) -> str:
        """Add a viewer of a film and return the viewer's name."""
        name = secrets.token_hex(8)
        self._watchers[name] = Watcher(film, who, time.monotonic())
        film.visitors[who] += 1
        while len(self) > WATCHERS:
            self.part(next(iter(self._watchers)))
        return name

    def record_request(self, name: str) -> Film:
        """Record a request for frames and return the film.

        Raises:
            ValueError: if nobody watches a film under that name.
        """
        if name not in self._watchers:
            raise ValueError(GONE)
        self._watchers[name] = replace(self._watchers[name], seen=time.monotonic())
        self._watchers.move_to_end(name)
        return self._watchers[name].film

    def part(self, name: str) -> None:
        """Remove a viewer."""
        watcher = self._watchers.pop(name, None)
        if watcher:
            subtract_one(watcher.film.visitors, watcher.visitor)

    def empty(self, film: Film) -> None:
        """Remove all viewers of a film."""
        for name in [name for name, watcher in self._watchers.items() if watcher.film is film]:
            self.part(name)

    def leave(self) -> None:
        """Remove the viewers whose last request is too old."""
        now = time.monotonic()
        late = itertools.takewhile(lambda each: now - each[1].seen > min(PATIENCE, KEEPS), self._watchers.items())
        for name, watcher in list(late):
            if now - watcher.seen > (KEEPS if watcher.film.done else PATIENCE):
                self.part(name)
