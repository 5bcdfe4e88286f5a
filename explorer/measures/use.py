"""What samples are good for: the test accuracy of a fixed small classifier that learnt from them alone."""

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.measures.common import in_chunks
from explorer.models.classifier import Classifier

CHANNELS = (16, 32, 64)
EPOCHS, BATCH, RATE = 4, 100, 0.004
CHUNK = 50


def accuracy_from(x: Tensor, label: Tensor, test: Tensor, test_label: Tensor) -> float:
    """Train the classifier on images (N, 1, 28, 28) of classes (N,), and return the share of test images it gets right.

    Reference: Ravuri & Vinyals, Classification Accuracy Score for Conditional Generative Models, 2019,
    https://arxiv.org/abs/1905.10887
    """
    model = learnt(x, label)
    seen = in_chunks(test, torch.no_grad()(lambda part: model(part).argmax(-1)), CHUNK)[0]
    return float((seen == test_label).double().mean())


def learnt(x: Tensor, label: Tensor) -> Classifier:
    """The classifier after a fixed number of passes over images (N, 1, 28, 28), from fixed random numbers."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Classifier(CHANNELS).to(x.device)
        optimiser = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
        size = min(BATCH, len(x))
        steps = len(x) // size
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * steps)
        for _ in range(EPOCHS):
            for part in torch.randperm(len(x))[: steps * size].split(size):
                optimiser.zero_grad()
                F.cross_entropy(model(x[part]), label[part].to(x.device)).backward()
                optimiser.step()
                schedule.step()
    return model.eval()
