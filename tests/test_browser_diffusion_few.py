"""Few steps, and any two samplers side by side, in a real browser: by pointer, by keys and on a phone."""

import csv
import re

import numpy as np
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.diffusion import (
    FILM_MS,
    asked,
    diffusion,
    main,
    open_diffusion,
    panel,
    saved,
    state,
    wait_for_address,
    wait_until,
)

ALL = "({ request, film }) => !request || (film?.done && film === x.mode().race.queue.filmOf(request))"
ROWS = "x.mode().race?.columns"
DONE = f"{ROWS}?.some(({{ request }}) => request) && {ROWS}.every({ALL})"
COUNT = 4


def open_few(page: Page, url: str, query: str = "") -> None:
    open_diffusion(page, url, f"mode=few&{query}")
    wait_until(page, DONE, FILM_MS)


def images(page: Page, place: int, frame: int = -1) -> np.ndarray:
    """The images of a row's frame in [0, 1]: (4, 784)."""
    film = f"x.mode().race.columns[{place}].film"
    return np.array(diffusion(page, f"[...{film}.frames.at({frame}).x]")).reshape(COUNT, -1) / 255


def away(page: Page, place: int) -> float:
    return float(np.sqrt(((images(page, place) - images(page, 6)) ** 2).sum(-1)).mean())


def test_one_noise_is_asked_once_twice_and_four_times(page: Page, app_url: str, tmp_path):
    open_few(page, app_url, "label=3")
    rows = main(page).locator(".family")
    assert rows.count() == 7
    assert all((images(page, place, 0) == images(page, 0, 0)).all() for place in range(7)), "one noise for all"
    expect(rows.nth(0)).to_contain_text(re.compile(rf"L2 to reference\s*{away(page, 0):.2f}"))
    expect(rows.nth(3)).to_contain_text(re.compile(rf"L2 to reference\s*{away(page, 3):.2f}"))
    expect(panel(page).locator(".seen")).to_contain_text(f"One jump of the student ends {away(page, 3):.2f} from there")
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [(row["who"], row["evaluations"]) for row in found] == [
        *(("teacher", n) for n in "124"),
        *(("student", n) for n in "124"),
        ("teacher", "50"),
    ]
    clock = page.get_by_role("slider", name="Few evaluations, side by side: step")
    clock.press("Home")
    wait_for_address(page, "at=0")
    clock.press("End")
    wait_until(page, "x.store.get().at === null")
    questions = asked(page, "jump")
    end = images(page, 3)
    panel(page).get_by_role("group", name="Student after").get_by_role("button").first.click()
    wait_for_address(page, "moment=0")
    wait_until(page, DONE, FILM_MS)
    assert len(questions) == 3 and all(each["who"] == "student" and each["moment"] == 0 for each in questions)
    assert not (images(page, 3) == end).all()
    assert not violations(page, ".stage.diffusion")


def test_clothes_have_no_student_and_what_the_teacher_says_is_there(page: Page, app_url: str):
    open_few(page, app_url, "net=diffusion-fashion-mnist")
    expect(main(page).locator(".family").nth(3)).to_contain_text("Nothing was distilled from this network")
    assert images(page, 0).shape == (COUNT, 784)
    expect(panel(page).locator(".seen")).to_contain_text("One evaluation of the diffusion ends")


def test_samplers_change_places_and_both_solve_one_equation(page: Page, app_url: str):
    open_diffusion(page, app_url, "mode=samplers&right=dpm")
    wait_until(page, DONE, 3 * FILM_MS)
    expect(panel(page).locator(".seen")).to_contain_text("Both solve the same equation")
    assert (images(page, 0, 0) == images(page, 5, 0)).all()
    left, right = (panel(page).get_by_label(side, exact=True) for side in ("Left", "Right"))
    left.select_option("dpm")
    wait_for_address(page, "left=dpm")
    assert (state(page)["left"], state(page)["right"]) == ("dpm", "ddim")
    expect(right).to_have_value("ddim")
    expect(main(page).locator(".family").first).to_contain_text("DPM-Solver++, 5 steps")


def test_on_a_phone_the_rows_stand_one_below_another_and_nothing_is_wider_than_the_screen(phone: Page, app_url: str):
    open_few(phone, app_url)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first, last = (main(phone).locator(".family").nth(k).bounding_box() for k in (0, 3))
    assert last["y"] > first["y"] and last["x"] == first["x"]
    tiles = [tile.bounding_box() for tile in main(phone).locator(".family").first.locator(".tile").all()]
    assert min(tile["width"] for tile in tiles) >= 56
