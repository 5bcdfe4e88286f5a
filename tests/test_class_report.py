"""The report on files that a class handed in: of the inventory and of exercises."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from explorer.commands import class_report
from explorer.commands.exercises import check
from explorer.lessons import handed_in, inventory
from explorer.lessons.handed_in import Handed
from explorer.tabs.interface import TABS
from tests.test_inventory import SALT, handed

RUN = CliRunner()


@pytest.fixture
def app():
    import typer

    made = typer.Typer()
    made.command()(check)
    return made


def put(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def test_students_files_of_the_inventory_give_a_page_figures_and_gradebooks(app, tmp_path: Path):
    whos = [handed_in.pseudonym(f"code{k}", SALT) for k in range(6)]
    for sitting, right in zip(inventory.SITTINGS, (3, 9)):
        for k, who in enumerate(whos):
            put(tmp_path / "in" / f"{sitting}{k}.json", handed_in.to_file(SALT, [handed(who, sitting, right)]))
    put(tmp_path / "in" / "broken.json", {"inventory": 1, "salt": "x", "handed": []})
    (tmp_path / "in" / "text.json").write_text("{", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,id\nCODE 0,4711\nno,1\n", encoding="utf-8")
    out = tmp_path / "out"
    done = RUN.invoke(app, [str(tmp_path / "in"), "--out", str(out), "--codes", str(tmp_path / "codes.csv")])
    assert done.exit_code == 0, done.output
    assert "6 before, 6 after, 6 both" in done.output and " 25%  75%  0.67" in done.output
    lines = list(csv.reader((out / "inventory-figures.csv").open(encoding="utf-8", newline="")))
    assert lines[-1][0] == "all" and lines[-1][3:6] == ["0.2500", "0.7500", "0.6667"]
    moodle = list(csv.reader((out / "inventory-moodle.csv").open(encoding="utf-8", newline="")))
    assert ["4711", "3", "9"] in moodle and sum(row[0] in whos for row in moodle) == 5
    page = (out / "inventory.html").read_text(encoding="utf-8")
    held = page.split('id="data">')[1].split("</script>")[0]
    assert json.loads(held)["all"]["gain"] == pytest.approx(2 / 3)


def test_files_of_exercises_before_and_after_are_compared_by_student(app, tmp_path: Path):
    tab = next(each for each in TABS if each.name == "lab")
    exercise = next(each for each in tab.exercises if each.kind == "choice")
    right = exercise.task(7).answer
    for k in range(6):
        for folder, answer in (
            ("before", right if k < 2 else (right + 1) % 3),
            ("after", right if k < 5 else (right + 1) % 3),
        ):
            said = {"tab": "lab", "exercise": exercise.name, "answer": answer}
            put(tmp_path / folder / f"student{k}.json", {"seed": 7, "answers": [said]})
    done = RUN.invoke(app, [str(tmp_path), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "6 before, 6 after, 6 both" in done.output and " 33%  83%  0.75" in done.output
    lines = list(csv.reader((tmp_path / "out" / "exercises-figures.csv").open(encoding="utf-8", newline="")))
    assert lines[1][0] == f"lab/{exercise.name}" and lines[2][3:5] == ["4", "1"] and len(lines[2][2]) > 10


def test_few_files_give_no_figures_and_none_is_said(app, tmp_path: Path):
    put(tmp_path / "one.json", handed_in.to_file(SALT, [handed("0" * 16, "before", 3)]))
    done = RUN.invoke(app, [str(tmp_path), "--out", str(tmp_path / "out")])
    assert "Fewer than 5" in done.output and not (tmp_path / "out").exists()
    (tmp_path / "empty").mkdir()
    assert RUN.invoke(app, [str(tmp_path / "empty")]).exit_code == 1


def test_a_students_file_has_no_text_that_reaches_a_page(tmp_path: Path):
    kept = handed_in.to_file(SALT, [Handed("before", "0" * 16, (0,) * 12)]) | {"name": "<script>alert(1)</script>"}
    put(tmp_path / "a.json", kept)
    (_, read), *_ = class_report.files(tmp_path)
    assert "script" not in json.dumps(handed_in.report(handed_in.of_file(read)[1]))
