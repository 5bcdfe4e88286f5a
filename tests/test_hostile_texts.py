"""Texts that somebody else wrote, in a file, a link or a browser's memory: they are texts, and drive nothing."""

import csv
import io
import json
import re
from base64 import urlsafe_b64encode

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Page, expect

from explorer.networks import checkpoints
from explorer.tabs.kit.layout import parts
from tests.node import call, run
from tests.stage import open_share
from tests.test_browser_own_course import handout

AT = "tab=foundations&mode=jensen"
KEY = "explorer-own-course"
COLLECT = "Add to my course"


def named(steps: object) -> str:
    """The name of a course that is in its name."""
    return "~" + urlsafe_b64encode(json.dumps(steps).encode()).decode().rstrip("=")


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-"])
def test_a_spreadsheet_calculates_no_text_of_a_saved_table(text: str):
    (row,) = csv.reader(io.StringIO(call("kit/export/csv.js", "cell", text), newline=""))
    assert row == [f"'{text}"]


@pytest.mark.parametrize("value", [-1.5, 0, 1e-7, "-1.5", "+2", "−1.5", "a-b", "", None])
def test_numbers_and_harmless_texts_of_a_saved_table_stay(value: object):
    assert call("kit/export/csv.js", "cell", value) == ("" if value is None else str(value).replace("e-07", "e-7"))


@pytest.mark.parametrize("word", ["constructor", "toString", "__proto__", "hasOwnProperty", "true", "01", ""])
def test_a_flag_of_the_address_is_1_or_0_and_nothing_else(word: str):
    read = "const { fieldsOf, readAddress } = await load('kit/shell/address.js');"
    fields = "fieldsOf({ spectral: { kind: 'flag', initial: true } })"
    assert run(f"{read} return readAddress({fields}, `?spectral=${{word}}`).spectral;", word=word) is True
    assert run(f"{read} return readAddress({fields}, '?spectral=0').spectral;") is False


@pytest.mark.parametrize(
    ("letters", "fits"), [(60, True), (2_000, True), (2_953, True), (2_954, False), (9_000, False)]
)
def test_an_address_that_is_too_long_has_no_qr_code(letters: int, fits: bool):
    body = "const squares = (await load('course/squares.js')).squaresOf(text); return squares && squares.size;"
    assert bool(run(body, text="x" * letters)) is fits


HOSTILE = [
    "` alone",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil/x.png)",
    "[click](javascript:alert)",
    "\n# Title",
    "`<b>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_family_of_a_recipe_is_a_text_in_a_notice(text: str):
    config = {"family": text, "dataset": "mnist", "model": {}, "training": {}}
    with pytest.raises(checkpoints.CheckpointError) as found:
        checkpoints.build(config)
    shown = parts.notice(f"A GAN cannot be shown: {found.value}: run `make <this>`").value
    assert "unknown family" in shown and ("`make <this>`" in shown or text.count("`") == 1)
    page = MarkdownIt("commonmark", {"html": True}).render(shown)
    assert set(re.findall("<[^>]*>", page)) <= {"<p>", "</p>", "<code>", "</code>"}
    assert "http://" not in re.sub("`[^`]+`", "", shown), "nor is an address made a link"


GOOD = ["A chord", AT, 3]


@pytest.mark.parametrize(
    ("kept", "count"),
    [
        ("nonsense", 0),
        (json.dumps({"length": 3}), 0),
        (json.dumps("text"), 0),
        (json.dumps([1, None, [], [[], {}, "3"], ["", AT, 3], ["No minutes", AT], GOOD]), 2),
        (json.dumps([GOOD] * 5_000), 40),
        (json.dumps([["Long", "x" * 100_000, 3], GOOD]), 1),
        (json.dumps([["A\nminutes: 9\n---", "javascript:alert(1)", 3]]), 1),
    ],
    ids=["no JSON", "object", "text", "odd", "many", "long", "lines"],
)
def test_whatever_this_browser_keeps_of_a_course_the_list_opens(page: Page, app_url: str, kept: str, count: int):
    page.goto(f"{app_url}/?{AT}")
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, kept])
    open_share(page)
    page.locator(".stage:visible").get_by_role("button", name=COLLECT).click()
    dialog = page.locator(".own-course")
    expect(dialog).to_be_visible()
    expect(dialog.locator("li")).to_have_count(count)
    assert all("\n" not in text for text in dialog.locator("li a").all_text_contents())
    assert all(link.get_attribute("href").startswith("?tab=") for link in dialog.locator("li a").all()[:3])


@pytest.mark.core
def test_a_course_that_came_with_a_link_is_not_called_ones_own(page: Page, app_url: str):
    page.goto(f"{app_url}/?{AT}&course={named([GOOD])}")
    course = page.locator(".course")
    expect(course).to_have_attribute("aria-label", "Course: A course from a link")
    expect(course.locator(".origin")).to_have_text(
        "This course came with the link. Nobody has checked what its steps say."
    )


def test_a_handout_is_made_of_a_step_whose_address_is_too_long_for_a_code(page: Page, app_url: str):
    long = f"{AT}&note={'€' * 400}"  # nine letters each in an address
    page.goto(f"{app_url}/?{AT}&course={named([['Long', long, 3], GOOD])}")
    sheet = handout(page)
    expect(sheet.locator("article")).to_have_count(2)
    expect(sheet.locator("article").first).to_contain_text("too long for a QR code")
    assert "note=" in sheet.locator("article").first.locator("a.at").text_content()
    expect(sheet.locator("article").nth(1).locator("svg")).to_be_visible()
