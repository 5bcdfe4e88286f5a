"""Zips of networks from strangers, such as *Share*, *Download* writes them: read in memory, and never unpacked to disk.

Only files of a network are accepted, by their exact names, so no path leads anywhere. Their number and their sizes are
bounded before anything is decompressed, and decompression ends at the size that the zip declares.
"""

import io
import zipfile
import zlib

from explorer.networks.opened import Files, OpenError
from explorer.networks.shared import CODES_FOLDER

RECIPE, WEIGHTS, CARD_JSON = "config.json", "model.safetensors", "card.json"
ZIP_TEXT_BYTES, ZIP_TENSOR_BYTES = 1_000_000, 24_000_000
ZIP_LIMITS = {
    RECIPE: ZIP_TEXT_BYTES,
    CARD_JSON: ZIP_TEXT_BYTES,
    WEIGHTS: ZIP_TENSOR_BYTES,
    "atlas.safetensors": ZIP_TENSOR_BYTES,
    **dict.fromkeys(("README.md", "draw.py", "points.csv"), ZIP_TEXT_BYTES),
    **dict.fromkeys((f"{CODES_FOLDER}/{RECIPE}", f"{CODES_FOLDER}/{CARD_JSON}"), ZIP_TEXT_BYTES),
    f"{CODES_FOLDER}/{WEIGHTS}": ZIP_TENSOR_BYTES,
}
"""Files of a network's zip, each with its largest size in bytes."""
ZIP_ENTRIES, DIRECTORY_BYTES = len(ZIP_LIMITS), 4_096
ZIP_END, ZIP_END_BYTES = b"PK\x05\x06", 22
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
NO_ZIP = "This file is no zip, or it is cut short."


def files_of(raw: bytes) -> Files:
    """Return the files of a network in a zip.

    Raises:
        OpenError: if it is no such zip; the message names what is wrong.
    """
    found = read(raw)
    for name in (RECIPE, WEIGHTS):
        if name not in found:
            raise OpenError(f"This zip lacks {name}.")
    return Files(found[RECIPE], found[WEIGHTS], found.get(CARD_JSON))


def read(raw: bytes) -> dict[str, bytes]:
    """Return recipe, weights and card of a zip, by their names; the other files of a network are left unread.

    Raises:
        OpenError: if it is no such zip; the message names what is wrong.
    """
    check_end(raw)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            check_entries(entries)
            return {
                each.filename: unpacked(archive, each)
                for each in entries
                if each.filename in (RECIPE, WEIGHTS, CARD_JSON)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, OpenError):
            raise
        raise OpenError(f"This zip is damaged ({error!s:.120}).") from error


def check_end(raw: bytes) -> None:
    """Check the record at the end of a zip, which counts its files, before its directory is read.

    Raises:
        OpenError: if there is none, or it counts more than a network has.
    """
    end = raw[-ZIP_END_BYTES:]
    if len(end) < ZIP_END_BYTES or not end.startswith(ZIP_END) or end[20:] != b"\0\0":
        raise OpenError(NO_ZIP)
    count, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count > ZIP_ENTRIES or size > DIRECTORY_BYTES:
        raise OpenError(f"This zip holds {count:,} files, and a network has at most {ZIP_ENTRIES}.")


def check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Check names and declared sizes of a zip's files.

    Raises:
        OpenError: if one is no file of a network, stands twice, or is too large.
    """
    seen = set()
    for each in entries:
        name = each.filename
        if name not in ZIP_LIMITS:
            raise OpenError(f"This zip holds “{name:.60}”, which is no file of a network.")
        if name in seen:
            raise OpenError(f"This zip holds {name} twice.")
        seen.add(name)
        if each.flag_bits & 1 or each.compress_type not in ZIP_METHODS:
            raise OpenError(f"{name} in this zip is encrypted, or compressed by an unknown method.")
        if each.file_size > ZIP_LIMITS[name]:
            size, most = each.file_size / 1e6, ZIP_LIMITS[name] / 1e6
            raise OpenError(f"{name} in this zip unpacks to {size:,.0f} MB, and at most {most:,.0f} are read.")


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a file, never more than it declares.

    Raises:
        OpenError: if it is longer or shorter.
    """
    with archive.open(entry) as file:
        found = file.read(entry.file_size + 1)
    if len(found) != entry.file_size:
        raise OpenError(f"{entry.filename} in this zip has another size than it declares.")
    return found
