"""Scheduler of all long work: it answers questions, runs films, and shares the workers fairly among visitors.

Light questions, heavy ones, timed ones and films each have a lane with its own workers. Fair queueing among visitors
orders the work of a lane, across tabs. Identical requests from several visitors are computed once. Long work yields
between its steps to work that now ranks before it. The scheduler cancels work that nobody waits for any more. Queued
questions, films and viewers are bounded in number. Answers and films share one cache bounded in bytes.
"""

import asyncio
import contextlib
import functools
import threading
import time
from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

import torch

from explorer.running import pauses, process
from explorer.serving import line as lines
from explorer.serving.costs import Costs
from explorer.serving.films import Audience, Film, Script
from explorer.serving.kept import Kept, weight
from explorer.serving.turn import Turn
from explorer.serving.turns import Turns
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import BUSY, FILMS, GUESS, LIGHT, Busy, Job, Lane, Question, Round, Unwanted, Work
from explorer.serving.workers import Workers

WAITING, UNDER_WAY = 200, 64  # limits on queued questions and on running films
REMEMBERED = 60_000_000  # bytes of cached answers and films
GROWING = 150_000_000  # bytes of running films
WAIT_SECONDS = 30
NEWS_SECONDS, GATHER_SECONDS = 1.0, 0.1
DESK_AT_ONCE = 24  # frames in one response
SLICE = 0.02  # seconds of a turn; after that, work yields if other work ranks before it


class Desk:
    """Fair scheduler that answers questions and runs films.

    Arguments:
        waiting: Maximum number of queued questions.
        films: Maximum number of running films.
        remembered: Capacity of the cache for answers and films, in bytes.
        growing: Limit for the frames of all running films, in bytes.
    """

    def __init__(
        self, waiting: int = WAITING, films: int = UNDER_WAY, remembered: int = REMEMBERED, growing: int = GROWING
    ):
        self._waiting, self._most, self._most_growing = waiting, films, growing
        self._jobs: dict[Hashable, Job] = {}
        self._films: dict[Hashable, Film] = {}  # running
        self._line: list[Work] = []  # queued and running work
        self._workers = Workers()
        self._busy, self._calm = self._workers.busy, self._workers.calm
        self._gathering = 0  # blocks of `gathering`
        self._turns: dict[Lane, Turns] = defaultdict(Turns)
        self._costs = Costs(GUESS)
        self._kept, self._audience = Kept(remembered), Audience()
        self._lock = threading.RLock()

    async def ask(self, question: Question, wanted: dict[str, Any]) -> Any:
        """Return the answer to a question, from the cache or computed by a worker.

        Raises:
            Busy: if the queue is full, or the answer takes longer than `WAIT_SECONDS`.
        """
        key, who = (question, *wanted.items()), visitor.get()
        known = self._kept.get(key)
        if known is not None:
            return known
        job = self._join(question, key, wanted, who)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(job.future)), WAIT_SECONDS)
        except TimeoutError:
            raise Busy from None
        finally:
            self._leave(job, who)

    def expected(self, question: Question, wanted: dict[str, Any]) -> float | None:
        """Return the seconds until a question that was asked will have its answer.

        None if nobody waits for it, or if such work was never measured here and declares no seconds.
        """
        with self._lock:
            job = self._jobs.get((question, *wanted.items()))
            rounds = [each for each in self._order(question.lane) if isinstance(each, Round)]
            mine = next((each for each in rounds if job in each.jobs), None)
            known = mine is not None and self._costs.knows(mine.kind)
            pace = self._costs.expected(mine.kind) if known else question.seconds
            if mine is None or pace is None:
                return None
            before = sum(each.remaining(self._costs.expected(each.kind)) for each in rounds[: rounds.index(mine)])
            return mine.remaining(pace) + (0 if mine.running else before / question.lane.workers)

    @contextlib.contextmanager
    def gathering(self) -> Iterator[None]:
        """Start no work until the end of the block, so that the questions asked in it can share a batch."""
        with self._lock:
            self._gathering += 1
        try:
            yield
        finally:
            with self._lock:
                self._gathering -= 1
                for lane in {each.question.lane for each in self._line}:
                    self._advance(lane)

    def watch(self, key: Hashable) -> dict | None:
        """Join the viewers of the film with this key; return None if it is neither running nor cached."""
        with self._lock:
            self._dismiss()
            film = self._films.get(key) or self._kept.get(key)
            return self._watch(film) if film and not film.error else None

    def start(self, question: Question, key: Hashable, script: Script, network: Hashable = None) -> dict:
        """Join the viewers of the film with this key; start the film unless it is running or cached.

        Arguments:
            question: Function that wrote the script.
            key: The same for equal films.
            script: Plan of the film.
            network: Name of its network, by which its cost is learned.

        Raises:
            Busy: if the films exceed their limit and this one ranks last.
        """
        with self._lock:
            if begun := self.watch(key):
                return begun
            film = self._films[key] = Film(question, key, script, network)
            self._line.append(film)
            self._turns[question.lane].join(visitor.get())
            begun = self._watch(film)
            self._bound_films()
            if film.error:
                self._audience.part(begun["id"])
                raise Busy
            self._advance(question.lane)
            return begun

    async def frames(self, name: str, start: int) -> dict:
        """Return the frames from number `start` on, at most `DESK_AT_ONCE`, and the state of the film.

        The first frame and the end of a film are returned at once. Other frames are collected for `GATHER_SECONDS`.
        Without a new frame, the call returns after `NEWS_SECONDS`. Cancelling it, as when the viewer's connection ends,
        stops the watching; whoever comes back starts the film again.

        Raises:
            ValueError: if nobody watches a film under that name.
        """
        film, asked = self._record_request(name), time.monotonic()
        while True:
            with self._lock:
                news = film.next_news()  # taken before the frames are counted, so that no frame is missed
            there = len(film.frames) - start
            enough = there >= (DESK_AT_ONCE if start else 1)
            left = asked + (GATHER_SECONDS if there > 0 else NEWS_SECONDS) - time.monotonic()
            if enough or film.over or left <= 0:
                break
            try:
                await asyncio.wait([asyncio.wrap_future(news)], timeout=left)
            except asyncio.CancelledError:
                self.stop(name)
                raise
        self._record_request(name)
        found = film.frames[start : start + DESK_AT_ONCE]
        done = film.done and start + len(found) >= len(film.frames)
        place, left = self._outlook(film)
        if done:
            self.stop(name)
        return {
            "frames": found,
            "from": start,
            "done": done,
            "waiting": place,
            "left": left,
            "evaluations": film.evaluations,
            "seconds": film.seconds,
            "error": film.error,
        }

    def stop(self, name: str) -> None:
        """Stop watching; a film without viewers ends at its next pause."""
        with self._lock:
            self._audience.part(name)
            self._dismiss()

    def pause(self, mine: Round) -> None:
        """Yield, in the worker's own thread, to work that now ranks before this round.

        Raises:
            Unwanted: if nobody waits for the round any more.
        """
        self._let_light_pass(mine)
        if time.monotonic() - mine.turn < SLICE:
            return
        with self._lock:
            if not mine.visitors:
                raise Unwanted
            self._clock(mine)
            if not self._stands_back(mine):
                return
            mine.go.clear()
            self._workers.rest(mine)
            self._advance(mine.question.lane)
        mine.go.wait()
        if not mine.visitors:
            raise Unwanted

    # questions

    def _join(self, question: Question, key: Hashable, wanted: dict[str, Any], who: Visitor) -> Job:
        with self._lock:
            idle = [*lines.waiting(self._line)]
            # an address that waits with such a question has begun what it can
            stuck = any(each.question is question and who.address in each.places for each in idle)
            job = self._jobs.get(key)
            if job is None:
                if len(idle) >= self._waiting and lines.has_most(idle, who):
                    raise Busy
                job = self._jobs[key] = Job(key, wanted)
                self._line.append(Round(question, job))
            job.waiters[who] += 1
            self._turns[question.lane].join(who)
            if not stuck:
                self._advance(question.lane)
            self._bound_questions()
            return job

    def _leave(self, job: Job, who: Visitor) -> None:
        """Remove a waiting visitor from a job; cancel the job if nobody waits for it any more."""
        with self._lock:
            job.waiters[who] -= 1
            job.waiters = +job.waiters
            if not job.waiters and not job.future.done():
                job.future.cancel()
                self._drop(job)

    def _drop(self, job: Job) -> None:
        """Remove a job, and cancel the work that only it needs."""
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        for each in [each for each in self._line if isinstance(each, Round) and job in each.jobs]:
            if not each.begun:
                self._line.remove(each)
            elif not each.running and not each.visitors:
                self._occupy(each)
                each.go.set()

    def _bound_questions(self) -> None:
        """Reject the latest questions of whoever has most of them, while the queue exceeds its limit."""
        while len(idle := [*lines.waiting(self._line)]) > self._waiting:
            (job,) = lines.latest_of_most(idle).jobs
            job.settle(Busy())
            self._drop(job)

    def _work(self, done: Round) -> None:
        """Compute the answers of a round, in the worker's thread."""
        torch.set_num_threads(self._workers.threads(done.question))
        try:
            with pauses.calling(lambda: self.pause(done)):
                found = done.answers()
        except Unwanted:
            found = [Unwanted()] * len(done.jobs)  # a new one; the traceback of the first holds tensors
        except BaseException as error:
            found = [error] * len(done.jobs)
        with self._lock:
            self._clock(done)
            if not any(isinstance(answer, BaseException) for answer in found):
                self._learn(done)
            self._line.remove(done)
            for job, answer in zip(done.jobs, found, strict=True):
                self._settle(done.question, job, answer)
            self._workers.rest(done)
            self._advance(done.question.lane)
        del found  # an error's traceback refers to this frame
        process.trim()

    def _settle(self, question: Question, job: Job, found: Any) -> None:
        if question.remembered and not isinstance(found, BaseException):
            self._keep(job.key, found, weight(found) + weight(job.wanted))
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]
        job.settle(found)

    # films

    def _watch(self, film: Film) -> dict:
        script = film.script
        planned = {key: getattr(script, key) for key in ("count", "total", "evaluations")}
        return {"id": self._audience.enter(film, visitor.get()), "space": script.space.name} | planned

    def _record_request(self, name: str) -> Film:
        with self._lock:
            return self._audience.record_request(name)

    def _outlook(self, film: Film) -> tuple[int, float]:
        """Return the place in the queue of films, from 1, and the expected seconds until the film ends.

        The place of a film that is running or finished is 0. Turns go by the order of ends, so a film ends when all
        before it have ended, if nothing is asked for that ranks before it.
        """
        with self._lock:
            if film not in self._line:
                return 0, 0.0
            order = self._order(film.question.lane)
            left = sum(each.rest for each in order[: order.index(film) + 1])
            moving = film.frames and time.monotonic() - film.turn < NEWS_SECONDS
            if film.running or moving:
                return 0, left
            return 1 + [each for each in order if not each.running].index(film), left

    def _roll(self, crew: list[Film]) -> None:
        """Give films a turn, in the thread of the lane's worker, and wait until each has rested or ended."""
        self._let_light_pass(crew[0])
        with self._lock:
            going = [film for film in crew if film in self._line]  # without those that were ended meanwhile
            turn = Turn(len(going), SLICE, self._workers.threads(crew[0].question) if len(going) == 1 else 1)
            begun = [film for film in going if film.take(turn)]
        for film in begun:  # a daemon, since a film that rests must not keep the process from ending
            told, make_room = functools.partial(self._tell, film), functools.partial(self._let_light_pass, film)
            threading.Thread(target=film.run, args=(told, make_room), name="film", daemon=True).start()
        if going:
            turn.wait()
        with self._lock:
            self._clock(*crew)
            self._workers.rest(*crew)
            for film in crew:
                if film.is_settled:
                    self._learn(film)
                if film.over and film in self._line:
                    self._finish(film)
            self._dismiss()
            self._bound_films()
            self._advance(crew[0].question.lane)

    def _tell(self, film: Film) -> None:
        with self._lock:
            film.tell()

    def _finish(self, film: Film) -> None:
        """Remove a film from the running ones; its viewers can still fetch its frames."""
        film.tell()
        self._line.remove(film)
        if self._films.get(film.key) is film:  # a failed film may have been started anew under the same key
            del self._films[film.key]
        film.close()
        self._reserve()
        if film.done:
            self._keep(film.key, film, film.size)

    def _dismiss(self) -> None:
        """End the films without viewers."""
        self._audience.leave()
        for film in [film for film in self._films.values() if not film.visitors]:
            self._finish(film)

    def _bound_films(self) -> None:
        """End the last-ranked films while they exceed their number or their bytes."""
        while (large := self._growing > self._most_growing) or len(self._films) > self._most:
            last = [each for each in self._order(FILMS) if isinstance(each, Film) and (each.size or not large)][-1]
            last.error = BUSY
            self._finish(last)
        self._reserve()

    # turns

    def _order(self, lane: Lane) -> list[Work]:
        """Return the queued and running work of a lane, next in turn first.

        Each lane keeps its own virtual time: service in a lane that nobody else wanted creates no debt in another lane.
        """
        ours = lines.of_lane(self._line, lane)
        for each in ours:
            each.expect(self._costs.expected(each.kind))
        return self._turns[lane].order(ours)

    def _advance(self, lane: Lane) -> None:
        """Start the next work of a lane while it has free workers."""
        while not self._gathering and self._busy[lane] < lane.workers and (ready := lines.ready(self._line, lane)):
            chosen, *others = (each for each in self._order(lane) if each in ready)
            self._begin(chosen, others)

    def _begin(self, chosen: Work, others: list[Work]) -> None:
        """Start a turn of work, together with the films among `others` that share its steps."""
        pool = self._workers.pool(chosen.question.lane)
        if isinstance(chosen, Film):
            crew = chosen.companions(others)
            self._occupy(*crew)
            pool.submit(self._roll, crew)
            return
        self._occupy(chosen)
        if chosen.begun:
            chosen.go.set()
            return
        chosen.begun = True
        self._gather(chosen)
        pool.submit(self._work, chosen)

    def _gather(self, chosen: Round) -> None:
        """Add the queued jobs that fit into the batch of a round."""
        if chosen.question.batch:
            lane = chosen.question.lane
            of_kind = [each for each in self._order(lane) if each.question is chosen.question]
            for each in chosen.gather([each for each in of_kind if not each.begun and each is not chosen]):
                self._line.remove(each)

    def _occupy(self, *works: Work) -> None:
        crowds = lines.crowds(self._line, LIGHT) if works[0].question.lane is LIGHT else set()
        self._workers.occupy(*works, crowds=crowds)

    def _let_light_pass(self, work: Work) -> None:
        """Wait for urgent light questions, at most half of the time: they have priority, not exclusive use."""
        if work.question.lane is LIGHT or self._calm.is_set() or time.monotonic() - work.rested < SLICE / 2:
            return
        self._calm.wait(SLICE / 2)
        work.rested = time.monotonic()

    def _stands_back(self, mine: Round) -> bool:
        """Return whether other work ranks before this running round, and one more round may be suspended.

        A round with a batch is not suspended: many wait for it, it holds much memory, and it ends soon.
        """
        lane = mine.question.lane
        held = [each for each in lines.of_lane(self._line, lane) if each.begun and not each.running]
        if len(held) >= lane.paused or mine.question.batch:
            return False
        ready = {mine} | lines.ready(self._line, lane, mine)
        return len(ready) > 1 and next(each for each in self._order(lane) if each in ready) is not mine

    def _clock(self, *works: Work) -> None:
        """Charge the time since the start of the turn to the work and to the visitors who wait for it."""
        now, rows = time.monotonic(), sum(each.rows for each in works)
        for each in works:
            seconds, each.turn = (now - each.turn) * each.rows / rows, now
            each.worked += seconds
            self._turns[each.question.lane].charge(each, seconds)

    def _learn(self, work: Work) -> None:
        """Update the expected seconds for a unit of such work."""
        self._costs.learn(work.kind, work.pace)

    # cache

    def _keep(self, key: Hashable, found: Any, size: int) -> None:
        self._forget(self._kept.put(key, found, size))

    @property
    def _growing(self) -> int:
        """Size of the running films in bytes."""
        return sum(film.size for film in self._films.values())

    def _reserve(self) -> None:
        self._forget(self._kept.reserve(self._growing))

    def _forget(self, gone: list[Any]) -> None:
        """Remove the viewers of the films that were evicted from the cache."""
        for each in gone:
            if isinstance(each, Film):
                self._audience.empty(each)


DESK = Desk()
"""Scheduler of the whole app."""
