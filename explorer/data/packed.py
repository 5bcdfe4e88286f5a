"""Reading of the compressed files that ship with the app."""

import lzma
from pathlib import Path

from explorer.data.images import DataError
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
