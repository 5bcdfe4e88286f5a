"""An exercise of a course of one's own: asked and checked by the server, from its text alone."""

from pathlib import Path

import pytest

from explorer.lessons import course, own
from explorer.lessons.lesson import LessonError
from explorer.serving import gate
from explorer.tabs import interface
from tests.asking import wait_for
from tests.node import run

NUMBER = """# half · Half of a number
x = whole(2, 9)
answer = x / 2 ± 0.1 nats

What is half of {x}?

? Divide by two.
> It is {say(answer, 1)}.
~ 2 * x: You doubled it."""
CHOICE = """# which · Which one?

Which one is two?

+ two
- three
  It is one more.
? Count.
> One and one."""
STAGE = """# put · Put it there
reads: beta
solved: {"beta": 1}

Set β to 1.

? Look.
> There.
= beta == 1: it is {beta}"""
STEP = """# A course

---
title: One
at: tab=vae&beta=3
minutes: 4
---
Words.

```exercise
{exercise}
```
"""


def asked(name: str, **values: object) -> dict:
    """Return the answer of a server function."""
    function = next(each for each in own.FUNCTIONS if each.__name__ == name)
    return wait_for(function(values))


def test_a_number_is_asked_checked_and_worked():
    found = asked("own_exercise_asked", source=NUMBER, numbers=4)
    x = own.task(NUMBER, 4).given["x"]
    assert found["question"] == f"What is half of {x}?" and found["kind"] == "number" and "answer" not in found
    assert asked("own_exercise_checked", source=NUMBER, numbers=4, answer=x / 2)["right"]
    wrong = asked("own_exercise_checked", source=NUMBER, numbers=4, answer=2 * x)
    assert wrong == {"right": False, "said": "Not this. You doubled it."}
    assert asked("own_exercise_worked", source=NUMBER, numbers=4) == {"worked": [f"It is {x / 2:.1f}."]}


def test_a_choice_is_asked_and_checked():
    found = asked("own_exercise_asked", source=CHOICE, numbers=1)
    right = found["choices"].index("two")
    assert asked("own_exercise_checked", source=CHOICE, numbers=1, answer=right)["right"]
    assert not asked("own_exercise_checked", source=CHOICE, numbers=1, answer=1 - right)["right"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "1 to 3000 characters"),
        ("x" * 3_001, "1 to 3000 characters"),
        ("Half?", "line 1: an exercise begins with"),
        (NUMBER.replace("x / 2", "y / 2"), "line 3: no number is named `y` here"),
        (NUMBER.replace("x / 2", "x.real"), "line 3: `x.real` has a dot"),
        (NUMBER.replace("x / 2", "9**9**9"), "line 3: `9**9**9` has no value"),
        (NUMBER.replace("x / 2", "x / (x - 5)"), "line 3: `x / (x - 5)` has no value: division by zero"),
        (NUMBER.replace("~ 2 * x", "~ answer"), "line 1: a mistake after ~ gives the right answer"),
        (NUMBER + "\n" + CHOICE, "one exercise"),
        (STAGE, "answered by a number or by a choice"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(source: str, said: str):
    assert said in asked("own_exercise_tried", source=source)["error"]


def test_what_is_right_is_tried_without_a_word():
    assert asked("own_exercise_tried", source=NUMBER) == asked("own_exercise_tried", source=CHOICE) == {}


def test_the_functions_belong_to_the_page():
    found = gate.of(interface.build([]), own.FUNCTIONS)["asked"][gate.PAGE]
    assert {*found} == {each.__name__ for each in own.FUNCTIONS}


def test_a_file_of_a_course_holds_an_exercise(tmp_path: Path):
    path = tmp_path / "course.md"
    path.write_text(STEP.replace("{exercise}", NUMBER), encoding="utf-8")
    (step,) = course.read(path, interface.KEYS)["steps"]
    assert step["exercise"].strip() == NUMBER and step["words"] == "Words." and not step["question"]
    path.write_text(STEP.replace("{exercise}", NUMBER.replace("x / 2", "y / 2")), encoding="utf-8")
    with pytest.raises(LessonError, match="step 'One', exercise: line 3: no number is named `y` here"):
        course.read(path, interface.KEYS)


def test_a_link_and_a_file_carry_an_exercise(tmp_path: Path):
    body = """
    globalThis.location = { search: "" };
    globalThis.tabOf = () => "vae";
    const { file, nameOf, read, stepOf, stepsOf } = await load("course/steps.js");
    const step = stepOf("One", "tab=vae&beta=3", 4, "", "", [], exercise.replaceAll("\\n", "\\r\\n") + "\\n```\\n");
    const link = read(nameOf([step]));
    const long = stepsOf([["One", "tab=vae", 4, "", "", [], "x".repeat(3001)]]);
    return { step, link: link.steps[0], file: file(stepsOf([step])), long };
    """
    found = run(body, exercise=NUMBER)
    assert found["step"][6] == found["link"]["exercise"] == NUMBER and found["long"] == []
    path = tmp_path / "course.md"
    path.write_text(found["file"], encoding="utf-8")
    assert course.read(path, interface.KEYS)["steps"][0]["exercise"].strip() == NUMBER
