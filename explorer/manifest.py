"""Which files a checkpoint consists of, as far as those that are here name them, and the sha256 of those that have one.

A card names the weights and the atlas, a log of snapshots the snapshots. Without these a network can be used: they are
`later`. A card or a log that cannot be read names nothing; whoever needs it says what is wrong.
"""

import os
from pathlib import Path, PurePosixPath

import orjson

WEIGHTS, LOG = "model.safetensors", "snapshots/log.json"
LAST = (WEIGHTS, "card.json", "config.json")  # put in place after all that goes with them


def named(folder: Path) -> dict[str, str | None]:
    """The files of a checkpoint, by their paths in its folder."""
    card = _read(folder / "card.json")
    files = dict.fromkeys(("config.json", "card.json"))
    if isinstance(card.get("sha256"), str):
        files[WEIGHTS] = card["sha256"]
    if "atlas" in card:
        files["atlas.safetensors"] = None
    return files | _snapshots(folder)


def lacking(folder: Path) -> list[str]:
    """Those that are not here."""
    return [file for file in named(folder) if not os.path.exists(folder / file)]


def needed(folder: Path) -> list[str]:
    """Those that are not here and without which the network cannot be used."""
    return [file for file in lacking(folder) if not is_later(file)]


def is_later(file: str) -> bool:
    """Whether a network can be used before this file of it is here."""
    return PurePosixPath(file).match("snapshots/*.safetensors")


def rank(file: str) -> int:
    """When a file is put in its place, among those that come together."""
    return LAST.index(file) if file in LAST else -1


def _snapshots(folder: Path) -> dict[str, str]:
    """The snapshots that have files of their own: the last one is the network."""
    rows = _read(folder / LOG).get("snapshots")
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    found = {row.get("file"): row.get("sha256") for row in known if isinstance(row.get("file"), str)}
    return {f"snapshots/{file}": sha256 for file, sha256 in found.items() if "/" not in file and "\0" not in file}


def _read(path: Path) -> dict:
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
