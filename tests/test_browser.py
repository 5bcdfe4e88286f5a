"""The page as a whole, in a real browser: quiet, accessible, shareable, touchable."""

from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import Request as BrowserRequest

from tests.stage import STAGE, explorer, mode_tab, open_stage, settle, state, url_in
from tests.watch import Watch

FIRST_VIEW_BYTES = 3_000_000
MOMENT_MS = 40
DRAWN = "A" * 60 + "_" * 20 + "A" * 51
SHARED = (
    "beta=0&z=0.5,-1.25&pin=1,-0.5&view=0.5,0,12&off=3,5",
    "data=fashion-mnist&beta=4&mode=interpolate&z=0.5,-1.25&bg=0&as=images&off=3,5&a=12&b=55&path=spherical&frame=3",
    "mode=encode&img=12&part=posterior&eps=21&beta=10",
    f"mode=encode&draw={DRAWN}&part=gradients&eps=3",
    "mode=encode&img=40&source=draw",
    "data=fashion-mnist&mode=sample&seed=5&pixels=bits&tap=63",
    "mode=learn&step=5&beta=2",
    "mode=tour&tour=4&beta=2.5&seed=9&pixels=bits",
)


def address(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url_in(page)).query))


@pytest.mark.core
def test_the_page_opens_on_a_live_picture_and_stays_quiet(page: Page, app_url: str):
    open_stage(page, app_url)
    expect(page).to_have_title("Explore · VAE · Explorer")
    page.wait_for_timeout(1_000)
    image = page.evaluate(f"[...document.querySelector('{STAGE}').explorer.decode([0, 0])]")
    assert len(image) == 784
    assert max(image) > 0.5 > 0.1 > min(image)


def transferred(request: BrowserRequest) -> int:
    """Bytes of body that travel for a request of a browser that has kept nothing of it."""
    asked = {name: value for name, value in request.headers.items() if name == "range"}
    with urlopen(Request(request.url, headers={"Accept-Encoding": "gzip"} | asked)) as response:
        return len(response.read())


def ours(watch: Watch, app_url: str) -> list[BrowserRequest]:
    """Questions of a first view to the app itself."""
    return [
        response.request
        for response in watch.responses
        if response.url.startswith((f"{app_url}/?", f"{app_url}/gradio_api/file="))
        and ".png" not in response.url  # the test images, which are fetched after it
    ]


@pytest.mark.core
def test_the_first_view_is_light(page: Page, app_url: str):
    watch = Watch(page)
    open_stage(page, app_url)
    page.wait_for_timeout(1_000)
    asked = ours(watch, app_url)
    assert any(".safetensors" in request.url for request in asked)
    assert sum(map(transferred, asked)) <= FIRST_VIEW_BYTES


@pytest.mark.parametrize("link", SHARED)
def test_a_shared_link_restores_the_state(page: Page, app_url: str, link: str):
    """After a gesture that changes nothing, the whole address is written anew from the state; it is still the link."""
    open_stage(page, app_url, f"tab=vae&{link}")
    page.locator(f"{STAGE} .panel .mode").first.wait_for()
    page.wait_for_timeout(1_000)
    prior = page.get_by_role("button", name="Prior", exact=True)
    prior.click()
    expect(prior).to_have_attribute("aria-pressed", "false")
    assert address(page)["rings"] == "0"
    prior.click()
    expect(prior).to_have_attribute("aria-pressed", "true")
    assert address(page) == {"tab": "vae"} | dict(parse_qsl(link))


@pytest.mark.core
def test_a_stage_that_comes_back_into_sight_puts_its_state_in_the_address_again(page: Page, app_url: str):
    open_stage(page, app_url, "beta=3&mode=encode")
    page.evaluate(f"document.querySelector('{STAGE}').style.display = 'none'")
    settle(page)
    page.evaluate("history.replaceState(null, '', '?tab=another&size=4')")
    explorer(page, "x.store.set({ rings: false }, { commit: true })")
    assert address(page) == {"tab": "another", "size": "4"}
    page.evaluate("history.replaceState(null, '', '?tab=vae')")
    page.evaluate(f"document.querySelector('{STAGE}').style.display = ''")
    settle(page)
    opened = str(state(page)["img"])  # on which Encode opens
    assert address(page) == {"tab": "vae", "beta": "3", "mode": "encode", "img": opened, "rings": "0"}


@pytest.mark.core
def test_a_link_to_another_tab_says_nothing_about_this_stage(page: Page, app_url: str):
    page.goto(f"{app_url}/?tab=another&beta=3&mode=encode")
    page.locator(".nav [data-tab=vae]").click()
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
    assert (state(page)["beta"], state(page)["mode"]) == (1, "explore")


@pytest.mark.core
def test_a_link_without_a_tab_is_about_the_vae_alone(page: Page, app_url: str):
    open_stage(page, app_url, "seed=123&img=12")
    assert state(page)["img"] == 12
    page.locator(".nav [data-tab=ar]").click()
    page.wait_for_function("document.querySelector('.stage.autoregressive')?.explorer")
    seed, img = page.evaluate(
        "(({ seed, img }) => [seed, img])(document.querySelector('.stage.autoregressive').explorer.store.get())"
    )
    assert seed != 123 and img is None


@pytest.mark.parametrize("view", ["NaN,0,1", "0,0,0", "0,0,-1", "0,0,0.001", "0,0,1e9"])
def test_a_malformed_link_opens_with_what_it_still_says(page: Page, app_url: str, view: str):
    link = f"data=cifar&beta=loud&z=1&off=3,x&mode=sample&seed=-1&frame=&draw=%00&a=99999&tap=64&pin=1&view={view}"
    open_stage(page, app_url, link)
    now = state(page)
    assert (now["data"], now["beta"], now["mode"]) == ("mnist", 1, "sample")
    assert (now["view"], now["pin"], now["tap"]) == (None, None, None)
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.manifold.tile()")


def test_a_view_that_cannot_be_painted_does_not_stop_the_next_one(page: Page, app_url: str):
    open_stage(page, app_url)
    explorer(page, "x.store.set({ view: [0, 0, 0] })")
    page.wait_for_timeout(300)
    explorer(page, "x.store.set({ view: [0, 0, 1] })")
    page.wait_for_function(f"document.querySelector('{STAGE}').explorer.map.manifold.tile()?.spacing < 0.2")


@pytest.mark.core
def test_a_gesture_is_written_to_the_address_and_a_second_visitor_sees_it(page: Page, app_url: str):
    open_stage(page, app_url)
    slider = page.get_by_role("slider", name="β").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_function("new URLSearchParams(location.search).has('beta')")
    first, link = state(page), url_in(page)
    open_stage(page, link.split("/?")[0], urlsplit(link).query)
    assert state(page)["beta"] == pytest.approx(first["beta"], rel=1e-3)
    assert first["beta"] > 1


@pytest.mark.core
def test_a_phone_does_everything_by_touch(phone: Page, app_url: str):
    open_stage(phone, app_url)
    stage, finger = phone.locator(STAGE), Finger(phone)
    plane = stage.locator("canvas.overlay")
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert plane.bounding_box()["width"] >= 340
    started = state(phone)["z"]
    finger.stroke(plane, [(0.3, 0.3), (0.5, 0.4), (0.7, 0.6)])
    assert state(phone)["z"] != started
    assert phone.evaluate("scrollY") == 0
    finger.pinch(plane, 0.1, 0.4)
    assert state(phone)["view"][2] < 6
    stage.get_by_role("slider", name="β").tap(position={"x": 300, "y": 8})
    assert state(phone)["beta"] > 4
    mode_tab(phone, "Encode").tap()
    stage.get_by_role("button", name="Draw one").tap()
    finger.stroke(stage.locator(".pad"), [(0.3, 0.2), (0.7, 0.2), (0.45, 0.9)])
    expect(stage.locator(".mode-encode")).to_contain_text("ELBO = −D − R")
    mode_tab(phone, "Make").tap()
    stage.locator(".draws button.choice").nth(9).tap()
    expect(stage.locator(".mode-sample")).to_contain_text("nearest")
    assert {"z", "view", "beta", "draw"} <= address(phone).keys()
    assert address(phone)["mode"] == "sample"


class Finger:
    """One or two fingers on the glass; places are shares of an element's width and height."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def stroke(self, target: Locator, places: list[tuple[float, float]]) -> None:
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        self._play([[_within(box, x, y)] for x, y in places])

    def pinch(self, target: Locator, near: float, far: float) -> None:
        box = target.bounding_box()
        spreads = [near + (far - near) * step / 4 for step in range(5)]
        self._play([[_within(box, 0.5 - spread, 0.5), _within(box, 0.5 + spread, 0.5)] for spread in spreads])

    def _play(self, moments: list[list[dict]]) -> None:
        for kind, points in zip(["touchStart", *["touchMove"] * (len(moments) - 1)], moments, strict=True):
            self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            self.page.wait_for_timeout(MOMENT_MS)
        self.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _within(box: dict, x: float, y: float) -> dict:
    return {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
