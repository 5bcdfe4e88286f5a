"""The page travels compressed: it holds every tab's text, and Gradio compresses only files with an extension."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send


class CompressedPage(GZipMiddleware):
    """Compresses the document and nothing else: weights are read by ranges, and events must not be held back."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        page = scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) in ("", "/")
        await (super().__call__ if page else self.app)(scope, receive, send)
