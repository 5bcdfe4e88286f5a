r"""One value of a layer, written out: the sum that gives it, its largest terms, and the formula.

A value of a linear map is $y_i = \sum_j w_{ij} x_j + b_i$. Its weights are the derivatives
$\partial y_i / \partial x_j$, by autograd. So masked, strided and transposed maps need no rule of their own.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.questions.recording import CURVE_OPS, MOVE_OPS, NORM_OPS, PAIR_OPS, POOL_OPS, PRODUCT_OPS, SUM_OPS, Call

TERMS_LISTED = 8  # largest terms that are listed
FORMULAS = {
    "relu": "y = max(0, x)",
    "silu": "y = x · σ(x)",
    "gelu": "y = x · Φ(x)",
    "leaky_relu": "y = x if x > 0, else a · x",
    "sigmoid": "y = σ(x) = 1 / (1 + e⁻ˣ)",
    "tanh": "y = tanh x",
    "softplus": "y = ln(1 + eˣ)",
    "elu": "y = x if x > 0, else eˣ − 1",
    "exp": "y = eˣ",
    "softmax": "yᵢ = exp xᵢ / Σⱼ exp xⱼ",
    "log_softmax": "yᵢ = xᵢ − ln Σⱼ exp xⱼ",
    "scaled_dot_product_attention": "yᵢ = Σⱼ aᵢⱼ vⱼ, a = softmax(q kᵀ / √d)",
    "add": "y = a + b",
    "mul": "y = a · b",
    "sub": "y = a − b",
    "embedding": "y = the row of the table for this symbol",
    "cat": "y = one of the inputs, side by side",
    "interpolate": "y = Σ w · x, fixed weights",
    "pixel_shuffle": "y = x, channels rearranged into places",
    "pixel_unshuffle": "y = x, places rearranged into channels",
    **dict.fromkeys(SUM_OPS, "y = Σ w · x + b"),
    **dict.fromkeys(PRODUCT_OPS, "y = Σ w · x + b"),
    **dict.fromkeys(("avg_pool1d", "avg_pool2d", "adaptive_avg_pool2d"), "y = mean of x"),
    **dict.fromkeys(("max_pool1d", "max_pool2d"), "y = max of x"),
    **dict.fromkeys(NORM_OPS, "y = (x − μ) / √(σ² + ε) · γ + β"),
    "lstm": "c = f · c + i · g, y = o · tanh c",
}
"""Formula of each operation."""


@dataclass(frozen=True)
class Term:
    """Term w · x of a sum.

    `place` is the place of x in its layer, and `index` that place flattened; `weight` is the place of w in its tensor.
    """

    w: float
    x: float
    place: tuple[int, ...]
    index: int
    weight: int | None

    @property
    def product(self) -> float:
        """w · x."""
        return self.w * self.x


@dataclass(frozen=True)
class Written:
    """One value, written out.

    Arguments:
        value: The recorded value.
        place: Its place in the layer.
        formula: Formula of the operation.
        terms: Largest terms of its sum, by absolute value.
        count: Number of terms.
        rest: Sum of all other terms.
        bias: Bias, if the operation has one.
        parts: Named numbers of another formula, such as μ and σ.
        slots: Places of x and of the weights among the inputs.
    """

    value: float
    place: tuple[int, ...]
    formula: str
    terms: Sequence[Term] = ()
    count: int = 0
    rest: float = 0.0
    bias: float | None = None
    parts: Sequence[tuple[str, float]] = ()
    slots: tuple[int, int | None] = (0, 1)


def written(call: Call, index: int) -> Written:
    """Return how the value at a place, flattened, of a layer's output (1, …) comes about.

    Raises:
        ValueError: if there is no such place, or no value was kept.
    """
    if call.output is None or not call.output.numel():
        raise ValueError("this layer has no output in this run")
    if not 0 <= index < call.output.numel():
        raise ValueError(f"the place must be from 0 to {call.output.numel() - 1:,}")
    value = call.output.flatten()[index].item()
    place = tuple(int(each) for each in torch.unravel_index(torch.tensor(index), call.output.shape))
    operation = call.operation
    if operation is None or operation.again is None or not _repeats(operation):
        return Written(value, place, FORMULAS.get(operation.name, "") if operation else "")
    with torch.enable_grad():
        return _of_operation(operation, index, value, place)


def _repeats(call: Call) -> bool:
    """True if the operation gives the recorded value once more, for the first row alone."""
    assert call.again is not None and call.output is not None
    again = call.again(call.inputs)
    if again.shape != call.output.shape:
        return again[:1].shape == call.output.shape and torch.allclose(again[:1], call.output, 1e-3, 1e-4)
    return torch.allclose(again, call.output, 1e-3, 1e-4)


def _of_operation(call: Call, index: int, value: float, place: tuple[int, ...]) -> Written:
    name, formula = call.name, FORMULAS.get(call.name, "")
    if name in (*SUM_OPS, *PRODUCT_OPS, *MOVE_OPS, *POOL_OPS) or name == "scaled_dot_product_attention":
        return _sum(call, index, value, place, formula)
    parts = _parts(call, index, place)
    return Written(value, place, formula, parts=parts)


def slots_of(call: Call) -> tuple[int, int | None, int | None]:
    """Return the places of x, the weights and the bias among an operation's inputs."""
    if call.name in ("baddbmm", "addmm"):
        return 1, 2, 0
    if call.name == "scaled_dot_product_attention":
        return 2, None, None
    if call.name == "embedding":
        return 1, None, None
    if call.name in SUM_OPS:
        return 0, 1, 2 if len(call.inputs) > 2 else None
    return 0, (1 if call.name in PRODUCT_OPS else None), None


def _sum(call: Call, index: int, value: float, place: tuple[int, ...], formula: str) -> Written:
    assert call.again is not None
    x_slot, w_slot, b_slot = slots_of(call)
    if call.name == "cat":
        x_slot = _source_of(call, index)
    inputs = [each.detach() for each in call.inputs]
    inputs[x_slot] = inputs[x_slot].requires_grad_()
    (slopes,) = torch.autograd.grad(call.again(inputs).flatten()[index], inputs[x_slot])
    x, w = call.inputs[x_slot].flatten().double(), slopes.flatten().double()
    used = w.nonzero().flatten()
    products = w[used] * x[used]
    order = products.abs().argsort(descending=True, stable=True)
    chosen = used[order[:TERMS_LISTED]].tolist()
    owners = _weights(call, inputs, index, x_slot, w_slot, chosen)
    shape = call.inputs[x_slot].shape
    terms = [
        Term(w[i].item(), x[i].item(), tuple(int(k) for k in torch.unravel_index(torch.tensor(i), shape)), i, owner)
        for i, owner in zip(chosen, owners, strict=True)
    ]
    bias = None
    if b_slot is not None:
        bias = _bias(call, index, b_slot)
    rest = products[order[TERMS_LISTED:]].sum().item()
    return Written(value, place, formula, terms, len(used), rest, bias, slots=(x_slot, w_slot))


def _source_of(call: Call, index: int) -> int:
    """Return which of several inputs a value was copied from."""
    assert call.again is not None
    inputs = [each.detach().requires_grad_() for each in call.inputs]
    slopes = torch.autograd.grad(call.again(inputs).flatten()[index], inputs, allow_unused=True)
    return next(i for i, each in enumerate(slopes) if each is not None and each.count_nonzero())


def _bias(call: Call, index: int, slot: int) -> float:
    assert call.again is not None
    inputs = [each.detach() for each in call.inputs]
    inputs[slot] = inputs[slot].requires_grad_()
    (slopes,) = torch.autograd.grad(call.again(inputs).flatten()[index], inputs[slot])
    return (slopes.double() * call.inputs[slot].double()).sum().item()


def _weights(
    call: Call, inputs: Sequence[Tensor], index: int, x_slot: int, w_slot: int | None, chosen: Sequence[int]
) -> list[int | None]:
    """Return the places of the weights of these terms: with its own number in place of each weight, ∂y/∂x is that."""
    if w_slot is None or not inputs[w_slot].is_floating_point():
        return [None] * len(chosen)
    assert call.again is not None
    numbered = [each.detach().double() if each.is_floating_point() else each for each in inputs]
    shape = numbered[w_slot].shape
    numbered[w_slot] = torch.arange(1, shape.numel() + 1, dtype=torch.float64).view(shape).to(inputs[w_slot].device)
    numbered[x_slot] = numbered[x_slot].requires_grad_()
    (numbers,) = torch.autograd.grad(call.again(numbered).flatten()[index], numbered[x_slot])
    return [round(numbers.flatten()[i].item()) - 1 for i in chosen]


def _parts(call: Call, index: int, place: tuple[int, ...]) -> list[tuple[str, float]]:
    """Return the numbers of the formula of an operation that is no sum."""
    assert call.output is not None
    if call.name in CURVE_OPS:
        return [("x", call.inputs[0].flatten()[index].item())]
    if call.name in PAIR_OPS:
        values = [torch.broadcast_to(each, call.output.shape)[place].item() for each in call.inputs[:2]]
        return [*zip("ab", values)]
    if call.name in ("softmax", "log_softmax"):
        return _of_softmax(call, place)
    if call.name in NORM_OPS:
        return _of_norm(call, index, place)
    return []


def _of_softmax(call: Call, place: tuple[int, ...]) -> list[tuple[str, float]]:
    """Return xᵢ, and the logarithm of the sum of all exp xⱼ: the axis is that over which the outputs sum to one."""
    assert call.output is not None
    x, y = call.inputs[0].double(), call.output.double()
    shares = y if call.name == "softmax" else y.exp()
    axis = min(range(x.dim()), key=lambda k: (shares.sum(k) - 1).abs().max().item())
    return [("xᵢ", x[place].item()), ("ln Σⱼ exp xⱼ", x.logsumexp(axis)[place[:axis] + place[axis + 1 :]].item())]


def _of_norm(call: Call, index: int, place: tuple[int, ...]) -> list[tuple[str, float]]:
    """Return x, the slope γ / √(σ² + ε), and the mean and deviation that the slope and the output imply."""
    assert call.again is not None
    x = call.inputs[0].double()
    if call.name == "batch_norm":
        channel = place[1]
        mean, var = (each.double()[channel] for each in call.inputs[1:3])
        gain = [each.double()[channel].item() for each in call.inputs[3:5]]
    elif call.name == "layer_norm":
        width = call.inputs[1].dim() if len(call.inputs) > 1 else 1
        rows = x.flatten(x.dim() - width)[place[: x.dim() - width]]
        mean, var = rows.mean(), rows.var(correction=0)
        gain = [each.double()[place[x.dim() - width :]].item() for each in call.inputs[1:3]]
    else:
        channels = x.shape[1]
        groups = _groups(call)
        size = channels // groups
        first = place[1] // size * size
        rows = x[place[0], first : first + size]
        mean, var = rows.mean(), rows.var(correction=0)
        gain = [each.double()[place[1]].item() for each in call.inputs[1:3]]
    named = [("x", x[place].item()), ("μ", mean.item()), ("σ", math.sqrt(var.item()))]
    return named + [*zip(("γ", "β"), gain)]


def _groups(call: Call) -> int:
    """Return the number of groups of a group normalisation: channels that depend on each other form one."""
    assert call.again is not None
    inputs = [each.detach() for each in call.inputs]
    inputs[0] = inputs[0].requires_grad_()
    out = call.again(inputs)
    (slopes,) = torch.autograd.grad(out[0, 0].flatten().square().sum(), inputs[0])
    used = slopes[0].flatten(1).abs().amax(1).nonzero().numel()
    return inputs[0].shape[1] // max(1, used)


def attention(call: Call) -> Tensor | None:
    """Return the attention matrix of an operation: (1, heads, queries, keys); None if it has none."""
    operation = call.operation
    if operation is None or operation.again is None or operation.name != "scaled_dot_product_attention":
        return None
    q, k, v = operation.inputs[:3]
    eye = torch.eye(k.shape[-2], dtype=v.dtype, device=v.device).expand(*k.shape[:-1], k.shape[-2])
    return operation.again([q, k, eye, *operation.inputs[3:]])  # Σⱼ aᵢⱼ vⱼ of unit vectors v is a itself
