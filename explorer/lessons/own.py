"""Server functions for an exercise in a course of a visitor's own: its text comes with each question.

The text is a stranger's. Its length is bounded, its expressions share one budget, and the server keeps nothing of it.
"""

from typing import Annotated

from explorer.fields import Field, Text
from explorer.lessons.exercises import Answered, Choice, Number, Numbers, Task
from explorer.lessons.expressions import Budget
from explorer.lessons.written import exercises
from explorer.numbers.answer import Answer
from explorer.tabs.kit.ask.answers import heavy

LONGEST_EXERCISE = 3_000  # characters
OWN_UNITS = 100_000  # of work for all draws of a task: half a second
SEEDS = 5  # that are tried when an exercise is added
Source = Annotated[str, Field("source", Text(LONGEST_EXERCISE, 1), title="the exercise")]


def task(source: str, seed: int) -> Task:
    """Return the task of a text for a seed.

    Raises:
        ValueError: if the text is no exercise that a course can ask; the message names the line.
    """
    budget = Budget(OWN_UNITS)
    found, *others = exercises(source, budget=lambda: budget)
    if others:
        raise ValueError("A step has one exercise; put the others into steps of their own.")
    if found.kind == "stage":
        raise ValueError("line 1: in a course of your own, an exercise is answered by a number or by a choice")
    try:
        return found.task(seed)
    except RuntimeError as error:
        raise ValueError("line 1: a mistake after ~ gives the right answer, whatever is drawn") from error


def check(source: str) -> None:
    """Try the first seeds of an exercise.

    Raises:
        ValueError: if the text is no exercise that a course can ask; the message names the line.
    """
    for seed in range(1, SEEDS + 1):
        task(source, seed)


@heavy
def own_exercise_tried(source: Source) -> Answer:
    """Say what is wrong with an exercise, or nothing."""
    check(source)
    return Answer()


@heavy
def own_exercise_asked(source: Source, numbers: Numbers) -> Answer:
    """Return the question with the numbers of a seed."""
    found = task(source, numbers)
    kind = "choice" if isinstance(found, Choice) else "number"
    return Answer(view={"kind": kind, "question": found.question, "hints": [*found.hints], **found.to_props()})


@heavy
def own_exercise_checked(source: Source, numbers: Numbers, answer: Answered) -> Answer:
    """Check a number or a choice."""
    found = task(source, numbers)
    assert isinstance(found, Number | Choice)
    right, said = found.check(answer)
    return Answer(view={"right": right, "said": said})


@heavy
def own_exercise_worked(source: Source, numbers: Numbers) -> Answer:
    """Return the worked answer."""
    return Answer(view={"worked": [*task(source, numbers).worked]})


FUNCTIONS = (own_exercise_tried, own_exercise_asked, own_exercise_checked, own_exercise_worked)
"""Server functions of the page itself, not of a tab."""
