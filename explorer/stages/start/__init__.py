"""The first page in the browser: the map of the families, and whom one may ask what."""

from explorer.stages import Stage


class StartStage(Stage):
    """All families of a data set, each with what its model says it can do, an image of its own and the ways in."""
