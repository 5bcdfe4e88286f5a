"""*Dilations*: the samples that a prediction depends on, with dilated layers and without."""

from collections.abc import Sequence
from typing import Annotated

from explorer.fields import Field, Flag, Whole
from explorer.numbers.answer import Answer, Figure, Table
from explorer.spaces import SOUND
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

DILATED = Field("dilated", Flag(), True, "whether the layers are dilated")
DEPTH = Field("layers", Whole(1, 12), 12, "the number of layers")
Dilated = Annotated[bool, DILATED]
Depth = Annotated[int, DEPTH]
SEES = Figure("the network sees", unit="ms", digits=1)
SAMPLES = Figure("samples", digits=0)
QUEUED = Figure("columns for a new sample, with queues", digits=0)
UNQUEUED = Figure("without queues", digits=0)
HEADS = (SEES, SAMPLES, QUEUED, UNQUEUED)


@light
def layer_inputs(layers: Depth, dilated: Dilated) -> Answer:
    """Return the places that each layer needs for a prediction at 0, from the output down to the samples."""
    rows = [[0]]
    for layer in reversed(range(layers)):
        by = 2**layer if dilated else 1
        rows.append(sorted({place - each for place in rows[-1] for each in (0, by)}))
    return Answer(charts=[], strips=[], view={"rows": rows}) | inputs_answer(layers, dilated, rows)


def inputs_answer(layers: int, dilated: bool, rows: Sequence[Sequence[int]]) -> Answer:
    """Describe the inputs of a prediction, `rows` being the places that each layer needs, the samples last."""
    field = len(rows[-1])
    how = "Each layer doubles what is seen" if dilated else "Each layer adds one sample to what is seen"
    return Answer(
        numbers=[
            SEES.of(1000 * field / SOUND.rate),
            SAMPLES.of(field),
            QUEUED.of(layers),
            UNQUEUED.of(sum(map(len, rows)) - field),
        ],
        words=f"{how}: {layers} {'layer sees' if layers == 1 else 'layers see'} {field:,} samples.",
        table=Table([{"layer": layer, "places": len(row)} for layer, row in enumerate(rows)]),
    )


MODE = Mode(
    "dilations",
    "Dilations",
    "understand",
    fields=[DILATED, DEPTH],
    functions=[layer_inputs],
    panel=Panel(
        layer_inputs,
        controls=[
            [Control(DILATED, "segments", "Layers", options={True: "Dilated", False: "Not dilated"})],
            [Control(DEPTH, "slider", "How many", live=True)],
        ],
        shows=Shows("Tap a sample: which samples does its prediction depend on?", HEADS),
    ),
)
