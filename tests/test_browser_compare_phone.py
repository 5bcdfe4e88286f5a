"""The whole comparison on a phone, by touch alone."""

from playwright.sync_api import Page

from tests.compare import TAB, family, finished, main, open_compare, panel, wait_for_address, wait_until

MODES = {
    "likely": "How likely?",
    "odd": "Anomaly",
    "between": "Between two",
    "real": "Which is real?",
    "table": "The table",
}


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, compare_app: str):
    open_compare(phone, compare_app)
    make(phone)
    finish(phone)
    for name, title in MODES.items():
        TAB.tap_to(phone, title, name)


def make(phone: Page) -> None:
    finished(phone)
    TAB.fits(phone)
    first, second = (family(phone, title).bounding_box() for title in ("2-latent β-VAE", "PixelCNN"))
    assert first["y"] + first["height"] <= second["y"], "the families stand below one another"
    tiles = family(phone, "2-latent β-VAE").locator(".tile-link")
    boxes = [tiles.nth(k).bounding_box() for k in range(4)]
    assert len({box["y"] for box in boxes}) == 1 and boxes[0]["width"] >= 56
    scrubber = phone.get_by_role("slider", name="Four images from every family: step")
    box = scrubber.bounding_box()
    assert tiles.first.bounding_box()["y"] <= 300, "the pictures come early"
    assert first["y"] < box["y"] and box["y"] + box["height"] <= phone.viewport_size["height"], (
        "the clock stays in sight: the families are longer than the screen"
    )
    scrubber.tap(position={"x": 0.5 * box["width"], "y": 18})
    wait_until(phone, "x.store.get().at > 0.4 && x.store.get().at < 0.6")
    panel(phone).get_by_role("button", name="Evaluations", exact=True).tap()
    wait_for_address(phone, "clock=evaluations")
    phone.get_by_role("button", name="Play", exact=True).tap()
    wait_until(phone, "x.store.get().at > 0.6")
    TAB.fits(phone)


def finish(phone: Page) -> None:
    TAB.tap_to(phone, "Complete", "finish")
    finished(phone)
    handle = main(phone).get_by_role("slider", name="Rows that are kept")
    handle.scroll_into_view_if_needed()
    handle.tap()
    phone.keyboard.press("ArrowDown")
    wait_for_address(phone, "keep=15")
    finished(phone)
    TAB.fits(phone)
