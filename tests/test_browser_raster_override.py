"""Pixels overridden in a real browser: both branches on screen, nothing before the pixel changed, undo."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.raster import (
    PIXELS,
    STAGE,
    array,
    board,
    click_pixel,
    main,
    open_raster,
    panel,
    place,
    raster,
    refuse,
    saved,
    state,
    table,
    wait_for_address,
    wait_until,
)
from tests.stage import kept_picture, url_in

PIXEL = 10 * 28 + 14


def branched(page: Page, overrides: int) -> None:
    """Wait until the branch after so many overrides is on screen."""
    over = "x.store.get().over"
    here = f"{over}.length === {overrides} && x.mode().original && x.mode().shownKey?.endsWith({over})"
    branch = "x.mode().branch" if overrides else "!x.mode().branch"
    wait_until(page, f"{here} && {branch} && x.mode().over?.length === {overrides}")


def branches(page: Page) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels of the image as it was drawn and of the branch, in the order in which pixels come; the order itself."""
    order = array(page, "x.mode().original.order")
    drawn, branch = (array(page, f"x.mode().{which}.image()") for which in ("original", "branch"))
    return drawn[order], branch[order], order


@pytest.mark.parametrize("query", ["", "net=made-mnist&order=1", "net=pixelcnn-fashion-mnist"])
def test_before_the_overridden_pixel_nothing_changes(page: Page, app_url: str, query: str):
    open_raster(page, app_url, f"mode=override&{query}")
    branched(page, 0)
    click_pixel(board(page, 0), PIXEL)
    branched(page, 1)
    drawn, branch, order = branches(page)
    at = int(np.flatnonzero(order == PIXEL)[0])
    assert (drawn[:at] == branch[:at]).all()
    levels = 256 if "fashion" in query else 2
    assert branch[at] == levels - 1 - drawn[at]
    later = int((drawn[at + 1 :] != branch[at + 1 :]).sum())
    expect(main(page)).to_contain_text(f"{later} later pixels differ")
    expect(panel(page)).to_contain_text(f"0 of {at} pixels changed")
    expect(panel(page)).to_contain_text(f"Of the {PIXELS - at - 1} after it {later} came out differently")
    totals = [array(page, f"x.mode().{which}.logProb()").sum() for which in ("original", "branch")]
    for which, total in enumerate(totals):
        words = f"\u2212log p = {-total:.2f} nats"
        expect(main(page).locator(".branch-words").nth(which)).to_contain_text(words)


@pytest.mark.core
def test_several_overrides_follow_each_other_and_are_undone(page: Page, app_url: str):
    open_raster(page, app_url, "mode=override")
    branched(page, 0)
    click_pixel(board(page, 0), PIXEL)
    branched(page, 1)
    first = branches(page)[1]
    click_pixel(board(page, 1), PIXEL + 90)
    branched(page, 2)
    wait_for_address(page, "over=")
    second = branches(page)[1]
    assert (first[: PIXEL + 90] == second[: PIXEL + 90]).all() and first[PIXEL + 90] != second[PIXEL + 90]
    page.reload()
    branched(page, 2)
    assert (branches(page)[1] == second).all()
    page.get_by_role("button", name="Undo the last").click()
    branched(page, 1)
    assert (branches(page)[1] == first).all()
    page.get_by_role("button", name="Undo all").press("Enter")
    branched(page, 0)
    assert "over=" not in url_in(page)
    expect(page.get_by_role("button", name="Undo the last")).to_be_disabled()


def test_an_override_that_was_drawn_over_is_no_longer_in_force(page: Page, app_url: str):
    open_raster(page, app_url, "mode=override")
    branched(page, 0)
    click_pixel(board(page, 0), PIXEL + 90)
    branched(page, 1)
    click_pixel(board(page, 1), PIXEL)
    wait_until(page, f"x.store.get().over.length === 2 && !x.mode().isEarlier && x.mode().over[0] >> 8 === {PIXEL}")
    expect(panel(page).locator("table.numbers tbody tr")).to_have_count(1)
    drawn, branch, _ = branches(page)
    expect(main(page)).to_contain_text(f"{int((drawn != branch).sum()) - 1} later pixels differ")


def test_overrides_go_with_their_image(page: Page, app_url: str):
    open_raster(page, app_url, f"mode=override&over={256 * PIXEL}")
    branched(page, 1)
    raster(page, "x.store.set({ seed: 8, over: [300] }, { commit: true })")
    assert state(page)["over"] == [300]
    for change in ("seed: 9", "tap: 3", "T: 0.5", "label: 3", "order: 1", "grid: 16", 'net: "made-mnist"'):
        raster(page, f"(x.store.set({{ over: [300] }}), x.store.set({{ {change} }}, {{ commit: true }}))")
        assert state(page)["over"] == [], change


def test_a_grey_pixel_is_set_to_any_level(page: Page, app_url: str):
    open_raster(page, app_url, "mode=override&net=pixelcnn-fashion-mnist")
    branched(page, 0)
    canvas = board(page, 0)
    canvas.hover(position=place(canvas, PIXEL - 1))
    canvas.press("ArrowRight")
    canvas.press("Enter")
    branched(page, 1)
    slider = page.get_by_role("slider", name="Level of the pixel overridden last")
    slider.fill("77")
    branched(page, 1)
    wait_for_address(page, f"over={PIXEL * 256 + 77}")
    wait_until(page, f"x.mode().branch.image()[{PIXEL}] === 77")
    expect(panel(page).locator("table.numbers")).to_contain_text("level 77")


def test_the_branch_is_drawn_again_as_a_film_and_differences_are_marked(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=override")
    branched(page, 0)
    click_pixel(board(page, 0), PIXEL)
    branched(page, 1)
    page.mouse.move(5, 5)
    marked = board(page, 0).screenshot()
    page.get_by_role("button", name="Mark the differences").click()
    wait_for_address(page, "diff=0")
    assert board(page, 0).screenshot() != marked
    scrubber = page.get_by_role("slider", name="What is drawn again: step")
    scrubber.press("Home")
    expect(main(page).locator(".film-place")).to_have_text(f"{PIXEL + 1}/{PIXELS}")
    scrubber.press("ArrowDown")
    expect(main(page)).to_contain_text("pixels are drawn again, with the same random numbers")
    rows = table(saved(page, "CSV", tmp_path))
    assert len(rows) == PIXELS and "level_after" in rows[0]
    assert len(kept_picture(page, tmp_path, main(page).locator("canvas").first).getcolors(1_000_000)) > 2


def test_a_server_that_fails_leaves_both_branches(page: Page, app_url: str):
    open_raster(page, app_url, "mode=override")
    branched(page, 0)
    click_pixel(board(page, 0), PIXEL)
    branched(page, 1)
    before = array(page, "x.mode().branch.image()")
    accept = refuse(page)
    click_pixel(board(page, 1), PIXEL + 60)
    expect(page.locator(f"{STAGE} .status")).to_contain_text("The model is busy.")
    assert (array(page, "x.mode().branch.image()") == before).all()
    accept()
    page.get_by_role("button", name="Undo the last").click()
    branched(page, 1)
    click_pixel(board(page, 1), PIXEL + 60)
    branched(page, 2)
    assert len(state(page)["over"]) == 2
