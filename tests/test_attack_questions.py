"""Nonsense over HTTP, to every function of every stage and every formula: refused in a sentence, and all goes on."""

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.serving.checks import CHECKS_MOST_BYTES
from explorer.serving.work import BROKEN
from tests.asking import anything
from tests.attack import FUNCTIONS, TYPE, Answer, Target, questions, reads, refusal

EACH = [(stage, name) for stage in FUNCTIONS for name in FUNCTIONS[stage]]
COSTLY = {"gaps", "fit", "posterior", "ask_make"}
"""Functions of which many questions take long."""
PAYLOADS = 4  # to each of some two hundred functions; others at every run
CALM = settings(max_examples=PAYLOADS, suppress_health_check=[HealthCheck.too_slow])


def is_sound(argument: object) -> bool:
    """True if it is JSON as it is sent: NaN and halves of letters are not."""
    try:
        orjson.loads(json.dumps(argument))
    except ValueError:
        return False
    return True


def page_for(what: object) -> str:
    """Whose question it is: each thing is asked by a page of its own, since one that asks a lot is made to wait."""
    return f"attacker{hash(what):x}".replace("-", "x")


def logged(log: Path) -> int:
    """Count of our own faults in the log."""
    return log.read_text(encoding="utf-8", errors="replace").count("Traceback")


def test_the_page_offers_the_functions_that_are_attacked(target: Target):
    assert {stage: set(names) for stage, (_, names) in target.stages.items()} == {
        stage: set(functions) for stage, functions in FUNCTIONS.items()
    }
    assert PAYLOADS * len(EACH) >= 1_000


@pytest.mark.parametrize(
    ("stage", "name"), [pytest.param(*each, marks=pytest.mark.deep) if each[1] in COSTLY else each for each in EACH]
)
@CALM
@given(data=st.data())
def test_nonsense_is_refused_in_the_readers_words_and_never_breaks(
    stage: str, name: str, target: Target, data: st.DataObject
):
    argument = json.loads(json.dumps(data.draw(questions(stage, name))))
    faults = logged(target.log)
    found = target.ask(stage, name, argument, page_for((stage, name)))
    too_long = len(json.dumps(argument)) > CHECKS_MOST_BYTES - 200  # which the rest of the body takes
    if too_long or not is_sound(argument):
        assert found.status == (413 if too_long else 400)
        return
    assert found.status == 200
    target.gives_nothing_away(found)
    said = refusal(stage, name, argument, target.nets)
    if said:
        assert found.json == {"error": said} and len(said) > 10
    assert name != "frames" or len(found.json["error"]) > 10
    assert found.json.get("error") != BROKEN and logged(target.log) == faults
    if "total" in found.json and "id" in found.json:
        assert target.ask(stage, "stop", {"id": found.json["id"]}).json == {}


@pytest.mark.parametrize("stage", FUNCTIONS)
def test_a_good_question_is_answered_after_all_that(stage: str, target: Target):
    name = next(name for name, known in FUNCTIONS[stage].items() if known)
    found = target.ask(stage, name, reads(stage, name), "somebody")
    assert found.status == 200 and "error" not in found.json, (name, reads(stage, name), found.json)


def typed(target: Target, raw: str) -> Answer:
    """Answer to a formula's question that is written out."""
    return target.post(TYPE, raw.encode())


def written(number: int | str, values: str) -> str:
    return f'{{"fn_index": {number}, "session_hash": "{page_for(number)}", "data": {values}}}'


@pytest.mark.parametrize("value", ['"1"', "1e400", "-1e400", "NaN", "Infinity", "true", "{}", "[1]", "1" + "0" * 400])
def test_a_formula_takes_finite_numbers_and_nothing_else(value: str, target: Target):
    for number, count in target.formulas.items():
        found = typed(target, written(number, f"[{', '.join([value] + ['1'] * (count - 1))}]"))
        said = (f"This formula takes {count} numbers.", "This is not JSON.")
        assert found.status == 400 and found.json["error"] in said


@pytest.mark.parametrize("values", ["[]", "[1, 1, 1, 1, 1, 1, 1]", "null", "{}", '"11"', "[" * 300 + "]" * 300])
def test_a_formula_takes_as_many_numbers_as_it_has_boxes(values: str, target: Target):
    for number in target.formulas:
        assert typed(target, written(number, values)).status == 400


@pytest.mark.parametrize("number", ["-1", "999", "10000", "1" + "0" * 400, "1.0", "true", "null", '"0"', "[0]", "NaN"])
def test_there_is_no_other_formula(number: str, target: Target):
    assert int(number) not in target.formulas if number.isdigit() else True
    found = typed(target, written(number, "[1, 1]"))
    assert found.status in (400, 404) and len(found.json["error"]) > 10


@settings(max_examples=150)
@given(data=st.data())
def test_a_formula_makes_something_of_every_number_or_says_what_is_wanted(target: Target, data: st.DataObject):
    number, count = data.draw(st.sampled_from(sorted(target.formulas.items())))
    finite = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**300), 10**300)
    values = data.draw(st.lists(finite | st.floats(-5, 5) | st.none(), min_size=count, max_size=count))
    faults = logged(target.log)
    found = typed(target, written(number, json.dumps(values)))
    assert found.status == 200 and logged(target.log) == faults
    target.gives_nothing_away(found)
    assert all(isinstance(each, str) and each for each in found.json["data"])
    assert "nan" not in str(found.json["data"]).lower().replace("\\nan", "")


@settings(max_examples=100)
@given(body=st.dictionaries(st.sampled_from(["fn_index", "session_hash", "data", "event_id", "trigger_id"]), anything))
def test_a_formula_is_asked_by_nothing_but_its_number_and_its_numbers(target: Target, body: dict):
    found = target.post(TYPE, body)
    assert found.status in (200, 400, 404)
    target.gives_nothing_away(found)
    if not isinstance(body.get("fn_index"), int) or not isinstance(body.get("session_hash"), str):
        assert found.status == 400 and len(found.json["error"]) > 10
