"""The picture of a family's mechanism: its parts in a row, each of which opens the mode about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["value", "network", "narrows", "widens", "step"]
"""What stands there: a value, a network, one that makes less or more of it, or a step that nobody had to learn."""


@dataclass(frozen=True)
class Part:
    """A part of the mechanism.

    Arguments:
        name: What it is called.
        symbol: Its formula; what follows `_` is set below the line.
        mode: The mode that it opens.
        kind: What it is.
        shows: The name by which modes hand over the picture that stands in it; none unless given.
        lights: The modes that it is lit in beside its own.
        arrow: What leads here from the part before it.
    """

    name: str
    symbol: str
    mode: str
    kind: Kind = "value"
    shows: str | None = None
    lights: Sequence[str] = ()
    arrow: str = "→"

    @property
    def lit(self) -> set[str]:
        """The modes that are about it."""
        return {self.mode, *self.lights}


@dataclass(frozen=True)
class Mechanism:
    """The parts of a family, from one end to the other, and why a mode is about none of them.

    Arguments:
        parts: In the order in which they stand.
        apart: The modes that no part is lit in, each with why.
    """

    parts: Sequence[Part]
    apart: Mapping[str, str] = field(default_factory=dict)

    def told(self, modes: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return what the stage is told of each part; `modes` are the titles of the tab's modes."""
        return [
            {
                "name": part.name,
                "symbol": part.symbol,
                "kind": part.kind,
                "shows": part.shows,
                "mode": part.mode,
                "lit": [mode for mode in modes if mode in part.lit],
                "arrow": part.arrow,
                "label": f"{part.name}: opens {modes[part.mode]}",
            }
            for part in self.parts
        ]
