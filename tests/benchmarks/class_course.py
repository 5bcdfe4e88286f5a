"""Lead a whole course with votes in real browsers: `python -m tests.benchmarks.class_course OUT`.

A lecturer's page of 1920 × 1080 goes through a course of 45 minutes by Page Down alone, as a presenter's remote sends
it. Four phones of 390 × 844 are in its room, one of them behind a line of 400 kbit/s, and some simulated ones, so that
distributions are displayed. After each press the phones must show the phase of the lecturer's page. OUT gets a picture
of the lecturer's page and of a phone after each press, and the table below of what was seen and how long phones took.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium, server
from tests.benchmarks.class_made import LATENCY_MS, SLOW_LINE
from tests.class_room import Phone, client_of, join

PHONES, SIMULATED = 4, 8
MOST_PRESSES = 80
PHASE_NAMES = {
    "Look at the lecturer’s screen.": "idle",
    "What do you predict?": "open",
    "The vote is closed. Look at the lecturer’s screen.": "shown",
    "Talk with your neighbours, then vote again.": "again",
    "The answer is on the lecturer’s screen.": "revealed",
}
LATE_SECONDS = 8.0


class Lesson:
    """A lecturer's page, its phones, and where their pictures go."""

    def __init__(self, browser: Browser, url: str, out: Path, course: str, presents: bool):
        self.browser, self.url, self.out, self.course, self.presents = browser, url, out, course, presents
        self.errors: list[str] = []
        self.presses = 0
        self.lecturer = self._page(1920, 1080, "the lecturer's page")

    def _page(self, width: int, height: int, name: str, **more) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, **more)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{name}: {error}"))
        page.on("console", lambda said: said.type == "error" and self.errors.append(f"{name}: {said.text}"))
        return page

    def begin(self) -> None:
        """Open the course and its room, and let the phones in."""
        page = self.lecturer
        page.goto(f"{self.url}/?course={self.course}")
        bar = page.locator(".course")
        bar.get_by_role("button", name="More").click()
        bar.get_by_role("button", name="Open a room").click()
        page.locator(".classroom .room-code").wait_for()
        if self.presents:
            page.keyboard.press("p")
        self.code = page.locator(".classroom .room-code").inner_text()
        self.phones = [
            self._page(
                390, 844, f"phone {k}", has_touch=True, is_mobile=True, color_scheme="dark" if k == 1 else "light"
            )
            for k in range(PHONES)
        ]
        slow = self.phones[-1].context.new_cdp_session(self.phones[-1])
        line = {"downloadThroughput": SLOW_LINE, "uploadThroughput": SLOW_LINE, "latency": LATENCY_MS}
        slow.send("Network.enable")
        slow.send("Network.emulateNetworkConditions", {"offline": False, **line})
        for k, phone in enumerate(self.phones):
            began = time.monotonic()
            phone.goto(f"{self.url}/r/{self.code}")
            phone.get_by_text("Look at the lecturer").wait_for()
            print(f"phone {k} is in after {time.monotonic() - began:.1f} s", flush=True)
        self.client = client_of(self.url)
        self.others: list[Phone] = [join(self.client, self.code) for _ in range(SIMULATED)]
        page.get_by_text(f"{PHONES + SIMULATED} phones").wait_for()

    @property
    def told(self) -> dict:
        """Return what phones are told; each simulated phone asks, so that it counts as there."""
        return [each.state().json() for each in self.others][-1]

    def picture(self, name: str) -> None:
        """Save what the lecturer and the first phone see."""
        stem = f"{self.presses:02} {name}".replace(" ", "-").lower()
        self.lecturer.screenshot(path=self.out / f"{stem}.png")
        self.phones[self.presses % 2].screenshot(path=self.out / f"{stem}-phone.png")

    def press(self) -> str:
        """Press Page Down, and return the phase that follows."""
        before = self.told
        where = self.lecturer.locator(".course .place").inner_text()
        self.lecturer.keyboard.press("PageDown")
        self.presses += 1
        end = time.monotonic() + LATE_SECONDS
        while time.monotonic() < end:
            now = self.told
            if (now["phase"], now["asked"]) != (before["phase"], before["asked"]):
                break
            if self.lecturer.locator(".course").count() == 0:
                return "over"
            if self.lecturer.locator(".course .place").inner_text() != where:
                break
            time.sleep(0.1)
        return self.told["phase"]

    def lag(self, phase: str) -> list[float]:
        """Return after how many seconds each phone shows a phase."""
        began, waits = time.monotonic(), [LATE_SECONDS] * PHONES
        while time.monotonic() - began < LATE_SECONDS:
            for k, phone in enumerate(self.phones):
                if waits[k] == LATE_SECONDS and PHASE_NAMES.get(phone.locator("#phase").inner_text()) == phase:
                    waits[k] = time.monotonic() - began
            if max(waits) < LATE_SECONDS:
                break
            time.sleep(0.05)
        return waits

    def vote(self) -> None:
        """Let every phone vote."""
        now = self.told
        for phone in self.phones:
            choices = phone.locator("#choices button")
            choices.nth(random.randrange(choices.count())).tap()
        for each in self.others:
            assert each.vote(now["asked"], now["ballot"], random.randrange(len(now["choices"]))).status_code == 200
        count = PHONES + SIMULATED
        self.lecturer.get_by_text(f"{count} of {count} answered").wait_for(timeout=10_000)

    def whole(self) -> int:
        """Go through the course; return how many presses went wrong."""
        wrong = 0
        self.picture("room")
        while self.presses < MOST_PRESSES:
            place = self.lecturer.locator(".course .place").inner_text()
            phase = self.press()
            if phase == "over":
                break
            waits = self.lag(phase if self.lecturer.locator(".course .place").inner_text() == place else "idle")
            if phase in ("open", "again"):
                self.vote()
            self.lecturer.wait_for_timeout(1500)  # until the stage has settled
            place = self.lecturer.locator(".course .place").inner_text()
            title = self.lecturer.locator(".course h2").inner_text()
            wrong += max(waits) >= LATE_SECONDS
            self.picture(f"{place} {phase}")
            seconds = " ".join(f"{each:.1f}" for each in waits)
            print(f"{self.presses:3} {place:8} {title:36} {phase:9} phones after {seconds} s", flush=True)
            if self.is_last:
                break
        return wrong + len(self.errors)

    @property
    def is_last(self) -> bool:
        """Return whether the next press leaves the course."""
        return self.lecturer.locator(".course .primary", has_text="End").count() > 0


def main(out: Path, course: str, url: str, presents: bool) -> int:
    """Lead a course; return how many things went wrong."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS])
        lesson = Lesson(browser, url, out, course, presents)
        lesson.begin()
        wrong = lesson.whole()
        for each in lesson.errors:
            print(each)
        browser.close()
    print(f"{lesson.presses} presses, {wrong} of them wrong")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--course", default="which-model")
    parser.add_argument("--url", default="", help="a running app; without it, one is started")
    parser.add_argument("--present", action="store_true", help="in large type, as for a projector")
    chosen = parser.parse_args()
    random.seed(0)
    if chosen.url:
        sys.exit(bool(main(chosen.out, chosen.course, chosen.url, chosen.present)))
    with server.serve(Path(tempfile.mkdtemp(prefix="explorer-course-")) / "log.txt", timeout=300) as served:
        sys.exit(bool(main(chosen.out, chosen.course, served.url, chosen.present)))
