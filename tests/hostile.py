"""Requests that no honest program sends to the door for programs, drawn from a seed."""

import json
import random
from collections.abc import Iterator
from typing import Any

GOOD = {
    "make": {"net": "made-mnist", "seed": 1, "label": None},
    "complete": {
        "net": "made-mnist",
        "picture": {"test": 1, "set": "mnist"},
        "known": "AAAA",
        "seed": 1,
        "label": None,
    },
    "interpolate": {
        "net": "vae-mnist",
        "picture": {"test": 1, "set": "mnist"},
        "other": {"test": 2, "set": "mnist"},
    },
    "learn": {"net": "made-mnist", "seed": 1, "label": None},
    "likelihood": {"net": "made-mnist", "picture": {"test": 1, "set": "mnist"}},
    "anomaly": {"net": "made-mnist", "picture": {"test": 1, "set": "mnist"}},
    "compress": {"net": "made-mnist", "x": {"test": 1, "set": "mnist"}},
}
ODD = [
    *(None, True, False, -1, 0, 1.5, 1e308, -1e308, 5e-324, 2**31, 2**63, 2**64, 10**400, float("nan"), float("inf")),
    *("", "\0", "a" * 5_000, "../../etc/passwd", "made-mnist-open-" + "0" * 20, "\ud800", "<script>", "AAAA", "é" * 99),
    *([], [[]], [0] * 500, {}, {"test": -1}, {"test": 1, "set": "../x"}, {"bits": "%%%"}, {"bits": "A" * 9_000}),
    *({"point": [0, 0]}, {"point": [1e308, None]}, {"words": "a" * 900}, {"words": "\0"}, {"digit": 99, "speaker": 1}),
]
METHODS = [
    "initialize",
    "tools/list",
    "tools/call",
    "resources/read",
    "ping",
    "notifications/cancelled",
    "\0",
    "x" * 500,
]
RAW = [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"{}" * 9, b"[" * 9_000, b'{"a":' * 900, b"x" * 20_000]


def value(rng: random.Random, depth: int = 0) -> Any:
    """Return a value that hardly any field takes."""
    kind = rng.random()
    if kind < 0.75 or depth > 3:
        return rng.choice(ODD)
    if kind < 0.85:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind < 0.97:
        return {rng.choice(["test", "set", "bits", "point", "net", ""]): value(rng, depth + 1) for _ in range(2)}
    nested: Any = []
    for _ in range(rng.choice([10, 300, 900])):
        nested = [nested]
    return nested


def argument(rng: random.Random, name: str) -> Any:
    """Return good arguments of a question with a part that is something else, gone or too much; or nonsense."""
    good, how = dict(GOOD[name]), rng.random()
    key = rng.choice([*good])
    if how < 0.15:
        return value(rng)
    if how < 0.25:
        del good[key]
    elif how < 0.35:
        good[str(value(rng))[:50]] = value(rng)
    elif how < 0.55 and isinstance(good[key], dict):
        good[key] = good[key] | {rng.choice(["test", "set", "bits", "point"]): value(rng)}
    else:
        good[key] = value(rng)
    return good


def requests(seed: int, count: int) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield the method, path and body of requests to every path of the door."""
    rng = random.Random(seed)
    for _ in range(count):
        name, where = rng.choice([*GOOD]), rng.random()
        if where < 0.5:
            yield "POST", f"/api/{name}", _json(argument(rng, name))
        elif where < 0.68:
            params = rng.choice([{"name": name, "arguments": argument(rng, name)}, value(rng)])
            call = {"jsonrpc": "2.0", "id": rng.choice([1, "a", None, 1.5]), "method": rng.choice(METHODS)}
            yield "POST", "/api/mcp", _json(call | {"params": params})
        elif where < 0.84:
            data = rng.choice([list(GOOD[name].values()), value(rng)])
            fields = {"data": data, "fn_index": rng.choice([0, 4, 5, *ODD]), "session_hash": rng.choice(["a", *ODD])}
            yield "POST", "/api/gradio/queue/join", _json(fields)
        elif where < 0.92:
            yield "POST", rng.choice([f"/api/{name}", "/api/mcp", "/api/gradio/queue/join"]), rng.choice(RAW)
        else:
            names = [
                "",
                "x",
                "..%2f..",
                "openapi.json",
                "config",
                "gradio/info",
                "mcp",
                "gradio/queue/data?session_hash=",
            ]
            yield rng.choice(["GET", "POST", "PUT", "DELETE"]), f"/api/{rng.choice([*names, name])}", None


def _json(found: Any) -> bytes:
    return json.dumps(found).encode("utf-8", "replace")[:40_000]
