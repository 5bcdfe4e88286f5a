"""What axe-core says of the GAN: every mode, in the light and in the dark."""

import pytest
from playwright.sync_api import Page

from tests.gan import STAGE, App, open_gan
from tests.test_browser import violations

MODES = ("generate", "game", "collapse", "gradient", "learn", "cannot", "tour")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, gan_app: App, theme: str):
    open_gan(page, gan_app.url, f"mode=learn&img=12&__theme={theme}")
    assert page.evaluate("document.body.classList.contains('dark')") == (theme == "dark")
    found = {}
    for mode in MODES:
        before = page.evaluate_handle(f"document.querySelector('{STAGE}').explorer.mode()")
        page.locator(f"#gan-tab-{mode}").click()
        page.locator(f"{STAGE} .mode-{mode}").wait_for()
        page.wait_for_function(f"before => document.querySelector('{STAGE}').explorer.mode() !== before", arg=before)
        found[mode] = violations(page, STAGE)
    assert not {mode: problems for mode, problems in found.items() if problems}
