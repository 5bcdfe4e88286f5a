"""One of the processes that answer the questions of front ends: a replica of the model work, run by Ray Serve.

A replica has a desk of its own, so turns, batches, pauses and the cache are as in a single process.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from gradio.routes import ORJSONResponse
from ray import serve
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from explorer.running import engine, process
from explorer.serving.desk import DESK
from explorer.serving.places import REPLICA, Answer, follows, is_film, unpack_call
from explorer.serving.visitors import Visitor, visitor

GATHERED, REPLICA_GATHER_SECONDS = 24, 0.01  # questions in a batch, and how long the first one waits for others
BATCHES = 8  # under way at the same time
Call = tuple[str, Any, Visitor]


class Replica:
    """One process that answers questions.

    Arguments:
        answers: Returns the server functions by path, `<component>/<function>`.
    """

    def __init__(self, answers: Callable[[], Mapping[str, Answer]]):
        process.prepare()
        engine.switch(True)
        self.name, self._answers = secrets.token_hex(4), answers()
        process.settle()

    @serve.multiplexed(max_num_models_per_replica=1)
    async def _take_name(self, name: str) -> str:
        """Make Ray Serve send requests for this name here; it asks for a model of that name."""
        return name

    async def check_health(self) -> None:
        """Make the name known; Ray Serve calls this when it starts the replica, and again and again."""
        await self._take_name(self.name)

    async def __call__(self, request: Request) -> Response:
        """Answer a call, with the same bytes as a single process."""
        path = request.url.path.lstrip("/")
        if path not in self._answers:
            return PlainTextResponse("There is no such question.", 404)
        argument, who = unpack_call(await request.body())
        batched = getattr(self._answers[path], "batch", None) is not None
        found = await (self._together if batched else self._one)((path, argument, who))
        return ORJSONResponse(found, headers={REPLICA: self.name})

    @serve.batch(max_batch_size=GATHERED, batch_wait_timeout_s=REPLICA_GATHER_SECONDS, max_concurrent_batches=BATCHES)
    async def _together(self, calls: list[Call]) -> list[dict]:
        """Answer calls of several visitors; the desk computes those in one batch that fit together."""
        with DESK.gathering():
            answering = [asyncio.create_task(self._one(call)) for call in calls]
            await asyncio.sleep(0)  # each task runs until its question waits
        return await asyncio.gather(*answering)

    async def _one(self, call: Call) -> dict:
        """Answer a call; the id of a film begins with the name of this replica."""
        path, argument, who = call
        visitor.set(who)
        if follows(path):
            return await self._answers[path](_without_replica(argument))
        found = await self._answers[path](argument)
        started = is_film(self._answers[path]) and "id" in found
        return found | {"id": f"{self.name}-{found['id']}"} if started else found


def _without_replica(argument: Any) -> Any:
    """Return the argument about a film with the id that the desk knows."""
    if not isinstance(argument, dict) or not isinstance(argument.get("id"), str):
        return argument
    return argument | {"id": argument["id"].rpartition("-")[2]}
