"""Questions to the GAN's server functions: answers in JSON, a film from end to end, and sentences for nonsense."""

import base64
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.tabs.gan import cannot as gan_cannot
from explorer.tabs.gan import tab as gan_tab
from tests import tiny_nets
from tests.asking import anything, fields_asked, reads_or_says_why, refuses_in_a_sentence, stopped, wait_for, watched

FIELDS = fields_asked(gan_tab.TAB.functions)
ASK = {function.__name__: function for function in gan_tab.TAB.functions}
GOOD = {
    "dataset": "mnist",
    "pixels": base64.b64encode(bytes(784)).decode(),
    "net": "gan-mnist",
    "seed": 7,
    "label": None,
    "corners": [0, 3, 9],
    "pair": [4, 2],
    "u": 0.25,
    "v": 1,
    "picture": {"test": 12, "set": "mnist"},
}
IMAGES = {"generate": 16, "plane": 1, "sheet": 81, "between": 33}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tiny_nets.write_gans(tmp_path_factory.mktemp("nets"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder))
        patch.setattr(gan_cannot, "SEARCH_STEPS", 8)
        yield


@pytest.mark.parametrize("name", IMAGES)
def test_a_good_question_is_answered_in_json(name: str):
    found = wait_for(ASK[name](GOOD))
    assert len(base64.b64decode(found["x"])) == IMAGES[name] * 784 and len(found["scores"]) == IMAGES[name]
    assert all(map(math.isfinite, found["scores"]))
    json.dumps(found, allow_nan=False)


def test_a_search_becomes_a_film_in_json():
    begun, frames, found = wait_for(watched(ASK, "search", GOOD))
    assert found["error"] is None and found["done"] and len(frames) == begun["total"]
    assert found["evaluations"] == begun["evaluations"]
    assert all(
        len(base64.b64decode(frame["x"])) == 784 and len(frame["numbers"]["errors"][0]) == 10 for frame in frames
    )
    json.dumps([begun, frames, found], allow_nan=False)


def test_a_stopped_search_says_so_to_who_asks_on():
    assert "Start it again" in wait_for(stopped(ASK, "search", GOOD | {"seed": 99}))


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("generate", {"net": "diffusion-mnist"}, "the network must be one of gan-mnist, gan-fashion-mnist"),
        ("generate", {"label": 10}, "the class must be a number from 0 to 9"),
        ("generate", {"seed": -1}, "the seed must be a number from 0"),
        ("plane", {"corners": [0, 1]}, "the corners of the plane must be 3 images of the grid"),
        ("plane", {"corners": [0, 1, 1]}, "the corners of the plane must be 3 different images"),
        ("plane", {"corners": [0, 1, 16]}, "each of the corners of the plane must be a number from 0 to 15"),
        ("plane", {"u": 1.5}, "u must be a number from 0 to 1"),
        ("plane", {"v": math.nan}, "v must be a number from 0 to 1"),
        ("between", {"pair": [3, 3]}, "the ends of the film must be 2 different images"),
        ("training", {"net": "gan-fashion-mnist"}, "of gan-fashion-mnist no snapshots were kept"),
        ("search", {"picture": None}, "choose a test image or draw one first"),
        ("search", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes"),
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
    for name in ("generate", "sheet", "search"):
        assert "there is no checkpoint “gan-mnist”" in wait_for(ASK[name](GOOD | {"seed": 12_345}))["error"]
