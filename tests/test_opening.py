"""Opening of a tab: an address that says nothing of it opens its first state, and one value moves there and back."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explorer.fields import Field, OneOf, Real, Reals, Whole
from explorer.tabs.interface import TABS
from explorer.tabs.kit.layout.opening import MOVEMENT_SECONDS, Opening
from tests.node import call

FIELDS = [
    Field("beta", Real(0.01, 100), 1),
    Field("level", OneOf(("coarse", "fine")), "coarse"),
    Field("t", Whole(0, 1000), None),
    Field("z", Reals((("z₁", -9, 9), ("z₂", -9, 9))), (0, 0)),
]


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_what_a_tab_opens_with_are_values_of_its_fields(tab):
    told = tab.opening.to_props(tab.fields)
    assert not told["moves"] or 3 <= told["moves"]["seconds"] <= MOVEMENT_SECONDS


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (Opening({"beta": 200}), "number from 0.01 to 100"),
        (Opening(moves="beta", through=(1, 200, 1)), "number from 0.01 to 100"),
        (Opening(moves="beta", through=(1, 20)), "begin and end at 1"),
        (Opening(moves="beta", through=(2, 20, 2)), "begin and end at 1"),
        (Opening(moves="beta", through=(1, 20, 1), seconds=9), "at most 8 s"),
    ],
)
def test_an_opening_that_cannot_be_is_told(opening: Opening, said: str):
    with pytest.raises(ValueError, match=said):
        opening.to_props(FIELDS)


@pytest.mark.parametrize(
    ("key", "through", "steps", "values"),
    [
        ("beta", [1, 100, 1], False, [1, 10, 100, 10, 1]),  # by equal factors
        ("beta", [1, 5, 1], False, [1, 3, 5, 3, 1]),
        ("t", [0, 999], False, [0, 156, 500, 843, 999]),  # 3s² − 2s³ of the way
        ("t", [24, 17, 18, 24], True, [24, 17, 18, 24, 24]),
        ("level", ["coarse", "fine", "coarse"], False, ["coarse", "coarse", "fine", "coarse", "coarse"]),
        ("z", [[0, 0], [4, -2]], False, [[0, 0], [0.625, -0.3125], [2, -1], [3.375, -1.6875], [4, -2]]),
    ],
)
def test_a_value_moves_through_others(key: str, through: list, steps: bool, values: list):
    field = next(each for each in FIELDS if each.key == key).to_props()
    movement = {"through": through, "steps": steps}
    found = [call("kit/shell/glide.js", "valueAt", movement, share, field) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert found == pytest.approx(values) if key in ("beta",) else found == values


def state(page: Page, tab: str, key: str):
    """Value of the state of a tab."""
    return page.evaluate(
        "([tab, key]) => document.querySelector(`#${tab}-stage .stage`)?.explorer?.store.get()[key]", [tab, key]
    )


def moving(browser: Browser, address: str) -> Page:
    """Open an address in a browser that shows motion."""
    page = browser.new_context(reduced_motion="no-preference").new_page()
    page.goto(address)
    page.wait_for_function("Boolean(document.querySelector('.stage.vae')?.explorer)")
    return page


@pytest.mark.core
def test_a_tab_moves_once_and_returns(browser: Browser, app_url: str):
    page = moving(browser, f"{app_url}/?tab=vae")
    moved = "document.querySelector('.stage.vae').explorer.store.get().beta !== 1"
    page.wait_for_function(moved)
    assert "beta" not in page.url  # what moves by itself is no state of the visitor's
    page.wait_for_function(f"!({moved})")
    page.context.close()


def test_a_hand_on_the_page_ends_the_movement(browser: Browser, app_url: str):
    page = moving(browser, f"{app_url}/?tab=vae")
    page.wait_for_function("document.querySelector('.stage.vae').explorer.store.get().beta > 1.5")
    page.locator(".stage.vae h1").click()
    page.wait_for_timeout(600)
    assert state(page, "vae", "beta") == 1
    page.context.close()


@pytest.mark.core
def test_an_address_with_any_key_opens_what_it_always_did(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=gan&seed=8")
    expect(page.locator("#gan-stage h1")).to_contain_text("Make")
    page.goto(f"{app_url}/?tab=gan")
    expect(page.locator("#gan-stage h1")).to_contain_text("The game")
    page.locator("#gan-entry-generate").click()
    page.wait_for_url("**seed=**")  # the typical one: with a key, the first mode needs no name
    page.reload()
    expect(page.locator("#gan-stage h1")).to_contain_text("Make")


@pytest.mark.core
def test_diffusion_opens_on_an_image_that_comes_out_of_noise(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=diffusion")
    title = page.locator("#diffusion-stage h1")
    expect(title).to_contain_text("Reverse")
    film = "document.querySelector('.stage.diffusion').explorer.mode().film"
    page.wait_for_function(f"{film}?.timer && {film}.index > 0")
    page.locator("#diffusion-tab-forward").click()
    expect(title).to_contain_text("Forward")
    page.wait_for_url("**img=108**")  # with a key, the first mode needs no name
    page.reload()
    expect(title).to_contain_text("Forward")
    page.goto(f"{app_url}/?tab=diffusion&t=300")
    expect(title).to_contain_text("Forward")
    page.wait_for_function(f"{film}?.index === 300")


@pytest.mark.core
def test_a_story_is_told_on_the_stage_and_by_keys(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=vae")
    page.get_by_role("button", name="In 60 seconds").click()
    caption = page.locator(".story-caption")
    expect(caption).to_contain_text("encoder")
    first = caption.inner_text()
    page.keyboard.press("PageDown")
    page.wait_for_url("**story=vae&scene=2**")
    expect(caption).not_to_have_text(first)
    page.keyboard.press("PageUp")
    expect(caption).to_have_text(first)
    page.go_back()
    expect(caption).not_to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator(".story")).to_have_count(0)
    page.wait_for_function("!location.search.includes('story')")


def test_a_story_that_does_not_exist_is_told(desktop: BrowserContext, app_url: str):
    page = desktop.new_page()  # unwatched: the browser complains of what is not found
    page.goto(f"{app_url}/?tab=vae&story=nothing")
    expect(page.get_by_role("alert").filter(has_text="This story could not be read")).to_be_visible()
