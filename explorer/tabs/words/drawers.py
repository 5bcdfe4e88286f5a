"""Three ways from words to pictures: which network draws, in how many steps, and what it says of log p."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.measures.word_drawing import Drawer, own_guidance
from explorer.models.scene_autoencoder import LATENT_SIDE
from explorer.models.words_tokens import WordsTokens
from explorer.networks import checkpoints
from explorer.steps import Step
from explorer.tabs.words.networks import DRAWER, ORDERED, OTHER_DRAWERS, PARALLEL, WORDS_UNTRAINED

BOTH = 2  # evaluations of a guided step: with words and without


@dataclass(frozen=True)
class Way:
    """A way to draw from words.

    Arguments:
        key: Name in the address.
        net: Name of the network.
        title: Displayed title.
        steps: Number of its steps.
        work: Positions that the transformer computes for one picture in an evaluation.
    """

    key: str
    net: str
    title: str
    steps: int
    work: int

    @property
    def is_here(self) -> bool:
        """Whether it has a checkpoint here."""
        return checkpoints.exists(self.net)

    @property
    def absence(self) -> str:
        """Sentence that says that it has none; empty if it has."""
        return "" if self.is_here else WORDS_UNTRAINED

    @property
    def missing(self) -> str | None:
        """Reason why it cannot draw; None if it can."""
        if self.absence:
            return self.absence
        try:
            self.model()
        except checkpoints.CheckpointError as broken:
            return f"{broken}."
        return None

    def model(self) -> Drawer:
        """Return its network."""
        return checkpoints.load(self.net)  # type: ignore[return-value]

    @property
    def guidance(self) -> float:
        """Guidance at which its card was measured."""
        return own_guidance(self.model())

    def draw(self, n: int, generator: torch.Generator, tokens: Tensor) -> Iterator[Step]:
        """Draw n scenes of captions (n, 13) step by step, at its own guidance; of tokens in order, row by row."""
        few = {"every": LATENT_SIDE} if self.net == ORDERED else {"steps": self.steps}
        return self.model().sample_steps(n, generator=generator, tokens=tokens, guidance=self.guidance, **few)


WAYS = {
    each.key: each
    for each in (
        Way("diffusion", DRAWER, "Diffusion", 20, 36),
        Way("order", ORDERED, OTHER_DRAWERS[ORDERED], 144, 1),
        Way("parallel", PARALLEL, OTHER_DRAWERS[PARALLEL], 12, 144),
    )
}
"""The ways, in the order of the columns."""


def ordered() -> WordsTokens | None:
    """Return the network that draws tokens in order; None if it is not here, or damaged."""
    if WAYS["order"].missing:
        return None
    model = WAYS["order"].model()
    assert isinstance(model, WordsTokens)
    return model
