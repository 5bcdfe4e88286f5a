"""The questions as Gradio's own client asks them: a configuration, a description, a queue for one session.

`Client("https://…/api/")` joins the queue and reads the answers from an event stream. Gradio's real queue stays closed.
A question that has joined waits here until its session reads; only then is it asked.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from typing import Any

import gradio
import orjson

from explorer.programs.questions import OK, Asked
from explorer.serving.checks import Refused, number, text

JOINED_SECONDS, JOINED_MOST, JOINED_OF_SESSION = 60.0, 256, 16  # joined questions that wait for their reader
MORE_SECONDS = 1.0  # that a stream stays open for another question
PREFIX = "gradio"
NO_FUNCTION = "There is no such function."

Parked = tuple[float, str, Asked, dict[str, Any]]
"""Time of joining, event, question and argument."""


class Queue:
    """Joined questions by session, each until its session reads; the oldest sessions are dropped beyond a bound.

    Arguments:
        questions: Questions by name; the place of each is the number of its function.
    """

    def __init__(self, questions: Mapping[str, Asked]):
        self.questions = [*questions.values()]
        self._joined: OrderedDict[tuple[str, str], list[Parked]] = OrderedDict()

    def config(self) -> dict[str, Any]:
        """Return the configuration that the client reads first."""
        components, functions = [{"id": 0, "type": "json", "props": {}}], []
        for at, each in enumerate(self.questions):
            inputs = [*range(len(components), len(components) + len(each.known))]
            components += [{"id": id, "type": "json", "props": {}} for id in inputs]
            functions.append({"id": at, "api_name": each.name, "inputs": inputs, "outputs": [0], "backend_fn": True})
        version = {"version": gradio.__version__, "protocol": "sse_v1", "api_prefix": f"/{PREFIX}"}
        return version | {"connect_heartbeat": False, "components": components, "dependencies": functions}

    def info(self) -> dict[str, Any]:
        """Return the description of the functions, with the JSON Schema of each parameter."""
        named = {f"/{each.name}": {"description": each.about} | _parameters(each) for each in self.questions}
        return {"named_endpoints": named, "unnamed_endpoints": {}}

    def join(self, body: dict, place: str) -> dict[str, str]:
        """Keep a question until its session reads; return the name of its event.

        Raises:
            Refused: if it is malformed, or if too many wait.
        """
        session, at, given = text(body, "session_hash"), number(body, "fn_index"), body.get("data")
        if not 0 <= at < len(self.questions):
            raise Refused(404, NO_FUNCTION)
        question = self.questions[at]
        if not isinstance(given, list) or len(given) > len(question.known):
            raise Refused(400, f"This function takes {len(question.known)} values.")
        self._forget()
        joined = self._joined.setdefault((place, session), [])
        if len(joined) >= JOINED_OF_SESSION:
            raise Refused(429, "Too many questions of this session wait.")
        event = secrets.token_hex(16)
        joined.append((time.monotonic(), event, question, dict(zip(question.known, given))))
        while len(self._joined) > JOINED_MOST:
            self._joined.popitem(last=False)
        return {"event_id": event}

    async def stream(self, session: str, place: str) -> AsyncIterator[bytes]:
        """Yield the answers to the joined questions of a session as server-sent events, until no more come."""
        asking: set[asyncio.Task[dict]] = set()
        try:
            idle = time.monotonic()
            while asking or time.monotonic() - idle < MORE_SECONDS:
                for _, event, question, argument in self._joined.pop((place, session), []):
                    asking.add(asyncio.create_task(_completed(event, question, argument)))
                if not asking:
                    await asyncio.sleep(0.05)
                    continue
                done, asking = await asyncio.wait(asking, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    yield b"data: " + orjson.dumps(each.result()) + b"\n\n"
                idle = time.monotonic() if done else idle
        finally:
            for each in asking:
                each.cancel()

    def _forget(self) -> None:
        """Drop questions that nobody has read in time."""
        before = time.monotonic() - JOINED_SECONDS
        for key, joined in [*self._joined.items()]:
            if joined[-1][0] < before:
                del self._joined[key]


async def _completed(event: str, question: Asked, argument: dict[str, Any]) -> dict[str, Any]:
    """Return the message of an answered question."""
    status, found = await question.answer(argument)
    output = {"data": [found]} if status == OK else {"error": found["error"]}
    return {"msg": "process_completed", "event_id": event, "success": status == OK, "output": output}


def _parameters(question: Asked) -> dict[str, Any]:
    """Return the parameters and the answer of a question as the client describes them."""
    parameters = [
        {
            "label": field.title or name,
            "parameter_name": name,
            "parameter_has_default": field.optional,
            "parameter_default": field.default,
            "type": field.to_schema(),
            "python_type": {"type": _python(field.to_schema()), "description": field.title},
            "component": "Json",
            "example_input": None,
        }
        for name, field in question.known.items()
    ]
    answer = {"label": "answer", "type": {"type": "object"}, "python_type": {"type": "dict", "description": ""}}
    return {"parameters": parameters, "returns": [answer | {"component": "Json"}]}


def _python(schema: Mapping[str, Any]) -> str:
    """Return the Python type of a JSON Schema, in words."""
    if "anyOf" in schema:
        return f"{_python(schema['anyOf'][0])} | None"
    names = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list"}
    return names.get(schema.get("type", ""), "dict" if "oneOf" in schema else "str")
