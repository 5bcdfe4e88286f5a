"""Compression as a server function: the file of one x with what it costs, beside other tools."""

import base64

from torch import Tensor

from explorer import checkpoints, codefile
from explorer.coding import Decoder, Encoder, frequencies
from explorer.measures.archivers import sizes
from explorer.questions.compress import compress, expand
from explorer.tabs.kit.exercises import say
from explorer.tabs.kit.words import headed

HEADS = ("the code", "the file, with its header", "the code alone", "−log₂ p(x)", "above −log₂ p(x)")
CODER = [compress, expand, frequencies, Encoder.push, Encoder.code, Decoder.pop]
"""Functions that compress an x and read it back, besides the predictions of a family."""


def compressed(net: str, x: Tensor, label: int | None = None) -> dict:
    """Return the file of one x (1, *shape) by a network, the bits of each symbol, and the sizes by other tools.

    `header` and `code` are bytes of the file. `total` is the ideal length of the code in bits. In a code by bits back,
    `first` are the bits that it begins with, which are not in the total, and `latents` is the part of the total that
    the latents cost. Of each other tool, `others` has the title, the bytes of its file, and how many of them are its
    container.
    """
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
        "others": [[each.title, each.file, each.container] for each in others],
    }


def bars(found: dict, title: str) -> dict:
    """Return the sizes of the file and of the other tools' files as bars; the network's title is `title`."""
    first = found["first"] / 8
    rows = [(name, file - around, 0, around) for name, file, around in found["others"]]
    rows.append((title, found["code"] - first, first, found["header"]))
    most = max(sum(parts) for _, *parts in rows)
    shown = []
    for name, *parts in rows:
        own = name == title
        texts = [f"{size:,.0f}" for size in parts if size] if own else [f"{sum(parts):,.0f}"]
        share, hatched, pale = (size / most for size in parts)
        widths = {"share": share, "hatched": hatched, "pale": pale}
        shown.append({"title": name, "text": " + ".join(texts), "marked": own} | widths)
    return {"name": f"Bytes{', hatched its first bits' if first else ''}; pale: the header", "rows": shown}


def told(net: str, x: Tensor, symbol: str, title: str, label: int | None = None) -> dict:
    """Return the same with its `bars`, and what is `told` of it: its numbers, by their `HEADS`, and its sentences."""
    found = compressed(net, x, label)
    code, total, count = found["code"], found["total"], len(found["bits"])
    figures = (
        (say(8 * code / count, 2), f"bits/{symbol}"),
        (f"{code + found['header']:,}", "bytes"),
        (f"{8 * code:,}", "bits"),
        (say(total, 2), "bits"),
        (say(8 * code - total, 2), "bits"),
    )
    least, best = min((size - around, title) for title, size, around in found["others"])
    others = (
        f"The other tools do not make it shorter than it is, {least:,} bytes"
        if best == "uncompressed"
        else f"The best of the other tools, {best}, needs {least:,}, without its header"
    )
    numbers = headed(HEADS, figures)
    words = (
        f"−log₂ p is {say(total, 2)} bits; the code has {code:,} bytes. {others}. The network's own weights are not "
        "counted: the reader must have them."
    )
    return found | {"bars": bars(found, title), "told": {"numbers": numbers, "words": words}}
