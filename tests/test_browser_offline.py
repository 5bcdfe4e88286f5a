"""The page without a line: what the browser keeps, what works then, what says that it needs the server, and the end."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.conftest import PATIENCE_MS
from tests.server import free_port, serve

pytestmark = pytest.mark.deep  # a browser keeps the whole pack, which takes most of a minute
NEEDS = "No connection to the server, which computes this."
PATH = "/course/explorer"
KEEP = """async () => (await navigator.serviceWorker.ready).active.postMessage({
  used: [location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)], packs: true })"""
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push([name, url]);
  }
  return found;
}"""
PAINTED = """() => [...document.querySelectorAll('.stage canvas')].some((canvas) => {
  if (canvas.offsetWidth < 60 || !canvas.width || !canvas.height) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 8;
})"""


class Line:
    """A line to a server under a path of another one; it can be cut, and say another build than the server's."""

    def __init__(self, url: str):
        self.url, self.is_cut, self.build = url, False, ""
        self.client = httpx.AsyncClient(trust_env=False, timeout=600)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, without its compression, so that texts can be changed."""
        if self.is_cut:  # as a proxy says it
            return await Response(status_code=503)(scope, receive, send)
        request = Request(scope, receive)
        path = scope["raw_path"].decode("latin-1")
        if not path.startswith(f"{PATH}/"):
            return await Response(status_code=404)(scope, receive, send)
        drop = ("host", "accept-encoding", "connection", *(("if-none-match",) if self.build else ()))
        headers = {name: value for name, value in request.headers.items() if name not in drop}
        query = scope["query_string"].decode("latin-1")
        found = await self.client.request(
            request.method,
            self.url + path.removeprefix(PATH) + f"?{query}" * bool(query),
            headers={**headers, "accept-encoding": "identity"},
            content=await request.body(),
        )
        body, page = found.content, found.headers.get("explorer-page", "")
        if self.build and path.endswith("/offline.js"):
            body = re.sub(rb'const BUILD = "\w+"', f'const BUILD = "{self.build}"'.encode(), body)
        kept = {
            name: value
            for name, value in found.headers.items()
            if name not in ("content-length", "transfer-encoding", "content-encoding", "connection")
        }
        if self.build and page:
            kept["explorer-page"] = f"{self.build} {page.partition(' ')[2]}"
        await Response(body, found.status_code, kept)(scope, receive, send)


@contextmanager
def line_to(url: str) -> Iterator[tuple[Line, str]]:
    """A line, and the address of the page at its other end."""
    line, port = Line(url), free_port()
    server = uvicorn.Server(uvicorn.Config(line, "127.0.0.1", port, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield line, f"http://127.0.0.1:{port}{PATH}/"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that browsers may keep."""
    with serve(tmp_path_factory.mktemp("offline") / "log.txt", timeout=600, EXPLORER_OFFLINE="1") as server:
        yield server.url


def opened(context: BrowserContext, url: str) -> Page:
    """A page whose service worker has taken over."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(url)
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


def kept(page: Page) -> list[tuple[str, str]]:
    return [(name, url) for name, url in page.evaluate(KEPT)]


def wait_until(page: Page, holds: str, seconds: float = 240) -> None:
    """Wait until an asynchronous expression is true, which `wait_for_function` would not await."""
    end = time.monotonic() + seconds
    while not page.evaluate(holds):
        assert time.monotonic() < end, holds
        page.wait_for_timeout(200)


def pack(page: Page) -> None:
    """Have the pack kept at once."""
    page.evaluate(KEEP)
    wait_until(page, "async () => Boolean(await caches.match(new URL('offline/pack', location.href)))", 900)


@pytest.fixture(scope="module")
def at_home(browser: Browser, offered: str) -> Iterator[tuple[BrowserContext, str, Line]]:
    """A browser that has visited Start alone, and keeps the page; the line can be cut."""
    with line_to(offered) as (line, url):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        pack(opened(context, url))
        yield context, url, line
        context.close()


@pytest.fixture
def away(at_home: tuple[BrowserContext, str, Line]) -> Iterator[tuple[Page, str]]:
    """A page without a line."""
    context, url, line = at_home
    line.is_cut = True
    context.set_offline(True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page, url
    page.close()
    line.is_cut = False
    context.set_offline(False)


WORK = {
    "": "Start",
    "?tab=vae&beta=3": "VAE",
    "?tab=vae&mode=interpolate": "VAE",
    "?tab=playground": "Playground",
    "?tab=playground&data=rings": "Playground",
    "?tab=foundations": "Foundations",
    "?tab=foundations&mode=transport": "Foundations",
    "?course=ar-and-vae": "Start",
    "?course=gan-and-diffusion&page=2": "",
}


@pytest.mark.core
@pytest.mark.parametrize("query", WORK)
def test_a_reload_without_a_line_works(away: tuple[Page, str], query: str):
    page, url = away
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(url + query)
    page.reload()
    page.wait_for_function(PAINTED)
    expect(page).to_have_title(re.compile(WORK[query]))
    stage = page.locator(".stage:visible").first
    for words in ("perhaps the line is down", NEEDS):
        expect(stage).not_to_contain_text(words)
    assert not broken


def test_the_map_of_the_vae_decodes_without_a_line(away: tuple[Page, str]):
    page, url = away
    page.goto(f"{url}?tab=vae&beta=1")
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer?.decode?.([0, 0])")
    assert page.evaluate("document.querySelector('.stage.vae').explorer.map.points().mu.length") >= 2_000


def test_a_course_leads_on_without_a_line(away: tuple[Page, str]):
    page, url = away
    page.goto(f"{url}?course=which-model")
    page.wait_for_function("document.querySelector('.course')")
    step = page.evaluate("new URLSearchParams(location.search).get('page')")
    for _ in range(2):
        page.keyboard.press("PageDown")
    page.wait_for_function("step => new URLSearchParams(location.search).get('page') !== step", arg=step)


def test_another_tab_opens_and_what_needs_the_server_says_so_until_the_line_is_back(
    at_home: tuple[BrowserContext, str, Line], away: tuple[Page, str]
):
    context, _, line = at_home
    page, url = away
    page.goto(url)
    page.locator(".nav [data-tab=foundations]").click()
    page.wait_for_function("document.querySelector('.stage.foundations')?.explorer")
    page.goto(f"{url}?tab=foundations&mode=exercises&exercise=which-kl&numbers=12")
    status = page.locator(".stage:visible .status")
    expect(status).to_contain_text(NEEDS)
    line.is_cut = False
    context.set_offline(False)
    expect(page.locator(".tour-choices button").first).to_be_visible(timeout=60_000)
    expect(status).to_have_text("")


def test_a_film_says_that_it_needs_the_server_and_comes_when_the_line_is_back(
    at_home: tuple[BrowserContext, str, Line], away: tuple[Page, str]
):
    context, _, line = at_home
    page, url = away
    page.goto(f"{url}?tab=playground&seed=11&steps=200&learn=0")
    queue = page.locator(".stage.playground .queue")
    expect(queue).to_contain_text(NEEDS)
    line.is_cut = False
    context.set_offline(False)
    page.wait_for_function(PAINTED, timeout=120_000)
    expect(queue).not_to_contain_text(NEEDS)


def test_nothing_is_kept_of_a_visitor_a_room_a_frame_or_a_question(at_home: tuple[BrowserContext, str, Line]):
    context, url, _ = at_home
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}?tab=foundations&mode=exercises&exercise=which-kl&numbers=12")
    expect(page.locator(".tour-choices button").first).to_be_visible()
    page.goto(f"{url}r")
    page.goto(f"{url}?tab=gan&embed=1&board=secret")
    page.wait_for_timeout(3_000)
    page.goto(f"{url}?tab=vae&draw=secret")
    page.wait_for_function("document.querySelector('.stage.vae')?.explorer")
    page.wait_for_timeout(3_000)
    found = kept(page)
    ours = (
        r"(assets/|static/|(gradio_api/)?theme\.css|gradio_api/file=|offline/(pack|rooms/\d+)$|favicon|icon-|manifest)"
    )
    pages = re.compile(re.escape(url) + r"\?tab=\w[\w-]*&__lang=\w+$")
    assert all(pages.match(each) or re.match(re.escape(url) + ours, each) for _, each in found), found
    assert not [each for _, each in found if "secret" in each or "tab=gan&" in each]
    page.close()


def test_a_server_that_answers_is_asked_for_the_page_and_a_new_build_replaces_what_was_kept(
    browser: Browser, offered: str
):
    with line_to(offered) as (line, url):
        context = browser.new_context()
        page = opened(context, url)
        before = {name for name, _ in kept(page)}
        line.build = "fedcba9876543210"
        page.goto(url)
        assert page.request.get(url).headers["explorer-page"].startswith(line.build)
        wait_until(page, "async () => (await caches.keys()).every((name) => name.includes('fedcba9876543210'))")
        assert before and not before & {*page.evaluate("caches.keys()")}
        page.goto(url)
        wait_until(page, f"async () => Boolean(await caches.match('{url}?tab=start&__lang=en'))")
        context.close()


@pytest.mark.core
def test_a_server_that_switches_it_off_removes_the_worker_and_what_it_kept(
    browser: Browser, offered: str, app_url: str
):
    with line_to(offered) as (line, url):
        context = browser.new_context()
        page = opened(context, url)
        wait_until(page, "async () => (await caches.keys()).length > 0")
        line.url = app_url
        page.goto(url)
        wait_until(page, "async () => !(await navigator.serviceWorker.getRegistrations()).length")
        wait_until(page, "async () => !(await caches.keys()).length")
        context.close()


def test_a_page_in_a_frame_registers_no_worker(browser: Browser, offered: str):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{offered}/?tab=vae&embed=1")
    page.wait_for_function("document.querySelector('.stage.framed')?.explorer", timeout=PATIENCE_MS)
    page.wait_for_timeout(8_000)
    assert not page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length")
    context.close()


def test_no_request_of_any_tab_leaves_the_servers_own_origin(browser: Browser, offered: str):
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))  # those of the service worker, too
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(offered)
    names = page.evaluate("[...document.querySelectorAll('.nav-family')].map(({ dataset }) => dataset.tab)")
    assert len(names) > 15
    for name in names:
        page.goto(f"{offered}/?tab={name}")
        page.wait_for_function(f"document.querySelector('#{name}-stage .stage')?.explorer")
        page.keyboard.press("End")  # the text below the stage comes, too
        page.wait_for_timeout(1_500)
        hints = "link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch]"
        elsewhere = "all => all.map(({ href }) => href).filter((href) => !href.startsWith(location.origin))"
        assert page.locator(hints).evaluate_all(elsewhere) == []
    left = {url for url in asked if not url.startswith((f"{offered}/", "data:", "blob:"))}
    assert not left and urlsplit(offered).hostname == "127.0.0.1"
    context.close()
