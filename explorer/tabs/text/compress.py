"""*Compress*: a text becomes a file as short as the network's bits."""

from explorer.models.text import TextModel
from explorer.numbers.answer import Answer, Table
from explorer.questions import codefile
from explorer.spaces import TEXT
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.compressing import CODER
from explorer.tabs.kit.layout.fields import File
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.text.exercises import LINE, TRANSFORMER
from explorer.tabs.text.shared import NET, NETS, WORDS, TextNet, Words, tinted_text

UNSEEN = (  # of the test split
    "PROSPERO:\nOf the king's ship\nThe mariners say how thou hast disposed\nAnd all the rest o' the fleet.\n\n"
    "ARIEL:\nSafely in harbour\nIs the king's ship; in the deep nook, where once\n"
    "Thou call'dst me up at midnight to fetch dew\nFrom the still-vex'd Bermoothes, there she's hid:"
)
SEEN = (  # of the training split
    "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n\n"
    "First Citizen:\nYou are all resolved rather to die than to famish?\n\nAll:\nResolved. resolved.\n\n"
    "First Citizen:\nFirst, you know Caius Marcius is chief enemy to the people."
)


@heavy
def compress(net: TextNet, words: Words) -> Answer:
    """Return the file of a text by a network, the bits of each character, and the sizes by other tools."""
    found = compressing.compress_answer(net, TEXT.codes(words).unsqueeze(0), "character", NETS[net])
    bits = found.view["bits"]
    rows = [{"character": character, "bits": each} for character, each in zip(words, bits, strict=True)]
    view = {"words": words, "texts": [tinted_text(words, bits)]}
    return Answer(table=Table(rows), view=view) | found


@heavy
def decompress(file: File) -> Answer:
    """Return the text of a file, and the network that compressed it."""
    found, x = codefile.read(file, NETS)
    return Answer(words=TEXT.text(x[0]), view={"net": found.net})


MODE = Mode(
    "compress",
    "Compress",
    "test",
    entry="Measure a text",
    functions=[compress, decompress],
    panel=Panel(
        compress,
        controls=[
            [Control(WORDS, "text", "Your text, up to 500 characters", initial=UNSEEN)],
            [Control(NET, "segments", "Network", options=NETS)],
        ],
        tries=[
            ("One line", {"words": LINE, "net": TRANSFORMER}),
            ("A scene that it was trained on", {"words": SEEN, "net": TRANSFORMER}),
            ("Not Shakespeare", {"words": "The train to London leaves at seven from the second track."}),
            ("Keys at random", {"words": "xqzj vKw:Jqp ZxfQ,bbk;wU jjxV'nz QxRt"}),
        ],
        shows=Shows("", compressing.HEADS, texts=["Your text"], bars="Sizes of the same text"),
    ),
    code={
        "Compress": [TextModel.predictions, *CODER],
    },
)
