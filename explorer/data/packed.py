"""Reading of the compressed files that ship with the app."""

import lzma
from pathlib import Path

from explorer.data.images import BUNDLED, DataError
from explorer.networks import hub
from explorer.running.pauses import pausing

READ = 1_000_000  # bytes decompressed at a time


def decompress(path: Path) -> bytes:
    """Decompress an .xz file, with a pause after each part.

    Raises:
        DataError: if the file is missing or damaged.
    """
    try:
        with lzma.open(path) as file:
            return b"".join(pausing(iter(lambda: file.read(READ), b"")))
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise DataError(f"{path.name} is missing or damaged ({error}): restore it") from error


def shipped(file: str) -> Path:
    """Return a bundled file. An installed package is without the largest ones, and fetches them when they are needed.

    Raises:
        DataError: if it is neither here nor on the Hub.
    """
    path = BUNDLED / file
    if path.exists() or file not in hub.SHIPPED_APART or not hub.is_named():
        return path
    try:
        return hub.fetch_shipped(file)
    except hub.HubError as error:
        raise DataError(str(error)) from error
