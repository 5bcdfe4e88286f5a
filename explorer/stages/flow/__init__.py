"""Flows in the browser: layers that bend the plane, one coupling by hand, an image's way through its layers."""

from explorer.stages import Stage


class FlowStage(Stage):
    """Invertible networks, their own modes and the shared questions; `value` carries where their weights lie."""

    asks = True
