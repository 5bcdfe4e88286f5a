"""The table of all families in a real browser: every figure is a card's, and says where it comes from."""

import csv

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.compare import MODULES, compare, main, open_compare, panel, saved
from tests.compare_cards import AUROCS, NLL, SECONDS


def cell(page: Page, net: str, column: str) -> Locator:
    return main(page).locator(f'[data-cell="{net} {column}"]')


def best(page: Page, column: str) -> list[str]:
    """The networks whose figure is bold in a column."""
    cells = main(page).locator(f'.figure.is-best[data-cell$=" {column}"]')
    return [found.split()[0] for found in cells.evaluate_all("cells => cells.map((cell) => cell.dataset.cell)")]


def test_every_figure_is_the_cards_and_the_best_are_bold(page: Page, measured_app: str, tmp_path):
    open_compare(page, measured_app, "mode=table")
    expect(cell(page, "beta-vae-mnist", "frechet")).to_have_text("2.5")
    expect(cell(page, "diffusion-mnist", "frechet")).to_have_text("4.5")
    expect(cell(page, "pixelcnn-mnist", "likelihood")).to_have_text("= 80.5")
    expect(cell(page, "gan-mnist", "likelihood")).to_have_text("cannot")
    expect(cell(page, "diffusion-mnist", "likelihood")).to_have_text("–")
    expect(cell(page, "beta-vae-mnist", "use")).to_have_text("cannot")
    expect(cell(page, "gan-mnist", "use")).to_have_text("83.0 %")
    assert best(page, "frechet") == ["beta-vae-mnist"]
    assert best(page, "likelihood") == ["pixelcnn-mnist"]
    assert best(page, "milliseconds") == ["beta-vae-mnist"]
    assert len(best(page, "precision")) == len(AUROCS), "nobody is better than another"
    assert best(page, "parameters") == []
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {row["network"]: row for row in csv.DictReader(file)}
    assert {family: float(rows[f"{family}-mnist"]["ms an image"]) for family in AUROCS} == SECONDS
    assert float(rows["made-mnist"]["−log p(x), nats"]) == NLL["made"]
    assert rows["gan-mnist"]["−log p(x), nats"] == ""
    expect(main(page).locator(".seen")).to_contain_text("against 98.5 % after as many real images")


def test_likelihoods_of_other_pixels_are_no_competition(page: Page, measured_app: str):
    open_compare(page, measured_app, "mode=table&data=fashion-mnist")
    expect(cell(page, "pixelcnn-fashion-mnist", "likelihood")).to_have_text("= 80.5")
    assert best(page, "likelihood") == []
    expect(cell(page, "gan-fashion-mnist", "frechet")).to_have_text("–")


def test_a_figure_says_where_it_comes_from_and_leads_to_its_card(page: Page, measured_app: str):
    open_compare(page, measured_app, "mode=table")
    cell(page, "pixelcnn-mnist", "frechet").click()
    said = panel(page)
    expect(said).to_contain_text("PixelCNN, Fréchet ÷ floor: 3.0 (2.5 to 3.5 over the seeds) from 10,000 images")
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
        ("Exact likelihood", "Take PixelCNN: it says log p(x) exactly, −80.5 nats on average"),
        ("Speed", "Take VAE: 0.1 ms an image, before GAN with 0.2 ms"),
        ("Control", "Take Diffusion: asked for a class, 94.0 % of its images"),
        (
            "Real-looking",
            "Take VAE: its Fréchet distance is 2.5 times that of real images, before PixelCNN with 3.0",
        ),
    ],
)
def test_a_need_is_answered_with_the_figure_that_says_why(page: Page, measured_app: str, need: str, answer: str):
    open_compare(page, measured_app, "mode=table")
    panel(page).get_by_role("button", name=need, exact=True).click()
    expect(panel(page).locator(".advice")).to_contain_text(answer)


def test_only_what_was_measured_alike_is_ranked(page: Page, measured_app: str):
    """The VAE was judged in black and white, and its distance is the least; the bound lies below the exact value."""
    page.goto(measured_app)
    advice, bold = page.evaluate(
        """async (modules) => {
            const [{ advice }, { bestIn, columnOf }] = await Promise.all(
                ["advice", "columns"].map((name) => import(`${modules}/${name}.js`)));
            const judged = (frechet) => ({ ways: { w: { frechet: [frechet], recall: [0.5] } }, floor: { frechet: 1 } });
            const family = (net, likelihood, value, quality) => {
                const card = { quality, nll: { value } };
                return { net, title: net, space: "levels", can: { likelihood }, cannot: {}, card };
            };
            const vae = family("VAE", "bound", 70, { binarised: judged(2) });
            const families = [vae, family("GAN", null, null, judged(5)), family("AR", "exact", 80, judged(9))];
            return [advice("real", families).words, [...bestIn(columnOf("likelihood"), families)].length];
        }""",
        MODULES,
    )
    assert advice.startswith("Take GAN: its Fréchet distance is 5.0 times")
    assert advice.endswith("before AR with 9.0. Not compared, as measured otherwise: VAE.")
    assert bold == 0, "one exact value beside a bound has nobody to be compared with"


def test_a_phone_reads_the_table(phone: Page, measured_app: str):
    open_compare(phone, measured_app, "mode=table")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame = main(phone).locator(".trade-frame")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth"), "it is wider than a phone, and scrolls"
    cell(phone, "gan-mnist", "use").scroll_into_view_if_needed()
    cell(phone, "gan-mnist", "use").tap()
    expect(panel(phone)).to_contain_text("GAN, classifier from samples: 83.0 %")
    panel(phone).get_by_role("button", name="Variety").tap()
    expect(panel(phone).locator(".advice")).to_contain_text("recall")
    assert compare(phone, "x.mode().need") == "variety"
