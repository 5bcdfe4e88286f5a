"""An image out of noise in a real browser: the film while it is made, the sixteen, what is kept, what goes wrong."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from explorer.networks import checkpoints
from tests.diffusion import (
    FILM_MS,
    PIXELS,
    STAGE,
    array,
    asked,
    choose_number,
    diffusion,
    figure,
    main,
    open_diffusion,
    panel,
    refuse,
    saved,
    state,
    turn_to,
    wait_for_address,
    wait_until,
)
from tests.stage import kept_picture, kept_pixels, open_share, url_in

SHORT = "mode=reverse&steps=8"
SEEN = "x.mode().seen.element.innerText"
SCRUBBER = "Out of noise, step by step: step"
FRAMES = "x.mode().drawn.frames"


def open_still(page: Page, url: str, query: str) -> None:
    """Open the tab where no film begins by itself."""
    page.emulate_media(reduced_motion="reduce")
    open_diffusion(page, url, query)


def finished(page: Page) -> None:
    """Wait until the film asked for now has arrived as a whole and is the one on screen."""
    wanted = "JSON.stringify(x.mode().request) === JSON.stringify(x.mode().controls.request())"
    is_shown = "x.mode().drawn === x.mode().queue.filmOf(x.mode().request)"
    wait_until(page, f"x.mode().drawn?.done && {wanted} && {is_shown}", timeout=FILM_MS)


def is_stop(request: Request) -> bool:
    return "component_server" in request.url and request.post_data_json["fn_name"] == "stop"


def scrub(page: Page, key: str) -> None:
    page.get_by_role("slider", name=SCRUBBER).press(key)


def test_it_opens_in_motion_and_the_words_name_what_is_on_screen(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=reverse&steps=1000&sampler=ddpm")
    wait_until(page, f"x.mode().film?.timer && {SEEN}.includes('From t = ')", timeout=FILM_MS)
    page.get_by_role("button", name="Pause", exact=True).click()
    wait_until(page, f"{SEEN}.includes(`to ${{{FRAMES}[x.mode().film.index].time}}: the predicted noise`)")
    assert diffusion(page, "x.mode().film.index") == state(page)["at"] > 0
    main(page).get_by_role("button", name="Stop").click()


def test_a_film_has_every_step_from_noise_to_an_image(page: Page, app_url: str):
    open_still(page, app_url, SHORT)
    finished(page)
    assert state(page)["at"] is None, "nobody has stopped it anywhere"
    expect(main(page)).to_contain_text("Finished: no noise is left")
    scrub(page, "Home")
    expect(main(page)).to_contain_text("Pure noise, at t = 1000")
    expect(main(page)).to_contain_text("no prediction yet")
    times = checkpoints.load("diffusion-mnist").schedule.times(8)
    assert diffusion(page, f"{FRAMES}.map(({{ time }}) => time)") == times
    assert diffusion(page, f"{FRAMES}.slice(1).map(({{ numbers }}) => numbers.t)") == times[:-1]
    first, last = (array(page, f"{FRAMES}.at({k}).x") for k in (0, -1))
    assert first.size == last.size == PIXELS
    assert 0.25 < ((first == 0) | (first == 255)).mean() < 0.4, "a third of Gaussian noise lies beyond black and white"
    assert ((last < 30) | (last > 225)).mean() > 0.6, "a finished digit is mostly black and white"
    assert (array(page, f"{FRAMES}.at(-1).pictures.x0") == last).all(), "nothing is left to remove from the last guess"


@pytest.mark.core
def test_play_pause_steps_keys_and_the_plot_move_through_the_film(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=20")
    finished(page)
    for key, at in [("Home", 0), ("ArrowRight", 1), ("End", 20), ("ArrowLeft", 19), ("Home", 0)]:
        scrub(page, key)
        wait_for_address(page, f"at={at}")
    page.get_by_role("button", name="One step forward").click()
    wait_for_address(page, "at=1")
    expect(main(page)).to_contain_text("t = 1000 → 950")
    assert figure(page, "size of ε̂") == pytest.approx(diffusion(page, f"{FRAMES}[1].numbers.noise_norm[0]"), abs=1e-3)
    page.get_by_role("button", name="One step forward").click()
    wait_for_address(page, "at=2")
    assert figure(page, "change of x̂₀") == pytest.approx(diffusion(page, f"{FRAMES}[2].numbers.moved[0]"), abs=1e-3)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.store.get().at > 4")
    page.keyboard.press("Space")
    wait_for_address(page, f"at={state(page)['at']}")
    plot = main(page).locator("canvas.movable")
    plot.click(position={"x": 34 + (plot.bounding_box()["width"] - 42) / 2, "y": 60})
    wait_for_address(page, "at=10")
    expect(plot).to_have_attribute("aria-label", re.compile("at time 500"))


def test_a_finished_image_meets_its_nearest_training_image_and_the_numbers_of_its_film(page: Page, app_url: str):
    open_still(page, app_url, f"{SHORT}&at=8&label=3&w=2")
    finished(page)
    expect(panel(page)).to_contain_text("of 55,000 training images", timeout=FILM_MS)
    expect(panel(page)).to_contain_text("Finished after 16 evaluations of the network")
    scrub(page, "ArrowLeft")
    expect(panel(page).locator(".nearest")).to_be_hidden()


def test_a_place_in_the_film_goes_with_it(page: Page, app_url: str):
    open_still(page, app_url, f"{SHORT}&at=3")
    finished(page)
    assert diffusion(page, "x.mode().film.index") == 3
    choose_number(page, "Steps", 4)
    wait_until(page, "x.mode().request.steps === 4")
    finished(page)
    assert state(page)["at"] is None and diffusion(page, "x.mode().film.index") == 4
    scrub(page, "ArrowLeft")
    wait_for_address(page, "at=3")
    turn_to(page, "Side by side", "samplers")
    assert state(page)["at"] is None and "at=" not in url_in(page)


def test_equal_questions_have_equal_answers_and_another_seed_another(page: Page, app_url: str):
    open_still(page, app_url, SHORT)
    finished(page)
    first = array(page, f"{FRAMES}.at(-1).x")
    page.reload()
    finished(page)
    assert (array(page, f"{FRAMES}.at(-1).x") == first).all()
    page.get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    wait_until(page, "x.mode().request.seed === 8")
    finished(page)
    assert (array(page, f"{FRAMES}.at(-1).x") != first).any()


def test_the_controls_are_what_python_is_asked(page: Page, app_url: str):
    open_still(page, app_url, SHORT)
    finished(page)
    questions = asked(page, "reverse")
    expect(panel(page).get_by_label("Guidance scale w")).to_be_hidden()
    panel(page).get_by_label("Class", exact=True).select_option("3")
    wait_for_address(page, "label=3")
    slider = panel(page).get_by_label("Guidance scale w")
    for _ in range(2):
        slider.press("ArrowRight")
    wait_for_address(page, "w=1.5")
    choose_number(page, "Steps", 4)
    wait_for_address(page, "steps=4")
    panel(page).get_by_role("group", name="Sampler").get_by_role("button", name="DDPM").click()
    expect(panel(page).get_by_label("η of DDIM")).to_be_hidden()
    finished(page)
    wanted = {"net": "diffusion-mnist", "seed": 7, "count": 1, "label": 3, "w": 1.5, "sampler": "ddpm", "steps": 4}
    assert questions[-1] == wanted | {"eta": 0}
    assert diffusion(page, f"{FRAMES}.length") == 5


@pytest.mark.parametrize("steps", [0, 1001])
def test_steps_out_of_range_are_refused_in_words(page: Page, app_url: str, steps: int):
    open_still(page, app_url, SHORT)
    choose_number(page, "Steps", steps)
    expect(panel(page)).to_contain_text("Wanted: a whole number from 1 to 1,000.")
    assert state(page)["steps"] == 8


def test_sixteen_of_which_one_is_enlarged(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=4&grid=16&at=4")
    finished(page)
    wall = main(page).locator("canvas.wall").first
    side = wall.bounding_box()["width"]
    wall.click(position={"x": 0.4 * side, "y": 0.4 * side})
    wait_for_address(page, "tap=5")
    boards = main(page).locator("canvas.board:visible")
    expect(boards).to_have_count(2)
    sixth = array(page, f"{FRAMES}[4].x.subarray(5 * 784, 6 * 784)")
    assert np.allclose(array(page, "x.mode().pair.sides.x.board.what.values"), sixth / 255, atol=1e-6)
    expect(main(page)).to_contain_text("of image 6")
    page.keyboard.press("Escape")
    expect(boards).to_have_count(0)
    wall.press("ArrowLeft")
    wait_for_address(page, "tap=4")
    wall.press("Enter")
    main(page).get_by_role("button", name="All 16").click()
    expect(main(page).locator("canvas.wall:visible")).to_have_count(2)


@pytest.mark.core
def test_frames_come_while_the_film_is_made_and_stop_ends_it(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=1000&sampler=ddpm&seed=99")
    wait_until(page, "x.mode().drawn?.frames.length > 1", timeout=FILM_MS)
    stop = main(page).get_by_role("button", name="Stop")
    with page.expect_request(is_stop) as result:
        stop.click()
    assert list(result.value.post_data_json["data"]) == ["id"]
    count = diffusion(page, f"{FRAMES}.length")
    assert 1 < count < 101
    go_on = main(page).get_by_role("button", name="Go on")
    expect(go_on).to_be_focused()
    expect(main(page)).to_contain_text("Stopped. What has been drawn stays.")
    go_on.click()
    expect(stop).to_be_visible()
    with page.expect_request(is_stop):
        turn_to(page, "Learned", "learned")


def test_a_film_that_the_server_let_go_is_taken_up_where_it_was(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=200&seed=57")
    wait_until(page, "x.mode().drawn?.frames.length > 1", timeout=FILM_MS)
    questions = asked(page, "reverse")
    diffusion(page, "x.mode().queue.running.stream.tellServer()")
    finished(page)
    assert len(questions) == 1 and diffusion(page, f"{FRAMES}.length") == 101
    times = diffusion(page, f"{FRAMES}.map(({{ time }}) => time)")
    assert times == sorted(times, reverse=True) and len(set(times)) == len(times)


def test_playing_waits_at_the_end_for_frames_that_are_on_their_way(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=300&seed=41")
    wait_until(page, "x.mode().drawn?.frames.length > 1", timeout=FILM_MS)
    page.get_by_role("combobox", name="Speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.mode().drawn.frames.length > 30", timeout=FILM_MS)
    assert diffusion(page, "x.mode().film.timer !== null && !x.mode().drawn.done")
    wait_until(page, "x.mode().drawn.done && x.store.get().at === 100", timeout=FILM_MS)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_what_is_on_screen_can_be_kept(page: Page, app_url: str, tmp_path):
    open_still(page, app_url, f"{SHORT}&at=8")
    finished(page)
    rows = [row.split(",") for row in saved(page, "CSV", tmp_path).read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["t", "s", "noise_rms", "moved_rms"]
    assert [int(row[1]) for row in rows[1:]] == checkpoints.load("diffusion-mnist").schedule.times(8)[1:]
    assert not rows[1][3] and float(rows[2][3]) > 0, "the first guess has not moved"
    boards = main(page).locator("canvas.board").locator("visible=true")
    for board, shown in zip(boards.all(), ("x", "pictures.x0"), strict=True):
        assert np.allclose(kept_pixels(page, tmp_path, board), array(page, f"{FRAMES}[8].{shown}"), atol=1)
    area = diffusion(page, "x.mode().chart.what.areas[0].points")
    assert (
        area[0][1] == area[-1][1] == 0 and len(area) == len(diffusion(page, "x.mode().chart.what.lines[0].points")) + 2
    )
    curve = kept_picture(page, tmp_path, main(page).locator("canvas.chart"))
    assert len(curve.convert("L").getcolors()) > 10, "the curve is there, too"
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 9


@pytest.mark.parametrize("button", ["Play", "GIF"])
def test_a_film_ends_at_once_when_another_mode_is_chosen(page: Page, app_url: str, button: str):
    held = []
    page.route("**/questions/make.js", lambda route: held.append(route))
    downloads = []
    page.on("download", lambda download: downloads.append(download))
    open_still(page, app_url, "mode=reverse&steps=50&at=0")
    finished(page)
    if button == "GIF":
        open_share(page)
    page.get_by_role("button", name=button, exact=True).click()
    wait_until(page, "x.mode().film.index > 1")
    diffusion(page, "x.store.commit({ mode: 'make' })")
    page.wait_for_timeout(1000)  # the film would play on until the mode is read, and after it the GIF
    assert state(page)["at"] is None
    held[0].continue_()
    wait_until(page, "x.mode().race?.finished.length", timeout=FILM_MS)
    assert state(page)["at"] is None and not downloads


@pytest.mark.core
def test_a_server_that_fails_leaves_the_picture_dimmed_and_can_be_asked_again(page: Page, app_url: str):
    open_still(page, app_url, f"{SHORT}&at=8")
    finished(page)
    before = array(page, f"{FRAMES}.at(-1).x")
    accept = refuse(page)
    with page.expect_response("**/component_server**"):
        page.get_by_role("button", name="Draw again").click()
    expect(main(page)).to_contain_text("The model is busy.")
    pair = main(page).locator(".pair")
    expect(pair).to_have_attribute("style", re.compile("opacity"))
    assert (array(page, f"{FRAMES}.at(-1).x") == before).all()
    accept()
    main(page).get_by_role("button", name="Try again").click()
    finished(page)
    expect(pair).not_to_have_attribute("style", re.compile("opacity"))
    assert state(page)["seed"] == 8
    assert (array(page, f"{FRAMES}.at(-1).x") != before).any()


def test_the_picture_does_not_move_when_an_image_is_enlarged(page: Page, app_url: str):
    open_still(page, app_url, "mode=reverse&steps=2&grid=16")
    finished(page)
    controls = page.locator(f"{STAGE} .film-controls")
    before = controls.bounding_box()["y"]
    main(page).locator("canvas.wall").first.press("Enter")
    expect(main(page).get_by_role("button", name="All 16")).to_be_visible()
    assert controls.bounding_box()["y"] == before
