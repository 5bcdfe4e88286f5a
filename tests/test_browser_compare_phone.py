"""The whole comparison on a phone, by touch alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.compare import STAGE, family, finished, main, open_compare, panel, tiny_app, wait_for_address, wait_until

WIDTH, HEIGHT = 390, 844
MODES = {"likely": "How likely?", "odd": "Is it odd?", "real": "Which is real?", "table": "The table"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tiny_app(tmp_path_factory.mktemp("compare")) as url:
        yield url


def turn_to(phone: Page, title: str, name: str) -> None:
    """Choose a mode; it fits the screen, and its picture comes before its panel."""
    phone.locator(STAGE).get_by_role("tab", name=title, exact=True).tap()
    wait_for_address(phone, f"mode={name}")
    expect(panel(phone).locator(f".mode-{name}")).to_be_visible()
    fits(phone)


def fits(phone: Page) -> None:
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= WIDTH
    if main(phone).bounding_box()["height"] > 0:
        assert main(phone).bounding_box()["y"] < panel(phone).bounding_box()["y"]


def test_a_phone_goes_through_the_whole_tab_by_touch(phone: Page, url: str):
    open_compare(phone, url)
    make(phone)
    finish(phone)
    for name, title in MODES.items():
        turn_to(phone, title, name)


def make(phone: Page) -> None:
    finished(phone)
    fits(phone)
    first, second = (family(phone, title).bounding_box() for title in ("VAE", "PixelCNN"))
    assert first["y"] + first["height"] <= second["y"], "the families stand below one another"
    tiles = family(phone, "VAE").locator(".tile-link")
    boxes = [tiles.nth(k).bounding_box() for k in range(4)]
    assert len({box["y"] for box in boxes}) == 1 and boxes[0]["width"] >= 56
    scrubber = phone.get_by_role("slider", name="Four images from every family: step")
    box = scrubber.bounding_box()
    assert box["y"] + box["height"] <= first["y"] < HEIGHT, (
        "the clock comes first: the families are longer than the screen"
    )
    scrubber.tap(position={"x": 0.5 * box["width"], "y": 18})
    wait_until(phone, "x.store.get().at > 0.4 && x.store.get().at < 0.6")
    panel(phone).get_by_role("button", name="Evaluations", exact=True).tap()
    wait_for_address(phone, "clock=evaluations")
    phone.get_by_role("button", name="Play", exact=True).tap()
    wait_until(phone, "x.store.get().at > 0.6")
    fits(phone)


def finish(phone: Page) -> None:
    turn_to(phone, "Finish this", "finish")
    finished(phone)
    handle = main(phone).get_by_role("slider", name="Rows that are kept")
    handle.scroll_into_view_if_needed()
    handle.tap()
    phone.keyboard.press("ArrowDown")
    wait_for_address(phone, "keep=15")
    finished(phone)
    fits(phone)
