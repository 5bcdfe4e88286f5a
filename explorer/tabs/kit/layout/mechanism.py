"""Diagram of a family's mechanism: a row of parts, each of which opens its mode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["value", "network", "narrows", "widens", "step"]
"""Kind of a part: a value, a network, a network that reduces or expands dimensions, or a step without training."""
NETWORKS = ("network", "narrows", "widens")
"""Kinds of the parts that open, to look inside."""


@dataclass(frozen=True)
class Part:
    """Part of the mechanism.

    Arguments:
        name: Displayed name.
        symbol: Formula; text after `_` is a subscript.
        mode: Mode that the part opens.
        kind: Kind of the part.
        shows: Name under which modes pass the image displayed in it; none unless given.
        lights: Modes that highlight it, besides its own.
        arrow: Arrow from the previous part.
        tells: Whether the formula names what the part depends on, which a tour may ask about.
        source: Name of the picture that this part's picture is computed from, where no arrow leads from there.
        through: Name of the part through which it comes back from its source.
    """

    name: str
    symbol: str
    mode: str
    kind: Kind = "value"
    shows: str | None = None
    lights: Sequence[str] = ()
    arrow: str = "→"
    tells: bool = False
    source: str | None = None
    through: str | None = None

    @property
    def highlighting_modes(self) -> set[str]:
        """Modes that highlight the part."""
        return {self.mode, *self.lights}


@dataclass(frozen=True)
class Mechanism:
    """Parts of a family's mechanism from one end to the other.

    Arguments:
        parts: Parts in display order.
        apart: Modes that highlight no part, each with the reason.
    """

    parts: Sequence[Part]
    apart: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_network(self) -> bool:
        """Whether a part is a network."""
        return any(part.kind in NETWORKS for part in self.parts)

    def to_props(self, modes: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the stage's data for each part; `modes` are the full titles of the tab's modes."""
        return [
            {
                "name": part.name,
                "symbol": part.symbol,
                "kind": part.kind,
                "shows": part.shows,
                "mode": part.mode,
                "lit": [mode for mode in modes if mode in part.highlighting_modes],
                "arrow": part.arrow,
                "tells": part.tells,
                "source": part.source,
                "through": part.through,
                "label": f"{part.name}: opens {modes[part.mode]}",
            }
            for part in self.parts
        ]
