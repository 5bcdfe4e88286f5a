"""Declaration of what a question may ask of a model of any family."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from torch import Tensor, nn
from torch.distributions import Independent

from explorer.spaces import Discrete, Space
from explorer.steps import Number, Step


class Model(nn.Module):
    """A network that models x.

    It declares types only, and defines nothing: a family has those attributes and methods that it can have, and
    `hasattr` tells. If it lacks a method, `cannot` may say why. Further arguments of a method are the family's own.
    """

    title: str
    family: str
    space: Space
    loss_unit: str
    represents: str
    """Description of `features` in words."""
    numbers: Mapping[str, Number]
    """Descriptions of the numbers of its steps."""
    cannot: Mapping[str, str]
    """Reason for each missing capability, by name, as a clause after “cannot, because”."""
    classes: int
    """Number of labels; 0 without any."""
    reads_words: bool
    """Whether it draws given words; then samplers take `tokens` (n, L), the ids of each x's words."""
    no_words: Tensor
    """Ids (L,) that stand for no words."""
    read_by: str
    """Name of the network that reads its x back into words."""
    tokens: int
    """Number of codes of one x, of a model of codes."""
    bound_draws: int
    """Number of estimates of a bound."""
    codes_named: str
    """Description of the codes that `code_log_prob` or `code_elbo` is about, in words."""
    latent: int
    objective: str
    """Objective of the energy that answers, of several."""
    log_z: tuple[float, float] | None
    """Measured log Z of an unnormalised density and its standard error, in nats; None before that."""

    encode: Callable[..., Any]
    """Map x to its codes, or to their distribution."""
    decode: Callable[..., Any]
    """Map codes to x, or to its distribution."""
    features: Callable[..., Tensor]

    sample: Callable[..., Tensor]
    sample_steps: Callable[..., Iterator[Step]]
    complete_steps: Callable[..., Iterator[Step]]
    completes_exactly: Callable[[Tensor], bool]
    """Whether `complete_steps` draws exactly from the model, given which parts are known (*shape)."""
    interpolate_steps: Callable[..., Iterator[Step]]
    between_words_steps: Callable[..., Iterator[Step]]
    """Steps to the places between two ends, each the ids of words (L,) and a seed of noise."""
    predictions: Callable[..., Generator[tuple[int, Tensor], int, None]]
    """Each place in the order of prediction, with log p of every symbol there; it is sent the symbol."""

    log_prob: Callable[..., Tensor]
    """Exact log p(x) in nats: (B, *shape) to (B,)."""
    elbo: Callable[..., Tensor]
    """Unbiased estimate of a lower bound on log p(x)."""
    code_log_prob: Callable[..., Tensor]
    """Exact log p of the codes of x given words, in nats, where x itself has no likelihood: (B, *shape) to (B,)."""
    code_elbo: Callable[..., Tensor]
    """Unbiased estimate of a lower bound on it."""
    code_predictions: Callable[[Tensor], Generator[Tensor, int, None]]
    """log p (K,) of every symbol at each code in order, given the ids of words (L,); it is sent the symbol."""
    codec: Any
    """Network with `encode` and `decode` in whose codes it draws."""
    vocabulary: int
    """Number of words that it knows."""
    estimate: Callable[[Tensor], tuple[Tensor, float]]
    """Estimate of log p(x) by the measured log Z, and the standard error common to all x."""
    energy: Callable[..., Tensor]
    """−log p(x) up to a constant."""
    log_prob_by_grid: Callable[[Tensor], Tensor]
    log_prob_by_ode: Callable[..., Tensor]
    """Estimate of log p(x) by an ODE in fixed steps, `solved` of them, by a method of order `solver_order`."""
    log_prob_adaptive: Callable[[Tensor], tuple[Tensor, Tensor]]
    """log p(x) by an ODE in adaptive steps, and the error of the solver."""
    estimate_draws: int
    """Number of estimates of one x."""
    solved: int
    solver_order: int
    solver_error: Callable[[Tensor], float]
    anomaly_score: Callable[..., Tensor]

    training_loss: Callable[..., Tensor]
    fit_steps: Callable[..., Iterator[float]]
    """Steps of a fit without gradients; each yields its loss."""


def discrete(model: Model) -> Discrete:
    """Return the space of a model whose x are sequences of symbols.

    Raises:
        TypeError: if they are not.
    """
    if not isinstance(model.space, Discrete):
        raise TypeError(f"a {model.space.title} is no sequence of symbols")
    return model.space


class BitsBack(Model):
    """Declaration of a VAE with a standard normal prior, Gaussian q(z | x) and independent pixels."""

    encode: Callable[[Tensor], Independent]
    decode: Callable[[Tensor], Independent]
