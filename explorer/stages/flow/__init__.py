"""The flow: invertible networks of points and of images, with modes of their own beside the shared questions."""

from explorer.stages import Stage


class FlowStage(Stage):
    """Flows by their own modes and by the shared questions; `value` carries their columns."""

    asks = True
