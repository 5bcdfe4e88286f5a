"""The questions as tools of the Model Context Protocol, by the package `mcp` where it is installed.

Each request is answered by itself, without a session. Gradio's own MCP server needs its queue, which the gate closes.
"""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer.programs.questions import OK, UNREADABLE, Asked

NO_MCP = "This server has no MCP tools: its operator installs them by requirements-api.txt."


def is_installed() -> bool:
    """Return whether the package is there."""
    return find_spec("mcp") is not None


def tools(questions: Mapping[str, Asked]) -> ASGIApp:
    """Return an ASGI app that answers the requests of MCP about these questions."""
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

    listed = [
        types.Tool(name=name, description=each.about, input_schema=each.to_schema()) for name, each in questions.items()
    ]

    async def on_list(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def on_call(_: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        status, found = await _answer(questions, asked.name, asked.arguments)
        text = types.TextContent(type="text", text=orjson.dumps(found).decode())
        return types.CallToolResult(content=[text], structured_content=found, is_error=status != OK)

    about = "Explorer: trained generative models that draw, complete, score and compress."
    server = Server("explorer", instructions=about, on_list_tools=on_list, on_call_tool=on_call)
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # the gate checks the origin

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, security_settings=security)
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    return answer


async def _answer(questions: Mapping[str, Asked], name: str, arguments: Any) -> tuple[int, dict[str, Any]]:
    known: Callable | None = questions[name].answer if name in questions else None
    if known is None:
        return UNREADABLE, {"error": f"There is no such tool: there are {', '.join(questions)}."}
    return await known({} if arguments is None else arguments)
