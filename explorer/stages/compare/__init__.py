"""The comparison: every family side by side, through nothing but what its model says it can do."""

from explorer.stages import Stage


class CompareStage(Stage):
    """All families of a data set, and the modes that ask them alike; `value` carries what each can do, and its card."""

    asks = True
