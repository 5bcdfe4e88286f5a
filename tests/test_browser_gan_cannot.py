"""Limits of a GAN, in a real browser: no likelihood, and the search for the image nearest to a picture."""

import base64
import csv
from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, Route, expect

from explorer import data
from explorer.steps import last
from tests.gan import (
    PIXELS,
    SLOW_MS,
    SNAPSHOTS,
    asked,
    gan,
    images,
    levels,
    main,
    open_gan,
    panel,
    refuse,
    saved,
    wait_for_address,
    wait_until,
)
from tests.tiny_app import App

SCRUBBER = "The search, step by step: step"
FRAMES = "x.mode().drawn.frames"
STEPS, CLASSES = 100, 10


def finished(page: Page) -> None:
    """Wait until the search asked for now has come to its end and is the one on screen."""
    wait_until(page, "x.mode().current?.done && x.mode().drawn === x.mode().current")


def opened(page: Page, app: App, query: str = "img=5") -> None:
    open_gan(page, app.url, f"mode=cannot&{query}")
    finished(page)


def figure(page: Page, name: str) -> str:
    return page.locator(".stage:visible .figures > div", has_text=name).locator("dd").inner_text()


def target(index: int) -> np.ndarray:
    return data.bundled_images("mnist").images[index].reshape(PIXELS).double().numpy()


def test_the_search_is_the_models_and_the_error_is_what_is_left_over(page: Page, tiny_app: App):
    opened(page, tiny_app)
    x = data.bundled_images("mnist").images[5].view(1, 1, 28, 28).float() / 255
    step = last(tiny_app.model(SNAPSHOTS[-1]).invert_steps(x, generator=torch.Generator().manual_seed(7)))
    found = images(page, f"{FRAMES}.at(-1).x")
    assert np.abs(found - levels(step.x)).mean() < 3, "a hundred steps on other hardware may differ a little"
    error = np.sqrt(np.mean(((found[0] - target(5)) / 255) ** 2))
    assert float(figure(page, "error left over")) == pytest.approx(error, abs=2e-3)
    errors = gan(page, f"{FRAMES}.map(({{ numbers }}) => numbers.error[0])")
    assert errors == sorted(errors, reverse=True) and errors[-1] < errors[0], "the best so far never gets worse"
    assert gan(page, f"{FRAMES}.map(({{ numbers }}) => Math.min(...numbers.errors[0]))") == errors
    assert gan(page, f"{FRAMES}[0].numbers.labels[0]") == list(range(CLASSES))
    assert gan(page, f"{FRAMES}.at(-1).index") == STEPS
    left = gan(page, "[...x.mode().boards.left.what.values]")
    assert np.abs(np.array(left) - np.abs(found[0] - target(5)) / 255).max() < 1e-3
    expect(panel(page)).to_contain_text(f"{100 * errors[-1] / errors[0]:.0f} % of where it began")


def test_where_others_show_a_likelihood_it_says_that_there_is_none(page: Page, tiny_app: App):
    opened(page, tiny_app)
    expect(main(page).locator(".cannot")).to_contain_text(
        "A GAN draws images and defines no density, so no likelihood."
    )
    assert figure(page, "log p(x)") == figure(page, "bits per dimension") == "∅ cannot say"
    expect(panel(page)).to_contain_text("The error is no likelihood")


def test_the_film_of_the_search_is_scrubbed_and_kept(page: Page, tiny_app: App, tmp_path):
    opened(page, tiny_app)
    page.get_by_role("slider", name=SCRUBBER).press("Home")
    wait_for_address(page, "at=0")
    expect(main(page)).to_contain_text("The best of the draws, before any step")
    assert float(figure(page, "error left over")) == pytest.approx(gan(page, f"{FRAMES}[0].numbers.error[0]"), abs=1e-3)
    chart = main(page).locator("canvas.chart")
    chart.click(position={"x": 34 + (chart.bounding_box()["width"] - 42) / 2, "y": 80})
    wait_for_address(page, "at=12")
    expect(main(page)).to_contain_text("After 48 steps")
    rows = list(csv.reader(saved(page, "CSV", tmp_path).open(encoding="utf-8")))
    assert rows[0][:3] == ["step", "error left over (rms)", "class"] and len(rows[0]) == 4 + CLASSES
    assert [float(row[1]) for row in rows[1:]] == gan(page, f"{FRAMES}.map(({{ numbers }}) => numbers.error[0])")
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == len(rows) - 1
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.width > 3 * 56


def test_a_drawing_is_searched_for_among_the_images_of_one_class(page: Page, tiny_app: App):
    drawing = base64.urlsafe_b64encode(bytes(range(98))).decode().rstrip("=")
    opened(page, tiny_app, f"draw={drawing}&label=2")
    assert set(gan(page, f"{FRAMES}[0].numbers.labels[0]")) == {2}
    bits = np.unpackbits(np.arange(98, dtype=np.uint8))
    assert gan(page, "[...x.mode().drawn.frames[0].pictures.target]") == (255 * bits).tolist()
    found = images(page, f"{FRAMES}.at(-1).x")[0] / 255
    error = np.sqrt(np.mean((found - bits) ** 2))
    assert gan(page, f"{FRAMES}.at(-1).numbers.error[0]") == pytest.approx(error, abs=2e-3)
    expect(panel(page)).to_contain_text("to your drawing is a 2")


def test_what_is_drawn_on_the_pad_is_searched_for(page: Page, tiny_app: App):
    opened(page, tiny_app)
    questions = asked(page, "search")
    panel(page).get_by_role("button", name="Draw one").click()
    expect(main(page)).to_contain_text("Draw something on the pad")
    pad = panel(page).locator(".pad")
    pad.focus()
    for key in ("Space", *["ArrowDown"] * 5, "Space"):
        pad.press(key)
    wait_for_address(page, "draw=")
    finished(page)
    assert list(questions[-1]["picture"]) == ["bits"]
    assert gan(page, "x.mode().drawn.frames[0].pictures.target.some((value) => value === 255)")


def hold_frames(page: Page) -> Callable[[], None]:
    """Keep the frames of films from arriving until what this returns is called."""
    held: list[Route] = []

    def take(route: Route) -> None:
        if route.request.post_data_json["fn_name"] == "frames":
            held.append(route)
        else:
            route.continue_()

    def release() -> None:
        for route in held:
            route.continue_()
        page.unroute("**/component_server**")

    page.route("**/component_server**", take)
    return release


def test_a_search_can_be_stopped_and_goes_on(page: Page, tiny_app: App):
    opened(page, tiny_app)
    release = hold_frames(page)
    page.get_by_role("button", name="Draw again").click()
    main(page).get_by_role("button", name="Stop").click()
    go_on = main(page).get_by_role("button", name="Go on")
    expect(go_on).to_be_focused()
    expect(main(page)).to_contain_text("Stopped. What has been drawn stays.")
    release()
    go_on.click()
    finished(page)
    assert gan(page, "x.mode().request.seed") == 8


def test_a_server_that_fails_is_asked_again(page: Page, tiny_app: App):
    opened(page, tiny_app)
    accept = refuse(page)
    page.get_by_role("button", name="Draw again").click()
    expect(main(page)).to_contain_text("The model is busy.", timeout=SLOW_MS)
    accept()
    main(page).get_by_role("button", name="Try again").click()
    finished(page)
    assert gan(page, "x.mode().request.seed") == 8
