"""Codes in the browser: what an image is kept as, and what can be drawn from there."""

from explorer.stages import Stage


class CodesStage(Stage):
    """Networks that put an image into a code, by modes of their own and by the shared questions."""

    asks = True
