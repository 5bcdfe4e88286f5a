"""An image drawn pixel by pixel in a real browser: the film, the distributions, the grid, what is kept."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.raster import (
    MODULES,
    PIXELS,
    SIDE,
    STAGE,
    array,
    asked,
    bits,
    board,
    click_pixel,
    drawn,
    figure,
    main,
    open_raster,
    panel,
    raster,
    refuse,
    saved,
    state,
    table,
    wait_for_address,
    wait_until,
)
from tests.stage import kept_pixels, url_in

NETS = ("pixelcnn-mnist", "pixelcnn-fashion-mnist", "made-mnist")
PAYLOAD = 200_000
LEVELS_AGREE = f"""async (stage) => {{
  const {{ probabilities, entropyBits }} = await import(`${{location.origin}}{MODULES}/levels.js`);
  const {{ trace }} = document.querySelector(stage).explorer.drawn;
  const off = Array.from({{ length: 784 }}, (_, pixel) => {{
    const p = probabilities(trace.net, trace.parametersOf(pixel));
    const sum = p.reduce((total, value) => total + value, 0);
    const logProb = Math.log(p[trace.image()[pixel]]) - trace.logProb()[pixel];
    return [Math.abs(sum - 1), Math.abs(logProb), Math.abs(entropyBits(p) * Math.LN2 - trace.entropy()[pixel])];
  }});
  return [0, 1, 2].map((k) => Math.max(...off.map((each) => each[k])));
}}"""


SEEN = "x.mode().seen.element.innerText"


def test_it_opens_in_motion_and_the_words_follow_the_film(page: Page, app_url: str):
    open_raster(page, app_url)
    wait_until(page, f"x.mode().film?.timer && /the first [0-9]+ pixels/.test({SEEN})")
    raster(page, "x.mode().film.go(200)")
    expect(panel(page)).to_contain_text("of the first 200 pixels")
    paused = state(page)["at"]
    wait_for_address(page, f"at={paused}")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_for_address(page, f"at={PIXELS}")
    total = array(page, "x.drawn.trace.logProb()").sum()
    assert figure(page, "log p(x)") == pytest.approx(-total, abs=0.01)
    assert figure(page, "bits/dim") == pytest.approx(bits(total) / PIXELS, abs=0.002)
    expect(panel(page)).to_contain_text("nearest: ")


def test_where_motion_is_unwanted_it_opens_on_the_finished_image(page: Page, app_url: str):
    page.emulate_media(reduced_motion="reduce")
    open_raster(page, app_url)
    drawn(page)
    assert state(page)["at"] is None and raster(page, "x.mode().film.timer === null")
    expect(panel(page)).to_contain_text("of all 784 pixels")


@pytest.mark.core
def test_keys_and_slider_move_by_pixels_and_by_rows(page: Page, app_url: str):
    open_raster(page, app_url, "at=0")
    drawn(page)
    scrubber = page.get_by_role("slider", name="Drawing, pixel by pixel: step")
    moves = {"ArrowRight": 1, "ArrowDown": SIDE, "ArrowUp": 0, "End": PIXELS, "Home": 0}
    for key, at in moves.items():
        scrubber.press(key)
        wait_until(page, f"x.store.get().at === {at}")
    page.get_by_role("button", name="One row forward").click()
    page.get_by_role("button", name="One step forward").click()
    wait_for_address(page, f"at={SIDE + 1}")
    expect(main(page)).to_contain_text("Row 2, column 1 became")
    box = scrubber.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    wait_until(page, "Math.abs(x.store.get().at - 392) < 20")
    assert f"at={SIDE + 1}" in url_in(page)
    page.mouse.up()
    wait_for_address(page, f"at={state(page)['at']}")
    click_pixel(board(page), 300)
    wait_for_address(page, "at=301")
    board(page).press("ArrowUp")
    board(page).press("Enter")
    wait_for_address(page, f"at={301 - SIDE}")


@pytest.mark.parametrize("net", NETS)
def test_the_browser_computes_the_distributions_that_python_drew_from(page: Page, app_url: str, net: str):
    open_raster(page, app_url, f"net={net}&at=300")
    drawn(page)
    sums, log_probs, entropies = page.evaluate(LEVELS_AGREE, STAGE)
    assert sums < 1e-5
    assert log_probs < 1e-3
    assert entropies < 0.03, "entropies travel in half precision"


def test_what_is_drawn_is_marked_in_its_distribution(page: Page, app_url: str):
    open_raster(page, app_url, "at=300&T=0.5")
    drawn(page)
    level = ("black", "white")[int(array(page, "x.drawn.trace.image()")[299])]
    chart = main(page).locator(".distribution-frame canvas")
    expect(chart).to_have_attribute("aria-label", re.compile(f"Row 11, column 20.*drawn: {level}"))
    expect(chart).to_have_attribute("aria-label", re.compile("after temperature"))
    assert figure(page, "bits of this pixel") == pytest.approx(
        bits(array(page, "x.drawn.trace.logProb()")[299]), abs=0.001
    )


def test_sixteen_grow_together_and_one_is_watched(page: Page, app_url: str):
    sizes = []
    page.on(
        "requestfinished",
        lambda request: (
            sizes.append(request.sizes()["responseBodySize"]) if "component_server" in request.url else None
        ),
    )
    open_raster(page, app_url, "net=pixelcnn-fashion-mnist")
    drawn(page)
    page.get_by_role("group", name="How many").get_by_role("button", name="16").click()
    wait_for_address(page, "grid=16")
    drawn(page)
    assert raster(page, "x.drawn.trace.count") == 16
    assert 1_000 < max(sizes) <= PAYLOAD
    page.get_by_role("slider", name="Drawing, pixel by pixel: step").press("End")
    wall = main(page).locator("canvas.wall")
    side = wall.bounding_box()["width"]
    wall.click(position={"x": 0.4 * side, "y": 0.4 * side})
    wait_for_address(page, "tap=5")
    wait_until(page, "x.mode().detail")
    watched, shown = array(page, "x.drawn.trace.image(5)"), array(page, "x.mode().detail.image()")
    assert (watched == shown).all()
    assert np.allclose(array(page, "x.drawn.trace.logProb(5)"), array(page, "x.mode().detail.logProb()"), atol=1e-3)
    total = array(page, "x.drawn.trace.logProb(5)").sum()
    assert figure(page, "log p(x)") == pytest.approx(-total, abs=0.01)
    expect(panel(page)).to_contain_text("of 55,000 training images")
    wall.press("ArrowLeft")
    wait_for_address(page, "tap=4")


@pytest.mark.core
def test_temperature_asks_the_server_only_when_it_is_let_go(page: Page, app_url: str):
    open_raster(page, app_url, "at=400")
    drawn(page)
    questions = asked(page, "generate")
    slider = page.get_by_role("slider", name="Temperature T")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.4, 0.5, 0.6, 0.7):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=3)
    chart = main(page).locator(".distribution-frame canvas")
    expect(chart).to_have_attribute("aria-label", re.compile("after temperature"))
    page.wait_for_timeout(200)
    assert questions == []
    page.mouse.up()
    drawn(page)
    wait_until(page, "x.store.get().T > 1.8")
    assert [question["temperature"] for question in questions] == [state(page)["T"]]


def test_the_newest_of_hasty_questions_is_the_one_that_is_shown(page: Page, app_url: str):
    open_raster(page, app_url)
    drawn(page)
    slider = page.get_by_role("slider", name="Temperature T")
    for _ in range(4):
        slider.press("ArrowRight")
    wait_until(page, "Math.abs(x.store.get().T - 1.2) < 1e-6")
    drawn(page)
    assert raster(page, "x.drawn.request.temperature") == pytest.approx(1.2)
    button = page.get_by_role("button", name="Draw again")
    expect(button).to_be_enabled()
    expect(button).to_have_text("Draw again")


def test_class_and_order_are_offered_where_the_network_has_them(page: Page, app_url: str):
    open_raster(page, app_url, "net=pixelcnn-fashion-mnist&at=0")
    drawn(page)
    page.get_by_label("Class", exact=True).select_option("Ankle boot")
    wait_for_address(page, "label=9")
    page.get_by_role("button", name="MADE · MNIST").click()
    expect(page.get_by_label("Class", exact=True)).to_be_hidden()
    page.get_by_label("Order").select_option("rows, back")
    wait_for_address(page, "order=2")
    drawn(page)
    order = array(page, "x.drawn.trace.order")
    assert sorted(order) == list(range(PIXELS)) and list(order) != list(range(PIXELS))
    page.get_by_role("slider", name="Drawing, pixel by pixel: step").press("ArrowRight")
    row, column = divmod(int(order[0]), SIDE)
    expect(main(page)).to_contain_text(f"Row {row + 1}, column {column + 1} became")


def test_what_is_on_screen_can_be_kept(page: Page, app_url: str, tmp_path):
    open_raster(page, app_url, f"at={PIXELS}")
    drawn(page)
    rows = table(saved(page, "CSV", tmp_path))
    assert list(rows[0]) == ["pixel", "row", "column", "level", "log_prob_nats", "entropy_nats"]
    assert len(rows) == PIXELS
    assert sum(row["log_prob_nats"] for row in rows) == pytest.approx(-figure(page, "log p(x)"), abs=0.01)
    shown = kept_pixels(page, tmp_path, main(page).locator("canvas.board")) // 255
    assert (shown == array(page, "x.drawn.trace.image()")).all()
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert 50 < film.n_frames <= 100


DIMMED = "x.mode().board.element.style.opacity !== ''"


def dimmed(page: Page) -> bool:
    return raster(page, DIMMED)


def test_a_server_that_fails_leaves_the_picture_dimmed_and_can_be_asked_again(page: Page, app_url: str):
    open_raster(page, app_url, f"at={PIXELS}")
    drawn(page)
    before = array(page, "x.mode().trace.image()")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_hidden()
    accept = refuse(page)
    page.get_by_role("button", name="Draw again").click()
    expect(page.locator(f"{STAGE} .status")).to_contain_text("The model is busy.")
    expect(again).to_be_visible()
    assert (array(page, "x.mode().trace.image()") == before).all() and dimmed(page)
    accept()
    again.click()
    drawn(page)
    assert state(page)["seed"] == 8 and not dimmed(page)
    expect(again).to_be_hidden()
    expect(page.locator(f"{STAGE} .status")).to_be_empty()
    assert (array(page, "x.mode().trace.image()") != before).any()


def test_going_back_before_the_answer_leaves_nothing_dimmed(page: Page, app_url: str):
    open_raster(page, app_url)
    drawn(page)
    held = []
    page.route("**/component_server**", lambda route: held.append(route))
    with page.expect_request("**/component_server**"):
        page.get_by_role("button", name="Draw again").click()
    wait_until(page, DIMMED)
    raster(page, "x.store.set({ seed: 7 }, { commit: true })")
    drawn(page)
    wait_until(page, f"!({DIMMED})")
    held[0].continue_()
    expect(page.get_by_role("button", name="Draw again")).to_be_enabled()
    assert not dimmed(page)


def test_a_question_overtaken_by_another_is_asked_again(page: Page, app_url: str):
    open_raster(page, app_url, "grid=16")
    drawn(page)
    traces = asked(page, "trace")
    watch = "(x.store.set({{ tap: {} }}), x.drawn.watched())"
    hasty = ", ".join(watch.format(tap) for tap in (3, 4, 3))
    answers = raster(page, f"(await Promise.all([{hasty}])).map((each) => each && [...each.image()])")
    wanted = [array(page, f"x.drawn.trace.image({tap})").tolist() for tap in (3, 4)]
    assert answers == [wanted[0], None, wanted[0]], "one question was wanted twice, and another was overtaken"
    assert len(traces) == 1
    drawn(page)
    assert array(page, "x.mode().detail.image()").tolist() == wanted[0]
    assert raster(page, f"[...(await {watch.format(4)}).image()]") == wanted[1]
    assert len(traces) == 2


def test_the_keys_name_the_pixel_to_which_they_come(page: Page, app_url: str):
    open_raster(page, app_url, "at=1")
    drawn(page)
    board(page).press("ArrowRight")
    expect(board(page)).to_have_attribute("aria-label", re.compile("^row 1, column 2, not drawn"))
    board(page).press("ArrowLeft")
    expect(board(page)).to_have_attribute("aria-label", re.compile("^row 1, column 1, (black|white)"))


@pytest.mark.core
def test_the_address_brings_the_same_image_back(page: Page, app_url: str):
    open_raster(page, app_url, "seed=11&label=3&T=0.7&at=500")
    drawn(page)
    first = array(page, "x.drawn.trace.image()")
    page.reload()
    drawn(page)
    assert (array(page, "x.drawn.trace.image()") == first).all()
    assert state(page)["at"] == 500
    expect(main(page).locator(".film-place")).to_have_text("500/784")
