"""Build the Space as it would be published, and drive it in a browser: `make space`.

A folder holds exactly the files that `python -m explorer.publish space` uploads. A fresh environment holds
`requirements.txt` and nothing else. The app starts there with a Space's variables, on two cores, under a path behind a
proxy that strips the path, in a frame of a page of huggingface.co. The folder of the environment is kept, because an
installation takes minutes; another `requirements.txt` makes another one.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psutil
from playwright.sync_api import Browser, Page, Request, sync_playwright

from explorer import publish
from explorer.networks import checkpoints
from tests import chromium
from tests.benchmarks.rows import Row
from tests.proxy import proxy
from tests.server import free_port, stop

PREFIX, SPACE = "/explorer", "owner/explorer"
HUB, STRANGER = f"https://huggingface.co/spaces/{SPACE}", "https://elsewhere.example/"
CORES, START_SECONDS, MOST_MB = 2, 15, 1_200
PATIENCE = 120.0
VISITS = ("tab=vae&mode=sample", "tab=diffusion&mode=reverse", "tab=text&mode=generate", "tab=compare&mode=make")
ASKED = "/gradio_api/component_server"
LOCAL = "--disable-features=LocalNetworkAccessChecks"  # or a page of the Hub may not show a server of this machine
RELOADS = "`spaces` package is required"  # for Gradio's reloading; a Space has it installed
ENVIRONMENTS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "explorer-space"


def environment() -> Path:
    """The interpreter of an environment with the requirements alone; it is installed if it is not there."""
    wanted = checkpoints.ROOT / "requirements.txt"
    folder = ENVIRONMENTS / hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([Path(sys.base_prefix) / "bin" / "python3", "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", wanted], check=True)
        (folder / "complete").touch()
    return python


def lay_out(folder: Path) -> int:
    """Copy what a Space holds, and nothing else; the bytes of it."""
    files = publish.space_files()
    for path, source in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / path)
    return sum(source.stat().st_size for source in files.values())


@dataclass(frozen=True)
class Space:
    """A running Space: its address without a proxy, its process, and the seconds it took to answer, by two clocks."""

    url: str
    process: psutil.Process
    seconds: float
    worked: float

    @property
    def megabytes(self) -> float:
        """The memory of the process and of those that it started."""
        return sum(each.memory_info().rss for each in [self.process, *self.process.children(True)]) / 1e6


@contextmanager
def started(python: Path, folder: Path, log: Path) -> Iterator[Space]:
    """Start the app as a Space does, on two cores, and know nothing of whoever starts it."""
    port = free_port()
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    known |= {"SPACE_ID": SPACE, "SYSTEM": "spaces", "GRADIO_ROOT_PATH": PREFIX}
    known |= {"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": str(port)}
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    begun, url = time.monotonic(), f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [python, "app.py"],
            cwd=folder,
            env=known,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    try:
        while not _answers(url):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-4000:])
            time.sleep(0.05)
        seconds, known = time.monotonic() - begun, psutil.Process(process.pid)
        yield Space(url, known, seconds, sum(known.cpu_times()[:2]))
    finally:
        stop(process)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        return opener.open(url, timeout=30).status == 200
    except (URLError, OSError):
        return False


def framed(browser: Browser, site: str, address: str) -> Page:
    """A page of a site with the app in a frame, as the Hub shows a Space."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    html = f'<!doctype html><title>Space</title><iframe src="{address}" style="width:100%;height:760px"></iframe>'
    page.route(f"{site}**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(site)
    return page


def drive(browser: Browser, address: str, query: str) -> str:
    """Open the app in a frame of the Hub's page and draw again; what came of it: ok, or what was wrong."""
    answers, faults = [], []

    def note(request: Request) -> None:
        if ASKED in request.url:
            answers.append(json.loads(request.response().body()))

    page = framed(browser, HUB, f"{address}?{query}")
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("requestfinished", note)
    frame, deadline = page.frames[1], time.monotonic() + PATIENCE
    frame.wait_for_function(
        "Boolean(document.querySelector('.stage')?.explorer?.mode().update)", timeout=1000 * PATIENCE
    )
    seen = len(answers)
    frame.evaluate("document.querySelector('.stage').explorer.store.commit({ seed: 4711 })")
    while time.monotonic() < deadline and not any(_ends(each) for each in answers[seen:]):
        page.wait_for_timeout(100)
    errors = [str(each["error"]) for each in answers if each.get("error")]
    state = frame.evaluate("location.search")
    page.remove_listener("requestfinished", note)
    page.close()
    problems = [*faults, *errors, *([] if "seed=4711" in state else [f"the address is {state}"])]
    return "; ".join(problems) or f"ok, {len(answers)} answers"


def _ends(answer: dict) -> bool:
    """True if an answer is the last one of a film, or of a question."""
    return answer.get("done", "id" not in answer)


def refused(browser: Browser, address: str) -> bool:
    """True if the page of a stranger cannot show the app in a frame."""
    page = framed(browser, STRANGER, address)
    page.wait_for_timeout(2000)
    shown = len(page.frames) > 1 and page.frames[1].locator(".stage").count()
    page.close()
    return not shown


def measure(folder: Path) -> list[Row]:
    """Build the Space, start it, drive it through the proxy and a frame, and measure it."""
    size = lay_out(folder / "space")
    path = chromium.find()
    with started(environment(), folder / "space", folder / "log.txt") as space, proxy(space.url, PREFIX) as address:
        before = space.megabytes
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, LOCAL])
            found = {query: drive(browser, address, query) for query in VISITS}
            stranger = refused(browser, f"{address}?{VISITS[0]}")
        after = space.megabytes
    log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    faults = log.count("Traceback") - log.count(RELOADS)
    return [
        Row("files", f"{size / 1e6:.0f} MB"),
        Row("start to the first answer", f"{space.seconds:.1f} s", f"{START_SECONDS} s"),
        Row("of it processor time", f"{space.worked:.1f} s"),
        Row("memory: after the start, after the visits", f"{before:.0f}, {after:.0f} MB", f"{MOST_MB:,} MB"),
        *(Row(f"framed by the Hub, {query}", result, "ok") for query, result in found.items()),
        Row("framed by a stranger", "refused" if stranger else "shown", "refused"),
        Row("faults in the log", str(faults), "0"),
    ]


def main() -> None:
    """Print the table as Markdown; end with an error if anything is not as it is wanted."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    for row in [Row("Space", "value", "aim"), Row("---", "---", "---"), *rows]:
        print(f"| {row.what} | {row.value} | {row.aim} |")
    wrong = [row for row in rows if row.aim in ("ok", "refused", "0") and not row.value.startswith(row.aim)]
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
