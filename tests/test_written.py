"""Exercises as text: what a file says is what is asked, and what is wrong with it names its line."""

import re
import runpy
from pathlib import Path

import pytest

from explorer.lessons import written
from explorer.lessons.exercises import Choice, Draw, Exercise, Number, Setting
from explorer.lessons.expressions import Budget
from explorer.lessons.vocabulary import CONSTANTS, DRAWS, FUNCTIONS
from explorer.lessons.written import WrittenError, exercises, read
from explorer.tabs import interface
from explorer.tabs.kit.layout.tab import Tab

ROOT = Path(__file__).parents[1]

NUMBER = """# half · Half of a number
state: mode=damage
x, y = whole(2, 9), real(0, 1)
answer = (x + y) / 2 ± 1 % nats

What is half
of {x} + {brief(y)}?

? Divide
  by two.
> It is {say(answer)}.
~ x + y: You did not divide.
"""
CHOICE = """# which · Which one?

Which one is {3 - 1}?

+ two: 2
- three: 3
  It is one more
  than two.
- four
  It is twice two.
? Count.
> One and one.
"""
STAGE = """# put · Put it there
reads: place t
most = one_of([2, 3])
solved: {"place": "there", "t": most}

Go there before {most + 1}.

? Look.
> There.
twice = 2 * t
! place == "there": this is {place}
= twice <= 2 * most: it is {twice} ÷ 2
"""


def task(source: str, seed: int = 1):
    """Return the task of a text with one exercise."""
    (exercise,) = exercises(source)
    return exercise.task(seed)


def test_a_number_is_drawn_and_answered():
    found, draw = task(NUMBER), Draw("half", 1)
    x, y = draw.whole(2, 9), draw.real(0, 1)
    assert isinstance(found, Number) and found.given == {"x": x, "y": y, "answer": (x + y) / 2}
    assert found.question == f"What is half of {x} + {y:g}?" and found.hints == ["Divide by two."]
    assert found.within == pytest.approx(0.01 * found.answer) and found.unit == "nats"
    assert found.slips == [(x + y, "You did not divide.")] and found.worked == [f"It is {(x + y) / 2:.3f}."]


def test_a_choice_is_shuffled_as_the_decorated_functions_were():
    found = task(CHOICE)
    assert isinstance(found, Choice) and found.right == "two: 2" and found.question == "Which one is 2?"
    assert found.wrong == {"three: 3": "It is one more than two.", "four": "It is twice two."}
    assert found.order == Draw("which", 1).order(3)


def test_a_task_for_the_stage_asks_its_conditions_in_their_order():
    found = task(STAGE)
    assert isinstance(found, Setting) and found.holds(**found.solved)[0]
    assert found.holds(place="here", t=1) == (False, "this is here")
    assert found.holds(place="there", t=9) == (False, "it is 18 ÷ 2")
    (exercise,) = exercises(STAGE)
    assert (exercise.kind, exercise.reads, exercise.state) == ("stage", ("place", "t"), "")


def test_a_text_has_several_and_uses_what_is_given():
    first, second = exercises(NUMBER.replace("/ 2", "/ parts(1)") + "\n" + CHOICE, {"parts": lambda n: n + 1})
    assert (first.name, second.kind) == ("half", "choice") and first.task(1).answer == task(NUMBER).answer


@pytest.mark.parametrize(
    ("source", "found", "wanted", "message"),
    [
        (NUMBER, "# half · Half", "# Half", "line 1: wanted `# name · title`"),
        (NUMBER, "# half", "half", "line 1: an exercise begins with"),
        (NUMBER, "state: mode", "stat: mode", "line 2: wanted `name = …`, state"),
        (NUMBER, "(x + y) / 2 ±", "(x + z) / 2 ±", "line 4: no number is named `z` here"),
        (NUMBER, "(x + y) / 2 ±", "half(x) ±", "line 4: no function is named `half` here"),
        (NUMBER, "(x + y) / 2 ±", "(x + y / 2 ±", r"line 4: `\(x \+ y / 2` is no expression"),
        (NUMBER, "(x + y) / 2 ±", "x.real ±", "line 4: `x.real` has a dot"),
        (NUMBER, " ± 1 % nats", "", "line 4: the answer needs a tolerance"),
        (NUMBER, "{brief(y)}", "{brief(y)", "line 6: the text has a brace without its partner"),
        (NUMBER, "{brief(y)}", "{whole(1, 2)}", "line 6: no function is named `whole` here"),
        (NUMBER, "? Divide", "Divide", "line 6|line 1: half needs a hint"),
        (NUMBER, "> It", "It", "line 11: wanted one of"),
        (NUMBER, "~ x + y: You", "~ x + y You", "line 12: wanted an expression, a colon"),
        (NUMBER, "~ x + y", "- x + y", "line 12: a line of two spaces and the reason must follow"),
        (NUMBER, "~ x + y: Y", "! x + y: Y", "line 12: this line belongs to another kind"),
        (NUMBER, "answer = ", "result = ", "line 4: only `answer` has a tolerance"),
        (CHOICE, "  It is twice two.\n", "", "line 9: a line of two spaces"),
        (CHOICE, "+ two: 2\n", "", "line 1: which needs one of"),
        (CHOICE, "+ two: 2", "+ two\n+ deux", "line 1: which needs one right answer"),
        (STAGE, "solved", "state", "line 1: put needs one condition"),
        (STAGE, "reads: place t", "reads: place", "line 10: no number is named `t` here"),
        (STAGE, "most = ", "t, most = 1, ", "line 3: the stage has a value `t`"),
        (CHOICE, "? Count.", "? " + "x" * 2_000, "line 11: it is longer than 1,500 characters"),
        (CHOICE, "? Count.", "? Count.\n" * 100, "line 1: this exercise has more than 80 lines"),
    ],
)
def test_a_fault_names_its_line(source: str, found: str, wanted: str, message: str):
    assert source.count(found) == 1
    with pytest.raises(WrittenError, match=message):
        exercises(source.replace(found, wanted))


@pytest.mark.parametrize(
    ("found", "wanted", "message"),
    [
        ("(x + y) / 2 ±", "x / (x - x) ±", r"line 4: `x / \(x - x\)` has no value: .*zero"),
        ("(x + y) / 2 ±", '"two" ±', "line 1: the answer is no number"),
        ("x, y = whole(2, 9), real(0, 1)", "x, y = [1, 2, 3]", "line 3: wanted 2 values"),
        ("~ x + y", "~ [x]", "line 12: wanted a number"),
        ("(x + y) / 2 ±", "sum(i * j for i in range(900) for j in range(900)) ±", "line 4: .* takes too long"),
    ],
)
def test_a_fault_that_the_numbers_show_names_its_line(found: str, wanted: str, message: str):
    with pytest.raises(WrittenError, match=message):
        task(NUMBER.replace(found, wanted))


def test_a_budget_may_be_shared_by_all_draws():
    shared = Budget(400)
    (exercise,) = exercises(NUMBER.replace("~ x + y:", "~ answer:"), budget=lambda: shared)
    with pytest.raises(WrittenError, match="takes too long"):
        exercise.task(1)  # no draw is fair, so all of them are tried


def test_the_guide_is_true():
    """Its examples are exercises, and its table has all functions."""
    guide = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    found = [exercises(block)[0] for block in re.findall(r"```markdown\n(.*?)```", guide, re.DOTALL)]
    assert [each.kind for each in found] == ["number", "choice", "stage"]
    for seed in range(1, 20):
        *_, stage = tasks = [each.task(seed) for each in found]
        assert stage.holds(**stage.solved)[0] and all(task.hints and task.worked for task in tasks)
    named = re.findall(r"`(\w+)[`(]", guide.split("| functions |")[1].split("\n\n")[0])
    assert {*named} == {*FUNCTIONS, *CONSTANTS, *DRAWS} - {"int", "float"}


@pytest.mark.parametrize("tab", [tab for tab in interface.TABS if tab.exercises], ids=lambda tab: tab.name)
def test_the_exercises_of_a_tab_are_its_text_and_use_all_that_it_gives(tab: Tab, monkeypatch: pytest.MonkeyPatch):
    """Read again, with what `exercises.py` beside the text gives."""
    taken: list[tuple[Path, dict]] = []

    def reads(path: Path, given: dict | None = None) -> tuple[Exercise, ...]:
        taken.append((path, given or {}))
        return read(path, given)

    monkeypatch.setattr(written, "read", reads)
    found = runpy.run_path(str(tab.folder / "exercises.py"))["EXERCISES"]
    ((path, given),) = taken
    assert path == tab.folder / "exercises.md" and [each.name for each in found] == [
        each.name for each in tab.exercises
    ]
    text = path.read_text(encoding="utf-8")
    assert not [name for name in given if not re.search(rf"\b{name}\b", text)]
    for each in found:
        if each.kind != "stage":
            assert each.task(1) == next(one for one in tab.exercises if one.name == each.name).task(1)
