"""Panels of the autoregressive tab."""

from typing import Any

from explorer.tabs.autoregressive import clock, masks, says, server, words
from explorer.tabs.autoregressive.fields import (
    ABOUT,
    COUNT,
    DICE,
    KERNEL,
    LABEL,
    LAYER,
    ORDER,
    PART,
    TEMPERATURE,
    TYPE,
)
from explorer.tabs.kit.ask import compressing
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

TEST = {"kind": "test", "source": None, "draw": None}

ANY = TEST | {"set": None, "at": None}

MASKS = {"kernel": "One mask", "layers": "Two stacks", "blind": "One stack", "made": "MADE"}
OF_KERNEL = [part for part in (None, *PART.kind.choices) if part not in ("layers", "blind", "made")]
SIZES = {size: f"{size} × {size}" for size in KERNEL.kind.choices}
TYPES = {"A": "A: first layer", "B": "B: later layers"}
NO_TAPS = {value: {"taps": []} for value in (*SIZES, *TYPES)}
WHOSE = {"generated": "The image it draws", "chosen": "Another image"}
ORDERS = ("rows", "columns", "rows, back", "columns, back")

MADE = {"family": ["made"]}
DRAWN = {"about": ["generated"]}


def heat(**how: Any) -> list[Control]:
    """Return the row of the temperature."""
    return [Control(TEMPERATURE, "slider", "Temperature T", step=0.05, digits=2, **how)]


OF_IMAGE = [
    Control(LABEL, "class"),
    Control(ORDER, "list", "Order", options=dict(enumerate(ORDERS)), when=MADE),
]

PANELS = {
    "generate": Panel(
        server.generate,
        controls=[
            [Control(SEED, "seed"), Control(COUNT, "segments", "How many", options={1: "1", 16: "16"})],
            OF_IMAGE,
            heat(),
        ],
        shows=Shows("Each pixel is drawn from the distribution beside it"),
        says=says.GENERATE,
        rows=says.GENERATE_ROWS,
    ),
    "ask": Panel(
        server.trace,
        controls=[
            [
                Control(
                    ABOUT,
                    "segments",
                    "Whose pixels",
                    options=WHOSE,
                    also=dict.fromkeys(WHOSE, {"pixel": None}),
                )
            ],
            [Control(SEED, "seed", when=DRAWN)],
            OF_IMAGE,
            heat(when=DRAWN),
        ],
        shows=Shows("Tap a pixel to see what its prediction depends on"),
        says=says.ASK,
        rows=says.ASK_ROWS,
    ),
    "override": Panel(
        server.resume,
        controls=[[Control(SEED, "seed")], OF_IMAGE, heat()],
        shows=Shows("Flip a pixel: what follows is drawn again, same random numbers"),
        says=says.OVERRIDE,
        rows=says.OVERRIDE_ROWS,
    ),
    "complete": Panel(
        server.complete,
        controls=[[Control(SEED, "seed"), Control(LABEL, "class")]],
        tries=[
            ("A 5 begun, an 8 wanted", ANY | {"net": "pixelcnn-mnist", "img": 33, "rows": 6, "label": 8, "seed": 7}),
            (
                "Half a boot",
                ANY | {"net": "pixelcnn-fashion-mnist", "img": 30, "rows": 14, "label": None, "seed": 7},
            ),
            ("From nothing", {"rows": 0, "label": None, "at": None}),
        ],
        shows=Shows("", words.COMPLETE_HEADS),
    ),
    "masks": Panel(
        server.masks,
        controls=[
            [Control(PART, "segments", "Part", options=MASKS, initial="kernel", also={"blind": {"layer": 4}})],
            [Control(KERNEL, "segments", "Kernel", options=SIZES, when={"part": [*OF_KERNEL, "blind"]}, also=NO_TAPS)],
            [Control(TYPE, "segments", "Mask", options=TYPES, when={"part": OF_KERNEL}, also=NO_TAPS)],
            [Control(LAYER, "slider", "Layers", live=True, when={"part": ["layers", "blind"]})],
            [Control(ORDER, "segments", "Pixel order", options=dict(enumerate(ORDERS)), when={"part": ["made"]})],
        ],
        shows=Shows(
            "What may a prediction depend on?",
            masks.HEADS,
            charts=[("A small MADE over 3 by 3 pixels", 340, "output")],
            details=True,
        ),
    ),
    "chain": Panel(
        None,
        controls=[[Control(DICE, "seed")]],
        shows=Shows("Set the conditionals, then draw pixel by pixel"),
        says=says.CHAIN,
        rows=says.CHAIN_ROWS,
    ),
    "slow": Panel(
        clock.time_cache,
        controls=[[Control(SEED, "seed")]],
        shows=Shows("", clock.HEADS, charts=[("Seconds so far", 230), ("Milliseconds per pixel", 230)]),
    ),
    "score": Panel(
        server.score,
        controls=[],
        tries=[
            (
                "A boot, to the digits' network",
                TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30, "part": "histograms"},
            ),
            (
                "A digit, to Fashion's",
                TEST | {"net": "pixelcnn-fashion-mnist", "set": "mnist", "img": 33, "part": "histograms"},
            ),
            ("Nothing at all", {"kind": "blank", "part": "histograms"}),
            ("Which class is noise?", {"kind": "noise", "net": "pixelcnn-mnist", "part": "bayes"}),
        ],
        shows=Shows(
            "",
            words.HEADS,
            charts=[("Histograms of −log p", 240)] * 2,
            details=True,
            others=True,
            kinds=True,
            bars="Posterior over classes",
        ),
    ),
    "compress": Panel(
        server.compress,
        controls=[],
        tries=[
            ("A boot, digits' network", TEST | {"net": "pixelcnn-mnist", "set": "fashion-mnist", "img": 30}),
            ("A boot, Fashion's network", TEST | {"net": "pixelcnn-fashion-mnist", "set": None, "img": 30}),
            ("Nothing at all", {"net": "pixelcnn-mnist", "kind": "blank"}),
            ("Noise", {"net": "pixelcnn-mnist", "kind": "noise"}),
        ],
        shows=Shows("", compressing.HEADS, others=True, kinds=True, bars="Sizes of the same picture"),
    ),
}
