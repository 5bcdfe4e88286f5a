"""Tokens in a real browser: exchanged by pointer and keys, a step dragged, a race run, on a phone too."""

import pytest
from playwright.sync_api import Page, expect

from explorer import data
from explorer.spaces import BINARY
from tests.raster import wait_for_address
from tests.stage import mode_tab, url_in
from tests.tab import Tab
from tests.tiny_app import App

SLOW_MS = 60_000
TAB = Tab("tokens", "tokens", "tokens", patience_ms=SLOW_MS)
FOUND = "x.mode().answer.isCurrent"


def opened(page: Page, url: str, query: str) -> None:
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, url, query)
    TAB.wait_until(page, FOUND, timeout=SLOW_MS)


@pytest.mark.core
def test_a_token_is_tapped_exchanged_and_taken_back(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=tokens&img=8")
    model = tiny_app.model("vqvae-mnist/model.safetensors")
    before = model.encode(data.read(("test", 8, "mnist"), BINARY))[0].tolist()
    grid = TAB.main(page).locator("canvas.token-grid")
    box = grid.bounding_box()
    grid.click(position={"x": box["width"] * 2.5 / 7, "y": box["height"] * 1.5 / 7})
    wait_for_address(page, "token=9")
    grid.focus()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "token=10")
    code = (before[10] + 1) % 8
    TAB.main(page).get_by_role("button", name=f"Code {code}", exact=True).click()
    wait_for_address(page, f"swaps={10 * 64 + code}")
    expect(TAB.panel(page).locator(".seen")).to_contain_text(f"was code {before[10]} and is now code {code}")
    TAB.panel(page).get_by_role("button", name="Undo").click()
    expect(TAB.panel(page).locator(".seen")).to_contain_text(f"column 4 is code {before[10]}")
    assert "swaps" not in url_in(page)


def test_a_step_is_dragged_and_another_image_gives_another_surprise(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=straight&img=8&promise=5")
    slider = TAB.panel(page).get_by_role("slider", name="Predicted gain of the step, nats")
    slider.focus()
    page.keyboard.press("End")
    wait_for_address(page, "promise=20")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("The gradient predicts a gain of 20.0 nats")
    mode_tab(page, "Surprise").click()
    seen = TAB.panel(page).locator(".seen")
    expect(seen).to_contain_text("The most surprising token")
    expect(TAB.main(page).get_by_role("img", name="nats of surprise")).to_be_visible()
    first = seen.inner_text()
    TAB.panel(page).get_by_role("button", name="Next test image").click()
    wait_for_address(page, "img=9")
    expect(seen).not_to_have_text(first)


def test_pixels_and_tokens_are_raced(page: Page, tiny_app: App):
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, tiny_app.url, "mode=slow&seed=3")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Tokens take 16 times fewer steps")
    table = TAB.main(page).get_by_role("table", name="Every figure")
    expect(table).to_contain_text("784")
    expect(table).to_contain_text("49")
