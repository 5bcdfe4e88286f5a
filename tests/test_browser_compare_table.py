"""The table of all families in a real browser: every figure is a card's, and says where it comes from."""

import csv
import re
from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.compare import main, open_compare, panel, saved, state
from tests.compare_cards import AUROCS, NLL, SECONDS
from tests.raster import refuse
from tests.stage import url_in


def cell(page: Page, net: str, column: str) -> Locator:
    return main(page).locator(f'[data-cell="{net} {column}"]')


def best(page: Page, column: str) -> list[str]:
    """The networks whose figure is bold in a column."""
    cells = main(page).locator(f'td.is-best[data-cell$=" {column}"]')
    return [found.split()[0] for found in cells.evaluate_all("cells => cells.map((cell) => cell.dataset.cell)")]


def order(page: Page) -> list[str]:
    """The families from the first row to the last."""
    return (
        main(page)
        .locator("table.trade th[scope=row]")
        .evaluate_all("names => names.map((each) => each.firstChild.data)")
    )


def test_every_figure_is_the_cards_and_the_best_are_bold(page: Page, compare_app: str, tmp_path):
    open_compare(page, compare_app, "mode=table&all=1")
    expect(cell(page, "beta-vae-mnist", "frechet")).to_have_text("2.5")
    expect(cell(page, "diffusion-mnist", "frechet")).to_have_text("5.0")
    expect(cell(page, "pixelcnn-mnist", "likelihood")).to_have_text("=80.5")
    expect(cell(page, "gan-mnist", "likelihood")).to_have_text("∅")
    expect(cell(page, "diffusion-mnist", "likelihood")).to_have_attribute("aria-label", re.compile("not measured"))
    expect(cell(page, "beta-vae-mnist", "use")).to_have_text("∅")
    expect(cell(page, "gan-mnist", "use")).to_have_text("83.0")
    expect(main(page).get_by_role("rowheader", name="GAN")).to_contain_text("latents")
    expect(panel(page).locator(".on-demand")).to_contain_text(
        "right on 99.0 % of the real training images binarised and on 99.0 % of the real training images grey"
    )
    assert set(best(page, "frechet")) == {"beta-vae-mnist", "pixelcnn-mnist"}, "a tie; MADE is ahead of nobody"
    assert best(page, "likelihood") == ["pixelcnn-mnist"]
    assert best(page, "milliseconds") == [], "each was measured once"
    assert best(page, "precision") == [], "nobody is better than another"
    assert best(page, "parameters") == []
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {(row["network"], row["figure"], row["pixels"]): row for row in csv.DictReader(file)}
    assert {family: float(rows[f"{family}-mnist", "ms/image", ""]["value"]) for family in AUROCS} == SECONDS
    assert float(rows["made-mnist", "−log p(x), nats", "binary"]["value"]) == NLL["made"]
    assert ("gan-mnist", "−log p(x), nats", "levels") not in rows
    assert float(rows["gan-mnist", "recall", "grey"]["standard error"]) == pytest.approx(0.05)
    expect(panel(page).locator(".seen")).to_contain_text("against 98.5 % after as many real images")


@pytest.mark.core
def test_a_column_sorts_the_families_and_the_others_come_on_demand(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table")
    heads = main(page).get_by_role("columnheader")
    expect(heads).to_have_count(5)  # one for each need
    expect(main(page).get_by_role("rowheader", name="MADE")).to_be_visible()
    assert order(page)[:2] == ["PixelCNN", "MADE"], "by −log p(x), the best first"
    main(page).get_by_role("button", name="ms/image").click()
    expect(main(page).get_by_role("rowheader").first).to_contain_text("2-latent β-VAE")
    assert order(page) == ["2-latent β-VAE", "GAN", "Flow", "Diffusion", "PixelCNN", "MADE"]
    expect(main(page).locator("th[aria-sort=ascending]")).to_contain_text("ms/image")
    expect(panel(page).get_by_role("button", name="Speed")).to_have_attribute("aria-pressed", "true")
    assert "sort=milliseconds" in url_in(page)
    panel(page).get_by_role("button", name="Control").click()
    expect(main(page).locator("th[aria-sort=descending]")).to_contain_text("class as asked")
    expect(main(page).get_by_role("rowheader").first).to_contain_text("Diffusion")
    assert order(page)[0] == "Diffusion"
    expect(heads).to_have_count(5)
    panel(page).get_by_role("button", name="All columns").click()
    expect(heads).to_have_count(10)
    assert "all=1" in url_in(page)


def test_a_figure_is_drawn_with_its_interval(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table&sort=frechet")
    low, at, wide = (
        float(
            cell(page, "pixelcnn-mnist", "frechet")
            .locator(".marks")
            .evaluate(f"e => e.style.getPropertyValue('--{name}')")[:-1]
        )
        for name in ("low", "at", "wide")
    )
    assert 0 < low < at < low + wide < 100, "2.8 to 3.2 over the seeds, between the least and the most of all families"
    expect(cell(page, "gan-mnist", "likelihood").locator(".marks")).to_have_count(0)


def test_the_table_is_one_grid_that_arrow_keys_walk(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table")
    stops = main(page).locator("table.trade [tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.cell") == "pixelcnn-mnist frechet"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(main(page).locator(".source-row")).to_contain_text("PixelCNN, class as asked")
    assert page.evaluate("document.activeElement.dataset.cell") == "pixelcnn-mnist accuracy"
    expect(stops).to_have_count(1)


def test_a_table_that_goes_on_fades_below_and_its_head_stays(page: Page, app_url: str):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_compare(page, app_url, "mode=table")
    frame, below = main(page).locator(".trade-frame"), "frame => parseFloat(frame.style.getPropertyValue('--below'))"
    head = frame.get_by_role("columnheader", name="recall")
    expect(head).to_be_visible()
    assert frame.evaluate(below) > 20 and "gradient" in frame.evaluate("frame => getComputedStyle(frame).maskImage")
    top = head.bounding_box()["y"]
    frame.evaluate("frame => frame.scrollTo(0, frame.scrollHeight)")
    page.wait_for_function(f"frame => ({below})(frame) < 1", arg=frame.element_handle())
    assert abs(head.bounding_box()["y"] - top) < 4


def test_likelihoods_of_other_pixels_are_no_competition(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table&data=fashion-mnist")
    expect(cell(page, "pixelcnn-fashion-mnist", "likelihood")).to_contain_text("=80.5")
    assert best(page, "likelihood") == []
    expect(main(page).locator(".group-row").nth(1)).to_contain_text("not comparable")
    expect(cell(page, "gan-fashion-mnist", "frechet")).to_have_attribute("aria-label", re.compile("not measured"))


@pytest.mark.parametrize("address", ["tab=compare&mode=table", "tab=energy&mode=landscape", "tab=flow&mode=fifth"])
def test_an_answer_that_failed_is_not_asked_for_without_end(page: Page, app_url: str, address: str):
    refuse(page)
    asked = Counter()
    page.on("request", lambda request: "component_server" in request.url and asked.update([request.post_data]))
    page.goto(f"{app_url}/?{address}")
    expect(page.locator(".stage:visible .status")).to_contain_text("The model is busy.")
    page.wait_for_timeout(2_000)
    assert max(asked.values()) <= 2


def test_a_figure_says_where_it_comes_from_and_leads_to_its_card(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=table")
    cell(page, "pixelcnn-mnist", "frechet").click()
    said = main(page).locator(".source-row")
    expect(said).to_contain_text("PixelCNN, Fréchet ratio: 3.0 (2.8 to 3.2 over the seeds) from 10,000 images")
    expect(said).to_contain_text("Judged grey, as its own tab quotes it, it is 3.0")
    row = cell(page, "pixelcnn-mnist", "frechet").bounding_box()
    assert 0 <= said.bounding_box()["y"] - row["y"] < 120, "it stands where it was tapped"
    expect(said).to_contain_text("python -m explorer.evaluate pixelcnn-mnist --quality")
    cell(page, "gan-mnist", "likelihood").press("Enter")
    expect(said).to_contain_text("cannot, because a GAN defines no density")
    assert page.evaluate("document.activeElement.dataset.cell") == "gan-mnist likelihood"
    cell(page, "pixelcnn-mnist", "milliseconds").click()
    expect(said).to_contain_text("when 4 images are drawn at once in 3 steps, the median of 3 runs")
    page.get_by_role("button", name="The card of pixelcnn-mnist").click()
    expect(page.locator("#families [data-tab-id=ar]")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#evidence-pixelcnn-mnist")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("need", "answer"),
    [
        ("Exact likelihood", "Take PixelCNN: −log p(x) is 80.5 nats, next 88.2 (MADE)."),
        ("Speed", "an image takes 0.1 ms, next 0.2 (GAN)."),
        (
            "Control",
            "Take Diffusion: the share of its images recognised as the requested class is 95.0 %, next 94.0 %",
        ),
        (
            "Real-looking",
            "Take 2-latent β-VAE, PixelCNN or MADE: its Fréchet distance is 2.5 × the floor (2-latent β-VAE), "
            "3.0 × the floor",
        ),
    ],
)
def test_a_need_is_answered_with_the_figure_that_says_why(page: Page, compare_app: str, need: str, answer: str):
    open_compare(page, compare_app, "mode=table")
    panel(page).get_by_role("button", name=need, exact=True).click()
    expect(panel(page).locator(".advice")).to_contain_text(answer)


@pytest.mark.core
def test_a_phone_reads_the_table(phone: Page, compare_app: str):
    open_compare(phone, compare_app, "mode=table&all=1")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame = main(phone).locator(".trade-frame")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth"), "it is wider than a phone, and scrolls"
    cell(phone, "gan-mnist", "use").scroll_into_view_if_needed()
    cell(phone, "gan-mnist", "use").tap()
    said = main(phone).locator(".source-words")
    expect(said).to_contain_text("GAN, classifier from samples: 83.0 %")
    expect(said).to_be_in_viewport()
    box, name = said.bounding_box(), main(phone).get_by_role("rowheader", name="GAN").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390, (
        "all of it is on screen, however far the table was scrolled"
    )
    assert 0 <= name["x"] < 40, "and so is the name of the row"
    panel(phone).get_by_role("button", name="Variety").tap()
    expect(panel(phone).locator(".advice")).to_contain_text("recall")
    assert state(phone)["sort"] == "recall"
