"""Travelling between two images in a real browser: up to their noises, down again, and beside the VAE's path."""

import csv

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, Request, expect

from explorer import data
from explorer.networks import checkpoints
from explorer.steps import last
from tests.diffusion import (
    FILM_MS,
    PIXELS,
    asked,
    diffusion,
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
from tests.stage import numbers

PAIR = (8, 12)
STEPS = 2
STOPS = 9
FINISHED = "current.frames.at(-1).x"
QUICK = f"mode=travel&steps={STEPS}"


def open_travel(page: Page, url: str, query: str = QUICK) -> None:
    """Open the mode and wait until both paths are there."""
    page.set_default_timeout(FILM_MS)
    open_diffusion(page, url, query)
    arrived(page)


def arrived(page: Page) -> None:
    wait_until(page, "x.mode().current?.done && x.mode().vae", FILM_MS)


def nine(page: Page, name: str) -> np.ndarray:
    """The images of a path: (9, 784) bytes."""
    return np.array(diffusion(page, f"[...x.mode().{name}]"), dtype=np.float64).reshape(STOPS, PIXELS)


def distances(row: np.ndarray) -> list[float]:
    """Distance of the two ends of a path from their images (L2), pixels from 0 to 1."""
    images = data.bundled_images("mnist").images[list(PAIR)].reshape(2, PIXELS).numpy()
    return [float(np.linalg.norm((row[k] - images[i]) / 255)) for i, k in enumerate((0, STOPS - 1))]


def travelled() -> np.ndarray:
    """The same travel by the model alone: (9, 784) bytes."""
    model = checkpoints.load("diffusion-mnist")
    images = data.bundled_images("mnist").images[list(PAIR)].view(2, 1, 28, 28).float() / 255
    a, b = last(model.invert_steps(images, steps=STEPS)).numbers["x_t"].flatten(1).double().numpy()
    angle = np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    weights = [(np.sin((1 - u) * angle), np.sin(u * angle)) for u in np.linspace(0, 1, STOPS)]
    noises = np.stack([(u * a + v * b) / np.sin(angle) for u, v in weights])
    start = torch.tensor(noises, dtype=torch.float32).view(STOPS, 1, 28, 28)
    steps = model.ddim_steps(STOPS, generator=torch.Generator(), steps=STEPS, x_t=start, clip=False)
    return 255 * last(steps).x.view(STOPS, PIXELS).double().numpy()


def test_the_way_there_and_back_is_the_models(page: Page, app_url: str, tmp_path):
    open_travel(page, app_url)
    assert np.abs(nine(page, FINISHED) - travelled()).max() <= 2
    result = diffusion(
        page, "x.mode().drawn.frames.map(({ report, time }) => [report.words.includes('The two noises'), time])"
    )
    assert result == [[False, 0], [False, 500], [False, 1000], [True, 1000], [True, 500], [True, 0]]
    words = panel(page).locator(".seen").inner_text()
    result = numbers(words.split("Decoded again")[1])
    assert result[:4] == pytest.approx(distances(nine(page, FINISHED)) + distances(nine(page, "vae")), abs=0.011)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    grey = ((nine(page, "vae") > 51) & (nine(page, "vae") < 204)).mean(axis=1)
    assert [float(row["grey pixels, VAE"]) for row in rows] == pytest.approx(grey, abs=0.01)
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == len(result)


def test_a_place_is_chosen_by_pointer_and_by_keys(page: Page, app_url: str):
    open_travel(page, app_url)
    strip = main(page).locator("canvas.strip").nth(1)
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 7.5 / STOPS, "y": box["height"] / 2})
    wait_for_address(page, "place=0.875")
    shown = "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    here = main(page).get_by_role("img", name="VAE, here").evaluate(shown)
    assert here == nine(page, "vae")[7].tolist()
    slider = panel(page).get_by_role("slider", name="Position on the path")
    slider.press("Home")
    wait_for_address(page, "place=0")
    assert state(page)["place"] == 0
    assert main(page).get_by_role("img", name="diffusion, here").evaluate(shown) == nine(page, FINISHED)[0].tolist()


def test_the_film_goes_back_to_the_images_themselves(page: Page, app_url: str):
    open_travel(page, app_url)
    scrubber = main(page).get_by_role("slider", name="There and back: step")
    scrubber.press("Home")
    wait_for_address(page, "at=0")
    expect(main(page).locator(".film-caption")).to_have_text("The two images, before any step.")
    shown = "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    first = main(page).get_by_role("img", name="Image 1 on its way to noise").evaluate(shown)
    assert first == data.bundled_images("mnist").images[PAIR[0]].flatten().tolist()
    scrubber.press("ArrowRight")
    expect(main(page).locator(".film-caption")).to_have_text("Inverting: both images at t = 500.")


def test_another_image_is_another_travel(page: Page, app_url: str):
    open_travel(page, app_url)
    questions = asked(page, "travel")
    box = panel(page).get_by_label("To No.", exact=True)
    box.fill("2000")
    box.press("Tab")
    expect(panel(page)).to_contain_text("Wanted: a whole number from 0 to 1,999.")
    assert not questions
    box.fill("3")
    box.press("Tab")
    wait_for_address(page, "img2=3")
    arrived(page)
    assert questions[0]["second"] == {"test": 3, "set": "mnist"}


def ends_work(request: Request) -> bool:
    """True if Python is told that nobody wants the film any more."""
    return "component_server" in request.url and request.post_data_json["fn_name"] == "stop"


def test_stop_keeps_what_is_there_and_leaving_ends_the_work(page: Page, app_url: str):
    page.set_default_timeout(FILM_MS)
    open_diffusion(page, app_url, "mode=travel&steps=100")
    wait_until(page, "x.mode().drawn?.frames.length > 0", FILM_MS)
    with page.expect_request(ends_work):
        main(page).get_by_role("button", name="Stop").click()
    again = main(page).get_by_role("button", name="Go on")
    expect(main(page)).to_contain_text("What has been drawn stays")
    assert diffusion(page, "x.mode().drawn.frames.length") > 0
    again.click()
    expect(again).to_be_hidden()
    wait_until(page, "x.mode().queue.running?.film?.frames.length > 0", FILM_MS)
    with page.expect_request(ends_work):
        turn_to(page, "Learned", "learned")


def test_what_is_refused_can_be_asked_again(page: Page, app_url: str):
    page.set_default_timeout(FILM_MS)
    mend = refuse(page)
    open_diffusion(page, app_url, QUICK)
    again = main(page).get_by_role("button", name="Try again")
    expect(again).to_have_count(1)
    mend()
    again.click()
    arrived(page)
    expect(main(page).get_by_role("button", name="Try again")).to_have_count(0)


def test_on_a_phone_the_nine_images_fold(phone: Page, app_url: str):
    open_travel(phone, app_url)
    strip = main(phone).locator("canvas.strip").first
    box = strip.bounding_box()
    assert box["width"] / 5 >= 50, "five in a line"
    strip.tap(position={"x": box["width"] * 0.1, "y": box["height"] * 0.75})
    wait_for_address(phone, "place=0.625")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
