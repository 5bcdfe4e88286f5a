"""The discrete diffusion in a real browser: pixels unmasked and set otherwise, a chain by hand, a phone."""

import pytest
from playwright.sync_api import Page, Route, expect

from explorer.tabs.discrete_diffusion import tab
from tests.stage import wait_for_address
from tests.tab import Tab
from tests.tiny_app import App

SLOW_MS = 60_000
TAB = Tab("discrete_diffusion", "discrete-diffusion", "unmask", patience_ms=SLOW_MS)
DONE = "x.mode().current?.done"


def opened(page: Page, url: str, query: str, there: str = "true") -> None:
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, url, query)
    TAB.wait_until(page, there, timeout=SLOW_MS)


def test_a_mode_that_comes_when_another_is_chosen_has_its_own_presets(page: Page, tiny_app: App):
    def choose(mode: str) -> None:
        TAB.value(page, f"x.store.set({{ mode: '{mode}' }}, {{ commit: true }})")

    def check(mode: str) -> None:
        buttons = TAB.panel(page).locator(f".mode-{mode} .tries button:not(.more)")
        expect(buttons).to_have_text([label for label, *_ in tab.TAB.tries_of(mode)])

    held: list[Route] = []
    page.route("**/discrete_diffusion/chain.js*", lambda route: held.append(route))
    opened(page, tiny_app.url, "per=784")
    with page.expect_request("**/discrete_diffusion/chain.js*"):
        choose("chain")
    choose("bound")
    check("bound")
    with page.expect_request_finished():
        held[0].continue_()
    page.wait_for_timeout(300)  # it is made out of sight, which nothing on the page tells
    choose("chain")
    check("chain")


@pytest.mark.core
def test_a_pixel_is_looked_at_overridden_and_put_back(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "per=16&at=0.5", DONE)
    board = TAB.main(page).locator("canvas.board").first
    box = board.bounding_box()
    board.click(position={"x": box["width"] * 0.51, "y": box["height"] * 0.51})
    wait_for_address(page, "pixel=406")
    bet = TAB.panel(page).locator(".bet")
    expect(bet).to_contain_text("The pixel in row 15, column 15")
    frame = "x.mode().drawn.frames[x.mode().film.index]"
    step, p = TAB.value(page, f"[{frame}.index, {frame}.white[406]]")
    known = TAB.value(page, f"{frame}.known[406] ? {frame}.x[406] > 127 : null")
    assert str(round(100 * (p if known is None or known else 1 - p))) in bet.inner_text()
    before = TAB.value(page, "[...x.mode().drawn.frames.at(-1).x]")
    level = 0 if known else 1
    bet.get_by_role("button", name=f"Make it {'white' if level else 'black'}").click()
    wait_for_address(page, f"over={((step + 1) * 784 + 406) * 2 + level}")
    TAB.wait_until(page, f"{DONE} && x.mode().differ !== null", timeout=SLOW_MS)
    expect(bet).to_contain_text("because you say so", timeout=SLOW_MS / 4)
    after = TAB.value(page, "[...x.mode().drawn.frames.at(-1).x]")
    assert after[406] == 255 * level
    changed = sum(a != b for pixel, (a, b) in enumerate(zip(before, after)) if pixel != 406)
    assert TAB.value(page, "x.mode().differ") == changed
    bet.get_by_role("button", name="Undo the last").click()
    TAB.wait_until(page, f"{DONE} && !x.store.get().over.length", timeout=SLOW_MS)
    assert TAB.value(page, "[...x.mode().drawn.frames.at(-1).x]") == before


def test_the_chain_is_walked_and_read_by_keys(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=chain&t=0&seed=7")
    slider = page.get_by_role("group", name="The chain, step by step").locator("input[type=range]")
    slider.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    wait_for_address(page, "t=2")
    expect(TAB.main(page).locator(".chain-tables")).to_contain_text("0.857")  # stays at step 2: 1 − 1/7
    chosen = TAB.main(page).locator(".cells").nth(1).locator("[aria-pressed=true]")
    chosen.focus()
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "cell=6")
    expect(TAB.main(page).locator(".chain-tables")).to_contain_text("row 2, column 3, now")
    TAB.panel(page).get_by_role("button", name="Back", exact=True).click()
    wait_for_address(page, "way=back")
    TAB.wait_until(page, "x.mode().isCurrent && x.mode().value.back")
    slider.focus()
    page.keyboard.press("End")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("of 100 reverse processes of 8 steps")


@pytest.mark.parametrize("mode", ["unmask", "orders", "bound"])
def test_a_mode_of_the_chain_that_masks_takes_its_network(page: Page, tiny_app: App, mode: str):
    opened(page, tiny_app.url, "mode=chains&net=uniform-d3pm-mnist&per=784", "x.mode().race?.finished.length === 2")
    TAB.value(page, f"x.store.set({{ mode: '{mode}' }}, {{ commit: true }})")
    wait_for_address(page, f"mode={mode}" if mode != "unmask" else "per=784")
    TAB.wait_until(page, "x.store.get().net === 'd3pm-mnist'", timeout=SLOW_MS)
    expect(TAB.panel(page).locator(f".mode-{mode} .seen p")).not_to_be_empty()
