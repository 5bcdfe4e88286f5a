"""*Compress*: one picture, text or sound, as a file by every network that has a p(x) for a coder."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from torch import Tensor

from explorer import data
from explorer.fields import Field, Kind, OneOf
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Figure, Table, Value
from explorer.numbers.rows import join_words
from explorer.numbers.words import num
from explorer.questions import bits_back, codefile, lossless
from explorer.questions import compress as compression
from explorer.questions.coding import Stack
from explorer.spaces import SOUND, TEXT, Space
from explorer.tabs.compare.coders import BESIDES, OTHERS, coder, coders
from explorer.tabs.compare.lossless import (
    BEST_OTHER,
    CODE_ALONE,
    HEADS,
    IDEAL,
    PER_SYMBOL,
    SHORTEST_FILE,
    scene_answer,
)
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.compressing import (
    CODER,
    Found,
    bars_name,
    best_other,
    file_and_sizes,
    others,
    own,
    size_bars,
)
from explorer.tabs.kit.ask.nets import Network, Networks, title_of
from explorer.tabs.kit.layout.fields import OF_PICTURE, DrawnOrTest, File, Parts, one_of_schema
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.sound import recordings as sound_recordings
from explorer.tabs.sound.compress import CODED
from explorer.tabs.sound.shared import DIGIT, SAID, SPEAKER
from explorer.tabs.text.compress import UNSEEN
from explorer.tabs.text.shared import WORDS, Words

CODED_KINDS = ("picture", "text", "sound")
OF = Field("of", OneOf(CODED_KINDS), "picture", "what is compressed")
TABLE_HEAD = ("network", "kind", "negative log2 p(x) or its bound, bits", "code, bits", "first bits", "header, bits")
NAMES = {
    "binary": "Black and white pixels",
    "levels": "256 grey levels",
    "text": "Characters",
    "wave": "Samples of sound",
}


@dataclass(frozen=True)
class Coder(Network):
    """Name of any network that is asked to compress, those of text and sound among them."""

    def check(self, value: Any, title: str) -> str:
        return value if value in BESIDES else super().check(value, title)

    def to_schema(self) -> dict[str, Any]:
        known = super().to_schema()
        return known | {"enum": [*known["enum"], *BESIDES]}


@dataclass(frozen=True)
class AnyX(Kind):
    """Text, spoken digit of a speaker, test image or drawing."""

    def check(self, value: Any, title: str) -> tuple:
        asked = value if isinstance(value, dict) else {}
        if "words" in asked:
            return "words", WORDS.check(asked["words"])
        if "digit" in asked:
            return "spoken", DIGIT.check(asked["digit"]), SPEAKER.check(asked.get("speaker"))
        return DrawnOrTest().check(value, title)

    def to_schema(self) -> dict[str, Any]:
        words = one_of_schema({"words": WORDS.to_schema()}, "words")
        spoken = one_of_schema({"digit": DIGIT.to_schema(), "speaker": SPEAKER.to_schema()}, "digit", "speaker")
        return {"oneOf": [words, spoken, *DrawnOrTest().to_schema()["oneOf"]]}


CoderNet = Annotated[str, Field("net", Coder(), title="the network")]
Chosen = Annotated[tuple, Field("x", AnyX())]
Of = Annotated[str, OF]
Digit = Annotated[int, DIGIT]
Speaker = Annotated[str, SPEAKER]
Chooses = Annotated[tuple | None, Field("picture", DrawnOrTest(), optional=True, parts=OF_PICTURE)]
Entry = Mapping[str, Any]
Files = Mapping[str, Found]
"""Files by the names of their networks."""


def read(chosen: tuple, space: Space) -> tuple[Tensor, int | None]:
    """Return what a visitor chose as an x (1, *shape) of a space, and the label that its network needs.

    Raises:
        ValueError: if it is of another kind than the space.
    """
    kind, *of = chosen
    if (kind == "words") != (space == TEXT) or (kind == "spoken") != (space == SOUND):
        raise ValueError("this network was trained on another kind of x: choose one that it knows")
    if kind == "words":
        return TEXT.codes(*of).unsqueeze(0), None
    if kind == "spoken":
        return sound_recordings.recording(*of)[:, :CODED], int(sound_recordings.label_of(*of))
    return data.read(chosen, space), None


def write(net: str, x: tuple) -> Found:
    """Return the file of an x by a network, the bits of each symbol, and the sizes by other tools."""
    model = checkpoints.load(net)
    compression.check_can(model)
    return file_and_sizes(net, *read(x, model.space))


file_of = functools.lru_cache(maxsize=200)(write)
"""The file of a network, which the answers about several networks repeat."""


@heavy
def compress(net: CoderNet, x: Chosen) -> Answer:
    """Return the file of an x by a network, with its sizes."""
    return Answer(view={**write(net, x)})


@heavy
def ask_compress(
    nets: Networks, parts: Parts, of: Of, picture: Chooses, words: Words, digit: Digit, speaker: Speaker
) -> Answer:
    """Return the files of an x by the first `parts` networks that can compress it, beside those of other tools.

    The answer says whether there are `more`, and why the other networks have no file. `file` is the shortest one.
    """
    x = {"text": ("words", words), "sound": ("spoken", digit, speaker)}.get(of, picture)
    if x is None:
        raise ValueError("choose a test image or draw one first")
    if of not in OTHERS and x[0] == "test" and x[2] == data.SCENES.name:
        return scene_answer(nets, parts, x)
    entries = coders()[of] if of in OTHERS else [coder(net, title_of(net)) for net in nets]
    able = [each for each in entries if each["can"]["compress"]]
    found = {each["net"]: file_of(each["net"], x) for each in able[:parts]}
    silent = [
        {key: each[key] for key in ("net", "title")}
        | {"words": each["error"] or f"cannot, because {each['cannot']['compress']}."}
        for each in entries
        if each not in able
    ]
    spaces = [*dict.fromkeys(each["space"] for each in able)]
    bests = [least(found, [each for each in able if each["space"] == space], "code") for space in spaces]
    shortest = least(found, [each for each in able if each["space"] == spaces[0]], "code", "header") if able else None
    rows = [row(each, found[each["net"]]) for each in able if each["net"] in found]
    view = {
        "groups": [
            group([each for each in able if each["space"] == space], found, NAMES[space] if len(spaces) > 1 else "")
            for space in spaces
        ],
        "silent": {"title": "Cannot", "rows": silent, "open": not able},
        "file": found[shortest["net"]]["file"] if shortest else None,
        "name": shortest and shortest["net"],
    }
    return Answer(
        shortest_figures(found[shortest["net"]] if shortest else None),
        (lead(shortest, found[shortest["net"]]) if shortest else "")
        + sentences_on([each for each in able if each["net"] in found], found, [each for each in bests if each]),
        Table(rows, TABLE_HEAD),
        more=parts < len(able),
        view=view,
    )


def least(found: Files, entries: Sequence[Entry], *parts: str) -> Entry | None:
    """Return the entry with the fewest bytes in these parts of its file; None before any file is there."""
    there = [each for each in entries if each["net"] in found]
    return min(there, key=lambda each: sum(found[each["net"]][part] for part in parts), default=None)


def group(entries: Sequence[Entry], found: Files, kind: str) -> dict[str, Any]:
    """Return the files of one kind of x as bars, those of the other tools first."""
    there = [each for each in entries if each["net"] in found]
    rows = [own(found[each["net"]], each["title"]) for each in there]
    if there:
        rows = [*others(found[there[0]["net"]]), *rows]
    waiting = [{"title": each["title"], "text": "waiting", "marked": True} for each in entries if each not in there]
    bars = size_bars(rows, [each["title"] for each in entries]) if rows else []
    by_title = {each["title"]: {"net": each["net"]} for each in entries}
    return {
        "name": f"{kind}: {bars_name(rows).lower()}" if kind else bars_name(rows),
        "rows": [bar | by_title.get(bar["title"], {}) for bar in [*bars, *waiting]],
    }


def shortest_figures(best: Found | None) -> list[Figure]:
    """Return the numbers of the shortest file; dashes before there is one."""
    if not best:
        return [each.unknown for each in HEADS]
    return [
        SHORTEST_FILE.of(best["code"] + best["header"]),
        CODE_ALONE.of(best["code"]),
        IDEAL.of(best["total"]),
        PER_SYMBOL.of(8 * best["code"] / len(best["bits"])),
        BEST_OTHER.of(best_other(best)[0]),
    ]


def lead(entry: Entry, answer: Found) -> str:
    """Return what is said of the shortest file; the number is that of its bar."""
    return f"{entry['title']} needs the fewest bytes, {answer['code']:,} of them code. "


def sentences_on(entries: Sequence[Entry], found: Files, bests: Sequence[Entry]) -> str:
    """Return what is said of the files: the shortest code of each kind of x, and what codes by bits back need."""
    if not bests:
        return ""
    parts = []
    for each in bests:
        answer = found[each["net"]]
        fewest, tool = best_other(answer)
        of = f" of {NAMES[each['space']].lower()}" if len(bests) > 1 else ""
        parts.append(
            f"{each['title']} writes the shortest code{of}, {num(answer['code'], 0)} bytes without the header. "
            f"Its −log₂ p(x) is {'at most ' if answer['first'] else ''}{num(answer['total'], 1)} bits. The best of the "
            f"other tools, {tool}, needs {num(fewest, 0)} without its header."
        )
    back = [(each["title"], found[each["net"]]) for each in entries if found[each["net"]]["first"]]
    if back:
        each = [f"{title} {num(of['code'] - of['first'] / 8, 0)} and {num(of['first'] / 8, 0)}" for title, of in back]
        parts.append(
            f"By bits back, a VAE needs the bytes of its bound and those of its first bits: {join_words(each)}. In a "
            "chain of pictures, only the first one pays for first bits."
        )
    parts.append("The weights of the networks are not counted: the reader must have them.")
    return " ".join(parts)


def row(entry: Entry, answer: Found) -> dict[str, Value]:
    """Return a network's row of the table."""
    rest = 8 * answer["code"] - answer["first"]
    return {
        "network": entry["net"],
        "kind": entry["can"]["compress"],
        "negative log2 p(x) or its bound, bits": answer["total"],
        "code, bits": rest,
        "first bits": answer["first"],
        "header, bits": 8 * answer["header"],
    }


@heavy
def decompress(file: File) -> Answer:
    """Return the x of a file: its levels or its text, the network that wrote it, and its kind.

    Raises:
        ValueError: if it is damaged, or its network is not here.
    """
    net = codefile.parse(file).net
    try:
        Coder().check(net, "the network")
    except ValueError:
        raise ValueError("this file was compressed by a network that is not here, or it is damaged") from None
    found, x = codefile.read(file, [net])
    space = checkpoints.load(net).space
    report = {"net": net, "length": found.length}
    if space == TEXT:
        return Answer(view=report | {"of": "text", "words": TEXT.text(x[0])})
    return Answer(view=report | {"of": "sound" if space == SOUND else "picture", "values": space.encode(x)})


OF_TITLES = {each: each for each in CODED_KINDS}
SAID_ONLY = {"of": ["sound"]}

MODE = Mode(
    "compress",
    "Compress",
    "test",
    entry="Likelihood",
    fields=[OF, WORDS, DIGIT, SPEAKER],
    functions=[compress, ask_compress, decompress],
    panel=Panel(
        ask_compress,
        controls=[
            [Control(OF, "segments", "Compressed", options=OF_TITLES)],
            [Control(WORDS, "text", "Your text, up to 500 characters", initial=UNSEEN, when={"of": ["text"]})],
            [Control(each.field, each.kind, each.label, options=each.options, when=SAID_ONLY) for each in SAID],
        ],
        tries=[
            ("A plain 1", {"data": "mnist", "img": 330}),
            ("A test scene", {"data": data.SCENES.name, "of": "picture", "img": 3}),
            ("A strange 2", {"data": "mnist", "img": 29}),
            ("Not Shakespeare", {"of": "text", "words": "The train to London leaves at seven from the second track."}),
            ("A hissing six", {"of": "sound", "digit": 6, "speaker": "lucas"}),
        ],
        shows=Shows("Every family compresses the same file", HEADS),
    ),
    code={
        "Compress": [
            write,
            lossless.code,
            lossless.pixels,
            *CODER,
            bits_back.compress,
            bits_back.posterior_masses,
            Stack.push,
        ]
    },
)
