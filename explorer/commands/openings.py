"""Find typical seeds: `python -m explorer.openings [NETWORK …]` draws with all networks, or with these.

A mode that draws images from a seed opens on a typical seed of its network: of the seeds 0 to 24, the one whose images
have the median confidence of our classifier (`explorer/measures/typical.py`). Start and *Compare* show all families of
a data set from one seed. It is the one that is nearest to the median for all of them.

The command writes `explorer/bundled/typical-seeds.json`, which the tabs read. A link that names no seed, but anything
else, opens with seed 7 as before.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import typer

from explorer import data
from explorer.measures.typical import TYPICAL_OF, confidence, median_seed, shared_seed
from explorer.tabs.families import TABS
from explorer.tabs.kit.ask.asks import first_images
from explorer.tabs.kit.ask.nets import dataset_of, nets_of
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.kit.layout.typical import SEEDS_FILE, Draws, typical_seeds

SHARED = {"start": ["map"], "compare": ["make", "finish"]}
"""Modes that show all families of a data set from one seed."""


@functools.cache
def confidences(draws: Draws, net: str) -> list[list[float]]:
    """Return the confidence in each image that a network draws from each of the seeds."""
    return [confidence(draws(net, seed), dataset_of(net)).tolist() for seed in range(TYPICAL_OF)]


def qualities(draws: Draws, net: str) -> list[float]:
    """Return the quality of each seed: the mean confidence in its images."""
    return [sum(each) / len(each) for each in confidences(draws, net)]


def drawing(tab: Tab) -> Iterator[tuple[str, Draws, str, str]]:
    """Yield the modes of a tab that draw images from a seed, with what they draw, each choice and its network."""
    known = {net.name: net.content() for net in tab.shown()}
    for mode, draws in tab.draws.items():
        able = tab.panels[mode].nets if mode in tab.panels else ()
        for choice, value in tab.value(known)["nets"].items():
            net, can = value["column"]["net"], value["column"]["can"]
            if can["sample"] and dataset_of(net) in data.CLASSES and (not able or net in able):
                yield mode, draws, choice, net


def typical(wanted: Callable[[str], bool], tell: Callable[[str], None]) -> dict[str, dict[str, dict[str, int]]]:
    """Find the typical seeds by tab, mode and choice; those of networks that are not `wanted` stay as they are."""
    found = {tab: {mode: dict(seeds) for mode, seeds in modes.items()} for tab, modes in typical_seeds().items()}
    for tab in TABS:
        for mode, draws, choice, net in drawing(tab):
            if not wanted(net):
                continue
            each = qualities(draws, net)
            seed = median_seed(each)
            found.setdefault(tab.name, {}).setdefault(mode, {})[choice] = seed
            tell(f"{tab.name} {mode} {net}: seed {seed}, {min(each):.3f} to {max(each):.3f}, median {each[seed]:.3f}")
    for dataset in data.CLASSES:
        if all(map(wanted, nets_of(dataset))):
            seed = shared_seed([[one for one, *_ in confidences(first_images, net)] for net in nets_of(dataset)])
            for tab, modes in SHARED.items():
                for mode in modes:
                    found.setdefault(tab, {}).setdefault(mode, {})[dataset] = seed
            tell(f"all families of {dataset}: seed {seed}")
    return found


def openings(
    networks: Annotated[list[str] | None, typer.Argument(help="Only of these networks.")] = None,
) -> None:
    """Find the typical seeds of all NETWORKS, and write them."""
    chosen: Sequence[str] = networks or ()
    found = typical(lambda net: not chosen or net in chosen, typer.echo)
    SEEDS_FILE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(openings)
