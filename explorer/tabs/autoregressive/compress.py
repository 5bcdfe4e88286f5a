"""*Compress*: a picture becomes a file as short as the network's bits."""

import torch

from explorer.models.made import MADE
from explorer.models.raster import RasterModel
from explorer.networks import checkpoints
from explorer.numbers.answer import Answer, Table
from explorer.questions import codefile
from explorer.spaces.packing import pack
from explorer.tabs.autoregressive.shared import NET, TEST, Picture, RasterNet, image_of, load, place_row
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.ask.compressing import CODER, compress_answer
from explorer.tabs.kit.layout.fields import File
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows

OURS = NET.kind.choices


@heavy
def compress(net: RasterNet, picture: Picture) -> Answer:
    """Return the file of a picture by a network, the bits of each pixel, and the sizes by other tools."""
    model = load(net)
    x = image_of(model, picture)
    found = compress_answer(net, x, "pixel", "MADE" if isinstance(model, MADE) else "PixelCNN")
    values = (x.flatten() * (model.levels - 1)).round().int().tolist()
    pairs = zip(values, found.view["bits"], strict=True)
    rows = [place_row(i) | {"level": level, "bits": bits} for i, (level, bits) in enumerate(pairs)]
    grey = pack(255 * x, torch.uint8)
    shown = Answer(table=Table(rows), pictures={"x": grey, "out": grey}, view={"levels": model.levels})
    return shown | found


@heavy
def decompress(file: File) -> Answer:
    """Return the levels of the picture of a file, and the network that compressed it."""
    nets = [*OURS, *filter(NET.kind.takes, [codefile.parse(file).net])]
    found, x = codefile.read(file, nets)
    levels = checkpoints.load(found.net).levels
    return Answer(view={"net": found.net, "values": pack(x * (levels - 1), torch.uint8), "levels": levels})


MODE = Mode(
    "compress",
    "Compress",
    "test",
    functions=[compress, decompress],
    panel=Panel(
        compress,
        controls=[],
        tries=[
            ("A boot, digits' network", TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30}),
            ("A boot, Fashion's network", TEST | {"net": "pixelcnn-fashion-mnist", "set": None, "img": 30}),
            ("Nothing at all", {"net": "pixelcnn-mnist", "kind": "blank"}),
            ("Noise", {"net": "pixelcnn-mnist", "kind": "noise"}),
        ],
        shows=Shows("", compressing.HEADS, others=True, kinds=True, bars="Sizes of the same picture"),
    ),
    code={
        "Compress": [RasterModel.predictions, *CODER],
    },
)
