r"""Muon: momentum whose matrix is orthogonalised before each step, and AdamW for all other weights.

For a matrix W of a hidden layer with gradient G, momentum $\mu$ and learning rate $\eta$:

$$ M \leftarrow \mu M + (1 - \mu) G, \quad N = (1 - \mu) G + \mu M, \quad
   W \leftarrow W - \eta \sqrt{\max(1, \tfrac{\text{rows}}{\text{columns}})} \; U V^\top, \quad N = U \Sigma V^\top $$

So each step changes all directions of a layer alike. The kernels of a convolution are one matrix, with a row for each
channel that leaves it. Five Newton–Schulz iterations approximate $U V^\top$: an odd
polynomial moves every singular value into about [0.7, 1.2]. Embeddings, outputs, biases and norms follow AdamW.

References:
    Jordan et al., Muon: An optimizer for hidden layers in neural networks, 2024,
    https://kellerjordan.github.io/posts/muon/
    Loshchilov & Hutter, Decoupled Weight Decay Regularization, 2019, https://arxiv.org/abs/1711.05101
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

QUINTIC = (3.4445, -4.7750, 2.0315)  # coefficients of the polynomial a x + b x³ + c x⁵
ITERATIONS = 5
MOMENTUM = 0.95


def orthogonalise(matrix: Tensor, iterations: int = ITERATIONS) -> Tensor:
    r"""Approximate $U V^\top$ of a matrix $U \Sigma V^\top$, in bfloat16: (m, n) to (m, n)."""
    a, b, c = QUINTIC
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = (wide / (wide.norm() + 1e-7)).bfloat16()
    for _ in range(iterations):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    x = x if wide is matrix else x.T
    return x.to(matrix)


class Muon(Optimizer):
    """Muon for the groups with `muon=True`, AdamW for the others.

    Arguments:
        groups: Parameter groups with "params", "lr" and "muon".
        betas: Decay rates of AdamW.
        weight_decay: Decoupled weight decay of all groups.
    """

    def __init__(self, groups: Iterable[dict], betas: tuple[float, float], weight_decay: float):
        super().__init__(groups, {"lr": 0.0, "muon": False, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """Change all weights that have a gradient."""
        for group in self.param_groups:
            change = self._follow_momentum if group["muon"] else self._follow_adam
            for weight in group["params"]:
                if weight.grad is not None:
                    weight.mul_(1 - group["lr"] * group["weight_decay"])
                    change(weight, weight.grad, group)

    def _follow_momentum(self, weight: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight)
        state["momentum"].lerp_(gradient, 1 - MOMENTUM)
        direction = orthogonalise(gradient.lerp(state["momentum"], MOMENTUM).flatten(1))
        rows, columns = direction.shape
        weight.add_(direction.view(weight.shape), alpha=-group["lr"] * max(1, rows / columns) ** 0.5)

    def _follow_adam(self, weight: Tensor, gradient: Tensor, group: dict) -> None:
        state, (first, second) = self.state[weight], group["betas"]
        if not state:
            state |= {"step": torch.tensor(0.0), "mean": torch.zeros_like(weight), "square": torch.zeros_like(weight)}
        state["step"] += 1
        steps = float(state["step"])
        state["mean"].lerp_(gradient, 1 - first)
        state["square"].lerp_(gradient.square(), 1 - second)
        spread = (state["square"] / (1 - second**steps)).sqrt_().add_(1e-8)
        weight.addcdiv_(state["mean"], spread, value=-group["lr"] / (1 - first**steps))


def hidden_matrices(model: nn.Module, parts: Iterable[str]) -> list[Tensor]:
    """Return the weights of all linear layers and convolutions in these parts of a network, such as `network.up`."""
    modules = (each for part in parts for each in model.get_submodule(part).modules())
    return [each.weight for each in modules if isinstance(each, nn.Linear | nn.Conv2d)]
