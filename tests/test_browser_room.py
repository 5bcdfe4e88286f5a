"""The VAE with room in a real browser: latents, bounds and recorded runs, by pointer, keys and touch."""

import pytest
from playwright.sync_api import Page, expect

from tests.raster import wait_for_address
from tests.tab import Tab
from tests.tiny_app import App

SLOW_MS = 60_000
TAB = Tab("vae_room", "vae-room", "traverse", patience_ms=SLOW_MS)


def opened(page: Page, url: str, query: str) -> None:
    page.set_default_timeout(SLOW_MS)
    TAB.open(page, url, query)
    expect(TAB.panel(page).locator(".seen p")).not_to_be_empty()


@pytest.mark.core
def test_a_latent_is_chosen_by_its_bar_and_moved_by_strip_and_keys(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=traverse&img=8")
    chart = TAB.main(page).locator("canvas.chart").first
    box = chart.bounding_box()
    chart.click(position={"x": 34 + (box["width"] - 42) * 5.5 / 32, "y": 60})
    wait_for_address(page, "rank=5")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Latent 6 is encoded at")
    strip = TAB.main(page).locator("canvas.strip").first
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 6.5 / 7, "y": 20})
    wait_for_address(page, "z=3")
    page.keyboard.press("ArrowLeft")
    wait_for_address(page, "z=2.8")
    chart.focus()
    page.keyboard.press("End")
    wait_for_address(page, "rank=31")
    expect(TAB.panel(page).locator(".seen")).to_contain_text("Latent 32 is encoded at")
    shown = "[...x.mode().image.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    place = "[...x.mode().bytesOf(x.mode().value.x).subarray(29 * 784, 30 * 784)]"
    assert TAB.value(page, shown) == TAB.value(page, place)


def test_bounds_are_drawn_said_and_kept_and_recorded_runs_are_walked(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=iwae&img=8")
    said = TAB.panel(page).locator(".seen")
    expect(said).to_contain_text("5,000 draws at once lower the bound by")
    assert TAB.value(page, "x.mode().table().rows.length") == 13
    TAB.turn_to(page, "By decoder", "collapse")
    TAB.panel(page).get_by_role("button", name="none", exact=True).click()
    wait_for_address(page, "reach=reach-1")
    expect(said).to_contain_text("This decoder sees no pixel")
    TAB.wait_until(page, "x.mode().answer.isCurrent")
    TAB.turn_to(page, "By objective", "runs")
    TAB.panel(page).get_by_role("button", name="free bits", exact=True).click()
    expect(said).to_contain_text("Half a nat of KL is free")
    TAB.turn_to(page, "Between two", "paths")
    expect(said).to_contain_text("At the midpoint")


def test_watching_it_learn_shows_means_and_not_drawn_pixels(page: Page, app_url: str):
    opened(page, app_url, "mode=learn&seed=7")
    shown = "x.mode().race?.finished[0]?.x"
    TAB.wait_until(page, f"{shown}?.length", timeout=SLOW_MS)
    levels = TAB.value(page, f"[...new Set({shown})]")
    assert len(levels) > 50, "pixels that are drawn are black or white"
    expect(TAB.panel(page).locator(".seen")).to_contain_text("The decoder's means are shown")


def test_shapes_are_moved_along_the_latents_that_know_their_factors(page: Page, tiny_app: App):
    opened(page, tiny_app.url, "mode=disentangle&beta=1")
    said, chart = TAB.panel(page).locator(".seen"), TAB.main(page).locator("canvas.chart")
    expect(said).to_contain_text("At β = 1 the gap is")
    TAB.wait_until(page, "x.mode().value")
    box = chart.bounding_box()
    chart.click(position={"x": 34 + (box["width"] - 42) * 3.3 / 3.6, "y": 60})  # from ½ to 4, the largest here
    wait_for_address(page, "beta=4")
    TAB.main(page).get_by_role("link", name="Latent 3 encodes").first.click()
    wait_for_address(page, "known=2")
    TAB.main(page).get_by_role("link", name="Latent 4 encodes").first.press("Enter")
    wait_for_address(page, "known=3")
    TAB.wait_until(page, "x.mode().answer.isCurrent")
    expect(TAB.main(page).get_by_role("link", name="Latent 4 encodes").first).to_be_focused()
    expect(said).to_contain_text("Latent 4")
    TAB.panel(page).get_by_role("button", name="Draw again").click()
    wait_for_address(page, "seed=8")
    page.keyboard.press("ArrowLeft")
    expect(TAB.panel(page).get_by_role("button", name="1", exact=True)).to_have_attribute("aria-pressed", "true")
    TAB.wait_until(page, "x.mode().answer.isCurrent && x.mode().table().rows.length === 11")
    chosen = "x.mode().strips.find(({ title }) => title.innerText.startsWith('z₄, chosen'))"
    assert len(set(TAB.value(page, f"[...{chosen}.strip.bytes]"))) > 2
