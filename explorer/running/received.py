"""Contents of files that came by other programs: JSON in any Unicode encoding, and Git LFS pointers."""

import json
from typing import Any

import orjson

POINTER = b"version https://git-lfs.github.com/spec/"
IS_POINTER = "is a Git LFS pointer, not the file itself: run `git lfs pull` where it came from"


def read_json(raw: bytes) -> Any:
    """Return the value of JSON in UTF-8, UTF-16 or UTF-32, with or without a byte-order mark.

    Raises:
        ValueError: if it is not JSON.
    """
    return orjson.loads(raw.decode(json.detect_encoding(raw)))


def is_pointer(raw: bytes) -> bool:
    """Return whether the contents of a file are a Git LFS pointer, which names the file and does not hold it."""
    return raw.startswith(POINTER)
