"""The networks that can be asked: checkpoints of the families in `FAMILIES`, by their names."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from explorer import checkpoints, data
from explorer.fields import Field, Kind
from explorer.models import FAMILIES, MODELS

NAME = re.compile(r"[a-z0-9-]{1,64}")


def dataset_of(net: str) -> str:
    """The data set of a network that can be asked."""
    return _parts(net)[1]


def family_of(net: str) -> str:
    """The family of a network that can be asked, as `FAMILIES` calls it."""
    return _parts(net)[0]


def is_known(net: str) -> bool:
    """Return whether a network's name begins with a family of `FAMILIES` and a data set."""
    return _parts(net) is not None


def _parts(net: str) -> tuple[str, str] | None:
    """The family and the data set that a name begins with, None where these are not known."""
    for family in FAMILIES:
        for dataset in data.DATASETS:
            if f"{net}-".startswith(f"{family}-{dataset}-"):
                return family, dataset
    return None


def nets_of(dataset: str) -> list[str]:
    """The networks of a data set that make something, in the order of `MODELS`, those included that do not come."""
    return [net for family in MODELS if checkpoints.exists(net := f"{family}-{dataset}")]


@dataclass(frozen=True)
class Network(Kind):
    """A network that can be asked, by its name: a family and a data set, with more only where there is such a one."""

    def check(self, value: Any, title: str) -> str:
        parts = _parts(value) if isinstance(value, str) and NAME.fullmatch(value) else None
        if parts is None or (value != "-".join(parts) and not checkpoints.exists(value)):
            known = (net for dataset in data.DATASETS for net in nets_of(dataset))
            raise ValueError(f"{title} must be one of {', '.join(known)}")
        return value


Net = Annotated[str, Field("net", Network(), title="the network")]
