"""The exercises of all tabs: each can be solved and missed, and what a seed draws it draws again."""

import json
import math
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from explorer import exercises as command
from explorer.lessons import exercises
from explorer.lessons.exercises import Choice, Draw, Exercise, Number, Setting
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.tabs import interface
from explorer.tabs.compare import exercises as of_compare
from tests.address import passed_over
from tests.asking import wait_for

TABS = {tab.name: tab for tab in interface.TABS if tab.exercises}
EACH = [pytest.param(tab, each, id=f"{name}-{each.name}") for name, tab in TABS.items() for each in tab.exercises]
SEEDS = range(1, 41)
KNOWN = {name: (tab.exercises, tab.fields) for name, tab in TABS.items()}
every = pytest.mark.parametrize(("tab", "exercise"), EACH)


def initial(tab: Any, exercise: Exercise) -> dict[str, Any]:
    """Values of the fields that an exercise reads when it is opened, as the page read its address."""
    said = exercise.to_props()["state"]
    found = {}
    for field in tab.fields:
        if field.key in exercise.reads:
            found[field.key] = _read(said[field.key], field.default) if field.key in said else field.default
    return found


def _read(text: str, default: Any) -> Any:
    if isinstance(default, bool):
        return text == "1"
    if isinstance(default, str):
        return text
    if isinstance(default, tuple):
        return tuple(map(float, text.split(",")))
    try:
        return float(text) if isinstance(default, float) or "." in text else int(text)
    except ValueError:
        return text


@pytest.mark.parametrize("tab", TABS.values(), ids=TABS)
def test_a_tab_has_five_exercises_or_more_of_each_kind_and_what_they_set_is_taken(tab: Any):
    names = [each.name for each in tab.exercises]
    assert len(names) >= 5 and len(set(names)) == len(names)
    assert {each.kind for each in tab.exercises} >= {"number", "choice", "stage"}
    assert not passed_over(tab.fields, [each.to_props()["state"] for each in tab.exercises])
    assert not passed_over(tab.fields, [{"exercise": name, "numbers": 12} for name in names])
    assert {each.to_props()["state"].get("mode") for each in tab.exercises} <= {None, *tab.modes} - {"exercises"}
    assert "exercises" in tab.modes
    assert not {key for each in tab.exercises for key in each.reads} - {field.key for field in tab.fields}


@every
def test_a_seed_draws_the_same_again_and_every_sentence_is_whole(tab: Any, exercise: Exercise):
    for seed in SEEDS:
        task, again = exercise.task(seed), exercise.task(seed)
        assert (task.question, task.hints, task.worked) == (again.question, again.hints, again.worked)
        assert 1 <= len(task.hints) <= 3 and task.worked
        for text in (task.question, *task.hints, *task.worked):
            assert text.strip() == text and "  " not in text and not re.search(r"\b(nan|inf)\b", text), text
            assert "-" not in [one for one, two in zip(text, text[1:]) if two.isdigit()], f"no true minus sign: {text}"


@every
def test_what_is_right_is_taken_and_what_is_wrong_is_not(tab: Any, exercise: Exercise):
    for seed in SEEDS if exercise.kind != "stage" else (1, 2, 3):
        task = exercise.task(seed)
        if isinstance(task, Number):
            assert math.isfinite(task.answer) and 0 < task.within < 0.2 * max(abs(task.answer), 0.2)
            near = (task.answer, task.answer + task.within, task.answer - task.within)
            assert all(exercises.check(exercise, seed, each)[0] for each in near)
            far = (task.answer + 1.01 * task.within, task.answer - 1.01 * task.within, task.answer + 1e6)
            assert not any(exercises.check(exercise, seed, each)[0] for each in far)
        elif isinstance(task, Choice):
            assert sorted(task.order) == list(range(1 + len(task.wrong))) and task.right not in task.wrong
            right = [exercises.check(exercise, seed, place)[0] for place in range(len(task.order))]
            assert right.count(True) == 1 and task.to_props()["choices"][right.index(True)] == task.right
        else:
            right, said = exercises.check(exercise, seed, dict(task.solved))
            assert right, said
            right, said = exercises.check(exercise, seed, initial(tab, exercise))
            assert not right and said.startswith(("Not yet", "The stage"))


@every
def test_other_seeds_ask_something_else_and_each_slip_is_answered_by_its_own_sentence(tab: Any, exercise: Exercise):
    tasks = [exercise.task(seed) for seed in SEEDS]
    if exercise.kind == "number":
        assert len({round(task.answer, 6) for task in tasks}) > len(SEEDS) / 4
        spoken = {why for task in tasks for value, why in task.slips if task.check(value)[1].endswith(why)}
        assert len(spoken) >= max((len(task.slips) for task in tasks), default=0)
    elif exercise.kind == "choice":
        assert len({task.answer for task in tasks}) == len(tasks[0].order), "the right one stands anywhere"
        lengths = [len(task.right) / max(map(len, task.wrong)) for task in tasks]
        assert min(lengths) < 1.6, "its length gives nothing away"


def test_the_order_and_the_numbers_of_a_draw_are_even_and_stay_for_ever():
    assert [Draw("kl", 7).whole(0, 99) for _ in range(2)] == 2 * [Draw("kl", 7).whole(0, 99)]
    draw = Draw("coins", 12)
    assert [draw.whole(1, 6) for _ in range(8)] == PINNED
    assert [draw.real(-1, 1, 2) for _ in range(3)] == PINNED_REALS
    counts = [0] * 5
    for seed in range(5_000):
        counts[Draw("even", seed).whole(0, 4)] += 1
    assert max(counts) - min(counts) < 200


PINNED = [1, 3, 4, 3, 5, 4, 3, 4]
PINNED_REALS = [-0.41, 0.66, 0.43]


@pytest.mark.parametrize("tab", TABS.values(), ids=TABS)
def test_the_answer_stays_with_the_server_until_it_is_asked_for(tab: Any):
    asked, checked, staged, worked = tab.asks_exercises()
    for each in tab.exercises:
        task = each.task(5)
        said = json.dumps(wait_for(asked({"exercise": each.name, "numbers": 5})), ensure_ascii=False)
        result = json.dumps(each.to_props(), ensure_ascii=False)
        if isinstance(task, Number):
            assert not {f'"{part}"' for part in ("answer", "slips", "worked", "given")} & set(said.split())
            assert exercises.say(task.answer) not in " ".join(task.hints), f"{each.name}: a hint is the answer"
            answer = {"exercise": each.name, "numbers": 5, "answer": task.answer}
            assert wait_for(checked(answer))["right"] and not wait_for(checked(answer | {"answer": -99.5}))["right"]
        elif isinstance(task, Choice):
            assert not any(why in said + result for why in task.wrong.values())
        elif isinstance(task, Setting):
            solved = {key: list(one) if isinstance(one, tuple) else one for key, one in task.solved.items()}
            assert wait_for(staged({"exercise": each.name, "numbers": 5, "state": solved}))["right"]
        found = wait_for(worked({"exercise": each.name, "numbers": 5}))
        assert found["worked"] == [*task.worked] and set(found["solved"]) == set(getattr(task, "solved", {}))


def test_what_is_no_answer_is_refused_in_a_sentence():
    asked, checked, staged, worked = TABS["vae"].asks_exercises()
    good = {"exercise": "collapse", "numbers": 1}
    assert "whole number from 0 to 3" in wait_for(checked(good | {"answer": 4}))["error"]
    assert "whole number from 0 to 3" in wait_for(checked(good | {"answer": 0.5}))["error"]
    assert "answered by the stage" in wait_for(checked(good | {"exercise": "price", "answer": 4}))["error"]
    assert "answered by a number" in wait_for(staged(good | {"state": {}}))["error"]
    price = {"exercise": "price", "numbers": 1}
    assert "must say data" in wait_for(staged(price | {"state": {"beta": 1}}))["error"]
    assert "has no 'seed'" in wait_for(staged(price | {"state": {"seed": 1}}))["error"]
    assert "β must be" in wait_for(staged(price | {"state": {"beta": 1e9, "data": "mnist"}}))["error"]
    assert "must be one of" in wait_for(asked({"exercise": "nothing", "numbers": 1}))["error"]


def test_a_file_of_answers_is_checked_from_its_seed_whatever_it_says_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    vae, foundations = TABS["vae"].exercises, TABS["foundations"].exercises
    kl, price = vae[0].task(12), next(each for each in vae if each.name == "price").task(12)
    which = next(each for each in foundations if each.name == "which-kl").task(12)
    collapse = next(each for each in vae if each.name == "collapse").task(12)
    answers = [
        {"tab": "vae", "exercise": "kl-to-prior", "answer": kl.answer, "right": False, "hints": 2},
        {"tab": "vae", "exercise": "price", "answer": dict(price.solved), "worked": True},
        {"tab": "vae", "exercise": "price", "answer": {"data": "mnist", "beta": 1}, "right": True},
        {"tab": "foundations", "exercise": "which-kl", "answer": which.answer},
        {"tab": "vae", "exercise": "collapse", "answer": (collapse.answer + 1) % 4, "right": True},
        {"tab": "nowhere", "exercise": "kl", "answer": 1},
        {"tab": "foundations", "exercise": foundations[0].name, "answer": "0.1"},
        7,
        *2 * [{"tab": "vae", "exercise": "kl-to-prior", "answer": kl.answer}],
    ]
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"seed": 12, "answers": answers}), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["", str(file)])
    monkeypatch.delitem(sys.modules, command.__name__)  # else the command of that name is run a second time
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(command.__name__, run_name="__main__")  # as `python -m` does
    assert not ended.value.code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:-2]] == ["right", "right", "?", "right", "wrong", *5 * "?"]
    assert "(with hints)" in lines[0] and "(after the worked answer was shown)" in lines[1]
    assert all("repeated: the first answer counts" in lines[place] for place in (2, 8, 9))
    assert lines[-2:] == ["Seed 12: 3 of 7 right.", "Repeated answers, which do not count: 3."]


def checked_here(file: Path) -> int:
    """The exit status of the check of a file, which prints in this process."""
    try:
        command.check(file)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def test_what_a_file_says_is_printed_in_its_own_line_and_drives_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    forged = "kl\nright vae/kl-to-prior: Right.\x1b[2K\r\u202e\x9b31m"
    answers = [{"tab": forged, "exercise": forged}, {"tab": "vae", "exercise": "price", "answer": {forged: 1}}]
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"seed": 12, "answers": answers}), encoding="utf-8")
    assert checked_here(file) == 0
    lines = capsys.readouterr().out.split("\n")[:-1]
    assert [line.split()[0] for line in lines] == ["?", "?", "Seed"] and all(map(str.isprintable, lines))
    assert "\\nright vae" in lines[0] and "\\x1b[2K" in lines[0]


@pytest.mark.parametrize(
    "text",
    [
        '{"seed": 1, "answers": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"seed": 1, "answers": [' + ",".join("7" * 1_001) + "]}",
        '{"seed": 1, "answers": ["' + "a" * 4_000_000 + '"]}',
        "{\x1b[2J",
        "\ud800",
    ],
    ids=["deep", "many", "large", "broken", "half a letter"],
)
def test_a_file_that_is_too_large_or_too_deep_is_refused_in_a_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture
):
    file = tmp_path / "answers.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert checked_here(file) == 1
    found = capsys.readouterr()
    (line,) = found.err.splitlines()
    assert not found.out
    assert line.startswith("this is no file of answers") and line.isprintable()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seed": -1, "answers": []}', '{"seed": 1, "answers": 3}', "\ufffd"])
def test_what_is_no_file_of_answers_is_said_in_a_sentence(text: str, tmp_path: Path):
    try:
        kept = json.loads(text)
    except ValueError:
        return
    with pytest.raises(ValueError, match="file of answers|the seed"):
        list(exercises.recheck(kept, KNOWN))


def test_exercises_of_compare_do_without_a_card_that_is_damaged(monkeypatch: pytest.MonkeyPatch):
    sound = cards.of

    def of(name: str) -> cards.Card:
        if name == "gan-mnist":
            raise checkpoints.CheckpointError(f"{name} is damaged")
        return sound(name)

    of_compare._compared.cache_clear()
    assert "GAN" in of_compare.evaluations("mnist")
    of_compare._compared.cache_clear()
    monkeypatch.setattr(cards, "of", of)
    one_clock = next(each for each in of_compare.EXERCISES if each.name == "one-clock")
    assert "GAN" not in of_compare.evaluations("mnist") and one_clock.task(1).solved
    of_compare._compared.cache_clear()
