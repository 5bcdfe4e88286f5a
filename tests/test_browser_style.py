"""The style tab in the browser: the grid follows its resolution, the sheet follows ψ, and a strip its slider."""

import pytest
from playwright.sync_api import Page, expect

STAGE = ".stage.style"
MODE = f"document.querySelector('{STAGE}').explorer.mode()"
STATE = f"document.querySelector('{STAGE}').explorer.store.get()"
IMAGES = f"[...document.querySelectorAll('{STAGE} .image-grid canvas')]"
PIXELS = "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].join()"


def open_style(page: Page, url: str, query: str) -> None:
    page.goto(f"{url}/?tab=style&{query}")
    page.wait_for_function(f"Boolean(document.querySelector('{STAGE}')?.explorer?.mode?.()?.seen)")
    answered(page)


def answered(page: Page) -> None:
    page.wait_for_function(f"{MODE}.answer?.isCurrent", timeout=120_000)


def images(page: Page) -> list[str]:
    return page.evaluate(f"{IMAGES}.map({PIXELS})")


@pytest.mark.core
def test_another_resolution_mixes_otherwise_between_the_same_sources(page: Page, app_url: str):
    open_style(page, app_url, "mode=mix")
    before = images(page)
    page.get_by_role("button", name="fine 28×28", exact=True).click()
    assert page.evaluate(f"{STATE}.level") == "fine"
    page.wait_for_function(f"{MODE}.answer.asked?.level === 'fine'")  # the question goes out with the next frame
    answered(page)
    after = images(page)
    sources = [*range(1, 6), 6, 12, 18, 24]
    assert len(after) == 30 and [before[each] for each in sources] == [after[each] for each in sources]
    assert before[7:12] != after[7:12]
    expect(page.locator(f"{STAGE} .seen")).to_contain_text("The top row gives its style at 28×28")


def test_the_sheet_follows_psi_at_once(page: Page, app_url: str):
    open_style(page, app_url, "mode=truncate&psi=0.9")
    before = images(page)
    slider = page.get_by_role("slider", name="truncation ψ", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{STATE}.psi") == 1 and page.evaluate(f"{MODE}.answer.isCurrent"), "nothing was asked"
    page.wait_for_function(f"before => {IMAGES}.map({PIXELS}).join() !== before.join()", arg=before)


def test_a_slider_moves_along_its_direction_and_its_strip_marks_the_place(page: Page, app_url: str):
    open_style(page, app_url, "mode=directions")
    strip = images(page)[:7]
    slider = page.locator(f"{STAGE} .style-direction input").first
    slider.focus()
    for _ in range(4):  # half a standard deviation each
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{STATE}.along[0] === 2")
    answered(page)
    assert images(page)[:7] == strip, "the strip passes through all places"
    assert (
        page.evaluate(f"{IMAGES}.slice(0, 7).map((each) => each.parentElement.dataset.mark === 'now')").index(True) == 5
    )
    now = page.locator(f"{STAGE} canvas[aria-label^='The image of the sliders']")
    assert now.evaluate(PIXELS) == strip[5]
    assert images(page)[7 + 3] == strip[5], "the other strips pass through the same image"
