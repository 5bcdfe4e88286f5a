"""Stage of the shared questions; each takes columns of comparable networks and the renderer of a space."""

from explorer.stages import OfNetworks, Stage


class QuestionsStage(Stage):
    """One family with the shared questions; `value` contains its networks, each with its column."""

    asks = True
    networks = OfNetworks("make")
