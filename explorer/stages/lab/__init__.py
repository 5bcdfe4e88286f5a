"""Stage of the lab: metrics of sets of images, and damages that they notice or not."""

from explorer.stages import OfNetworks, Stage


class LabStage(Stage):
    """Damaged sets of images beside the metrics that judge them."""

    networks = OfNetworks("damage", note="", renews=(), fresh=(), key="data", label="Data set")
