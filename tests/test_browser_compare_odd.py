"""Anomaly scores of pictures by every family, in a real browser: the card's figures, and the visitor's own picture."""

import csv
import re

from playwright.sync_api import Locator, Page, expect

from tests.compare import compare, main, open_compare, panel, saved, wait_for_address, wait_until
from tests.compare_cards import AUROCS, UNMEASURED

TITLES = {
    "beta-vae": "2-latent β-VAE",
    "pixelcnn": "PixelCNN",
    "made": "MADE",
    "gan": "GAN",
    "flow": "Flow",
    "diffusion": "Diffusion",
}


def scored(page: Page) -> None:
    """Wait until every family has scored the picture."""
    wait_until(page, "x.mode().answer?.isCurrent && !x.mode().value.more")


def chart(page: Page, title: str) -> Locator:
    return main(page).locator(".cards figure").filter(has=page.get_by_role("heading", name=title))


def drawing(page: Page, title: str) -> Locator:
    return chart(page, title).get_by_role("img")


def test_every_figure_is_the_cards(page: Page, compare_app: str, tmp_path):
    open_compare(page, compare_app, "mode=odd&img=12")
    for family, auroc in AUROCS.items():
        expect(drawing(page, TITLES[family])).to_have_accessible_name(re.compile(rf"AUROC {auroc:.3f}\."))
    expect(chart(page, "2-latent β-VAE")).to_contain_text("Fails: Fashion-MNIST's test images score lower")
    expect(chart(page, "MADE")).to_contain_text("Detects Fashion-MNIST's test images poorly")
    expect(chart(page, "GAN")).to_contain_text("Detects Fashion-MNIST's test images: they score higher in 95.0 %")
    expect(panel(page).locator(".seen")).to_contain_text(
        "2-latent β-VAE finds Fashion-MNIST's test images less anomalous"
    )
    with saved(page, "CSV", tmp_path).open(encoding="utf-8") as file:
        rows = {(row["network"], row["kind"]): float(row["AUROC"]) for row in csv.DictReader(file)}
    assert {family: rows[f"{family}-mnist", "fashion-mnist"] for family in AUROCS} == AUROCS


def test_another_kind_is_chosen_and_kept_in_the_address(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=odd&img=12")
    main(page).get_by_role("button", name="Blank", exact=True).click()
    wait_for_address(page, "kind=blank")
    expect(drawing(page, "GAN")).to_have_accessible_name(re.compile(r"AUROC 0\.010\."))
    expect(panel(page).locator(".seen")).to_contain_text(
        "2-latent β-VAE, PixelCNN, MADE, GAN, Flow and Diffusion find blank pages less anomalous"
    )
    page.get_by_role("button", name="Digits, to the clothes' networks").click()
    wait_for_address(page, "data=fashion-mnist")
    expect(chart(page, "2-latent β-VAE")).to_contain_text("Fails: MNIST's test images score lower")
    expect(main(page).locator(".silent")).to_contain_text("GAN was not measured yet.")
    assert UNMEASURED in compare(page, "x.mode().asked.nets")
    expect(chart(page, "GAN")).to_have_count(0)


def test_the_visitors_picture_is_scored_by_every_family(page: Page, compare_app: str):
    open_compare(page, compare_app, "mode=odd&img=12")
    scored(page)
    nets = compare(page, "x.mode().value.cards.map(({ net }) => net)")
    assert {*nets} == {f"{family}-mnist" for family in AUROCS}
    ask = "x.mode().ctx.ask('ask_anomaly', { net: '%s', picture: x.mode().asked.picture })"
    scores = [(net, compare(page, ask % net)["score"]) for net in nets]
    flagged = [net for net, score in scores if score > 400]
    assert flagged, "tiny networks find a digit odd"
    for net, score in scores:
        label = chart(page, TITLES[net.removesuffix("-mnist")]).locator("canvas").get_attribute("aria-label")
        assert f"Your picture has {score:,.1f}".replace("-", "−") in label
    expect(panel(page).locator(".seen")).to_contain_text("The test image is flagged by")


def test_a_phone_sees_all_of_it(phone: Page, compare_app: str):
    open_compare(phone, compare_app, "mode=odd&img=12")
    scored(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(main(phone).locator("table.numbers")).to_contain_text("0.010")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main(phone).get_by_role("button", name="Turned", exact=True).tap()
    wait_for_address(phone, "kind=rotated")
    expect(drawing(phone, "2-latent β-VAE")).to_have_accessible_name(re.compile(r"AUROC 0\.800\."))
