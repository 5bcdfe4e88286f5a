"""Every question of the page fits a room: exercises of each tab, steps of courses and of tours."""

from pathlib import Path

import pytest

from explorer.classes.room import question_of
from explorer.classes.tally import distribution
from explorer.lessons import course, lesson
from explorer.lessons.exercises import Choice, Exercise, Number, Setting
from explorer.tabs import interface

EXERCISES = [
    pytest.param(tab.name, each, id=f"{tab.name}-{each.name}") for tab in interface.TABS for each in tab.exercises
]
TOURS = sorted(Path(lesson.__file__).parents[1].glob("tabs/*/tour.md"))
COURSES = sorted(course.COURSES.glob("*.md"))


@pytest.mark.parametrize(("tab", "exercise"), EXERCISES)
def test_an_exercise_is_a_question_whose_votes_are_counted_as_the_exercise_checks_them(tab: str, exercise: Exercise):
    for seed in (1, 2, 12):
        task = exercise.task(seed)
        votes, reasons = task.to_votes()
        if isinstance(task, Setting):
            assert (votes, reasons) == ({}, [])
            continue
        props = task.to_props()
        said = {
            "name": f"{tab} {exercise.name} {seed}",
            "unit": props.get("unit", ""),
            "choices": props.get("choices", []),
        }
        question = question_of(said | votes)
        if isinstance(task, Choice):
            assert len(reasons) == len(question.choices) and not reasons[int(question.right)]
            for place, reason in enumerate(reasons):
                right, words = task.check(place)
                assert right == (place == question.right) and (right or words.endswith(reason))
        elif isinstance(task, Number):
            assert len(reasons) == len(question.slips)
            values = [question.right, *question.slips]
            assert all(question.low < value < question.high for value in values)
            found = distribution(question, [*values, *[question.right] * 5])
            assert found["right"] == 6
            assert found["slips"] == [sum(task.takes(vote, slip) for vote in values) for slip in question.slips]
            assert sum(found["counts"]) == len(values) + 5


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.stem)
def test_a_step_of_a_course_fits_a_room(path: Path):
    for step in course.read(path, interface.KEYS)["steps"]:
        if step["choices"]:
            assert question_of({"name": path.stem, "choices": step["choices"], "right": step["answer"]}).choices


@pytest.mark.parametrize("path", TOURS, ids=lambda path: path.parent.name)
def test_a_step_of_a_tour_fits_a_room(path: Path):
    for _, text in lesson.blocks(path):
        choices = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
        assert question_of({"name": path.parent.name, "choices": choices}).choices
