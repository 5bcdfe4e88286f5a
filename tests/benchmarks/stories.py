"""Measure how long each step of each story waits: `python -m tests.benchmarks.stories [NAME …]`.

A visitor stops a story, leads through it by Page Down, and watches each scene for some seconds. A step waits from the
key until the stage of its scene is there, no answer and no film is on its way, and the page takes keys again. The app
is fresh for each story, so that no earlier visitor has had the answers computed. On a machine that others use, too, the
seconds on the clock say little: the load and the seconds that the app itself computed are printed beside them.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from playwright.sync_api import Browser, Page, sync_playwright

from explorer.lessons import story
from explorer.tabs.interface import KEYS, TABS
from tests import chromium
from tests.server import Server, serve

WATCHED, LONGEST, CALM = 5_000, 30_000, 300  # milliseconds: in front of a scene, for a step, and without work after it
BOUND = 1.0  # seconds that a step may wait
PATHS = story.paths({tab.name: tab.folder for tab in TABS})
WORKS = """([tab, mode]) => {
  const stage = document.querySelector(`#${tab}-stage .stage`);
  const store = stage?.explorer?.store;
  if (!stage?.checkVisibility() || !store) return "no stage";
  if (mode && (store.get().mode !== mode || !stage.querySelector(`.panel > .mode-${mode}`))) return "no mode";
  if (stage.matches(".waiting")) return "an answer";
  if (stage.querySelector(".queue > .button:not([hidden]):not(.again)")) return "a film";
  return stage.querySelector("[aria-busy=true]") ? "a button" : "";
}"""
"""What a stage still works at, in words; empty if it rests."""
STEP = f"""([tab, mode]) => new Promise((done) => {{
  const works = {WORKS};
  const begun = performance.now();
  let [since, before, why] = [null, begun, ""];
  const look = (now) => {{
    const work = works([tab, mode]) || (now - before > 100 ? "the page" : "");
    before = now;
    why = work || why;
    since = work ? null : since ?? now;
    const isOver = since !== null && now - since > {CALM};
    if (isOver || now - begun > {LONGEST}) done([(isOver ? since : now) - begun, why]);
    else requestAnimationFrame(look);
  }};
  document.body.dispatchEvent(new KeyboardEvent("keydown", {{ key: "PageDown", bubbles: true, cancelable: true }}));
  requestAnimationFrame(look);
}})"""
"""Presses the key of the next scene: how many milliseconds it waits, and what for at last."""


@dataclass(frozen=True)
class Step:
    """A step of a story: its number, the address of its scene, its wait, and what it waited for at last.

    `seconds` are those on the clock, and `worked` those that the app computed meanwhile.
    """

    number: int
    at: str
    seconds: float
    worked: float
    why: str


def computed(pid: int) -> float:
    """Return how many seconds a process has computed, in all its threads; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def steps_of(page: Page, server: Server, name: str) -> list[Step]:
    """Lead through a story and return its steps, from the second scene on."""
    path, tab = PATHS[name]
    scenes = story.read(path, KEYS, tab)["scenes"]
    first = dict(parse_qsl(scenes[0]["at"]))["tab"]
    page.goto(f"{server.url}/?tab={first}&story={name}")
    page.wait_for_function(f"() => document.querySelector('#{first}-stage .stage')?.explorer")
    page.locator(".story").get_by_role("button", name="Stop").click()  # else it goes on by itself
    page.wait_for_timeout(WATCHED)
    found = []
    for number, scene in enumerate(scenes[1:], 2):
        said = dict(parse_qsl(scene["at"]))
        before = computed(server.pid)
        waited, why = page.evaluate(STEP, [said["tab"], said.get("mode")])
        found.append(Step(number, scene["at"], max(0.0, waited / 1000), computed(server.pid) - before, why))
        page.wait_for_timeout(WATCHED)
    return found


def measured(browser: Browser, names: list[str], log: Path) -> dict[str, list[Step]]:
    """Steps of these stories, by the story's name."""
    found = {}
    for name in names:
        with serve(log) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            found[name] = steps_of(page, server, name)
            page.close()
        worst = max(found[name], key=lambda step: step.seconds)
        seconds = " ".join(f"{step.seconds:5.2f}" for step in found[name])
        told = (
            f"longest {worst.seconds:.2f}, of which the app computed {worst.worked:.2f}, for {worst.why or 'nothing'}"
        )
        print(f"{name:17} load {os.getloadavg()[0]:4.1f}: {seconds}   {told}", flush=True)
    return found


def main() -> None:
    """Print the wait of every step, and those above the bound."""
    names = sys.argv[1:] or list(PATHS)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        found = measured(browser, names, Path(folder) / "log.txt")
        browser.close()
    steps = [step for each in found.values() for step in each]
    late = [(name, step) for name, each in found.items() for step in each if step.seconds > BOUND]
    median = statistics.median(step.seconds for step in steps)
    print(f"{len(steps)} steps in {time.monotonic() - start:.0f} s: median {median:.2f} s, {len(late)} above {BOUND} s")
    for name, step in late:
        print(f"  {name} {step.number}: {step.seconds:.2f} s ({step.worked:.2f} computed) for {step.why}: {step.at}")


if __name__ == "__main__":
    main()
