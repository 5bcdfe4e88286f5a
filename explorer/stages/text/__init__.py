"""Stage of the text tab: characters that appear, their predictions and their surprise."""

from explorer.stages import OfNetworks, Stage

OF_ONE = ("unmask", "fill", "surprise", "compress", "attention", "cached", "loss", "watermark", "own")
OF_ONE += ("tour", "exercises")
"""Modes without a choice of a network."""


class TextStage(Stage):
    """Texts by several networks, character by character or in any order."""

    networks = OfNetworks(
        "generate",
        note="",
        renews=("mode", "net", "seed", "prompt", "length", "temperature", "k", "p", "gap", "order", "steps", "read")
        + ("mark", "context", "delta", "example", "go", "used", "duration"),
        fresh=("at", "tap", "again", "own"),
        about=dict.fromkeys(OF_ONE),
    )
