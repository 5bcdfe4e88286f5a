"""Every server function with arguments that make it work hard, and the CPU time that it takes between two pauses."""

import json
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch

from explorer import data, fields
from explorer.data.neighbours import training_index
from explorer.data.toys import TOYS
from explorer.fields import Field
from explorer.networks import checkpoints
from explorer.questions import codefile
from explorer.running import pauses
from explorer.serving.work import FILMS
from explorer.spaces import TEXT
from explorer.tabs import interface
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.layout.tab import Tab
from tests import attack

HARD = {"label": 3, "w": 2, "rows": 1, "known": 0, "steps": 20, "count": 16, "rounds": 20, "moves": "8", "live": True}
HARD |= {"seed": 11, "temperature": 1, "beta": 1.0, "start": 300, "evaluations": 2, "layers": 20, "kernel": 7}
HARD |= {"own": b64encode(bytes(8_000)).decode()}
"""Values that are more work than the cheapest ones, where a field takes them."""
POINTS = {"picture": {"point": [0.5, -0.3]}, "other": {"point": [-1, 1]}, "known": "gA=="}
"""Points of the plane that are asked about."""
USUAL, LONG = 1.0, {FILMS: 0.4}  # seconds of CPU time after which no more of a question is looked at, by its lane


class Enough(Exception):
    """The question was looked at for long enough."""


@dataclass
class Watch:
    """Called at each pause: the longest CPU time between two of them, in seconds, and where the later one was."""

    most: float = USUAL
    longest: float = 0.0
    where: str = ""
    begun: float = field(default_factory=time.thread_time)
    last: float = field(default_factory=time.thread_time)

    def __call__(self) -> None:
        self.note()
        if self.spent > self.most:
            raise Enough

    @property
    def spent(self) -> float:
        """The CPU time until the last pause."""
        return self.last - self.begun

    def note(self) -> None:
        """Note a pause."""
        now = time.thread_time()
        if now - self.last > self.longest:
            self.longest = now - self.last
            places = [(each.filename.partition("/explorer/")[2], each.lineno) for each in traceback.extract_stack()]
            self.where = " < ".join(f"{file}:{line}" for file, line in places[::-1] if file and file != "pauses.py")
        self.last = time.thread_time()


def declared() -> dict[str, tuple[Tab, Callable]]:
    """All server functions of the tabs that work in a lane, each once, by the tab's name and their own."""
    found, known = {}, set()
    for tab in interface.TABS:
        for ask in [*tab.functions, *tab.asks_exercises(), *([tab.asks_charts()] if tab.charts else [])]:
            if hasattr(ask, "plain") and ask.plain not in known:
                known.add(ask.plain)
                found[f"{tab.name} {ask.__name__}"] = tab, ask
    return found


def nets() -> list[str]:
    """The networks that the repository has."""
    return sorted(path.name for path in checkpoints.pretrained_folder().iterdir() if (path / "card.json").exists())


def warm() -> None:
    """Load what a process loads once: networks, the images that travel with the app, and what an optimiser imports."""
    adam = torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    adam.zero_grad(), adam.step()
    for net in nets():
        if (checkpoints.pretrained_folder() / net / "model.safetensors").exists():
            checkpoints.load(net)
    for dataset in data.IMAGES:
        training_index(dataset), data.bundled_images(dataset), data.bundled_binary_images(dataset)


def cases(tab: Tab, ask: Callable) -> list[dict[str, Any]]:
    """Questions to a function: of every network, data set or exercise, and with every word that a parameter may be."""
    known = fields.of(ask.plain)
    if "exercise" in known:
        return [*_exercised(tab, "state" in known)]
    good = attack.reads(f"{tab.name}-{'charts' if ask.__name__ == 'evidence_charts' else 'stage'}", ask.__name__)
    good |= {name: HARD[name] for name in known if name in HARD and _takes(known[name], HARD[name])}
    if "file" in known:
        good["file"] = b64encode(_file(tab.name)).decode()
    words = {name: [*_words(name, each)] for name, each in known.items()}
    first, *rest = [good | {name: each} for name in ("net", "dataset") for each in words.pop(name, [])] or [good]
    return [first, *(first | {name: each} for name in words for each in words[name] if each != first[name]), *rest]


@cache
def _file(tab: str) -> bytes:
    """A compressed file that takes long to read: the longest x of a tab's space."""
    net, x, label = {
        "text": ("transformer-shakespeare", TEXT.codes(500 * "a"), None),
        "sound": ("wavenet-digits", torch.full((4_000,), 128), 7),
        **dict.fromkeys(("ar", "compare"), ("pixelcnn-fashion-mnist", torch.zeros(1, 28, 28), None)),
    }[tab]
    return codefile.write(net, x.unsqueeze(0), label)[0].to_bytes()


def _takes(known: Field, value: Any) -> bool:
    try:
        known.check(value)
    except ValueError:
        return False
    return True


def _words(name: str, known: Field) -> list[str]:
    """The words that a parameter may be."""
    if name in ("net", "dataset"):
        return [each for each in [*nets(), "mnist", "fashion-mnist"] if _takes(known, each)]
    return [each for each in getattr(known.kind, "choices", ()) if isinstance(each, str)]


def _exercised(tab: Tab, stage: bool) -> Iterator[dict[str, Any]]:
    """The exercises of a tab, or those that its stage answers, each with an answer."""
    for each in tab.exercises:
        if stage <= (each.kind == "stage"):
            solved = getattr(each.task(1), "solved", {})
            yield {"exercise": each.name, "numbers": 1, "answer": 1, "state": json.loads(json.dumps(dict(solved)))}


def given(ask: Callable, case: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a question, checked; one about the plane asks about points."""
    asked = {name: case[name] for name in fields.of(ask.plain)}
    if str(asked.get("net")).endswith(tuple(TOYS)):
        asked |= {name: value for name, value in POINTS.items() if name in asked}
    return arguments(fields.of(ask.plain), asked)


def watched(ask: Callable, case: Mapping[str, Any], most: float | None = None) -> Watch | None:
    """Watch a question being answered, of a film its first steps; None where the network cannot answer it."""
    _forget()
    watch = Watch(LONG.get(ask.lane, USUAL) if most is None else most)
    try:
        with suppress(Enough), pauses.calling(watch):
            found = ask.props(**given(ask, case))
            for _ in found.scenes() if ask.lane is FILMS else ():
                watch()
    except ValueError:
        return watched(ask, {**case, "label": None}, most) if case.get("label") is not None else None
    watch.note()
    return watch


def _forget() -> None:
    """Forget what server functions remember of earlier questions."""
    rooms = ("explorer.tabs.", "explorer.measures.")
    modules = [module for name, module in sys.modules.items() if name.startswith(rooms)]
    for each in [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]:
        if each.__module__.startswith(rooms):
            each.cache_clear()
