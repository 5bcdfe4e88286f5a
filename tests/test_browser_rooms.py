"""Tabs that the page was served without: what they show comes when they are opened, and works like the first one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import PATIENCE_MS
from tests.stage import STAGE, open_stage, turn_to_text

GAN = ".nav [data-tab=gan]"
ASKED = "**/run/predict*"
BACK = "dispatchEvent(new Event('online'))"
DOWN = "This part could not be read; perhaps the line is down."


@pytest.fixture
def cut_off(browser: Browser) -> Iterator[Page]:
    """A page that may complain: its line is cut."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


@pytest.mark.core
def test_what_a_tab_shows_comes_once_when_it_is_opened(page: Page, app_url: str):
    open_stage(page, app_url)
    assert page.evaluate("!gradio_config.components.some(({ props }) => props.elem_id === 'gan-stage')")
    asked = []
    page.on("request", lambda request: "/run/predict" in request.url and asked.append(request.post_data_json))
    page.locator(GAN).click()
    page.wait_for_function("document.querySelector('#gan-stage .stage')?.explorer?.mode().update && true")
    turn_to_text(page)
    expect(page.locator("#evidence-gan-mnist")).to_contain_text("Fréchet")
    expect(page.locator("#families .katex:visible").first).to_be_visible()
    page.locator(".nav [data-tab=vae]").click()
    page.locator(GAN).click()
    expect(page.locator("#evidence-gan-mnist")).to_be_visible()
    rooms = [each["trigger_id"] for each in asked]
    assert len(rooms) == len({*rooms}) >= 2, "the tab and its text, each once"
    assert page.locator(".room:visible .entering").count() == 0


def test_formulas_and_code_of_a_tab_that_came_later_work(page: Page, app_url: str):
    open_stage(page, app_url)
    page.locator(GAN).click()
    page.wait_for_function("document.querySelector('#gan-stage .stage')?.explorer?.mode().update && true")
    turn_to_text(page)
    formula = page.locator("#show_optimal")
    before = formula.inner_text()
    box = page.get_by_role("spinbutton", name="p", exact=True)
    box.fill("0.123")
    expect(formula).to_contain_text("0.123")
    assert formula.inner_text() != before
    code = page.locator(".tabs.code:visible")
    code.get_by_role("tab", name="The game", exact=True).click()
    shown = code.locator(".tabitem:visible")
    expect(shown).to_contain_text("def d_step")
    expect(shown).not_to_contain_text("def sample_steps")


@pytest.mark.core
def test_a_tab_that_did_not_come_says_so_and_comes_when_the_line_is_back(cut_off: Page, app_url: str):
    open_stage(cut_off, app_url)
    cut_off.route(ASKED, lambda route: route.abort("internetdisconnected"))
    cut_off.locator(GAN).click()
    expect(cut_off.locator(".entering")).to_contain_text(DOWN)
    cut_off.go_back()
    expect(cut_off.locator(STAGE)).to_be_visible()
    cut_off.go_forward()
    expect(cut_off.locator(".entering")).to_be_visible()
    cut_off.unroute(ASKED)
    cut_off.evaluate(BACK)
    expect(cut_off).to_have_title("The game · GAN · Explorer")
    expect(cut_off.locator(".entering")).to_have_count(0)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_has_no_time_is_asked_again(cut_off: Page, app_url: str, status: int):
    open_stage(cut_off, app_url)
    cut_off.route(ASKED, lambda route: route.fulfill(status=status, body='{"error": "too much"}'), times=1)
    cut_off.locator(GAN).click()
    expect(cut_off).to_have_title("The game · GAN · Explorer")


def test_a_formula_typed_while_the_line_was_down_is_answered_later(cut_off: Page, app_url: str):
    open_stage(cut_off, app_url)
    turn_to_text(cut_off)
    cut_off.route(ASKED, lambda route: route.abort("internetdisconnected"))
    cut_off.get_by_role("spinbutton", name="μ", exact=True).first.fill("3.5")
    cut_off.wait_for_timeout(500)
    cut_off.unroute(ASKED)
    cut_off.evaluate(BACK)
    expect(cut_off.locator("#show_kl")).to_contain_text("12.25")
