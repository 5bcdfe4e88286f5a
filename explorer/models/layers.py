"""Containers of layers whose class type checkers know, and the memory order of networks of images."""

from collections.abc import Callable, Iterable, Iterator, ValuesView
from typing import TYPE_CHECKING, Generic, TypeVar

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


class Layers(nn.ModuleList, Generic[M]):
    """An `nn.ModuleList` of modules of one class."""

    if TYPE_CHECKING:

        def __init__(self, modules: Iterable[M] | None = None): ...
        def __iter__(self) -> Iterator[M]: ...
        def __reversed__(self) -> Iterator[M]: ...
        def __getitem__(self, index: int) -> M: ...


class NamedLayers(nn.ModuleDict, Generic[M]):
    """An `nn.ModuleDict` of modules of one class."""

    if TYPE_CHECKING:

        def __init__(self, modules: dict[str, M] | None = None): ...
        def __getitem__(self, name: str) -> M: ...
        def values(self) -> ValuesView[M]: ...


def linear(net: nn.Sequential, place: int) -> nn.Linear:
    """Return the linear layer at a place of a network."""
    layer = net[place]
    assert isinstance(layer, nn.Linear)
    return layer


def channels_last(network: nn.Module) -> None:
    """Store the weights of convolutions with their channels last, in place."""
    convert: Callable[..., nn.Module] = network.to  # torch declares no overload with a memory format alone
    convert(memory_format=torch.channels_last)
