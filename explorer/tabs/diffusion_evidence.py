"""What was measured: the card of each diffusion as tables, and as figures for the text to quote."""


def figures(cards):
    return {}


def build(cards, toys, titles):
    pass
