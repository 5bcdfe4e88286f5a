"""*Share → Python* in the page: it copies the cell of what is on screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.stage import open_share


@pytest.mark.core
def test_what_is_on_screen_is_copied_as_python(page: Page, app_url: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_url}/?tab=lab&mode=matrix")
    page.wait_for_function("document.querySelector('.stage.lab')?.explorer")
    open_share(page)
    item = page.get_by_role("button", name="Python", exact=True).locator("visible=true")
    expect(item).to_be_enabled()
    item.click()
    expect(page.get_by_role("button", name="Copied").locator("visible=true")).to_be_visible()
    assert "matrix.plain(data='mnist'" in page.evaluate("navigator.clipboard.readText()")
