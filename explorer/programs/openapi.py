"""Description of the door in the form of OpenAPI 3.1, from the questions' own fields."""

from collections.abc import Mapping
from typing import Any

from explorer.programs.questions import Asked

ABOUT = (
    "Questions to trained generative models. The bounds of each argument are those of the page. A film is answered by "
    "its last frame; x is encoded as the page reads it, see docs/api.md."
)
ERRORS = {
    400: "The body is no JSON object.",
    403: "The request comes from another site's page.",
    413: "The body is too long.",
    415: "The body is no JSON.",
    422: "An argument is not as described, or the model cannot answer; the sentence says why.",
    429: "Too much is asked at once.",
}
_OBJECT = {"type": "object", "additionalProperties": True}
_ERROR = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
_FILM = {
    "type": "object",
    "properties": {
        "space": {"type": "string", "description": "Name of the space of x"},
        "count": {"type": "integer", "description": "Number of x"},
        "total": {"type": "integer", "description": "Number of frames of the film"},
        "evaluations": {"type": "integer", "description": "Network evaluations"},
        "frame": {"description": "The last frame", **_OBJECT},
    },
    "required": ["space", "count", "frame"],
    "additionalProperties": True,
}


def description(questions: Mapping[str, Asked], server: str) -> dict[str, Any]:
    """Return the description of questions that are asked below the path `server`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Explorer", "version": "1", "description": ABOUT},
        "servers": [{"url": server}],
        "paths": {f"/{name}": {"post": _operation(each)} for name, each in questions.items()},
    }


def _operation(question: Asked) -> dict[str, Any]:
    answers = {200: ("The answer", _FILM if question.watch else _OBJECT)}
    answers |= {status: (words, _ERROR) for status, words in ERRORS.items()}
    return {
        "operationId": question.name,
        "summary": question.about.partition("\n")[0],
        "description": question.about,
        "requestBody": {"required": True, "content": _json(question.to_schema())},
        "responses": {
            str(status): {"description": words, "content": _json(schema)} for status, (words, schema) in answers.items()
        },
    }


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
