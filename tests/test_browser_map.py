"""The map in a real browser: pointer, wheel, fingers and keys move what they should; what can be taken home."""

import csv
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stage import (
    MAP,
    STAGE,
    explorer,
    mode_tab,
    open_share,
    open_stage,
    requests_of,
    saved,
    settle,
    state,
    url_in,
    wait_for_address,
)


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(MAP).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def under(page: Page, x: float, y: float) -> list[float]:
    """The latent point at a place on the screen."""
    box = page.locator(MAP).bounding_box()
    return explorer(page, f"x.map.view.toLatent({x - box['x']}, {y - box['y']})")


@pytest.mark.core
def test_the_image_follows_the_pointer_and_a_click_pins(page: Page, app_url: str):
    open_stage(page, app_url)
    before = page.locator(f"{STAGE} .decoded canvas").first.screenshot()
    x, y = middle(page)
    page.mouse.move(x - 120, y + 90)
    settle(page)
    assert state(page)["z"] == pytest.approx(under(page, x - 120, y + 90), abs=2e-4)
    assert page.locator(f"{STAGE} .decoded canvas").first.screenshot() != before
    assert "z=" not in url_in(page)
    page.mouse.click(x - 120, y + 90)
    expect(page.locator(f"{STAGE} .pinned")).to_contain_text("Pinned at")
    expect(page.locator(f"{STAGE} .pinned")).to_contain_text("prior density")
    assert "z=" in url_in(page)
    page.mouse.move(x + 60, y - 60)
    page.mouse.move(5, 5)
    settle(page)
    assert state(page)["z"] == pytest.approx(under(page, x - 120, y + 90), abs=2e-4)


def test_the_drawn_image_is_the_decoded_one(page: Page, app_url: str):
    open_stage(page, app_url, "z=0.3,-1.2")
    drawn = page.evaluate(
        f"""() => {{
          const canvas = document.querySelector("{STAGE} .decoded canvas");
          const {{ data }} = canvas.getContext("2d").getImageData(0, 0, 28, 28);
          return data.filter((_, i) => i % 4 === 0).join();
        }}"""
    )
    decoded = np.array(explorer(page, "[...x.decode([0.3, -1.2])]"))
    assert np.abs(np.array(drawn.split(","), dtype=float) - 255 * decoded).max() <= 0.51


@pytest.mark.core
def test_keys_move_the_cursor_and_pin(page: Page, app_url: str):
    open_stage(page, app_url)
    page.locator(MAP).focus()
    x, y = state(page)["z"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    moved = state(page)["z"]
    assert moved[0] > x
    assert y - moved[1] == pytest.approx(2.5 * (moved[0] - x), rel=0.01)
    wait_for_address(page, "z=")
    page.keyboard.press("Enter")
    expect(page.locator(f"{STAGE} .pinned")).to_contain_text("stretch")
    page.keyboard.press("Escape")
    expect(page.locator(f"{STAGE} .pinned")).to_be_hidden()
    expect(page.get_by_role("button", name="Pin this point")).to_be_visible()


def test_the_legend_hides_classes(page: Page, app_url: str):
    open_stage(page, app_url, "bg=0&rings=0")
    shown = page.locator(f"{STAGE} .map").screenshot()
    index = explorer(page, "x.map.nearest([0, 0])")
    label = explorer(page, f"x.map.ctx.assets.labels[{index}]")
    chip = page.locator(f'{STAGE} [data-class="{label}"]')
    chip.click()
    settle(page)
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert f"off={label}" in url_in(page)
    assert explorer(page, f"x.map.ctx.assets.labels[x.map.nearest([0, 0])] !== {label}")
    assert page.locator(f"{STAGE} .map").screenshot() != shown
    page.get_by_role("button", name="All", exact=True).click()
    assert "off=" not in url_in(page)


def test_images_are_fetched_after_the_model_and_once(page: Page, app_url: str):
    fetched = requests_of(page)
    open_stage(page, app_url)
    expect(page.get_by_label(re.compile(r"^Test image \d+"))).to_be_visible()
    files = [url for url in fetched if ".png" in url or "model.safetensors" in url]
    pictures = [url for url in files if ".png" in url]
    assert pictures and files[-len(pictures) :] == pictures
    page.get_by_role("button", name="Images").click()
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.tinted")
    pictures = [url for url in fetched if ".png" in url]
    assert len(pictures) == len(set(pictures))
    assert "as=images" in url_in(page)


def test_the_wheel_zooms_about_the_pointer_and_dragging_pans(page: Page, app_url: str):
    open_stage(page, app_url)
    x, y = middle(page)
    x, y = x + 80, y - 50
    page.mouse.move(x, y)
    before, span = under(page, x, y), explorer(page, "x.map.view.span")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"span => document.querySelector('{STAGE}').explorer.map.view.span < 0.7 * span", arg=span)
    page.keyboard.up("Control")
    assert under(page, x, y) == pytest.approx(before, abs=0.015)
    wait_for_address(page, "view=")
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.up()
    settle(page)
    assert under(page, x + 30, y + 20) == pytest.approx(before, abs=0.015)


def test_the_right_button_neither_pins_nor_pans(page: Page, app_url: str):
    open_stage(page, app_url)
    box = page.locator(MAP).bounding_box()
    page.mouse.click(box["x"] + 100, box["y"] + 100, button="right")
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=4)
    page.mouse.up(button="right")
    settle(page)
    assert state(page)["pin"] is None and state(page)["view"] is None


def test_the_wheel_alone_scrolls_the_page_and_says_how_to_zoom(page: Page, app_url: str):
    open_stage(page, app_url)
    page.mouse.move(*middle(page))
    span = explorer(page, "x.map.view.span")
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 100")
    assert explorer(page, "x.map.view.span") == span
    expect(page.locator(f"{STAGE} .advice")).to_have_text("Ctrl + wheel zooms the map")


def test_buttons_and_keys_zoom(page: Page, app_url: str):
    open_stage(page, app_url)
    span = explorer(page, "x.map.view.span")
    page.get_by_role("button", name="Zoom in").click()
    page.locator(MAP).press("+")
    settle(page)
    assert explorer(page, "x.map.view.span") == pytest.approx(span / 2.25)
    page.get_by_role("button", name="Zoom out").click()
    page.locator(MAP).press("-")
    settle(page)
    assert explorer(page, "x.map.view.span") == pytest.approx(span)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Show everything").click()
    assert "view=" not in url_in(page)


def test_fingers_move_the_cursor_and_pinch(phone: Page, app_url: str):
    open_stage(phone, app_url)
    box = phone.locator(MAP).bounding_box()
    session = phone.context.new_cdp_session(phone)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        fingers = [{"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", tuple(explorer(phone, "x.map.view.toScreen(x.store.get().z)")))  # elsewhere the page scrolls
    touch("touchMove", (140, 180))
    touch("touchMove", (200, 240))
    settle(phone)
    assert state(phone)["z"] == pytest.approx(under(phone, box["x"] + 200, box["y"] + 240), abs=0.02)
    touch("touchEnd")
    span = explorer(phone, "x.map.view.span")
    touch("touchStart", (150, 150))
    touch("touchStart", (150, 150), (200, 150))
    touch("touchMove", (125, 150), (225, 150))
    touch("touchMove", (100, 150), (250, 150))
    settle(phone)
    assert explorer(phone, "x.map.view.span") == pytest.approx(span / 3, rel=0.05)
    touch("touchEnd")


def test_the_manifold_sharpens_at_rest(page: Page, app_url: str):
    open_stage(page, app_url)
    explorer(page, "x.store.set({ beta: 3 })")
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.manifold.tile()?.spacing > 0.5")
    coarse = explorer(page, "x.map.manifold.tile().spacing")
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.manifold.tile().spacing < {coarse}")


def test_the_other_data_set_is_fetched_once_when_it_is_chosen(page: Page, app_url: str):
    asked = []
    page.on("request", lambda request: asked.append((request.url, request.headers.get("range"))))
    open_stage(page, app_url)
    assert not [url for url, _ in asked if "fashion" in url]
    page.get_by_role("button", name="Fashion-MNIST").click()
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.points()")
    expect(page.locator(f"{STAGE} .chips").first).to_contain_text("Ankle boot")
    assert "data=fashion-mnist" in url_in(page)
    page.get_by_role("button", name="MNIST", exact=True).click()
    page.get_by_role("button", name="Fashion-MNIST").click()
    settle(page)
    found = [each for each in asked if "fashion" in each[0]]
    assert len(found) == len(set(found)) > 3


@pytest.mark.core
def test_copy_link_copies_the_address(page: Page, app_url: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_stage(page, app_url, "beta=4&z=0.5,0.5")
    open_share(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == url_in(page)


def test_the_view_is_kept_as_a_png_of_twice_its_size_and_the_curve_as_a_csv(page: Page, app_url: str, tmp_path):
    open_stage(page, app_url, "beta=4")
    width = explorer(page, "x.map.view.width")
    with Image.open(saved(page, "PNG", tmp_path)) as picture:
        assert picture.format == "PNG" and picture.width > 2 * width
        assert explorer(page, "x.map.base.width") == width  # as it was
        assert len(set(picture.convert("RGB").resize((64, 64)).get_flattened_data())) > 20
    with open(saved(page, "CSV", tmp_path), encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert float(rows[0]["beta"]) == 0
    assert rows[0]["rate, nats"] == ""
    assert len(rows) >= 25
    rates = [float(entry["rate, nats"]) for entry in rows[1:]]
    assert rates[0] > rates[-1]


def test_a_pin_stays_and_is_the_links_only_when_it_was_pinned(page: Page, app_url: str):
    open_stage(page, app_url, "z=0.5,0.5")
    pinned = page.locator(f"{STAGE} .pinned")
    expect(pinned).to_be_hidden()
    page.locator(MAP).focus()
    page.keyboard.press("Enter")
    wait_for_address(page, "pin=0.5,0.5")
    page.keyboard.press("ArrowRight")
    wait_for_address(page, "&z=0.5,0.5", there=False)
    expect(pinned).to_contain_text("Pinned at (0.50, 0.50)")
    mode_tab(page, "Make").click()
    expect(pinned).to_be_hidden()
    page.locator("#vae-tab-explore").click()
    expect(pinned).to_be_visible()
    assert state(page)["pin"] == [0.5, 0.5]
    page.locator(MAP).press("Escape")
    wait_for_address(page, "pin=", there=False)
    mode_tab(page, "Make").click()
    page.locator("#vae-tab-explore").click()
    expect(pinned).to_be_hidden()


@pytest.mark.core
def test_a_question_without_an_answer_can_be_asked_again(page: Page, app_url: str):
    open_stage(page, app_url)
    page.route("**/component_server**", lambda route: route.fulfill(json={"error": "The model is busy."}))
    page.mouse.click(*middle(page))
    pinned = page.locator(f"{STAGE} .pinned")
    expect(pinned).to_contain_text("did not answer")
    page.unroute("**/component_server**")
    page.locator(f"{STAGE} .status").get_by_role("button", name="Try again").click()
    expect(pinned).to_contain_text("stretch")


def test_images_that_cannot_be_read_are_owned_up_to_and_asked_for_again(page: Page, app_url: str):
    page.route("**/*.png*", lambda route: route.fulfill(body="no picture", content_type="image/png"))
    open_stage(page, app_url)
    expect(page.locator(f"{STAGE} .status")).to_contain_text("cannot be read")
    page.unroute("**/*.png*")
    page.wait_for_timeout(3_200)
    for _ in range(2):
        page.get_by_role("button", name="Images").click()
        settle(page)
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.tinted")


def test_choosing_the_chosen_data_set_changes_nothing(page: Page, app_url: str):
    open_stage(page, app_url, "a=108&b=24&img=12")
    page.get_by_role("button", name="MNIST", exact=True).click()
    now = state(page)
    assert (now["a"], now["b"], now["img"]) == (108, 24, 12)
