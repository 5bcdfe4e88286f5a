"""The lab in the browser: the sheet follows the strength, the metrics follow the sheet, and a cell opens its case."""

import json

import pytest
from playwright.sync_api import Locator, Page, Route, expect

STAGE = ".stage.lab"
MODE = f"document.querySelector('{STAGE}').explorer.mode()"
STATE = f"document.querySelector('{STAGE}').explorer.store.get()"


def open_lab(page: Page, url: str, query: str = "") -> None:
    page.goto(f"{url}/?tab=lab{query}")
    page.wait_for_function(f"Boolean(document.querySelector('{STAGE}')?.explorer?.mode?.()?.seen)")


def judged(page: Page) -> None:
    page.wait_for_function(f"{MODE}.isCurrent ?? {MODE}.answer?.isCurrent", timeout=120_000)


def frechet(page: Page) -> Locator:
    return page.locator(f"{STAGE} .lab-row").filter(has_text="Fréchet distance")


@pytest.mark.core
def test_the_sheet_follows_the_strength_at_once_and_the_metrics_follow(page: Page, app_url: str):
    open_lab(page, app_url, "&damage=noise&strength=0")
    judged(page)
    page.wait_for_function(f"{MODE}.isDrawn")
    before = page.evaluate(f"[...{MODE}.images].join()")
    slider = page.get_by_role("slider", name="Strength", exact=True)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{STATE}.strength") == 0.5
    assert page.evaluate(f"[...{MODE}.images].join()") != before
    judged(page)
    expect(frechet(page)).to_contain_text("notices")


WAITED = """() => {
  const wait = document.querySelector(".stage.lab .lab-wait");
  return wait?.checkVisibility() && /about \\d+ s left|s so far/.test(getComputedStyle(wait, "::after").content);
}"""


def test_the_first_measures_say_how_long_they_take(page: Page, app_url: str):
    held: list[Route] = []

    def hold(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}").get("fn_name")
        held.append(route) if asked == "judge" else route.continue_()

    page.route("**/component_server**", hold)
    open_lab(page, app_url, "&damage=blur&strength=0.4&seed=11")
    page.wait_for_function(WAITED)
    for each in held:
        each.continue_()
    judged(page)
    expect(page.locator(f"{STAGE} .lab-wait")).to_be_hidden()


def test_a_cell_of_the_matrix_opens_its_case(page: Page, app_url: str):
    open_lab(page, app_url, "&mode=matrix&level=100")
    judged(page)
    page.get_by_role("link", name="Training images, Fréchet distance").click()
    page.wait_for_function(f"{STATE}.mode === 'damage' && {STATE}.damage === 'memorise' && {STATE}.strength === 1")
    judged(page)
    expect(frechet(page)).to_contain_text("fooled")


def test_the_orange_set_is_dragged_by_pointer_and_keys(page: Page, app_url: str):
    open_lab(page, app_url, "&mode=gaussians")
    plane = page.get_by_role("application", name="Two sets in the plane")
    box = plane.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.4 * box["height"], steps=5)
    page.mouse.up()
    assert page.evaluate(f"{STATE}.mean") == [2, 1]
    plane.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(f"{STATE}.mean") == [1.9, 1.1]
