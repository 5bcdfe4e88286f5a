"""HTTP parser of the server: httptools, with bounds on the headers of a request."""

import httptools
import uvicorn.config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEADERS, MOST_HEADER_BYTES = (
    100,
    16_384,
)  # headers of a request, and bytes of its address and headers; browsers send about 20
REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 37\r\nconnection: close\r\n\r\nThe headers are too many or too large"
)


def bound() -> None:
    """Let uvicorn parse requests with bounds; call this before the server starts."""
    uvicorn.config.HTTP_PROTOCOLS["auto"] = f"{__name__}:{BoundedProtocol.__name__}"


class TooLarge(httptools.HttpParserError):
    """The headers of a request exceed their bounds."""


class BoundedProtocol(HttpToolsProtocol):
    """Connection that refuses a request with too many or too large headers, before they are kept."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._complete, self._count, self._size, self._refused = False, 0, 0, False
        self._arrived, self._went_on = 0, False

    def data_received(self, data: bytes) -> None:
        """Parse what arrived; what brings neither a body nor an end, as headers and trailers, counts as it comes."""
        if self._refused:
            return
        self._went_on = False
        super().data_received(data)
        self._arrived = 0 if self._went_on else self._arrived + len(data)
        if self._arrived > 2 * MOST_HEADER_BYTES and not self._refused and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        """Begin the headers of a request."""
        super().on_message_begin()
        self._complete, self._count, self._size = False, 0, 0

    def on_url(self, url: bytes) -> None:
        """Keep a part of the address."""
        self._weigh(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; a trailer, which follows the body, is no header."""
        self._count += 1
        self._weigh(len(name) + len(value))
        if not self._complete:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Answer the request."""
        self._complete = self._went_on = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._went_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the request."""
        self._went_on = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser did not accept."""
        if self._refused:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _weigh(self, size: int) -> None:
        self._size += size
        if self._count > MOST_HEADERS or self._size > MOST_HEADER_BYTES:
            self._refused = True
            raise TooLarge

    def _refuse(self) -> None:
        self._refused = True
        self.transport.write(REFUSAL)
        self.transport.close()
