"""Stage of the sound tab: waves that appear, their predictions and their bits."""

from explorer.stages import OfNetworks, Stage


class SoundStage(Stage):
    """Sounds by a WaveNet, sample by sample."""

    networks = OfNetworks(
        "speak",
        note="",
        renews=("mode", "net", "seed", "digit", "speaker", "given", "temperature"),
        fresh=("at", "tap"),
        about={"dilations": None},
    )
