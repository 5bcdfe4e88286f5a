"""The page over a slow or broken line: what is drawn first comes first, and what did not come is asked for again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.benchmarks import again
from tests.conftest import PATIENCE_MS
from tests.stage import STAGE, requests_of

MOUNTED = f"document.querySelector('{STAGE}')?.explorer"
WEIGHTS = "**/beta-vae-mnist/model.safetensors*"
JOINED = "**/joined/*.js"
BACK = "dispatchEvent(new Event('online'))"


@pytest.fixture
def cut_off(browser: Browser) -> Iterator[Page]:
    """A page that may complain: its line is cut."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


@pytest.mark.core
def test_a_tab_reads_nothing_of_another_one(page: Page, app_url: str):
    requests = requests_of(page)
    page.goto(f"{app_url}/?tab=gan")
    page.wait_for_function("document.querySelector('.stage.gan')?.explorer?.mode().update && true")
    assert not [url for url in requests if "stages/vae/" in url or "beta-vae" in url]
    assert not [url for url in requests if "/export/" in url], "they save what is seen"
    page.locator(".nav [data-tab=vae]").click()
    page.wait_for_function(f"{MOUNTED}?.map.points()")
    assert [url for url in requests if "beta-vae" in url]


@pytest.mark.parametrize("tab", ["diffusion", "ar&mode=score", "tokens"])
def test_the_chosen_image_is_there_before_the_sheet_of_all(page: Page, app_url: str, tab: str):
    held: list[Route] = []
    page.route(re.compile(r"/(fashion-)?mnist(-binary)?\.png"), lambda route: held.append(route))
    page.goto(f"{app_url}/?tab={tab}")
    chosen = page.locator(".stage:visible").get_by_role("img", name="Test image", exact=True)
    expect(chosen).to_be_visible()
    assert len(set(chosen.evaluate("(canvas) => canvas.getContext('2d').getImageData(0, 0, 28, 28).data.join()"))) > 2
    assert held
    for route in held:
        route.continue_()


def test_points_come_before_the_decoder_and_what_has_come_of_it_is_said(page: Page, app_url: str):
    held: list[Route] = []
    page.route(WEIGHTS, lambda route: held.append(route))
    page.goto(f"{app_url}/?beta=3")
    page.wait_for_function(f"{MOUNTED}?.map.points()")
    assert page.evaluate(f"{MOUNTED}.decode([0, 0])") is None
    expect(page.locator(f"{STAGE} .panel")).not_to_contain_text("codes lie")
    page.evaluate(f"{MOUNTED}.store.set({{ beta: 0.5 }})")
    page.wait_for_function(f"{MOUNTED}.map.points()?.beta === 0.5")
    page.evaluate(
        """shares => new MutationObserver(([{ target }]) => shares.push(target.textContent))
        .observe(document.querySelector('.share-read'), { childList: true }) ?? (window.shares = shares)""",
        [],
    )
    page.unroute(WEIGHTS)
    page.wait_for_function(f"{MOUNTED}.decode([0, 0])")
    shares = page.evaluate("shares.map((text) => parseInt(text.match(/(\\d+)\\s*%/)[1]))")
    assert shares == sorted(shares) and shares[-1] == 100
    expect(page.locator(f"{STAGE} .share-read")).to_be_hidden()
    page.evaluate(f"{MOUNTED}.ready")


@pytest.mark.core
def test_a_stage_that_did_not_come_says_so_and_works_when_the_line_is_back(cut_off: Page, app_url: str):
    cut_off.route(JOINED, lambda route: route.abort("internetdisconnected"))
    cut_off.goto(f"{app_url}/?tab=vae")
    stage = cut_off.locator(STAGE)
    expect(stage).to_contain_text("perhaps the line is down")
    cut_off.unroute(JOINED)
    cut_off.evaluate(BACK)
    cut_off.wait_for_function(f"{MOUNTED}?.map.points()")
    expect(stage).not_to_contain_text("perhaps")


def test_weights_and_modes_that_did_not_come_are_asked_for_again(cut_off: Page, app_url: str):
    lost = ("**/beta-vae-mnist/atlas.safetensors*", "**/stages/vae/encode.js")
    for path in lost:
        cut_off.route(path, lambda route: route.abort("internetdisconnected"))
    cut_off.goto(f"{app_url}/?mode=encode&img=12")
    expect(cut_off.locator(f"{STAGE} .status")).to_contain_text("perhaps the line is down")
    expect(cut_off.locator(f"{STAGE} .panel")).to_contain_text("perhaps the line is down")
    for path in lost:
        cut_off.unroute(path)
    cut_off.evaluate(BACK)
    expect(cut_off.locator(f"{STAGE} .mode-encode")).to_contain_text("ELBO")
    cut_off.evaluate(f"{MOUNTED}.ready")
    expect(cut_off.locator(f"{STAGE} .status")).to_have_text("")


@pytest.mark.core
def test_a_forced_theme_and_tab_are_there_before_gradio_is(cut_off: Page, app_url: str):
    cut_off.route("**/assets/*.js", lambda route: route.abort())
    cut_off.goto(f"{app_url}/?__theme=dark&tab=gan", wait_until="commit")
    cut_off.wait_for_function("document.querySelector('gradio-app')")
    assert cut_off.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 17)"
    chosen = "gradio_config.components.find(({ props }) => props.elem_id === 'families').props.selected"
    assert cut_off.evaluate(chosen) == "gan"


MOST_BYTES, MOST_REQUESTS = 360_000, 60
"""At 400 kbit/s and 150 ms they are the wait for the first picture: 7 to 8 s."""
PAINTED = """() => [...document.querySelectorAll('.stage canvas')].some((canvas) => {
  if (canvas.offsetWidth < 60 || !canvas.width || !canvas.height) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 8;
})"""


@pytest.mark.parametrize("tab", ["vae", "start", "compare"])
def test_a_first_picture_over_a_slow_line_needs_few_bytes_and_requests(page: Page, app_url: str, tab: str):
    line = page.context.new_cdp_session(page)
    meter = again.Meter(line)
    again.slow(line)
    page.goto(f"{app_url}/?tab={tab}", wait_until="commit")
    page.wait_for_function(PAINTED, polling=100)
    came = meter.visit
    assert came.file_bytes + came.answer_bytes <= MOST_BYTES, str(came)
    assert came.files + came.answers <= MOST_REQUESTS, str(came)
