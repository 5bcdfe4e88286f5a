"""Networks of the shared questions: checkpoints of the families in `FAMILIES`, by their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from explorer import data
from explorer.data import SCENES
from explorer.fields import Field, Kind, OneOf
from explorer.models import FAMILIES, MODELS
from explorer.networks import checkpoints, extra, opened

NAME = re.compile(r"[a-z0-9-]{1,80}")
OF_SCENES = {
    "words-diffusion": "words-diffusion",
    "words-tokens": "words-tokens",
    "words-masked": "words-masked",
    "autoencoder-scenes": "scene-autoencoder",
    "vqvae-scenes": "scene-vqvae",
    "judge-scenes": "scene-judge",
}
"""Networks of composed scenes with their families, in the order of their columns."""
UNTRAINED = "not trained yet: its recipe is there, its weights are not"


def dataset_of(net: str) -> str:
    """Return the data set of a network."""
    return _known_parts(net)[1]


def family_of(net: str) -> str:
    """Return the family of a network, by its name in `FAMILIES`."""
    return _known_parts(net)[0]


def is_known(net: str) -> bool:
    """Return whether a network's name begins with a family of `FAMILIES` and a data set."""
    return _parts(net) is not None


def _parts(net: str) -> tuple[str, str] | None:
    """Return the family and the data set at the start of a name, or None if these are unknown."""
    if net in OF_SCENES:
        return OF_SCENES[net], SCENES.name
    for family in FAMILIES:
        for dataset in data.DATASETS:
            if f"{net}-".startswith(f"{family}-{dataset}-"):
                return family, dataset
    return None


def _known_parts(net: str) -> tuple[str, str]:
    """Return the family and the data set of a known network."""
    parts = _parts(net)
    assert parts is not None, f"{net} is no network of a known family and data set"
    return parts


def nets_of(dataset: str) -> list[str]:
    """Return the generative networks of a data set, in the order of `MODELS`, even those not downloaded.

    Those of scenes are all that there are, even those that only encode or read them.
    """
    if dataset == SCENES.name:
        return [net for net in OF_SCENES if checkpoints.exists(net)]
    return [net for family in MODELS if checkpoints.exists(net := f"{family}-{dataset}")]


def further(family: str, dataset: str | None = None) -> list[str]:
    """Return the networks of a family that `EXPLORER_EXTRA` adds, of one data set if it is given."""
    return [net for net in extra.titles if family_of(net) == family and dataset in (None, dataset_of(net))]


def apart(*families: str) -> dict[str, str]:
    """Return the titles of the networks of families `extra.APART` that `EXPLORER_EXTRA` adds, by their names."""
    return {net: title for net, title in extra.apart.items() if net.startswith(families)}


def comparison_nets(dataset: str) -> list[str]:
    """Return the networks that are compared on a data set: `nets_of`, then further ones of the same families."""
    return [*nets_of(dataset), *(net for family in MODELS for net in further(family, dataset))]


def is_untrained(net: str) -> bool:
    """Return whether a network of scenes has a recipe and no weights yet."""
    return net in OF_SCENES and not checkpoints.exists(net)


def is_compared(net: str) -> bool:
    """Return whether a network has a column in the comparison."""
    return family_of(net) in MODELS if opened.is_name(net) else net in comparison_nets(dataset_of(net))


def with_further(*nets: str) -> tuple[str, ...]:
    """Return networks of a tab, then the further ones of their families: of images if they are, else of points.

    Networks of further data sets come before those of `EXPLORER_EXTRA`.
    """
    families, images = dict.fromkeys(map(family_of, nets)), _is_of_images(nets[0])
    trained = [net for family in families for dataset in data.OWN if checkpoints.exists(net := f"{family}-{dataset}")]
    added = [*trained, *(net for net in extra.titles if family_of(net) in families)]
    return (*nets, *(net for net in added if _is_of_images(net) == images))


def takes(nets: Sequence[str], net: str) -> bool:
    """Return whether a network is one of a tab's, or one like them that a visitor opened."""
    if net in nets or not opened.is_name(net) or not is_known(net):
        return net in nets
    return any(family_of(each) == family_of(net) and _is_of_images(each) == _is_of_images(net) for each in nets)


def own_title(net: str) -> str | None:
    """Return the own name of a further network, or of one that a visitor opened; None for ours."""
    return extra.titles.get(net) or opened.title(net)


def _is_of_images(net: str) -> bool:
    return net not in OF_SCENES and isinstance(data.DATASETS[dataset_of(net)], data.ImageSet)


def title_of(net: str) -> str:
    """Return the title of a network in a comparison: that of its family, and its own name if it is a further one."""
    family, own = checkpoints.KNOWN[family_of(net)].title, own_title(net)
    return f"{family} · {own}" if own else family


@dataclass(frozen=True)
class Network(Kind):
    """Name of a network: a family and a data set; a longer name is valid only if its checkpoint exists."""

    def check(self, value: Any, title: str) -> str:
        parts = _parts(value) if isinstance(value, str) and NAME.fullmatch(value) else None
        if parts is not None and opened.is_name(value):
            opened.find(value)
            return value
        if parts is not None and value in OF_SCENES:
            return value
        if parts is None or (value != "-".join(parts) and not checkpoints.exists(value)):
            known = (net for dataset in data.DATASETS for net in nets_of(dataset))
            raise ValueError(f"{title} must be one of {', '.join(known)}")
        return value

    def to_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [net for dataset in data.DATASETS for net in nets_of(dataset)]}


@dataclass(frozen=True)
class Several(Kind):
    """Names of at most `most` networks."""

    most: int = 99

    def check(self, value: Any, title: str) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > self.most:
            raise ValueError(f"{title} must be a list of at most {self.most} networks")
        return tuple(Network().check(each, f"each of {title}") for each in value)

    def to_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": Network().to_schema(), "maxItems": self.most}


@dataclass(frozen=True)
class Nets(OneOf):
    """One of a tab's networks, or one like them that a visitor opened.

    Arguments:
        like: The tab's networks, if the choices are called otherwise.
    """

    like: tuple[str, ...] = ()

    def takes(self, net: str) -> bool:
        """Return whether a network is a choice, or like the choices."""
        return takes(self.like or [str(each) for each in self.choices], net)

    def check(self, value: Any, title: str) -> str:
        if isinstance(value, str) and opened.is_name(value) and self.takes(value):
            opened.find(value)
            return value
        return str(super().check(value, title))


AnyNet = Annotated[str, Field("net", Network(), title="the network")]
Networks = Annotated[tuple[str, ...], Field("nets", Several(), title="the networks")]
