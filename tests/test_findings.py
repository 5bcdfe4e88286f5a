"""Headlines that are sentences: short, with one number at most, before the figures that stay beside them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
import torch
from playwright.sync_api import Page, expect

from explorer.numbers.answer import FINDING, Figure, to_props
from explorer.serving.work import LIGHT
from explorer.tabs import interface
from explorer.tabs.energy.landscape import landscape_answer
from explorer.tabs.energy.walk import Rules, Walked
from explorer.tabs.energy.walk_report import where_words
from explorer.tabs.kit.ask import says
from explorer.tabs.kit.ask.compressing import shorter_words
from explorer.tabs.lab.damage import notice_words
from explorer.tabs.style.mix import kept_words
from explorer.tabs.tokens.tokens import exchange_words
from explorer.tabs.translate.paired import translated_words
from explorer.tabs.vae.gaps import gap_finding
from explorer.tabs.vae_room.traverse import moved_words
from tests import said
from tests.node import call
from tests.test_said import SLOW

NUMBER = re.compile(r"\d[\d.,]*(?:×\d+| %)?|\{[\w.]+:(?:\d?%|\d|b)\}")
ANSWERS = {name: ask for name, ask in said.answers([LIGHT]) if name not in SLOW}


def findings(props: object) -> Iterator[str]:
    """Yield the text of every finding in an answer, or in what a panel declares."""
    if isinstance(props, list | tuple) and len(props) == 3 and props[0] == FINDING.name:
        yield props[1]
    inner = props.values() if isinstance(props, Mapping) else props if isinstance(props, list | tuple) else ()
    for each in inner:
        yield from findings(each)


def assert_short(text: str) -> None:
    """Fail unless a finding is a sentence of at most twelve words with at most one number."""
    assert not text[0].islower() and text.endswith("."), text
    assert len(re.sub(r"\{[^}]*\}", "x", text).split()) <= 12, text
    assert len(NUMBER.findall(text)) <= 1, text


def test_a_finding_is_a_figure_whose_value_is_a_sentence():
    assert isinstance(FINDING, Figure)
    assert FINDING.of("Nothing leaks.").to_props() == ("finding", "Nothing leaks.", "")
    assert FINDING.to_props() == ("finding", "–", "")


@pytest.mark.parametrize("name", ANSWERS)
def test_a_computed_finding_is_short(name: str):
    for text in findings(to_props(ANSWERS[name]())):
        if text != "–":
            assert_short(text)


def test_a_declared_finding_is_short():
    rows = [to_props(panel.rows) for tab in interface.TABS for panel in tab.panels.values()]
    texts = [text for text in findings(rows) if text not in ("–", "{finding}", "{verdict}")]
    assert len(texts) > 5
    for text in texts:
        assert_short(text)


@pytest.mark.parametrize("name", ["weak", "good", "unmeasured", "dearer", "as many"])
def test_the_finding_of_make_is_short(name: str):
    assert_short(re.sub(r"\{\w+\.title\}|\{title\}", "Flow", says.MAKE[name]))


@pytest.mark.parametrize("name", ["bound", "exact", "away"])
def test_the_finding_of_learn_is_short(name: str):
    assert_short(says.LEARN[name])


def test_the_finding_names_the_larger_part_of_a_gap():
    assert gap_finding({"encoder": 2.0, "best": 0.5, "mixture": 0.1}, "encoder") == "The encoder makes 75 % of the gap."
    assert (
        gap_finding({"encoder": 2.0, "best": 1.5, "mixture": 0.1}, "encoder") == "The Gaussian makes 75 % of the gap."
    )


@pytest.mark.parametrize(
    ("code", "least", "best", "expected"),
    [
        (50, 100, "PNG", "The network's code is 50 % shorter than that of PNG."),
        (110, 100, "PNG", "The network's code is 10 % longer than that of PNG."),
        (100, 100, "PNG", "The network's code is as long as that of PNG."),
        (50, 100, "uncompressed", "The network's code is 50 % shorter than the uncompressed data."),
    ],
)
def test_the_finding_compares_the_network_with_the_best_other_tool(code, least, best, expected):
    assert shorter_words(code, least, best) == expected


BOOT, BAG = {"label": 9, "name": "Ankle boot"}, {"label": 8, "name": "Bag"}
FROM_REAL = [{"name": "recall", "worse": 9.0}, {"name": "frechet", "worse": 2.5}]
MASSES = {"kl": 0.002, "log_z": 1.0, "shares_off": 0.01, "shares": [0.5, 0.5]}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (kept_words("coarse", 17 / 20), "Most images keep their class with another image's coarse style."),
        (kept_words("middle", 0.2), "Few images keep their class with another image's middle style."),
        (kept_words("fine", 0.5), "Only some images keep their class with another image's fine style."),
        (
            translated_words("outline", BOOT, BOOT),
            "The outline alone was enough: the translation is classified as Ankle boot.",
        ),
        (translated_words("outline", BAG, BOOT), "The outline was not enough: the translation is classified as Bag."),
        (translated_words("skeleton", BAG, None), "Your skeleton became an image that is classified as Bag."),
        (moved_words(0, 255), "Moving latent 1 redraws the image."),
        (moved_words(31, 2), "Moving latent 32 changes nothing you can see."),
        (moved_words(3, 60), "Moving latent 4 changes the image a little."),
        (exchange_words(0, 0), "The decoder draws this image from 49 codes."),
        (exchange_words(1, 28), "One other code changes 28 pixels of the image."),
        (exchange_words(3, 90), "The exchanged codes change 90 pixels of the image."),
        (notice_words(FROM_REAL, 2, 0), "2 metrics notice it; recall most clearly."),
        (notice_words(FROM_REAL, 0, 0), "No metric notices anything."),
        (notice_words(FROM_REAL, 0, 2), "2 metrics rate this set above real images."),
    ],
)
def test_the_finding_of_an_opening_says_which_case_it_is(found: str, expected: str):
    assert found == expected
    assert_short(found)


@pytest.mark.parametrize(
    ("masses", "end"),
    [({}, "as deep as they should be."), ({"kl": 0.5, "shares_off": 0.3}, "too deep."), ({"kl": 0.5}, "data are.")],
)
def test_the_finding_of_an_energy_says_how_deep_its_valleys_are(masses: Mapping[str, float], end: str):
    text = landscape_answer("pcd", MASSES | masses).numbers[0].text
    assert text.endswith(end)
    assert_short(text)


def test_the_finding_of_chains_counts_those_where_the_data_lie():
    rules = Rules("langevin", 0.1, 1, 50, "none", 1_000)
    shot = Walked(8, torch.zeros(50, 2), torch.zeros(0, 4), torch.zeros(0, 2), temperature=1, inside=48)
    assert where_words(shot, rules) == "96 % of the chains lie where the data do."
    assert_short(where_words(replace(shot, lost=(0, "far")), rules))


def test_a_finding_is_text_in_a_table_of_figures():
    table = call(
        "kit/export/csv.js", "tableOfFigures", [["finding", "Nothing leaks.", ""], ["weights kept", "4", "of 9"]]
    )
    assert table[1] == ["finding", "", "", "", "Nothing leaks."]
    assert table[2] == ["weights kept", "4", "", "of 9", ""]


def test_the_headline_is_the_sentence_and_the_figures_stay_in_all_numbers(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=start&mode=random")
    chief = page.locator(".stage.start .headline .chief")
    expect(chief.locator("dd")).to_contain_text("Neighbouring pixels differ")
    expect(chief).to_have_class(re.compile("finding"))
    assert chief.locator("dt").bounding_box()["width"] <= 1, "the name of the row is read, not seen"
    others = page.locator(".stage.start .headline .figures > :not(.chief)")
    expect(others.first).to_be_visible()
    page.get_by_role("button", name="Fewer numbers").click()
    expect(others.first).to_be_hidden()
    expect(chief).to_be_visible()
    page.get_by_role("button", name="All numbers").click()
