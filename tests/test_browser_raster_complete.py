"""The rest of an image drawn eight times, in a real browser: by pointer, by keys and by touch."""

import csv
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.raster import TAB, main, open_raster, panel, raster, refuse, saved, state, wait_for_address, wait_until
from tests.stage import numbers

COMPLETIONS = 8


@pytest.fixture(autouse=True)
def still(request: pytest.FixtureRequest) -> None:
    """Show completions whole at once; otherwise they are drawn pixel by pixel first."""
    for name in ("page", "phone"):
        if name in request.fixturenames:
            request.getfixturevalue(name).emulate_media(reduced_motion="reduce")


def tiles(page: Page) -> Locator:
    """The real picture, then the eight completions."""
    return main(page).locator(".completion")


def seen(page: Page) -> Locator:
    return panel(page).locator(".seen")


def wait_for_completions(page: Page, rows: int) -> None:
    expect(seen(page)).to_contain_text("Nothing is given" if rows == 0 else f"The upper {rows} row")
    wait_until(page, "x.mode().isCurrent")


def values(page: Page) -> np.ndarray:
    """The red channel and the opacity of every tile's pixels: (9, 28, 28, 2)."""
    canvases = tiles(page).locator("canvas")
    found = canvases.evaluate_all(
        """all => all.map(canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return Array.from({ length: 784 }, (_, i) => [data[4 * i], data[4 * i + 3]]);
        })"""
    )
    return np.array(found).reshape(-1, 28, 28, 2)


def handle(page: Page) -> Locator:
    return page.get_by_role("slider", name="Rows that are kept")


def drag_to(page: Page, row: int) -> None:
    """Drag the handle to a row of the board; the server is asked when it is let go."""
    box, board = handle(page).bounding_box(), main(page).locator(".board").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, board["y"] + board["height"] * row / 28, steps=6)
    expect(handle(page)).to_have_attribute("aria-valuenow", str(row))
    page.mouse.up()


@pytest.mark.core
def test_a_dragged_handle_says_which_rows_are_kept(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    drag_to(page, 20)
    wait_for_address(page, "rows=20")
    wait_for_completions(page, 20)
    shown = values(page)
    assert len(shown) == 1 + COMPLETIONS
    assert (shown[..., 1] == 255).all(), "all pixels are drawn"
    assert (shown[1:, :20, :, 0] == shown[0, :20, :, 0]).all(), "the given rows are the same in every tile"
    assert len({tile.tobytes() for tile in shown[..., 0]}) > 1, "and what follows them differs"


def test_no_row_or_all_but_one_can_be_kept_by_keys(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    handle(page).press("End")
    wait_for_completions(page, 27)
    expect(handle(page)).to_have_attribute("aria-valuetext", "27 of 28 rows are kept")
    handle(page).press("ArrowDown")
    assert state(page)["rows"] == 27
    handle(page).press("Home")
    wait_for_completions(page, 0)
    expect(handle(page)).to_have_attribute("aria-valuetext", "no row is kept")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        handle(page).press(key)
    wait_for_completions(page, 1)
    wait_for_address(page, "rows=1")


def test_a_key_that_is_let_go_elsewhere_ends_the_move(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    handle(page).focus()
    page.keyboard.down("ArrowDown")
    panel(page).get_by_role("spinbutton", name="Seed").focus()
    wait_for_address(page, "rows=15")
    wait_for_completions(page, 15)


def test_the_rest_of_the_real_picture_is_compared_with_the_draws(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=complete&img=12&seed=3")
    wait_for_completions(page, 14)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        _, real, *drawn = csv.reader(file)
    rest = [float(row[-1]) for row in drawn]
    assert len(rest) == COMPLETIONS
    words = seen(page).inner_text()
    low, high, real_rest = numbers(words)[:3]
    assert (low, high, real_rest) == pytest.approx((-max(rest), -min(rest), -float(real[-1])), abs=0.006)
    finding = page.locator(".stage:visible .headline .finding").inner_text()
    above = sum(value > float(real[-1]) for value in rest)
    expected = {0: "more likely than all eight", COMPLETIONS: "less likely than all eight"}
    assert expected.get(above, f"less likely than {above} of the draws") in finding
    names = tiles(page).locator(".completion-name").all_inner_texts()
    assert names[1 + rest.index(max(rest))].endswith("most")
    assert names[1 + rest.index(min(rest))].endswith("least")
    assert [row[1:3] for row in drawn] == [["14", "3"]] * COMPLETIONS


def test_completions_grow_together_row_by_row(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12&rows=10")
    wait_for_completions(page, 10)
    scrubber = page.get_by_role("slider", name="Completions: step")
    scrubber.press("Home")
    wait_for_address(page, "at=280")
    page.get_by_role("button", name="One row forward").click()
    wait_for_address(page, "at=308")
    page.get_by_role("button", name="One step forward").click()
    wait_for_address(page, "at=309")
    known = (values(page)[1:, :, :, 1] == 255).reshape(COMPLETIONS, -1)
    assert (known.sum(1) == 309).all() and known[:, :309].all()
    assert (values(page)[0, ..., 1] == 255).all(), "the real picture stays whole"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.autoregressive .film-scrubber').value > 60")
    page.get_by_role("button", name="Pause").click()


def test_the_cost_of_a_completion_grows_with_it_and_the_extremes_are_named_at_the_end(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    each = tiles(page).locator(".number")
    names = tiles(page).locator(".completion-name")
    final = [numbers(text)[0] for text in each.all_inner_texts()]
    assert sorted(filter(None, names.all_inner_texts()[1:])) == ["least", "most"]
    for at in (392, 557):
        raster(page, f"x.mode().film.go({at - 392})")
        wait_for_address(page, f"at={at}")
        real, *costs = [numbers(text)[0] for text in each.all_inner_texts()]
        assert real == final[0], "the real picture is whole"
        mean = numbers(main(page).locator(".film-caption").inner_text())[0]
        assert sum(costs) / COMPLETIONS == pytest.approx(mean, abs=0.011)
        assert all(cost < whole for cost, whole in zip(costs, final[1:], strict=True))
        assert not any(names.all_inner_texts()[1:])
        expect(tiles(page).nth(3)).to_have_attribute("aria-label", re.compile("^Completion 3: −log p so far "))


def test_a_tapped_completion_is_enlarged(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    tiles(page).nth(5).click()
    wait_for_address(page, "tap=5")
    expect(tiles(page).nth(5)).to_have_attribute("aria-pressed", "true")
    expect(main(page).locator(".board")).to_have_attribute("aria-label", re.compile("completion 5$"))
    tiles(page).nth(0).press("Enter")
    expect(main(page).locator(".board")).to_have_attribute("aria-label", re.compile("the real picture$"))


def answered(page: Page, **asked: int) -> None:
    """Wait until the answer to these values of the question is on the screen."""
    for name, value in asked.items():
        wait_until(page, f"x.mode().asked?.{name} === {value} && x.mode().isCurrent")


def test_another_seed_and_a_class_draw_others(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    before = values(page)[1:, 14:].tobytes()
    page.get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    answered(page, seed=8)
    second = values(page)[1:, 14:].tobytes()
    assert second != before
    panel(page).get_by_role("combobox", name="Class").select_option("3")
    wait_for_address(page, "label=3")
    answered(page, label=3)
    assert values(page)[1:, 14:].tobytes() != second
    page.get_by_role("button", name="A 5 begun, an 8 wanted").click()
    answered(page, rows=6, label=8)
    assert state(page)["img"] == 33


def test_what_is_refused_is_said_and_nothing_is_lost(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    before = values(page).tobytes()
    allow = refuse(page)
    again = page.get_by_role("button", name="Draw again")
    again.click()
    expect(page.locator(".stage.autoregressive .status")).to_contain_text("The model is busy.")
    assert values(page).tobytes() == before
    allow()
    again.click()
    wait_for_address(page, "seed=9")
    expect(page.locator(".stage.autoregressive .status")).to_have_text("")
    answered(page, seed=9)
    assert values(page).tobytes() != before


def test_a_network_without_labels_completes_without_a_class(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12&net=made-mnist&label=3")
    wait_for_completions(page, 14)
    expect(panel(page).get_by_role("combobox", name="Class")).to_be_hidden()


def test_an_empty_pad_says_what_to_do_and_a_drawing_is_completed(page: Page, app_url: str):
    open_raster(page, app_url, "mode=complete&img=12")
    wait_for_completions(page, 14)
    page.get_by_role("button", name="Draw one").click()
    expect(main(page)).to_contain_text("draw something on the pad")
    expect(seen(page)).to_be_hidden()
    box = panel(page).locator(".pad").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 150, steps=8)
    page.mouse.up()
    wait_for_address(page, "draw=")
    wait_for_completions(page, 14)
    expect(seen(page)).to_contain_text("the real rest of your drawing")
    expect(tiles(page).first).to_contain_text("yours")


def test_completions_are_kept_as_a_picture_and_a_film(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, "mode=complete&img=12&rows=20")
    wait_for_completions(page, 20)
    with Image.open(saved(page, "PNG", tmp_path)) as kept:
        assert min(kept.size) > 250
        assert len(np.unique(np.array(kept.convert("L")))) > 2
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert 20 < film.n_frames <= 100


def test_on_a_phone_the_picture_comes_first_and_the_handle_follows_a_finger(phone: Page, app_url: str):
    open_raster(phone, app_url, "mode=complete&img=12")
    wait_for_completions(phone, 14)
    TAB.fits(phone)
    box, board = handle(phone).bounding_box(), main(phone).locator(".board").bounding_box()
    assert box["height"] >= 36
    touch(phone, (box["x"] + 16, box["y"] + box["height"] / 2), (box["x"] + 16, board["y"] + board["height"] * 7 / 28))
    wait_for_completions(phone, 7)
    tiles(phone).nth(2).tap()
    expect(tiles(phone).nth(2)).to_have_attribute("aria-pressed", "true")


def touch(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One finger put down, moved and lifted, as the browser's own input sees it."""
    session = page.context.new_cdp_session(page)
    steps = [(start[0] + (end[0] - start[0]) * k / 5, start[1] + (end[1] - start[1]) * k / 5) for k in range(6)]
    for k, (x, y) in enumerate(steps):
        kind = "touchStart" if k == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_no_picture_is_asked_for_while_one_is_completed(page: Page, app_url: str):
    page.route("**/component_server**", lambda _: None)  # which is never answered
    page.goto(f"{app_url}/?tab=ar&mode=complete")
    wait_until(page, "x.mode().picture")
    expect(main(page).get_by_text("Choose a test image, or draw something")).to_be_hidden()
