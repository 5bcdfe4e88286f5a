"""An error on a stage ends with its cause: announced, asked again by key, and gone once a question is answered."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.axe import violations
from tests.diffusion import TAB as DIFFUSION
from tests.stage import mode_panel, mode_tab

PATIENCE_MS = 60_000

QUESTIONS = "**/component_server/**"
LOST = "The server did not answer"
EXERCISE = "tab=foundations&mode=exercises&exercise=which-kl&numbers=12"


@pytest.fixture
def loose(browser: Browser) -> Iterator[Page]:
    """A page that may complain: its questions fail."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def cut(page: Page, off: bool) -> None:
    """Have the server fail with every question, though it is reached."""
    if off:
        page.route(QUESTIONS, lambda route: route.fulfill(status=500))
    else:
        page.unroute(QUESTIONS)


def status(page: Page) -> Locator:
    return page.locator(".stage:visible .status")


def lost(page: Page) -> Locator:
    """The button that asks again, beside the error that is said."""
    expect(status(page)).to_contain_text(LOST)
    expect(page.locator(".stage:visible .status + [role=status]")).to_contain_text(LOST)
    return status(page).get_by_role("button", name="Try again")


def worked(page: Page) -> Locator:
    return page.locator(".stage:visible").get_by_role("button", name="Worked answer")


def exercise(page: Page, url: str) -> Page:
    """An exercise whose worked answer was asked for in vain."""
    page.goto(f"{url}/?{EXERCISE}")
    expect(page.locator(".tour-choices button").first).to_be_visible()
    cut(page, True)
    worked(page).click()
    expect(lost(page)).to_be_visible()
    return page


@pytest.mark.core
def test_try_again_asks_the_same_question_by_key(loose: Page, app_url: str):
    page = exercise(loose, app_url)
    assert not violations(page)
    cut(page, False)
    lost(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".exercise-worked")).to_be_visible()
    expect(status(page)).to_have_text("")
    assert page.evaluate("document.activeElement !== document.body")


def test_try_again_takes_a_tap_on_a_phone(loose: Page, app_url: str):
    loose.set_viewport_size({"width": 390, "height": 844})
    page = exercise(loose, app_url)
    cut(page, False)
    lost(page).click()
    expect(page.locator(".exercise-worked")).to_be_visible()
    expect(status(page)).to_have_text("")


def test_an_error_stays_while_the_mode_under_an_exercise_comes_late(loose: Page, app_url: str):
    loose.route("**/foundations/divergences.js", lambda route: route.abort())
    page = exercise(loose, app_url)
    loose.unroute("**/foundations/divergences.js")
    cut(page, False)
    expect(page.locator(".stage:visible .picture canvas").first).to_be_visible()
    expect(lost(page)).to_be_visible()


def test_try_again_in_vain_says_so_again_and_keeps_the_focus(loose: Page, app_url: str):
    page = exercise(loose, app_url)
    lost(page).focus()
    with page.expect_response(QUESTIONS):
        page.keyboard.press("Enter")
    expect(lost(page)).to_be_focused()


def test_an_error_is_gone_once_another_question_is_answered(loose: Page, app_url: str):
    page = exercise(loose, app_url)
    cut(page, False)
    page.locator(".tour-choices button").first.click()
    expect(page.locator(".exercise-verdict")).not_to_be_empty()
    expect(status(page)).to_have_text("")


@pytest.mark.core
def test_an_error_is_gone_in_another_mode(loose: Page, app_url: str):
    page = exercise(loose, app_url)
    page.locator(".nav .tab:visible").first.click()
    expect(status(page)).to_have_text("")


@pytest.mark.core
def test_a_mode_asks_again_for_what_it_did_not_get(loose: Page, app_url: str):
    page = loose
    page.goto(f"{app_url}/?tab=vae&mode=encode&img=3")
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer?.map?.mode?.isCurrent")
    cut(page, True)
    page.evaluate("document.querySelector('.stage.vae').explorer.store.set({ img: 5 }, { commit: true })")
    lost(page).focus()
    cut(page, False)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.stage.vae').explorer.map.mode.isCurrent")
    expect(status(page)).to_have_text("")


def test_what_was_lost_in_one_mode_of_films_is_not_told_in_another(loose: Page, compare_app: str):
    page = loose
    page.goto(f"{compare_app}/?tab=diffusion&mode=forward")
    stage = page.locator(".stage.diffusion")
    expect(mode_panel(page)).to_be_visible()
    for mode in ("Guidance", "Reverse"):
        DIFFUSION.turn_to(page, mode, mode.lower())
        expect(stage.locator(".queue")).to_be_visible()
    cut(page, True)
    page.evaluate("document.querySelector('.stage.diffusion').explorer.store.set({ seed: 99 }, { commit: true })")
    expect(stage.locator(".queue")).to_contain_text(LOST)
    cut(page, False)
    mode_tab(page, "Guidance").click()
    expect(stage.locator(".queue button:visible")).to_have_count(0, timeout=PATIENCE_MS)
    expect(stage).not_to_contain_text(LOST)
    mode_tab(page, "Reverse").click()
    expect(stage).not_to_contain_text(LOST)
