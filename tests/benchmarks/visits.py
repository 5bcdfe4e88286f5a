"""Visits of a class: every visitor opens the page, loads a tab and asks, with time to think before each question."""

import asyncio
import base64
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.data.captions import COLOUR_WORDS, GROUNDS, OBJECTS
from tests.benchmarks.lines import FILE, PATIENCE, TYPE, Answer, Line, Site, line_to
from tests.server import ROOT

ARRIVE = 15.0  # seconds within which the class comes
STAGES = ROOT / "explorer" / "stages"
MODULES = {"vae": "vae", "ar": "autoregressive", "gan": "gan", "diffusion": "diffusion", "compare": "compare"}
"""Tabs of a class, with the folders of their stages."""
ALONE = {"words": "words"}
"""Tabs that a class visits if it is told to, all of it (`--tab`)."""
PICTURE = {"set": "mnist"}


@dataclass(frozen=True)
class Kind:
    """A kind of question: which tab asks it, of which function, and what it asks for by a random number."""

    tab: str
    name: str
    argument: Callable[[int], dict[str, Any]]
    film: bool = False

    @property
    def stage(self) -> str:
        return f"{self.tab}-stage"


def _probe(n: int) -> dict[str, Any]:
    return {"dataset": "mnist", "beta": 1, "z": [n % 4_000 / 1_000 - 2, n % 3_989 / 1_000 - 2]}


def _film(n: int, steps: int = 10, count: int = 1) -> dict[str, Any]:
    asked = {"net": "diffusion-mnist", "seed": n, "count": count, "label": None, "w": 1}
    return asked | {"sampler": "ddim", "steps": steps, "eta": 0}


def _drawn(n: int) -> dict[str, Any]:
    return {"net": "pixelcnn-mnist", "seed": n, "count": 1, "label": n % 10, "temperature": 1, "order": 0}


def _caption(n: int, of: int = 0) -> str:
    """A caption by a number; another one has another object."""
    colour, noun, ground = (
        [*names][k % len(names)] for names, k in ((COLOUR_WORDS, n), (OBJECTS, n // 8 + of), (GROUNDS, n // 256))
    )
    return f"a {colour} {noun} on {ground}"


def _prompt(n: int) -> dict[str, Any]:
    return {"prompt": _caption(n), "without": "", "guidance": 4, "seed": n}


KINDS: dict[str, Kind] = {
    "click": Kind("vae", "probe", _probe),
    "sample": Kind("vae", "sample", lambda n: {"dataset": "mnist", "beta": 1, "seed": n}),
    "encode": Kind("vae", "encode", lambda n: {"dataset": "mnist", "beta": 1, "image": {"test": n % 2_000}, "seed": n}),
    "generate": Kind("ar", "generate", _drawn),
    "score": Kind("ar", "score", lambda n: {"net": "pixelcnn-mnist", "picture": PICTURE | {"test": n % 2_000}}),
    "GAN": Kind("gan", "generate", lambda n: {"net": "gan-mnist", "seed": n, "label": None}),
    "film of 10 steps": Kind("diffusion", "reverse", _film, film=True),
    "compare": Kind(
        "compare", "ask_anomaly", lambda n: {"net": "beta-vae-mnist", "picture": PICTURE | {"test": n % 2_000}}
    ),
    "heavy": Kind(
        "compare", "ask_anomaly", lambda n: {"net": "diffusion-mnist", "picture": PICTURE | {"test": n % 2_000}}
    ),
    "Compare's diffusion": Kind(
        "compare", "ask_make", lambda n: {"net": "diffusion-mnist", "seed": n, "label": None}, film=True
    ),
    "prompt": Kind("words", "draw_words", lambda n: _prompt(n) | {"steps": 20}, film=True),
    "prompt, typed": Kind("words", "preview", _prompt),
    "word changed": Kind(
        "words",
        "change_word",
        lambda n: {"prompt": _caption(n), "to": _caption(n, 1), "hold": 0.5, "guidance": 4, "steps": 20, "seed": n},
    ),
    "never seen": Kind("words", "unseen", lambda n: {"by": "diffusion", "guided": 4, "prompts": "a-1"}),
    "codes": Kind(
        "words",
        "scene_codes",
        lambda n: {"example": n % 200, "codec": "tokens", "place": n % 144, "far": n % 512, "channel": 0, "shift": 3},
    ),
}
OF_TAB = {tab: [name for name, kind in KINDS.items() if kind.tab == tab] + ["formula"] for tab in MODULES | ALONE}
BUSY = ("Many people", "too much at once")


@dataclass
class Notes:
    """Answers to a class: milliseconds by kind, refused or wrong ones, and those to compare later."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    answers: dict[tuple[str, int], Any] = field(default_factory=dict)

    def note(self, kind: str, number: int, found: Answer, seconds: float | None = None) -> None:
        """Note an answer to a question."""
        self.times[kind].append(1000 * (found.seconds if seconds is None else seconds))
        try:
            result = found.json
        except ValueError:
            result = {"error": "no JSON"}
        if any(words in str(result.get("error")) for words in BUSY):
            self.refused[kind] += 1
        elif found.status != 200 or result.get("error"):
            self.wrong[kind] += 1
            self.words[f"{found.status}: {result.get('error')}"] += 1
        else:
            self.answers[kind, number] = essence(result)


def essence(told: dict) -> Any:
    """Part of an answer that does not depend on when it was asked: its main numbers, or its image."""
    if "frames" in told:
        return told["frames"][-1]["x"] if told["frames"] else None
    for key in ("total", "pixels", "values", "x", "reconstruction", "score", "stretch", "data"):
        if key in told:
            return told[key]
    return told


def same(one: Any, other: Any) -> bool:
    """True if two answers agree, but for the last digits of arithmetic in another order."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str) and len(one) == len(other) and one.isascii() and " " not in one:
        pairs = list(zip(base64.b64decode(one), base64.b64decode(other), strict=True))
        return sum(abs(a - b) > 2 for a, b in pairs) <= 0.01 * len(pairs)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return abs(one - other) <= 1e-3 + 1e-2 * abs(one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return False


async def ask(site: Site, line: Line, session: str, kind: str, number: int, notes: Notes) -> None:
    """Ask one question and note the answer, or that none came."""
    try:
        await _ask(site, line, session, kind, number, notes)
    except TimeoutError:
        notes.times[kind].append(1000 * PATIENCE)
        notes.wrong[kind] += 1
        notes.words[f"{kind}: no answer within {PATIENCE} seconds"] += 1


async def _ask(site: Site, line: Line, session: str, kind: str, number: int, notes: Notes) -> None:
    if kind == "formula":
        body = {"fn_index": site.formula, "session_hash": session, "data": [number % 97 / 10, 1 + number % 7]}
        return notes.note(kind, number, await line.post(TYPE, body))
    asked = KINDS[kind]
    how = site.film if asked.film else site.ask
    found = await how(line, session, asked.stage, asked.name, asked.argument(number))
    notes.note(kind, number, *(found if asked.film else (found,)))


def files_of(tab: str) -> list[Path]:
    """Files of a tab's stage that a browser loads: modules and styles, shared ones too, images, the map's model."""
    found = [
        path for room in ((MODULES | ALONE)[tab], "shared") for path in (STAGES / room).rglob("*.*s") if path.is_file()
    ]
    found += [ROOT / "explorer" / "bundled" / name for name in ("mnist.png", "mnist-binary.png", "mnist.json")]
    return found + ([ROOT / "pretrained" / "beta-vae-mnist" / "model.safetensors"] if tab == "vae" else [])


async def load(line: Line, paths: list[Path], notes: Notes) -> None:
    """Load files one after the other; each must come as it lies on the disk."""
    for path in paths:
        found = await line.get(FILE + path.relative_to(ROOT).as_posix())
        notes.times["file"].append(1000 * found.seconds)
        notes.wrong["file"] += found.status != 200 or found.body != path.read_bytes()


async def visit(
    site: Site,
    number: int,
    until: float,
    think: float,
    notes: Notes,
    alone: bytes,
    tabs: Sequence[str] = tuple(MODULES),
) -> None:
    """One visitor: comes, opens the page, loads one of the tabs, and asks until the lesson is over.

    `think` is the mean time in seconds before each question.
    """
    dice = random.Random(number)
    tab = tabs[number % len(tabs)]
    await asyncio.sleep(dice.uniform(0, ARRIVE))
    async with line_to(site.url) as line:
        page = await line.get("/")
        notes.times["page"].append(1000 * page.seconds)
        notes.wrong["page"] += page.status != 200 or page.body != alone
        await load(line, files_of(tab), notes)
        while time.monotonic() + (wait := dice.expovariate(1 / think)) < until:
            await asyncio.sleep(wait)
            await ask(site, line, f"visitor{number}", dice.choice(OF_TAB[tab]), dice.randrange(10**6), notes)


async def repeat(echo: Site, number: int, until: float, think: float, times: list[float]) -> None:
    """The same visitor at an app that only returns what it is sent, asked as often and as seldom."""
    dice = random.Random(number)
    await asyncio.sleep(dice.uniform(0, ARRIVE))
    async with line_to(echo.url) as line:
        await line.get("/")
        while time.monotonic() + (wait := dice.expovariate(1 / think)) < until:
            await asyncio.sleep(wait)
            argument = _probe(dice.randrange(10**6))
            found = await echo.ask(line, f"visitor{number}", "echo-stage", "echo", argument)
            assert json.loads(found.body) == argument
            times.append(1000 * found.seconds)
