"""A visit over a slow line, and a second one from the same browser: what travels again, and how long it takes."""

import time
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from explorer.tabs import interface

TABS = tuple(tab.name for tab in interface.TABS)
BITS_A_SECOND, LATENCY_MS = 400_000, 150
PATIENCE_MS = 300_000
POLL_MS, QUIET = 200, 8  # how often is looked whether anything comes, and how often in a row nothing does
LONGEST = {False: 30.0, True: 300.0}  # seconds: a stage that draws on asks on
IS_IDLE = f"() => new Promise((done) => requestIdleCallback(done, {{timeout: {PATIENCE_MS}}}))"
IS_THERE = "tab => document.querySelector(`#${tab}-stage .stage`)?.explorer"


@dataclass
class Visit:
    """Traffic of opening a page: seconds to its stage, requests and bytes that were not kept."""

    seconds: float = 0.0
    files: int = 0
    file_bytes: int = 0
    answers: int = 0
    answer_bytes: int = 0

    def __str__(self) -> str:
        kept = f"{self.seconds:.1f} s · {self.files} files, {self.file_bytes / 1000:.1f} kB"
        return f"{kept} · {self.answers} answers, {self.answer_bytes / 1000:.1f} kB"


class Meter:
    """Counts what travels to and from a page; what comes from the browser's cache does not.

    The script of a worker is left out, as the page is not told that it has come.

    Arguments:
        line: The page's connection to the browser's own tools.
    """

    def __init__(self, line: CDPSession):
        self.visit = Visit()
        self._asked: dict[str, str] = {}
        line.send("Network.enable")
        line.on("Network.requestWillBeSent", self._begun)
        line.on("Network.requestServedFromCache", lambda told: self._asked.pop(told["requestId"], None))
        line.on("Network.responseReceived", self._answered)
        line.on("Network.loadingFinished", self._ended)
        line.on("Network.loadingFailed", lambda told: self._asked.pop(told["requestId"], None))

    @property
    def is_busy(self) -> bool:
        """True if anything is still coming."""
        return bool(self._asked)

    def _begun(self, told: dict) -> None:
        url = told["request"]["url"]
        if url.startswith("http") and not url.endswith("_worker.js"):
            self._asked[told["requestId"]] = told["request"]["method"]

    def _answered(self, told: dict) -> None:
        if told["response"].get("fromDiskCache"):
            self._asked.pop(told["requestId"], None)

    def _ended(self, told: dict) -> None:
        method, visit = self._asked.pop(told["requestId"], None), self.visit
        if method == "POST":
            visit.answers, visit.answer_bytes = visit.answers + 1, visit.answer_bytes + told["encodedDataLength"]
        elif method:
            visit.files, visit.file_bytes = visit.files + 1, visit.file_bytes + told["encodedDataLength"]


def slow(line: CDPSession) -> None:
    """Make a page's line as slow as a bad one in a train."""
    speed = BITS_A_SECOND / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )


def visit(context: BrowserContext, url: str, tab: str, is_slow: bool) -> Visit:
    """Open a tab in a page of its own, which is closed when nothing more comes."""
    page: Page = context.new_page()
    line = context.new_cdp_session(page)
    meter = Meter(line)
    if is_slow:
        slow(line)
    page.goto(f"{url}/?tab={tab}", wait_until="commit", timeout=PATIENCE_MS)
    page.wait_for_function(IS_THERE, arg=tab, timeout=PATIENCE_MS)
    meter.visit.seconds = page.evaluate("() => performance.now()") / 1000
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")  # the text comes when somebody scrolls
    quiet, until = 0, time.monotonic() + LONGEST[is_slow]
    while quiet < QUIET and time.monotonic() < until:
        page.wait_for_timeout(POLL_MS)
        page.evaluate(IS_IDLE)
        quiet = 0 if meter.is_busy else quiet + 1
    page.close()
    return meter.visit


def visits(browser: Browser, url: str, tab: str, is_slow: bool = True) -> tuple[Visit, Visit]:
    """The first visit of a browser, and its second one, over a slow line."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    both = visit(context, url, tab, is_slow=False), visit(context, url, tab, is_slow)
    context.close()
    return both
