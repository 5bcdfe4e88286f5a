"""*Compress* for scenes: tokens by a network's probabilities and a coded residual, beside PNG and WebP."""

import functools
from collections.abc import Sequence

from explorer import data, verdicts
from explorer.measures.archivers import sizes
from explorer.models.model import Model
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.drawn import Bar
from explorer.numbers.words import num
from explorer.questions import lossless
from explorer.spaces import COLOUR
from explorer.tabs.kit.ask.nets import UNTRAINED, is_untrained, title_of
from explorer.tabs.kit.ask.readings import word_ids, words_of
from explorer.tabs.kit.layout.fields import Image

SHORTEST_FILE = Figure("the shortest file of a network", unit="bytes", digits=0)
CODE_ALONE = Figure("its code alone", unit="bytes", digits=0)
IDEAL = Figure("−log₂ p(x), or its bound", unit="bits", digits=1)
PER_SYMBOL = Figure("code, a symbol", unit="bits", digits=3)
BEST_OTHER = Figure("code of the best other tool", unit="bytes", digits=0)
HEADS = (SHORTEST_FILE, CODE_ALONE, IDEAL, PER_SYMBOL, BEST_OTHER)
SCENE_COLUMNS = ("file", "bytes", "bits of words", "bits of tokens", "bits of residual", "read back")
NO_NETWORK = "the residual coder alone"
SCENE_BARS = "File size in bytes; of a network solid: tokens, hatched: residual; faint: words and header"
Files = dict[str, lossless.Lossless]
"""Codes by their titles."""
Others = dict[str, tuple[int, int]]
"""Bytes of files, and how many of them are the container, by the title of the tool."""


@functools.lru_cache(maxsize=200)
def files_of(net: str, picture: Image) -> dict[str, lossless.Lossless]:
    """Return the codes of a scene by a network, with the scene's words and without any, by the words for that."""
    model, x = checkpoints.load(net), data.read(picture, COLOUR)
    ids = word_ids(model, words_of(picture))
    return {"given the words": lossless.code(model, x, ids), "without words": lossless.code(model, x, None)}


@functools.lru_cache(maxsize=200)
def others_of(picture: Image) -> dict[str, tuple[int, int]]:
    """Return the bytes of a scene as files of other tools, and by the residual coder alone, with their containers."""
    x = data.read(picture, COLOUR)
    alone = {NO_NETWORK: (lossless.without_codes(x), lossless.LOSSLESS_HEADER)}
    return {each.title: (each.file, each.container) for each in sizes(COLOUR, x)} | alone


def scene_answer(nets: Sequence[str], parts: int, picture: Image) -> Answer:
    """Return the files of a scene by the first `parts` networks that can compress it, beside those of other tools."""
    models = {net: checkpoints.load(net) for net in nets if not is_untrained(net)}
    able = [net for net, model in models.items() if lossless.can(model)]
    found = {f"{title_of(net)}, {how}": each for net in able[:parts] for how, each in files_of(net, picture).items()}
    rest = others_of(picture)
    silent = [
        {"net": net, "title": title_of(net), "words": f"{reason(models.get(net))}."} for net in nets if net not in able
    ]
    rows = [row(title, each) for title, each in found.items()]
    rows += [dict.fromkeys(SCENE_COLUMNS) | {"file": title, "bytes": size} for title, (size, _) in rest.items()]
    return Answer(
        figures(found, rest),
        sentences(found, rest),
        Table(rows, [*SCENE_COLUMNS]),
        more=parts < len(able),
        view={
            "groups": [{"name": SCENE_BARS, "rows": bars(found, rest), "note": ""}],
            "silent": {"title": "Cannot", "rows": silent, "open": not able},
            "file": None,
            "name": None,
        },
    )


def reason(model: Model | None) -> str:
    """Return why a network has no file."""
    return UNTRAINED if model is None else f"cannot, because {model.cannot['compress']}"


def shortest(found: Files) -> str | None:
    """Return the title of the shortest file of a network; None before any is there."""
    return min(found, key=lambda title: found[title].size, default=None)


def figures(found: Files, rest: Others) -> list[Figure]:
    """Return the numbers of the shortest file; dashes before there is one.

    Bits of tokens and residual are a bound on −log₂ p(x): other tokens would lead to the same scene, too.
    """
    best = shortest(found)
    if best is None:
        return [each.unknown for each in HEADS]
    file, code = found[best], found[best].size - lossless.LOSSLESS_HEADER
    return [
        SHORTEST_FILE.of(file.size),
        CODE_ALONE.of(code),
        IDEAL.of(file.codes + file.pixels),
        PER_SYMBOL.of(8 * code / COLOUR.dim),
        BEST_OTHER.of(min(size - container for size, container in rest.values())),
    ]


def sentences(found: Files, rest: Others) -> str:
    """Return what is said of the files: the shortest, whether it was read back, and what the words save."""
    best = shortest(found)
    if best is None:
        return ""
    file, least = found[best], min(rest, key=lambda title: rest[title])
    size = rest[least][0]
    side = verdicts.sized(file.size - size, larger="more than", smaller="fewer than", tie="as many as")
    exact = all(each.is_exact for each in found.values())
    back = "Both were decoded again, and every value is right." if exact else "One was not decoded rightly."
    given, plain = list(found.values())[:2]
    saved = plain.codes - given.codes
    helps = verdicts.sized(saved, larger="save", smaller="cost", tie="save")
    return (
        f"{best}, the file has {file.size:,} bytes, {side} {least} with {size:,}. {back} "
        f"It has {num(file.codes, 0)} bits of tokens and {num(file.pixels, 0)} of the residual. The words {helps} "
        f"{num(abs(saved), 1)} bits of the tokens, and take {num(given.words, 1)} bits themselves. The weights of the "
        "networks are not counted."
    )


def bars(found: Files, rest: Others) -> list[Bar]:
    """Return the files as bars, the largest first."""
    sizes_of = {title: size for title, (size, _) in rest.items()} | {title: each.size for title, each in found.items()}
    most = max(sizes_of.values())
    own: list[Bar] = [
        {
            "title": title,
            "text": f"{each.size:,}",
            "says": f"{num(each.codes, 0)} bits of tokens, {num(each.pixels, 0)} of the residual, the rest words and "
            "header",
            "marked": True,
            "share": each.codes / 8 / most,
            "hatched": each.pixels / 8 / most,
            "pale": (each.words + each.overhead) / 8 / most,
        }
        for title, each in found.items()
    ]
    other: list[Bar] = [
        {
            "title": title,
            "text": f"{size:,}",
            "says": f"{size - container:,} + {container}",
            "share": (size - container) / most,
            "pale": container / most,
        }
        for title, (size, container) in rest.items()
    ]
    return sorted([*own, *other], key=lambda each: -sizes_of[each["title"]])


def row(title: str, file: lossless.Lossless) -> dict[str, str | float]:
    """Return a file's row of the table."""
    values = (title, file.size, file.words, file.codes, file.pixels, "all values right" if file.is_exact else "wrong")
    return dict(zip(SCENE_COLUMNS, values, strict=True))
