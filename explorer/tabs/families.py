"""The tabs of the families, in the order in which visitors see them, and how each family is shown."""

from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.codes import tab as codes
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.discrete import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit import parts
from explorer.tabs.kit.tab import Tab
from explorer.tabs.room import tab as room
from explorer.tabs.vae import tab as vae

TABS: list[Tab] = [
    vae.TAB,
    room.TAB,
    codes.TAB,
    autoregressive.TAB,
    gan.TAB,
    flow.TAB,
    diffusion.TAB,
    flow_matching.TAB,
    discrete.TAB,
    energy.TAB,
]


def shown(family: str) -> parts.Shown:
    """How a tab shows what a family draws; one that no tab shows takes part all the same."""
    return next((tab.shows[family] for tab in TABS if family in tab.shows), parts.Shown())


def tab_of(family: str) -> str | None:
    """The name of the tab that shows a family."""
    return next((tab.name for tab in TABS if family in tab.shows), None)
