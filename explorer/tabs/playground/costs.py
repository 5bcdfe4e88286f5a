"""Expected cost of a training, so that visitors are told how long they wait.

The parts of a training differ: a look with a density costs as much as a hundred steps. So a film of a training counts
its work in seconds of computing, by what the families needed lately. The desk multiplies by the pace of such films, as
a busy machine needs longer.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping

from explorer.models.learners import LEARNERS
from explorer.questions import learn_live
from explorer.questions.learn_live import Piece
from explorer.serving.work import GUESS

BEFORE = 0.2  # seconds of what comes before the first step
FIRST = {"step": 0.0012, "look": 0.02, "full": 0.15}  # seconds of a piece, before any was measured
FRAME = 0.004  # seconds that a frame takes without any training
LATELY: dict[Hashable, float] = {}
"""Mean seconds of a piece in the latest training, by family, setting and kind."""


class Plan:
    """The work of one film, in units that take `GUESS` seconds each.

    Arguments:
        settings: Families that are trained, with whatever their cost depends on.
        steps: Number of steps.
        seconds: Seconds of computing for each family; 0 if the clock counts steps.
    """

    def __init__(self, settings: Mapping[str, Hashable], steps: int, seconds: float):
        self.settings, self.steps, self.seconds = settings, steps, seconds
        kinds = {(name, kind) for name in settings for kind in FIRST}
        self.costs = {(name, kind): LATELY.get((settings[name], name, kind), FIRST[kind]) for name, kind in kinds}
        self.spent: dict[tuple[str, str], list[float]] = defaultdict(list)

    @property
    def total(self) -> float:
        """Expected units of the whole film."""
        frames = len(learn_live.snapshot_steps(self.steps))
        return (BEFORE + frames * FRAME + sum(self._whole(name, frames) for name in self.settings)) / GUESS

    def _whole(self, name: str, frames: int) -> float:
        full = learn_live.HALVES if LEARNERS[name].slow else 0
        looks = (frames - full) * self.costs[name, "look"] + full * self.costs[name, "full"]
        return looks + (self.seconds or self.steps * self.costs[name, "step"])

    def units(self, piece: Piece) -> float:
        """Return the expected units of a piece of work that is done, and note its cost."""
        if piece.kind == "start":
            return BEFORE / GUESS
        for name, seconds in piece.seconds.items():
            self.spent[name, piece.kind].append(seconds)
        timed = self.seconds and piece.kind == "step"
        return sum(s if timed else self.costs[name, piece.kind] for name, s in piece.seconds.items()) / GUESS

    def learn(self) -> None:
        """Keep what the pieces of a finished training cost; steps after the end of a family cost nothing."""
        for (name, kind), found in self.spent.items():
            count = self.steps if kind == "step" and not self.seconds else len(found)
            LATELY[self.settings[name], name, kind] = sum(found) / count
