"""The film: a player of any list of steps, the same for every family."""

from explorer.stages import Stage


class Film(Stage):
    """Plays what `explorer.steps.film` collects: frames, a caption a step, and numbers a step."""
