"""A picture noised to a chosen time and denoised from there, in a real browser."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.diffusion import (
    FILM_MS,
    TAB,
    array,
    asked,
    diffusion,
    main,
    open_diffusion,
    panel,
    refuse,
    saved,
    wait_for_address,
    wait_until,
)
from tests.stage import numbers

COUNT = 4


def open_middle(page: Page, url: str, query: str = "img=12") -> None:
    open_diffusion(page, url, f"mode=middle&steps=5&{query}")


def drawn(page: Page) -> None:
    """Wait until the four answers to what is chosen now are there."""
    wait_until(page, "x.mode().race?.finished.length && x.mode().found", FILM_MS)


def answers(page: Page) -> np.ndarray:
    return array(page, "x.mode().race.finished[0].x").reshape(COUNT, -1) / 255


def noisy(page: Page) -> str:
    return page.get_by_role("img", name="The picture, noised").evaluate("canvas => canvas.toDataURL()")


def test_four_answers_are_as_far_from_the_picture_as_is_said(page: Page, app_url: str):
    questions = asked(page, "middle")
    open_middle(page, app_url, "img=12&start=400&seed=3")
    drawn(page)
    expected = {"picture": {"test": 12, "set": "mnist"}, "start": 400, "seed": 3, "label": None, "w": 1, "steps": 5}
    assert questions == [{"net": "diffusion-mnist"} | expected]
    original = page.get_by_role("img", name="The picture", exact=True)
    levels = original.evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => !(i % 4))"
    )
    away = np.linalg.norm(answers(page) - np.array(levels) / 255, axis=-1)
    _, mean, each = panel(page).locator(".headline dd").all_text_contents()
    assert numbers(each) == pytest.approx(away, abs=0.006)
    assert numbers(mean) == pytest.approx([away.mean()], abs=0.006)
    words = panel(page).locator(".seen").inner_text()
    betas = np.linspace(1e-4, 0.02, 1000)
    alpha = np.prod(1 - betas[:400])
    assert numbers(words)[:3] == pytest.approx([alpha / (1 - alpha), alpha**0.5, (1 - alpha) ** 0.5], abs=0.006)
    assert numbers(words)[3] == pytest.approx(away.mean(), abs=0.006)


def test_the_picture_is_noised_while_the_slider_is_dragged_and_answered_when_it_is_let_go(page: Page, app_url: str):
    open_middle(page, app_url)
    drawn(page)
    questions = asked(page, "middle")
    before = noisy(page)
    box = panel(page).get_by_role("slider", name="Time to start from").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=5)
    during = noisy(page)
    assert during != before
    assert not questions, "nothing is asked while the slider is held"
    page.mouse.up()
    wait_for_address(page, "start=")
    drawn(page)
    assert len(questions) == 1
    assert questions[0]["start"] == diffusion(page, "x.store.get().start") < 400
    assert noisy(page) == during


def test_fewer_times_than_steps_are_all_taken(page: Page, app_url: str):
    open_middle(page, app_url, "img=12&start=2")
    drawn(page)
    assert diffusion(page, "x.mode().race.films[0].frames.length") == 3
    assert diffusion(page, "Math.max(...x.mode().found.table.slice(1).map((row) => row.at(-1)))") < 2, (
        "a picture with hardly any noise comes back"
    )


def test_the_film_starts_from_the_noised_picture_and_is_scrubbed_by_keys(page: Page, app_url: str, tmp_path):
    open_middle(page, app_url, "img=12&start=300")
    drawn(page)
    page.get_by_role("slider", name="Four answers: step").press("Home")
    wait_for_address(page, "at=0")
    expect(main(page)).to_contain_text("The start, at t = 300")
    main(page).locator(".film").press("ArrowRight")
    wait_for_address(page, "at=1")
    expect(main(page)).to_contain_text("t = 240")
    expect(main(page).locator(".film-numbers")).to_contain_text("predicted noise, rms")
    with Image.open(saved(page, "PNG", tmp_path)) as kept:
        assert kept.width > 250
    with Image.open(saved(page, "GIF", tmp_path)) as film:
        assert film.n_frames == 6


def test_an_empty_pad_says_what_to_do_and_a_drawing_is_answered(page: Page, app_url: str):
    open_middle(page, app_url)
    drawn(page)
    page.get_by_role("button", name="Draw one").click()
    expect(main(page)).to_contain_text("Draw something on the pad")
    box = panel(page).locator(".pad").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 110, box["y"] + 150, steps=8)
    page.mouse.up()
    wait_for_address(page, "draw=")
    drawn(page)
    expect(panel(page).locator(".seen")).to_contain_text("times your drawing plus")


def test_what_is_refused_is_said_and_the_answers_stay(page: Page, app_url: str):
    open_middle(page, app_url)
    drawn(page)
    shown = main(page).locator(".tile").first.evaluate("canvas => canvas.toDataURL()")
    allow = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(panel(page)).to_contain_text("The model is busy.")
    assert main(page).locator(".tile").first.evaluate("canvas => canvas.toDataURL()") == shown
    allow()
    panel(page).get_by_role("button", name="Try again").last.click()
    drawn(page)
    expect(main(page).locator(".tiles")).not_to_have_attribute("style", "opacity: 0.4;")


def test_on_a_phone_the_pictures_come_first_and_the_time_is_chosen_by_touch(phone: Page, app_url: str):
    open_middle(phone, app_url)
    drawn(phone)
    TAB.fits(phone)
    phone.get_by_role("button", name="A little noise").tap()
    wait_for_address(phone, "start=250")
    drawn(phone)
