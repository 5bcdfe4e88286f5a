"""Open a network from a visitor's files, and tell the page what its tab and the comparison show of it."""

import logging
from typing import Any

import orjson

from explorer import data
from explorer.networks import archive, opened, opening
from explorer.networks.opened import Files, Opened, OpenError
from explorer.numbers.trained import read_card
from explorer.running.device import is_lent
from explorer.serving import places
from explorer.serving.desk import DESK
from explorer.serving.work import HEAVY, Question, sentence
from explorer.tabs import families
from explorer.tabs.compare import tab as compare
from explorer.tabs.kit.ask.nets import Nets, dataset_of, family_of, is_compared, nets_of
from explorer.tabs.kit.layout import parts
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.playground import taken

OPENER_TITLE = "your network"
log = logging.getLogger(__name__)


def is_offered() -> bool:
    """Return whether visitors may open networks: this process must hold them and ask them itself."""
    return not places.address() and not is_lent()


async def answer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Open a network, or return a sentence about what is wrong; a worker does it in turn."""
    try:
        return await DESK.ask(OPENING, wanted)
    except Exception as error:
        return {"error": sentence(error, "open")}


def open_files(page: str, address: str, files: Files) -> dict[str, Any]:
    """Open a network, and return what the page shows of it.

    Raises:
        OpenError: if a check fails, or there is no room for it.
    """
    opened.check_room(page, address)
    sent = archive.files_of(files.archive) if files.archive is not None else files
    if taken.is_training(sent.recipe):
        return open_training(page, address, sent)
    found = opening.read(sent)
    known = opened.count(page)
    title = f"{OPENER_TITLE} {known + 1}" if known else OPENER_TITLE
    net = opened.add(found.start, Opened(found.model, found.recipe, found.card, found.size, title, page, address))
    try:
        shown = to_props(net)
        orjson.dumps(shown)
        return shown
    except Exception as error:
        opened.close([net])
        log.info("%s cannot be shown", found.start, exc_info=error)
        raise OpenError("The card or the recipe of this network makes no sense, so the page cannot show it.") from error


def open_training(page: str, address: str, sent: Files) -> dict[str, Any]:
    """Open networks of the playground, and return the address at which the page shows them.

    Raises:
        OpenError: if a check fails, or there is no room for them.
    """
    training = taken.read(sent)
    size = sum(each.bytes for each in training.states.values())
    found = Opened(training, {}, {}, size, OPENER_TITLE, page, address)
    net = opened.add(taken.TAKEN_START, found)
    return {"net": net, "dataset": "", "column": None, "tab": None, "address": taken.address_of(net, training.settings)}


def to_props(net: str) -> dict[str, Any]:
    """Return what the page shows of an open network: its entry in a tab, its column in the comparison, its address.

    `key` is the field of the tab that names the network.
    """
    dataset, column = dataset_of(net), None
    if is_compared(net) and (dataset in data.CLASSES or nets_of(dataset)):
        column = compare.family_value(net, read_card(net), None)
    shown = {"net": net, "dataset": dataset, "column": column, "tab": None}
    tab, key = _place(net)
    if tab is None:
        return shown | {"address": {"tab": "compare", "data": dataset, "mode": "make", "lit": net}}
    entry = tab.opens(net)
    at = _address(tab, net) | {"tab": tab.name, key: net}
    value = entry.value(entry.read(net), None)
    return shown | {"tab": tab.name, "key": key, "title": entry.title, "value": value, "address": at}


def _place(net: str) -> tuple[Tab, str] | tuple[None, None]:
    """Return the tab that takes a network, and the key of the field that names it there."""
    for tab in families.TABS:
        for field in tab.fields:
            if tab.opens and isinstance(field.kind, Nets) and field.kind.takes(net):
                return tab, field.key
    return None, None


def _address(tab: Tab, net: str) -> dict[str, str]:
    """Return the fixed part of the address at which a tab shows samples of a network."""
    how = tab.shows.get(family_of(net), parts.Shown())
    return {key: each for key, each in how.address.items() if "{" not in each}


OPENING = Question(open_files, HEAVY, remembered=False)
