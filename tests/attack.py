"""A running app as an attacker meets it: what its page says can be asked, and questions that no browser would send."""

import base64
import http.client
import json
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import strategies as st

from explorer import fields
from explorer.fields import Field
from explorer.tabs import families, interface
from explorer.tabs.autoregressive import server as raster_server
from explorer.tabs.codes import tab as codes
from explorer.tabs.compare import server as compare_server
from explorer.tabs.compare import tab as compare_tab
from explorer.tabs.diffusion import server as diffusion_server
from explorer.tabs.discrete import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.gan import game as game_server
from explorer.tabs.gan import server as gan_server
from explorer.tabs.kit.answers import arguments
from explorer.tabs.room import tab as room
from explorer.tabs.start import tab as start
from explorer.tabs.vae import server as vae_server
from tests import compare, tiny_nets
from tests.asking import anything
from tests.server import ROOT, serve
from tests.told import config_in, tabs_of, together

PATIENCE = 120  # seconds that any answer may take on a busy machine
ASK, TYPE = "/gradio_api/component_server", "/gradio_api/run/predict"
FILE = "/gradio_api/file=explorer/stages/questions/clock.js"
JSON, NONE = {"Content-Type": "application/json"}, MappingProxyType({})
KNOWN = base64.b64encode(bytes(49) + bytes([255]) * 49).decode()
IMAGES = base64.b64encode(bytes(8 * 784)).decode()
DRAWN = {
    "dataset": "mnist",
    "seed": 7,
    "label": None,
    "picture": {"test": 12, "set": "mnist"},
    "pixels": base64.b64encode(bytes(784)).decode(),
}
GAME = {"data": "ring", "points": [], "dsteps": 1, "lrd": 0.005, "lrg": 0.001, "gseed": 3, "live": True}
WALK = {
    "who": "teacher",
    "evaluations": 2,
    "moment": None,
    "count": 1,
    "w": 1,
    "sampler": "ddim",
    "steps": 2,
    "eta": 0.5,
    "start": 300,
    "resamples": 1,
}
WRITE = {"count": 1, "temperature": 1, "order": 0, "known": 780, "rows": 27, "row": 3, "pixel": 400}
WATCH = {"id": "0123456789abcdef", "from": 0}
OTHER = {"other": {"test": 40, "set": "mnist"}}
GOOD: dict[str, dict[str, Any]] = {
    "vae-stage": {**DRAWN, "beta": 1.0, "z": [0.3, -1.2], "image": {"test": 12}, "index": 0},
    "ar-stage": {
        **(DRAWN | WRITE | {"net": "pixelcnn-mnist", "index": 0}),
        **{"kernel": 3, "layers": 4, "way": "score", "turn": 1},
    },
    "gan-stage": {
        **(DRAWN | WATCH | GAME | {"net": "gan-mnist", "corners": [0, 3, 9], "pair": [4, 2], "u": 0.25, "v": 1}),
        **{"index": 1, "loss": "wgan-gp", "spectral": False, "moves": "2", "rounds": 2, "start": 1, "steps": 2},
    },
    "diffusion-stage": {
        **(DRAWN | WATCH | WALK | {"net": "diffusion-mnist", "known": KNOWN, "images": IMAGES}),
        **{"first": {"test": 12, "set": "mnist"}, "second": {"test": 40, "set": "mnist"}},
    },
    "flow-stage": DRAWN | WATCH | OTHER | {"net": "flow-mnist", "known": KNOWN, "temperature": 1},
    "flow-matching-stage": {
        **(DRAWN | WATCH | OTHER | {"net": "flow-matching-mnist", "known": KNOWN}),
        **{"w": 1, "solver": "heun", "steps": 2},
    },
    "energy-stage": {
        **(DRAWN | WATCH | OTHER | {"net": "rbm-mnist", "known": KNOWN}),
        **{"begin": "noise", "clamp": "none", "longer": 1, "stride": 1},
        **{"way": "pcd", "shows": "energy", "k": 1, "jumps": True, "steps": 300},
    },
    "discrete-diffusion-stage": {
        **(DRAWN | WATCH | OTHER | {"net": "d3pm-mnist", "known": KNOWN}),
        **{"order": "random", "per": 56, "over": [], "masked": 30},
    },
    "codes-stage": {
        **(DRAWN | WATCH | OTHER | {"net": "vqvae-mnist", "known": KNOWN}),
        **{"swaps": [3], "way": "tokens", "turn": 1, "prior": "standard", "noise": 0.3, "steps": 3, "w": 1},
    },
    "vae-room-stage": {
        **(DRAWN | WATCH | OTHER | {"net": "vae-mnist", "known": KNOWN}),
        **{"rank": 3, "run": "reach-7", "beta": "1"},
    },
    "compare-stage": DRAWN | WATCH | OTHER | {"net": "gan-mnist", "known": KNOWN},
    "start-stage": DRAWN | WATCH | {"net": "gan-mnist"},
}
"""Arguments that every function of a stage can answer, if it has what it reads."""
EXERCISED = [tab for tab in interface.TABS if tab.exercises]
SOLVED = {tab.name: next(each for each in tab.exercises if each.kind == "stage") for tab in EXERCISED}
for tab, each in SOLVED.items():
    state = json.loads(json.dumps(dict(each.task(1).solved)))
    GOOD[f"{tab}-stage"] = GOOD.get(f"{tab}-stage", {}) | {
        "exercise": each.name,
        "numbers": 1,
        "answer": 1,
        "state": state,
    }
GOOD |= {
    f"{tab.name}-charts": {"net": GOOD[f"{tab.name}-stage"].get("net", tab.shown()[0].name)} for tab in families.TABS
} | {"compare-charts": {"net": "mnist"}, "start-charts": {"net": "mnist"}}


def _asking(functions: Iterable[Callable]) -> dict[str, dict[str, Field] | None]:
    return {each.__name__: fields.of(each.plain) if hasattr(each, "plain") else None for each in functions}


FUNCTIONS: dict[str, dict[str, dict[str, Field] | None]] = {
    "vae-stage": _asking(vae_server.SERVER_FUNCTIONS),
    "ar-stage": _asking(raster_server.SERVER_FUNCTIONS),
    "gan-stage": _asking(gan_server.SERVER_FUNCTIONS + game_server.SERVER_FUNCTIONS),
    "diffusion-stage": _asking(diffusion_server.SERVER_FUNCTIONS),
    "flow-stage": _asking(flow.TAB.functions),
    "flow-matching-stage": _asking(flow_matching.TAB.functions),
    "energy-stage": _asking(energy.TAB.functions),
    "discrete-diffusion-stage": _asking(discrete.TAB.functions),
    "codes-stage": _asking(codes.TAB.functions),
    "vae-room-stage": _asking(room.TAB.functions),
    "compare-stage": _asking(compare_server.SERVER_FUNCTIONS),
    "start-stage": _asking(start.TAB.functions),
    "foundations-stage": {},
    **{f"{tab.name}-charts": _asking([tab.asks_charts()]) for tab in (*families.TABS, compare_tab.TAB, start.TAB)},
}
for tab in EXERCISED:
    FUNCTIONS[f"{tab.name}-stage"] |= _asking(tab.asks_exercises())
"""The functions of each stage and the fields of their arguments; those that watch films read for themselves."""


def reads(stage: str, name: str) -> dict[str, Any]:
    """The good argument of a function, with nothing that it does not read."""
    return {each: GOOD[stage][each] for each in FUNCTIONS[stage][name] or WATCH}


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
    if how == "nonsense":
        return draw(_values | st.dictionaries(st.sampled_from(sorted(good)), _values))
    key = draw(st.sampled_from(sorted(good)))
    if how == "inside" and isinstance(good[key], dict):
        return good | {key: good[key] | {draw(st.sampled_from(["test", "set", "bits", "kind"])): draw(_values)}}
    rest = {name: value for name, value in good.items() if name != key}
    return rest if how == "drop" else rest | {key: draw(_values)}


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers in small letters, the body."""

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
        """What the page is told of its components, whichever tab it opens with."""
        tabs = tabs_of(self.page("/"))
        return together(self.page(f"/?tab={tab}") for tab in tabs)

    def page(self, path: str) -> dict[str, Any]:
        """What the page at a path is told."""
        return config_in(self.send("GET", path).body.decode())

    @cached_property
    def stages(self) -> dict[str, tuple[int, list[str]]]:
        """The number of each stage among the components, and the names of its functions."""
        found = [(each["id"], each["props"]) for each in self.config["components"]]
        return {props["elem_id"]: (number, props["server_fns"]) for number, props in found if props.get("server_fns")}

    @cached_property
    def formulas(self) -> dict[int, int]:
        """How many numbers each live formula takes."""
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
def attacked_app(folder: Path) -> Iterator[Target]:
    """An app of tiny networks, to be attacked."""
    tiny = tiny_nets.ENERGIES | tiny_nets.CODES | tiny_nets.VAES | tiny_nets.DISCRETE | tiny_nets.VELOCITIES
    nets = tiny_nets.write(compare.write_nets(folder / "nets"), tiny)
    with serve(folder / "log.txt", EXPLORER_PRETRAINED=str(nets)) as server:
        yield Target(server.url, folder / "log.txt", nets)
