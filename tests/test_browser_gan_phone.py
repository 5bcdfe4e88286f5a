"""The whole GAN tab on a phone, by touch alone."""

from playwright.sync_api import Page, expect

from tests.gan import STAGE, App, main, open_gan, panel, state, wait_for_address, wait_until

WIDTH = 390


def turn_to(phone: Page, title: str, name: str) -> None:
    """Choose a mode; it fits the screen, and its picture comes before its panel."""
    phone.locator(STAGE).get_by_role("tab", name=title, exact=True).tap()
    wait_for_address(phone, f"mode={name}")
    phone.locator(f"{STAGE} .mode-{name}").wait_for(state="attached")
    fits(phone)


def fits(phone: Page) -> None:
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= WIDTH
    if main(phone).bounding_box()["height"] > 0:
        assert main(phone).bounding_box()["y"] < panel(phone).bounding_box()["y"]


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, gan_app: App):
    open_gan(phone, gan_app.url)
    generate(phone)
    turn_to(phone, "The game", "game")
    turn_to(phone, "Mode collapse", "collapse")
    turn_to(phone, "Vanishing gradient", "gradient")
    learn(phone)
    cannot(phone)
    turn_to(phone, "Tour", "tour")


def generate(phone: Page) -> None:
    wait_until(phone, "x.mode().plane.what && x.mode().path.bytes")
    fits(phone)
    assert main(phone).locator(".tile").first.bounding_box()["width"] >= 56
    main(phone).locator(".tile").nth(6).tap()
    wait_for_address(phone, "tap=6")
    panel(phone).get_by_role("button", name="C", exact=True).tap()
    wait_for_address(phone, "plane=0,1,6")
    wait_until(phone, "x.mode().sheet.isCurrent && x.mode().point.isCurrent")
    canvas = main(phone).locator("canvas.plane")
    side = canvas.bounding_box()["width"]
    assert side >= 300
    canvas.tap(position={"x": 0.8 * side, "y": 0.1 * side})
    wait_for_address(phone, "part=plane")
    assert abs(state(phone)["u"] - 0.8) < 0.02
    phone.get_by_role("button", name="One step forward").tap()
    wait_for_address(phone, "at=1")
    expect(panel(phone).locator(".looking")).to_contain_text("frame 1")
    fits(phone)


def learn(phone: Page) -> None:
    turn_to(phone, "Watch it learn", "learn")
    wait_until(phone, "x.mode().isComplete")
    phone.get_by_role("button", name="One step forward").tap()
    wait_for_address(phone, "frame=1")
    controls = main(phone).locator(".film-controls").bounding_box()["y"]
    assert controls < main(phone).locator("canvas.chart").first.bounding_box()["y"], "right under the picture"
    fits(phone)


def cannot(phone: Page) -> None:
    turn_to(phone, "What it cannot do", "cannot")
    wait_until(phone, "x.mode().current?.done")
    phone.get_by_role("button", name="One step back").tap()
    wait_for_address(phone, "at=")
    panel(phone).get_by_role("button", name="Draw one").tap()
    expect(panel(phone).locator(".pad")).to_be_visible()
    fits(phone)
