"""Stage of the comparison: all families side by side, by the abilities that their models declare."""

from explorer.stages import Stage


class CompareStage(Stage):
    """All families of a data set and the modes that compare them; `value` contains their abilities and cards."""

    asks = True
