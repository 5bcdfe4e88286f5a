"""Pictures on the buttons of presets: the middle of what each of them led to when it was recorded."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from explorer import data

FOLDER = data.BUNDLED / "presets"
PRESETS_SIDE = 96
"""Pixels of a picture's side; those of a tab stand below each other in one sheet."""

Preset = tuple[str, str, dict[str, Any]]
"""The mode, the label and the state that it sets."""


def sheet(tab: str) -> Path:
    """Return the path of a tab's sheet."""
    return FOLDER / f"{tab}.webp"


def index(tab: str) -> Path:
    """Return the path of the list of what a tab's sheet shows."""
    return FOLDER / f"{tab}.json"


def recorded_pictures(tab: str) -> list[dict[str, Any]]:
    """Return for each picture of a tab's sheet its `mode`, `label` and `state`, and whether its ground is `light`."""
    path = index(tab)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def to_props(tab: str, declared: Iterable[Preset]) -> dict[str, Any]:
    """Return the place in the sheet and the ground of each picture by mode and label; a changed preset has none."""
    places = {key_of(each): (place, each["light"]) for place, each in enumerate(recorded_pictures(tab))}
    pictures: dict[str, dict[str, Any]] = {}
    for preset in declared:
        if (known := places.get(key(*preset))) is not None:
            mode, label, _ = preset
            pictures.setdefault(mode, {})[label] = known
    return {"sheet": f"explorer/bundled/{FOLDER.name}/{sheet(tab).name}", "pictures": pictures}


def key_of(picture: dict[str, Any]) -> str:
    """Return the preset that a picture is of as one text."""
    return key(picture["mode"], picture["label"], picture["state"])


def key(mode: str, label: str, state: dict[str, Any]) -> str:
    """Return a preset as one text."""
    return json.dumps([mode, label, state], sort_keys=True)
