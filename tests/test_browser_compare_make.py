"""Images of every family side by side in a real browser: one clock for all, what they cost, and where each leads."""

import csv
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, Route, expect

from explorer.data.neighbours import training_index
from tests import raster
from tests.compare import (
    COUNT,
    FILM_MS,
    STAGE,
    asked,
    compare,
    family,
    figure,
    finished,
    images,
    main,
    open_compare,
    panel,
    refuse,
    saved,
    shown,
    state,
    turn_to,
    wait_for_address,
    wait_until,
)

SCRUBBER = "Four images from every family: step"
TICKS = 100


def titles(page: Page) -> dict[str, str]:
    """The title of each family of the data set, by its network."""
    return compare(page, "Object.fromEntries(x.families().map(({ net, title }) => [net, title]))")


def go_to(page: Page, tick: int) -> None:
    """Move the clock to one of its hundred ticks."""
    page.get_by_role("slider", name=SCRUBBER).fill(str(tick))
    wait_until(page, f"x.store.get().at === {tick / TICKS} && x.mode().race.film.index === {tick}")


def met(page: Page) -> None:
    """Wait until every image has met its nearest training image."""
    wait_until(
        page, "x.mode().found?.length && x.mode().found.every(({ near }) => near.every((each) => each))", FILM_MS
    )


def test_every_family_stands_beside_the_others_and_all_fits_the_screen(page: Page, compare_app: str):
    open_compare(page, compare_app)
    finished(page)
    columns = main(page).locator(".family")
    assert columns.count() == len(titles(page)) == 6
    boxes = [columns.nth(k).bounding_box() for k in range(6)]
    assert len({box["y"] for box in boxes}) == 1
    assert all(left["x"] + left["width"] < right["x"] for left, right in zip(boxes, boxes[1:]))
    tile = main(page).locator(".tile-link").first.bounding_box()
    assert tile["width"] >= 50 and tile["width"] == pytest.approx(tile["height"], abs=1)
    assert page.locator(f"{STAGE} .film-controls").bounding_box()["y"] < 760
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(main(page)).to_contain_text("All six are finished")


@pytest.mark.core
def test_the_films_share_one_clock(page: Page, compare_app: str):
    open_compare(page, compare_app, "clock=share")
    finished(page)
    go_to(page, 50)
    expect(main(page)).to_contain_text("on the way: PixelCNN 50 %, MADE 50 %, Flow 48 %, Diffusion 50 %")
    assert figure(page, "PixelCNN", "evaluations") == "392/784" and figure(page, "Diffusion", "evaluations") == "25/50"
    assert figure(page, "2-latent β-VAE", "evaluations") == "0/1", "one pass has no half"
    assert not shown(page, "2-latent β-VAE").any()
    half = shown(page, "PixelCNN")[:, 3].reshape(28, 28)
    assert half[:14].all() and not half[14:].any()
    panel(page).get_by_role("button", name="Evaluations", exact=True).click()
    wait_for_address(page, "clock=evaluations")
    go_to(page, 10)  # 78 evaluations
    expect(main(page)).to_contain_text("78 evaluations")
    assert figure(page, "2-latent β-VAE", "evaluations") == "1" and figure(page, "Diffusion", "evaluations") == "50"
    assert figure(page, "PixelCNN", "evaluations") == "70/784"
    panel(page).get_by_role("button", name="Time", exact=True).click()
    wait_for_address(page, "clock=seconds")
    go_to(page, 100)
    longest = compare(page, "Math.max(...x.mode().race.columns.map(({ film }) => film.frames.at(-1).numbers.seconds))")
    expect(main(page).locator(".film-place")).to_have_text(f"{longest:.2f} s")
    go_to(page, 50)
    seconds = [float(figure(page, title, "server time, s")) for title in titles(page).values()]
    assert max(seconds) <= longest / 2 + 0.01


def test_play_and_keys_move_the_clock_and_what_plays_ends_at_the_end(page: Page, compare_app: str):
    open_compare(page, compare_app, "at=0.9")
    finished(page)
    slider = page.get_by_role("slider", name=SCRUBBER)
    for key, at in [("ArrowRight", "0.91"), ("ArrowLeft", "0.9"), ("Home", "0")]:
        slider.press(key)
        wait_until(page, f"x.store.get().at === {at}")
    expect(main(page)).to_contain_text("Nothing is computed yet")
    main(page).get_by_label("Speed").select_option("0.5")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.store.get().at > 0.02")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    at = state(page)["at"]
    assert 0.02 < at < 1
    wait_for_address(page, f"at={at:g}")
    slider.press("End")
    wait_until(page, "x.store.get().at === 1")


def test_a_class_is_asked_of_those_who_know_it_and_the_others_say_so(page: Page, compare_app: str):
    open_compare(page, compare_app)
    finished(page)
    questions = asked(page, "ask_make")
    panel(page).get_by_label("Class", exact=True).select_option("3")
    wait_for_address(page, "label=3")
    finished(page)
    wanted = {question["net"]: question["label"] for question in questions}
    assert wanted == {"pixelcnn-mnist": 3, "gan-mnist": 3, "flow-mnist": 3, "diffusion-mnist": 3}, (
        "the others are known already"
    )
    expect(family(page, "MADE")).to_contain_text("Any, not a 3: this MADE was trained without labels")
    expect(family(page, "2-latent β-VAE")).to_contain_text("Any, not a")
    expect(family(page, "PixelCNN")).not_to_contain_text("Any, not")


def test_an_image_opens_in_its_own_tab_with_the_same_seed(page: Page, compare_app: str):
    open_compare(page, compare_app, "seed=11")
    finished(page)
    image = images(page, "pixelcnn-mnist")[2]
    link = family(page, "PixelCNN").locator("a.tile-link").nth(2)
    query = {key: value for key, [value] in parse_qs(urlsplit(link.get_attribute("href")).query).items()}
    assert query["tab"] == "ar" and query["net"] == "pixelcnn-mnist" and query["seed"] == "11" and query["tap"] == "2"
    assert "label" not in query
    link.click()
    raster.wait_until(page, "x.drawn.trace?.count === 16")
    assert (raster.array(page, "x.drawn.trace.image(2)") * 255 == image).all()


def test_every_image_meets_its_nearest_training_image(page: Page, compare_app: str, tmp_path):
    open_compare(page, compare_app)
    finished(page)
    met(page)
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(titles(page))
    x = torch.from_numpy(images(page, "gan-mnist")[1]).float().view(1, 28, 28) / 255
    distance = training_index("mnist").nearest(x).distance
    assert float(rows["gan-mnist"]["L2 of 2 to the nearest training image"]) == pytest.approx(distance, abs=1e-4)
    kin = family(page, titles(page)["gan-mnist"]).locator(".tile-kin").nth(1)
    expect(kin).to_have_attribute("aria-label", re.compile(rf"nearest training image: .*{distance:.2f} away"))
    expect(panel(page).locator(".seen")).to_contain_text(
        "from one evaluation of its network (2-latent β-VAE) to 784 evaluations"
    )


def test_the_address_brings_everything_back_and_another_seed_another_picture(page: Page, compare_app: str):
    open_compare(page, compare_app, "data=fashion-mnist&seed=5&label=8&clock=evaluations&at=0.25")
    finished(page)
    assert list(titles(page)) == [
        f"{name}-fashion-mnist" for name in ("beta-vae", "pixelcnn", "gan", "flow", "diffusion")
    ]
    first = images(page, "gan-fashion-mnist")
    page.reload()
    wait_until(page, "x.mode().race", FILM_MS)
    finished(page)
    assert (images(page, "gan-fashion-mnist") == first).all()
    assert state(page)["at"] == 0.25 and state(page)["clock"] == "evaluations" and state(page)["label"] == 8
    panel(page).get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=6")
    finished(page)
    assert state(page)["at"] == 1, "a place on the clock goes with its films"
    assert (images(page, "gan-fashion-mnist") != first).any()


def test_a_family_that_fails_says_so_and_keeps_nobody_waiting(page: Page, compare_app: str):
    def refuse_made(route: Route) -> None:
        asked_for = route.request.post_data_json
        if asked_for["fn_name"] == "ask_make" and asked_for["data"]["net"] == "made-mnist":
            route.fulfill(json={"error": "MADE is busy."})
        else:
            route.continue_()

    page.route("**/component_server**", refuse_made)
    open_compare(page, compare_app, "seed=21")
    expect(family(page, "MADE")).to_contain_text("MADE is busy.")
    wait_until(page, "x.mode().race.finished.length === 5 && x.mode().race.rests", FILM_MS)
    page.unroute("**/component_server**")
    main(page).get_by_role("button", name="Try again").click()
    finished(page)
    assert images(page, "made-mnist").shape == (COUNT, 784)
    expect(family(page, "MADE")).not_to_contain_text("MADE is busy.")


def test_what_is_refused_leaves_the_earlier_images_dimmed(page: Page, compare_app: str):
    open_compare(page, compare_app)
    finished(page)
    before = shown(page, "PixelCNN")
    accept = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(main(page)).to_contain_text("The model is busy.")
    assert (shown(page, "PixelCNN") == before).all()
    expect(family(page, "PixelCNN").locator(".tiles")).to_have_attribute("style", re.compile("opacity"))
    accept()
    main(page).get_by_role("button", name="Try again").click()
    finished(page)
    expect(family(page, "PixelCNN").locator(".tiles")).not_to_have_attribute("style", re.compile("opacity"))
    assert state(page)["seed"] == 10


def test_a_long_film_can_be_stopped_and_another_mode_ends_it(page: Page, compare_app: str):
    open_compare(page, compare_app, "seed=31")
    main(page).get_by_role("button", name="Stop").click()
    expect(main(page)).to_contain_text("Stopped. What has been drawn stays.")
    main(page).get_by_role("button", name="Go on").click()
    finished(page)
    page.get_by_role("button", name="Draw again").click()
    turn_to(page, "The table", "table")
    turn_to(page, "Make", "make")
    finished(page)


def test_the_picture_and_the_film_can_be_kept(page: Page, compare_app: str, tmp_path):
    open_compare(page, compare_app, "at=0.5&clock=evaluations")
    finished(page)
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.height > 5 * 56
        assert len(np.unique(np.asarray(picture.convert("L")))) > 10
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 51
