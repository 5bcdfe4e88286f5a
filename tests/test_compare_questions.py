"""Questions to the comparison's server functions: films from first to last frame, and sentences for nonsense."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.tabs.compare import real as compare_real
from explorer.tabs.kit.ask import questions
from tests import tiny_nets
from tests.asking import anything, fields_asked, reads_or_says_why, refuses_in_a_sentence, stopped, wait_for, watched

FUNCTIONS = [*questions.SERVER_FUNCTIONS, compare_real.one]
FIELDS = fields_asked(FUNCTIONS)
ASK = {function.__name__: function for function in FUNCTIONS}
KNOWN = base64.b64encode(bytes([255] * 49 + [0] * 49)).decode()
MAKES = "ask_make", "ask_complete"
SLOW = "flow-mnist", "ask_complete"
"""A search of many steps: in the core, GANs and the flow's own tests search."""
GOOD = {
    "dataset": "mnist",
    "pixels": base64.b64encode(bytes(784)).decode(),
    "net": "gan-mnist",
    "seed": 7,
    "label": None,
    "picture": {"test": 12, "set": "mnist"},
    "known": KNOWN,
}


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("nets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write_diffusions(folder)))
        tiny_nets.write(folder, tiny_nets.GANS | tiny_nets.FLOWS | {"made-mnist": tiny_nets.MODELS["made-mnist"]})
        yield folder


FILMS = [(net, name) for net in ("gan-mnist", "flow-mnist", "diffusion-mnist", "made-mnist") for name in MAKES]
FILMS[FILMS.index(SLOW)] = pytest.param(*SLOW, marks=pytest.mark.deep)


@pytest.mark.parametrize(("net", "name"), FILMS)
def test_a_good_question_becomes_a_film_in_json(name: str, net: str):
    begun, frames, found = wait_for(watched(ASK, name, GOOD | {"net": net}))
    assert found["error"] is None and found["done"]
    assert len(frames) == begun["total"] and frames[-1]["numbers"]["evaluations"] == begun["evaluations"]
    assert all(len(base64.b64decode(frame["x"])) == begun["count"] * 784 for frame in frames)
    json.dumps([begun, frames, found], allow_nan=False)


@pytest.mark.parametrize("name", ["ask_likelihood", "ask_anomaly", "one", "nearest"])
def test_a_plain_question_is_answered_in_json(name: str):
    found = wait_for(ASK[name](GOOD))
    assert "error" not in found
    json.dumps(found, allow_nan=False)


def test_equal_questions_share_one_film():
    async def both() -> tuple[dict, dict]:
        asked = GOOD | {"net": "diffusion-mnist", "seed": 11}
        first, second = [await watched(ASK, "ask_make", asked) for _ in range(2)]
        return first[1][-1], second[1][-1]

    first, second = wait_for(both())
    assert first == second  # to the very seconds


def test_a_stopped_film_says_so_to_who_asks_on():
    assert "Start it again" in wait_for(stopped(ASK, "ask_make", GOOD | {"net": "made-mnist", "seed": 99}))


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("ask_make", {"net": "glow-mnist"}, "the network must be one of beta-vae-mnist, "),
        ("ask_make", {"net": ["gan-mnist"]}, "the network must be one of "),
        ("ask_make", {"net": "pixelcnn-mnist"}, "there is no checkpoint “pixelcnn-mnist”"),
        ("ask_make", {"seed": -1}, "seed"),
        ("ask_make", {"label": 10}, "the class must be a number from 0 to 9"),
        ("ask_make", {"net": "made-mnist", "label": 3}, "cannot, because this MADE was trained without labels"),
        ("ask_complete", {"known": "AAAA"}, "what is kept must be 784 bits"),
        ("ask_complete", {"known": base64.b64encode(bytes([255] * 98)).decode()}, "leave some to be filled in"),
        ("ask_complete", {"known": base64.b64encode(bytes(98)).decode()}, "leave some to search by"),
        (
            "ask_complete",
            {"net": "made-mnist", "known": base64.b64encode(bytes([1] * 98)).decode()},
            "only the first ones",
        ),
        ("ask_complete", {"picture": None}, "choose a test image or draw one first"),
        ("ask_likelihood", {"picture": {"kind": "noise"}}, "choose a test image or draw one first"),
        ("ask_anomaly", {"picture": {"bits": "AAAA"}}, "a drawing must be 98 or 784 bytes"),
        ("one", {"seed": 1.5}, "seed must be a whole number"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_that_says_what_is_wanted(name: str, changed: dict, said: str):
    assert said in wait_for(ASK[name](GOOD | changed))["error"]


@settings(max_examples=200)
@given(key=st.sampled_from(sorted(FIELDS)), value=anything)
def test_nonsense_in_one_place_is_refused_with_a_sentence(key: str, value):
    reads_or_says_why(FIELDS[key].check, value)


@pytest.mark.parametrize("argument", [None, [], "x", 3, {}, {"net": "cifar"}])
def test_what_is_no_question_is_refused_with_a_sentence(argument):
    refuses_in_a_sentence(ASK, argument)
