"""Findings of axe-core on the comparison: every mode, in the light and in the dark."""

import pytest
from playwright.sync_api import Page

from tests.axe import violations_in, wait_until_undimmed
from tests.compare import FILM_MS, STAGE, open_compare
from tests.stage import turn_to_text

MODES = ("make", "likely", "finish", "odd", "between", "real", "table")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, compare_app: str, theme: str):
    open_compare(page, compare_app, f"mode=table&img=12&__theme={theme}")
    found = {}
    for mode in MODES:
        before = page.evaluate_handle(f"document.querySelector('{STAGE}').explorer.mode()")
        page.evaluate(f"mode => document.querySelector('{STAGE}').explorer.store.commit({{ mode }})", mode)
        page.locator(f"{STAGE} .mode-{mode}").wait_for()
        page.wait_for_function(f"before => document.querySelector('{STAGE}').explorer.mode() !== before", arg=before)
        wait_until_undimmed(page, STAGE, timeout=FILM_MS)
        found[mode] = violations_in(theme, page, STAGE)
    turn_to_text(page)
    found["texts"] = violations_in(theme, page, f".tabitem:has({STAGE})")
    assert not {mode: problems for mode, problems in found.items() if problems}
