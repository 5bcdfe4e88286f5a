"""The rest of a picture filled in four times, in a real browser: by pointer, by keys and by touch."""

import csv
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.diffusion import (
    FILM_MS,
    TAB,
    array,
    asked,
    click_pixel,
    diffusion,
    main,
    open_diffusion,
    panel,
    place,
    refuse,
    saved,
    state,
    tap_pixel,
    wait_for_address,
    wait_until,
)
from tests.stage import mode_tab

COUNT, SIDE = 4, 28


def open_complete(page: Page, url: str, query: str = "img=12") -> None:
    open_diffusion(page, url, f"mode=complete&steps=5&resamples=2&{query}")
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the four answers to what is kept now are there."""
    wait_until(page, "x.mode().race?.finished.length && x.mode().found", FILM_MS)


def answers(page: Page) -> np.ndarray:
    return array(page, "x.mode().race.finished[0].x").reshape(COUNT, SIDE, SIDE)


def kept(page: Page) -> np.ndarray:
    return array(page, "x.mode().kept.flags").reshape(SIDE, SIDE).astype(bool)


def board(page: Page) -> Locator:
    return main(page).locator(".mask canvas")


def original(page: Page) -> np.ndarray:
    """The test image that is chosen, as the source picker shows it."""
    canvas = page.get_by_role("img", name="Test image", exact=True)
    words = canvas.evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]")
    return np.array(words[::4]).reshape(SIDE, SIDE)


def test_the_top_half_is_kept_to_the_pixel_and_the_rest_differs(page: Page, app_url: str, tmp_path):
    open_complete(page, app_url)
    found, real = answers(page), original(page)
    assert (found[:, :14] == real[:14]).all()
    assert len({each[14:].tobytes() for each in found}) == COUNT
    expect(panel(page).locator(".seen")).to_contain_text("392 pixels are kept, and no answer changes one of them")
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    away = np.linalg.norm((found - real).reshape(COUNT, -1) / 255, axis=-1)
    assert [float(row["L2 distance from the real rest"]) for row in rows] == pytest.approx(away, abs=1e-6)
    seam = np.abs(found[:, 13].astype(float) - found[:, 14]).mean(-1) / 255
    assert [float(row["jump at the seam"]) for row in rows] == pytest.approx(seam, abs=1e-6)


def test_what_is_rubbed_out_with_the_pointer_is_filled_in(page: Page, app_url: str):
    open_complete(page, app_url, "img=12&keep=painted&mask=" + "_" * 130 + "w")
    questions = asked(page, "complete")
    page.get_by_role("button", name="All", exact=True).click()
    expect(main(page)).to_contain_text("Everything is kept. Rub out a part")
    start, end = (place(board(page), row * SIDE + 14) for row in (8, 18))
    box = board(page).bounding_box()
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + end["x"], box["y"] + end["y"], steps=6)
    assert not questions, "nothing is asked while the brush is down"
    page.mouse.up()
    wait_for_address(page, "mask=")
    drawn(page)
    flags = kept(page)
    assert not flags[8:19, 13:16].any() and flags[:5].all() and flags[:, :11].all()
    assert (answers(page)[:, flags] == original(page)[flags]).all()
    assert len(questions) == 1


@pytest.mark.core
def test_the_brush_brings_back_and_works_by_keys(page: Page, app_url: str):
    open_complete(page, app_url)
    expect(panel(page).get_by_role("button", name="Bring back")).to_be_hidden()
    panel(page).get_by_role("button", name="Painted").click()
    panel(page).get_by_role("button", name="Bring back").click()
    click_pixel(board(page), 20 * SIDE + 10)
    wait_for_address(page, "keep=painted")
    assert kept(page)[20, 10] and kept(page)[:14].all() and not kept(page)[27].any()
    panel(page).get_by_role("button", name="Rub out").click()
    board(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    wait_until(page, f"!x.mode().kept.flags[{13 * SIDE + 14}]")  # the keys start in the middle
    drawn(page)
    panel(page).get_by_role("button", name="Top half").click()
    wait_until(page, "x.store.get().keep === 'top'")
    assert kept(page)[:14].all() and not kept(page)[14:].any()


def test_resampling_is_chosen_and_asked_for(page: Page, app_url: str):
    open_complete(page, app_url)
    questions = asked(page, "complete")
    panel(page).get_by_role("button", name="No resampling: r = 1").click()
    wait_for_address(page, "resamples=1")
    drawn(page)
    assert [question["resamples"] for question in questions] == [1]
    assert diffusion(page, "x.mode().race.films[0].evaluations") == questions[0]["steps"]
    expect(panel(page).locator(".seen")).to_contain_text("without resampling")


def test_a_long_completion_can_be_stopped_and_gone_on_with(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=complete&steps=100&resamples=10&img=12")
    wait_until(page, "x.mode().race?.films[0]?.frames.length > 1", FILM_MS)
    panel(page).get_by_role("button", name="Stop").click()
    expect(panel(page)).to_contain_text("Stopped. What has been drawn stays.")
    assert main(page).locator(".tile").first.is_visible()
    panel(page).get_by_role("button", name="Go on").click()
    wait_until(page, "x.mode().race.queue.running?.film?.frames.length > 1", FILM_MS)
    mode_tab(page, "Forward").click()
    page.locator(".stage.diffusion .mode-forward").wait_for()


def test_what_is_refused_is_said_and_nothing_is_lost(page: Page, app_url: str):
    open_complete(page, app_url)
    shown = main(page).locator(".tile").first.evaluate("canvas => canvas.toDataURL()")
    allow = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(panel(page)).to_contain_text("The model is busy.")
    assert main(page).locator(".tile").first.evaluate("canvas => canvas.toDataURL()") == shown
    allow()
    panel(page).get_by_role("button", name="Try again").last.click()
    drawn(page)
    assert state(page)["seed"] == 8


def test_on_a_phone_a_finger_rubs_out(phone: Page, app_url: str):
    open_complete(phone, app_url)
    TAB.fits(phone)
    tap_pixel(board(phone), 6 * SIDE + 14)
    wait_for_address(phone, "mask=")
    drawn(phone)
    assert not kept(phone)[6, 14] and kept(phone)[0].all()


def test_the_picture_does_not_move_under_the_brush(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=complete&steps=5&resamples=1&img=12&keep=painted")
    expect(main(page).locator(".empty")).to_have_text(re.compile("^Everything is kept."))
    before = board(page).bounding_box()
    x, y = before["x"] + before["width"] / 3, before["y"] + before["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 30, steps=3)
    expect(main(page).locator(".empty")).to_be_hidden()
    assert board(page).bounding_box() == before
    page.mouse.up()
