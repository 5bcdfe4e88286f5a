"""Stage of the translations: an image becomes another image."""

from explorer.stages import Stage


class TranslateStage(Stage):
    """Pictures of a source beside what networks translate it to."""
