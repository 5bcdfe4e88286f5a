r"""The game of a GAN in the plane: small networks, played by several seeds at once.

The discriminator $D = \sigma(f)$ learns to separate data from the generator's samples; the generator learns to fool it.
Each player's loss is the mean over a batch of

| | discriminator | generator |
| :-- | :-- | :-- |
| saturating | $-\log D(x) - \log(1 - D(G(z)))$ | $\log(1 - D(G(z)))$ |
| non-saturating | the same | $-\log D(G(z))$ |
| WGAN-GP | $f(G(z)) - f(x) + \lambda (\|\nabla f(\hat x)\| - 1)^2$ | $-f(G(z))$ |

where $\hat x$ is uniform on the line between a real and a generated point.

References:
    Goodfellow et al., Generative Adversarial Nets, 2014, https://arxiv.org/abs/1406.2661
    Gulrajani et al., Improved Training of Wasserstein GANs, 2017, https://arxiv.org/abs/1704.00028
    Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018, https://arxiv.org/abs/1802.05957
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.data.toys import Mixture

LOSSES = ("saturating", "non-saturating", "wgan-gp")
LATENT, WIDTH, BATCH, CODES = 2, 64, 128, 1000
GAME_BETAS = (0.5, 0.9)
PENALTY = 0.1
ADAM = ("step", "exp_avg", "exp_avg_sq")  # Adam's state of each weight
STREAMS = 4  # of each seed: initial weights, batches, points of the penalty, displayed codes


@dataclass(frozen=True)
class Rules:
    """Settings of a game; `spectral` divides each layer of D by its largest singular value."""

    loss: str = "wgan-gp"
    spectral: bool = False
    d_steps: int = 1
    lr_d: float = 1e-3
    lr_g: float = 1e-3


@dataclass(frozen=True)
class Round:
    """Result of a round for each seed, (S,): the two losses, and the norm of the generator's gradient."""

    index: int
    loss_d: Tensor
    loss_g: Tensor
    gradient: Tensor


class Player(nn.Module):
    """An MLP of two hidden layers for each of S seeds: (S, B, inputs) to (S, B, outputs)."""

    def __init__(self, sizes: Sequence[int], generators: Sequence[torch.Generator], spectral: bool = False):
        super().__init__()
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = nn.ParameterList(_uniform(pair, pair[0], generators) for pair in pairs)
        self.biases = nn.ParameterList(_uniform((1, pair[1]), pair[0], generators) for pair in pairs)
        self.spectral = spectral
        self.left = [F.normalize(weight.detach().sum(-1), dim=-1) for weight in self.weights]  # (S, inputs)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: `x` (S, B, inputs); the result (S, B, outputs)."""
        for index, (weight, bias) in enumerate(zip(self.weights, self.biases)):
            weight = weight / self.largest(index)[:, None, None] if self.spectral else weight
            x = torch.baddbmm(bias, F.leaky_relu(x, 0.2) if index else x, weight)
        return x

    def largest(self, index: int) -> Tensor:
        r"""Estimate a layer's largest singular value $u^\top W v$ for each seed, from the current vectors: (S,)."""
        weight, left = self.weights[index], self.left[index]
        right = F.normalize(torch.einsum("si,sio->so", left, weight), dim=-1).detach()
        return torch.einsum("si,sio,so->s", left, weight, right)

    @torch.no_grad()
    def power_step(self) -> None:
        """Make one step of power iteration on the singular vectors of all layers."""
        for index, weight in enumerate(self.weights):
            right = F.normalize(torch.einsum("si,sio->so", self.left[index], weight), dim=-1)
            self.left[index] = F.normalize(torch.einsum("sio,so->si", weight, right), dim=-1)


def _uniform(shape: tuple[int, int], inputs: int, generators: Sequence[torch.Generator]) -> nn.Parameter:
    r"""Draw uniform weights between $\pm 1/\sqrt{inputs}$, each seed's from its own stream: (S, *shape)."""
    draws = torch.stack([torch.rand(shape, generator=generator) for generator in generators])
    return nn.Parameter((2 * draws - 1) / math.sqrt(inputs))


def loss_of_d(loss: str, real: Tensor, made: Tensor) -> Tensor:
    """Discriminator loss for its values (S, B) at real and generated points, without a penalty: (S,)."""
    if loss == "wgan-gp":
        return made.mean(-1) - real.mean(-1)
    return F.softplus(-real).mean(-1) + F.softplus(made).mean(-1)


def loss_of_g(loss: str, made: Tensor) -> Tensor:
    """Generator loss for the discriminator's values (S, B) at generated points: (S,)."""
    if loss == "wgan-gp":
        return -made.mean(-1)
    return F.softplus(-made).mean(-1) if loss == "non-saturating" else -F.softplus(made).mean(-1)


def gradient_penalty(f: Callable[[Tensor], Tensor], real: Tensor, made: Tensor, places: Tensor) -> Tensor:
    r"""Gradient penalty $(\|\nabla f(\hat x)\| - 1)^2$ at $\hat x = u x + (1 - u) G(z)$: (S,).

    Shapes: `real` and `made` (S, B, 2), `places` u (S, B, 1).
    """
    between = (places * real + (1 - places) * made).detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(between).sum(), between, create_graph=True)
    return ((slope.square().sum(-1) + 1e-12).sqrt() - 1).square().mean(-1)


class Game:
    """Generators and discriminators of several seeds, which play the same game independently in parallel.

    Each seed has its own random streams for the initial weights, the batches, the penalty and the displayed points. So
    games with other losses begin with the same networks and see the same data.
    """

    def __init__(self, data: Mixture, rules: Rules, seeds: Sequence[int]):
        weights, self._batches, self._places, codes = (
            [torch.Generator().manual_seed(STREAMS * seed + stream) for seed in seeds] for stream in range(STREAMS)
        )
        self.data, self.rules = data, rules
        self.rounds, self.steps_d, self.steps_g = 0, 0, 0
        self.g = Player((LATENT, WIDTH, WIDTH, 2), weights)
        self.d = Player((2, WIDTH, WIDTH, 1), weights, rules.spectral)
        self.codes = self._normal(codes, CODES)
        self._adam_g = torch.optim.Adam(self.g.parameters(), rules.lr_g, GAME_BETAS, fused=True)
        self._adam_d = torch.optim.Adam(self.d.parameters(), rules.lr_d, GAME_BETAS, fused=True)
        self.loss_d: Tensor | None = None
        self.loss_g: Tensor | None = None
        self.gradient: Tensor | None = None

    @staticmethod
    def _normal(generators: Sequence[torch.Generator], n: int) -> Tensor:
        return torch.stack([torch.randn(n, LATENT, generator=generator) for generator in generators])

    def values(self, x: Tensor) -> Tensor:
        """Output of the discriminator before its sigmoid, at points (S, B, 2): (S, B)."""
        return self.d(x).squeeze(-1)

    def d_step(self) -> None:
        """Make one step of the discriminator; its loss is `loss_d`: (S,)."""
        real = torch.stack([self.data.sample(BATCH, generator) for generator in self._batches])
        with torch.no_grad():
            made = self.g(self._normal(self._batches, BATCH))
        if self.rules.spectral:
            self.d.power_step()
        f = self.values(torch.cat([real, made], 1))
        lost = loss_of_d(self.rules.loss, f[:, :BATCH], f[:, BATCH:])
        if self.rules.loss == "wgan-gp":
            places = torch.stack([torch.rand(BATCH, 1, generator=generator) for generator in self._places])
            lost = lost + PENALTY * gradient_penalty(self.values, real, made, places)
        self._adam_d.zero_grad()
        lost.sum().backward()
        self._adam_d.step()
        self.loss_d = lost.detach()
        self.steps_d += 1

    def g_step(self) -> None:
        """Make one step of the generator; its loss is `loss_g`, and the norm of its gradient `gradient`: (S,) each."""
        self.loss_g, self.gradient = self.generator_loss(self.rules.loss, self._normal(self._batches, BATCH))
        self._adam_g.step()
        self.steps_g += 1

    def generator_loss(self, loss: str, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the generator loss at codes (S, B, 2), and the norm of its gradient: (S,) each.

        The gradient stays stored in the generator.
        """
        self._adam_g.zero_grad()
        lost = loss_of_g(loss, self.values(self.g(codes)))
        lost.sum().backward(inputs=list(self.g.parameters()))
        squares = [p.grad.square().sum((1, 2)) for p in self.g.parameters() if p.grad is not None]
        gradient = sum(squares, start=torch.zeros(())).sqrt()
        return lost.detach(), gradient

    def round(self) -> Round:
        """Play `d_steps` steps of the discriminator, as the rules say, and one of the generator."""
        for _ in range(self.rules.d_steps):
            self.d_step()
        self.g_step()
        self.rounds += 1
        return Round(self.rounds, *self.told())

    def told(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the losses of the discriminator and of the generator, and the norm of its gradient: (S,) each."""
        assert self.loss_d is not None and self.loss_g is not None and self.gradient is not None, "no round was played"
        return self.loss_d, self.loss_g, self.gradient

    @torch.no_grad()
    def samples(self, n: int = CODES) -> Tensor:
        """Return the generator's points for the first n displayed codes: (S, n, 2)."""
        return self.g(self.codes[:, :n])

    def state(self) -> dict[str, Tensor]:
        """Return the complete state of the game by name: weights, Adam's moments, and the random streams.

        Shapes: `counts` (3,), rounds and steps of D and G; `told` (3, S), both losses and the gradient's norm. The
        others are as they are stored.
        """
        kept = {"counts": torch.tensor([self.rounds, self.steps_d, self.steps_g])}
        kept["told"] = torch.stack(self.told())
        for name, player, adam in self._sides():
            kept |= {f"{name}.left.{index}": left for index, left in enumerate(player.left)}
            for index, weight in enumerate(player.parameters()):
                kept[f"{name}.{index}"] = weight.detach()
                kept |= {f"{name}.{index}.{key}": value for key, value in adam.state[weight].items()}
        for name, streams in self._streams():
            kept |= {f"{name}.{index}": stream.get_state() for index, stream in enumerate(streams)}
        return kept

    @torch.no_grad()
    def restore(self, kept: Mapping[str, Tensor]) -> None:
        """Restore a `state` that was saved after at least one round of a game with the same rules and seeds.

        Shapes: as in `state`.

        Raises:
            KeyError: if an entry is missing.
        """
        self.rounds, self.steps_d, self.steps_g = kept["counts"].tolist()
        self.loss_d, self.loss_g, self.gradient = kept["told"]
        for name, player, adam in self._sides():
            player.left = [kept[f"{name}.left.{index}"] for index in range(len(player.left))]
            for index, weight in enumerate(player.parameters()):
                weight.copy_(kept[f"{name}.{index}"])
                adam.state[weight] = {key: kept[f"{name}.{index}.{key}"].clone() for key in ADAM}
        for name, streams in self._streams():
            for index, stream in enumerate(streams):
                stream.set_state(kept[f"{name}.{index}"])

    def _sides(self) -> Iterator[tuple[str, Player, torch.optim.Adam]]:
        yield from (("g", self.g, self._adam_g), ("d", self.d, self._adam_d))

    def _streams(self) -> Iterator[tuple[str, list[torch.Generator]]]:
        yield from (("batches", self._batches), ("places", self._places))

    def pulls(self, n: int) -> tuple[Tensor, Tensor]:
        r"""Return the points of `made`, and their gradients $-B \, \partial L_G / \partial G(z)$, (S, n, 2) each."""
        made = self.samples(n).requires_grad_()
        (slope,) = torch.autograd.grad(n * loss_of_g(self.rules.loss, self.values(made)).sum(), made)
        return made.detach(), -slope


def play(game: Game, rounds: int) -> Iterator[Round]:
    """Play rounds of a game, and yield each as it ends."""
    for _ in range(rounds):
        yield game.round()


def train_further(game: Game, critic: Game, steps: int) -> Iterator[dict[str, Tensor]]:
    """Train the discriminators of two games further while their common generator is frozen.

    Yields the norm of the generator's gradient (S,) under every loss, before the first step and after each. The first
    game's discriminator is trained to separate real from generated points; the second's is a Wasserstein critic. The
    generator's codes are the same every time.

    Reference: Arjovsky & Bottou, Towards Principled Methods for Training GANs, 2017, figure 2,
    https://arxiv.org/abs/1701.04862
    """
    players = {"saturating": game, "non-saturating": game, "wgan-gp": critic}
    for step in range(steps + 1):
        if step:
            game.d_step()
            critic.d_step()
        yield {loss: player.generator_loss(loss, player.codes)[1] for loss, player in players.items()}
