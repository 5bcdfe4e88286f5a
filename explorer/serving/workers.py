"""Workers of the lanes: their threads, how many of them are busy, and whether light questions are running.

Light questions are urgent, but for those of a crowd. Long work makes room for them (`calm`).
"""

import threading
import time
from collections import Counter
from collections.abc import Set
from concurrent.futures import ThreadPoolExecutor

import torch

from explorer.serving.work import LIGHT, Lane, Question, Work


def _settle_in() -> None:
    """Prepare a worker thread."""
    torch.get_num_threads()  # torch sets a thread's count on first use; not to happen after `set_num_threads`


class Workers:
    """Threads of all lanes; whoever calls `occupy` and `rest` holds the desk's lock.

    Attributes:
        busy: Number of busy workers of each lane.
        urgent: Number of light questions that are running, but for those of a crowd.
        calm: Set while there are none.
    """

    def __init__(self):
        self._pools: dict[Lane, ThreadPoolExecutor] = {}
        self.busy: Counter[Lane] = Counter()
        self.urgent, self.calm = 0, threading.Event()
        self.calm.set()

    def pool(self, lane: Lane) -> ThreadPoolExecutor:
        """Return the threads of a lane: one for each worker, and for each piece of work that may be suspended."""
        if lane not in self._pools:
            self._pools[lane] = ThreadPoolExecutor(lane.workers + lane.paused, lane.name, _settle_in)
        return self._pools[lane]

    def threads(self, question: Question) -> int:
        """Return the number of threads for a question: more than one only if no other worker is busy."""
        return question.threads if sum(self.busy.values()) == 1 else 1

    def occupy(self, *works: Work, crowds: Set[str] = frozenset()) -> None:
        """Record the start of a turn that one worker gives to these pieces of work; `crowds` are never urgent."""
        lane = works[0].question.lane
        self.busy[lane] += 1
        for each in works:
            each.running, each.turn = True, time.monotonic()
            each.urgent = lane is LIGHT and not each.places <= crowds
            self.urgent += each.urgent
        if self.urgent:
            self.calm.clear()

    def rest(self, *works: Work) -> None:
        """Record the end of a turn."""
        self.busy[works[0].question.lane] -= 1
        for each in works:
            each.running = False
            self.urgent -= each.urgent
        if not self.urgent:
            self.calm.set()
