"""Every tab opens whole in a real browser, light on a laptop and dark on a phone, and axe-core finds nothing.

In the core most tabs become dark and as narrow as a phone once they are open.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.axe import violations_in, wait_until_undimmed
from tests.rest import counts_questions
from tests.stage import mode_panel
from tests.test_browser_layout import AS_A_STRANGER, SIZE, STAGES, problems

QUICK = {"compare": "mode=table", "playground": "steps=200&learn=8&n=200"}
"""Where the first mode computes for long, one that does not, and a short training."""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200))))"
PHONE = {"width": 390, "height": 844}
TOO_WIDE = """(stage) => [stage, ...stage.querySelectorAll(".panel, .mechanism, .header")]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `.${each.className} ends at ${Math.round(each.getBoundingClientRect().right)}`)"""


DARK = "document.body.classList.add('dark')"
"""Makes the page dark as `__theme` does."""
PHONES = [pytest.param(tab, marks=pytest.mark.core) if tab in ("foundations", "vae", "ar") else tab for tab in STAGES]


def opened(page: Page, url: str, tab: str, theme: str):
    page.add_init_script(AS_A_STRANGER)
    page.goto(f"{url}/?tab={tab}&__theme={theme}&{QUICK.get(tab, '')}")
    expect(mode_panel(page)).to_be_visible()
    return page.locator(f".stage.{STAGES[tab]}")


def fits_a_phone_in_the_dark(page: Page, stage: Locator, tab: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not stage.evaluate(TOO_WIDE)
    expect(stage.locator(".status[data-kind=error]:not(:empty)")).to_have_count(0)
    assert not violations_in("dark", page, f".stage.{STAGES[tab]}")


@pytest.mark.core
@pytest.mark.parametrize("tab", STAGES)
def test_it_opens_on_a_laptop_in_the_light_and_then_fits_a_phone_in_the_dark(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    counts_questions(page)
    stage = opened(page, app_url, tab, "light")
    if tab != "compare":  # the table says nothing of what is seen
        expect(stage.locator(".seen:visible > :not(h2)").first).to_have_text(re.compile(r"\w"))
    assert not problems(stage)
    wait_until_undimmed(page, f".stage.{STAGES[tab]}")
    assert not violations_in("light", page)
    page.set_viewport_size(PHONE)
    page.evaluate(DARK)
    stage.evaluate(SETTLED)
    fits_a_phone_in_the_dark(page, stage, tab)


@pytest.mark.parametrize("tab", PHONES)
def test_it_opens_on_a_phone_in_the_dark(page: Page, app_url: str, tab: str):
    page.set_viewport_size(PHONE)
    fits_a_phone_in_the_dark(page, opened(page, app_url, tab, "dark"), tab)
