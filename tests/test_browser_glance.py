"""What a visitor reaches with a few keys, or meets without scrolling, in every tab."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import STAGES
from tests.test_browser_layout import SIZE
from tests.test_browser_tabs import opened

CORE = ("foundations",)
"""Opens fast."""
TABS = [pytest.param(tab, marks=pytest.mark.core) if tab in CORE else tab for tab in STAGES]


@pytest.mark.parametrize("tab", TABS)
def test_the_first_link_of_the_page_leads_to_the_picture(page: Page, app_url: str, tab: str):
    page.set_viewport_size(SIZE)
    opened(page, app_url, tab, "light")
    page.locator("body").press("Tab")
    expect(page.get_by_role("link", name="Skip to the picture")).to_be_focused()
    page.keyboard.press("Enter")
    picture = page.locator(".stage:visible [data-picture]")
    expect(picture).to_be_focused()
    expect(picture).to_have_css("outline-style", "solid")
