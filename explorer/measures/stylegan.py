"""Measures of a StyleGAN: samples, truncation, mixed styles, noise, and directions and paths of w."""

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor

from explorer import data
from explorer.measures.common import Load, in_chunks, mean_row
from explorer.measures.metrics import reach, within
from explorer.measures.quality import CHUNK, Draw, in_parts
from explorer.measures.strokes import TRAITS, UNITS
from explorer.models.classifier import Classifier
from explorer.models.stylegan import GROUP, LEVEL_OF, StyleGAN
from explorer.networks import checkpoints
from explorer.networks.card import Card, find, row
from explorer.running.device import device_of

ROUNDING_IMAGES = 1_000
N = 2_000  # samples, and test images, of most figures
STYLEGAN_LEVELS = ("coarse", "middle", "fine")
"""Names of the three resolutions."""
PSIS = tuple(step / 10 for step in range(11))
MAPPED = 10_000  # w whose principal directions are found
DIRECTIONS, MOVED, STYLEGAN_FAR = (
    6,
    500,
    2.0,
)  # directions, images that are moved along each, and how many σ to either side
RESAMPLED = 1_000  # bootstrap samples of a ratio
DRAWS, REDRAWN = 16, 200  # noise draws of each image, and number of images


@torch.no_grad()
def objectives(model: StyleGAN, held_out: data.Split, training: dict) -> list[float]:
    """Return both players' losses on the first held-out images, without the penalty."""
    real, made = scores(model, held_out[:ROUNDING_IMAGES], torch.Generator().manual_seed(0))
    discriminator = F.softplus(-real) + F.softplus(made)
    return [float(discriminator.double().mean()), float(F.softplus(-made).double().mean())]


@torch.no_grad()
def scores(model: StyleGAN, split: data.Split, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return the scores of a split's images and of as many samples, in whole groups: (N,) and (N,)."""
    device, index = device_of(model), torch.arange(len(split) // GROUP * GROUP)

    def look(part: Tensor) -> tuple[Tensor, Tensor]:
        made = model.sample(len(part), generator=generator)
        return model.score(split[part].pixels().to(device)), model.score(made)

    real, made = in_chunks(index, look, CHUNK // GROUP * GROUP)
    return real, made


def figures(model: StyleGAN, dataset: str, folder: Path, load: Load, seed: int, earlier: dict) -> dict:
    """Measure the scores of test images and of samples."""
    real, made = scores(model, load(dataset, "test")[:N], torch.Generator().manual_seed(seed))
    return {"rows": [mean_row("score_real", real, seed=seed), mean_row("score_made", made, seed=seed)]}


def headline(card: Card) -> str:
    """Return the summary that the command line prints after measuring."""
    real, made = (find(card, name)["value"] for name in ("score_real", "score_made"))
    return f"score of real images {real:.2f}, of samples {made:.2f}"


def samplers(model: StyleGAN) -> dict[str, Draw]:
    """Return the samplers whose samples are evaluated, by name."""

    def draw(n: int, generator: torch.Generator, label: Tensor | None) -> Tensor:
        return model.sample(n, generator=generator)

    return {"one pass": in_parts(draw, CHUNK, "one pass")}


@torch.no_grad()
def classes_of(classifier: Classifier, x: Tensor) -> Tensor:
    """Return the predicted classes of images (N, 1, 28, 28): (N,)."""
    return in_chunks(x.to(device_of(classifier)), lambda part: classifier(part).argmax(-1), CHUNK)[0]


@torch.no_grad()
def generate(model: StyleGAN, w: Tensor, noise: list[Tensor]) -> Tensor:
    """Generate images of w (N, width) or (N, 3, width) in chunks, with their noise: (N, 1, 28, 28)."""
    index = torch.arange(len(w), device=w.device)
    return in_chunks(index, lambda part: model.generate(w[part], [each[part] for each in noise]), CHUNK)[0]


@torch.no_grad()
def truncation(model: StyleGAN, dataset: str, load: Load, seed: int) -> dict:
    """Measure precision and recall of truncated samples, against as many test images."""
    classifier, generator = checkpoints.load(f"classifier-{dataset}"), torch.Generator().manual_seed(seed)

    def features(x: Tensor) -> Tensor:
        return in_chunks(x.to(device_of(classifier)), classifier.features, CHUNK)[0]

    real = features(load(dataset, "test")[:N].pixels())
    real_reach, found = reach(real), []
    z, noise = model.codes(N, generator), model.noise(N, generator)
    for psi in track(PSIS, "truncation"):
        made = features(generate(model, model.w_of(z, psi), noise))
        setting = {"psi": psi, "seed": seed}
        found.append(mean_row("precision", within(made, real, real_reach), **setting))
        found.append(mean_row("recall", within(real, made, reach(made)), **setting))
    return {"rows": found}


def mixed_styles(a: Tensor, b: Tensor, level: int) -> Tensor:
    """Return w of a (N, width) at each resolution, but that of b at one: (N, 3, width)."""
    styles = a.unsqueeze(1).repeat(1, len(STYLEGAN_LEVELS), 1)
    styles[:, level] = b
    return styles


@torch.no_grad()
def mixing(model: StyleGAN, dataset: str, load: Load, seed: int) -> dict:
    """Measure how often an image keeps its class if one resolution takes the style of an image of another class."""
    classifier, generator = checkpoints.load(f"classifier-{dataset}"), torch.Generator().manual_seed(seed)
    w, noise = model.w_of(model.codes(2 * N, generator)), model.noise(N, generator)
    a, b = w.chunk(2)
    of_a, of_b = (classes_of(classifier, generate(model, each, noise)) for each in (a, b))
    differ, found = of_a != of_b, []
    for level, name in enumerate(STYLEGAN_LEVELS):
        mixed = classes_of(classifier, generate(model, mixed_styles(a, b, level), noise))
        found.append(mean_row("kept", (mixed == of_a)[differ], level=name, seed=seed))
        found.append(mean_row("taken", (mixed == of_b)[differ], level=name, seed=seed))
    return {"rows": found}


def replace_noise(fixed: list[Tensor], fresh: list[Tensor], level: int | None) -> list[Tensor]:
    """Return fixed noise (1, 1, H, W), but fresh noise (N, 1, H, W) at one resolution, or everywhere if None."""
    pairs = zip(fixed, fresh, LEVEL_OF)
    return [new if level in (None, at) else old.expand_as(new) for old, new, at in pairs]


@torch.no_grad()
def noise_effect(model: StyleGAN, dataset: str, load: Load, seed: int) -> dict:
    """Measure what the noise of each resolution moves: the standard deviation of a pixel, and the class.

    The deviation is the root mean square over the pixels of an image.
    """
    classifier, generator = checkpoints.load(f"classifier-{dataset}"), torch.Generator().manual_seed(seed)
    w, found = model.w_of(model.codes(REDRAWN, generator)), []
    fixed = [model.noise(1, generator) for _ in range(REDRAWN)]
    for level, name in [*enumerate(STYLEGAN_LEVELS), (None, "all")]:
        moved, changed = [], []
        for one, still in zip(track(w, f"noise, {name}"), fixed):
            noise = replace_noise(still, model.noise(DRAWS, generator), level)
            x = generate(model, one.expand(DRAWS, -1), noise)
            first = generate(model, one.unsqueeze(0), still)
            moved.append(x.var(0).mean().sqrt())
            changed.append((classes_of(classifier, x) != classes_of(classifier, first)).double().mean())
        found.append(mean_row("moved", torch.stack(moved), level=name, seed=seed))
        found.append(mean_row("class_changed", torch.stack(changed), level=name, seed=seed))
    return {"rows": found}


@torch.no_grad()
def principal_directions(model: StyleGAN, count: int = DIRECTIONS) -> tuple[Tensor, Tensor]:
    """Return the first principal directions of w, scaled to one standard deviation, and their shares of the variance.

    The largest entry of each direction is positive. Shapes: (count, width) and (count,).
    """
    w = model.w_of(model.codes(MAPPED, torch.Generator().manual_seed(0))).double()
    _, sizes, axes = torch.linalg.svd(w - w.mean(0), full_matrices=False)
    axes = axes[:count] * axes[:count].gather(1, axes[:count].abs().argmax(1, keepdim=True)).sign()
    deviations = sizes[:count] / (len(w) - 1) ** 0.5
    shares = sizes[:count].square() / sizes.square().sum()
    return (axes * deviations[:, None]).float(), shares


def both_ends(w: Tensor, direction: Tensor) -> Iterator[Tensor]:
    """Yield w (N, width) moved by `STYLEGAN_FAR` standard deviations against a direction (width,), and along it."""
    yield from (w - STYLEGAN_FAR * direction, w + STYLEGAN_FAR * direction)


@torch.no_grad()
def directions(model: StyleGAN, dataset: str, load: Load, seed: int) -> dict:
    """Measure what changes between both ends of each principal direction: simple measures, and the class.

    `effect` is the mean change of a measure divided by its standard deviation over samples.
    """
    classifier, generator = checkpoints.load(f"classifier-{dataset}"), torch.Generator().manual_seed(seed)
    w, noise = model.w_of(model.codes(MOVED, generator)), model.noise(MOVED, generator)
    usual = {name: measure(generate(model, w, noise)).double().std() for name, measure in TRAITS.items()}
    axes, shares = principal_directions(model)
    found = []
    for index, (axis, share) in enumerate(zip(axes, shares.tolist())):
        of = {"direction": index + 1, "seed": seed}
        found.append(row("variance", share, n=MAPPED, seed=0, direction=index + 1))
        low, high = (generate(model, each, noise) for each in both_ends(w, axis))
        for name, measure in TRAITS.items():
            change = (measure(high) - measure(low)).double()
            found.append(mean_row("change", change, unit=UNITS[name], of=name, **of))
            found.append(mean_row("effect", change / usual[name], of=name, **of))
        classes = [classes_of(classifier, each) for each in (low, high)]
        found.append(mean_row("class_changed", classes[0] != classes[1], **of))
        for end, each in zip(("low", "high"), classes):
            common = each.mode().values
            found.append(mean_row("commonest", each == common, end=end, label=int(common), **of))
    return {"rows": found}


def arcs(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Return places t (N,) on the arcs between codes a and b (N, latent), as `spherical_path` does: (N, latent)."""
    angle = torch.cosine_similarity(a, b).clamp(-1, 1).acos()
    weights = torch.stack([((1 - t) * angle).sin(), (t * angle).sin()]) / angle.sin()
    return weights[0][:, None] * a + weights[1][:, None] * b


@torch.no_grad()
def speeds(
    model: StyleGAN, classifier: Classifier, a: Tensor, b: Tensor, t: Tensor, noise: list[Tensor]
) -> dict[str, Tensor]:
    r"""Return the squared speed of the features φ on the paths between codes a and b, at places t: (N,) each.

    $\|\frac{d}{dt} \varphi(G(c(t)))\|^2$, where the path c is an arc in z or a line in w. Its mean is the perceptual
    path length, whose small distance ε goes to 0 here. The derivative is computed in forward mode.

    Shapes: `a` and `b` (N, latent), `t` (N,).

    Reference: Karras et al. 2019, §4.1
    """
    start, end = model.w_of(a), model.w_of(b)
    paths = {"z": lambda t: model.w_of(arcs(a, b, t)), "w": lambda t: torch.lerp(start, end, t[:, None])}

    def speed(path: Callable[[Tensor], Tensor]) -> Tensor:
        def features(t: Tensor) -> Tensor:
            return classifier.features(model.generate(path(t), noise))

        return torch.func.jvp(features, (t,), (torch.ones_like(t),))[1].square().sum(-1)

    return {space: speed(path) for space, path in paths.items()}


def path_lengths(model: StyleGAN, dataset: str, load: Load, seed: int) -> dict:
    """Measure the perceptual path length of z and of w, and the ratio of both with an interval by bootstrap."""
    classifier, generator = checkpoints.load(f"classifier-{dataset}"), torch.Generator().manual_seed(seed)
    (a, b), t = model.codes(2 * N, generator).chunk(2), torch.rand(N, generator=generator).to(device_of(model))
    noise = model.noise(N, generator)

    def look(part: Tensor) -> tuple[Tensor, Tensor]:
        found = speeds(model, classifier, a[part], b[part], t[part], [each[part] for each in noise])
        return found["z"], found["w"]

    z, w = (each.double() for each in in_chunks(torch.arange(N), look, CHUNK))
    again = torch.randint(N, (RESAMPLED, N), generator=generator)
    ratios = z[again].mean(1) / w[again].mean(1)
    ratio = row("path_ratio", float(z.mean() / w.mean()), se=float(ratios.std()), n=N, seed=seed)
    return {"rows": [*(mean_row("path_length", each, of=of, seed=seed) for of, each in (("z", z), ("w", w))), ratio]}


PARTS = {
    "truncation": truncation,
    "mixing": mixing,
    "noise": noise_effect,
    "directions": directions,
    "paths": path_lengths,
}
