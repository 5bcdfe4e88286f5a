"""Speed of drawing from words on one thread: `python -m tests.benchmarks.prompts`.

Each way draws four pictures of one prompt, as *Words* does, with guidance. The first frame is that of *Prompt*, with
all attention maps, from the question to the frame as it is sent. The fastest of several rounds counts, in processor
time of the thread, so that what else the machine does counts little. A network that is not here has no row.
"""

import os
import platform
import time
from collections.abc import Callable

import torch

from explorer.measures.compare import one_thread
from explorer.running import engine
from explorer.tabs.words.drawers import WAYS, Way
from explorer.tabs.words.prompt import PICTURES, draw_words
from explorer.tabs.words.shared import EULER, PROMPT, WORDS_GUIDANCE, prompt_words, tokens_for
from tests.benchmarks.rows import Row

ROUNDS = 3
MOST = {"diffusion": 1.0, "order": 1.5, "parallel": 0.8}
"""Seconds that four pictures of each way may take."""
MOST_FIRST = 0.15  # seconds to the first frame
LATEST = {"first": 0.05, "diffusion": 0.3, "order": 0.6, "parallel": 0.3}
"""Seconds that are aimed at."""


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the thread for the fastest of several calls, after one that warms up."""
    found = []
    for _ in range(ROUNDS + 1):
        start = time.thread_time()
        work()
        found.append(time.thread_time() - start)
    return min(found[1:])


def whole(way: Way) -> None:
    """Draw four pictures; only the last step is decoded."""
    few = {} if way.key == "order" else {"steps": way.steps}
    tokens = tokens_for(prompt_words(str(PROMPT.default)), PICTURES)
    way.model().sample(
        PICTURES, generator=torch.Generator().manual_seed(7), tokens=tokens, guidance=way.guidance, **few
    )


def first_frame() -> None:
    """Ask *Prompt* for its film, and take the first frame."""
    script = draw_words.plain(PROMPT.default, "", WORDS_GUIDANCE.default, EULER.default, 7)
    next(iter(script.scenes()))


def row(name: str, found: float, most: float, aim: float) -> Row:
    """Return a row with its verdict."""
    return Row(name, f"{'pass' if found <= most else 'FAIL'}: {found:.2f} s", f"≤ {most:g} s, aim {aim:g} s")


def prompts() -> list[Row]:
    """Measure every way whose network is here, and the first frame."""
    engine.switch(True)  # as the app does
    with one_thread():
        rows = [row("Prompt: first frame", seconds(first_frame), MOST_FIRST, LATEST["first"])]
        for key, way in WAYS.items():
            name = f"{way.title}: four pictures, {way.steps} steps, guidance {way.guidance:g}"
            if way.missing:
                rows.append(Row(name, way.missing))
            else:
                rows.append(row(name, seconds(lambda way=way: whole(way)), MOST[key], LATEST[key]))
    return rows


def main() -> None:
    """Print the table as Markdown."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    for each in [Row("drawing from words, one thread", "value", "aim"), Row("---", "---", "---"), *prompts()]:
        print(f"| {each.what} | {each.value} | {each.aim} |")


if __name__ == "__main__":
    main()
