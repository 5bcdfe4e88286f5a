"""Exercises: questions with numbers drawn from a seed, answered by a number, by a choice, or by setting the stage.

An exercise is a function of its draw, decorated by how it is answered:

    @number("entropy", "The entropy of a coin", state="mode=likelihood&part=table")
    def entropy(draw: Draw) -> Number:
        p = draw.real(0.1, 0.4, 2)
        return Number(f"A coin shows heads with probability {p}. …", h(p), unit="nats", within=0.005, …)

The right answer stays here until it is asked for: the browser is told the question, its hints and, of each answer,
whether it is right. The same seed draws the same numbers for everybody, and whoever has a file of answers checks it
again by `python -m explorer.exercises`. Numbers for which a typical mistake gives the right answer are drawn again.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

from explorer.fields import Field, Kind, OneOf, Real
from explorer.tabs.kit.answers import Served, heavy
from explorer.tabs.kit.fields import SEEDS

TITLE = "Exercises"
FURTHEST = 1e9  # from 0 that an answer may be
MOST_ANSWERS, LONGEST_NAME = 1_000, 60  # answers in a file, and letters of a name in it
REDRAWS = 100  # of one seed; each fails with a probability far below one half
NUMBERS = Field("numbers", SEEDS, 1, "the seed of the exercises", "The same seed gives everybody the same numbers")
ANSWER = Field("answer", Real(-FURTHEST, FURTHEST), title="the answer")
Numbers = Annotated[int, NUMBERS]
Answer = Annotated[float, ANSWER]
Each = TypeVar("Each")


class Draw:
    """Numbers of an exercise, the same for a seed on every machine.

    Arguments:
        name: Of what they are drawn: each exercise draws its own.
        seed: The seed.
        again: Number of earlier draws of this seed that were rejected.
    """

    def __init__(self, name: str, seed: int, again: int = 0):
        told = f"{name} {seed} {again}" if again else f"{name} {seed}"
        self._random = random.Random(told).random  # of all that it draws, what stays the same for ever

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends among them."""
        return low + int(self._random() * (high - low + 1))

    def real(self, low: float, high: float, digits: int = 1) -> float:
        """A number with so many digits after its point, both ends among them."""
        scale = 10**digits
        return self.whole(round(low * scale), round(high * scale)) / scale

    def one_of(self, values: Sequence[Each]) -> Each:
        """One of some values."""
        return values[self.whole(0, len(values) - 1)]

    def some_of(self, values: Sequence[Each], count: int) -> list[Each]:
        """So many different ones of some values."""
        return [values[place] for place in self.order(len(values))[:count]]

    def order(self, count: int) -> list[int]:
        """The numbers from 0 in an order of their own, each order as likely as any other (Fisher–Yates)."""
        found = list(range(count))
        for last in range(count - 1, 0, -1):
            other = self.whole(0, last)
            found[last], found[other] = found[other], found[last]
        return found


@dataclass(frozen=True)
class Number:
    """A question that a number answers.

    Arguments:
        question: What is asked, with the numbers that were drawn.
        answer: The number.
        within: How far an answer may lie from it.
        hints: What helps, one after the other.
        worked: The way to the answer, in lines.
        given: The numbers that were drawn, by name.
        unit: Of the answer.
        slips: Wrong answers that tempt, each with what went wrong.
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
        """Whether no slip is so near to the answer that one number could be both."""
        return all(abs(value - self.answer) > 2 * self.within * (1 + 1e-6) for value, _ in self.slips)

    def told(self) -> dict[str, Any]:
        """What the browser is told beside the question and its hints."""
        return {"unit": self.unit, "within": f"{self.within:g}"}

    def check(self, answer: float) -> tuple[bool, str]:
        """Whether an answer is right, and what is said of it."""
        if self.takes(answer, self.answer):
            return True, f"Right: {say(self.answer, _places(self.within))}{f' {self.unit}' if self.unit else ''}."
        tempting = (why for value, why in self.slips if self.takes(answer, value))
        return False, f"Not this. {next(tempting, 'It is farther from the answer than that.')}"

    def takes(self, answer: float, value: float) -> bool:
        """Whether an answer is a value, as near as it has to be."""
        return abs(answer - value) <= self.within * (1 + 1e-9)


@dataclass(frozen=True)
class Choice:
    """A question with one right answer among some, in an order that is drawn.

    Arguments:
        question: What is asked.
        right: The right answer.
        wrong: Each of the others, with why it is not right.
        hints: What helps, one after the other.
        worked: Why the right one is right, in lines.
        order: The order of the answers, the right one counted first.
    """

    question: str
    right: str
    wrong: Mapping[str, str]
    hints: Sequence[str]
    worked: Sequence[str]
    order: Sequence[int]

    @property
    def answer(self) -> int:
        """The place of the right one."""
        return list(self.order).index(0)

    def told(self) -> dict[str, Any]:
        """What the browser is told beside the question and its hints."""
        every = [self.right, *self.wrong]
        return {"choices": [every[place] for place in self.order]}

    def check(self, answer: float) -> tuple[bool, str]:
        """Whether the choice at a place is right, and what is said of it.

        Raises:
            ValueError: if there is no such place.
        """
        if answer not in range(len(self.order)):
            raise ValueError(f"the answer must be a whole number from 0 to {len(self.order) - 1}")
        place = self.order[int(answer)]
        return (True, "Right.") if place == 0 else (False, f"Not this. {[*self.wrong.values()][place - 1]}")


@dataclass(frozen=True)
class Setting:
    """A question that a state of the stage answers.

    Arguments:
        question: What is to be brought about.
        holds: Whether a state does so, and what is so in it; its parameters are the fields that it reads.
        solved: The values of these fields in a state that does.
        hints: What helps, one after the other.
        worked: The way to such a state, in lines.
    """

    question: str
    holds: Callable[..., tuple[bool, str]]
    solved: Mapping[str, Any]
    hints: Sequence[str]
    worked: Sequence[str]

    def told(self) -> dict[str, Any]:
        """What the browser is told beside the question and its hints."""
        return {}

    def check(self, state: Mapping[str, Any]) -> tuple[bool, str]:
        """Whether a state, by the fields that are read, does so, and what is said of it."""
        right, said = self.holds(**state)
        return right, f"{'Right' if right else 'Not yet'}: {said}."


Task = Number | Choice | Setting


@dataclass(frozen=True)
class Exercise:
    """An exercise of a tab.

    Arguments:
        name: Its name in the address and in a file of answers; it never changes.
        title: What it is called.
        kind: How it is answered: by a "number", a "choice" or a "stage".
        state: What the stage is set to when it is opened, as an address has it.
        make: Makes it of a draw.
        reads: The fields of the state that answer it.
    """

    name: str
    title: str
    kind: str
    state: str
    make: Callable[[Draw], Task]
    reads: Sequence[str] = ()

    def task(self, seed: int) -> Task:
        """The exercise with the first numbers of a seed for which no slip gives the right answer.

        Raises:
            RuntimeError: if none of `REDRAWS` draws is so.
        """
        for again in range(REDRAWS):
            task = self.make(Draw(self.name, seed, again))
            if not isinstance(task, Number) or task.is_fair:
                return task
        raise RuntimeError(f"{self.name}: a slip gives the right answer in each of {REDRAWS} draws of seed {seed}")

    def told(self) -> dict[str, Any]:
        """What the browser is told before it opens the exercise."""
        state = dict(parse_qsl(self.state, strict_parsing=bool(self.state)))
        return {"name": self.name, "title": self.title, "kind": self.kind, "state": state, "reads": [*self.reads]}


def number(name: str, title: str, state: str = "") -> Callable[[Callable[[Draw], Number]], Exercise]:
    """Make an exercise that a number answers of what makes it of a draw."""
    return lambda make: Exercise(name, title, "number", state, make)


def choice(name: str, title: str, state: str = "") -> Callable[[Callable[[Draw], Choice]], Exercise]:
    """The same of one that is answered by a choice."""
    return lambda make: Exercise(name, title, "choice", state, make)


def setting(name: str, title: str, reads: str, state: str = "") -> Callable[[Callable[[Draw], Setting]], Exercise]:
    """The same of one that is answered by the stage, whose fields it `reads` with spaces between them."""
    return lambda make: Exercise(name, title, "stage", state, make, tuple(reads.split()))


def fields(exercises: Sequence[Exercise]) -> tuple[Field, ...]:
    """Return what the address says of the exercises of a tab: which one, and the seed."""
    return (Field("exercise", OneOf(tuple(each.name for each in exercises)), None, "the exercise"), NUMBERS)


@dataclass(frozen=True)
class States(Kind):
    """Values of some fields of a tab by their keys; none where a field says nothing at first."""

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
    """Return what the stage of a tab asks about its exercises; `known` are the fields of its address."""
    if not exercises:
        return []
    by_name = {each.name: each for each in exercises}
    states = States(tuple(each for each in known if any(each.key in one.reads for one in exercises)))
    Asked = Annotated[str, Field("exercise", OneOf(tuple(by_name)), title="the exercise")]
    Stage = Annotated[tuple, Field("state", states, title="the state")]

    @heavy
    def exercise_asked(exercise: Asked, numbers: Numbers) -> dict:
        """The question with the numbers of a seed."""
        task = by_name[exercise].task(numbers)
        return {"question": task.question, "hints": [*task.hints], **task.told()}

    @heavy
    def exercise_checked(exercise: Asked, numbers: Numbers, answer: Answer) -> dict:
        """Whether a number or a choice is right."""
        return _checked(by_name[exercise], numbers, answer)

    @heavy
    def exercise_set(exercise: Asked, numbers: Numbers, state: Stage) -> dict:
        """Whether a state of the stage is what was wanted."""
        return _checked(by_name[exercise], numbers, dict(state))

    @heavy
    def exercise_worked(exercise: Asked, numbers: Numbers) -> dict:
        """The way to the answer, and a state that solves it."""
        task = by_name[exercise].task(numbers)
        return {"worked": [*task.worked], "solved": dict(getattr(task, "solved", {}))}

    return [exercise_asked, exercise_checked, exercise_set, exercise_worked]


def _checked(exercise: Exercise, seed: int, answer: float | dict[str, Any]) -> dict:
    right, said = check(exercise, seed, answer)
    return {"right": right, "said": said}


def check(exercise: Exercise, seed: int, answer: float | dict[str, Any]) -> tuple[bool, str]:
    """Whether an answer is right, by what draws and calculates the exercise, and what is said of it.

    Raises:
        ValueError: if it is no answer to this exercise.
    """
    task = exercise.task(seed)
    if isinstance(answer, dict) != isinstance(task, Setting):
        raise ValueError(f"{exercise.name} is answered by {'the stage' if isinstance(task, Setting) else 'a number'}")
    if not isinstance(task, Setting):
        return task.check(answer)
    if missing := set(exercise.reads) - set(answer):
        raise ValueError(f"the state must say {', '.join(sorted(missing))}")
    return task.check({key: answer[key] for key in exercise.reads})


@dataclass(frozen=True)
class Rechecked:
    """An answer of a file that was checked again; `right` is None where it could not be, and `said` says why.

    One that is `repeated` is not checked: the first answer to an exercise counts.
    """

    tab: str
    name: str
    right: bool | None
    said: str
    notes: Sequence[str] = field(default_factory=tuple)
    repeated: bool = False


def recheck(kept: Any, tabs: Mapping[str, tuple[Sequence[Exercise], Sequence[Field]]]) -> Iterator[Rechecked]:
    """Check the answers of a file again, from its seed; `tabs` are the exercises and the fields of each tab.

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
        except Exception as error:  # what a file says may be anything, and a network may be missing
            yield Rechecked(tab, name, None, f"cannot be checked: {error}", notes)


def _name(said: Any) -> str:
    """The name that a file says, as far as it may be one."""
    return said[:LONGEST_NAME] if isinstance(said, str) else "?"


NOTES = {"hints": "with hints", "worked": "after the worked answer was shown"}


def _answer(exercise: Exercise, said: Mapping[str, Any], known: Sequence[Field]) -> float | dict[str, Any]:
    if exercise.kind != "stage":
        return ANSWER.check(said.get("answer"))
    read = States(tuple(each for each in known if each.key in exercise.reads))
    return dict(read.check(said.get("answer"), "the state"))


def say(value: float, digits: int = 3) -> str:
    """Return a number with so many digits and a true minus sign; a zero has no sign."""
    return f"{value:z.{digits}f}".replace("-", "−")


def _places(within: float) -> int:
    """How many digits say a number to a tolerance, and one more."""
    return max(0, 1 - math.floor(math.log10(within)))


def brief(value: float) -> str:
    """Return a number that was drawn as it is written, with a true minus sign."""
    return f"{value:g}".replace("-", "−")
