"""Address and port of the app, from the environment; a bad setting is reported before anything slow begins."""

import os
import socket
import sys

ADDRESS_PORT = 7860


def port() -> int:
    """Return the port of `GRADIO_SERVER_PORT`, or 7860.

    Raises:
        SystemExit: if that is no port, or the app cannot listen there; the message says which, and what to do.
    """
    wanted = os.environ.get("GRADIO_SERVER_PORT") or str(ADDRESS_PORT)
    if not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:6]) < 65_536):
        raise SystemExit(
            f"GRADIO_SERVER_PORT is {wanted[:40]!r}: set it to a number from 1 to 65535, as in {example()}"
        )
    name = os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    try:
        _listen(name.strip("[]"), int(wanted))
    except OSError as error:
        raise SystemExit(cannot_listen(int(wanted), error)) from None
    return int(wanted)


def _listen(name: str, number: int) -> None:
    family, kind, *_, address = socket.getaddrinfo(name, number, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as listener:
        if sys.platform != "win32":  # on Windows the option lets two servers listen at the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)


def cannot_listen(number: int, error: OSError) -> str:
    """Return the message for a port at which the app cannot listen, with the reason and what to do."""
    reason = error.strerror or "it is in use"
    return f"The app cannot listen at port {number} ({reason}): choose another one, as in {example(number)}"


def example(taken: int = ADDRESS_PORT) -> str:
    """Return an example of a setting with another port."""
    return f"GRADIO_SERVER_PORT={taken + 1 if 1024 <= taken < 65_535 else ADDRESS_PORT}"
