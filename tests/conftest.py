"""Apps and a browser for the whole session; for every test a watched page of its own, with nothing kept before it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from explorer.running import process
from tests.server import shared
from tests.watch import Watch
from tests.workers import ByApp, import_a_share

with process.without_stubs():
    from explorer.serving import desk
    from tests import attack, chromium, compare_cards
    from tests import tiny_app as tiny

PATIENCE_MS = 240_000
OPEN = """try {
  localStorage["explorer-more"] ??= JSON.stringify(["words", "numbers", "controls", "seed"]);
} catch { /* a page that keeps nothing */ }"""
"""Has all open that waits behind *More*, as in the browser of somebody who opened it once."""
OF_THE_TESTS = 20_261
"""Seed that no test gives to a generator, whose draws would be the same."""
SITE = "http://127.0.0.1/"
"""Address that is one site to a browser, whatever the port: that of every app."""
expect.set_options(timeout=PATIENCE_MS)
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


PAGES = {"page", "phone", "browser", "desktop", "chromes"}
"""Fixtures of a test that drives a browser."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests `deep` unless they are `core`, and give them a second try, since the machine may be busy.

    They come first: they take longest, and what is short fills in at the end. The summary names those tried again.
    """
    items.sort(key=lambda item: PAGES.isdisjoint(item.fixturenames))
    for item in items:
        if not PAGES.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.flaky(reruns=1))
            if item.get_closest_marker("core") is None:
                item.add_marker(pytest.mark.deep)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Have a fresh clone's tests compiled once, not by every worker."""
    import_a_share(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByApp:
    """Share the tests among the workers."""
    return ByApp(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A network without a seed of its own has the same weights whatever ran before its test."""
    torch.manual_seed(OF_THE_TESTS)


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """Questions wait for their answers however busy the machine is; a test of waiting sets its own time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "WAIT_SECONDS", 600)
        yield


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The address of the app, started once for all workers with the files of the repository."""
    run = tmp_path_factory.getbasetemp()
    folder = (run if worker_id == "master" else run.parent) / "app"
    folder.mkdir(exist_ok=True)
    with shared(folder) as url:
        yield url


@pytest.fixture(scope="session")
def tiny_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tiny.App]:
    """An app whose networks are tiny, started once."""
    with tiny.start(tmp_path_factory.mktemp("tiny")) as app:
        yield app


@pytest.fixture(scope="session")
def compare_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app of the comparison's families, tiny ones, whose cards hold figures, started once."""
    with compare_cards.start(tmp_path_factory.mktemp("compare")) as url:
        yield url


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[attack.Target]:
    """The same, as an attacker meets it."""
    with attack.attacked_app(tmp_path_factory.mktemp("attacked")) as target:
        yield target


@pytest.fixture(scope="session")
def chromes() -> Iterator[Callable[..., Browser]]:
    """Starts a headless Chromium, with flags beside the usual ones."""
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium was found: `make test` installs one.")
    with sync_playwright() as playwright:
        yield lambda *flags: playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, *flags])


@pytest.fixture(scope="session")
def browser(chromes: Callable[..., Browser]) -> Iterator[Browser]:
    """A headless Chromium."""
    with chromes() as browser:
        yield browser


@pytest.fixture(scope="session")
def desktop(chromes: Callable[..., Browser]) -> Iterator[BrowserContext]:
    """A context whose pages share one process, in which scripts are compiled already: a blank page keeps it alive.

    A browser of its own has it: where processes are shared, a finger's move is taken for a scroll.
    """
    with chromes("--process-per-site") as browser:
        context = browser.new_context(accept_downloads=True, viewport={"width": 1280, "height": 800})
        blank = context.new_page()
        blank.route("**", lambda route: route.fulfill(body="", content_type="text/html"))
        blank.goto(SITE)
        yield context


@pytest.fixture
def page(desktop: BrowserContext) -> Iterator[Page]:
    """A page of 1280 × 800 driven by pointer and keys; the test fails on any error in its console."""
    with watched(desktop.new_page()) as page:
        yield page
        page.evaluate("location.host && localStorage.clear()")
    desktop.clear_permissions()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A touch page of 390 × 844 in a context of its own; the test fails on any error in its console."""
    size = {"width": 390, "height": 844}
    touch = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    context = browser.new_context(accept_downloads=True, viewport=size, **touch)
    with watched(context.new_page()) as page:
        yield page
    context.close()


@contextmanager
def watched(page: Page) -> Iterator[Page]:
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(OPEN)
    watch = Watch(page)
    yield page
    page.close()
    assert not watch.problems, "the page complained:\n" + "\n".join(watch.problems)
