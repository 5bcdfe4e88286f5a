"""Recording of one evaluation: the calls of a network's modules and of the operations within them, with their values.

It runs on a private copy of the module tree, which shares its weights with the network. So the network itself has no
hook, and another evaluation of it at the same time is not recorded.
"""

import copy
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch._C._functorch import is_functorch_wrapped_tensor
from torch.overrides import TorchFunctionMode

MOST_CALLS = 1_500  # calls of one run that are recorded
MOST_KEPT = 24_000_000  # numbers of one run that are kept, without those of weights
SUM_OPS = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
PRODUCT_OPS = ("matmul", "bmm", "baddbmm", "addmm")
MOVE_OPS = ("cat", "interpolate", "pixel_shuffle", "pixel_unshuffle", "embedding")
POOL_OPS = ("avg_pool1d", "avg_pool2d", "adaptive_avg_pool2d", "max_pool1d", "max_pool2d")
CURVE_OPS = ("relu", "silu", "gelu", "leaky_relu", "sigmoid", "tanh", "softplus", "elu", "exp")
NORM_OPS = ("group_norm", "layer_norm", "batch_norm")
ROW_OPS = ("softmax", "log_softmax", "scaled_dot_product_attention")
PAIR_OPS = ("add", "mul", "sub")
RECORDED_OPS = {*SUM_OPS, *PRODUCT_OPS, *MOVE_OPS, *POOL_OPS, *CURVE_OPS, *NORM_OPS, *ROW_OPS, *PAIR_OPS, "lstm"}
_TORCH = str(Path(torch.__file__).parent)
_PYTHON = str(Path(functools.__file__).parent)
Slot = tuple[int | str, ...]


class Enough(Exception):
    """Ends a run of which more calls, or more numbers, were recorded than are kept."""


@dataclass
class Call:
    """Call of a module or of an operation.

    Arguments:
        path: Place in the tree: the number of the call within each parent, “1.4.0”; empty for the whole network.
        name: Name of the module within its parent, or of the operation.
        type: Class of the module, or name of the operation.
        full: Name of the module in the network; that of the enclosing module for an operation.
        module: The module; None for an operation.
        calls: Calls within it, in their order.
        inputs: Values that went in, without further rows; all that the result needs, for an operation.
        output: Value that came out, without further rows; None if none did.
        shapes: Shapes of the inputs.
        shape: Shape of the output.
        owners: Names of the parameters among the inputs, by their places.
        again: Repeats an operation with other inputs; None for a module.
        code: Function that called it, and the line.
    """

    path: str
    name: str
    type: str
    full: str
    module: nn.Module | None = None
    calls: list["Call"] = field(default_factory=list)
    inputs: list[Tensor] = field(default_factory=list)
    output: Tensor | None = None
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    shape: tuple[int, ...] = ()
    owners: dict[int, str] = field(default_factory=dict)
    again: Callable[[Sequence[Tensor]], Tensor] | None = None
    code: tuple[types.CodeType, int] | None = None

    @property
    def operation(self) -> "Call | None":
        """Operation that gave the output: the call itself, or the only one of a module; None if there are several."""
        if self.module is None:
            return self
        is_only = len(self.calls) == 1 and self.calls[0].module is None and self.calls[0].shape == self.shape
        return self.calls[0] if is_only else None

    def every(self) -> Iterator["Call"]:
        """Yield this call and all calls within it."""
        yield self
        for each in self.calls:
            yield from each.every()

    def at(self, path: str) -> "Call":
        """Return the call at a path.

        Raises:
            ValueError: if there is none.
        """
        call = self
        for part in filter(None, path.split(".")):
            if not part.isdecimal() or int(part) >= len(call.calls):
                raise ValueError(f"“{path:.40}” is no layer of this run: choose one of the picture")
            call = call.calls[int(part)]
        return call


@dataclass(frozen=True)
class Change:
    """Change of one number of a run.

    Arguments:
        path: Call of the operation whose input is changed.
        slot: Place of the tensor among its inputs.
        index: Place in that tensor, flattened: in its first row if it has one for each x.
        value: The new number.
    """

    path: str
    slot: int
    index: int
    value: float


@functools.cache
def _by_torch(kind: type) -> dict[str, Callable]:
    """Return the methods of a class that another engine may answer, as torch evaluates them."""
    found = {name: getattr(getattr(kind, name, None), "torch_method", None) for name in dir(kind)}
    return {name: method for name, method in found.items() if method is not None}


def private(model: nn.Module) -> nn.Module:
    """Return a copy of the tree of modules that shares all weights with the network, and is evaluated by torch."""
    shared = {id(each): each for each in (*model.parameters(), *model.buffers())}
    twin = copy.deepcopy(model, shared)
    for module in twin.modules():
        for name, method in _by_torch(type(module)).items():
            object.__setattr__(module, name, types.MethodType(method, module))
    return twin


def with_weight(twin: nn.Module, name: str, index: int, value: float) -> None:
    """Replace one number of a parameter in a private copy, by a copy of that parameter."""
    *path, last = name.split(".")
    owner = twin.get_submodule(".".join(path))
    owner._parameters[last] = nn.Parameter(
        _changed(owner.get_parameter(last).detach(), index, value), requires_grad=False
    )


def _changed(tensor: Tensor, index: int, value: float) -> Tensor:
    copied = tensor.clone()
    copied[torch.unravel_index(torch.tensor(index), tensor.shape)] = value
    return copied


class Recorder(TorchFunctionMode):
    """Records the calls of a private copy, while it is a mode of torch in this thread.

    Arguments:
        twin: Private copy of a network.
        change: Number that is changed among the inputs of one operation.
    """

    def __init__(self, twin: nn.Module, change: Change | None = None):
        super().__init__()
        self.root = Call("", type(twin).__name__, type(twin).__name__, "", twin)
        self.stack, self.change = [self.root], change
        self.count, self.kept, self.is_on = 0, 0, True
        self.copies: dict[tuple[int, int, bool], tuple[Tensor, Tensor]] = {}
        self.names = {id(each): name for name, each in twin.named_parameters()}
        for name, module in twin.named_modules():
            if name:
                module.register_forward_pre_hook(functools.partial(self._enter, name))
                module.register_forward_hook(self._leave, always_call=True)

    def forget(self) -> None:
        """Begin again without what was recorded."""
        self.root.calls, self.stack = [], [self.root]
        self.count, self.kept, self.copies = 0, 0, {}

    @property
    def is_cut(self) -> bool:
        """Whether there were more calls, or more numbers, than are kept."""
        return self.count > MOST_CALLS or self.kept > MOST_KEPT

    def _enter(self, full: str, module: nn.Module, inputs: Any) -> None:
        parent = self.stack[-1]
        name = full.removeprefix(f"{parent.full}.") if parent.full else full
        call = Call(self._path(parent), name, type(module).__name__, full, module, code=_line())
        call.shapes = [tuple(each.shape) for each in tensors(inputs)]
        call.inputs = [kept for each in tensors(inputs)[:1] if (kept := self._keep(each)) is not None]
        if self._counts():
            parent.calls.append(call)
        self.stack.append(call)

    def _leave(self, module: nn.Module, inputs: Any, output: Any) -> None:
        call = self.stack.pop()
        if found := tensors(output):
            call.shape, call.output = tuple(found[0].shape), self._keep(found[0])

    def __torch_function__(self, function: Callable, types_: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs, name = kwargs or {}, getattr(function, "__name__", "").strip("_")
        if not self.is_on or name not in RECORDED_OPS:
            return function(*args, **kwargs)
        return self._operation(name, function, args, kwargs)

    def _operation(self, name: str, function: Callable, args: tuple, kwargs: dict) -> Any:
        """Evaluate an operation, and record it if it gives a tensor of numbers."""
        parent = self.stack[-1]
        path = self._path(parent)
        if self.change is not None and self.change.path == path:
            args, kwargs = self._with_change(args, kwargs)
        wheres, given = _slots(args, kwargs)
        before = [each.detach().clone() for each in given] if _is_in_place(function) else given
        result = function(*args, **kwargs)
        out = tensors(result)[:1]
        if not out or not out[0].is_floating_point() or any(map(_is_wrapped, [*out, *given])):
            return result
        if not out[0].numel() or (name in PAIR_OPS and self._is_no_layer(given, out[0])):
            return result
        call = Call(path, name, name, parent.full, code=_line())
        call.shapes, call.shape = [tuple(each.shape) for each in given], tuple(out[0].shape)
        call.owners = {i: self.names[id(each)] for i, each in enumerate(given) if id(each) in self.names}
        call.output = self._keep(out[0])
        if call.output is not None:
            call.inputs = [self._input(name, i, each, out[0], i in call.owners) for i, each in enumerate(before)]
            call.again = functools.partial(_again, function, *_emptied(args, kwargs), wheres)
        if self._counts():
            parent.calls.append(call)
        return result

    def _is_no_layer(self, given: Sequence[Tensor], out: Tensor) -> bool:
        """True for a sum or product of single numbers, or of weights with each other, such as with a mask."""
        are_weights = any(id(each) in self.names and each.shape == out.shape for each in given)
        return len(given) < 2 or out.dim() < 2 or are_weights

    def _with_change(self, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        assert self.change is not None
        wheres, given = _slots(args, kwargs)
        slot = self.change.slot
        changed = {slot: _changed(given[slot].contiguous(), self.change.index, self.change.value)}
        return _filled(args, kwargs, [wheres[slot]], [changed[slot]])

    def _input(self, name: str, slot: int, value: Tensor, out: Tensor, is_owned: bool) -> Tensor:
        if is_owned:
            return value.detach()
        return self._copy(value, _has_rows(name, slot, value, out))

    def _keep(self, value: Tensor) -> Tensor | None:
        """Return the first row of a value (B, …) to keep it, None if it is not recorded."""
        if _is_wrapped(value) or not self.is_on:
            return None
        return self._copy(value, value.dim() > 1)

    def _copy(self, value: Tensor, has_rows: bool) -> Tensor:
        """Return a copy of a value, or of its first row: the same copy for the same value, unless that has changed."""
        key = (id(value), value._version, has_rows)
        if key not in self.copies:
            one = value.detach()[:1] if has_rows else value.detach()
            self.copies[key] = value, one.clone()  # the value stays, so that no other one gets its id
            self.kept += one.numel()
        return self.copies[key][1]

    def _counts(self) -> bool:
        """Return whether a call is recorded.

        Raises:
            Enough: if it is one too many.
        """
        self.count += self.is_on
        if self.is_cut:
            raise Enough
        return self.is_on

    @staticmethod
    def _path(parent: Call) -> str:
        return f"{parent.path}.{len(parent.calls)}".removeprefix(".")


def tensors(value: Any) -> list[Tensor]:
    """Return the tensors in a value: itself, or those of a list."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, list | tuple):
        return [found for each in value for found in tensors(each)]
    return []


def _is_wrapped(value: Tensor) -> bool:
    """True for a tensor that lives only within a transform of torch.func."""
    return is_functorch_wrapped_tensor(value)


def _is_in_place(function: Callable) -> bool:
    return getattr(function, "__name__", "").endswith("_")


def _has_rows(name: str, slot: int, value: Tensor, out: Tensor) -> bool:
    """True if an input has a row for each of several x, as the output has."""
    rows = len(out) if out.dim() > 1 else 0
    if rows < 2 or not value.dim() or len(value) != rows:
        return False
    if name == "embedding":
        return slot == 0 and value.dim() == out.dim() - 1
    many = (
        name in PAIR_OPS or name in ("cat", "scaled_dot_product_attention") or (name in PRODUCT_OPS and out.dim() > 2)
    )
    return value.dim() == out.dim() and (many or slot <= (name == "addmm"))


def _slots(args: tuple, kwargs: dict) -> tuple[list[Slot], list[Tensor]]:
    """Return the places of the tensors among the arguments, and the tensors."""
    found: list[tuple[Slot, Tensor]] = []
    for where, value in [*enumerate(args), *kwargs.items()]:
        if isinstance(value, Tensor):
            found.append(((where,), value))
        elif isinstance(value, list | tuple):
            found += [((where, i), each) for i, each in enumerate(value) if isinstance(each, Tensor)]
    return [where for where, _ in found], [each for _, each in found]


def _filled(
    args: Sequence, kwargs: dict, wheres: Sequence[Slot], values: Sequence[Tensor | None]
) -> tuple[tuple, dict]:
    """Return the arguments with other values in these places."""
    new_args, new_kwargs = list(args), dict(kwargs)
    for (where, *inner), value in zip(wheres, values, strict=True):
        holder: Any = new_args if isinstance(where, int) else new_kwargs
        if inner:
            holder[where] = [value if i == inner[0] else each for i, each in enumerate(holder[where])]
        else:
            holder[where] = value
    return tuple(new_args), new_kwargs


def _emptied(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Return the arguments without their tensors, so that no record keeps those of all rows."""
    wheres, _ = _slots(args, kwargs)
    return _filled(args, kwargs, wheres, [None] * len(wheres))


def _again(function: Callable, args: tuple, kwargs: dict, wheres: list[Slot], inputs: Sequence[Tensor]) -> Tensor:
    filled, named = _filled(args, kwargs, wheres, inputs)
    return tensors(function(*filled, **named))[0]


@functools.cache
def _is_skipped(file: str) -> bool:
    """True for files of torch, of Python's own library, and for this one: their lines are no part of a network."""
    return file.startswith(_TORCH) or file == __file__ or Path(file).parent == Path(_PYTHON)


def _line() -> tuple[types.CodeType, int] | None:
    """Return the innermost function outside torch that is running, and its line."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if _is_skipped(frame.f_code.co_filename):
            frame = frame.f_back
            continue
        return (frame.f_code, frame.f_lineno) if frame.f_globals.get("__name__") != _RUNS else None
    return None


_RUNS = "explorer.questions.inspect"  # the module that starts runs: its lines are no part of a network


def source(call: Call) -> tuple[str, list[str], int, int] | None:
    """Return the function that made a call: its name, its lines, the number of the first, and the place of the line.

    None if there is no such function, as for the whole network.
    """
    if call.code is None:
        return None
    code, line = call.code
    try:
        lines, first = inspect.getsourcelines(code)
    except (OSError, TypeError):
        return None
    return code.co_qualname, [each.rstrip("\n") for each in lines], first, line - first
