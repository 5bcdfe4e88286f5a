"""Bits a character of the models of *Your own text* on 50 kB: `python -m tests.benchmarks.own_text [FILE] [SECONDS]`.

Without a file, the text are the beginnings of `docs/*.md`. The clock counts the processor time of this process by two
cores, so other work on the machine does not count.
"""

import sys
import time
from pathlib import Path

from explorer.data.own_text import accept_text
from explorer.networks import checkpoints
from explorer.questions import learn_text
from explorer.spaces.alphabet import Alphabet
from tests.server import ROOT

BYTES, CORES = 50_000, 2


def main(file: str = "", seconds: float = 60) -> None:
    """Train, and print every look."""
    found = [Path(file)] if file else sorted((ROOT / "docs").glob("*.md"))
    raw = b"".join(each.read_bytes() for each in found)[:BYTES]
    words = accept_text(raw.decode("utf-8", "ignore").encode())
    space = Alphabet.of(words)
    text, base = learn_text.Text(space.codes(words), space), checkpoints.load("transformer-shakespeare")
    clock = lambda: time.process_time() / CORES  # noqa: E731
    for each in learn_text.steps(text, base, seconds, 7, learn_text.Learned(), clock):
        if isinstance(each, learn_text.Moment):
            bits = {name: round(look.bits.value, 3) for name, look in each.looks.items()}
            print(f"{each.time:6.1f} s", bits, {name: look.steps for name, look in each.looks.items()}, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(float, sys.argv[2:3]))
