"""Two samplers from one noise, in few steps and in many, in a real browser."""

import csv
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.diffusion import (
    FILM_MS,
    asked,
    diffusion,
    main,
    open_diffusion,
    panel,
    refuse,
    saved,
    state,
    wait_for_address,
    wait_until,
)

SHORT = [5, 10, 20, 50, 100]
COUNT = 4


def rows(page: Page) -> Locator:
    """The five rows of DDIM, then the six of DDPM."""
    return main(page).locator(".family")


def open_samplers(page: Page, url: str, query: str = "") -> None:
    """Open the mode and wait until the ten short rows are drawn; who asks again is given the films that are there."""
    open_diffusion(page, url, f"mode=samplers&{query}")
    wait_until(page, "x.mode().race?.queue.isComplete && x.mode().race.queue.wanted.length === 10", 3 * FILM_MS)


def images(page: Page, sampler: str, steps: int, frame: int) -> np.ndarray:
    """The images of a row's frame in [0, 1], -1 for its last: (4, 784)."""
    asked = f"({{ request }}) => request?.sampler === '{sampler}' && request.steps === {steps}"
    film = f"x.mode().race.columns.find({asked}).film"
    return np.array(diffusion(page, f"[...{film}.frames.at({frame}).x]")).reshape(COUNT, -1) / 255


def away(page: Page, sampler: str, steps: int) -> float:
    final, reference = (images(page, sampler, each, -1) for each in (steps, 100))
    return float(np.sqrt(((final - reference) ** 2).sum(-1)).mean())


def shown(page: Page) -> list[str]:
    """Pictures on the canvases of each row."""
    look = "all => all.map(row => [...row.querySelectorAll('.tile')].map(canvas => canvas.toDataURL()).join())"
    return rows(page).evaluate_all(look)


def one_clock(page: Page) -> None:
    """Check that all rows are shown at the time that one slider says."""
    ends = shown(page)
    clock = page.get_by_role("slider", name="Samplers on one clock: step")
    clock.press("Home")
    wait_for_address(page, "at=0")
    assert len(set(shown(page)[:10])) == 1, "at t = T the rows show the same noise"
    page.get_by_role("button", name="One step forward").click()
    wait_until(page, "x.store.get().at === 1")
    now = shown(page)
    assert now[0] == now[1] == now[2] == now[3], "no row of fifty steps or fewer has got to t = 990"
    assert now[4] != now[0], "the row of a hundred has"
    clock.press("End")
    wait_until(page, "x.store.get().at === null")
    assert shown(page) == ends


def test_rows_start_from_one_noise_and_say_what_they_cost(page: Page, app_url: str, tmp_path):
    open_samplers(page, app_url)
    start = images(page, "ddim", 5, 0)
    for sampler in ("ddim", "ddpm"):
        for steps in SHORT:
            assert (images(page, sampler, steps, 0) == start).all(), "every row starts from the same x₁₀₀₀"
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [(row["sampler"], int(row["steps"])) for row in found] == [(s, n) for s in ("ddim", "ddpm") for n in SHORT]
    assert [row["evaluations"] for row in found] == [row["steps"] for row in found]
    assert all(float(row["seconds"]) > 0 for row in found)
    for row in found:
        expected = away(page, row["sampler"], int(row["steps"]))
        assert float(row["L2 distance to 100 steps"]) == pytest.approx(expected, abs=1e-6)
    few = away(page, "ddim", 5)
    expect(rows(page).nth(0)).to_contain_text(re.compile(rf"L2 to 100 steps\s*{few:.2f}"))
    expect(panel(page).locator(".seen")).to_contain_text(f"DDIM's 5 evaluations end {few:.2f} (L2) from its 100")
    expect(rows(page).nth(6)).to_contain_text(re.compile(r"L2 to 100 steps\s*$"))
    drawn = ", ".join(f"{steps} steps {away(page, 'ddim', steps):.2f}" for steps in SHORT[:-1])
    name = main(page).locator(".samplers-chart canvas").get_attribute("aria-label")
    assert name.endswith(f"DDIM: {drawn}"), "DDPM adds noise and has no line"
    with Image.open(saved(page, "PNG", tmp_path)) as kept:
        assert kept.height > 500
        assert len(np.unique(np.array(kept.convert("L")))) > 20
    one_clock(page)


def test_eta_draws_ddim_again_and_a_thousand_steps_are_drawn_on_demand(page: Page, app_url: str):
    open_samplers(page, app_url)
    questions = asked(page, "reverse")
    slider = panel(page).get_by_role("slider", name="η of DDIM")
    slider.press("End")
    wait_for_address(page, "eta=1")
    expect(main(page)).to_contain_text("DDIM: η = 1.00")
    wait_until(page, "x.mode().found({ sampler: 'ddim', steps: 5 })", FILM_MS)
    panel(page).get_by_role("button", name="Stop").click()
    expect(panel(page)).to_contain_text("Stopped. What has been drawn stays.")
    assert all(question["sampler"] == "ddim" and question["eta"] == 1 for question in questions)
    assert 1 <= len(questions) <= 5
    slider.press("Home")
    wait_until(page, "x.mode().race.queue.isComplete")
    assert state(page)["eta"] == 0
    expect(panel(page).get_by_role("button", name="Go on")).to_be_hidden()
    main(page).get_by_role("button", name="Draw it").click()
    wait_until(page, "x.mode().race.columns.at(-1).film?.frames.length > 1", FILM_MS)
    expect(panel(page)).to_contain_text(re.compile(r"DDPM, 1,000 steps draws: \d+ %"))
    with page.expect_request(lambda request: "component_server" in request.url and "stop" in (request.post_data or "")):
        panel(page).get_by_role("button", name="Stop").click()
    assert questions[-1]["steps"] == 1000 and questions[-1]["sampler"] == "ddpm"
    expect(panel(page).get_by_role("button", name="Go on")).to_be_focused()


def test_what_is_refused_is_said_and_can_be_asked_again(page: Page, app_url: str):
    open_samplers(page, app_url)
    before = shown(page)
    allow = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(panel(page)).to_contain_text("The model is busy.")
    assert shown(page) == before, "what was drawn stays"
    allow()
    panel(page).get_by_role("button", name="Try again").last.click()
    wait_until(page, "x.mode().found({ sampler: 'ddim', steps: 5 })", FILM_MS)
    assert shown(page)[0] != before[0]


def test_on_a_phone_the_rows_of_ddim_come_first_and_nothing_is_wider_than_the_screen(phone: Page, app_url: str):
    open_samplers(phone, app_url)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first, last = (rows(phone).nth(k).bounding_box() for k in (0, 5))
    assert last["y"] > first["y"] and last["x"] == first["x"]
    tiles = [tile.bounding_box() for tile in rows(phone).first.locator(".tile").all()]
    assert len({tile["y"] for tile in tiles}) == 1 and min(tile["width"] for tile in tiles) >= 56
