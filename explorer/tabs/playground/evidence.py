"""Evidence of the Playground tab: the origin of the stage's numbers, as nothing is trained beforehand."""

from explorer.tabs.kit.layout.tab import Checkpoint

PLAYGROUND_WORDS = (
    "No number here comes from a card. The server trains every family while you watch, from the first step, on the "
    "points of the board. It measures the samples and the densities that you see, by the formulas of the maths. "
    "The same points, settings and seed give the same training on the same machine. The tests of this project compare "
    "every density with an integral and every training loss with its definition."
)

SHOWN = Checkpoint("playground", "Playground", lambda card, error: {}, lambda card: PLAYGROUND_WORDS, lambda name: {})
