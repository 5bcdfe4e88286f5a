"""Stories: every scene is a state of the page, its caption is short, and what moves is a field with such values."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from explorer.lessons import story
from explorer.lessons.lesson import LessonError
from explorer.tabs.interface import KEYS, TABS

PATHS = story.paths({tab.name: tab.folder for tab in TABS})
FIELDS = {tab.name: {field.key: field for field in tab.fields} for tab in TABS}
SCENE = "---\nat: {at}\nseconds: {seconds}\n{more}---\n{words}\n\n"
GOOD = {"at": "tab=vae&mode=explore", "seconds": "5", "more": "", "words": "One dot is one image."}


def told(tmp_path: Path, **changed: str) -> story.Story:
    """Read a story of four scenes, the last of them changed."""
    path = tmp_path / "story.md"
    scenes = [GOOD, GOOD, GOOD, GOOD | changed]
    path.write_text("# A title\n\n" + "".join(SCENE.format(**scene) for scene in scenes), encoding="utf-8")
    return story.read(path, KEYS)


@pytest.mark.parametrize("name", PATHS)
def test_every_scene_is_a_state_of_the_page(name: str):
    path, tab = PATHS[name]
    for scene in story.read(path, KEYS, tab)["scenes"]:
        said = dict(parse_qsl(scene["at"]))
        fields = FIELDS[said.pop("tab")]
        if said.get("mode"):
            fields["mode"].check(said["mode"])
        if scene["glide"]:
            kind = type(fields[scene["glide"]["key"]].kind).__name__
            stepwise = scene["glide"]["steps"]
            assert stepwise or kind in ("Whole", "Real", "Reals"), f"{scene['words']}: {kind} has no values between"


@pytest.mark.parametrize("name", PATHS)
def test_a_story_takes_about_a_minute(name: str):
    path, tab = PATHS[name]
    seconds = sum(scene["seconds"] for scene in story.read(path, KEYS, tab)["scenes"])
    assert 35 <= seconds <= (75 if tab else 200)


def test_a_story_keeps_what_its_file_says(tmp_path: Path):
    found = told(tmp_path, more="look: number\nglide: beta=1..30..0.05\n")
    assert found["title"] == "A title" and found["tab"] == "vae"
    assert found["scenes"][-1] == {
        "words": "One dot is one image.",
        "at": "tab=vae&mode=explore",
        "seconds": 5,
        "look": "number",
        "glide": {"key": "beta", "through": ["1", "30", "0.05"], "steps": False},
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"words": "word " * 19}, "wanted 1 to 18 words, found 19"),
        ({"words": "From 8 to 16 steps."}, "one number at most, found 8, 16"),
        ({"at": "tab=vae&mod=explore"}, "no address of this page"),
        ({"at": "tab=vea"}, "no address of this page"),
        ({"seconds": "60"}, "wanted 3 to 15 seconds, found 60"),
        ({"more": "look: left\n"}, "look is 'left'"),
        ({"more": "glide: beta=1\n"}, "two values or more"),
        ({"more": "glide: bet=1..2\n"}, "a key of the tab"),
        ({"more": "title: Dots\n"}, "wanted at, seconds"),
    ],
)
def test_what_is_no_scene_is_told(tmp_path: Path, changed: dict[str, str], said: str):
    with pytest.raises(LessonError, match=re.escape(said)):
        told(tmp_path, **changed)
