"""Stage of words: prompts become colour pictures, with a map of each word."""

from explorer.stages import OfNetworks, Stage


class WordsStage(Stage):
    """Pictures of prompts, and what each word does in them."""

    networks = OfNetworks(
        "prompt",
        note="",
        renews=("mode", "net", "seed", "prompt", "without", "guidance", "steps"),
        fresh=("at",),
        about=None,
    )
