"""Stage of the start page: a map of the families and their abilities."""

from explorer.stages import Stage


class StartStage(Stage):
    """All families of a data set, each with its abilities, an image and links to its tab."""
