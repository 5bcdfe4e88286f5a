"""Charts by plotly: lazily, in both themes, by keys, on a phone, kept as files, and what is said where they fail."""

import re

import pytest
from playwright.sync_api import Page, expect

from explorer.numbers.plots import SCRIPT
from tests.axe import violations
from tests.stage import turn_to_text

LIBRARY = re.compile(re.escape(SCRIPT))
ASKED = "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('plotly'))"
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.mark.core
def test_the_evidence_is_drawn_when_it_comes_into_sight_and_can_be_kept(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&__theme=dark")
    page.locator("#vae-stage .panel").wait_for()
    assert not page.evaluate(ASKED)
    charts = page.locator("#vae-charts")
    turn_to_text(page)
    charts.scroll_into_view_if_needed()
    plot = charts.locator(".plot").first
    plot.locator(".main-svg").first.wait_for()
    expect(plot.locator(".plot-host")).to_have_attribute(
        "aria-label", re.compile(r"Rate and distortion in nats.*β = 0\.01")
    )
    assert not violations(page, "#vae-charts")
    with page.expect_download() as table:
        plot.get_by_role("button", name="CSV").click()
    head, first, *_ = table.value.path().read_text(encoding="utf-8").splitlines()
    assert head.startswith('of,"rate, nats"') and first.startswith('"one network, every β"')
    with page.expect_download() as picture:
        plot.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes()[:4] == b"\x89PNG"
    charts.get_by_label("Charts of").select_option("beta-vae-fashion-mnist")
    with page.expect_download() as other:
        charts.locator(".plot").first.get_by_role("button", name="CSV").click()
    assert other.value.suggested_filename == "beta-vae-fashion-mnist-1.csv"


@pytest.mark.core
def test_a_library_that_does_not_come_is_said_and_asked_for_again(page: Page, app_url: str):
    page.route(LIBRARY, lambda route: route.fulfill(status=200, body="void 0", content_type="text/javascript"))
    page.goto(f"{app_url}/?tab=flow")
    page.locator("#flow-stage .panel").wait_for()
    turn_to_text(page)
    page.locator("#flow-charts").scroll_into_view_if_needed()
    plot = page.locator("#flow-charts .plot").first
    expect(plot.get_by_role("status")).to_have_text(re.compile("could not be read"))
    expect(plot.get_by_role("button", name="CSV")).to_be_enabled()
    page.unroute(LIBRARY)
    plot.get_by_role("button", name="Try again").click()
    plot.locator(".main-svg").first.wait_for()
    expect(plot.get_by_role("status")).to_have_text("")


def test_the_landscape_is_a_surface_that_keys_turn(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=energy&mode=landscape&form=surface&net=energy-moons")
    host = page.locator(".mode-landscape, .picture").locator(".plot-host").first
    host.locator("canvas").first.wait_for()
    eye = "(host) => host._fullLayout.scene.camera.eye.x"
    before = host.evaluate(eye)
    host.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"([host, before]) => ({eye})(host) !== before", arg=[host.element_handle(), before])
    page.get_by_role("button", name="heat").click()
    expect(host).to_be_hidden()
    expect(page.locator("canvas.landscape")).to_be_visible()


def test_charts_fit_a_phone(phone: Page, app_url: str):
    phone.goto(f"{app_url}/?tab=energy")
    phone.locator("#energy-stage .panel").wait_for()
    turn_to_text(phone)
    phone.locator("#energy-charts").scroll_into_view_if_needed()
    plot = phone.locator("#energy-charts .plot").nth(1)
    plot.locator(".main-svg").first.wait_for()
    assert not phone.evaluate(WIDE) and not violations(phone, "#energy-charts")
    assert plot.locator(".main-svg").first.bounding_box()["width"] <= 390
