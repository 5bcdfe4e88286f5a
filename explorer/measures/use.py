"""Test accuracy of a fixed small classifier trained on samples, or on samples and images."""

from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.measures.common import in_chunks
from explorer.models.classifier import Classifier

CHANNELS = (16, 32, 64)
EPOCHS, USE_BATCH, RATE = 4, 100, 0.004
USE_STEPS = 300  # if there are few real images
CHUNK = 50


def accuracy_from(x: Tensor, label: Tensor, test: Tensor, test_label: Tensor) -> float:
    """Train the classifier on images (N, 1, 28, 28) of classes (N,), and return its accuracy on test images.

    Shapes: `test` (M, 1, 28, 28), `test_label` (M,).

    Reference: Ravuri & Vinyals, Classification Accuracy Score for Conditional Generative Models, 2019,
    https://arxiv.org/abs/1905.10887
    """
    return right(train_epochs(x, label), test, test_label)


def accuracy_beside(
    x: Tensor, label: Tensor, samples: Tensor | None, sampled: Tensor, test: Tensor, test_label: Tensor
) -> float:
    """Train the classifier on real images and samples (M, 1, 28, 28) of classes `sampled` (M,); return its accuracy.

    The real images are few. Half of each batch are samples; without samples the whole batch is real. Both cases
    take the same number of steps.

    Shapes: `x` and `test` are images too, with classes `label` and `test_label`.
    """
    generator = torch.Generator().manual_seed(0)

    def draw(images: Tensor, labels: Tensor, n: int) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(images), (n,), generator=generator)
        return images[chosen], labels[chosen]

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(USE_STEPS):
            if samples is None:
                yield draw(x, label, USE_BATCH)
            else:
                halves = draw(x, label, USE_BATCH // 2), draw(samples, sampled, USE_BATCH // 2)
                yield tuple(map(torch.cat, zip(*halves)))

    return right(train_classifier(batches(), USE_STEPS), test, test_label)


def right(model: Classifier, test: Tensor, test_label: Tensor) -> float:
    """Return the accuracy on images (N, 1, 28, 28) of classes (N,)."""
    seen = in_chunks(test, torch.no_grad()(lambda part: model(part).argmax(-1)), CHUNK)[0]
    return float((seen == test_label).double().mean())


def train_epochs(x: Tensor, label: Tensor) -> Classifier:
    """Train the classifier for a fixed number of epochs on images (N, 1, 28, 28) of classes (N,), with a fixed seed."""
    size = min(USE_BATCH, len(x))
    steps = len(x) // size

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(EPOCHS):
            for part in torch.randperm(len(x))[: steps * size].split(size):
                yield x[part], label[part]

    return train_classifier(batches(), EPOCHS * steps)


def train_classifier(batches: Iterable[tuple[Tensor, Tensor]], steps: int) -> Classifier:
    """Train the classifier for `steps` steps, one per batch of images and classes, with a fixed seed.

    Shapes: a batch has images (B, 1, 28, 28) and classes (B,).
    """
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
