"""A stranger's path in a real browser: the map, a family, a question; by mouse, by keys and on a phone."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.raster import TAB as PIXELS
from tests.stage import mode_panel, turn_to_text, url_in
from tests.tab import Tab
from tests.test_browser import FIRST_VIEW_BYTES, ours, transferred
from tests.watch import Watch

START = Tab("start", "start", "map")
DRAWN = "[...document.querySelectorAll('.start .leaf')].every((each) => !each.classList.contains('waits'))"

MARKS = """(branches) => branches.flatMap((branch) => {
  const own = branch.querySelector("h2 .mark").textContent;
  return [...branch.querySelectorAll(".leaf")]
    .map((leaf) => [own, leaf.querySelector(".mark")?.textContent ?? own]);
})"""
"""Marks of every family's branch and of its own answer."""

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
RECORDED = "[...document.querySelector('.stage.start').explorer.mode().recorded('pixelcnn-mnist', 19)]"


visit = START.open


def leaf(page: Page, title: str):
    """The link of a family on the map; *GAN* is not the StyleGAN."""
    return START.main(page).get_by_role("link").filter(has_text=re.compile(rf"\b{title}\b"))


def pixels(page: Page, title: str) -> np.ndarray:
    script = "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]"
    return np.array(leaf(page, title).locator("canvas").evaluate(script))


def tiles(page: Page) -> np.ndarray:
    """Grey levels of the noise and of what families have of it: (tiles, 784)."""
    script = (
        "all => all.map((c) => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0))"
    )
    return np.array(START.main(page).locator(".noise-tile canvas").evaluate_all(script))


@pytest.mark.core
def test_one_noise_becomes_an_image_of_every_family_on_one_clock(page: Page, app_url: str):
    visit(page, app_url)
    START.wait_until(page, "x.mode().noise.timer")
    expect(START.main(page).locator("a.noise-tile")).to_have_count(5)
    clock = START.main(page).get_by_role("slider", name="From noise to image")
    clock.fill("0")
    START.wait_until(page, "x.mode().noise.timer === 0")
    noise = tiles(page)
    assert len(set(noise[0].tolist())) > 50
    assert (noise[1:4] == noise[0]).all(), "three begin with the noise that stands first"
    for tile, count in zip(noise[4:], (64, 32), strict=True):  # GAN and VAE
        assert (tile[:count] == noise[0][:count]).all() and not tile[count:].any(), "with its first numbers"
    clock.press("End")
    images = tiles(page)
    assert (images[0] == noise[0]).all(), "the noise stays"
    assert len({image.tobytes() for image in images}) == 6, "each makes an image of its own"
    assert ((images[1:] < 20).mean(1) > 0.5).all(), "on black ground"
    START.main(page).get_by_role("button", name="Play").click()
    START.wait_until(page, "x.mode().noise.at > 3 && x.mode().noise.at < 15")
    START.wait_until(page, "x.mode().noise.timer === 0 && x.mode().noise.at === 19")

    START.main(page).get_by_role("button", name="Draw again").click()
    START.wait_until(page, "x.mode().queue.wanted.length === 5 && x.mode().queue.isComplete")
    START.wait_until(page, "x.mode().noise.timer && x.mode().noise.at > 3 && x.mode().noise.at < 15")  # from the noise
    family = "x.mode().leaves.find(({ family }) => family.net === net).family"
    passes = START.value(page, f"x.mode().queue.wanted.map(({{ net }}) => {family}.passes)")
    assert passes == sorted(passes)
    START.wait_until(page, "x.mode().noise.timer === 0 && x.mode().noise.at === 19")
    clock.press("Home")
    other = tiles(page)
    assert (other[:4] == other[0]).all() and (other[4][:64] == other[0][:64]).all()
    assert (other[0] != noise[0]).any(), "another seed is another noise, asked for"


@pytest.mark.core
def test_a_stranger_goes_from_the_map_to_a_family_to_a_question_to_a_link(page: Page, app_url: str):
    page.goto(app_url)
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    leaf(page, "PixelCNN").hover()
    START.wait_until(page, "x.mode().leaves.some((each) => each.timer)")
    expect(START.panel(page).locator(".about")).to_contain_text("computes log p(x) exactly")
    START.wait_until(page, "x.mode().leaves.every((each) => !each.timer)")
    recorded = page.evaluate(RECORDED)
    assert (pixels(page, "PixelCNN")[::4] == np.array(recorded)).all()
    assert "leaf=pixelcnn" in url_in(page)

    START.turn_to(page, "Families × questions", "matrix")
    cell = START.main(page).get_by_role("link", name="How likely?: PixelCNN computes log p(x) exactly")
    cell.hover()
    expect(START.panel(page).locator(".cell-words")).to_have_text("PixelCNN computes log p(x) exactly.")
    cannot = START.main(page).get_by_role("link", name="How likely?: GAN cannot, because")
    expect(cannot).to_have_text("∅")
    cell.click()
    page.wait_for_url("**/?tab=ar*mode=score*")
    page.go_back()
    START.wait_until(page, "x.store.get().mode === 'matrix'")


def test_the_map_plays_until_it_is_touched_and_stands_finished_where_motion_is_unwanted(page: Page, app_url: str):
    visit(page, app_url)
    START.wait_until(page, f"x.mode().leaves?.length > 5 && x.mode().noise.timer && {DRAWN}")
    seen = {pixels(page, "PixelCNN").tobytes() for _ in range(40) if not page.wait_for_timeout(100)}
    assert len(seen) > 5
    leaf(page, "GAN").hover()
    START.wait_until(page, "x.mode().noise.timer === 0")

    page.emulate_media(reduced_motion="reduce")
    visit(page, app_url)
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    assert page.evaluate("document.querySelector('.stage.start').explorer.mode().noise.timer") == 0
    assert pixels(page, "PixelCNN").reshape(28, 28, 4)[14:, :, 0].any()
    START.main(page).get_by_role("button", name="Draw again").click()
    START.wait_until(page, "x.store.get().seed > 25 && x.mode().queue.wanted.length && x.mode().queue.isComplete")
    assert START.value(page, "[x.mode().noise.timer, x.mode().noise.at]") == [0, 19], "it stands at its end"


@pytest.mark.core
@pytest.mark.parametrize(("place", "clock"), [("start", ".noise-clock"), ("ar&mode=generate", ".film")])
def test_what_plays_stands_while_it_is_out_of_sight(page: Page, app_url: str, place: str, clock: str):
    page.goto(f"{app_url}/?tab={place}")
    slider = page.locator(f".stage:visible {clock} input[type=range]").first
    page.wait_for_function("(slider) => slider.value !== slider.max", arg=slider.element_handle())
    turn_to_text(page)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(500)
    before = slider.input_value()
    page.wait_for_timeout(1_500)
    assert slider.input_value() == before
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("([slider, at]) => slider.value !== at", arg=[slider.element_handle(), before])


def test_a_family_draws_to_its_end_though_the_page_was_hidden_meanwhile(page: Page, app_url: str):
    visit(page, app_url, "seed=20")
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    leaf(page, "PixelCNN").hover()
    START.wait_until(page, "x.mode().queue.running?.film?.frames.length")
    for hidden in (True, False):
        page.evaluate(HIDE, hidden)
        START.wait_until(page, f"x.mode().queue.unseen === {str(hidden).lower()}")
    START.wait_until(page, "x.mode().leaves.every((each) => !each.timer)")
    assert START.value(page, "x.mode().pointed.at > x.mode().noise.last")


def test_a_map_that_is_left_neither_plays_nor_asks(page: Page, app_url: str):
    visit(page, app_url, "seed=20")
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    leaf(page, "PixelCNN").hover()
    START.wait_until(page, "x.mode().pointed?.timer && x.mode().queue.wanted.length")
    page.evaluate("() => { globalThis.left = document.querySelector('.stage.start').explorer.mode(); }")
    START.turn_to(page, "Families × questions", "matrix")
    page.wait_for_function("left.pointed.timer === 0 && left.noise.timer === 0 && left.queue.wanted.length === 0")
    START.turn_to(page, "The map", "map")
    START.wait_until(page, f"x.mode() === left && x.mode().queue.wanted.length && {DRAWN}")


def test_what_is_known_of_a_family_is_told_and_the_map_and_the_table_agree(page: Page, app_url: str):
    visit(page, app_url)
    START.wait_until(page, "x.mode().leaves?.length > 5")
    about = START.panel(page).locator(".about")
    leaf(page, "VQ-VAE").focus()
    expect(about).to_contain_text("49 passes")
    expect(about).to_contain_text("49 tokens")
    leaf(page, "EBM").focus()
    expect(about).to_contain_text(re.compile(r"0\.\d+ after 500 steps, 0\.\d+ after 5,000 steps"))
    kinds = [tuple(each) for each in START.main(page).locator(".branch").evaluate_all(MARKS)]
    last = [mark for _, mark in kinds]
    none, ratio = last.count("∅"), last.count("∝")
    assert ("=", "≤") in kinds, "a flow is exact as its branch, and bounds the probability of grey levels"
    START.turn_to(page, "Families × questions", "matrix")
    cells = START.main(page).get_by_role("link", name=re.compile("^How likely")).all_inner_texts()
    assert sum(cell.startswith("∅") for cell in cells) == none and cells.count("∝ ratios") == ratio == 1
    expect(START.panel(page)).to_contain_text(f"{len(cells) - none - ratio} say how likely an x is")


def test_points_have_their_place_on_the_map_and_in_the_matrix(page: Page, app_url: str):
    visit(page, app_url, "data=moons")
    START.wait_until(page, f"x.mode().leaves?.length === 3 && {DRAWN}")
    lit = (pixels(page, "Flow matching").reshape(28, 28, 4)[..., 0] > 0).sum()
    assert 40 < lit < 500, "two moons, neither nothing nor everywhere"
    assert "image" not in START.main(page).locator(".tree").inner_text().lower()
    START.turn_to(page, "Families × questions", "matrix")
    expect(START.main(page).get_by_role("link", name=re.compile("^How likely"))).to_have_count(3)


def test_the_map_orders_the_families_by_the_year_of_their_papers(page: Page, app_url: str):
    visit(page, app_url)
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    titles = sorted(START.main(page).locator(".leaf strong").all_inner_texts())
    START.main(page).get_by_role("button", name="By year").click()
    expect(START.main(page).locator(".year").first).to_contain_text("1986")
    assert "order=year" in url_in(page)
    years = START.main(page).locator(".year h2").all_inner_texts()
    assert years == sorted(set(years)) and years[-1] == "2023"
    assert sorted(START.main(page).locator(".leaf strong").all_inner_texts()) == titles
    assert pixels(page, "PixelCNN").any()
    page.mouse.move(0, 0)
    leaf(page, "GAN").first.focus()
    expect(START.panel(page).locator(".about a")).to_have_text("Goodfellow et al. 2014")


def test_random_images_stand_beside_test_images(page: Page, app_url: str):
    visit(page, app_url, "mode=random")
    expect(START.panel(page)).to_contain_text("levels on average, in the MNIST test images by")
    tile = START.main(page).locator(".image-grid canvas").first
    drawn = "c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    first = np.array(tile.evaluate(drawn))
    assert 100 < first.mean() < 155 and len(set(first.tolist())) > 200
    START.panel(page).get_by_role("button", name="Draw again").click()
    START.wait_until(page, "x.store.get().seed === 8")
    page.wait_for_function(
        f"(was) => JSON.stringify(({drawn})(document.querySelector('.start .image-grid canvas'))) !== was",
        arg=str(first.tolist()).replace(" ", ""),
    )


def test_a_phone_shows_the_noise_first_then_where_to_begin_then_the_map(phone: Page, app_url: str):
    visit(phone, app_url)
    START.wait_until(phone, "x.mode().leaves?.length > 5")
    begin = phone.locator(".start .begin:visible")
    expect(begin).to_have_count(1)
    assert phone.locator(".start .noise-tile canvas").first.bounding_box()["y"] < 300
    tops = [phone.locator(f".start {each}").bounding_box()["y"] for each in (".noise-tiles", ".begin", ".tree")]
    assert tops == sorted(tops)


def test_the_first_view_is_as_light_as_any(page: Page, app_url: str):
    watch = Watch(page)
    page.goto(app_url)
    START.wait_until(page, f"x.mode().leaves?.length > 5 && {DRAWN}")
    assert sum(map(transferred, ours(watch, app_url))) <= FIRST_VIEW_BYTES


def test_another_seed_draws_others_and_the_address_brings_them_back(page: Page, app_url: str):
    visit(page, app_url, "seed=5")
    START.wait_until(page, DRAWN)
    first = pixels(page, "MADE")
    START.main(page).get_by_role("button", name="Draw again").click()
    START.wait_until(page, f"x.store.get().seed !== 5 && x.mode().missing === 0 && {DRAWN}")
    assert (pixels(page, "MADE") != first).any()
    visit(page, app_url, "seed=5")
    START.wait_until(page, f"x.mode().missing === 0 && {DRAWN}")
    assert (pixels(page, "MADE") == first).all()


@pytest.mark.core
def test_keys_reach_a_family_and_open_its_tab(page: Page, app_url: str):
    visit(page, app_url)
    START.wait_until(page, "x.mode().leaves?.length > 5")
    leaf(page, "GAN").focus()
    expect(START.panel(page).locator(".about")).to_contain_text("a GAN defines no density")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?tab=gan*")


@pytest.mark.core
def test_an_old_address_of_the_vae_still_opens_it_and_the_root_opens_the_map(page: Page, app_url: str):
    page.goto(f"{app_url}/?beta=3")
    expect(page.locator("#families [data-tab-id=vae]")).to_have_attribute("aria-selected", "true")
    page.wait_for_function("() => document.querySelector('.stage.vae')?.explorer?.store.get().beta === 3")


def test_a_stranger_goes_the_same_way_with_a_finger(phone: Page, app_url: str):
    phone.goto(app_url)
    START.wait_until(phone, "x.mode().leaves?.length > 5")
    leaf(phone, "PixelCNN").tap()
    phone.wait_for_url("**/?tab=ar*")
    stage = phone.locator(".stage.autoregressive")
    PIXELS.wait_until(phone, "x.mode().update")
    PIXELS.tap_to(phone, "Complete", "complete")
    stage.locator(".question").scroll_into_view_if_needed()
    bar = phone.locator(".nav-bar")
    for name in ("Families", "Share", "View", "Find"):
        expect(bar.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    bar.get_by_role("button", name="Share").tap()
    bar.get_by_role("button", name="Copy link").tap()
    expect(bar.get_by_role("button", name=re.compile("Copied|Selected"))).to_be_visible()
    phone.goto(url_in(phone))
    expect(mode_panel(phone)).to_have_accessible_name("Complete")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_shows_the_map_without_scrolling_sideways(phone: Page, app_url: str):
    for mode in ("map", "random", "matrix"):
        visit(phone, app_url, f"mode={mode}")
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit(phone, app_url)
    START.wait_until(phone, "x.mode().leaves?.length > 5")
    leaf(phone, "GAN").tap()
    phone.wait_for_url("**/?tab=gan*")


@pytest.mark.core
def test_a_link_of_ours_opens_in_this_very_page_and_with_a_key_in_another(page: Page, app_url: str):
    visit(page, app_url, "mode=matrix")
    page.evaluate("() => { globalThis.stays = true; }")
    cell = START.main(page).get_by_role("link", name="How likely?: PixelCNN computes log p(x) exactly")
    with page.context.expect_page() as opened:
        cell.click(modifiers=["Control"])
    opened.value.close()
    assert "tab=start" in url_in(page) or "tab=" not in url_in(page)
    cell.click()

    page.wait_for_url("**tab=ar*mode=score*")
    assert page.evaluate("stays")
    page.go_back()
    START.wait_until(page, "x.store.get().mode === 'matrix'")
    assert page.evaluate("stays")


def test_the_map_says_what_p_of_x_is_where_it_first_stands(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=start")
    expect(page.locator(".stage.start .above-map")).to_contain_text("p(x): how likely the model finds the picture x.")
