"""Exercises: questions with numbers drawn from a seed, answered by a number, by a choice, or by setting the stage.

An exercise makes a task for a draw: a question with numbers, and what answers it. `written.py` reads them from text.
The right answer stays on the server until the visitor requests it. The browser gets the question, its hints and, for
each answer, whether it is right. The same seed draws the same numbers for everybody. A file of answers can be checked
again by `python -m explorer.exercises`. Numbers for which a typical mistake gives the right answer are redrawn.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from explorer.fields import Field, Kind, OneOf, Real, given
from explorer.numbers.answer import Answer
from explorer.tabs.kit.ask.answers import Served, heavy
from explorer.tabs.kit.layout.fields import SEEDS

LESSONS_TITLE = "Exercises"
FURTHEST = 1e9  # largest absolute value of an answer
MOST_ANSWERS, LESSONS_LONGEST_NAME = 1_000, 60  # answers in a file, and letters of a name in it
REDRAWS = 100  # maximum number for a seed; each draw fails with a probability far below one half
NUMBERS = Field("numbers", SEEDS, 1, "the seed of the exercises", "The same seed gives everybody the same numbers")
ANSWER = Field("answer", Real(-FURTHEST, FURTHEST), title="the answer")
Numbers = Annotated[int, NUMBERS]
Answered = Annotated[float, ANSWER]
Each = TypeVar("Each")


class Draw:
    """Random numbers of an exercise, the same for a seed on every machine.

    Arguments:
        name: Name of the exercise; each exercise has its own random stream.
        seed: The seed.
        again: Number of earlier draws of this seed that were rejected.
    """

    def __init__(self, name: str, seed: int, again: int = 0):
        key = f"{name} {seed} {again}" if again else f"{name} {seed}"
        self._random = random.Random(key).random  # the only method with values guaranteed to stay the same

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def real(self, low: float, high: float, digits: int = 1) -> float:
        """Return a number from `low` to `high`, both included, with `digits` decimals."""
        scale = 10**digits
        return self.whole(round(low * scale), round(high * scale)) / scale

    def one_of(self, values: Sequence[Each]) -> Each:
        """Return one of the values."""
        return values[self.whole(0, len(values) - 1)]

    def some_of(self, values: Sequence[Each], count: int) -> list[Each]:
        """Return `count` different ones of the values."""
        return [values[place] for place in self.order(len(values))[:count]]

    def order(self, count: int) -> list[int]:
        """Return a uniformly random permutation of the numbers from 0 (Fisher–Yates)."""
        found = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.whole(0, last)
            found[last], found[other] = found[other], found[last]
        return found


@dataclass(frozen=True)
class Number:
    """Question answered by a number.

    Arguments:
        question: Text of the question, with the drawn numbers.
        answer: Right answer.
        within: Tolerance of the answer.
        hints: Hints, shown one after the other.
        worked: Worked solution, in lines.
        given: Drawn numbers by name.
        unit: Unit of the answer.
        slips: Typical wrong answers, each with the mistake behind it.
    """

    question: str
    answer: float
    within: float
    hints: Sequence[str]
    worked: Sequence[str]
    given: Mapping[str, Any]
    unit: str = ""
    slips: Sequence[tuple[float, str]] = ()

    @property
    def is_fair(self) -> bool:
        """True if every slip is so far from the answer that no number counts as both."""
        return all(abs(value - self.answer) > 2 * self.within * (1 + 1e-6) for value, _ in self.slips)

    def to_props(self) -> dict[str, Any]:
        """Return the data for the browser besides the question and its hints."""
        signed = min(self.answer, *(value for value, _ in self.slips), 0) < 0
        return {"unit": self.unit, "within": f"{self.within:g}", "signed": signed}

    def to_votes(self) -> tuple[dict[str, Any], list[str]]:
        """Return how the votes of a class are counted, with the range of a histogram, and the reason for each slip."""
        slips = [value for value, _ in self.slips]
        low, high = min(self.answer, *slips, self.answer), max(self.answer, *slips, self.answer)
        edge = (high - low) / 4 or abs(self.answer) / 2 or 1.0
        votes = {"right": self.answer, "within": self.within, "low": low - edge, "high": high + edge, "slips": slips}
        return votes, [why for _, why in self.slips]

    def check(self, answer: float) -> tuple[bool, str]:
        """Return whether an answer is right, and the feedback on it."""
        if self.takes(answer, self.answer):
            return True, f"Right: {say(self.answer, _places(self.within))}{f' {self.unit}' if self.unit else ''}."
        tempting = [why for value, why in self.slips if self.takes(answer, value)]
        said = " Or: ".join(tempting) or f"It is more than {self.within:g} from the answer."
        return False, f"Not this. {said}"

    def takes(self, answer: float, value: float) -> bool:
        """Return whether an answer equals a value within the tolerance."""
        return abs(answer - value) <= self.within * (1 + 1e-9)


@dataclass(frozen=True)
class Choice:
    """Multiple-choice question with one right answer, in a drawn order.

    Arguments:
        question: Text of the question.
        right: Right answer.
        wrong: Wrong answers, each with the reason.
        hints: Hints, shown one after the other.
        worked: Explanation of the right answer, in lines.
        order: Order of the answers; 0 is the right one.
    """

    question: str
    right: str
    wrong: Mapping[str, str]
    hints: Sequence[str]
    worked: Sequence[str]
    order: Sequence[int]

    @property
    def answer(self) -> int:
        """Position of the right answer."""
        return list(self.order).index(0)

    def to_props(self) -> dict[str, Any]:
        """Return the data for the browser besides the question and its hints."""
        every = [self.right, *self.wrong]
        return {"choices": [every[place] for place in self.order]}

    def to_votes(self) -> tuple[dict[str, Any], list[str]]:
        """Return the right position for the votes of a class, and the reason for each choice."""
        return {"right": self.answer}, [["", *self.wrong.values()][place] for place in self.order]

    def check(self, answer: float) -> tuple[bool, str]:
        """Return whether the choice at a position is right, and the feedback on it.

        Raises:
            ValueError: if there is no such position.
        """
        if answer not in range(len(self.order)):
            raise ValueError(f"the answer must be a whole number from 0 to {len(self.order) - 1}")
        place = self.order[int(answer)]
        return (True, "Right.") if place == 0 else (False, f"Not this. {[*self.wrong.values()][place - 1]}")


@dataclass(frozen=True)
class Setting:
    """Question answered by a state of the stage.

    Arguments:
        question: Task to be achieved.
        holds: Returns whether a state achieves it, and feedback; its parameters are the fields that it reads.
        solved: Values of these fields in a state that achieves it.
        hints: Hints, shown one after the other.
        worked: Steps to such a state, in lines.
    """

    question: str
    holds: Callable[..., tuple[bool, str]]
    solved: Mapping[str, Any]
    hints: Sequence[str]
    worked: Sequence[str]

    def to_props(self) -> dict[str, Any]:
        """Return the data for the browser besides the question and its hints."""
        return {}

    def to_votes(self) -> tuple[dict[str, Any], list[str]]:
        """Return nothing: a class does not vote on a state."""
        return {}, []

    def check(self, state: Mapping[str, Any]) -> tuple[bool, str]:
        """Return whether a state, given by the fields that are read, is right, and the feedback on it."""
        right, said = self.holds(**state)
        return right, f"{'Right' if right else 'Not yet'}: {said}."


Task = Number | Choice | Setting


@dataclass(frozen=True)
class Exercise:
    """Exercise of a tab.

    Arguments:
        name: Name in the address and in a file of answers; it never changes.
        title: Displayed title.
        kind: Kind of answer: "number", "choice" or "stage".
        state: Initial state of the stage, as a query string.
        make: Returns the task for a draw.
        reads: Fields of the state that form the answer.
    """

    name: str
    title: str
    kind: str
    state: str
    make: Callable[[Draw], Task]
    reads: Sequence[str] = ()

    def task(self, seed: int) -> Task:
        """Return the task with the first numbers of a seed for which no slip gives the right answer.

        Raises:
            RuntimeError: if each of `REDRAWS` draws has such a slip.
        """
        for again in range(REDRAWS):
            task = self.make(Draw(self.name, seed, again))
            if not isinstance(task, Number) or task.is_fair:
                return task
        raise RuntimeError(f"{self.name}: a slip gives the right answer in each of {REDRAWS} draws of seed {seed}")

    def to_props(self) -> dict[str, Any]:
        """Return the data for the browser before the exercise is opened."""
        state = dict(parse_qsl(self.state, strict_parsing=bool(self.state)))
        return {"name": self.name, "title": self.title, "kind": self.kind, "state": state, "reads": [*self.reads]}


def fields(exercises: Sequence[Exercise]) -> tuple[Field, ...]:
    """Return the address fields for the exercises of a tab: the exercise and the seed."""
    return (Field("exercise", OneOf(tuple(each.name for each in exercises)), None, "the exercise"), NUMBERS)


@dataclass(frozen=True)
class States(Kind):
    """Values of some fields of a tab by their keys; None is valid for a field whose default is None."""

    fields: tuple[Field, ...]

    def check(self, value: Any, title: str) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict) or len(value) > len(self.fields):
            raise ValueError(f"{title} must be values of the stage by their names")
        known = {each.key: each for each in self.fields}
        if unknown := [key for key in value if key not in known]:
            raise ValueError(f"{title} has no {str(unknown[0])[:40]!r}")
        return tuple((key, _read(known[key], each)) for key, each in sorted(value.items()))


def _read(known: Field, value: Any) -> Any:
    return None if value is None and known.default is None else known.check(value)


def server_functions(exercises: Sequence[Exercise], known: Sequence[Field]) -> list[Served]:
    """Return the server functions for the exercises of a tab; `known` are the fields of its address."""
    if not exercises:
        return []
    by_name = {each.name: each for each in exercises}
    states = States(tuple(each for each in known if any(each.key in one.reads for one in exercises)))
    asked = Field("exercise", OneOf(tuple(by_name)), title="the exercise")

    @heavy
    @given(exercise=asked)
    def exercise_asked(exercise: str, numbers: Numbers) -> Answer:
        """Return the question with the numbers of a seed."""
        task = by_name[exercise].task(numbers)
        return Answer(view={"question": task.question, "hints": [*task.hints], **task.to_props()})

    @heavy
    @given(exercise=asked)
    def exercise_checked(exercise: str, numbers: Numbers, answer: Answered) -> Answer:
        """Check a number or a choice."""
        return _checked(by_name[exercise], numbers, answer)

    @heavy
    @given(exercise=asked, state=Field("state", states, title="the state"))
    def exercise_set(exercise: str, numbers: Numbers, state: tuple[tuple[str, Any], ...]) -> Answer:
        """Check a state of the stage."""
        return _checked(by_name[exercise], numbers, dict(state))

    @heavy
    @given(exercise=asked)
    def exercise_worked(exercise: str, numbers: Numbers) -> Answer:
        """Return the worked solution and a state that solves the exercise."""
        task = by_name[exercise].task(numbers)
        votes, reasons = task.to_votes()
        solved = dict(getattr(task, "solved", {}))
        return Answer(view={"worked": [*task.worked], "solved": solved, "votes": votes, "reasons": reasons})

    return [exercise_asked, exercise_checked, exercise_set, exercise_worked]


def _checked(exercise: Exercise, seed: int, answer: float | dict[str, Any]) -> Answer:
    right, said = check(exercise, seed, answer)
    return Answer(view={"right": right, "said": said})


def check(exercise: Exercise, seed: int, answer: float | dict[str, Any]) -> tuple[bool, str]:
    """Return whether an answer is right, and the feedback on it.

    Raises:
        ValueError: if the answer does not fit this exercise.
    """
    task = exercise.task(seed)
    if not isinstance(task, Setting) and not isinstance(answer, dict):
        return task.check(answer)
    if not isinstance(task, Setting) or not isinstance(answer, dict):
        raise ValueError(f"{exercise.name} is answered by {'the stage' if isinstance(task, Setting) else 'a number'}")
    if missing := set(exercise.reads) - set(answer):
        raise ValueError(f"the state must say {', '.join(sorted(missing))}")
    return task.check({key: answer[key] for key in exercise.reads})


@dataclass(frozen=True)
class Rechecked:
    """Answer of a file after a second check; `right` is None if it could not be checked, and `said` gives the reason.

    A `repeated` answer is not checked: the first answer to an exercise counts.
    """

    tab: str
    name: str
    right: bool | None
    said: str
    notes: Sequence[str] = field(default_factory=tuple)
    repeated: bool = False


def recheck(kept: Any, tabs: Mapping[str, tuple[Sequence[Exercise], Sequence[Field]]]) -> Iterator[Rechecked]:
    """Check the answers of a file again with its seed; `tabs` are the exercises and the fields of each tab.

    Raises:
        ValueError: if it is no file of answers.
    """
    if not isinstance(kept, dict) or not isinstance(kept.get("answers"), list):
        raise ValueError("this is no file of answers: wanted a seed and a list of answers")
    if len(kept["answers"]) > MOST_ANSWERS:
        raise ValueError(f"this is no file of answers: it has more than {MOST_ANSWERS:,}")
    seed, seen = NUMBERS.check(kept.get("seed")), set()
    for each in kept["answers"]:
        said = each if isinstance(each, dict) else {}
        tab, name = _name(said.get("tab")), _name(said.get("exercise"))
        if (tab, name) in seen:
            yield Rechecked(tab, name, None, "repeated: the first answer counts", repeated=True)
            continue
        seen.add((tab, name))
        notes = [note for key, note in NOTES.items() if said.get(key)]
        exercises, known = tabs.get(tab, ((), ()))
        found = next((one for one in exercises if one.name == name), None)
        if found is None:
            yield Rechecked(tab, name, None, "there is no such exercise")
            continue
        try:
            yield Rechecked(tab, name, *check(found, seed, _answer(found, said, known)), notes)
        except Exception as error:  # a file may contain anything, and a network may be missing
            yield Rechecked(tab, name, None, f"cannot be checked: {error}", notes)


def _name(said: Any) -> str:
    """Return a name from a file, cut to `LESSONS_LONGEST_NAME`; "?" if it is no text."""
    return said[:LESSONS_LONGEST_NAME] if isinstance(said, str) else "?"


NOTES = {"hints": "with hints", "worked": "after the worked answer was shown"}


def _answer(exercise: Exercise, said: Mapping[str, Any], known: Sequence[Field]) -> float | dict[str, Any]:
    if exercise.kind != "stage":
        return ANSWER.check(said.get("answer"))
    read = States(tuple(each for each in known if each.key in exercise.reads))
    return dict(read.check(said.get("answer"), "the state"))


def say(value: float, digits: int = 3) -> str:
    """Return a number with `digits` decimals and a true minus sign; a zero has no sign."""
    return f"{value:z.{digits}f}".replace("-", "−")


def _places(within: float) -> int:
    """Return the number of decimals for a tolerance, with one extra digit."""
    return max(0, 1 - math.floor(math.log10(within)))


def shortest(value: float) -> str:
    """Return a drawn number in its shortest form, with a true minus sign."""
    return f"{value:g}".replace("-", "−")
