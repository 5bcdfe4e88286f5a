"""Training replayed in a real browser: the same codes, each time by another moment's generator."""

import csv
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.gan import (
    SLOW_MS,
    SNAPSHOTS,
    STAGE,
    drawn,
    gan,
    images,
    levels,
    main,
    open_gan,
    panel,
    refuse,
    saved,
    state,
    wait_for_address,
    wait_until,
)
from tests.tiny_app import App

SCRUBBER = "Training: step"
LAST = len(SNAPSHOTS) - 1
EPOCH = "55,040 images seen (epoch 1.00)"


def opened(page: Page, app: App, query: str = "") -> None:
    """Open the mode and wait until every moment is there."""
    open_gan(page, app.url, f"mode=learn&{query}")
    wait_until(page, "x.mode().current?.done")


def moment(app: App, index: int) -> np.ndarray:
    """The sixteen images of one snapshot, by that snapshot alone: (16, 784) bytes."""
    return levels(drawn(app.model(SNAPSHOTS[index]), 7)[2])


def test_an_arrow_steps_through_the_moments_while_nothing_has_the_focus(page: Page, tiny_app: App):
    opened(page, tiny_app)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    wait_for_address(page, f"frame={LAST - 1}")


def test_every_moment_draws_the_same_codes_with_its_own_networks(page: Page, tiny_app: App):
    opened(page, tiny_app)
    for index in range(LAST + 1):
        assert np.abs(images(page, f"x.mode().drawn.frames[{index}].x") - moment(tiny_app, index)).max() <= 1
    expect(main(page)).to_contain_text(EPOCH)
    page.get_by_role("slider", name=SCRUBBER).press("Home")
    wait_for_address(page, "frame=0")
    expect(main(page)).to_contain_text("0 images seen (epoch 0.00)")
    expect(panel(page).locator(".seen")).to_contain_text("Before the first image")
    page.get_by_role("slider", name=SCRUBBER).press("End")
    wait_until(page, "x.store.get().frame === null")
    expect(main(page)).to_contain_text(EPOCH)
    model = tiny_app.model(SNAPSHOTS[LAST])
    _, labels, x = drawn(model, 7)
    score = main(page).locator(".draw .number").first.inner_text()
    assert float(score.replace("\u2212", "-")) == pytest.approx(float(model.score(x, labels)[0]), abs=0.006)
    expect(panel(page)).to_contain_text("the discriminator’s loss is 1.00 on held-out images")
    charts = main(page).locator("canvas.chart")
    expect(charts.nth(0)).to_have_attribute(
        "aria-label", re.compile("^The discriminator’s loss at each snapshot: After")
    )
    charts.nth(1).click(position={"x": 40, "y": 100})
    wait_until(page, "x.store.get().frame === 0")


def test_an_image_is_followed_through_the_training(page: Page, tiny_app: App):
    opened(page, tiny_app)
    main(page).locator(".draw").nth(3).click()
    wait_for_address(page, "tap=3")
    expect(main(page)).to_contain_text("Image 4 through the training")
    wait_until(page, f"x.mode().strip.bytes?.length === {LAST + 1} * 784")
    followed = np.stack([moment(tiny_app, index)[3] for index in range(LAST + 1)])
    assert np.abs(images(page, "x.mode().strip.bytes") - followed).max() <= 1
    strip = main(page).locator("canvas.strip")
    strip.click(position={"x": 5, "y": 10})
    wait_for_address(page, "frame=0")


def test_it_plays_and_can_be_kept(page: Page, tiny_app: App, tmp_path):
    opened(page, tiny_app, "frame=0")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "x.store.get().frame === null")
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == LAST + 1
    rows = list(csv.reader(saved(page, "CSV", tmp_path).open(encoding="utf-8")))
    assert [float(row[0]) for row in rows[1:]] == [0, 1]
    assert [float(row[2]) for row in rows[1:]] == [2, 1]


def test_of_a_network_without_snapshots_nothing_is_offered(page: Page, tiny_app: App):
    opened(page, tiny_app, "net=gan-fashion-mnist")
    expect(panel(page)).to_contain_text("This is the training of the MNIST network")
    assert np.abs(images(page, f"x.mode().drawn.frames[{LAST}].x") - moment(tiny_app, LAST)).max() <= 1
    expect(page.locator(f"{STAGE} .header").get_by_role("group", name="Network")).to_be_hidden()
    expect(panel(page).locator(".tries")).not_to_contain_text("Clothes")
    assert state(page)["net"] == "gan-fashion-mnist", "it comes back in the other modes"


def test_a_moment_that_does_not_arrive_is_asked_for_again(page: Page, tiny_app: App):
    opened(page, tiny_app)
    accept = refuse(page)
    page.get_by_role("button", name="Draw again").click()
    retry = main(page).get_by_role("button", name="Try again")
    expect(retry).to_be_visible(timeout=SLOW_MS)
    accept()
    retry.click()
    wait_until(page, "x.mode().current?.done")
    expect(retry).to_be_hidden()
    assert state(page)["seed"] == 8
    model = tiny_app.model(SNAPSHOTS[0])
    assert np.abs(images(page, "x.mode().drawn.frames[0].x") - levels(drawn(model, 8)[2])).max() <= 1
    assert gan(page, "x.mode().drawn.frames[0].names") == [*map(str, drawn(model, 8)[1].tolist())]
