"""One seed and one class under five scales of guidance, in a real browser."""

import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.diffusion import (
    FILM_MS,
    asked,
    choose_number,
    diffusion,
    main,
    open_diffusion,
    panel,
    refuse,
    state,
    wait_for_address,
    wait_until,
)
from tests.promises import classes_of

SCALES = [0, 1, 2, 4, 7]
COUNT = 8


def rows(page: Page) -> Locator:
    return main(page).locator(".family")


def open_guidance(page: Page, url: str, query: str = "") -> None:
    open_diffusion(page, url, f"mode=guidance&steps=4&{query}")
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until all rows are there, of what is chosen now."""
    wait_until(page, "x.mode().race?.queue.isComplete && x.mode().race.finished.length === 5", FILM_MS)


def images(page: Page, row: int, frame: int) -> np.ndarray:
    return (
        np.array(diffusion(page, f"[...x.mode().race.columns[{row}].film.frames.at({frame}).x]")).reshape(COUNT, -1)
        / 255
    )


def test_one_seed_and_one_class_are_drawn_with_every_scale(page: Page, app_url: str):
    questions = asked(page, "reverse")
    open_guidance(page, app_url, "label=8&seed=11")
    assert [question["w"] for question in questions] == SCALES
    assert {(each["seed"], each["label"], each["count"], each["steps"]) for each in questions} == {(11, 8, COUNT, 4)}
    start = images(page, 0, 0)
    assert all((images(page, row, 0) == start).all() for row in range(5)), "all start from the same noise"
    ends = [images(page, row, -1) for row in range(5)]
    assert len({end.tobytes() for end in ends}) == 5
    apart = [np.linalg.norm(ends[row][:, None] - ends[row][None], axis=-1) for row in (1, 4)]
    low, high = (float(each[np.triu_indices(COUNT, 1)].mean()) for each in apart)
    expect(panel(page).locator(".seen")).to_contain_text(f"{low:.2f} (L2) apart at w = 1 and {high:.2f} at w = 7")
    for row, end in enumerate(ends):
        seen = classes_of("mnist", end).count(8)
        expect(rows(page).nth(row)).to_contain_text(f"{seen} of 8")
    hits = classes_of("mnist", ends[1]).count(8)
    expect(panel(page).locator(".seen")).to_contain_text(
        f"The classifier recognises an 8 in {hits} of these 8 at w = 1"
    )
    page.get_by_role("slider", name="Guidance, step by step: step").press("ArrowLeft")
    expect(panel(page).locator(".seen")).to_contain_text("At t = 250 the eight xₜ lie")
    expect(rows(page).first).not_to_contain_text(" of 8")


def test_where_any_class_is_chosen_threes_are_drawn_and_the_choice_says_so(page: Page, app_url: str):
    questions = asked(page, "reverse")
    open_guidance(page, app_url)
    assert {question["label"] for question in questions} == {3}
    expect(panel(page).get_by_role("combobox", name="Class")).to_have_value("3")
    panel(page).get_by_role("combobox", name="Class").select_option("8")
    wait_for_address(page, "label=8")
    drawn(page)
    assert questions[-1]["label"] == 8


def test_scale_film_and_number_of_steps_are_chosen_by_pointer_and_keys(page: Page, app_url: str):
    open_guidance(page, app_url, "label=3")
    rows(page).nth(3).get_by_role("button", name="w = 4").click()
    wait_for_address(page, "w=4")
    expect(rows(page).nth(3).get_by_role("button")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("slider", name="Guidance, step by step: step").press("Home")
    wait_for_address(page, "at=0")
    expect(main(page)).to_contain_text("All rows start from the same x₁₀₀₀")
    look = "all => all.map(row => [...row.querySelectorAll('.tile')].map(canvas => canvas.toDataURL()).join())"
    assert len(set(rows(page).evaluate_all(look))) == 1
    main(page).locator(".film").press("End")
    wait_until(page, "x.store.get().at === null")
    expect(main(page)).to_contain_text("Finished")
    choose_number(page, "Steps", 1000)
    expect(panel(page)).to_contain_text("Wanted: a whole number from 1 to 100.")
    assert state(page)["steps"] == 4
    choose_number(page, "Steps", 2)
    wait_for_address(page, "steps=2")
    drawn(page)
    assert diffusion(page, "x.mode().race.columns[0].film.frames.length") == 3


def test_a_refused_row_is_said_and_asked_for_again(page: Page, app_url: str):
    open_guidance(page, app_url, "label=3")
    allow = refuse(page)
    panel(page).get_by_role("button", name="Draw again").click()
    expect(panel(page)).to_contain_text("The model is busy.")
    allow()
    panel(page).get_by_role("button", name="Try again").last.click()
    drawn(page)
    assert diffusion(page, "x.mode().race.queue.wanted[0].seed") == 8


def test_on_a_phone_a_row_is_folded_so_that_it_can_be_read(phone: Page, app_url: str):
    open_guidance(phone, app_url, "label=3")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tiles = [tile.bounding_box() for tile in rows(phone).first.locator(".tile").all()]
    assert min(tile["width"] for tile in tiles) >= 56
    assert len({tile["y"] for tile in tiles}) == 2 and len(tiles) == COUNT, "two lines of four"
    rows(phone).nth(2).get_by_role("button").tap()
    wait_for_address(phone, "w=2")
