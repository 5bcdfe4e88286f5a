"""Families that installed Python packages add, by the entry points of the group `explorer.families`.

An entry point has the family's name, as in a recipe, and leads to a `Family`. `docs/package.md` builds such a package.
A package that cannot be used never stops the app: the log and the page name it and say why.
"""

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    from explorer.tabs.kit.layout.mechanism import Mechanism

INSTALLED_GROUP = "explorer.families"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
INSTALLED_LONGEST = 40  # characters of a name
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Family:
    """A family of an installed package.

    Arguments:
        model: Class of its models, as `docs/adding.md` describes one.
        nets: Folder of its checkpoints, each in a folder named after the family and a data set.
        question: Question that its tab answers, in one sentence.
        texts: Folder of `tour.md`, `try.md` and `maths.md`, each optional; none unless given.
        mechanism: Diagram of how the family works; one part with the model's title unless given.
        short: Abbreviations of its texts with their meanings.
    """

    model: type[nn.Module]
    nets: Path
    question: str
    texts: Path | None = None
    mechanism: "Mechanism | None" = None
    short: Mapping[str, str] | None = None


families: dict[str, Family] = {}
"""The families of installed packages that can be used, by name."""
problems: list[str] = []
"""A sentence for each package that cannot be used, or cannot be used in part."""


def load(known: Collection[str]) -> dict[str, Family]:
    """Load the families of all installed packages whose names are not `known` yet, and report the others."""
    for point in sorted(entry_points(group=INSTALLED_GROUP), key=lambda each: each.name):
        try:
            families[point.name] = _family(point, {*known, *families})
        except (Exception, SystemExit) as error:  # whatever a package raises when it is imported
            refuse(point.name, error)
    return families


def refuse(name: str, error: BaseException) -> None:
    """Report why a family, or a part of it, cannot be used."""
    log.error("the family %s cannot be used", name, exc_info=error)
    reason = " ".join(f"{error}".split()) or type(error).__name__
    problems.append(
        f"The installed family “{name:.{INSTALLED_LONGEST}}” cannot be used: {reason:.300}. The rest works without it."
    )


def _family(point: EntryPoint, known: Collection[str]) -> Family:
    """Return the family of an entry point.

    Raises:
        ValueError: if its name is taken or malformed, or it is not complete.
    """
    if not NAME.fullmatch(point.name) or len(point.name) > INSTALLED_LONGEST:
        raise ValueError(f"its name must be lower-case words with hyphens, at most {INSTALLED_LONGEST} characters")
    if point.name in known:
        raise ValueError("another family has this name")
    family = point.load()
    if not isinstance(family, Family):
        raise ValueError(f"{point.value} must be an explorer.networks.installed.Family")
    if not (isinstance(family.model, type) and issubclass(family.model, nn.Module)):
        raise ValueError("its model must be a class of torch.nn.Module")
    if not isinstance(getattr(family.model, "title", None), str):
        raise ValueError("its model has no title")
    if not [*nets(point.name, family)]:
        raise ValueError(f"its folder of networks holds no {point.name}-…/config.json")
    return family


def nets(name: str, family: Family) -> Iterator[tuple[str, Path]]:
    """Yield the name and the folder of each of a family's networks."""
    for path in sorted(Path(family.nets).glob(f"{name}-*/config.json")):
        yield path.parent.name, path.parent
