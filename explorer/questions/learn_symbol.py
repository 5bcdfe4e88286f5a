"""Learn a sign: a trained diffusion gets one class more, from a visitor's drawings and rehearsed images of old classes.

Every batch holds the same share of old images. The drawings are turned, scaled and shifted a little, anew in each step,
since a few of them would be learned by heart at once. The clock counts steps, so that a seed repeats a training. The
weights that draw are a running mean over the last steps, as in the first training. They are rounded to 16 bits, as they
are kept.

A judge that sees no weights of the diffusion reads the images that it draws: the digits' classifier, whose head is
trained anew for twelve answers: ten digits, the sign, and neither of them. Its own error is measured on drawings that
it was not trained on: each fifth of the drawings is read by a head that learned the others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.models.classifier import Classifier, augment
from explorer.models.diffusion import Diffusion
from explorer.models.own_symbol import like, with_symbol
from explorer.questions.learn_text import halves
from explorer.running.pauses import pause, pausing
from explorer.steps import last

SIGN_BATCH, SIGN_RATE, SIGN_WARM, SIGN_CLIP, SIGN_DECAY = 32, 6e-4, 0.05, 1.0, 1e-4
SIGN_AVERAGE = 0.97  # of the running mean of the weights
SIGN_AUGMENT = {"degrees": 8, "scale": 0.08, "shift": 1.5, "mirror": False}
SIGN_RECIPE = {"label_dropout": 0.15, "middle": [100, 500]}  # as in the first training
SIGN_MARKS = (0.0, 0.1, 0.25, 0.5, 1.0)  # shares of the steps at which a look is taken
SIGN_DRAWN, SIGN_END, SIGN_STEPS = 12, 24, 20  # drawings of the sign in a look, in the last one; steps of DDIM
DIGITS_DRAWN, DIGITS_END = 10, 50  # drawings of the old classes in a look, and in the first and last one
SHIFTED = 2  # pixels by which a drawing may be shifted against another, along each axis


JUDGE_VARIANTS, JUDGE_DIGITS, JUDGE_NEITHER = 12, 1_000, 240  # of each drawing; digits; images of neither kind
JUDGE_STEPS, JUDGE_RATE, JUDGE_SCALE, JUDGE_FOLDS = 150, 0.05, 8.0, 5


@dataclass(frozen=True)
class Reading:
    """How a judge reads images that it did not learn.

    Arguments:
        signs: Number of drawings that are read as the sign, each by a head that learned other drawings.
        drawings: Number of drawings.
        digits: Number of held-out digits that are read as the sign.
        held: Number of held-out digits.
    """

    signs: int
    drawings: int
    digits: int
    held: int


class Digits:
    """Old images (M, 1, 28, 28) in [0, 1] with their labels (M,), and what every judge needs to know of them.

    Arguments:
        classifier: Classifier of the digits.
        images: Images to rehearse; the first `JUDGE_DIGITS` of them also teach the judge.
        held: Held-out images (H, 1, 28, 28), which test it.
    """

    def __init__(self, classifier: Classifier, images: Tensor, labels: Tensor, held: Tensor):
        self.classifier, self.images, self.labels = classifier, images, labels
        self.known, self.held = (features(classifier, each) for each in (images[:JUDGE_DIGITS], held))


@torch.no_grad()
def features(classifier: Classifier, x: Tensor) -> Tensor:
    """Features of images by a classifier, scaled to unit length: (B, 1, 28, 28) in [0, 1] to (B, F)."""
    return torch.cat([F.normalize(classifier.features(part)) for part in pausing(x.split(50))])


class Judge:
    """The digits' classifier with a new head: K digits, the sign (K), and neither (K + 1).

    Arguments:
        digits: Old images.
        drawings: Drawings (N, 1, 28, 28) in [0, 1].
        seed: Seed of variants and of the head.
    """

    def __init__(self, digits: Digits, drawings: Tensor, seed: int):
        self.digits, self.classes, self.seed = digits, digits.classifier.head.out_features, seed
        generator = torch.Generator().manual_seed(seed)
        self.owner = torch.arange(len(drawings)).repeat(JUDGE_VARIANTS)
        variants = augment(drawings.repeat(JUDGE_VARIANTS, 1, 1, 1), SIGN_AUGMENT, generator)
        others = neither(drawings, digits.images, JUDGE_NEITHER, generator)
        self.signs, self.others, self.plain = (
            features(digits.classifier, each) for each in (variants, others, drawings)
        )
        self.head = self._train(self.signs)

    def _train(self, signs: Tensor) -> nn.Linear:
        """Train a head on features of variants of drawings, and on the rest; every class counts equally."""
        generator = torch.Generator().manual_seed(self.seed)
        x = torch.cat([self.digits.known, signs, self.others])
        own, rest = (torch.full((len(each),), self.classes + k) for k, each in enumerate((signs, self.others)))
        y = torch.cat([self.digits.labels[: len(self.digits.known)], own, rest])
        weight = torch.bincount(y, minlength=self.classes + 2).clamp(min=1).reciprocal()
        head = nn.Linear(x.shape[1], self.classes + 2)
        nn.init.normal_(head.weight, std=0.01, generator=generator)
        nn.init.zeros_(head.bias)
        adam = torch.optim.Adam(head.parameters(), lr=JUDGE_RATE)
        for _ in pausing(range(JUDGE_STEPS)):
            adam.zero_grad()
            F.cross_entropy(JUDGE_SCALE * head(x), y, weight).backward()
            adam.step()
        return head.requires_grad_(False)

    def read(self, x: Tensor) -> Tensor:
        """Classes of images (B, 1, 28, 28): (B,), of which K is the sign and K + 1 neither."""
        return self.head(features(self.digits.classifier, x)).argmax(-1)

    def reading(self) -> Reading:
        """Measure the judge: each drawing by a head that did not learn it, and held-out digits by its own."""
        count = len(self.plain)
        folds, signs = min(JUDGE_FOLDS, count), 0
        for k in range(folds):
            out = torch.arange(count) % folds == k
            head = self._train(self.signs[~out[self.owner]])
            signs += int((head(self.plain[out]).argmax(-1) == self.classes).sum())
        held = self.digits.held
        return Reading(signs, count, int((self.head(held).argmax(-1) == self.classes).sum()), len(held))


def neither(drawings: Tensor, digits: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Images that are neither a digit nor the sign: halves of both side by side, both in one, noise, and upper halves.

    Shapes: `drawings` (N, 1, 28, 28), `digits` (M, 1, 28, 28); the result (count, 1, 28, 28), all in [0, 1].
    """
    part = count // 4

    def some(images: Tensor) -> Tensor:
        return images[torch.randint(len(images), (part,), generator=generator)]

    left = torch.arange(28) < 14
    halves = torch.where(left, some(drawings), some(digits))
    both = torch.maximum(some(drawings), some(digits))
    level = 0.6 * torch.rand(part, 1, 1, 1, generator=generator)
    noise = (torch.rand(part, 1, 28, 28, generator=generator) - level).clamp(0)
    cut = some(drawings) * (torch.arange(28)[:, None] < 13)
    return torch.cat([halves, both, noise, cut])


def apart(x: Tensor, drawings: Tensor) -> Tensor:
    """L2 distances of images from drawings, each the least over shifts of up to `SHIFTED` pixels: (B, N).

    Shapes: `x` (B, 1, 28, 28), `drawings` (N, 1, 28, 28), in [0, 1].
    """
    moves = range(-SHIFTED, SHIFTED + 1)
    room = F.pad(drawings, [SHIFTED] * 4)
    every = [room[:, :, SHIFTED + a : SHIFTED + a + 28, SHIFTED + b : SHIFTED + b + 28] for a in moves for b in moves]
    return torch.stack([torch.cdist(x.flatten(1), each.flatten(1)) for each in pausing(every)]).amin(0)


@dataclass(frozen=True)
class SignTask:
    """What is learned.

    Arguments:
        drawings: Drawings (N, 1, 28, 28) in [0, 1].
        digits: Old images.
        rehearsal: Share of each batch that are old images.
        steps: Number of steps.
        seed: Seed of batches, noise and samples.
    """

    drawings: Tensor
    digits: Digits
    rehearsal: float
    steps: int
    seed: int

    @cached_property
    def marks(self) -> list[int]:
        """Steps after which a look is taken."""
        return marks_of(self.steps)


def marks_of(steps: int) -> list[int]:
    """Return the numbers of steps after which a look at a training is taken."""
    return sorted({round(mark * steps) for mark in SIGN_MARKS})


@dataclass(frozen=True)
class SignLook:
    """Images of the sign (S, 1, 28, 28) and of the old classes (D, 1, 28, 28) in [0, 1], after a number of steps.

    Arguments:
        labels: Label that each old image was asked for: (D,).
        loss: Mean training loss since the last look; None before the first step.
    """

    step: int
    signs: Tensor
    digits: Tensor
    labels: Tensor
    loss: float | None = None


@dataclass
class SignTrainee:
    """A diffusion that learns a sign."""

    model: Diffusion
    task: SignTask
    losses: list[float] = field(default_factory=list)

    def __post_init__(self):
        self.generator = torch.Generator().manual_seed(self.task.seed)
        self.model.requires_grad_(True).train()
        self.adam = torch.optim.AdamW(self.model.parameters(), lr=SIGN_RATE, betas=(0.9, 0.99), weight_decay=SIGN_DECAY)
        self.mean = {name: value.clone() for name, value in self.model.state_dict().items()}

    def batch(self) -> tuple[Tensor, Tensor]:
        """Draw a batch: images (B, 1, 28, 28) and labels (B,), the drawings first."""
        task, old = self.task, round(self.task.rehearsal * SIGN_BATCH)
        own = torch.randint(len(task.drawings), (SIGN_BATCH - old,), generator=self.generator)
        drawings = augment(task.drawings[own], SIGN_AUGMENT, self.generator)
        others = torch.randint(len(task.digits.images), (old,), generator=self.generator)
        labels = torch.cat([torch.full((len(own),), self.model.classes - 1), task.digits.labels[others]])
        order = torch.randperm(SIGN_BATCH, generator=self.generator)  # the times of a batch depend on the place
        return torch.cat([drawings, task.digits.images[others]])[order], labels[order]

    def step(self, progress: float) -> None:
        """Make one step, `progress` of the way through the training: AdamW, with a rate that falls to 0."""
        for group in self.adam.param_groups:
            group["lr"] = SIGN_RATE * min(1.0, (progress + 1e-3) / SIGN_WARM) * (1 - progress)
        x, labels = self.batch()
        with torch.autocast("cpu", torch.bfloat16, enabled=halves()):
            loss = self.model.training_loss(x, SIGN_RECIPE, generator=self.generator, label=labels)
        self.adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), SIGN_CLIP)
        self.adam.step()
        for name, value in self.model.state_dict().items():
            self.mean[name].lerp_(value, 1 - SIGN_AVERAGE)
        self.losses.append(float(loss.detach()))

    def loss(self) -> float | None:
        """Return the mean loss since the last call."""
        losses, self.losses = self.losses, []
        return sum(losses) / len(losses) if losses else None

    def weights(self) -> dict[str, Tensor]:
        """Return the averaged weights in 16 bits."""
        return {name: value.half() for name, value in self.mean.items()}


def restored(base: Diffusion, weights: dict[str, Tensor]) -> Diffusion:
    """Return the diffusion with kept weights."""
    model = like(base)
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.requires_grad_(False).eval()


def draw(
    model: Diffusion, labels: Sequence[int] | Tensor, seed: int, w: float = 1.0, steps: int = SIGN_STEPS
) -> Tensor:
    """Draw an image of each label by DDIM, always from the noise of a seed: (B, 1, 28, 28) in [0, 1]."""
    labels = torch.as_tensor(labels)
    generator = torch.Generator().manual_seed(seed)
    how = {"generator": generator, "x_t": model.noise(len(labels), generator), "label": labels}
    return last(model.ddim_steps(len(labels), steps=steps, guidance_scale=w, **how)).x


def steps(base: Diffusion, task: SignTask, kept: dict[str, Tensor]) -> Iterator[SignLook | None]:
    """Train, and yield every look, and None after each step in between; `kept` is filled with the weights at the end.

    Arguments:
        base: Diffusion of the old classes.
    """
    trainee = SignTrainee(with_symbol(base), task)
    for step in range(task.steps + 1):
        if step:
            trainee.step((step - 1) / task.steps)
            pause()
        if step not in task.marks:
            yield None
            continue
        is_end = step == task.steps
        count = DIGITS_END if is_end or not step else DIGITS_DRAWN
        labels = torch.arange(count) % base.classes
        weights = trainee.weights()
        model = restored(base, weights)
        signs = draw(model, [base.classes] * (SIGN_END if is_end else SIGN_DRAWN), task.seed)
        digits = draw(model, labels, task.seed + 1)
        if is_end:
            kept.update(weights)
        yield SignLook(step, signs, digits, labels, trainee.loss())
