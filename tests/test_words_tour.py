"""What the tour of words says of a prompt's maps holds for the network that is here."""

import torch

from explorer.models.words_diffusion import WordsDiffusion
from explorer.networks import checkpoints
from explorer.tabs.words.shared import prompt_words, tokens_for

BEFORE, AFTER = "a yellow cat left of a blue car on grass", "a yellow cat above a blue car on grass"


def maps(text: str) -> torch.Tensor:
    """Attention to each word at the last step, as a mean over layers: (4, 36, words)."""
    model, words = checkpoints.load("words-diffusion"), prompt_words(text)
    assert isinstance(model, WordsDiffusion)
    generator = torch.Generator().manual_seed(7)
    *_, last = model.sample_steps(4, generator=generator, tokens=tokens_for(words, 4), maps=True)
    return last.numbers["attention"].mean(1)[..., : len(words)]


def test_the_map_of_an_exchanged_relation_changes_least():
    before, after = maps(BEFORE), maps(AFTER)
    relation = prompt_words(BEFORE).index("left of")
    change = (before - after).abs().mean((0, 1))
    assert int(change.argmin()) == relation, change.tolist()
    assert change[relation] < change.sort().values[1] / 2, change.tolist()
    assert max(before[..., relation].mean(), after[..., relation].mean()) < 0.05
