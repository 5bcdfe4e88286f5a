"""Why drawing is slow, measured when asked, in a real browser."""

import csv
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.raster import STAGE, asked, main, open_raster, panel, refuse, saved
from tests.stage import numbers

MEASURE = "Measure on this server"
LONG = 240_000


def measured(page: Page) -> dict[str, list[float]]:
    """The numbers of what has been measured, by way; milliseconds a pixel are the last."""
    rows = main(page).locator(".slow-table tbody tr:visible")
    return {text.split("\n")[0].split("\t")[0]: numbers(text) for text in rows.all_inner_texts()}


def hold_row(page: Page, row: int) -> list[Route]:
    """Keep the question for one naive row from the server until the route is continued; it is in the list by then."""
    held: list[Route] = []

    def look(route: Route) -> None:
        question = route.request.post_data_json
        timing = question["fn_name"] == "timing" and question["data"]
        if timing and timing["way"] == "naive" and timing["row"] == row:
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server**", look)
    return held


def test_what_is_quick_is_measured_at_once_and_once_for_everybody(page: Page, app_url: str):
    questions = asked(page, "timing")
    open_raster(page, app_url, "mode=slow")
    expect(main(page).locator(".seen")).to_contain_text("drawing one takes", timeout=LONG)
    assert set(measured(page)) == {"Score", "Draw, cached"}
    assert [(question["way"], question["turn"]) for question in questions] == [("score", 0), ("cached", 0)]
    expect(main(page).get_by_role("button", name="Stop")).to_be_hidden()
    expect(main(page).get_by_role("button", name=MEASURE)).to_be_enabled()


def test_a_sequence_of_tokens_is_compared_with_one_of_pixels(page: Page, app_url: str):
    open_raster(page, app_url, "mode=slow")
    expect(panel(page)).to_contain_text("van den Oord et al. 2017) takes 1,024 steps, 192 times fewer")


def test_measuring_can_be_stopped_and_keeps_what_it_has(page: Page, app_url: str):
    open_raster(page, app_url, "mode=slow")
    expect(main(page).locator(".seen")).to_contain_text("drawing one takes", timeout=LONG)
    questions, held = asked(page, "timing"), hold_row(page, 3)
    page.get_by_role("button", name=MEASURE).click()
    expect(page.get_by_role("button", name=MEASURE)).to_be_disabled()
    expect(main(page)).to_contain_text("Drawing naively: row 4 of 28", timeout=LONG)
    main(page).get_by_role("button", name="Stop").press("Enter")
    expect(main(page).get_by_role("button", name="Measure again")).to_be_enabled()
    held.pop().continue_()
    ways = [question["way"] for question in questions]
    expect(main(page).locator(".seen")).to_contain_text(f"{28 * ways.count('naive')} of 784 pixels)", timeout=LONG)
    assert ways == ["score", "cached", *["naive"] * 4]
    assert len(questions) == len(ways), "the row that was under way is the last one"
    assert set(measured(page)) == {"Score", "Draw, cached", "Draw, naive"}
    expect(panel(page)).to_contain_text("sub-pixels at the time just measured")


def test_the_whole_measuring_says_how_much_the_cache_saves(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=slow")
    page.get_by_role("button", name=MEASURE).click()
    expect(main(page).get_by_role("button", name="Measure again")).to_be_enabled(timeout=LONG)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["way"]: row for row in csv.DictReader(file)}
    seconds = {way: float(row["seconds"]) for way, row in rows.items()}
    assert {row["pixels"] for row in rows.values()} == {"784"}
    assert seconds["score"] < seconds["cached"] < seconds["naive"]
    ratio = float(re.findall(r"naive ÷ cached = ([\d.]+) ×", main(page).locator(".seen").inner_text())[0])
    assert ratio == pytest.approx(seconds["naive"] / seconds["cached"], rel=0.06)
    shown = measured(page)
    assert shown["Draw, naive"][-1] == pytest.approx(1000 * seconds["naive"] / 784, abs=0.001)
    expect(main(page).locator(".seen")).to_contain_text("thread")


def test_made_is_not_said_to_keep_features(page: Page, app_url: str):
    open_raster(page, app_url, "mode=slow&net=made-mnist")
    timed = {"seconds": 0.5, "pixels": 28, "threads": 1, "device": "cpu"}
    page.route("**/component_server**", lambda route: route.fulfill(json=timed))
    page.get_by_role("button", name=MEASURE).click()
    expect(main(page).locator(".seen")).to_contain_text("it only masks its weights once instead of at each pixel")
    expect(main(page).locator(".seen")).not_to_contain_text("even with the cache")
    expect(main(page).locator(".slow-table")).to_contain_text("784 steps, over weights masked once")


def test_a_server_that_does_not_answer_ends_the_measuring_in_words(page: Page, app_url: str):
    open_raster(page, app_url, "mode=slow")
    mend = refuse(page)
    page.get_by_role("button", name=MEASURE).click()
    expect(page.locator(f"{STAGE} .status")).to_contain_text("busy")
    expect(main(page).get_by_role("button", name="Measure")).to_be_enabled()
    expect(main(page)).to_contain_text("Nothing is measured yet")
    mend()


def test_it_fits_a_phone(phone: Page, app_url: str):
    open_raster(phone, app_url, "mode=slow")
    expect(main(phone)).to_contain_text("Nothing is measured yet")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    edges = phone.evaluate(
        f"[...document.querySelectorAll('{STAGE} table')].map((t) => t.getBoundingClientRect().right)"
    )
    assert max(edges) <= 390
