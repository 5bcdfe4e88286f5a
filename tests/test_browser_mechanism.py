"""The picture of the mechanism in a real browser: what is lit, what a part opens, and whose pictures stand in it."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.tabs.compare import tab as compare
from explorer.tabs.families import TABS
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.kit.layout.tab import Tab
from tests.node import run
from tests.stage import STAGES, mode_panel, mode_tab

EVERY = [*TABS, foundations.TAB, compare.TAB]
every_tab = pytest.mark.parametrize("tab", EVERY, ids=[tab.name for tab in EVERY])
STANDS_ON_THE_STAGE = """([stage, name, own]) => {
  const read = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [canvas.width, ...data].join();
  };
  const root = document.querySelector(stage);
  const place = root.querySelector(`.mechanism-part[aria-label^="${name}"] canvas`);
  return !place.hidden && [...root.querySelectorAll(own)].some((canvas) => read(canvas) === read(place));
}"""
SHOWN = {
    "vae": ("mode=encode", "x̂", ".panel canvas.image"),
    "vae-room": ("mode=traverse", "x̂", ".main canvas.image"),
    "autoencoders": ("mode=map", "x̂", ".main canvas.image"),
    "ar": ("mode=score", "x before", ".panel canvas.image"),
    "gan": ("mode=generate", "x̂", ".looking canvas.image"),
    "translate": ("mode=paired", "Translation", ".main canvas.image"),
    "flow": ("mode=make&net=flow-mnist", "x̂", ".tile"),
    "diffusion": ("mode=learned", "xₜ", ".main canvas.image"),
    "flow-matching": ("mode=make&net=flow-matching-mnist", "x₁", ".tile"),
    "discrete-diffusion": ("mode=make", "xₜ", ".tile"),
    "energy": ("mode=make&net=ebm-mnist", "x̂", ".tile"),
}
"""A mode of each tab, the part that shows its picture, and where that stands on the stage."""
WITHOUT = {
    ("translate", "permutes"): "it shows shares of classes, no x",
    ("autoencoders", "pull"): "its planes are whole landscapes, no x",
    **{
        ("text", mode): "a text is no image"
        for mode in ("generate", "unmask", "surprise", "compress", "fill", "attention", "cached", "loss", "watermark")
    },
    **{
        ("sound", mode): "a sound is no image"
        for mode in ("speak", "score", "compress", "digit", "dilations", "cached")
    },
}
"""The modes of their own in which no part shows anything."""
HAS_PICTURE = """(stage) => [...document.querySelectorAll(`${stage} .mechanism-part canvas`)].some((canvas) => {
  if (canvas.hidden) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 1;
})"""


def opened(page: Page, url: str, tab: Tab, query: str = "") -> Locator:
    """The stage of a tab once a mode is on screen."""
    page.goto(f"{url}/?tab={tab.name}&{query}")
    stage = page.locator(f".stage.{STAGES[tab.name]}")
    expect(stage.locator("[aria-current]").first).to_be_visible()
    return stage


def expect_lit(stage: Locator, tab: Tab, mode: str) -> None:
    """Wait until exactly those parts are lit that a mode is about."""
    for part in tab.mechanism.parts:
        item = stage.locator(f'.mechanism-part[aria-label^="{part.name}: opens "]')
        if mode in part.highlighting_modes:
            expect(item).to_have_attribute("aria-current", "true")
        else:
            expect(item).not_to_have_attribute("aria-current", "true")


def shows_what_stands_on_the_stage(page: Page, tab: Tab) -> None:
    _, name, own = SHOWN[tab.name]
    page.wait_for_function(STANDS_ON_THE_STAGE, arg=[f".stage.{STAGES[tab.name]}", name, own])


def opens_the_modes_of_its_parts_by_a_click_and_by_enter(page: Page, stage: Locator, tab: Tab) -> None:
    for i, part in enumerate(tab.mechanism.parts):
        item = stage.get_by_role("button", name=f"{part.name}: opens {tab.full_titles[part.mode]}", exact=True)
        if i % 2:
            item.focus()
            page.keyboard.press("Enter")
        else:
            item.click()
        expect(mode_panel(stage.page)).to_have_accessible_name(tab.modes[part.mode])
        expect_lit(stage, tab, part.mode)


def has_a_picture_of_every_mode_of_its_own(page: Page, stage: Locator, tab: Tab) -> None:
    for mode, title in tab.modes.items():
        if mode in {*tab.questions, "tour", "exercises"} or (tab.name, mode) in WITHOUT:
            continue
        mode_tab(page, title).click()
        expect(stage.locator(f".panel > .mode-{mode}")).to_be_visible()
        page.wait_for_function(HAS_PICTURE, arg=f".stage.{STAGES[tab.name]}")


def follows_the_tour(stage: Locator, tab: Tab) -> None:
    mode_tab(stage.page, tab.modes["tour"]).click()
    mode = stage.locator(".tour-stage > .mode").get_attribute("class").split("mode-")[1]
    expect_lit(stage, tab, mode)


@every_tab
def test_it_follows_the_stage_by_address_by_its_parts_by_modes_and_on_the_tour(page: Page, app_url: str, tab: Tab):
    query, *_ = SHOWN.get(tab.name, [""])
    stage = opened(page, app_url, tab, query)
    if tab.name in SHOWN:
        shows_what_stands_on_the_stage(page, tab)
    opens_the_modes_of_its_parts_by_a_click_and_by_enter(page, stage, tab)
    if tab in TABS:
        has_a_picture_of_every_mode_of_its_own(page, stage, tab)
    if "tour" in tab.modes:
        follows_the_tour(stage, tab)


@pytest.mark.core
def test_a_place_is_empty_until_something_stands_on_the_stage(page: Page, app_url: str):
    (vae,) = [tab for tab in TABS if tab.name == "vae"]
    stage = opened(page, app_url, vae, "mode=interpolate")
    place = stage.get_by_role("button", name="x, an image").locator("canvas")
    expect(place).to_be_visible()
    mode_tab(page, "Watch it learn").click()
    expect(stage.get_by_role("button", name="x, an image").locator("canvas")).to_be_hidden()


@every_tab
def test_on_a_phone_the_mechanism_takes_one_line_and_a_finger(phone: Page, app_url: str, tab: Tab):
    stage = opened(phone, app_url, tab)
    row = stage.locator(".mechanism").bounding_box()
    assert row["height"] <= 56 and row["x"] + row["width"] <= 390
    assert all(part.bounding_box()["height"] >= 24 for part in stage.locator(".mechanism-part").all())
    stage.locator(".mechanism-part").first.tap()
    expect(stage.locator(".mechanism-part").first).to_have_attribute("aria-current", "true")


def test_the_code_stands_in_the_picture_where_it_is_in_the_plane(page: Page, app_url: str):
    by_name = {tab.name: tab for tab in TABS}
    stage = opened(page, app_url, by_name["vae"], "z=1.5,-0.9")
    place = stage.locator('.mechanism-part[aria-label^="z, its code"] canvas')
    expect(place).to_be_visible()
    middle = """(canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
      const lit = [...Array(784).keys()].filter((i) => data[4 * i] > 128);
      const mean = (of) => lit.reduce((sum, i) => sum + of(i) + 0.5, 0) / lit.length;
      return [mean((i) => i % 28), mean((i) => Math.floor(i / 28))];
    }"""
    assert place.evaluate(middle) == pytest.approx([28 * 4.5 / 6, 28 * 3.9 / 6], abs=0.2)


def test_a_longer_code_is_a_picture_of_squares():
    z = [3 if i == 7 else -9 if i == 30 else 0 for i in range(32)]  # six squares in a row, of 28 ÷ 6 pixels each
    image = run("return [...(await load('kit/image/pixels.js')).codeImage(z)];", z=z)
    levels = np.reshape(image, (28, 28))[2::5, 2::5]
    expected = np.full(36, 0.5)
    expected[[7, 30]], expected[32:] = [1, 0], 0
    np.testing.assert_allclose(levels, expected.reshape(6, 6), atol=1e-6)
