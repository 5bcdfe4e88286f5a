"""Stage of the autoregressive models: images generated pixel by pixel from predicted distributions."""

from explorer.stages import Stage


class AutoregressiveStage(Stage):
    """Autoregressive networks over pixels and their modes; `value` contains the networks' cards."""
