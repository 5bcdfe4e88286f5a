"""Words by keys and by finger: the pad is painted, words are pressed, slots opened, codes chosen."""

import base64

import pytest
from playwright.sync_api import Page, expect

from explorer.tabs.words.reads import PAINT_SIDE, PAINTS
from tests.finger import REST, touch
from tests.tab import Tab

TAB = Tab("words", "words", "prompt")
GRASS, RED, BLUE = ([*PAINTS].index(name) for name in ("grass", "red", "blue"))
OWN = "mode=reads&of=own&prompt=a+red+cat+on+grass"
MIDDLE = PAINT_SIDE // 2


def cells(page: Page) -> list[list[int]]:
    """The drawing of the address as rows of numbers of colours; plain grass without any."""
    paint = TAB.state(page)["paint"]
    if paint is None:
        return [[GRASS] * PAINT_SIDE] * PAINT_SIDE
    packed = base64.urlsafe_b64decode(paint + "=" * (-len(paint) % 4))
    flat = [half for byte in packed for half in (byte >> 4, byte & 15)]
    return [flat[PAINT_SIDE * row : PAINT_SIDE * (row + 1)] for row in range(PAINT_SIDE)]


def painted(page: Page, colour: int) -> set[tuple[int, int]]:
    """Places, column first, of the cells of a colour."""
    return {(x, y) for y, row in enumerate(cells(page)) for x, cell in enumerate(row) if cell == colour}


def square(x: int, y: int) -> set[tuple[int, int]]:
    """The four cells that the pen fills."""
    return {(x + dx, y + dy) for dx in (0, 1) for dy in (0, 1)}


def test_the_pad_is_painted_by_keys(page: Page, app_url: str):
    TAB.open(page, app_url, OWN)
    pad = TAB.main(page).locator(".paint-pad")
    pad.focus()
    page.keyboard.press("Space")
    assert painted(page, RED) == square(MIDDLE, MIDDLE)
    page.keyboard.press("Tab")
    expect(TAB.main(page).get_by_role("button", name="red", exact=True)).to_be_focused()  # one stop, at the chosen one
    for _ in range(BLUE - RED):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    pad.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Space"):
        page.keyboard.press(key)
    assert painted(page, BLUE) == square(MIDDLE + 2, MIDDLE - 1)
    for _ in range(PAINT_SIDE):
        page.keyboard.press("ArrowLeft")  # no further than the edge
    page.keyboard.press("Space")
    assert painted(page, BLUE) == square(MIDDLE + 2, MIDDLE - 1) | square(0, MIDDLE - 1)
    TAB.main(page).locator(".paint").get_by_role("button", name="Clear").press("Enter")
    assert TAB.state(page)["paint"] is None


def test_a_finger_paints_a_stroke_and_a_second_one_takes_it_back(phone: Page, app_url: str):
    TAB.open(phone, app_url, OWN)
    pad = TAB.main(phone).locator(".paint-pad")
    TAB.wait_until(phone, "x.mode().value && x.mode().answer.isCurrent")  # nothing above the pad moves any longer
    pad.scroll_into_view_if_needed()
    phone.evaluate(REST)
    box = pad.bounding_box()
    assert box["width"] == box["height"]
    side = box["width"] / PAINT_SIDE
    points = [(box["x"] + (MIDDLE + k + 0.5) * side, box["y"] + (4 + 0.5) * side) for k in range(3)]
    session = phone.context.new_cdp_session(phone)
    touch(session, "touchStart", points[:1])
    for point in points[1:]:
        touch(session, "touchMove", [point])
    touch(session, "touchEnd", [])
    TAB.wait_until(phone, "x.store.get().paint")
    stroke = set().union(*(square(MIDDLE + k, 4) for k in range(3)))
    assert painted(phone, RED) == stroke
    touch(session, "touchStart", points[:1])
    touch(session, "touchStart", [points[0], (points[0][0], points[0][1] + 60)])
    touch(session, "touchEnd", [])
    assert painted(phone, RED) == stroke
    blue = TAB.main(phone).get_by_role("button", name="blue", exact=True)
    assert min(blue.bounding_box()[way] for way in ("width", "height")) >= 40
    blue.tap()
    phone.touchscreen.tap(box["x"] + 1.5 * side, box["y"] + 1.5 * side)
    assert painted(phone, BLUE) == square(1, 1)


def test_words_are_pressed_by_keys(page: Page, app_url: str):
    TAB.open(page, app_url, "prompt=a+red&steps=1")
    summary = TAB.main(page).locator(".word-groups summary")
    if TAB.main(page).locator(".word-groups[open]").count() == 0:
        summary.press("Enter")
    objects = TAB.main(page).get_by_role("group", name="Objects")
    first, second = (objects.get_by_role("button").nth(k) for k in (0, 1))
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    field = TAB.main(page).get_by_role("textbox", name="Prompt", exact=True)
    expect(field).to_have_value(f"a red {second.text_content()}")
    expect(second).to_be_focused()
    assert first.get_attribute("tabindex") == "-1"  # a group is one tab stop


def test_words_and_slots_are_tapped(phone: Page, app_url: str):
    TAB.open(phone, app_url, "prompt=a+red&steps=1")
    if TAB.main(phone).locator(".word-groups[open]").count() == 0:
        TAB.main(phone).locator(".word-groups summary").tap()
    key = TAB.main(phone).get_by_role("group", name="Objects").get_by_role("button", name="cat", exact=True)
    assert key.bounding_box()["height"] >= 40
    key.tap()
    expect(TAB.main(phone).get_by_role("textbox", name="Prompt", exact=True)).to_have_value("a red cat")
    TAB.open(phone, app_url, "mode=reads&example=33")
    TAB.wait_until(phone, "x.mode().value && x.mode().answer.isCurrent")
    words = TAB.main(phone).get_by_role("group", name="Words of the caption")
    words.get_by_role("button", name="red", exact=True).tap()
    TAB.wait_until(phone, "x.store.get().slot === 'colour-1'")
    TAB.fits(phone)


@pytest.mark.parametrize("codec", ["tokens", "latents"])
def test_a_code_is_chosen_by_keys(page: Page, app_url: str, codec: str):
    TAB.open(page, app_url, f"mode=codes&codec={codec}&place=38")
    TAB.wait_until(page, "x.mode().answer?.isCurrent")
    picture = TAB.main(page).get_by_role(
        "application", name=f"The scene from its {'144 ' * (codec == 'tokens')}{codec}"
    )
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    TAB.wait_until(page, "x.store.get().place === 51")
