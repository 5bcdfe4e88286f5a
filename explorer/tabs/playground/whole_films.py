"""Recorded films as files, which a browser keeps: one of each preset with the usual settings.

A film has the question that it answers, and all that the server answers to it.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer.data.playground import PRESETS
from explorer.serving.files import compressed_json, compressed_response
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.playground import recorded, shared, side
from explorer.tabs.playground.taken import TAKEN

FILMS = "films/playground"
"""Folder of the films, as the browser requests it."""


def whole_question(data: str) -> dict[str, Any]:
    """Return the question of the page that shows a preset with the usual settings."""
    fields = (*shared.TRAINING, SEED, side.CLOCK, TAKEN)
    usual = {field.key: field.default for field in fields}
    usual |= {"data": data, "board": None, "noise": PRESETS[data].noise}
    asked = side.learn_live.plain.__annotations__.keys() - {"return"}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in usual.items() if key in asked}


def whole_film(data: str) -> Mapping[str, Any]:
    """Return the recorded film of a preset: its question, and what the server answers to it."""
    question = whole_question(data)
    script = side.learn_live.plain(**question)
    planned = {"space": script.space.name, "count": script.count, "total": script.total}
    frames = [frame for _, frame in script.scenes() if frame is not None]
    return {"question": question, "frames": frames, **planned, "evaluations": script.evaluations}


def films_route() -> Route:
    """Return the route that serves these films by preset; each is made on its first request, one at a time."""
    one = asyncio.Lock()

    @cache
    def body(data: str) -> bytes:
        return compressed_json(whole_film(data))

    async def film(request: Request) -> Response:
        data = request.path_params["data"]
        if data not in film_names():
            raise HTTPException(404)
        async with one:
            found = await asyncio.to_thread(body, data)
        return compressed_response(request.headers, found, "application/json")

    return Route(f"/gradio_api/file={FILMS}/{{data}}.json", film)


def film_names() -> list[str]:
    """Return the presets whose training with the usual settings is recorded."""
    usual = (shared.N.default, shared.STEPS.default)
    return [data for data in PRESETS if recorded.FILE.exists() and (data, *usual) in recorded.STATES]
