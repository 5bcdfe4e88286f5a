"""What samples are good for: the test accuracy of a fixed small classifier that learnt from them, or from them too."""

from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.measures.common import in_chunks
from explorer.models.classifier import Classifier

CHANNELS = (16, 32, 64)
EPOCHS, BATCH, RATE = 4, 100, 0.004
STEPS = 300  # where real images are few
CHUNK = 50


def accuracy_from(x: Tensor, label: Tensor, test: Tensor, test_label: Tensor) -> float:
    """Train the classifier on images (N, 1, 28, 28) of classes (N,), and return the share of test images it gets right.

    Reference: Ravuri & Vinyals, Classification Accuracy Score for Conditional Generative Models, 2019,
    https://arxiv.org/abs/1905.10887
    """
    return right(learnt(x, label), test, test_label)


def accuracy_beside(
    x: Tensor, label: Tensor, samples: Tensor | None, sampled: Tensor, test: Tensor, test_label: Tensor
) -> float:
    """The same where few images are real, and samples (M, 1, 28, 28) of classes `sampled` (M,) stand beside them.

    Half of each batch is drawn from the samples; all of it from the real images where there are none. Both ways have
    as many steps.
    """
    generator = torch.Generator().manual_seed(0)

    def draw(images: Tensor, labels: Tensor, n: int) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(images), (n,), generator=generator)
        return images[chosen], labels[chosen]

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(STEPS):
            if samples is None:
                yield draw(x, label, BATCH)
            else:
                halves = draw(x, label, BATCH // 2), draw(samples, sampled, BATCH // 2)
                yield tuple(map(torch.cat, zip(*halves)))

    return right(fitted(batches(), STEPS), test, test_label)


def right(model: Classifier, test: Tensor, test_label: Tensor) -> float:
    """The share of images (N, 1, 28, 28) of which the classifier sees the class (N,)."""
    seen = in_chunks(test, torch.no_grad()(lambda part: model(part).argmax(-1)), CHUNK)[0]
    return float((seen == test_label).double().mean())


def learnt(x: Tensor, label: Tensor) -> Classifier:
    """The classifier after a fixed number of passes over images (N, 1, 28, 28), from fixed random numbers."""
    size = min(BATCH, len(x))
    steps = len(x) // size

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(EPOCHS):
            for part in torch.randperm(len(x))[: steps * size].split(size):
                yield x[part], label[part]

    return fitted(batches(), EPOCHS * steps)


def fitted(batches: Iterable[tuple[Tensor, Tensor]], steps: int) -> Classifier:
    """The classifier after so many steps, one a batch of images and their classes, from fixed random numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Classifier(CHANNELS)
        optimiser = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
        for x, label in batches:
            model.to(x.device)
            optimiser.zero_grad()
            F.cross_entropy(model(x), label.to(x.device)).backward()
            optimiser.step()
            schedule.step()
    return model.eval()
