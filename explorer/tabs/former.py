"""Addresses of earlier versions: the states of a tab that has become two, and a key that has another name."""

from collections.abc import Iterator, Mapping

from explorer.tabs.autoencoders import tab as autoencoders
from explorer.tabs.flow_matching import one_step
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.kit.layout.fields import CLOCK
from explorer.tabs.kit.layout.groups import CARDS
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.tokens import tab as tokens

FORMER_CODES = "codes"
"""Former tab of the autoencoders, the tokens and the latent diffusion."""

NOW = (autoencoders.TAB, tokens.TAB)
STEPS = range(6, 11)
"""Steps of its tour that are now steps of the second tab's."""

Moved = tuple[Mapping[str, str], Mapping[str, str]]
"""Part of a former address, and what takes its place."""


def redirects() -> list[Moved]:
    """Return the former addresses in the order of their precedence."""
    first, second = NOW
    own = [each for tab in NOW for each in of_modes(tab)]
    steps = [
        (
            {"tab": FORMER_CODES, "mode": "tour", "tour": str(step)},
            {"tab": second.name, "tour": str(step - STEPS.start + 1)},
        )
        for step in STEPS
    ]
    of_exercises = [({"exercise": each.name}, tab) for tab in NOW for each in tab.exercises]
    of_nets = [({"net": net}, tab) for tab in NOW for net in tab.nets]
    others = [({"tab": FORMER_CODES, **said}, {"tab": tab.name}) for said, tab in [*of_exercises, *of_nets]]
    return [*own, *steps, *others, ({"tab": FORMER_CODES}, {"tab": first.name}), *of_passes()]


def of_passes() -> Iterator[Moved]:
    """Yield the passes of *One step*, whose key was that of the clock of the shared questions."""
    for passes in one_step.CLOCK_ENDS:
        said = {"tab": flow_matching.TAB.name, CLOCK.key: str(passes)}
        yield said, {CLOCK.key: CLOCK.default, one_step.PASSES.key: str(passes)}


def of_modes(tab: Tab) -> Iterator[Moved]:
    """Yield the modes of one of the two tabs that the other one does not have."""
    for mode in tab.modes.keys() - tab.questions.keys() - {*CARDS}:
        yield {"tab": FORMER_CODES, "mode": mode}, {"tab": tab.name}
