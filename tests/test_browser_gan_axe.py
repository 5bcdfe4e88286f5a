"""Findings of axe-core on the GAN: every mode, in the light and in the dark."""

import pytest
from playwright.sync_api import Page

from explorer.tabs.gan.tab import TAB
from tests.axe import violations_in
from tests.gan import STAGE, open_gan
from tests.stage import mode_tab
from tests.tiny_app import App

MODES = ("generate", "game", "collapse", "gradient", "learn", "cannot", "tour")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, tiny_app: App, theme: str):
    open_gan(page, tiny_app.url, f"mode=learn&img=12&__theme={theme}")
    found = {}
    for mode in MODES:
        before = page.evaluate_handle(f"document.querySelector('{STAGE}').explorer.mode()")
        mode_tab(page, TAB.modes[mode]).click()
        page.locator(f"{STAGE} .mode-{mode}").wait_for()
        page.wait_for_function(f"before => document.querySelector('{STAGE}').explorer.mode() !== before", arg=before)
        found[mode] = violations_in(theme, page, STAGE)
    assert not {mode: problems for mode, problems in found.items() if problems}
