"""A desk that answers in one go all the waiting questions that are of a kind."""

import math
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any

from explorer.tabs.kit.desk import Desk, Job, Round, Unwanted


class SharedDesk(Desk):
    """A desk whose questions go together.

    What is asked here is a function of a list of questions that returns as many answers.

    Arguments:
        kind: Which questions go together: those for which it returns the same.
        size: How much of the room in one go a question takes.
        most: That room; while others wait, a quarter of it for one visitor.
        line: How many questions may wait.
        nice: As of every desk.
    """

    paused = 1  # a round of many takes much memory

    def __init__(
        self, kind: Callable[[dict], Hashable], size: Callable[[dict], int], most: int, line: int, nice: int = 0
    ):
        super().__init__(workers=1, line=line, nice=nice)
        self._kind, self._size, self._most = kind, size, most

    def _gather(self, chosen: Round) -> None:
        (first,) = chosen.jobs
        idle = [each for each in self._line if not each.begun]
        group = self._parting([chosen, *idle])
        taken, room = Counter(), self._most - self._size(first.wanted)
        taken.update(dict.fromkeys(self._of(first, group), self._size(first.wanted)))
        share = self._most // 4 if group else math.inf
        for each in self._order(idle):
            (job,) = each.jobs
            size, names = self._size(job.wanted), self._of(job, group)
            fits = size <= room and all(taken[name] + size <= share for name in names)
            if fits and self._kind(job.wanted) == self._kind(first.wanted):
                chosen.jobs.append(job)
                self._line.remove(each)
                taken.update(dict.fromkeys(names, size))
                room -= size

    def _size_of(self, work: Round) -> int:
        return sum(self._size(job.wanted) for job in work.jobs)

    @staticmethod
    def _parting(rounds: list[Round]) -> str | None:
        """By what those who wait are to be told apart: by address, else by session, or not at all."""
        visitors = set().union(*(each.visitors for each in rounds))
        return next((group for group in ("address", "session") if len({getattr(v, group) for v in visitors}) > 1), None)

    @staticmethod
    def _of(job: Job, group: str | None) -> set[str]:
        return {getattr(each, group) for each in job.waiters} if group else set()

    def _answers(self, done: Round) -> list[dict | BaseException]:
        function, questions = done.jobs[0].function, [job.wanted for job in done.jobs]
        try:
            return function(questions)
        except Unwanted:
            raise
        except Exception:  # one question must not spoil the others
            return [_alone(function, question) for question in questions]


def _alone(function: Callable[[list], list], question: dict[str, Any]) -> dict | Exception:
    try:
        return function([question])[0]
    except Exception as error:
        return error
