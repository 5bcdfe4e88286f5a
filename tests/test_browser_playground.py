"""The playground in a real browser: points drawn by pointer and keys are in the link, and families learn them."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stage import saved, wait_for_address
from tests.tab import Tab

TAB = Tab("playground", "playground", "side", patience_ms=240_000)
QUICK = "steps=200&learn=8&n=200"
TRAINED = "x.mode()?.current?.done"


def board(page: Page):
    return TAB.main(page).locator(".board-canvas")


def drawing(page: Page) -> bytes:
    text = TAB.state(page)["board"] or ""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw on the board through these places, as shares of its side from the upper left."""
    box = board(page).bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*at[0])
    page.mouse.down()
    for place in at[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


@pytest.mark.core
def test_a_stroke_is_learned_kept_in_the_link_and_taken_back(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    stroke(page, (0.2, 0.2), (0.8, 0.8))
    wait_for_address(page, "data=drawing")
    drawn = drawing(page)
    assert 40 <= len(drawn) <= 1_000 and max(abs(255 - x - y) for x, y in zip(drawn[::2], drawn[1::2])) < 60
    TAB.wait_until(page, TRAINED)
    assert "NaN" not in TAB.panel(page).inner_text()
    expect(TAB.main(page).get_by_text(f"{len(drawn) // 2} points")).to_be_visible()
    page.reload()
    TAB.wait_until(page, TRAINED)
    assert drawing(page) == drawn
    TAB.panel(page).get_by_role("button", name="Clear").click()
    expect(TAB.panel(page).get_by_text("Draw at least 5 points")).to_be_visible()
    TAB.panel(page).get_by_role("button", name="Undo").click()
    assert drawing(page) == drawn


def test_a_line_and_the_eraser_change_the_drawing(page: Page, app_url: str):
    TAB.open(page, app_url, f"{QUICK}&tool=line&spread=0.02")
    stroke(page, (0.1, 0.5), (0.9, 0.5))
    wait_for_address(page, "board=")
    line = drawing(page)
    assert len(line) > 60 and max(abs(y - 128) for y in line[1::2]) < 10
    TAB.panel(page).get_by_role("button", name="Eraser").click()
    stroke(page, (0.5, 0.5), (0.6, 0.5))
    TAB.wait_until(page, f"x.store.get().board.length < {len(line) * 4 // 3 - 8}")
    assert not any(120 < x < 150 for x in drawing(page)[::2])


@pytest.mark.core
def test_the_keys_draw_too(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    board(page).focus()
    for key in [*["Shift+ArrowUp"] * 2, "Space", "ArrowRight", "Space"]:
        page.keyboard.press(key)
    wait_for_address(page, "board=")
    assert len(drawing(page)) == 12 and min(drawing(page)[1::2]) > 140
    page.keyboard.press("Backspace")
    assert len(drawing(page)) == 6


def test_letters_become_points_and_a_changed_knob_shows_the_former_distance(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    letters = TAB.panel(page).get_by_label("Letters as points")
    letters.fill("IAM?")
    assert letters.input_value() == "IAM"
    letters.fill("I")
    letters.press("Enter")
    wait_for_address(page, "data=drawing")
    drawn = drawing(page)
    assert len(drawn) == 1_000 and all(70 < x < 186 for x in drawn[::2])
    TAB.wait_until(page, TRAINED)
    TAB.value(page, "x.store.set({ knobs: x.store.get().knobs.with(8, 1) }, { commit: true })")
    TAB.wait_until(page, f"{TRAINED} && x.mode().of.knobs[8] === 1")
    expect(TAB.main(page).locator(".learner:visible")).to_contain_text("→")


def test_families_are_chosen_by_chips_and_a_tile_shows_their_figure(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    panel = TAB.panel(page)
    panel.get_by_role("button", name="Mixture", exact=True).click()
    expect(page.locator("p.status:visible")).to_have_text("At least one family has to learn.")
    panel.get_by_role("button", name="GAN", exact=True).click()
    TAB.wait_until(page, f"x.store.get().learn.join() === '7,8' && {TRAINED}")
    panel.get_by_label("Figure").select_option("nll")
    tiles = TAB.main(page).locator(".learner:visible")
    expect(tiles).to_have_count(2)
    expect(tiles.filter(has_text="GAN")).to_contain_text("∅")
    expect(tiles.filter(has_text="Mixture")).to_contain_text("=")


def test_all_numbers_compare_with_the_truth_and_a_break_says_what_it_promises(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    panel = TAB.panel(page)
    truth = panel.get_by_role("table", name="Against the truth")
    if not truth.is_visible():
        panel.get_by_role("button", name="All numbers").click()
    expect(truth.get_by_role("row", name="Mixture")).to_contain_text("0 of 2")
    panel.get_by_role("button", name="Two affine layers").click()
    expect(panel.get_by_text("Two affine couplings cannot bend a Gaussian into two rings.")).to_be_visible()
    TAB.wait_until(page, "x.store.get().data === 'rings' && x.store.get().knobs[1] === 3")


def test_a_tile_draws_the_curve_of_the_chosen_figure(page: Page, app_url: str):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    tile = TAB.main(page).locator(".learner:visible canvas")
    before = tile.evaluate("canvas => canvas.toDataURL()")
    TAB.panel(page).get_by_label("Figure").select_option("loss")
    page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[tile.element_handle(), before])
    expect(TAB.main(page).locator(".learner:visible .number")).to_have_text(re.compile(r"^\d\.\d+$"))


def test_a_picture_and_numbers_can_be_kept(page: Page, app_url: str, tmp_path: Path):
    TAB.open(page, app_url, QUICK)
    TAB.wait_until(page, TRAINED)
    assert saved(page, "PNG", tmp_path).stat().st_size > 10_000
    rows = saved(page, "CSV", tmp_path).read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("time,family,limit of the distance under chance,steps") and len(rows) > 5


@pytest.mark.core
def test_a_link_that_is_too_long_is_refused_with_the_reason(page: Page, app_url: str):
    TAB.open(page, app_url, f"{QUICK}&data=drawing&board={'A' * 1_400}")
    expect(page.locator("p.status:visible")).to_contain_text("The drawing in this link cannot be read")
    TAB.open(page, app_url, f"{QUICK}&data=drawing&board={'A' * 5_000}")
    expect(page.locator("p.status:visible")).to_contain_text("This link is longer than 4 kB")


def test_a_finger_that_scrolls_over_a_preset_draws_nothing(phone: Page, app_url: str):
    TAB.open(phone, app_url, QUICK)
    TAB.wait_until(phone, TRAINED)
    board = phone.locator(".playground .board-canvas")
    assert board.evaluate("(canvas) => getComputedStyle(canvas).touchAction") == "pan-y pinch-zoom"
    box = board.bounding_box()
    at = {"clientX": box["x"] + 50, "clientY": box["y"] + 50, "pointerId": 1, "button": 0, "isPrimary": True}
    board.evaluate("(canvas) => (canvas.setPointerCapture = () => {})")
    board.dispatch_event("pointerdown", at)
    board.dispatch_event("pointercancel", at)
    assert TAB.state(phone)["data"] != "drawing"


def test_a_second_finger_drops_the_stroke_and_trains_nothing(phone: Page, app_url: str):
    phone.emulate_media(reduced_motion="reduce")  # no film moves the state
    TAB.open(phone, app_url, QUICK)
    TAB.wait_until(phone, TRAINED)
    board = phone.locator(".playground .board-canvas")
    before = TAB.state(phone)
    box = board.bounding_box()
    first = {"clientX": box["x"] + 50, "clientY": box["y"] + 50, "pointerId": 1, "button": 0, "isPrimary": True}
    second = first | {"clientX": box["x"] + 250, "pointerId": 2, "isPrimary": False}
    board.evaluate("(canvas) => (canvas.setPointerCapture = () => {})")
    for kind, finger in [("down", first), ("down", second), ("move", second), ("up", second), ("up", first)]:
        board.dispatch_event(f"pointer{kind}", finger)
    phone.wait_for_timeout(200)  # the brush would go on
    assert TAB.state(phone) == before
    for kind in ("down", "up"):
        board.dispatch_event(f"pointer{kind}", first)
    wait_for_address(phone, "data=drawing")
    assert drawing(phone)


def test_a_phone_shows_the_board_first(phone: Page, app_url: str):
    TAB.open(phone, app_url, QUICK)
    TAB.wait_until(phone, TRAINED)
    TAB.fits(phone)
