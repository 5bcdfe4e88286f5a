"""Questions to the diffusion's server functions: films from the first frame to the last, and sentences for nonsense."""

import base64
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.tabs.diffusion import tab as diffusion_tab
from tests import tiny_nets
from tests.asking import anything, fields_asked, reads_or_says_why, refuses_in_a_sentence, stopped, wait_for, watched

FIELDS = fields_asked(diffusion_tab.TAB.functions)
ASK = {function.__name__: function for function in diffusion_tab.TAB.functions}
FILMS = ("reverse", "jump", "middle", "complete", "travel")
KNOWN = base64.b64encode(bytes([255] * 49 + [0] * 49)).decode()
GOOD = {
    "dataset": "mnist",
    "pixels": base64.b64encode(bytes(784)).decode(),
    "net": "diffusion-mnist",
    "seed": 7,
    "count": 4,
    "label": 3,
    "w": 1,
    "sampler": "ddim",
    "steps": 2,
    "eta": 0.5,
    "who": "student",
    "evaluations": 2,
    "picture": {"test": 12, "set": "mnist"},
    "first": {"test": 12, "set": "mnist"},
    "second": {"test": 40, "set": "mnist"},
    "start": 300,
    "known": KNOWN,
    "resamples": 2,
    "images": base64.b64encode(bytes(8 * 784)).decode(),
}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tiny_nets.write_diffusions(tmp_path_factory.mktemp("nets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        yield folder


@pytest.mark.parametrize("name", FILMS)
def test_a_good_question_becomes_a_film_in_json(name: str):
    begun, frames, found = wait_for(watched(ASK, name, GOOD))
    assert found["error"] is None and found["done"] and found["waiting"] == 0
    assert len(frames) == begun["total"] and found["evaluations"] == begun["evaluations"]
    assert found["seconds"] > 0
    for frame in frames:
        count = 2 if name == "travel" and "The two noises" not in frame["report"]["words"] else begun["count"]
        for key, image in {"x": frame["x"], **frame["pictures"]}.items():
            assert len(base64.b64decode(image)) == (9 if key == "vae" else count) * 784
        assert len(frame["numbers"].get("noise_norm", [0] * count)) == count
    json.dumps([begun, frames, found], allow_nan=False)


@pytest.mark.parametrize("name", ["classify", "nearest"])
def test_a_plain_question_is_answered_in_json(name: str):
    found = wait_for(ASK[name](GOOD))
    assert "error" not in found
    json.dumps(found, allow_nan=False)


def test_what_is_drawn_from_a_class_of_fashion_is_another_film():
    digits, clothes = (
        wait_for(watched(ASK, "reverse", GOOD | {"net": net}))[1] for net in tiny_nets.DIFFUSIONS if "diff" in net
    )
    assert digits[0]["x"] == clothes[0]["x"] and digits[-1]["x"] != clothes[-1]["x"]


@pytest.mark.parametrize(
    "sampler, steps, evaluations", [("heun", 5, 9), ("pc", 3, 5), ("dpm", 4, 4), ("langevin", 2, 9)]
)
def test_a_film_counts_every_evaluation(sampler: str, steps: int, evaluations: int):
    begun, frames, found = wait_for(watched(ASK, "reverse", GOOD | {"sampler": sampler, "steps": steps, "w": 1}))
    assert begun["evaluations"] == found["evaluations"] == evaluations and len(frames) == steps + 1


def test_both_who_jump_start_from_one_noise_and_show_what_they_say():
    teacher, student = (
        wait_for(watched(ASK, "jump", GOOD | {"who": who, "w": 1}))[1] for who in ("teacher", "student")
    )
    assert teacher[0]["x"] == student[0]["x"] and teacher[1]["x"] != student[1]["x"]
    assert [frame["time"] for frame in student] == [1000, 500, 0]


def test_a_stopped_film_says_so_to_who_asks_on():
    assert "Start it again" in wait_for(stopped(ASK, "reverse", GOOD | {"steps": 1000, "seed": 99}))


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("reverse", {"steps": 0}, "the number of steps must be a number from 1 to 1000"),
        ("reverse", {"steps": 2.5}, "the number of steps must be a whole number"),
        ("reverse", {"label": 10}, "the class must be a number from 0 to 9"),
        ("reverse", {"eta": 1.5}, "η must be a number from 0 to 1"),
        ("reverse", {"w": -1}, "the guidance w must be a number from 0 to 20"),
        ("reverse", {"w": math.nan}, "the guidance w must be a number"),
        ("reverse", {"count": 5}, "how many images to draw must be one of 1, 4, 8, 16"),
        ("reverse", {"sampler": "euler"}, "the sampler must be one of ddim, ddpm"),
        (
            "reverse",
            {"sampler": "langevin", "steps": 500},
            "Annealed Langevin in 500 steps evaluates the network 2,001 times",
        ),
        ("jump", {"evaluations": 51}, "the number of evaluations must be a number from 1 to 50"),
        ("jump", {"who": "nobody"}, "who jumps must be one of teacher, student"),
        ("jump", {"net": "diffusion-fashion-mnist"}, "no network was distilled from diffusion-fashion-mnist"),
        ("jump", {"moment": 7}, "there are 0 snapshots"),
        ("reverse", {"net": "pixelcnn-mnist"}, "the network must be one of diffusion-mnist, diffusion-fashion-mnist"),
        ("middle", {"picture": None}, "choose a test image or draw one first"),
        ("middle", {"picture": {"kind": "blank"}}, "choose a test image or draw one first"),
        ("middle", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes"),
        ("middle", {"start": 1001}, "the time to start from must be a number from 1 to 1000"),
        ("complete", {"steps": 101}, "the number of steps must be at most 100 here"),
        ("middle", {"start": 1, "steps": 2}, "steps must be a whole number from 1 to 1"),
        ("complete", {"known": "AAAA"}, "what is kept must be 784 bits"),
        ("complete", {"known": base64.b64encode(bytes([255] * 98)).decode()}, "leave some to be filled in"),
        ("complete", {"resamples": 11}, "how often each step is resampled must be a number from 1 to 10"),
        ("travel", {"second": {"test": 2000, "set": "mnist"}}, "the test image must be a number from 0 to 1999"),
        ("travel", {"first": {"test": 1, "set": "cifar"}}, "the data set must be one of"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_that_says_what_is_wanted(name: str, changed: dict, said: str):
    assert said in wait_for(ASK[name](GOOD | changed))["error"]


@settings(max_examples=300)
@given(key=st.sampled_from(sorted(FIELDS)), value=anything)
def test_nonsense_in_one_place_is_refused_with_a_sentence(key: str, value):
    reads_or_says_why(FIELDS[key].check, value)


@pytest.mark.parametrize("argument", [None, [], "x", 3, {}, {"net": "cifar"}])
def test_what_is_no_question_is_refused_with_a_sentence(argument):
    refuses_in_a_sentence(ASK, argument)


def test_a_checkpoint_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    assert "there is no checkpoint “diffusion-mnist”" in wait_for(ASK["reverse"](GOOD | {"seed": 8}))["error"]
