"""*Compress*: a file of a sound, coded with the network's predictions."""

from dataclasses import replace

from torch import Tensor

from explorer.data.spoken_digits import DIGITS, SPEAKERS
from explorer.models.wavenet import WaveNet
from explorer.numbers.answer import Answer
from explorer.questions import codefile
from explorer.spaces import SOUND
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.compressing import CODER, compress_answer
from explorer.tabs.kit.layout.fields import File
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.sound import charts
from explorer.tabs.sound.recordings import label_of, recording
from explorer.tabs.sound.shared import NETS, SAID, Digit, Own, SoundNet, Speaker, bits_table

CODED = 4_000  # most samples that are compressed: half a second


@heavy
def compress(net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the file of the first half second of a test recording, and the sizes by other tools."""
    return file_of(net, recording(digit, speaker), label_of(digit, speaker))


@heavy
def compress_own(own: Own, net: SoundNet, digit: Digit, speaker: Speaker) -> Answer:
    """Return the same of a visitor's own sound, as if the speaker had said the digit."""
    return file_of(net, SOUND.read("levels", own), label_of(digit, speaker))


def file_of(net: str, x: Tensor, label: Tensor) -> Answer:
    """Return the file of a sound's first half second given its label, and the sizes by other tools: levels (1, T)."""
    x = x[:, :CODED]
    found = compress_answer(net, x, "sample", NETS[net], int(label))
    bits = found.view["bits"]
    shown = Answer(charts=[charts.bits_chart(bits)], table=bits_table(x[0], bits), view={"levels": SOUND.encode(x)})
    return replace(found, report=None) | found.report | charts.moments(x.shape[1], lambda k: Answer()) | shown


@heavy
def decompress(file: File) -> Answer:
    """Return the sound of a file, and the network, the digit and the speaker with which it was compressed."""
    found, x = codefile.read(file, tuple(NETS))
    digit, speaker = found.label % DIGITS, SPEAKERS[found.label // DIGITS]
    return Answer(view={"levels": SOUND.encode(x), "net": found.net, "digit": digit, "speaker": speaker})


MODE = Mode(
    "compress",
    "Compress",
    "test",
    functions=[compress, compress_own, decompress],
    panel=Panel(
        compress,
        controls=[SAID],
        tries=[
            ("A hissing six", {"digit": 6, "speaker": "lucas"}),
            ("A coarse recording", {"digit": 1, "speaker": "nicolas"}),
        ],
        shows=Shows(
            "Better predictions make a shorter file of the sound",
            compressing.HEADS,
            charts=[("Bits of each sample", 230, "tap")],
            bars="Sizes of the same sound",
            waits="The network codes 4,000 samples, one after the other: a few seconds…",
        ),
    ),
    code={
        "Compress": [WaveNet.predictions, *CODER],
    },
)
