"""The shared questions in the browser: each takes columns, networks that are asked alike, and the drawer of a space."""

from explorer.stages import Stage


class QuestionsStage(Stage):
    """One family by the questions that anybody may ask; `value` carries its networks, each with its column."""

    asks = True
