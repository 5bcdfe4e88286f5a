"""Sample quality, measured alike for every family of images: 10,000 samples against the test images.

The requested classes have the test split's proportions, if the family is conditional. Every figure has a *floor*: that
of 10,000 training images in the same proportions, which the classifier was trained on. On MNIST everything is measured
twice, the second time after the same seeded binarisation of all images. So families of grey and of binary pixels can
be compared.
"""

from collections.abc import Callable
from datetime import date

import torch
from rich.progress import track
from torch import Tensor, nn

from explorer import data
from explorer.measures.common import Load, in_chunks
from explorer.measures.metrics import class_entropy, frechet, precision_recall
from explorer.measures.use import accuracy_from
from explorer.models.classifier import Classifier
from explorer.networks import checkpoints
from explorer.networks.card import Card, row, rows
from explorer.running.device import device_of

QUALITY_SEEDS = (0, 1)
FLOOR = "training images"
CHUNK = 50  # fits the cache of a processor
Draw = Callable[[int, torch.Generator, Tensor | None], Tensor]  # (number, noise, classes (n,)) to images


class Judge:
    """Classifier of a data set with its features of the test images, all binarised on request.

    Arguments:
        dataset: "mnist" or "fashion-mnist".
        load: Function that reads a split.
        binary: If true, every image is binarised before it is classified.
        images: Number of images of the floor; as many as test images unless given.
    """

    def __init__(self, dataset: str, load: Load, binary: bool, images: int | None = None):
        self.classifier: Classifier = checkpoints.load(f"classifier-{dataset}")
        self.binary, self.test, self.train = binary, load(dataset, "test"), load(dataset, "train")
        self.images = images
        self.real, _ = self.features_and_classes(self.test.pixels())

    def to_input(self, x: Tensor) -> Tensor:
        """Return images as the classifier receives them: both (N, 1, 28, 28)."""
        return data.binarise(x.cpu(), seed=data.APART) if self.binary else x

    def features_and_classes(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the features (N, F) of images (N, 1, 28, 28), and the predicted classes (N,)."""
        x = self.to_input(x)

        @torch.no_grad()
        def look(part: Tensor) -> tuple[Tensor, Tensor]:
            features = self.classifier.features(part)
            return features, self.classifier.head(features).argmax(-1)

        return in_chunks(x.to(device_of(self.classifier)), look, CHUNK)

    def figures(self, x: Tensor, label: Tensor | None) -> dict[str, float]:
        """Measure every figure of images (N, 1, 28, 28), requested as classes (N,) or without a class."""
        features, classes = self.features_and_classes(x)
        precision, recall = precision_recall(self.real, features)
        found = {"frechet": frechet(self.real, features), "precision": precision, "recall": recall}
        found["entropy"] = class_entropy(classes, self.classifier.head.out_features)
        if label is not None:
            found["accuracy"] = float((classes == label).double().mean())
            shown = self.to_input(self.test.pixels())
            found["use"] = accuracy_from(self.to_input(x), label, shown, self.test.labels)
        return found

    def floor(self) -> dict[str, float]:
        """Measure the figures of training images in the test split's class proportions."""
        found = self.train[self.floor_images()]
        return self.figures(found.pixels(), found.labels)

    def floor_images(self) -> Tensor:
        """Return the indices of the floor's images: the first training images in the proportions of the test images.

        Shapes: (N,).
        """
        counts = self.test.labels[: self.images].bincount()
        return torch.cat([(self.train.labels == label).nonzero()[:count, 0] for label, count in enumerate(counts)])


def quality(
    samplers: dict[str, Draw], dataset: str, load: Load, labelled: bool, binary: bool, images: int | None = None
) -> dict:
    """Measure the samples of a family: a row for each figure, sampler, seed, and kind of `pixels`.

    The floor is the sampler `FLOOR`, without a seed.

    Arguments:
        samplers: Draw functions by name.
        dataset: "mnist" or "fashion-mnist".
        load: Function that reads a split.
        labelled: If true, the samplers receive classes.
        binary: If true, the pixels are binary, so only the binarised figures are meaningful.
        images: Number of samples, and of the floor's images; as many as test images unless given. With fewer images
            the distance and its floor are both larger, and their ratio is smaller.
    """
    judges = {} if binary else {"grey": Judge(dataset, load, binary=False, images=images)}
    if dataset == "mnist" or binary:
        judges["binarised"] = Judge(dataset, load, binary=True, images=images)
    wanted = load(dataset, "test").labels[:images]
    label = wanted if labelled else None
    found = [
        row(*each, n=len(wanted), pixels=kind, way=FLOOR)
        for kind, judge in judges.items()
        for each in judge.floor().items()
    ]
    for way, draw in samplers.items():
        for seed in QUALITY_SEEDS:
            x = draw(len(wanted), torch.Generator().manual_seed(seed), label)
            for kind, judge in judges.items():
                figures = judge.figures(x, label).items()
                found += [row(*each, n=len(wanted), seed=seed, pixels=kind, way=way) for each in figures]
    return {
        "rows": found,
        "n": len(wanted),
        "seeds": list(QUALITY_SEEDS),
        "classifier": f"classifier-{dataset}",
        "date": date.today().isoformat(),
        "torch": torch.__version__,
    }


def over_floor(card: Card, pixels: str, way: str | None = None) -> list[float]:
    """Return the Fréchet distance over its floor for each seed of one sampler, by default of the first one.

    The list is empty if these `pixels` or this sampler were not measured.
    """
    judged = rows(card.get("quality", {"rows": []}), "frechet", pixels=pixels)
    floor = [each["value"] for each in judged if each["way"] == FLOOR]
    ways = [each["way"] for each in judged if each["way"] != FLOOR]
    return [each["value"] / floor[0] for each in judged if floor and ways and each["way"] == (way or ways[0])]


def quality_headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    reached: dict[str, float] = {}
    for each in rows(card["quality"], "frechet", pixels=card["quality"]["rows"][0]["pixels"]):
        reached[each["way"]] = max(each["value"], reached.get(each["way"], 0))
    floor = reached.pop(FLOOR)
    return "Fréchet ÷ floor, the worst seed: " + ", ".join(f"{way} {each / floor:.2f}" for way, each in reached.items())


def in_parts(draw: Draw, size: int, what: str, precision: torch.dtype | None = None, device: str = "cpu") -> Draw:
    """Return a function that draws in chunks, which is faster than all at once; in `precision` if one is given."""

    def draw_all(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        parts = track(torch.arange(n).split(size), what)
        with torch.autocast(device, precision, enabled=precision is not None):
            images = [draw(len(part), generator, None if label is None else label[part]).cpu() for part in parts]
        return torch.cat(images).float()

    return draw_all


def drawing(model: nn.Module, what: str, precision: str, **how) -> Draw:
    """Return a function that draws by a model's `sample` in chunks, in the precision of that name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator, label=label, **how)

    return in_parts(draw, CHUNK, what, getattr(torch, precision), device_of(model).type)
