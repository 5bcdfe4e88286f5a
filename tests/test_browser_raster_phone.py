"""The whole autoregressive tab on a phone, by touch alone."""

from playwright.sync_api import Page, expect

from tests.raster import (
    PIXELS,
    TAB,
    array,
    board,
    drawn,
    main,
    open_raster,
    panel,
    state,
    tap_pixel,
    wait_for_address,
    wait_until,
)

PIXEL = 11 * 28 + 13


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, app_url: str):
    open_raster(phone, app_url)
    generate(phone)
    ask(phone)
    override(phone)
    TAB.tap_to(phone, "Complete", "complete")
    expect(panel(phone).locator(".seen")).to_contain_text("The eight draws have −log p")
    score(phone)
    masks(phone)
    TAB.tap_to(phone, "By hand", "chain")
    main(phone).get_by_role("button", name="Draw x₁", exact=True).tap()
    wait_for_address(phone, "step=1")
    TAB.fits(phone)
    TAB.tap_to(phone, "Why slow", "slow")
    expect(main(phone)).to_contain_text("of 28 rows")
    tour(phone)


def generate(phone: Page) -> None:
    drawn(phone)
    TAB.fits(phone)
    assert board(phone).bounding_box()["width"] >= 336
    wait_until(phone, "x.store.get().at > 10")
    phone.get_by_role("button", name="Pause", exact=True).tap()
    phone.get_by_role("button", name="One row forward").tap()
    assert state(phone)["at"] % 28 == 0
    scrubber = phone.get_by_role("slider", name="Drawing, pixel by pixel: step")
    scrubber.tap(position={"x": scrubber.bounding_box()["width"] / 2, "y": 18})
    wait_until(phone, "Math.abs(x.store.get().at - 392) < 30")
    tap_pixel(board(phone), PIXEL)
    wait_for_address(phone, f"at={PIXEL + 1}")
    phone.get_by_role("button", name="16", exact=True).tap()
    drawn(phone)
    wall = main(phone).locator("canvas.wall")
    wall.tap(position={"x": 0.4 * wall.bounding_box()["width"], "y": 0.1 * wall.bounding_box()["width"]})
    wait_for_address(phone, "tap=1")
    TAB.fits(phone)
    phone.get_by_role("button", name="1", exact=True).tap()
    drawn(phone)


def ask(phone: Page) -> None:
    TAB.tap_to(phone, "One pixel", "ask")
    wait_until(phone, "x.mode().field")
    tap_pixel(board(phone), PIXEL)
    wait_for_address(phone, f"pixel={PIXEL}")
    expect(panel(phone)).to_contain_text("row 12, column 14")
    phone.get_by_role("button", name="Colour by surprise").tap()
    wait_for_address(phone, "heat=1")
    TAB.fits(phone)


def override(phone: Page) -> None:
    TAB.tap_to(phone, "Override", "override")
    wait_until(phone, "x.mode().original")
    tap_pixel(board(phone), PIXEL)
    wait_until(phone, "x.mode().branch")
    chosen = state(phone)["over"][0] // 256
    drawn_levels, branch = (array(phone, f"x.mode().{which}.image()") for which in ("original", "branch"))
    assert (drawn_levels[:chosen] == branch[:chosen]).all() and drawn_levels[chosen] != branch[chosen]
    assert chosen == PIXEL and chosen < PIXELS
    left, right = board(phone, 0).bounding_box(), board(phone, 1).bounding_box()
    assert left["y"] == right["y"], "both branches are on screen, side by side"
    phone.get_by_role("button", name="Undo the last").tap()
    wait_until(phone, "!x.mode().branch")


def score(phone: Page) -> None:
    TAB.tap_to(phone, "How likely?", "score")
    panel(phone).get_by_role("button", name="Blank").tap()
    expect(panel(phone)).to_contain_text("nats")
    for part in ("Histograms", "Bayes"):
        panel(phone).get_by_role("button", name=part).tap()
        TAB.fits(phone)


def masks(phone: Page) -> None:
    TAB.tap_to(phone, "Masks", "masks")
    for part in ("Two stacks", "One stack", "MADE"):
        panel(phone).get_by_role("button", name=part, exact=True).tap()
        TAB.fits(phone)


def tour(phone: Page) -> None:
    TAB.tap_to(phone, "Tour", "tour")
    card = panel(phone).locator(".tour-card")
    card.locator(".tour-choices button").first.tap()
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    card.get_by_role("button", name="Next").tap()
    wait_for_address(phone, "tour=2")
    TAB.fits(phone)
