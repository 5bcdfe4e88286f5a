"""What stands as evidence where nothing was trained: where the numbers of the stage come from."""

from explorer.tabs.kit.tab import Net

WORDS = (
    "Nothing here was trained, and no number comes from a card. The browser calculates all of them while you drag: "
    "closed forms where there are any, integrals over 1,601 even places elsewhere. The tests of this project hold them "
    "against closed forms, against `torch.distributions` and against integrals of their own in Python."
)

SHOWN = Net("foundations", "Foundations", lambda card, error: {}, lambda card: WORDS, lambda name: {})
