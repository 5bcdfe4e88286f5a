"""Stage of the models that draw codes: a prior of tokens, and a diffusion of codes."""

from explorer.stages import Stage


class TokensStage(Stage):
    """Networks that draw codes and decode them, with modes of their own and the shared questions."""

    asks = True
