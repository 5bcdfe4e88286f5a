"""A network that reads a scene back: ground, relation, and the object, the colour and the count of each phrase.

It only measures. It is trained on all captions, held out or not, and knows nothing of the networks that it judges.
Phrases are read in the order in which they stand, from the left or from the top, so “a cat left of a dog” and “a dog
right of a cat” are one scene.
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.captions import COLOUR_WORDS, GROUNDS, MOST_PHRASES, OBJECTS, Caption, parse_words, words_of
from explorer.models.layers import channels_last
from explorer.models.model import Model
from explorer.models.scene_autoencoder import signed
from explorer.spaces import COLOUR

LAYOUTS = ("one", "two in a row", "two in a column", "three in a row", "three in a column")
HEADS: Mapping[str, int] = {"layout": len(LAYOUTS), "ground": len(GROUNDS)} | {
    f"{part} {place + 1}": size
    for place in range(MOST_PHRASES)
    for part, size in (("object", len(OBJECTS)), ("colour", 1 + len(COLOUR_WORDS)), ("count", 3))
}
"""Number of answers to each question; colour 0 is an object's own."""
ABSENT = -100  # answer to a question about a phrase that is not there
FINAL_SIDE = 6


def answers_of(caption: Caption) -> list[int]:
    """Return the true answer to each question, in the order of `HEADS`."""
    count = len(caption.phrases)
    layout = 0 if count == 1 else 2 * count - 3 + (caption.relation in ("above", "below"))
    found = [layout, GROUNDS.index(caption.ground)]
    for phrase in caption.in_order:
        colour = 0 if phrase.colour is None else 1 + COLOUR_WORDS.index(phrase.colour)
        found += [OBJECTS.index(phrase.object), colour, phrase.count - 1]
    return found + [ABSENT] * (len(HEADS) - len(found))


def answers(tokens: Tensor) -> Tensor:
    """Return the true answers for captions as token ids: (B, 13) to (B, questions)."""
    captions = [parse_words(words_of(each)) for each in tokens.tolist()]
    return torch.tensor([answers_of(each) for each in captions], device=tokens.device)


class SceneJudge(Model):
    """Convolutional classifier with one head for each question.

    Arguments:
        channels: Width at 48×48; twice and four times as many at 24×24 and 12×12.
        hidden: Width of the layer before the heads.
        dropout: Dropout rate before that layer in training.
    """

    title = "Judge of scenes"
    space = COLOUR
    cannot = dict.fromkeys(
        ("sample", "complete", "interpolate", "log_prob", "compress", "label", "odd"),
        "it only reads scenes: it says what is in one, not how probable it is",
    )

    def __init__(self, channels: int = 32, hidden: int = 512, dropout: float = 0.1):
        super().__init__()
        widths = [channels, 2 * channels, 4 * channels]
        layers, before = [], 3
        for width in widths:
            layers += [_convolution(before, width, 1), _convolution(width, width, 2)]
            before = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(
            *(nn.Flatten(), nn.Dropout(dropout), nn.Linear(widths[-1] * FINAL_SIDE**2, hidden), nn.ReLU()),
            nn.Linear(hidden, sum(HEADS.values())),
        )
        channels_last(self)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Logits of the answers to each question: (B, 3, 48, 48) in [0, 1] to tuples of (B, answers)."""
        return self.head(self.body(signed(x))).float().split(list(HEADS.values()), dim=-1)

    def read(self, x: Tensor) -> Tensor:
        """Answer each question; those about phrases beyond the layout are absent: (B, 3, 48, 48) to (B, questions)."""
        found = torch.stack([logits.argmax(-1) for logits in self(x)], dim=1)
        phrases = 1 + (found[:, 0] + 1) // 2
        place = torch.arange(len(HEADS), device=x.device).sub(2).div(3, rounding_mode="floor")
        return found.masked_fill(place >= phrases[:, None], ABSENT)

    def log_probs(self, x: Tensor, wanted: Tensor) -> Tensor:
        """Sum of log p of several answers to all questions that they answer, in nats.

        Shapes: `x` (B, 3, 48, 48), `wanted` (N, questions), whose absent answers do not count; the result (B, N).
        """
        parts = zip(self(x), wanted.unbind(1), strict=True)
        each = [logits.log_softmax(-1)[:, answer.clamp(min=0)] * (answer != ABSENT) for logits, answer in parts]
        return torch.stack(each).sum(0)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Sum of the cross-entropies of all questions in nats, on scenes with a little noise.

        Shapes: `x` (B, 3, 48, 48) in [0, 1]; `label` (B, 13), the captions.
        """
        amount = recipe["noise"] * torch.rand(len(x), 1, 1, 1, generator=generator)
        noised = x + (amount * torch.randn(x.shape, generator=generator)).to(x)
        return self.loss(noised, label)

    def loss(self, x: Tensor, label: Tensor) -> Tensor:
        """Sum of the mean cross-entropies of all questions, in nats; shapes as in `training_loss`."""
        wanted = answers(label)
        parts = zip(self(x), wanted.unbind(1), strict=True)
        return torch.stack([cross_entropy(logits, answer) for logits, answer in parts]).sum()


def cross_entropy(logits: Tensor, answer: Tensor) -> Tensor:
    """Mean cross-entropy in nats over scenes that have an answer; 0 if none has: (B, answers) and (B,) to ()."""
    total = F.cross_entropy(logits, answer, ignore_index=ABSENT, reduction="sum")
    return total / (answer != ABSENT).sum().clamp(min=1)


def _convolution(channels: int, out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )
