"""A running app as an attacker meets it: what its page says can be asked, and questions that no browser would send."""

import base64
import http.client
import json
import math
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import strategies as st

from explorer import data, fields
from explorer.fields import (
    Bytes,
    Distinct,
    Field,
    Flag,
    Flags,
    Moves,
    OneOf,
    Points,
    Real,
    Reals,
    Text,
    UpTo,
    Whole,
    Wholes,
)
from explorer.lessons.exercises import States
from explorer.networks import checkpoints
from explorer.tabs import families, interface
from explorer.tabs.kit.ask import nets as networks
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.layout.tab import Tab
from tests import compare, tiny_nets
from tests.asking import anything
from tests.page_config import config_in, questions_for_rooms, together
from tests.server import ROOT, serve

PATIENCE = 120  # seconds that any answer may take on a busy machine
ASK, TYPE = "/gradio_api/component_server", "/gradio_api/run/predict"
FILE = "/gradio_api/file=explorer/stages/questions/clock.js"
JSON, NONE = {"Content-Type": "application/json"}, MappingProxyType({})
WATCH = {"id": "0123456789abcdef", "from": 0}
ASKED = {"autoencoders": "vqvae-mnist"}
"""Whom a tab asks that has several families, where it is not its first network of images."""
SHARED = "made-mnist"
"""Whom a tab asks that has no networks of its own."""
SCENE_CHECKPOINTS = ("autoencoder-scenes", "vqvae-scenes", "judge-scenes", "words-tokens")


def _asking(functions: Iterable[Callable]) -> dict[str, dict[str, Field] | None]:
    return {each.__name__: fields.of(each.plain) if hasattr(each, "plain") else None for each in functions}


def _functions() -> Iterator[tuple[str, Tab, list[Callable]]]:
    """Every component that can be asked, with its tab and its functions."""
    for tab in interface.TABS:
        yield f"{tab.name}-stage", tab, tab.asks()
        if tab.charts and (tab.charted or tab.shown()):
            yield f"{tab.name}-charts", tab, [tab.asks_charts()]


TABS: dict[str, Tab] = {name: tab for name, tab, _ in _functions()}
FUNCTIONS: dict[str, dict[str, dict[str, Field] | None]] = {
    name: _asking(functions) for name, _, functions in _functions() if functions
}
"""The functions of each stage and the fields of their arguments; those that watch films read for themselves."""


def net_of(tab: Tab) -> str:
    """Return the network that a tab is asked about: its first of images, or else its first."""
    of_images = (net for net in tab.nets if _dataset(net) in data.CLASSES)
    return ASKED.get(tab.name) or next(of_images, None) or next(iter(tab.nets), SHARED)


def _dataset(net: str) -> str | None:
    """The data set of a network; that of a network which translates is the end of its name."""
    ends = (dataset for dataset in sorted(data.CLASSES, key=len, reverse=True) if net.endswith(f"-{dataset}"))
    return networks.dataset_of(net) if networks.is_known(net) else next(ends, None)


def _picture(net: str, place: int) -> dict[str, Any]:
    """The test image of a place, or a point where the network's x are points."""
    dataset = _dataset(net)
    return {"test": 12 + place, "set": dataset} if dataset in data.CLASSES else {"point": [0.5, place / 4]}


def _base64(size: int, kept: int = 0) -> str:
    return base64.b64encode(bytes(size - kept) + bytes([255]) * kept).decode()


def _good(field: Field, tab: Tab, place: int) -> Any:
    """The cheapest value that a field takes; `place` tells pictures apart."""
    if field.optional:
        return None
    match field.kind:
        case OneOf(choices):
            return net_of(tab) if net_of(tab) in choices else choices[0]
        case Flag():
            return False
        case Whole(low) | Real(low):
            return low
        case Reals(parts):
            return [(low + high) / 2 for _, low, high in parts]
        case Points():
            return []
        case Wholes():
            return [0] * field.kind.least
        case Distinct(count):
            return [*range(count)]
        case Bytes(size):
            return _base64(size)
        case UpTo():
            return _base64(field.kind.least)
        case Flags(most):
            return _base64(math.ceil(most / 8), kept=math.ceil(most / 16))
        case Moves():
            return ""
        case Text():
            return field.default
        case networks.Network():
            return net_of(tab)
        case networks.Several():
            return [SHARED]
        case States():
            return {}
    return _picture(net_of(tab), place)


@cache
def _exercise(stage: str) -> dict[str, Any]:
    """An exercise of a tab that its stage solves, and the state that does; nothing where there is none."""
    solved = next((each for each in TABS[stage].exercises if each.kind == "stage"), None)
    return {"exercise": solved.name, "numbers": 1, "state": dict(solved.task(1).solved)} if solved else {}


def reads(stage: str, name: str) -> dict[str, Any]:
    """The good argument of a function, with nothing that it does not read."""
    known, tab = FUNCTIONS[stage][name], TABS[stage]
    if known is None:
        return WATCH
    exercise = json.loads(json.dumps(_exercise(stage)))
    found = {
        each: _good(field, tab, place) for place, (each, field) in enumerate(known.items()) if each not in exercise
    }
    return found | {each: exercise[each] for each in known if each in exercise}


def refusal(stage: str, name: str, argument: Any, nets: Path) -> str | None:
    """The sentence with which the fields refuse an argument, or None if they take it or it is about watching.

    It may name the networks that there are in the folder `nets`.
    """
    known = FUNCTIONS[stage][name]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("EXPLORER_PRETRAINED", str(nets))
            if known is not None:
                arguments(known, argument)
    except ValueError as error:
        return str(error)


_halves = st.text(st.characters(categories=["Cs"]), min_size=1, max_size=5)  # half characters
_numbers = st.sampled_from([0, -1, 1e308, -1e308, 5e-324, 2**31, 2**63, 2**64, 10**400, -0.0, 784, 100, True])
_odd = st.sampled_from(["../../etc/passwd", "\0", "a" * 5_000, [[[[[]]]]], [0] * 500])
_values = anything | _halves | _numbers | _odd


@st.composite
def questions(draw: st.DrawFn, stage: str, name: str) -> Any:
    """A good argument with one value that is something else or gone, or nonsense from end to end."""
    good = reads(stage, name)
    how = draw(st.sampled_from(["change", "change", "inside", "drop", "nonsense"]))
    if how == "nonsense" or not good:
        return draw(_values | st.dictionaries(st.sampled_from(sorted(good) or ["net"]), _values))
    key = draw(st.sampled_from(sorted(good)))
    if how == "inside" and isinstance(good[key], dict):
        return good | {key: good[key] | {draw(st.sampled_from(["test", "set", "bits", "kind"])): draw(_values)}}
    rest = {name: value for name, value in good.items() if name != key}
    return rest if how == "drop" else rest | {key: draw(_values)}


@dataclass(frozen=True)
class Answer:
    """Answer: the status, the headers in small letters, the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Target:
    """A running app, its log, and the folder of its networks."""

    url: str
    log: Path
    nets: Path

    @cached_property
    def place(self) -> tuple[str, int]:
        """Its host and port."""
        return urlsplit(self.url).hostname, urlsplit(self.url).port

    @cached_property
    def config(self) -> dict[str, Any]:
        """The configuration of the page, with all that it loads later."""
        first = self.page("/")
        return together([first, *(self.post(TYPE, each).json["render_config"] for each in questions_for_rooms(first))])

    def page(self, path: str) -> dict[str, Any]:
        """Answer to the page at a path."""
        return config_in(self.send("GET", path).body.decode())

    @cached_property
    def stages(self) -> dict[str, tuple[int, list[str]]]:
        """The number of each stage among the components, and the names of its functions."""
        found = [(each["id"], each["props"]) for each in self.config["components"]]
        return {props["elem_id"]: (number, props["server_fns"]) for number, props in found if props.get("server_fns")}

    @cached_property
    def formulas(self) -> dict[int, int]:
        """Count of numbers that each live formula takes."""
        found = [each for each in self.config["dependencies"] if each["backend_fn"]]
        return {each["id"]: len(each["inputs"]) for each in found if each["inputs"]}

    def send(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = NONE) -> Answer:
        """Send one request over a connection of its own."""
        connection = http.client.HTTPConnection(*self.place, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            found = connection.getresponse()
            return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
        finally:
            connection.close()

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        """Send JSON, or bytes that claim to be JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, raw, JSON | {name.replace("_", "-"): value for name, value in headers.items()})

    def ask(self, stage: str, name: str, argument: Any, session: str = "attacker") -> Answer:
        """Ask a server function."""
        return self.post(ASK, self.question(stage, name, argument, session))

    def question(self, stage: str, name: str, argument: Any, session: str = "attacker") -> dict[str, Any]:
        """A question as the page sends it."""
        return {"session_hash": session, "component_id": self.stages[stage][0], "fn_name": name, "data": argument}

    def opened(self, head: str, body: bytes = b"") -> socket.socket:
        """A connection on which the beginning of a request has been sent."""
        line = socket.create_connection(self.place, timeout=PATIENCE)
        host, port = self.place
        lines = head.replace("HOST", f"{host}:{port}").replace("\n", "\r\n")
        line.sendall(lines.encode("latin-1") + b"\r\n\r\n" + body)
        return line

    def click(self, session: str, z: float = 0.1) -> None:
        """Fails unless a visitor's click is answered."""
        found = self.ask("vae-stage", "probe", reads("vae-stage", "probe") | {"z": [z, 0.2]}, session)
        assert found.status == 200 and found.json["radius"] == 0.15

    def gives_nothing_away(self, found: Answer) -> None:
        """Fails if an answer tells where files lie, or what our code looks like from inside."""
        text = found.body.decode(errors="replace")
        secret = ["Traceback", "site-packages", str(ROOT), str(self.log.parent)]
        if found.headers.get("content-type", "").startswith("application/json") and "error" in found.json:
            secret += [str(Path.home()), tempfile.gettempdir(), ".py"]
        assert not [each for each in secret if each in text]


def answered(line: socket.socket) -> Answer:
    """The answer to what was sent on a connection, which is closed."""
    found = http.client.HTTPResponse(line)
    try:
        found.begin()
        return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
    finally:
        line.close()


@contextmanager
def attacked_app(folder: Path, **environment: str) -> Iterator[Target]:
    """An app of tiny networks, to be attacked; with further settings if they are given."""
    tiny = (
        tiny_nets.ENERGIES
        | tiny_nets.CODES
        | tiny_nets.VAES
        | tiny_nets.DISCRETE
        | tiny_nets.VELOCITIES
        | tiny_nets.PAIRED
    )
    nets = tiny_nets.write(compare.write_nets(folder / "nets"), tiny)
    for net in (*map(net_of, families.TABS), "classifier-fashion-mnist", *SCENE_CHECKPOINTS):
        if not (nets / net).exists():
            (nets / net).symlink_to(checkpoints.folder_of(net).resolve())
    with serve(folder / "log.txt", EXPLORER_PRETRAINED=str(nets), **environment) as server:
        yield Target(server.url, folder / "log.txt", nets)
