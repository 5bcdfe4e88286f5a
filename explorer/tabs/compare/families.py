"""The families that take part in a comparison: every one in `MODELS`, as the tab that shows it says."""

from explorer import checkpoints, data
from explorer.models import MODELS
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit import parts
from explorer.tabs.kit.tab import Tab
from explorer.tabs.vae import tab as vae

TABS: list[Tab] = [vae.TAB, autoregressive.TAB, gan.TAB, diffusion.TAB]


def named() -> dict[str, str]:
    """The family of every network that there may be, by the network's name."""
    return {f"{family}-{dataset}": family for dataset in data.CLASSES for family in MODELS}


def family_of(net: str) -> str:
    """The family of a network."""
    return named()[net]


def title_of(family: str) -> str:
    """What a family is called."""
    return MODELS[family].title


def shown(family: str) -> parts.Shown:
    """How a tab shows what a family draws; one that no tab shows takes part all the same."""
    return next((tab.shows[family] for tab in TABS if family in tab.shows), parts.Shown())


def tab_of(family: str) -> str | None:
    """The name of the tab that shows a family."""
    return next((tab.name for tab in TABS if family in tab.shows), None)


def nets_of(dataset: str) -> list[str]:
    """The networks of a data set that there are, in the order of `MODELS`, those included that do not come."""
    return [net for family in MODELS if checkpoints.exists(net := f"{family}-{dataset}")]
