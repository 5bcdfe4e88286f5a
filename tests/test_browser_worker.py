"""The service worker alone, under a path of another server: a page of one line, kept, renewed and removed."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from explorer.serving import offline
from tests.server import free_port
from tests.test_browser_offline import kept, line_to, opened, pack, wait_until

BUILD, NEXT = "0123456789abcdef", "fedcba9876543210"
PAGE = "<p>kept</p><script>navigator.serviceWorker.register('./offline.js', { scope: './' })</script>"


@pytest.fixture(params=[BUILD, ""])
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a page of a build, or of one that keeps nothing."""
    build, port = request.param, free_port()
    said = {"explorer-page": f"{build} start en"} if build else {}
    routes = [
        *offline.routes(build, lambda: offline.Pack({}, {}, ["?tab=start"])),
        Route("/robots.txt", lambda _: PlainTextResponse("")),
        Route("/", lambda _: HTMLResponse(PAGE, headers=said)),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.core
@pytest.mark.parametrize("site", [BUILD], indirect=True)
def test_a_page_is_kept_for_a_cut_line_and_for_a_proxy_alone_and_a_new_build_replaces_it(browser: Browser, site: str):
    with line_to(site) as (line, url):
        context = browser.new_context()
        page = opened(context, url)
        pack(page)
        assert f"{url}?tab=start&__lang=en" in {address for _, address in kept(page)}
        context.set_offline(True)
        page.goto(f"{url}?tab=gan")
        assert page.inner_text("p") == "kept"
        context.set_offline(False)
        line.is_cut = True
        page.reload()
        assert page.inner_text("p") == "kept"
        line.is_cut, line.build = False, NEXT
        page.goto(url)
        wait_until(page, f"async () => (await caches.keys()).every((name) => !name.includes('{BUILD}'))")
        context.close()


@pytest.mark.core
@pytest.mark.parametrize("site", [""], indirect=True)
def test_a_worker_without_a_build_removes_itself(browser: Browser, site: str):
    with line_to(site) as (_, url):
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        wait_until(page, "async () => !(await navigator.serviceWorker.getRegistrations()).length")
        assert page.evaluate("caches.keys()") == []
        context.close()
