"""Stage of the sound tab: waves that appear, their predictions and their bits."""

from explorer.stages import Stage


class SoundStage(Stage):
    """Sounds by a WaveNet, sample by sample."""
