"""Exercises from Markdown: their texts, numbers and answers for a draw. `form.py` describes the form of a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from explorer.lessons.exercises import Choice, Draw, Exercise, Number, Setting, Task
from explorer.lessons.expressions import Budget, Evaluator
from explorer.lessons.form import Part, Written, WrittenError, forms
from explorer.lessons.vocabulary import CONSTANTS, DRAWS, FUNCTIONS, of_draw

Given = Mapping[str, Any]
"""Numbers and functions of a tab, by name."""


def read(path: Path, given: Given | None = None) -> tuple[Exercise, ...]:
    """Return the exercises of a file; their expressions may use what the tab gives.

    Raises:
        WrittenError: if an exercise lacks a part, or has an expression that cannot be computed.
    """
    try:
        return exercises(path.read_text(encoding="utf-8"), given)
    except WrittenError as error:
        raise WrittenError(f"{path.parent.name}/{path.name}, {error}") from error


def exercises(source: str, given: Given | None = None, budget: Callable[[], Budget] = Budget) -> tuple[Exercise, ...]:
    """Return the exercises of a text; `budget` returns the work that a task may take.

    Raises:
        WrittenError: if an exercise lacks a part, or has an expression that cannot be computed.
    """
    return tuple(_exercise(each, given or {}, budget) for each in forms(source))


def _exercise(written: Written, given: Given, budget: Callable[[], Budget]) -> Exercise:
    functions = {name: each for name, each in given.items() if callable(each)}
    constants = {name: each for name, each in given.items() if name not in functions}
    _check_names(written, {*FUNCTIONS, *functions}, {*CONSTANTS, *constants})

    def evaluator(names: Given, draws: Given) -> Evaluator:
        return Evaluator(constants | dict(names), functions | dict(draws), budget())

    def task(draw: Draw) -> Task:
        drawing = evaluator({}, of_draw(draw))
        for part in written.of("let"):
            part.assign(drawing)
        drawn = {name: drawing.names[name] for part in written.of("let") for name in part.names}
        if written.kind == "stage":
            return _setting(written, drawn, lambda names: evaluator(names, {}))
        return _choice(written, draw, drawing) if written.kind == "choice" else _number(written, drawn, drawing)

    return Exercise(written.name, written.title, written.kind, written.settings.get("state", ""), task, written.reads)


def _check_names(written: Written, functions: set[str], names: set[str]) -> None:
    """Raise an error if an expression needs what is not known in its line."""
    drawn = {name: part.at for part in written.of("let") for name in part.names}
    if both := {*written.reads} & drawn.keys():
        at = min(drawn[name] for name in both)
        raise WrittenError(f"line {at}: the stage has a value `{min(both)}`, so this number needs another name")
    known = set(names)
    for part in written.of("let"):
        _check_needs(part, functions | DRAWS, known)
        known |= {*part.names}
    for part in written.of("question", "solved", *"?>~+-"):
        _check_needs(part, functions, known)
    known |= {*written.reads, "stage"}
    for part in written.of("let stage", "!", "="):
        _check_needs(part, functions, known)
        known |= {*part.names}


def _check_needs(part: Part, functions: set[str], names: set[str]) -> None:
    for name, is_called in part.needs():
        if name not in (functions if is_called else names):
            raise WrittenError(f"line {part.at}: no {'function' if is_called else 'number'} is named `{name}` here")


def _texts(written: Written, evaluator: Evaluator) -> tuple[str, list[str], list[str]]:
    """Return the question, the hints and the worked answer; a line that is empty for these numbers is left out."""
    question, *_ = (part.said(evaluator) for part in written.of("question"))
    hints, worked = ([*filter(None, (part.said(evaluator) for part in written.of(mark)))] for mark in "?>")
    return question, hints, worked


def _value(part: Part, evaluator: Evaluator) -> float:
    found = part.value(evaluator)
    if not isinstance(found, int | float):
        raise WrittenError(f"line {part.at}: wanted a number")
    return found


def _number(written: Written, drawn: dict[str, Any], evaluator: Evaluator) -> Number:
    answer = drawn["answer"]
    if not isinstance(answer, int | float):
        raise WrittenError(f"line {written.at}: the answer is no number")
    question, hints, worked = _texts(written, evaluator)
    within = drawn[written.within] if isinstance(written.within, str) else written.within
    within = within / 100 * abs(answer) if written.is_relative else within
    slips = [(_value(part, evaluator), part.said(evaluator)) for part in written.of("~")]
    return Number(question, answer, within, hints, worked, drawn, written.unit, slips)


def _choice(written: Written, draw: Draw, evaluator: Evaluator) -> Choice:
    question, hints, worked = _texts(written, evaluator)
    right, *_ = (part.said(evaluator) for part in written.of("+"))
    wrong = {part.said(evaluator): part.reason(evaluator) for part in written.of("-")}
    return Choice(question, right, wrong, hints, worked, draw.order(1 + len(wrong)))


def _setting(written: Written, drawn: dict[str, Any], evaluator: Callable[[Given], Evaluator]) -> Setting:
    def holds(*values: Any, **state: Any) -> tuple[bool, str]:
        stage = dict(zip(written.reads, values)) | state
        checking = evaluator(drawn | stage | {"stage": stage})
        for part in written.of("let stage", "!", "="):
            if part.mark == "let stage":
                part.assign(checking)
            elif not (found := bool(part.value(checking))) or part.mark == "=":
                return found, part.said(checking)
        raise AssertionError("`form.py` wants a condition after =")

    asking = evaluator(drawn)
    question, hints, worked = _texts(written, asking)
    (solved,) = (part.value(asking) for part in written.of("solved"))
    return Setting(question, holds, solved, hints, worked)
