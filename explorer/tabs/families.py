"""Tabs of the families, in their order on the page, and the display settings of each family.

The tabs of installed families come last.
"""

from collections.abc import Iterator

import gradio as gr

from explorer.models import FAMILIES
from explorer.networks import installed
from explorer.questions import interpolate
from explorer.tabs.autoencoders import tab as autoencoders
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.discrete_diffusion import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.groups import tab_group
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.sound import tab as sound
from explorer.tabs.style import tab as style
from explorer.tabs.text import tab as text
from explorer.tabs.tokens import tab as tokens
from explorer.tabs.translate import tab as translate
from explorer.tabs.vae import tab as vae
from explorer.tabs.vae_room import tab as room
from explorer.tabs.words import tab as words

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
    words.TAB,
    discrete.TAB,
    energy.TAB,
]
FAMILIES_OTHERS = ("start", "playground", "foundations", "compare", "lab")
"""Names of the tabs of no family, which no installed family may take."""
ASKS = ("make", "likelihood", "complete", "anomaly")
"""Questions of an installed family's tab; it has the path between two x, too, if it knows one."""
SHORT = {"p(x)": "the probability, or the density, that the model gives an x"}


def installed_tabs() -> Iterator[Tab]:
    """Yield the tab of each installed family; one that cannot be laid out is reported, and left out."""
    for name, family in installed.families.items():
        try:
            if name in (*FAMILIES_OTHERS, *(tab.name for tab in TABS)):
                raise ValueError(f"the page has another tab “{name}”")
            yield _laid_out(_tab(name, family))
        except Exception as error:
            installed.refuse(name, error)


def _tab(name: str, family: installed.Family) -> Tab:
    asks = [*ASKS, *(["interpolate"] if interpolate.can(family.model) else [])]
    title = family.model.title
    whole = Mechanism([Part(title, "p(x)", "make", "network", "out", lights=asks[1:])])
    return family_tab(
        name,
        name=name,
        title=title,
        question=family.question,
        folder=family.texts or family.nets,
        nets=[net for net, _ in installed.nets(name, family)],
        asks=asks,
        mechanism=family.mechanism or whole,
        short=family.short or SHORT,
    )


def _laid_out(tab: Tab) -> Tab:
    """Return a tab after laying it out once, apart from the page: whatever is wrong with its texts is raised here."""
    with gr.Blocks():
        tab.build()
    return tab


TABS += installed_tabs()


def settings_of(family: str) -> parts.Shown:
    """Return the display settings of a family; a family without a tab gets the defaults."""
    return next((tab.shows[family] for tab in TABS if family in tab.shows), parts.Shown())


def tab_of(family: str) -> str | None:
    """Return the name of the tab that shows a family, or None."""
    return next((tab.name for tab in TABS if family in tab.shows), None)


def group_of(family: str) -> str | None:
    """Return the place of a family in the navigation: that of its tab, or of its model's answer for p(x)."""
    model = FAMILIES.get(family)
    return next((tab.group for tab in TABS if family in tab.shows), model and tab_group(model))
