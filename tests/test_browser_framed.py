"""The page in frames of other sites: each recipe in two browsers, sites that are not named, blocked storage."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests import firefox, frames
from tests.server import serve
from tests.stage import open_share

READY = "document.querySelector('.stage.framed')?.explorer"
STATE = "tab=vae&mode=explore&embed=1"
SHOWN = """() => {
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
  const controls = ".stage :is(button, input, select, textarea)";
  return {
    picture: shown(".stage .main canvas").length > 0,
    navigation: shown(".nav, .nav-bar, .stage .menus, .stage .modes, .below, .stage .headline").length,
    controls: shown(controls).map((each) => each.type),
    sentence: shown(".stage .seen p").map((each) => each.innerText.trim()),
    link: shown("a.embed-open").map((each) => [each.textContent, each.href, each.target]),
    rest: document.documentElement.scrollHeight - innerHeight,
  };
}"""
BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
"""Storage as a frame of another site has it in a browser that blocks it."""


@dataclass
class Framing:
    """An app, and two sites with pages that show it: one that the app names, and one that it does not."""

    app: str
    named: str
    other: str
    pages: dict[str, str] = field(default_factory=dict)

    def put(self, text: str) -> str:
        """Put a page on both sites; return its path."""
        path = f"/page-{len(self.pages)}"
        self.pages[path] = text
        return path

    def frame(self, query: str = STATE) -> str:
        """Put a page with one frame; return its path."""
        source = f"{self.app}/?{query}".replace("&", "&amp;")
        return self.put(f'<!doctype html><title>x</title><iframe src="{source}" width="760" height="640"></iframe>')


@pytest.fixture(scope="module")
def framing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Framing]:
    """An app that names one of two sites."""
    pages: dict[str, str] = {}
    log = tmp_path_factory.mktemp("framed") / "log.txt"
    with (
        frames.site(pages) as named,
        frames.site(pages) as other,
        serve(log, EXPLORER_FRAMED_BY=named) as server,
    ):
        framing = Framing(server.url, named, other, pages)
        for kind in frames.SHELLS:
            pages[f"/{kind}"] = frames.page_of(kind, server.url)
        yield framing


def inside(page: Page, address: str) -> Frame:
    """Open a page and return the document of its frame once the stage is ready."""
    page.goto(address)
    frame = page.locator("iframe").element_handle().content_frame()
    frame.wait_for_function(READY)
    return frame


@pytest.mark.core
@pytest.mark.parametrize("kind", frames.SHELLS)
def test_each_recipe_shows_the_picture_one_control_and_one_sentence(page: Page, framing: Framing, kind: str):
    frame = inside(page, f"{framing.named}/{kind}")
    frame.wait_for_function("document.querySelector('.stage .seen p')?.innerText.includes('nats')")
    shown = frame.evaluate(SHOWN)
    assert shown["picture"] and not shown["navigation"]
    assert [each for each in shown["controls"] if each in ("range", "number", "text", "select-one")] == ["range"]
    assert len(shown["sentence"]) == 1 and shown["sentence"][0].count(". ") == 0
    assert shown["link"] == [["Open in Explorer", f"{framing.app}/?tab=vae&mode=explore", "_blank"]]
    if kind not in frames.SCRIPTLESS:  # the frame is as high as its content, and stays so
        page.wait_for_function("document.querySelector('iframe').style.height")
        page.wait_for_timeout(1500)
        heights = [frame.evaluate("innerHeight")]
        page.wait_for_timeout(1500)
        assert frame.evaluate(SHOWN)["rest"] <= 2 and frame.evaluate("innerHeight") == heights[0] <= 1100
    microphone = "document.featurePolicy.allowsFeature('microphone')"
    assert frame.evaluate(microphone)


def test_the_main_control_moves_the_picture_and_the_link_follows(page: Page, framing: Framing):
    frame = inside(page, f"{framing.named}/Moodle")
    frame.locator(".stage input[type=range]:visible").first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    frame.wait_for_function("location.search.includes('beta=') && location.search.includes('embed=1')")
    link = frame.locator("a.embed-open")
    with page.expect_popup() as popup:
        link.click()
    opened = popup.value
    opened.wait_for_function(READY)
    assert "embed" not in opened.url and "beta=" in opened.url
    expect(opened.locator(".nav")).to_be_visible()
    opened.close()


def test_a_higher_picture_makes_the_frame_higher_and_a_lower_one_lower(page: Page, framing: Framing):
    inside(page, f"{framing.named}/Quarto")
    heights = []
    for width in (900, 420, 900):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(3000)
        heights.append(page.evaluate("document.querySelector('iframe').clientHeight"))
    assert heights[0] == heights[2] != heights[1]


def test_a_site_that_is_not_named_sees_nothing(browser: Browser, framing: Framing):
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    for path in ("/Moodle", framing.frame("tab=start")):
        page.goto(framing.other + path)
        page.wait_for_timeout(2000)
        frame = page.locator("iframe").element_handle().content_frame()
        assert frame.url.startswith("chrome-error:") and not frame.locator(".stage, .nav, h1").count()
        assert any("frame-ancestors" in each for each in told)
    page.close()


def test_all_pages_around_the_frame_count_as_in_an_output_of_colab(browser: Browser, framing: Framing):
    """The app names the outer page's site; the output's own host, which Colab invents, is not named."""
    page = browser.new_page()
    link = frames.recipes()["Colab"].split("HTML('", 1)[1].removesuffix("')").replace(frames.EXAMPLE, framing.app)
    output = framing.put(f'{link}<iframe src="{framing.app}/?tab=start"></iframe>')
    outer = framing.put(
        f'<iframe src="{framing.other}{output}" sandbox="allow-scripts allow-same-origin allow-popups '
        'allow-popups-to-escape-sandbox"></iframe>'
    )
    page.goto(framing.named + outer)
    cell = page.locator("iframe").element_handle().content_frame()
    cell.wait_for_selector("iframe")
    page.wait_for_timeout(2000)
    assert cell.child_frames[0].url.startswith("chrome-error:")
    with page.expect_popup() as popup:
        cell.get_by_role("link").click()
    popup.value.wait_for_function(READY)
    page.close()


def test_without_storage_everything_works_and_one_notice_says_so(page: Page, framing: Framing):
    page.add_init_script(BLOCKED)
    frame = inside(page, framing.named + framing.frame("tab=vae&mode=tour&embed=1"))
    for _ in range(2):  # each prediction is stored
        frame.locator(".tour-choices button:visible").first.click()
        frame.get_by_role("button", name="Next", exact=True).click()
        frame.locator(".notice").wait_for()
    (words,) = frame.locator(".notice span").all_inner_texts()
    assert words.startswith("This browser stores nothing for this page.")


def test_share_gives_the_html_of_the_frame(page: Page, framing: Framing):
    page.goto(f"{framing.app}/?tab=diffusion&mode=reverse&seed=5")
    page.wait_for_function(READY)
    open_share(page)
    page.locator(".menus:visible").get_by_role("button", name="Embed", exact=True).click()
    html = page.get_by_label("HTML of the frame").input_value()
    site = framing.named.removeprefix("http://")
    expect(page.locator(".embedding")).to_contain_text(f"huggingface.co, http://{site}")
    frame = inside(page, framing.named + framing.put(f"<!doctype html>{html}"))
    assert frame.evaluate("new URLSearchParams(location.search).get('seed')") == "5"
    assert frame.evaluate("document.documentElement.classList.contains('embedded')")


needs_firefox = pytest.mark.skipif(
    firefox.find() is None, reason="no Firefox is installed: apt-get install firefox-esr"
)


@needs_firefox
@pytest.mark.deep
@pytest.mark.parametrize("blocks", [False, True], ids=["stores", "blocks-others"])
def test_firefox_shows_each_recipe_and_nothing_on_a_site_that_is_not_named(
    framing: Framing, tmp_path: Path, blocks: bool
):
    with firefox.started(tmp_path, **(firefox.BLOCKS_OTHERS if blocks else {})) as driver:
        for kind in frames.SHELLS:
            driver.open(f"{framing.named}/{kind}")
            driver.enter_frame()
            driver.wait_for(f"Boolean({READY})")
            driver.wait_for("document.querySelector('.stage .seen p')?.innerText.includes('nats')")
            shown = driver.run(f"return ({SHOWN})()")
            assert shown["picture"] and not shown["navigation"] and len(shown["sentence"]) == 1, kind
            assert shown["link"][0][:2] == ["Open in Explorer", f"{framing.app}/?tab=vae&mode=explore"]
            denied = driver.run("try { return !localStorage } catch ({ name }) { return name }")
            assert denied == ("SecurityError" if blocks else False)
            driver.ask("WebDriver:SwitchToFrame", id=None)
            if kind not in frames.SCRIPTLESS:
                driver.wait_for("Boolean(document.querySelector('iframe').style.height)")
        driver.open(f"{framing.other}/Moodle")
        driver.enter_frame()
        assert driver.run("return document.documentURI").startswith("about:neterror")
        assert not driver.run("return document.querySelector('.stage, .nav')")
