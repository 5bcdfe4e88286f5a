"""Places where a question is answered: this process, or replicas on other machines. Both have one interface, `Answer`.

If `EXPLORER_MODELS` names the address of replicas (`python -m explorer.scale`), each argument travels there as JSON,
and the answer comes back as JSON. The process that serves the page is then a *front end*. It holds no network, and
nothing that another front end would miss.

An answer depends only on its argument. So a call that a replica did not finish is made once more, at another one. A
film lives on one replica, and its id begins with the name of that replica. If the replica is gone, the front end that
started the film starts it again elsewhere, and its viewer notices a delay.
"""

import functools
import logging
import os
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from explorer.serving import desk
from explorer.serving.films import GONE, WATCHERS
from explorer.serving.visitors import Visitor, visitor
from explorer.serving.work import BROKEN, FILMS, Busy, sentence

Answer = Callable[[Any], Awaitable[dict]]
Answers = Mapping[str, Answer]

TRIES = 2  # no more: an argument that ends a process would end all replicas
PLACES_MARGIN = 5.0  # seconds; a replica itself says after `WAIT_SECONDS` that it is busy
REPLICA = "x-replica"  # header of an answer: the name of the replica
AFFINITY = "serve_multiplexed_model_id"  # header of a request: the replica that it is meant for, as Ray Serve reads it
PLACES_WAITING = 503  # status of Ray Serve if too many requests wait
PLACES_DEEP = "This question is nested too deeply."
log = logging.getLogger(__name__)
FILM = re.compile(r"([0-9a-f]{8})-[0-9a-f]{16}")


def address() -> str | None:
    """Return the address of the replicas, or None if questions are answered in this process."""
    return os.environ.get("EXPLORER_MODELS") or None


def place(component: str, functions: Answers) -> Answers:
    """Return the server functions of a component as they are called: directly, or by replicas."""
    url = address()
    return _replicas(url).instead(component, functions) if url else functions


@dataclass
class Begun:
    """Film that was started here: the question, and the id under which a replica knows it now."""

    path: str
    argument: Any
    name: str


class Replicas:
    """Server functions that are answered by replicas.

    Arguments:
        url: Address of the replicas.
        transport: How calls travel: over the network unless given.
    """

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None):
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)  # the gate bounds the requests
        transport = transport or httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
        self._line = httpx.AsyncClient(base_url=url, transport=transport, trust_env=False)
        self._films: OrderedDict[str, Begun] = OrderedDict()

    def instead(self, component: str, functions: Answers) -> Answers:
        """Return a function for each server function of a component that asks the replicas."""
        return {name: self._asking(f"{component}/{name}", function) for name, function in functions.items()}

    def _asking(self, path: str, function: Answer) -> Answer:
        if follows(path):
            return functools.partial(self._follow, path)
        return functools.partial(self._begin if is_film(function) else self._ask, path)

    async def _ask(self, path: str, argument: Any) -> dict:
        return (await self._send(path, argument))[0]

    async def _begin(self, path: str, argument: Any) -> dict:
        """Start a film and remember its question."""
        begun = await self._ask(path, argument)
        if "error" not in begun and not _is_film_name(begun.get("id")):
            return {"error": BROKEN}
        if "id" in begun:
            self._films[begun["id"]] = Begun(path, argument, begun["id"])
            while len(self._films) > WATCHERS:
                self._films.popitem(last=False)
        return begun

    async def _follow(self, path: str, argument: Any) -> dict:
        """Ask the replica of a film for frames, or to stop; start the film again if that replica is gone."""
        name = argument.get("id") if isinstance(argument, dict) else None
        if not _is_film_name(name):
            return await self._ask(path, argument)
        film = self._films.get(name)
        found, replica = await self._of_film(path, argument, film.name if film else name)
        if film and found.get("error") == GONE and not film.name.startswith(replica):
            begun = await self._ask(film.path, film.argument)
            if "error" not in begun and not _is_film_name(begun.get("id")):
                begun = {"error": BROKEN}
            film.name = begun.get("id", film.name)
            found, _ = (begun, "") if "error" in begun else await self._of_film(path, argument, film.name)
        if found.get("done", True) or found.get("error"):
            self._films.pop(name, None)
        return found

    async def _of_film(self, path: str, argument: dict, name: str) -> tuple[dict, str]:
        return await self._send(path, argument | {"id": name}, {AFFINITY: FILM.fullmatch(name)[1]})

    async def _send(self, path: str, argument: Any, headers: Mapping[str, str] = {}) -> tuple[dict, str]:
        """Return the answer of a replica to a call and the name of the replica; an error becomes a sentence.

        An answer that is no JSON object counts as none: nothing that a replica sends is trusted.
        """
        try:
            body = pack_call(argument, visitor.get())
        except TypeError:  # orjson reads deeper than it writes
            return {"error": PLACES_DEEP}, ""
        patience = desk.WAIT_SECONDS + PLACES_MARGIN
        for _ in range(TRIES):
            try:
                result = await self._line.post(f"/{path}", content=body, headers=headers, timeout=patience)
            except httpx.TimeoutException:
                return {"error": sentence(Busy(), path)}, ""
            except httpx.RequestError:
                continue
            if result.status_code == PLACES_WAITING:
                return {"error": sentence(Busy(), path)}, ""
            if result.status_code == httpx.codes.OK and (found := _object(result.content)) is not None:
                return found, result.headers.get(REPLICA, "")
            log.error("a replica answered %s to %s with no answer: %.200r", result.status_code, path, result.content)
        return {"error": BROKEN}, ""


def _object(raw: bytes) -> dict | None:
    """Return the JSON object in an answer, or None."""
    try:
        found = orjson.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_film_name(name: Any) -> bool:
    return isinstance(name, str) and FILM.fullmatch(name) is not None


_replicas = functools.cache(Replicas)


def is_film(function: Answer) -> bool:
    """Return whether a server function starts a film; its answer has an id unless it is an error."""
    return getattr(function, "lane", None) is FILMS


def follows(path: str) -> bool:
    """Return whether a server function is asked about a film that was started."""
    return path.endswith(("/frames", "/stop"))


def pack_call(argument: Any, who: Visitor) -> bytes:
    """Return the body of a call: its argument and the visitor who makes it."""
    return orjson.dumps({"data": argument, "session": who.session, "address": who.address})


def unpack_call(body: bytes) -> tuple[Any, Visitor]:
    """Return the argument of a call and its visitor."""
    result = orjson.loads(body)
    return result["data"], Visitor(result["session"], result["address"])
