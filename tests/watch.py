"""Faults of a page: errors in its console, failed requests, requests to other machines."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

LOCAL = ("127.0.0.1", "localhost")


class Watch:
    """Collect the problems of one page as sentences, and the requests that it made."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self.responses: list[Response] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}\n{error.stack}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _benign(message):
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL:
            self.problems.append(f"left this machine: {request.url}")

    def _response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")


def _benign(message: ConsoleMessage) -> bool:
    """Gradio aborts its own event stream when an event is over, and the browser logs that as an error."""
    return "ERR_ABORTED" in message.text and "queue/data" in message.location.get("url", "")
