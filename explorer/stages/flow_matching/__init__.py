"""Flow matching in the browser: lines that cross and paths that do not, rounds of reflow, one target in four words."""

from explorer.stages import Stage


class FlowMatchingStage(Stage):
    """Fields of velocities, their own modes and the shared questions; `value` carries where their weights lie."""

    asks = True
