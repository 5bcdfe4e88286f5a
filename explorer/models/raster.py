r"""Base class of autoregressive models over pixels: the chain rule, one pixel after another.

$$ \log p(x \mid y) = \sum_{i=1}^{784} \log p(x_{o(i)} \mid x_{o(1)}, \dots, x_{o(i-1)}, y) $$

A network computes all conditionals of a known image in one pass, in training and for log p. Sampling takes one pass for
each pixel, because each pixel must be known before the next can be predicted.
"""

from collections.abc import Callable, Generator, Iterator

import torch
from torch import Tensor

from explorer.models.images import check_label
from explorer.models.levels import GREY_LEVELS, BinaryLevels, Levels, LogisticMixture, draw_level, entropy, temper
from explorer.models.sampled import Sampled
from explorer.spaces import BINARY, LEVELS
from explorer.spaces.images import PIXELS, SIDE, Images
from explorer.steps import Number, Step


class RasterModel(Sampled):
    r"""Base class of the networks that predict each pixel from those before it.

    A subclass defines `forward(x, label=None)`, a distribution whose `log_prob(x)` has the shape of `x`, and the
    `order` of the pixels. Images are (B, 1, 28, 28) in [0, 1]: zeros and ones if `levels` is 2, multiples of 1/255 if
    it is 256.

    Arguments:
        levels: 2 or 256 grey levels.
        classes: Number of labels; 0 for none.
        components: Number of logistics in the mixture for 256 levels.
    """

    space: Images
    numbers = {
        "log_prob": Number("log p of the pixel, given those before it", "nats", curve=True),
        "entropy": Number("entropy of the pixel, given those before it", "nats", curve=True),
    }
    completes = "drawn pixel by pixel, given the rows above"
    cannot = {
        "encode": "an autoregressive model has no latent variable: it knows a pixel by the pixels before it",
        "interpolate": "an autoregressive model has no latent variable in which something could lie between two images",
    }

    def __init__(self, levels: int, classes: int, components: int = 1):
        super().__init__()
        if levels not in (2, GREY_LEVELS):
            raise ValueError(f"levels must be 2 or {GREY_LEVELS}, not {levels!r}")
        self.levels, self.classes = levels, classes
        self.space = BINARY if levels == 2 else LEVELS
        self.outputs = 1 if levels == 2 else 3 * components

    @property
    def order(self) -> Tensor:
        """Pixel indices in the order of their prediction: (784,), rows from the top, each from the left."""
        return torch.arange(PIXELS)

    def distribution(self, parameters: Tensor) -> Levels:
        """Return the distribution over levels with the network's parameters: (…, outputs) to batch shape (…)."""
        return BinaryLevels(parameters) if self.levels == 2 else LogisticMixture(parameters)

    def log_prob(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Exact log-probability of each image, in nats: (B, 1, 28, 28) to (B,).

        Shapes: `label` (B,) or None for any.

        Raises:
            ValueError: if `x` or `label` is invalid; the message says what is wanted.
        """
        return self.distribution(self.parameters_of(x, label)).log_prob(x.flatten(1)).sum(-1)

    def training_loss(self, x: Tensor, recipe: dict, *, generator: torch.Generator, label: Tensor) -> Tensor:
        """Mean of −log p(x | y) in nats, with y dropped with probability `label_dropout`.

        Shapes: `x` (B, 1, 28, 28), `label` (B,).
        """
        if not self.classes:
            return -self.log_prob(x).mean()
        dropped = torch.rand(len(x), generator=generator).to(x.device) < recipe["label_dropout"]
        return -self.log_prob(x, label.where(~dropped, self.classes)).mean()

    @torch.no_grad()
    def predictions(
        self, length: int = PIXELS, label: Tensor | None = None
    ) -> Generator[tuple[int, Tensor], int, None]:
        """Yield each pixel of an image in `order`, and log p of every level there: (L,).

        It is a generator that must be sent the true level after each prediction. The operations are the same for
        everybody who sends the same levels, so the predictions are equal to the last bit.

        Raises:
            ValueError: if the label is invalid, or the model knows no labels.
        """
        image = next(self.parameters()).new_zeros(1, length)
        predict = self.predictor(image, self.check_label(label, 1), 0)
        for pixel in self.order.tolist():
            level = yield pixel, self.distribution(predict(pixel)).log_probs[0]
            image[0, pixel] = level / (self.levels - 1)

    def sample_steps(self, n: int, *, generator: torch.Generator, **how) -> Iterator[Step]:
        """Draw n images pixel by pixel, with `draw_steps` from uniform numbers of this generator.

        Each pixel has its own uniform number, whether it is given or not, and is drawn by inverting its cumulative
        distribution. So a prefix equal to the drawn pixels changes nothing.
        """
        return self.draw_steps(torch.rand(n, PIXELS, generator=generator), **how)

    @torch.no_grad()
    def draw_steps(
        self,
        u: Tensor,
        *,
        label: Tensor | None = None,
        prefix: Tensor | None = None,
        temperature: float | Tensor = 1.0,
        cached: bool = True,
    ) -> Iterator[Step]:
        r"""Draw images pixel by pixel: one step for each pixel that is not given.

        Every step's `time` is its pixel. Its `numbers` hold for each image (n,) the pixel's `log_prob` and `entropy` at
        temperature 1, in nats, and the `parameters` (n, outputs) of its distribution.

        Arguments:
            u: A number in [0, 1) for each pixel in `order`: (n, 784).
            label: Classes (n,), or None for any.
            prefix: Values of the first k pixels in `order`, (n, k); they are kept exactly.
            temperature: T, or one for each image (n,); levels are drawn with probabilities to the power 1/T.
            cached: True to reuse features of earlier pixels if the network can; False for comparisons.

        Raises:
            ValueError: if an argument is invalid; the message says what is wanted.
        """
        if u.ndim != 2 or u.shape[1] != PIXELS:
            raise ValueError(f"u must be (n, {PIXELS}), a number for each pixel, not {tuple(u.shape)}")
        n, order = len(u), self.order
        label, given = self.check_label(label, n), self.check_prefix(prefix, n)
        temperature, u = check_temperature(temperature, n).to(given), u.to(given)
        image, known = given.new_zeros(n, PIXELS), given.shape[1]
        image[:, order[:known]] = given
        places = order.argsort().view(self.space.shape)
        predict = (self.predictor if cached else self.naive_predictor)(image, label, known)
        for index in range(known, PIXELS):
            pixel = int(order[index])
            parameters = predict(pixel)
            level, numbers = self.draw_pixel(parameters, temperature, u[:, index])
            image[:, pixel] = level / (self.levels - 1)
            shown = image.clone().view(n, *self.space.shape)
            yield Step(shown, index - known, PIXELS - known, pixel, numbers=numbers, known=places <= index)

    def draw_pixel(self, parameters: Tensor, temperature: Tensor, u: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Draw levels (n,) from tempered distributions; return them with the numbers of the untempered distributions.

        Shapes: `parameters` (n, outputs), `temperature` () or (n,), `u` (n,).
        """
        log_probs = self.distribution(parameters).log_probs
        level = draw_level(temper(log_probs, temperature), u)
        log_prob = log_probs.gather(-1, level.unsqueeze(-1)).squeeze(-1)
        return level, {"log_prob": log_prob, "entropy": entropy(log_probs), "parameters": parameters}

    def complete_steps(
        self, x: Tensor, known: Tensor, *, generator: torch.Generator, label: Tensor | None = None
    ) -> Iterator[Step]:
        """Draw the pixels after the known ones, which must be the first ones in `order`, the same in all images.

        Shapes: `x` (n, 1, 28, 28); `known` booleans of that shape, True for pixels to keep.

        Raises:
            ValueError: if other pixels are known, or all of them; the message says what is wanted.
        """
        prefix = x.flatten(1)[:, self.order[: self.check_known(x, known)]]
        return self.sample_steps(len(x), generator=generator, label=label, prefix=prefix)

    def naive_predictor(self, image: Tensor, label: Tensor | None, known: int) -> Callable[[int], Tensor]:
        """Return a function from a pixel to its parameters (n, outputs); it runs the whole network for every pixel.

        Shapes: `image` (n, 784), as drawn so far, which changes between calls; its first `known` pixels are given.
        """

        def predict(pixel: int) -> Tensor:
            return self.parameters_of(image.view(-1, 1, SIDE, SIDE), label)[:, pixel]

        return predict

    predictor = naive_predictor

    def parameters_of(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Parameters of every pixel's distribution: (B, 1, 28, 28) to (B, 784, outputs)."""
        raise NotImplementedError

    def check_known(self, x: Tensor, known: Tensor) -> int:
        """Return the number of known pixels.

        Shapes: `x` and the booleans `known` (n, 1, 28, 28).

        Raises:
            ValueError: unless these are the first ones in `order`, the same in all images.
        """
        if known.shape != x.shape or known.dtype != torch.bool:
            raise ValueError(f"known must be booleans {tuple(x.shape)}, not {known.dtype} {tuple(known.shape)}")
        count, found = int(known[0].sum()), known.flatten(1)[:, self.order]
        if not bool(found[:, :count].all()) or bool(found[:, count:].any()):
            raise ValueError("this network draws pixels in its order: only the first ones in it can be known")
        return count

    def check_label(self, label: Tensor | None, n: int) -> Tensor | None:
        """Raise ValueError unless `label` is None or (n,) integers up to `classes`, which stands for any."""
        if label is None:
            return None
        if not self.classes:
            raise ValueError("this network was trained without labels: leave the label out")
        return check_label(label, n, self.classes)

    def check_prefix(self, prefix: Tensor | None, n: int) -> Tensor:
        """Raise ValueError unless `prefix` is None or (n, k) with k < 784 and only levels of this model."""
        like = next(self.parameters())
        if prefix is None:
            return like.new_zeros(n, 0)
        if prefix.ndim != 2 or len(prefix) != n or prefix.shape[1] >= PIXELS:
            shape = tuple(prefix.shape)
            raise ValueError(f"prefix must be ({n}, k), the first k pixels with k below {PIXELS}, not {shape}")
        self.space.check_levels(prefix, "the prefix")
        return prefix.to(like)


def check_temperature(temperature: float | Tensor, n: int) -> Tensor:
    """Return one temperature, (), or one for each of n images, (n,).

    Raises:
        ValueError: if any is not a number above 0 and below 1000.
    """
    wanted = "temperature must be a number above 0 and below 1000"
    if isinstance(temperature, bool) or not isinstance(temperature, int | float | Tensor):
        raise ValueError(f"{wanted}, not {temperature!r}")
    found = torch.as_tensor(temperature, dtype=torch.get_default_dtype())
    if found.shape not in {(), (n,)} or not bool(((found > 0) & (found < 1e3)).all()):
        raise ValueError(f"{wanted}, or one for each image ({n},), not {found.tolist()}"[:200])
    return found
