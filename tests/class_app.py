"""The routes of rooms without the rest of the page and without its gate, whose import takes long."""

import asyncio
import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

import uvicorn  # noqa: E402
from starlette.responses import JSONResponse, PlainTextResponse  # noqa: E402

from explorer.classes import http, store, survey  # noqa: E402
from explorer.serving import headers  # noqa: E402
from explorer.serving.checks import Refused  # noqa: E402

if os.environ.get("MANY_ROOMS"):  # of one address, for tests that share this server
    http.OPENED_ROOMS, http.ROOMS_OF_ADDRESS = (100, 1000), 1000
PARTS = survey.parts(store.path())


async def app(scope, receive, send):
    """Answer as the gate does."""
    part = next((each for each in PARTS if each.takes(scope["path"])), None)
    if part is None:
        return await PlainTextResponse("the page", 404 if scope["method"] == "POST" else 200)(scope, receive, send)
    try:
        await part.answer(scope["path"], scope, receive, send)
    except Refused as no:
        if no.status == 429:
            await asyncio.sleep(1.0)
        await JSONResponse({"error": no.sentence}, no.status, {"connection": "close"})(scope, receive, send)


if __name__ == "__main__":
    headers.bound()
    uvicorn.run(app, port=int(os.environ["GRADIO_SERVER_PORT"]), log_level="warning", lifespan="off")
