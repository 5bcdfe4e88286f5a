"""The comparison on screens: nothing scrolls in the panel, nothing is cut, its links stay in the page."""

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.compare import FILM_MS, STAGE, compare, finished, main, open_compare, panel, saved, state, wait_until
from tests.stage import open_share, settle, url_in

MODES = ("make", "likely", "finish", "odd", "between", "real", "table")
CUT = """([stage, width]) => [...document.querySelectorAll(`${stage} :is(button, canvas, th, td, p, h2, dt, dd)`)]
    .filter((each) => each.getClientRects().length && !each.closest('.trade-frame'))
    .filter((each) => { const { left, right } = each.getBoundingClientRect(); return left < 0 || right > width; })
    .map((each) => each.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("mode", MODES)
def test_the_panel_never_scrolls_and_nothing_is_cut(page: Page, compare_app: str, mode: str):
    open_compare(page, compare_app, f"mode={mode}&img=12")
    if mode in ("make", "finish", "between"):
        finished(page)
    if mode == "likely":
        wait_until(page, "x.mode().answer?.isCurrent && !x.mode().value.more")
    for width, height in ((1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        expect(panel(page).locator(".advice" if mode == "table" else ".seen")).to_be_in_viewport(ratio=1)
        assert panel(page).evaluate("({ scrollHeight, clientHeight }) => scrollHeight <= clientHeight"), width
        assert page.evaluate(CUT, [STAGE, width]) == [], width


@pytest.mark.parametrize("mode", ["make", "between"])
def test_the_images_of_many_families_are_at_least_128_pixels_wide(page: Page, app_url: str, mode: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/?tab=compare&mode={mode}")
    wait_until(page, "x.mode().race?.columns.length > 8")
    settle(page)
    widths = main(page).locator(".tile-link:visible").evaluate_all("all => all.map((each) => each.clientWidth)")
    assert len(widths) > 8 and min(widths) >= 128, widths


def test_one_figure_of_each_family_is_shown_and_the_rest_on_demand(page: Page, compare_app: str):
    open_compare(page, compare_app)
    finished(page)
    figures = main(page).locator(".family").first.locator(".figures > div")
    expect(figures.filter(visible=True)).to_have_count(1)
    panel(page).get_by_role("button", name="All numbers").click()
    expect(figures.filter(visible=True)).to_have_count(4)
    assert state(page)["all"] and "all=1" in url_in(page)


def test_what_you_see_is_of_the_place_on_the_clock(page: Page, compare_app: str):
    open_compare(page, compare_app)
    finished(page)
    seen, slider = panel(page).locator(".seen"), page.get_by_role("slider", name="Four images from every family: step")
    expect(seen).to_contain_text("to 784 evaluations")
    expect(seen).to_contain_text("The training images nearest to them lie")
    slider.fill("50")
    expect(seen).to_contain_text("At 50 % of the clock these are not finished: 2-latent β-VAE (0 %), PixelCNN (50 %)")
    second = f"document.querySelectorAll('{STAGE} .families > .family')[1]"
    kin = f"[...{second}.querySelectorAll('.tile-kin')].map(({{ title }}) => title)"
    assert compare(page, kin) == [""] * 4, "an image that is not finished has no nearest one"
    slider.fill("0")
    expect(seen).to_contain_text("At 0 % no network has drawn anything yet.")
    slider.fill("100")
    expect(seen).to_contain_text("The training images nearest to them lie")
    assert all(compare(page, kin))


def test_the_links_of_the_texts_set_the_stage_in_place_and_back_returns(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table&seed=3")
    page.evaluate("window.isSame = true")
    page.get_by_role("link", name="seconds", exact=True).click()
    wait_until(page, "x.store.get().mode === 'make' && x.mode().race", FILM_MS)
    assert page.evaluate("window.isSame"), "no other page was loaded"
    assert state(page)["clock"] == "seconds" and state(page)["at"] == 0.2 and "clock=seconds" in url_in(page)
    expect(page.locator(STAGE)).to_be_in_viewport()
    page.get_by_role("link", name="Keep the upper half").click()
    wait_until(page, "x.store.get().mode === 'finish'", FILM_MS)
    page.go_back()
    wait_until(page, "x.store.get().mode === 'make' && x.store.get().clock === 'seconds'", FILM_MS)
    page.go_back()
    wait_until(page, "x.store.get().mode === 'table' && x.store.get().seed === 3", FILM_MS)
    assert page.evaluate("window.isSame")


@pytest.mark.parametrize("mode", ["likely", "table"])
def test_answers_and_table_can_be_kept_as_a_picture_twice_as_fine(page: Page, compare_app: str, tmp_path, mode: str):
    open_compare(page, compare_app, f"mode={mode}&img=12")
    if mode == "likely":
        wait_until(page, "x.mode().answer?.isCurrent && !x.mode().value.more")
    open_share(page)
    expect(page.get_by_role("button", name="PNG", exact=True)).to_be_enabled()
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.width >= 2 * 720 and len(picture.convert("L").getcolors(256)) > 10
