"""Parts behind *More*: one sentence, one number and the main controls at first; once opened, open everywhere."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.node import call

AS_A_STRANGER = "sessionStorage.been ??= (localStorage.setItem('explorer-more', '[]'), '1')"
"""Nothing has been opened when this browser comes for the first time."""


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("It ends 2.53 (L2) away. Two images lie 9.1 apart.", "It ends 2.53 (L2) away."),
        ("DPM-Solver++ (Lu et al. 2022) is nearer. It has memory.", "DPM-Solver++ (Lu et al. 2022) is nearer."),
        ("Only this one, p = 0.5", "Only this one, p = 0.5"),
        ("Is it real? Nobody knows.", "Is it real?"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_the_next_begins(words: str, first: str):
    assert call("kit/base/format.js", "leadOf", words) == first


LONG = "The token in row 4, column 4 is code 10, which makes up 11.0 % of all the tokens"


@pytest.mark.parametrize(
    ("words", "lead"),
    [
        (f"{LONG}; given the tokens before it, it was likely.", LONG),
        (f"{LONG}. Given the tokens before it; it was likely.", f"{LONG}."),
        ("Of two; one. Another.", "Of two; one."),
    ],
)
def test_of_a_long_first_sentence_the_part_before_a_semicolon_is_in_sight(words: str, lead: str):
    assert call("kit/base/format.js", "leadOf", words) == lead


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([[["error", "0.10"], ["evaluations", "42"]]], [["error", "0.10"], ["evaluations", "42"]]),
        (
            [[["evaluations", "1,000"]], [["evaluations", "2/50"]], [["evaluations", "3"]]],
            [["evaluations", "3–1,000"]],
        ),
        ([[["error", "0.25"]], [["error", "0.25"]]], [["error", "0.25"]]),
        ([[["error", "–"]], [["error", ""]]], [["error", "–"]]),
        ([], []),
    ],
)
def test_the_headline_of_columns_is_that_of_the_only_one_or_the_range_of_all(columns: list, rows: list):
    assert call("questions/head.js", "headOf", columns) == rows


def opened(page: Page, address: str) -> Locator:
    """The stage of a tab, once it has said something."""
    page.goto(address)
    stage = page.locator(".stage:visible")
    expect(stage.locator(".seen p")).not_to_be_empty()
    return stage


def shown(stage: Locator) -> dict[str, int]:
    """Count of sentences, numbers and groups of controls in sight."""
    return {
        "words": stage.locator(".seen p span:visible").count(),
        "numbers": stage.locator(".headline .figures > div:visible").count(),
        "controls": stage.locator(".more-controls:visible").count(),
    }


CLOSED = {"words": 1, "numbers": 1, "controls": 0}
OPEN = {"words": 2, "numbers": 5, "controls": 1}


@pytest.mark.core
def test_one_sentence_one_number_and_the_main_controls_are_in_sight_until_more_is_wanted(page: Page, app_url: str):
    page.add_init_script(AS_A_STRANGER)
    address = f"{app_url}/?tab=diffusion&mode=reverse&at=20"
    stage = opened(page, address)
    assert shown(stage) == CLOSED
    for name in ("more", "All numbers", "More controls"):
        button = stage.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-expanded", "false")
        button.click()
    assert shown(stage) == OPEN
    assert shown(opened(page, address)) == OPEN  # this browser remembers
    elsewhere = opened(page, f"{app_url}/?tab=energy")
    expect(elsewhere.get_by_role("button", name="Fewer numbers")).to_have_attribute("aria-expanded", "true")
    elsewhere.get_by_role("button", name="Fewer numbers").click()
    again = opened(page, address)
    assert shown(again) == OPEN | {"numbers": 1}
