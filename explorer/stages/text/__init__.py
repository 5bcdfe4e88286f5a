"""Stage of the text tab: characters that appear, their predictions and their surprise."""

from explorer.stages import Stage


class TextStage(Stage):
    """Texts by several networks, character by character or in any order."""
