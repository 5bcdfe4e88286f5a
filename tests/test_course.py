"""Courses: every step says an address that the page takes, and what breaks the format is named."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from explorer.lessons import course
from explorer.lessons.lesson import LessonError
from explorer.tabs import interface
from tests.address import passed_over
from tests.node import run

MINUTES = {"ar-and-vae": 90, "gan-and-diffusion": 90, "noise-to-prompts": 45, "which-model": 45, "language": 45}
GOOD = """# A course

---
title: One
at: tab=vae&beta=3
minutes: 4
answer: 2
---
Words.

? Why?
- so
- otherwise

> Because.

! Slowly.
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    path = folder / "course.md"
    path.write_text(GOOD.replace(old, new) if old else GOOD, encoding="utf-8")
    return path


def test_the_courses_are_as_long_as_they_say():
    assert {path.stem for path in course.COURSES.glob("*.md")} == set(MINUTES)
    for name, minutes in MINUTES.items():
        assert course.read(course.COURSES / f"{name}.md", interface.KEYS)["minutes"] == minutes


@pytest.mark.parametrize("name", MINUTES)
def test_every_step_opens_a_state_that_its_tab_takes(name: str):
    for step in course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]:
        said = dict(parse_qsl(step["at"]))
        name = said.pop("tab")
        tab = next(each for each in interface.TABS if each.name == name)
        assert not passed_over(tab.fields, [said]), step["title"]


def test_the_lecture_begins_with_what_is_fitted_has_exercises_and_sums_up():
    steps = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    tabs = [dict(parse_qsl(step["at"]))["tab"] for step in steps]
    assert tabs[1:3] == ["foundations", "foundations"] and tabs[0] == tabs[-1] == "start"
    assert sum("mode=exercises" in step["at"] for step in steps) >= 2
    (board,) = [step for step in steps if step["title"] == "The bound, on the board"]
    assert [note[:6] for note in board["notes"] if note.startswith("Line")] == [f"Line {k}" for k in (1, 2, 3, 4)]
    (gap,) = [step for step in steps if step["title"] == "The gap, measured"]
    assert "part=posterior" in gap["at"] and "exact posterior" in gap["words"]


def test_the_lecture_closes_with_the_model_that_joins_both_families():
    *_, last, summary = course.read(course.COURSES / "ar-and-vae.md", interface.KEYS)["steps"]
    assert dict(parse_qsl(last["at"]))["net"] == "vqvae-mnist" and summary["title"] == "What to take home"
    assert not [note for note in summary["notes"] if "tokens" in note], "what was shown is not said to be left out"


def test_a_step_of_an_exercise_names_one_that_its_tab_has():
    for name in MINUTES:
        for step in course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]:
            said = dict(parse_qsl(step["at"]))
            tab = next(each for each in interface.TABS if each.name == said["tab"])
            assert said.get("exercise") in {None, *(each.name for each in tab.exercises)}, step["title"]


@pytest.mark.parametrize("name", MINUTES)
def test_every_wrong_choice_says_why_it_is_tempting(name: str):
    for step in course.read(course.COURSES / f"{name}.md", interface.KEYS)["steps"]:
        told = [bool(why) for why in step["tempts"]]
        assert told == [place != step["answer"] for place in range(len(step["choices"]))], step["title"]
        assert len({*step["tempts"]}) == len(step["tempts"]), step["title"]


def test_a_step_is_read_by_its_parts(tmp_path: Path):
    found = course.read(written(tmp_path), interface.KEYS)
    assert (found["title"], found["minutes"]) == ("A course", 4)
    (step,) = found["steps"]
    assert step == {
        **{"title": "One", "at": "tab=vae&beta=3", "minutes": 4, "words": "Words.", "question": "Why?"},
        **{
            "choices": ["so", "otherwise"],
            "tempts": ["", ""],
            "answer": 1,
            "reveal": "Because.",
            "notes": ["Slowly."],
            "hides": False,
        },
        "skips": False,
    }
    (covering,) = course.read(written(tmp_path, "answer: 2", "answer: 2\nhides: results"), interface.KEYS)["steps"]
    assert covering["hides"]
    (tempting,) = course.read(written(tmp_path, "- so", "- so\n~ It is near."), interface.KEYS)["steps"]
    assert tempting["tempts"] == ["It is near.", ""]
    (late,) = course.read(written(tmp_path, "answer: 2", "answer: 2\nlate: skip"), interface.KEYS)["steps"]
    assert late["skips"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tab=vae", "tab=none", "no address"),
        ("beta=3", "gamma=3", "no address"),
        ("minutes: 4\n", "", "minutes"),
        ("answer: 2", "answer: 3", "1 to 2"),
        ("answer: 2\n", "", "question"),
        ("answer: 2", "answer: 2\nhides: all", "wanted results"),
        ("answer: 2", "answer: 2\nlate: stay", "wanted skip"),
        ("> Because.", "", "question"),
        ("- otherwise", "- otherwise\n~ The right one.", "a wrong choice of its own"),
        ("- so", "~ Of none.\n- so", "a wrong choice of its own"),
        ("- so", "- so\n~ One.\n~ Two.", "a wrong choice of its own"),
        ("title: One\n", "", "title"),
    ],
)
def test_what_breaks_the_format_is_named(tmp_path: Path, old: str, new: str, said: str):
    with pytest.raises(LessonError, match=said):
        course.read(written(tmp_path, old, new), interface.KEYS)


def test_the_clock_says_minutes_and_seconds_beside_the_plan():
    body = """
    const { clockWords, minutes } = await load("course/clock.js");
    return [clockWords(12.55, 10, 15, 45), clockWords(0, 0, 5, 90), minutes([{ minutes: 3 }, { minutes: 4 }])];
    """
    assert run(body) == ["12:33 · plan 10–15 of 45 min", "0:00 · plan 0–5 of 90 min", 7]


def test_a_clock_that_is_set_back_takes_no_time_from_a_course():
    body = """
    const { clockWords, timeSince } = await load("course/clock.js");
    const since = timeSince(600_000);
    return nows.map((now) => clockWords(since(now) / 60_000, 0, 5, 90).split(" ")[0]);
    """
    hours = 5 * 3_600_000
    nows = [600_000, 720_000, 720_000 - hours, 780_000 - hours, 780_000, 840_000]
    assert run(body, nows=nows)[:4] == ["0:00", "2:00", "2:00", "3:00"]
    assert run(body, nows=[600_000 - hours, 630_000 - hours]) == ["0:00", "0:30"]  # set back before the page came again


ODD = [
    "---",
    "",
    " ",
    "- - -",
    "title: x",
    ":",
    "<b>b</b>",
    "? why",
    "> so",
    "! note",
    "a\n---\nb",
    "# h",
    "😀" * 99,
    "\ud83d",
    "שלום",
    "x" * 999,
]
COLLECT = """
globalThis.tabOf = () => "vae";
const { file, isCut, nameOf, read, stepOf } = await load("course/steps.js");
const steps = odd.flatMap((text) => [
  stepOf(text, "tab=vae", 3),
  stepOf("Named", "tab=flow", 90, text, text, [text, "another", text, text]),
  stepOf(text, "tab=vae&prompt=a%3Bb", 1, text, "Why?", ["so", text]),
]);
const named = steps.map((step) => nameOf([step]));
return {
  file: file(steps),
  links: named.map(read),
  all: read(nameOf(steps.slice(0, 40)))?.steps.length,
  cut: named.flatMap((name) => Array.from({ length: name.length - 2 }, (_, i) => name.slice(0, i + 1)))
    .filter((part) => read(part) !== null || !isCut(part)),
};
"""


def test_what_the_writer_of_a_course_takes_its_readers_read(tmp_path: Path):
    found = run(COLLECT, odd=ODD)
    assert None not in found["links"] and found["all"] == 40
    path = tmp_path / "mine.md"
    path.write_text(found["file"], encoding="utf-8")
    steps = course.read(path, interface.KEYS | {"vae": interface.KEYS["vae"] | {"prompt"}})["steps"]
    for step, link in zip(steps, found["links"], strict=True):
        (linked,) = link["steps"]
        assert step["title"] == linked["title"] != ""
        same = ["at", "minutes", "words", "question", "choices", "answer"]
        assert {key: step[key] for key in same} == {key: linked[key] for key in same}


def test_a_cut_link_of_a_course_is_never_taken_for_a_whole_one():
    assert run(COLLECT, odd=ODD[:6])["cut"] == []


WRITTEN = """
const { file, nameOf, read, stepOf } = await load("course/steps.js");
const words = ["First.\\n\\n? Second.", "Why?", ["so", "else"], "", "Because.", "Slowly.\\nTwice."];
const step = stepOf("One", "tab=vae&beta=4", 5, ...words);
return { file: file([step], "Bounds"), told: read(nameOf([step], "Bounds")),
  former: read(nameOf([["A", "tab=vae", 3]])),
  broken: read(nameOf([["A", "tab=vae", 3, "", "", [], "", "", "", ""]])) };
"""


def test_a_course_of_ones_own_has_a_title_notes_and_words_after_the_answer(tmp_path: Path):
    found = run(WRITTEN)
    told, former = found["told"], found["former"]
    assert (told["title"], former["title"]) == ("Bounds", "A course from a link")
    (step,) = told["steps"]
    assert step["words"] == "First.\nSecond." and step["notes"] == ["Slowly.", "Twice."]
    assert step["reveal"] == "The answer: so.\nBecause."
    assert found["broken"] is None
    path = tmp_path / "mine.md"
    path.write_text(found["file"], encoding="utf-8")
    (read,) = course.read(path, interface.KEYS)["steps"]
    assert [read[part] == step[part] for part in ("words", "reveal", "notes")] == 3 * [True]
