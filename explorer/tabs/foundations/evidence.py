"""Evidence of the Foundations tab: the origin of the stage's numbers, as nothing is trained."""

from explorer.tabs.kit.layout.tab import Checkpoint

WORDS = (
    "Nothing here was trained, and no number comes from a card. The browser calculates all of them while you drag: "
    "closed forms where there are any, integrals over 1,601 even places elsewhere. The tests of this project hold them "
    "against closed forms, against `torch.distributions` and against integrals of their own in Python."
)

SHOWN = Checkpoint("foundations", "Foundations", lambda card, error: {}, lambda card: WORDS, lambda name: {})
