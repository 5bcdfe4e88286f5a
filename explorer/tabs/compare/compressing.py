"""Compress: one picture, text or sound, as a file by every network that has a p(x) for a coder."""

from dataclasses import dataclass
from typing import Annotated, Any

from torch import Tensor

from explorer import checkpoints, codefile, data
from explorer.fields import Field, Kind
from explorer.questions import compress as compression
from explorer.spaces import SOUND, TEXT, Space
from explorer.tabs.compare.fields import OF
from explorer.tabs.kit.answers import heavy
from explorer.tabs.kit.compressing import compressed
from explorer.tabs.kit.fields import DrawnOrTest, File
from explorer.tabs.kit.nets import Network
from explorer.tabs.kit.panel import Control, Panel
from explorer.tabs.sound import recordings
from explorer.tabs.sound.fields import CODED, DIGIT, SPEAKER
from explorer.tabs.sound.panels import SAID
from explorer.tabs.text.fields import DIFFUSION, NETS, WORDS

OTHERS = {"text": NETS | {DIFFUSION: "Masked diffusion"}, "sound": {recordings.NET: "WaveNet"}}
"""Networks of the x that are no pictures, with their titles, by their tabs."""
BESIDES = [net for nets in OTHERS.values() for net in nets]


@dataclass(frozen=True)
class Coder(Network):
    """Name of any network that is asked to compress, those of text and sound among them."""

    def check(self, value: Any, title: str) -> str:
        return value if value in BESIDES else super().check(value, title)


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


Net = Annotated[str, Field("net", Coder(), title="the network")]
Chosen = Annotated[tuple, Field("x", AnyX())]


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
        return recordings.recording(*of)[:, :CODED], int(recordings.label_of(*of))
    return data.read(chosen, space), None


@heavy
def compress(net: Net, x: Chosen) -> dict:
    """Return the file of an x by a network, the bits of each symbol, and the sizes by other tools."""
    model = checkpoints.load(net)
    compression.check_can(model)
    return compressed(net, *read(x, model.space))


@heavy
def decompress(file: File) -> dict:
    """Return the x of a file: its levels or its text, the network that wrote it, and its kind.

    Raises:
        ValueError: if it is damaged, or its network is not here.
    """
    net = codefile.parsed(file).net
    try:
        Coder().check(net, "the network")
    except ValueError:
        raise ValueError("this file was compressed by a network that is not here, or it is damaged") from None
    found, x = codefile.read(file, [net])
    space = checkpoints.load(net).space
    told = {"net": net, "length": found.length}
    if space == TEXT:
        return told | {"of": "text", "words": TEXT.text(x[0])}
    return told | {"of": "sound" if space == SOUND else "picture", "values": space.encode(x)}


def coders() -> dict[str, list[dict[str, Any]]]:
    """Return, for text and for sound, what the page needs to know of each network, as of a column."""
    return {tab: [coder(net, title) for net, title in nets.items()] for tab, nets in OTHERS.items()}


def coder(net: str, title: str) -> dict[str, Any]:
    """Return the entry of a network; if it cannot be loaded, the entry has a notice."""
    told = {"net": net, "title": title, "error": None}
    try:
        model = checkpoints.load(net)
    except checkpoints.CheckpointError as error:
        return told | {"error": str(error), "space": None, "can": {"compress": None}, "cannot": {}}
    able = {"can": {"compress": compression.how(model)}, "cannot": {"compress": compression.why_not(model)}}
    return told | {"space": model.space.name} | able


KINDS = {each: each for each in OF.kind.choices}
SAID_ONLY = {"of": ["sound"]}
PANEL = Panel(
    compress,
    controls=[
        [Control(OF, "segments", "What is compressed", options=KINDS)],
        [Control(WORDS, "text", "Your text, up to 500 characters", when={"of": ["text"]})],
        [Control(each.field, each.kind, each.label, options=each.options, when=SAID_ONLY) for each in SAID],
    ],
    tries=[
        ("A plain 1", {"data": "mnist", "img": 330}),
        ("A strange 2", {"data": "mnist", "img": 29}),
        ("Not Shakespeare", {"of": "text", "words": "The train to London leaves at seven from the second track."}),
        ("A hissing six", {"of": "sound", "digit": 6, "speaker": "lucas"}),
    ],
)
