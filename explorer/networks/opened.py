"""Networks that visitors open from files of their own: kept in memory, few, small, and gone with the page.

The name of such a network ends with random digits, and whoever knows the name may ask the network: the page that opened
it does, and no other page is told. Nothing is written to disk. A network is closed when its page is closed, or when
nobody has asked it for `IDLE` seconds.
"""

import re
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK, OPENED_DIGITS = "-open-", 20  # 80 random bits in hexadecimal: nobody finds a name by trying it
NAME = re.compile(rf".+{MARK}[0-9a-f]{{{OPENED_DIGITS}}}")
OF_PAGE, OF_ADDRESS, OF_ALL = 4, 16, 32  # networks of one page, of one address, and of all
BYTES = 64_000_000  # of all of them together
IDLE = 30 * 60.0  # seconds
OPENED_GONE = (
    "This network is no longer open. A network that you open goes with its page, or after half an hour without use: "
    "open its files again."
)
FULL = "Too many networks are open on this server. Try again later."


class OpenError(ValueError):
    """A network cannot be opened, or is no longer open; the message says why."""


@dataclass(frozen=True)
class Files:
    """Files of a network as a visitor sent them: three, or a zip of them."""

    recipe: bytes
    weights: bytes
    card: bytes | None = None
    archive: bytes | None = None


@dataclass
class Opened:
    """A network with its files, and the page that opened it.

    Arguments:
        model: The network, or the networks of a training.
        recipe: Its recipe.
        card: Its card; without one, only the hash of the weights.
        size: Bytes of its weights.
        title: Displayed name.
        page: Key of the page.
        address: Client address.
        used: Time of the last use.
    """

    model: Any
    recipe: Mapping[str, Any]
    card: Mapping[str, Any]
    size: int
    title: str
    page: str
    address: str
    used: float = field(default_factory=time.monotonic)


_open: dict[str, Opened] = {}
_lock = threading.Lock()


def is_name(net: str) -> bool:
    """Return whether a name is that of a network which a visitor opened, now or earlier."""
    return NAME.fullmatch(net) is not None


def find(net: str) -> Opened:
    """Return an open network, and note its use.

    Raises:
        OpenError: if it is not open.
    """
    with _lock:
        _close_idle()
        found = _open.get(net)
        if found is None:
            raise OpenError(OPENED_GONE)
        found.used = time.monotonic()
        return found


def is_open(net: str) -> bool:
    """Return whether a network is open; this is no use of it."""
    with _lock:
        _close_idle()
        return net in _open


def title(net: str) -> str | None:
    """Return the displayed name of an open network, or None."""
    found = _open.get(net)
    return found and found.title


def count(page: str) -> int:
    """Return the number of open networks of a page."""
    with _lock:
        return _count(page)


def check_room(page: str, address: str, size: int = 0) -> None:
    """Check that one more network of so many bytes may be opened.

    Raises:
        OpenError: if it may not.
    """
    with _lock:
        _close_idle()
        _check_room(page, address, size)


def add(start: str, found: Opened) -> str:
    """Open a network, and return its name: `start` and random digits.

    Raises:
        OpenError: if there is no room for it.
    """
    with _lock:
        _close_idle()
        _check_room(found.page, found.address, found.size)
        net = f"{start}{MARK}{secrets.token_hex(OPENED_DIGITS // 2)}"
        _open[net] = found
        return net


def close(nets: Iterable[str]) -> None:
    """Close networks; those that are not open are passed over."""
    with _lock:
        for net in nets:
            _open.pop(net, None)


def _close_idle() -> None:
    until = time.monotonic() - IDLE
    for net in [net for net, each in _open.items() if each.used < until]:
        del _open[net]


def _count(page: str) -> int:
    return sum(each.page == page for each in _open.values())


def _check_room(page: str, address: str, size: int) -> None:
    if _count(page) >= OF_PAGE:
        raise OpenError(f"A page opens at most {OF_PAGE} networks. Reload it to begin anew.")
    known = [each for each in _open.values() if each.address == address]
    if len(known) >= OF_ADDRESS or len(_open) >= OF_ALL or sum(each.size for each in _open.values()) + size > BYTES:
        raise OpenError(FULL)
