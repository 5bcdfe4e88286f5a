"""Compression as a server function: the file of one x with what it costs, beside other tools."""

import base64
from collections.abc import Collection, Sequence
from typing import TypedDict

from torch import Tensor

from explorer import verdicts
from explorer.lessons.exercises import say
from explorer.measures.archivers import sizes
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Figure
from explorer.numbers.drawn import Bar, Bars
from explorer.numbers.words import percent
from explorer.questions import codefile
from explorer.questions.coding import Decoder, Encoder, frequencies
from explorer.questions.compress import compress, expand

FILE = Figure("file size", unit="bytes", digits=0)
PER_SYMBOL = Figure("its code, per symbol")
CODE = Figure("its code, without the header", unit="bits", digits=0)
IDEAL = Figure("−log₂ p(x)", unit="bits")
ABOVE = Figure("above −log₂ p(x)", unit="bits")
HEADS = (FINDING, FILE, PER_SYMBOL, CODE, IDEAL, ABOVE)


class Found(TypedDict):
    """A file with its sizes: `header` and `code` are its bytes.

    `bits` is what each symbol costs, and `total` the ideal length of the code in bits. In a code by bits back, `first`
    are the bits that it begins with, which are not in the total, and `latents` is the part of the total that the
    latents cost. Of each other tool, `others` has the title, the bytes of its file, and how many of them are its
    container.
    """

    file: str
    header: int
    code: int
    bits: list[float]
    total: float
    latents: float
    first: int
    others: list[tuple[str, int, int]]


CODER = [compress, expand, frequencies, Encoder.push, Encoder.code, Decoder.pop]
"""Functions that compress an x and read it back, besides the predictions of a family."""


def file_and_sizes(net: str, x: Tensor, label: int | None = None) -> Found:
    """Return the file of one x (1, *shape) by a network, the bits of each symbol, and the sizes by other tools."""
    file, found = codefile.write(net, x, label)
    others = sizes(checkpoints.load(net).space, x)
    return {
        "file": base64.b64encode(file.to_bytes()).decode("ascii"),
        "header": len(file.header),
        "code": len(file.code),
        "bits": [round(each, 3) for each in found.bits],
        "total": round(found.total, 3),
        "latents": round(found.latents, 3),
        "first": found.first,
        "others": [(each.title, each.file, each.container) for each in others],
    }


Sized = tuple[str, float, float, int]
"""Title of a file, the bytes of its code, of the bits that it begins with, and of its header."""


def others(found: Found) -> list[Sized]:
    """Return the files of the other tools."""
    return [(name, file - around, 0, around) for name, file, around in found["others"]]


def own(found: Found, title: str) -> Sized:
    """Return the file of the network of this title; its code without the bits that it begins with."""
    first = found["first"] / 8
    return title, found["code"] - first, first, found["header"]


def bars(found: Found, title: str) -> Bars:
    """Return the sizes of the file and of the other tools' files as bars, the largest first; the network is `title`."""
    rows = sorted([*others(found), own(found, title)], key=lambda row: -sum(row[1:]))
    return {"name": bars_name(rows), "rows": size_bars(rows, [title])}


def bars_name(rows: Sequence[Sized]) -> str:
    """Return the name of the bars of files."""
    back = any(first for _, _, first, _ in rows)
    return f"File size in bytes; faint: header{'; hatched: first bits' if back else ''}"


def size_bars(rows: Sequence[Sized], marked: Collection[str]) -> list[Bar]:
    """Return the bars of files, of which some titles are marked; each has its sum, and its parts on demand."""
    most = max(sum(parts) for _, *parts in rows)
    return [
        {
            "title": name,
            "text": f"{code + first + header:,.0f}",
            "says": " + ".join(f"{size:,.0f}" for size in (code, first, header) if size),
            "marked": name in marked,
            "share": code / most,
            "hatched": first / most,
            "pale": header / most,
        }
        for name, code, first, header in rows
    ]


def best_other(found: Found) -> tuple[int, str]:
    """Return the bytes of the shortest code of the other tools, and its tool."""
    return min((file - around, title) for title, file, around in found["others"])


def shorter_words(code: int, least: int, best: str) -> str:
    """Return whose code is shorter, the network's or the best of the other tools', as a sentence."""
    other = "the uncompressed data" if best == "uncompressed" else f"that of {best}"
    if code == least:
        return f"The network's code is as long as {other}."
    side = verdicts.sized(code - least, larger="longer", smaller="shorter")
    return f"The network's code is {percent(abs(1 - code / least))} {side} than {other}."


def compress_answer(net: str, x: Tensor, symbol: str, title: str, label: int | None = None) -> Answer:
    """Return the same with its `bars`, and a `report`: its numbers and its sentences.

    Shapes: `x` (1, *shape).
    """
    found = file_and_sizes(net, x, label)
    code, total, count = found["code"], found["total"], len(found["bits"])
    least, best = best_other(found)
    numbers = [
        FINDING.of(shorter_words(code, least, best)),
        FILE.of(code + found["header"]),
        PER_SYMBOL.of(say(8 * code / count, 2), f"bits/{symbol}"),
        CODE.of(8 * code),
        IDEAL.of(total),
        ABOVE.of(say(8 * code - total, 2)),
    ]
    rivals = (
        f"The other tools do not make it shorter than it is, {least:,} bytes"
        if best == "uncompressed"
        else f"The best of the other tools, {best}, needs {least:,}, without its header"
    )
    lucky = " Fewer bits suffice, as a shorter fraction happens to lie in the interval." if 8 * code < total else ""
    whole, plain = code + found["header"], next(file for name, file, _ in found["others"] if name == "uncompressed")
    lead = (
        f"The file has {whole:,} bytes, {percent(whole / plain)} of the uncompressed {plain:,}."
        if whole < plain
        else f"The file has {whole:,} bytes, more than the uncompressed {plain:,}: its header alone has "
        f"{found['header']:,}."
    )
    words = (
        f"{lead} −log₂ p is {total:,.2f} bits; the code has {code:,} bytes.{lucky} {rivals}. The network's own weights "
        "are not counted: the reader must have them."
    )
    return Answer(bars=bars(found, title), report=Answer(numbers, words), view={**found})
