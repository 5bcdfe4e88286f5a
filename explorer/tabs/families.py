"""Tabs of the families, in their order on the page, and the display settings of each family."""

from explorer.tabs.autoencoders import tab as autoencoders
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.discrete import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit import parts
from explorer.tabs.kit.tab import Tab
from explorer.tabs.room import tab as room
from explorer.tabs.sound import tab as sound
from explorer.tabs.style import tab as style
from explorer.tabs.text import tab as text
from explorer.tabs.tokens import tab as tokens
from explorer.tabs.translate import tab as translate
from explorer.tabs.vae import tab as vae

TABS: list[Tab] = [
    vae.TAB,
    room.TAB,
    autoencoders.TAB,
    tokens.TAB,
    autoregressive.TAB,
    text.TAB,
    sound.TAB,
    gan.TAB,
    style.TAB,
    translate.TAB,
    flow.TAB,
    diffusion.TAB,
    flow_matching.TAB,
    discrete.TAB,
    energy.TAB,
]


def shown(family: str) -> parts.Shown:
    """Return the display settings of a family; a family without a tab gets the defaults."""
    return next((tab.shows[family] for tab in TABS if family in tab.shows), parts.Shown())


def tab_of(family: str) -> str | None:
    """Return the name of the tab that shows a family, or None."""
    return next((tab.name for tab in TABS if family in tab.shows), None)
