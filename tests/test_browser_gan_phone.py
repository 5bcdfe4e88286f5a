"""The whole GAN tab on a phone, by touch alone."""

from playwright.sync_api import Page, expect

from tests.gan import TAB, main, open_gan, panel, state, wait_for_address, wait_until
from tests.tiny_app import App


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, tiny_app: App):
    open_gan(phone, tiny_app.url)
    generate(phone)
    TAB.tap_to(phone, "The game", "game")
    TAB.tap_to(phone, "Mode collapse", "collapse")
    TAB.tap_to(phone, "Vanishing gradient", "gradient")
    learn(phone)
    cannot(phone)
    TAB.tap_to(phone, "Tour", "tour")


def generate(phone: Page) -> None:
    wait_until(phone, "x.mode().isCurrent")
    TAB.fits(phone)
    assert main(phone).locator(".draw").first.bounding_box()["width"] >= 56
    main(phone).locator(".draw").nth(6).tap()
    wait_for_address(phone, "tap=6")
    panel(phone).get_by_role("button", name="C", exact=True).tap()
    wait_for_address(phone, "plane=0,1,6")
    wait_until(phone, "x.mode().isCurrent")
    canvas = main(phone).locator("canvas.plane")
    side = canvas.bounding_box()["width"]
    assert side >= 300
    canvas.tap(position={"x": 0.8 * side, "y": 0.1 * side})
    wait_for_address(phone, "part=plane")
    assert abs(state(phone)["u"] - 0.8) < 0.02
    phone.get_by_role("button", name="One step forward").tap()
    wait_for_address(phone, "at=1")
    expect(panel(phone).locator(".looking")).to_contain_text("frame 1")
    TAB.fits(phone)


def learn(phone: Page) -> None:
    TAB.tap_to(phone, "Watch it learn", "learn")
    wait_until(phone, "x.mode().current?.done")
    phone.get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "frame=0")
    controls = main(phone).locator(".film-controls").bounding_box()["y"]
    assert controls < main(phone).locator("canvas.chart").first.bounding_box()["y"], "right under the picture"
    TAB.fits(phone)


def cannot(phone: Page) -> None:
    TAB.tap_to(phone, "What it cannot do", "cannot")
    wait_until(phone, "x.mode().current?.done")
    phone.get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "at=")
    panel(phone).get_by_role("button", name="Draw one").tap()
    expect(panel(phone).locator(".pad")).to_be_visible()
    TAB.fits(phone)
