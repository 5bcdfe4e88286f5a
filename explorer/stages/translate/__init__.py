"""Stage of the translations: an image becomes another image."""

from explorer.stages import OfNetworks, Stage


class TranslateStage(Stage):
    """Pictures of a source beside what networks translate it to."""

    networks = OfNetworks("paired", note="", renews=(), fresh=(), about=None)
