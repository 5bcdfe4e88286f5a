"""The log of a class: what a reader takes, what it refuses, and that a link holds all of it."""

import json

import pytest

from tests.node import run as node

ASKED = {"name": "which", "choices": ["one", "two", "three"], "right": 1}
STEP = {"at": "tab=vae&beta=4", "minute": 3}
QUESTION = STEP | {
    "name": "which",
    "title": "Which one?",
    "asked": ASKED,
    "reasons": ["", "", "because"],
    "answered": [6, 5],
    "shown": [{"counts": [3, 2, 1]}, {"counts": [0, 5, 0]}],
}
NUMBER = STEP | {
    "name": "n",
    "title": "How many?",
    "asked": {"name": "n", "right": 2, "unit": "nats", "low": 0, "high": 4, "within": 0.1, "slips": [1]},
    "reasons": ["a slip"],
    "answered": [6, 0],
    "shown": [{"counts": [1] * 12, "below": 1, "above": 0, "right": 2, "slips": [1]}, None],
}
LOG = {"log": 1, "steps": [STEP, QUESTION, NUMBER]}
BEGIN = 'globalThis.tabOf = () => "start"; const log = await load("classroom/log.js");'


def read(value: object) -> dict | None:
    text = value if isinstance(value, str) else json.dumps(value)
    return node(f"{BEGIN} return log.readLog(text)", text=text)


def test_a_log_is_read_as_it_was_written():
    assert read(LOG) == {"steps": LOG["steps"]}


def test_what_a_log_has_besides_is_left_out():
    more = {"secret": "s" * 32, "code": "BCDFH", "html": "<script>"}
    deep = QUESTION | more | {"asked": ASKED | more, "shown": [{"counts": [3, 2, 1]} | more, None]}
    found = read(LOG | more | {"steps": [STEP | more, deep]})
    assert not {"secret", "BCDFH", "<script>"} & set(json.dumps(found).replace('"', " ").split())
    assert "ssss" not in json.dumps(found)


@pytest.mark.parametrize(
    "value",
    [
        *("", "{", "[" * 100_000, "null", "1", '"x"', "x" * 500_000),
        *({"log": 2, "steps": []}, {"log": 1}, {"log": 1, "steps": {}}, {"log": 1, "steps": [STEP] * 201}),
        *({"log": 1, "steps": [each]} for each in (None, 1, [], {}, {"at": 1, "minute": 1}, {"at": "", "minute": -1})),
        {"log": 1, "steps": [{"at": "x" * 7000, "minute": 1}]},
        {"log": 1, "steps": [{"at": "", "minute": 0.5}]},
    ],
    ids=lambda each: str(each)[:30],
)
def test_a_text_that_is_no_log_is_refused(value):
    assert read(value) is None


@pytest.mark.parametrize(
    "change",
    [
        *({"title": 1}, {"title": "x" * 601}, {"name": None}, {"reasons": "x"}, {"reasons": [1]}, {"answered": [1]}),
        *({"answered": [501, 0]}, {"answered": [-1, 0]}, {"shown": [None]}, {"shown": [{"counts": [1, 2]}, None]}),
        *({"shown": [{"counts": [1, 2, "<b>"]}, None]}, {"shown": [{"counts": [1, 2, 1e9]}, None]}, {"shown": "xy"}),
        *({"asked": None}, {"asked": ASKED | {"choices": ["a"] * 9}}, {"asked": ASKED | {"right": "1"}}),
        {"asked": ASKED | {"choices": [{"html": "<b>"}, "b", "c"]}},
    ],
    ids=str,
)
def test_a_question_that_does_not_fit_is_refused(change: dict):
    assert read({"log": 1, "steps": [QUESTION | change]}) is None


@pytest.mark.parametrize(
    "change", [{"low": 4}, {"low": None}, {"slips": [1, 2]}, {"unit": "x" * 25}, {"slips": ["1"]}], ids=str
)
def test_a_scale_that_does_not_fit_is_refused(change: dict):
    assert read({"log": 1, "steps": [NUMBER | {"asked": NUMBER["asked"] | change}]}) is None


def test_a_link_holds_all_of_it():
    text = json.dumps({"log": 1, "steps": [QUESTION] * 30})
    found = node(f"{BEGIN} const link = await log.fragmentOf(text); return [link, await log.textOf(link)]", text=text)
    assert found[1] == text and found[0].startswith("#replay=") and len(found[0]) < 2_000


@pytest.mark.parametrize("fragment", ["", "#x", "#replay=", "#replay=%%%", "#replay=AAAA", "#replay=" + "A" * 30_000])
def test_a_damaged_link_is_refused(fragment: str):
    assert node(f"{BEGIN} return log.readLog(await log.textOf(fragment))", fragment=fragment) is None


def test_a_small_link_that_unpacks_to_a_large_text_is_refused():
    body = """
    const packed = await new Response(new Blob(["x".repeat(5e6)]).stream()
      .pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer();
    return await log.textOf("#replay=" + Buffer.from(packed).toString("base64url"));"""
    assert node(BEGIN + body) == ""


WRITES = """
const { ClassLog } = log;
globalThis.localStorage = { getItem: () => null, setItem() {} };
let now = 0;
Date.now = () => now;
const mine = new ClassLog("BCDFH");
"""


def test_a_log_keeps_states_that_rest_and_the_newest_votes_of_a_question():
    body = """
    for (const [at, seconds] of [["tab=vae&beta=1", 0], ["tab=vae&beta=2", 10], ["tab=vae&beta=3", 11]]) {
      now = 1000 * seconds;
      mine.state(at);
    }
    const told = (counts) => mine.told(
      { asked: question.asked, title: question.title, reasons: question.reasons, reveal() {} },
      { name: "which", answered: [6, 5], shown: [{ counts }, null] }, "tab=gan");
    now = 120_000;
    told([3, 2, 1]);
    told([3, 2, 1]);
    told([2, 3, 1]);
    return JSON.parse(mine.text).steps;"""
    steps = node(BEGIN + WRITES + body, question=QUESTION)
    assert [each["at"] for each in steps] == ["tab=vae&beta=1", "tab=vae&beta=3", "tab=gan"]
    assert steps[2]["minute"] == 2 and steps[2]["shown"][0]["counts"] == [2, 3, 1]
    assert "BCDFH" not in json.dumps(steps)
