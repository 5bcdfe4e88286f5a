"""Files of a checkpoint, as named by those that are here, and the sha256 of those that have one.

A card names the weights and the atlas; a log names the snapshots. A network can be used without its snapshots: they are
`later`. An unreadable card or log names nothing; the code that needs it reports the error.
"""

import os
from pathlib import Path, PurePosixPath

from explorer.running import received

WEIGHTS, LOG = "model.safetensors", "snapshots/log.json"
LAST = (WEIGHTS, "card.json", "config.json")  # moved into place after all files that belong to them


def file_digests(folder: Path) -> dict[str, str | None]:
    """Return the files of a checkpoint by their paths in its folder, each with its sha256 or None."""
    card = _read(folder / "card.json")
    files = dict.fromkeys(("config.json", "card.json"))
    if isinstance(card.get("sha256"), str):
        files[WEIGHTS] = card["sha256"]
    if "atlas" in card:
        files["atlas.safetensors"] = None
    return files | _snapshots(folder)


def lacking(folder: Path) -> list[str]:
    """Return the files that are missing."""
    return [file for file in file_digests(folder) if not os.path.exists(folder / file)]


def missing_required(folder: Path) -> list[str]:
    """Return the missing files without which the network cannot be used."""
    return [file for file in lacking(folder) if not is_later(file)]


def is_later(file: str | PurePosixPath) -> bool:
    """True if the network can be used before this file is here."""
    return PurePosixPath(file).match("snapshots/*.safetensors")


def rank(file: str) -> int:
    """Return the position of a file in the order in which files are moved into place."""
    return LAST.index(file) if file in LAST else -1


def _snapshots(folder: Path) -> dict[str, str]:
    """Return the snapshots that have their own files, with their sha256."""
    rows = _read(folder / LOG).get("snapshots")
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    found = {row.get("file"): row.get("sha256") for row in known if isinstance(row.get("file"), str)}
    return {f"snapshots/{file}": sha256 for file, sha256 in found.items() if "/" not in file and "\0" not in file}


def _read(path: Path) -> dict:
    try:
        found = received.read_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
