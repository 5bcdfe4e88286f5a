"""Stage of the lab: metrics of sets of images, and damages that they notice or not."""

from explorer.stages import Stage


class LabStage(Stage):
    """Damaged sets of images beside the metrics that judge them."""
