"""Compressed files of a visitor's own text: only the network that learned it here reads them back."""

import hashlib
import zlib
from dataclasses import replace

from torch import Tensor

from explorer.questions import codefile
from explorer.questions.codefile import CodeFile
from explorer.questions.compress import expand
from explorer.questions.learn_text import Learned
from explorer.spaces.alphabet import Alphabet

OWN_CODER, OWN_SPACE = "own-continued", "own"
OTHER_TRAINING = "this file was compressed by a network that is no longer here: training again gives other weights"


def weights_of(learned: Learned) -> bytes:
    """Return the beginning of the sha256 of the kept weights of the continued transformer."""
    digest = hashlib.sha256()
    for name, each in sorted(learned.weights["continued"].items()):
        digest.update(name.encode())
        digest.update(each.contiguous().numpy().tobytes())
    return digest.digest()[: codefile.HASHED]


def checksum(file: CodeFile, text: str) -> int:
    """Return the checksum of a header and a text."""
    return zlib.crc32(replace(file, check=0).header + text.encode())


def write(learned: Learned, text: str, code: bytes) -> bytes:
    """Return the file of a text that the continued transformer has compressed."""
    file = CodeFile(OWN_CODER, OWN_SPACE, weights_of(learned), None, len(text), 0, code)
    return replace(file, check=checksum(file, text)).to_bytes()


def read(learned: Learned, space: Alphabet, raw: bytes, longest: int) -> str:
    """Return the text of a file, of at most `longest` characters.

    Raises:
        ValueError: if it is damaged, or belongs to another network; the message says so.
    """
    file = codefile.parse(raw)
    if (file.net, file.space) != (OWN_CODER, OWN_SPACE):
        raise ValueError("this file was compressed by another network than that of your own text")
    if file.weights != weights_of(learned):
        raise ValueError(OTHER_TRAINING)
    if file.label is not None or not 0 < file.length <= longest:
        raise ValueError("this file is damaged: its header does not fit its network")
    try:
        x: Tensor = expand(learned.transformer("continued", space), file.code, file.length)
    except ValueError as error:
        raise ValueError(f"this file is damaged: {error}") from error
    text = space.text(x[0])
    if checksum(file, text) != file.check:
        raise ValueError("this file is damaged: what comes out has another checksum")
    return text
