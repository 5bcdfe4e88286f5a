"""A masked kernel whose weights are switched by hand: what each cell is, where the kernel lies, and what leaks."""

from collections.abc import Sequence
from typing import Any

import torch

from explorer.models.masks import kernel_mask
from explorer.models.raster import SIDE
from explorer.numbers.answer import FINDING, Answer, Figure, Table
from explorer.numbers.words import place_of
from explorer.spaces.packing import pack_bits

KEPT = Figure("weights kept", digits=0)
LEAKS = ("itself", "future")
SIGNS = {"kept": "1", "off": "0", "missing": "0"}
MEANINGS = {
    "kept": "kept",
    "off": "masked",
    "missing": "switched off, though it may be kept",
    "itself": "kept, and it is the pixel itself",
    "future": "kept, and it comes later",
}
COPYING = (
    "A first layer that sees the pixel copies it: in training −log p falls towards 0, and drawing has nothing to copy "
    "from."
)


def one_kernel(size: int, mask: str, taps: Sequence[int], pixel: int) -> Answer:
    """Return a masked kernel with the cells that were switched by hand, laid on an image, and what leaks."""
    kinds = kinds_of(size, mask, taps)
    half = size // 2
    offsets = [(cell // size - half, cell % size - half) for cell in range(size * size)]
    veil, marks = torch.zeros(SIDE, SIDE, dtype=torch.bool), torch.zeros(SIDE, SIDE, dtype=torch.bool)
    outside = 0
    for kind, (down, right) in zip(kinds, offsets, strict=True):
        row, column = pixel // SIDE + down, pixel % SIDE + right
        if kind in ("off", "missing"):
            continue
        if not (0 <= row < SIDE and 0 <= column < SIDE):
            outside += 1
        else:
            (marks if kind in LEAKS else veil)[row, column] = True
    beyond = (
        f" {outside} of its cells {'lies' if outside == 1 else 'lie'} outside the image and read 0." if outside else ""
    )
    kept = [int(kind == "kept" or kind in LEAKS) for kind in kinds]
    return Answer(
        [FINDING.of(leak_finding(kinds)), KEPT.of(sum(kept), f"of {size * size}")],
        leak_words(kinds, mask),
        Table(
            [
                {"row_offset": down, "column_offset": right, "kept": each, "meaning": kind}
                for (down, right), each, kind in zip(offsets, kept, kinds, strict=True)
            ]
        ),
        matrix={
            "head": [""] * size,
            "rows": [
                {
                    "name": "",
                    "cells": [
                        switch(cell, kinds[cell], taps, *offsets[cell]) for cell in range(row * size, row * size + size)
                    ],
                }
                for row in range(size)
            ],
            "legend": "Click or tap a cell: 1 kept, 0 masked, × leaks.",
        },
        view={
            "board": {
                "veil": pack_bits(veil),
                "marks": pack_bits(marks),
                "words": f"centre at {place_of(pixel, SIDE)}",
            },
            "caption": beyond.strip(),
            "links": [["As the mask requires", {"taps": []}]] if taps else [],
        },
    )


def kinds_of(size: int, mask: str, taps: Sequence[int]) -> list[str]:
    """Return what each cell is: "kept" or "off" as the mask has it, "missing", or what leaks, "itself" or "future"."""
    wanted, centre = kernel_mask(size, mask).flatten().tolist(), size * size // 2
    leaks = ["itself" if cell == centre else "future" for cell in range(size * size)]
    return [
        ("missing" if kept else leak) if cell in taps else ("kept" if kept else "off")
        for cell, (kept, leak) in enumerate(zip(wanted, leaks, strict=True))
    ]


def switch(cell: int, kind: str, taps: Sequence[int], down: int, right: int) -> dict[str, Any]:
    """Return a cell of the kernel, with the state in which it is switched."""
    after = sorted({*taps} ^ {cell})
    parts = [
        f"{abs(down)} {'up' if down < 0 else 'down'}" if down else "",
        f"{abs(right)} {'left' if right < 0 else 'right'}" if right else "",
    ]
    where = ", ".join(filter(None, parts))
    return {
        "text": SIGNS.get(kind, "×"),
        "kind": kind if where else f"{kind} centre",
        "says": f"{where or 'centre'}: {MEANINGS[kind]}",
        "sets": {"taps": after},
    }


def leak_finding(kinds: Sequence[str]) -> str:
    """Return whether anything leaks through these weights, as a sentence."""
    if "itself" in kinds:
        return "It leaks: the prediction sees its own pixel."
    return "It leaks: the prediction sees later pixels." if "future" in kinds else "Nothing leaks."


def leak_words(kinds: Sequence[str], mask: str) -> str:
    """Return what the output of a layer with these weights would know."""
    kept, missing, future, itself = (kinds.count(kind) for kind in ("kept", "missing", "future", "itself"))
    later = "one pixel that comes later" if future == 1 else f"{future} pixels that come later"
    if itself:
        return f"It sees its own pixel{f', and {later}' if future else ''}. {COPYING}"
    if future:
        return (
            f"It sees {later}: training could use what drawing does not have yet, so log p would no longer be a sum of "
            "conditionals."
        )
    off = "1 weight that it may keep is" if missing == 1 else f"{missing} weights that it may keep are"
    fewer = f" {off} off: nothing leaks, but the prediction has less information." if missing else ""
    if mask == "A":
        return (
            f"The {kept} weights lie before the pixel, and its own value is masked. That is needed in "
            f"the first layer, which reads the pixels themselves.{fewer}"
        )
    return (
        f"The {kept} weights lie before the pixel or on it. Its own place is safe here, as what a "
        f"layer above the first finds there was computed without the pixel.{fewer}"
    )
