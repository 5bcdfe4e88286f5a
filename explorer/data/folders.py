"""Folders of images by class: which are classes, which files are images, and what is passed over."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif")
ENDINGS += (".apng", ".jfif", ".jp2", ".pbm", ".pgm", ".ppm", ".pnm", ".pfm", ".tga", ".pcx", ".qoi", ".sgi", ".ico")
SYSTEM_FILES = ("thumbs.db", "desktop.ini")
SYSTEM_FOLDERS = ("__macosx",)


def natural(path: Path) -> tuple[list[str | int], str]:
    """Return the key of the natural order, in which 2 comes before 10."""
    parts = re.split(r"([0-9]+)", path.name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], path.name


def classes(folder: Path) -> list[Path]:
    """Return the folders of the classes in natural order."""
    return sorted((each for each in folder.iterdir() if each.is_dir() and not _is_systems(each)), key=natural)


def images(folder: Path) -> list[Path]:
    """Return the image files of a class in natural order."""
    return sorted((each for each in folder.iterdir() if _is_image(each)), key=natural)


def passed_over(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Count what is not read of a part: the visitor's own files by their ending, and those of operating systems."""
    own, systems = Counter(), Counter()
    for path in _others(folder):
        if _is_systems(path):
            systems["._…" if path.name.startswith("._") else path.name] += 1
        else:
            own[path.suffix.lower() or "no ending"] += 1
    return own, systems


def _others(folder: Path) -> Iterator[Path]:
    """Yield what is not read: files beside the classes, and whatever is no image in them."""
    for path in folder.iterdir():
        if not path.is_dir() or _is_systems(path):
            yield path
        else:
            yield from (each for each in path.iterdir() if not _is_image(each))


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not _is_systems(path) and path.is_file()


def _is_systems(path: Path) -> bool:
    name = path.name.lower()
    return name.startswith(".") or name in SYSTEM_FILES + SYSTEM_FOLDERS
