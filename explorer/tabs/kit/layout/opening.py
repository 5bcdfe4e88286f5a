"""Opening of a tab where the address says nothing of it: a state, and one short movement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from explorer.fields import Field

MOVEMENT_SECONDS = 8
"""Seconds that a movement takes at most."""


@dataclass(frozen=True)
class Opening:
    """First state of a tab, and the movement that shows its idea.

    Arguments:
        state: Values of the address's fields that differ from their defaults.
        moves: Key of the field that moves; without one, the mode's own film is the movement.
        through: Values of that field, from the first to the last; it ends where it began.
        seconds: Length of the movement.
        steps: True if the values follow one another, without any between them.
    """

    state: Mapping[str, Any] = field(default_factory=dict)
    moves: str | None = None
    through: Sequence[Any] = ()
    seconds: float = 6
    steps: bool = False

    def with_seed(self, fields: Iterable[Field], seeds: Mapping[str, Mapping[str, int]]) -> "Opening":
        """Return the opening with the typical seed of its mode and network; `seeds` are those of the tab by mode."""
        initial = {each.key: each.default for each in fields} | dict(self.state)
        known = seeds.get(initial["mode"], {})
        chosen = [initial[key] for key in ("net", "data") if key in initial]
        return replace(self, state={"seed": known[chosen[0]], **self.state}) if chosen and chosen[0] in known else self

    def to_props(self, fields: Iterable[Field]) -> dict[str, Any]:
        """Return the description for the browser.

        Raises:
            ValueError: if a value is not of its field's kind, or the movement does not end where it begins in time.
        """
        kinds = {each.key: each for each in fields}
        for key, value in [*self.state.items(), *((self.moves, each) for each in self.through if self.moves)]:
            kinds[key].check([*value] if isinstance(value, tuple) else value)
        if self.moves:
            begins = self.state.get(self.moves, kinds[self.moves].default)
            if not self.through or self.through[0] != self.through[-1] or begins not in (None, self.through[0]):
                raise ValueError(f"{self.moves} must begin and end at {begins}, found {list(self.through)}")
            if self.seconds > MOVEMENT_SECONDS:
                raise ValueError(f"a movement takes at most {MOVEMENT_SECONDS} s, found {self.seconds:g}")
        movement = {"key": self.moves, "through": [*self.through], "seconds": self.seconds, "steps": self.steps}
        return {"state": dict(self.state), "moves": movement if self.moves else None}


AS_DECLARED = Opening()
"""Opening in the default state, with the mode's own film."""
