"""Stage of the playground: a board to draw points on, and the families that learn them side by side."""

from explorer.stages import Stage


class PlaygroundStage(Stage):
    """Board, samples and densities of several families, on one clock."""
