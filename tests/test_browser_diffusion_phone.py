"""The whole diffusion tab on a phone, by touch alone."""

from playwright.sync_api import Page, expect

from tests.diffusion import FILM_MS, TAB, main, open_diffusion, panel, state, wait_for_address, wait_until


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, app_url: str):
    open_diffusion(phone, app_url, "steps=4")
    forward(phone)
    reverse(phone)
    TAB.tap_to(phone, "Side by side", "samplers")
    TAB.tap_to(phone, "Guidance", "guidance")
    TAB.tap_to(phone, "SDEdit", "middle")
    TAB.tap_to(phone, "Between two", "travel")
    TAB.tap_to(phone, "Complete", "complete")
    field(phone)
    TAB.tap_to(phone, "Learned", "learned")
    tour(phone)


def forward(phone: Page) -> None:
    wait_until(phone, "x.mode().x0")
    TAB.fits(phone)
    assert main(phone).locator("canvas.board").bounding_box()["width"] >= 308
    scrubber = phone.get_by_role("slider", name="Adding noise, time by time: step")
    scrubber.tap(position={"x": 0.8 * scrubber.bounding_box()["width"], "y": 18})
    wait_until(phone, "x.store.get().t > 650")
    panel(phone).get_by_role("button", name="Cosine", exact=True).tap()
    wait_for_address(phone, "schedule=cosine")
    phone.get_by_role("button", name="Play", exact=True).tap()
    wait_until(phone, "x.store.get().t > 900")
    TAB.fits(phone)


def reverse(phone: Page) -> None:
    TAB.tap_to(phone, "Reverse", "reverse")
    panel(phone).get_by_role("button", name="16", exact=True).tap()
    wait_until(phone, "x.mode().drawn?.done && x.mode().drawn.count === 16", timeout=FILM_MS)
    left, right = (main(phone).locator("canvas.wall").nth(k).bounding_box() for k in (0, 1))
    assert left["y"] == right["y"], "the noise and the guess are on screen, side by side"
    wait_until(phone, "!x.mode().film.timer && x.mode().film.index === 4")
    phone.get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "at=3")
    wall = main(phone).locator("canvas.wall").nth(1)
    wall.tap(position={"x": 0.4 * right["width"], "y": 0.1 * right["width"]})
    wait_for_address(phone, "tap=1")
    expect(main(phone).locator("canvas.board:visible")).to_have_count(2)
    TAB.fits(phone)
    main(phone).get_by_role("button", name="All 16").tap()
    expect(main(phone).locator("canvas.wall:visible")).to_have_count(2)
    assert state(phone)["tap"] == 1


def field(phone: Page) -> None:
    TAB.tap_to(phone, "Score field", "field")
    plane = main(phone).locator("canvas").first
    side = plane.bounding_box()["width"]
    plane.tap(position={"x": 0.7 * side, "y": 0.4 * side})
    wait_for_address(phone, "drops=")
    TAB.fits(phone)


def tour(phone: Page) -> None:
    TAB.tap_to(phone, "Tour", "tour")
    card = panel(phone).locator(".tour-card")
    card.locator(".tour-choices button").first.tap()
    expect(card.locator(".tour-reveal")).not_to_be_empty()
    card.get_by_role("button", name="Next").tap()
    wait_for_address(phone, "tour=2")
    TAB.fits(phone)
