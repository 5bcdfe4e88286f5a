"""The concept inventory: two parallel forms, pseudonyms, files of answers, and the files for a gradebook."""

import csv
import io
import json
import math
import re
from collections import Counter
from itertools import product

import pytest

from explorer.lessons import handed_in, inventory
from explorer.lessons.handed_in import Handed
from explorer.lessons.lesson import state_at
from explorer.tabs import interface
from tests.test_papers import YEARS

FORMS = {letter: inventory.form(letter) for letter in inventory.INVENTORY_FORMS}
ITEMS = [(letter, item) for letter, items in FORMS.items() for item in items]
SALT = "0" * 32


def test_the_forms_are_parallel():
    """Twelve items each, of the same names in the same order, with the same misconceptions behind the wrong choices."""
    a, b = FORMS.values()
    assert len(a) == len(b) == 12
    assert [(x.name, x.title, {*x.keys}) for x in a] == [(x.name, x.title, {*x.keys}) for x in b]
    assert not [x.name for x, y in zip(a, b) if x.question == y.question]


def test_each_wrong_choice_has_a_misconception_of_its_own_and_each_misconception_is_used():
    for _, item in ITEMS:
        assert len({*item.keys}) == len(item.choices) == 4 and item.keys.count("") == 1
    assert {key for _, item in ITEMS for key in item.keys} - {""} == inventory.misconceptions().keys()


@pytest.mark.parametrize(("letter", "item"), ITEMS, ids=lambda each: getattr(each, "name", each))
def test_the_page_measures_what_an_item_asks_and_a_paper_says_it(letter: str, item: inventory.Item):
    state_at(item.name, item.at, interface.KEYS)
    names, year, address = re.fullmatch(r"(.+) (\d{4}), (\S+)", item.source).groups()
    assert YEARS[address] == year and names


@pytest.mark.parametrize("letter", FORMS)
def test_neither_place_nor_length_gives_the_right_choice_away(letter: str):
    items = FORMS[letter]
    assert max(Counter(item.right for item in items).values()) <= 4
    longest = [max(range(4), key=lambda place: len(item.choices[place])) == item.right for item in items]
    assert sum(longest) <= 3  # a quarter, by chance
    shortest = [min(range(4), key=lambda place: len(item.choices[place])) == item.right for item in items]
    assert sum(shortest) <= 6


def test_numbers_in_the_items_are_computed():
    right = {(letter, item.name): item.choices[item.right] for letter, item in ITEMS}
    assert right["a", "bits"] == f"{543 / math.log(2) / 784:.2f}"
    assert right["b", "bits"] == f"{2 * 100 * math.log(2):.0f}"
    slips = {(letter, key): text for letter, item in ITEMS for key, text in zip(item.keys, item.choices)}
    assert slips["a", "bits-are-nats"] == f"{543 / 784:.2f}"
    assert slips["a", "bits-wrong-way"] == f"{543 * math.log(2) / 784:.2f}"
    assert slips["a", "bits-of-the-whole"] == "784" and round(543 / math.log(2)) in (783, 784)
    assert slips["b", "bits-wrong-way"] == f"{200 / math.log(2):.0f}"
    assert slips["b", "bits-of-the-whole"] == f"{2 * math.log(2):.2f}"
    question = next(item.question for letter, item in ITEMS if (letter, item.name) == ("b", "units"))
    assert round(784 * math.log(255)) == 344 + 4_000 and "−4,000" in question and "+344" in question


def test_what_a_temperature_of_a_half_draws_is_no_power_of_the_whole():
    """Two letters: the texts of squared conditionals against the square of the joint, by enumeration."""
    first, second = [0.6, 0.4], [[0.9, 0.1], [0.5, 0.5]]
    joint = {(a, b): first[a] * second[a][b] for a, b in product(range(2), repeat=2)}
    power = {key: value**2 / sum(each**2 for each in joint.values()) for key, value in joint.items()}

    def sharp(values: list[float]) -> list[float]:
        return [each**2 / sum(one**2 for one in values) for each in values]

    drawn = {(a, b): sharp(first)[a] * sharp(second[a])[b] for a, b in joint}
    assert max(abs(power[key] - drawn[key]) for key in joint) > 0.05


def test_what_a_student_sees_has_no_answer():
    shown = json.dumps([inventory.as_displayed(letter) for letter in FORMS])
    assert not [key for key in inventory.misconceptions() if key in shown]
    assert {key for each in inventory.as_displayed("a") for key in each} == {"question", "choices"}


def test_half_of_the_students_begin_with_each_form_and_have_the_other_one_after():
    whos = [handed_in.pseudonym(f"code{k}", SALT) for k in range(80)]
    first = [inventory.form_of(who, "before") for who in whos]
    assert 25 < first.count("a") < 55
    assert all(inventory.form_of(who, "after") != letter for who, letter in zip(whos, first))


def test_a_pseudonym_is_the_same_for_the_same_code_and_salt_alone():
    one = handed_in.pseudonym("MA 07-ro", SALT)
    assert one == handed_in.pseudonym("ma07RO", SALT) and re.fullmatch("[0-9a-f]{16}", one)
    assert one != handed_in.pseudonym("ma07ro", "1" * 32) and one != handed_in.pseudonym("ma07rp", SALT)


@pytest.mark.parametrize("own", [None, "", "abc", "x" * 25, "x" * 10_000, "<b>hi</b>", "a\x00bcd", 1234, ["abcd"]])
def test_a_code_is_letters_and_digits(own):
    with pytest.raises(ValueError, match="4 to 24"):
        handed_in.pseudonym(own, SALT)


@pytest.mark.parametrize(
    "answers", [None, [], [0] * 11, [0] * 13, [4] * 12, [-1] * 12, [True] * 12, ["0"] * 12, [0.0] * 12]
)
def test_answers_fit_the_form(answers):
    with pytest.raises(ValueError, match="choice"):
        inventory.checked(answers, "a")


def handed(who: str, sitting: str, right: int) -> Handed:
    """A student who answers the first items right, and the others by their next choice."""
    items = FORMS[inventory.form_of(who, sitting)]
    answers = [item.right if k < right else (item.right + 1) % 4 for k, item in enumerate(items)]
    return Handed(sitting, who, tuple(answers))


A_CLASS = [
    handed(f"{k:016x}", sitting, right)
    for k, pair in enumerate([(3, 9), (6, 9), (0, 12), (6, 6), (3, 12), (6, 12)])
    for sitting, right in zip(inventory.SITTINGS, pair)
]


def test_a_report_is_that_of_the_hand():
    """24 of 72 right before, 60 of 72 after: g = 36 / 48."""
    found = handed_in.report(A_CLASS)
    assert found["all"]["before"] == pytest.approx(1 / 3) and found["all"]["after"] == pytest.approx(5 / 6)
    assert found["all"]["gain"] == pytest.approx(0.75)
    assert found["items"][0]["before"] == pytest.approx(5 / 6) and found["items"][0]["gain"] == pytest.approx(1)
    last = found["items"][-1]
    assert last["after"] == pytest.approx(0.5) and sum(each["before"] for each in last["slips"]) == 6
    assert {each["slip"] for each in last["slips"]} <= {*inventory.misconceptions().values()}


def test_a_file_of_answers_is_read_as_it_was_written():
    salt, again = handed_in.of_file(json.loads(json.dumps(handed_in.to_file(SALT, A_CLASS))))
    assert (salt, again) == (SALT, A_CLASS)


@pytest.mark.parametrize(
    "change",
    [
        *({"inventory": 2}, {"handed": {}}, {"salt": "x"}, {"salt": None}, {"handed": [1]}, {"handed": [{}] * 5_000}),
        *({"handed": [{"sitting": "now", "who": "0" * 16, "answers": [0] * 12}]},),
        *({"handed": [{"sitting": "before", "who": "<script>", "answers": [0] * 12}]},),
        {"handed": [{"sitting": "before", "who": "0" * 16, "answers": [9] * 12}]},
    ],
)
def test_a_file_is_checked(change: dict):
    with pytest.raises(ValueError):
        handed_in.of_file(handed_in.to_file(SALT, A_CLASS) | change)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_gradebook_has_a_line_for_each_student():
    points = handed_in.points([*A_CLASS, handed("f" * 16, "before", 2)])
    assert points["0" * 16] == (3, 9) and points["f" * 16] == (2, None)
    moodle = rows(handed_in.moodle(points, {"0" * 16: "4711"}))
    assert moodle[0] == ["ID number", "Concept inventory before", "Concept inventory after"]
    assert moodle[1] == ["4711", "3", "9"] and moodle[-1] == ["f" * 16, "2", ""] and len(moodle) == 8
    canvas = rows(handed_in.canvas(points, {"0" * 16: "4711"}))
    assert canvas[0][:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert canvas[1] == ["    Points Possible", "", "", "", "", "12", "12"]
    assert canvas[2] == ["0" * 16, "", "4711", "", "", "3", "9"] and len({*map(len, canvas)}) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(text: str):
    assert rows(handed_in.as_csv([[text, "x", 0.5]])) == [[f"'{text}", "x", "0.5000"]]
