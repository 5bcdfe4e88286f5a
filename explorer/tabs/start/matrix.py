"""*Families × questions*: the answer of each family to each of the shared questions."""

from collections.abc import Sequence

from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows
from explorer.tabs.start.facts import ASKED, Known


def count_words(families: Sequence[Known]) -> str:
    """Return what is said of all families of a data set."""
    ratio = sum(not each["can"].get("likelihood") and bool(each["can"].get("ratio")) for each in families)
    able = [sum(each["answers"][question]["able"] for each in families) for question in ASKED]
    return (
        f"{able[0]} of the {len(families)} families draw samples, and {able[1]} complete a part of an x. "
        f"{able[2]} say how likely an x is, {able[3]} how unusual it is, and {able[4]} lead from one x to another. "
        f"{ratio} {'gives' if ratio == 1 else 'give'} only ratios of p(x) (∝). Each ∅ states its reason."
    )


MODE = Mode(
    "matrix",
    "Families × questions",
    "test",
    panel=Panel(
        None,
        [],
        shows=Shows("Every cell opens its question", []),
        says={"signs": "∅: cannot. 50×: evaluations of the network for one sample."},
    ),
)
