"""The browser's history in a real browser: a tab and a mode are places that one can go back to."""

import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.stage import MAP, STAGE, explorer, mode_tab, open_stage, settle, state, url_in, wait_for_address


@pytest.mark.core
def test_back_and_forward_go_through_modes_and_tabs(page: Page, app_url: str):
    open_stage(page, app_url, "beta=3")
    mode_tab(page, "Make").click()
    expect(page).to_have_title("Make · VAE · Explorer")
    page.locator(".nav [data-tab=gan]").click()
    expect(page).to_have_title("The game · GAN · Explorer")
    page.locator("#gan-tab-learn").click()
    expect(page).to_have_title("Watch it learn · GAN · Explorer")
    places = [
        "The game · GAN · Explorer",
        "Make · VAE · Explorer",
        "Explore · VAE · Explorer",
    ]
    for title in places:
        page.go_back()
        expect(page).to_have_title(title)
    expect(page.locator(f"{STAGE} .mode-explore")).to_be_visible()
    assert "mode=" not in url_in(page) and explorer(page, "x.store.get().beta") == 3
    for title in reversed(["Watch it learn · GAN · Explorer", *places[:-1]]):
        page.go_forward()
        expect(page).to_have_title(title)
    expect(page.locator(".stage.gan .mode-learn")).to_be_visible()


@pytest.mark.core
def test_back_opens_a_tab_that_this_page_has_not_shown(page: Page, app_url: str):
    open_stage(page, app_url)
    page.locator(".nav [data-tab=gan]").click()
    expect(page).to_have_title("The game · GAN · Explorer")
    page.go_back()
    page.reload()
    expect(page).to_have_title("Explore · VAE · Explorer")
    page.go_forward()
    expect(page).to_have_title("The game · GAN · Explorer")


@pytest.mark.core
def test_a_gesture_is_no_step_in_the_history(page: Page, app_url: str):
    open_stage(page, app_url)
    steps = page.evaluate("history.length")
    page.get_by_role("button", name="Prior", exact=True).click()
    wait_for_address(page, "rings=0")
    assert page.evaluate("history.length") == steps


def test_what_is_pinned_and_zoomed_comes_back_by_its_link(page: Page, app_url: str):
    open_stage(page, app_url, "beta=3")
    box = page.locator(MAP).bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    wait_for_address(page, "pin=")
    page.get_by_role("button", name="Zoom in").click()
    wait_for_address(page, "view=")
    page.get_by_role("heading", name="The maths").hover()
    shown = picture(page)
    address = url_in(page)
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer?.map.points()")
    page.evaluate(f"document.querySelector('{STAGE}').explorer.ready")
    again = picture(page)
    assert url_in(page) == address and again[1] == shown[1]
    for before, after in zip(shown[0], again[0], strict=True):  # the link rounds the view
        assert (np.abs(before - after) > 40).mean() < 0.005


def picture(page: Page) -> tuple[list[np.ndarray], str]:
    """Drawing on the map, and the words on the pinned place."""
    panel = page.locator(f"{STAGE} .panel")
    expect(panel).to_contain_text("prior density")
    expect(panel).not_to_contain_text("Asking the model")
    settle(page)
    drawn = page.eval_on_selector_all(f"{STAGE} .main canvas", "all => all.map((each) => each.toDataURL())")
    images = [Image.open(io.BytesIO(b64decode(each.partition(",")[2]))).convert("RGBA") for each in drawn]
    return [np.asarray(image, dtype=float) for image in images], panel.inner_text()


def test_addresses_that_follow_each_other_at_once_end_at_the_last(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae&z=0.5,0.5")
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer")
    page.evaluate(
        """() => {
          for (const query of ["tab=foundations&mode=jensen", "tab=vae&z=0.7,0.5"]) {
            history.pushState(history.state, "", `?${query}`);
            dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
          }
        }"""
    )
    page.wait_for_timeout(1000)
    expect(page.locator(".stage.vae")).to_be_visible()
    assert state(page)["z"] == [0.7, 0.5]
    assert "tab=vae&z=0.7,0.5" in url_in(page)
