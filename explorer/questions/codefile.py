"""Files that hold one x, compressed by a network: text, image or sound, to be read back bit for bit.

| bytes | content |
| --- | --- |
| 4 | "EXPL" |
| 1 | version of this format |
| 8 | beginning of the sha256 of the network's weights |
| 2, 2 | label, 65,535 for none; number of symbols |
| 4 | checksum (CRC-32) of everything else in the header, and of the symbols |
| 1, 1 | lengths of the two names |
| … | name of the network, name of the space |
| … | code of the symbols, to the end |

Nothing in a file is trusted. What does not fit is refused with a sentence.
"""

import struct
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from explorer.models.model import discrete
from explorer.networks import checkpoints
from explorer.questions.compress import Compressed, compress, expand

MAGIC, VERSION = b"EXPL", 1
LARGEST_FILE = 8_000
"""Bytes of the largest file that is read; its base64 fits into a question to the server."""
ANY = 0xFFFF  # label of no class
HASHED = 8  # bytes
HEADER = struct.Struct(f">4sB{HASHED}sHHIBB")


@dataclass(frozen=True)
class CodeFile:
    """Content of a file; `check` is its checksum."""

    net: str
    space: str
    weights: bytes
    label: int | None
    length: int
    check: int
    code: bytes

    @property
    def header(self) -> bytes:
        """Everything before the code."""
        net, space = self.net.encode("ascii"), self.space.encode("ascii")
        label = ANY if self.label is None else self.label
        fixed = (MAGIC, VERSION, self.weights, label, self.length, self.check, len(net), len(space))
        return HEADER.pack(*fixed) + net + space

    def to_bytes(self) -> bytes:
        """Return the file."""
        return self.header + self.code

    def checksum(self, symbols: Sequence[int]) -> int:
        """Return the checksum that belongs to these symbols."""
        return zlib.crc32(replace(self, check=0).header + bytes(symbols))


def parse(raw: bytes) -> CodeFile:
    """Return the content of a file.

    Raises:
        ValueError: if it has another format; the message says so.
    """
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"this file has {len(raw):,} bytes; the largest that can be opened has {LARGEST_FILE:,}")
    if raw[: len(MAGIC)] != MAGIC or len(raw) < HEADER.size:
        raise ValueError("this file was not compressed here, or it is cut short")
    _, version, weights, label, length, check, first, second = HEADER.unpack_from(raw)
    if version != VERSION:
        raise ValueError(f"this file has version {version} of the format, and only version {VERSION} is known")
    names = raw[HEADER.size : HEADER.size + first + second]
    if len(names) < first + second or not names.isascii():
        raise ValueError("this file is damaged: it does not name its network")
    net, space = names[:first].decode(), names[first:].decode()
    code = raw[HEADER.size + first + second :]
    return CodeFile(net, space, weights, None if label == ANY else label, length, check, code)


def write(net: str, x: Tensor, label: int | None = None) -> tuple[CodeFile, Compressed]:
    """Compress one x (1, *shape) by a network; return the file and what its symbols cost.

    Raises:
        ValueError: if the network cannot compress it, or the file would be too long to be opened.
    """
    model = checkpoints.load(net)
    found = compress(model, x, label)
    symbols = discrete(model).symbols(x)
    file = CodeFile(net, model.space.name, weights_of(net), label, len(symbols), 0, found.code)
    file = replace(file, check=file.checksum(symbols))
    if len(file.to_bytes()) > LARGEST_FILE:
        raise ValueError(f"the file would be longer than {LARGEST_FILE:,} bytes: this network finds it too improbable")
    return file, found


def read(raw: bytes, nets: Collection[str]) -> tuple[CodeFile, Tensor]:
    """Decode a file that one of these networks has compressed; return its content and x (1, *shape).

    Raises:
        ValueError: if it is damaged, or belongs to something else; the message says so.
    """
    file = parse(raw)
    if file.net not in nets:
        known = ", ".join(nets)
        raise ValueError(f"this file was compressed by another network than {known}: it cannot be opened here")
    model = checkpoints.load(file.net)
    if file.weights != weights_of(file.net):
        raise ValueError(f"this file was compressed by {file.net} with other weights, or it is damaged")
    if file.space != model.space.name or not _fits(file.label, getattr(model, "classes", 0)):
        raise ValueError("this file is damaged: its header does not fit its network")
    try:
        x = expand(model, file.code, file.length, file.label)
    except ValueError as error:
        raise ValueError(f"this file is damaged: {error}") from error
    if file.checksum(discrete(model).symbols(x)) != file.check:
        raise ValueError(
            "this file is damaged, or another processor has written it: what comes out has another checksum"
        )
    return file, x


def weights_of(net: str) -> bytes:
    """Return the beginning of the sha256 of a network's weights, as its card gives it."""
    return bytes.fromhex(checkpoints.card_of(net)["sha256"])[:HASHED]


def _fits(label: int | None, classes: int) -> bool:
    return label is None or label < classes
