"""What visitors bring, and the models that learned it: kept in memory for the page that brought it.

The key of a text or of a sign are random digits, and only the page that sent it is told. It goes when its page is
closed, or after `idle` seconds without use. If all of a store need more than its bytes, those of the address that holds
the most go first, the least recently used of them. Nothing is written to disk.
"""

import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from torch import Tensor

from explorer.spaces.alphabet import Alphabet

TEXTS_BYTES, TEXTS_MOST = 120_000_000, 400
TEXTS_IDLE = 30 * 60.0  # seconds
KEY_BYTES = 10  # 80 random bits: nobody finds a key by trying it
TEXT_GONE = "This server no longer has your text. It goes with its page, or after half an hour: press Train again."


SIGNS_BYTES, SIGNS_MOST = 80_000_000, 200
SIGN_GONE = (
    "This server no longer has your drawings. They go with their page, or after half an hour: press Train again."
)


class TextGoneError(ValueError):
    """A text or a sign is no longer kept."""


class Brought(Protocol):
    """What a visitor brought: the client address, what was learned from it, and the bytes of both."""

    address: str
    learned: Any
    bytes: int
    used: float

    @property
    def own_bytes(self) -> int:
        """Bytes without what was learned."""
        ...


B = TypeVar("B", bound=Brought)


@dataclass
class OwnText:
    """A text of a visitor, and what was learned from it.

    Arguments:
        text: The text.
        address: Client address.
        learned: What the last training left, if there was one.
        results: Bits a character of every training, by its settings.
        bytes: Bytes of memory, about.
    """

    text: str
    address: str
    learned: Any = None
    results: dict[Any, Mapping[str, float]] = field(default_factory=dict)
    bytes: int = 0
    used: float = field(default_factory=time.monotonic)

    @property
    def own_bytes(self) -> int:
        """Bytes of the text, and of its numbers."""
        return 12 * len(self.text)

    @cached_property
    def space(self) -> Alphabet:
        """Alphabet of the text."""
        return Alphabet.of(self.text)

    @cached_property
    def codes(self) -> Tensor:
        """Numbers of the characters: (N,)."""
        return self.space.codes(self.text)


@dataclass
class OwnSign:
    """Drawings of a visitor's sign, and what learned it.

    Arguments:
        drawings: (N, 1, 28, 28), unsigned bytes.
        address: Client address.
        example: Name of the example sign that they are of; "" if they are the visitor's.
        learned: What the last training left, if there was one.
        bytes: Bytes of memory, about.
    """

    drawings: Tensor
    address: str
    example: str = ""
    learned: Any = None
    bytes: int = 0
    used: float = field(default_factory=time.monotonic)

    @property
    def own_bytes(self) -> int:
        """Bytes of the drawings."""
        return self.drawings.numel()


class Store(Generic[B]):
    """Bounded store of what visitors bring.

    Arguments:
        most: Capacity in bytes.
        count: Largest number of entries.
        idle: Seconds without use after which an entry goes.
        gone: Sentence about an entry that is no longer kept.
    """

    def __init__(self, most: int, count: int, idle: float, gone: str):
        self.most, self.count, self.idle, self.gone = most, count, idle, gone
        self._texts: OrderedDict[str, B] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def size(self) -> int:
        """Bytes of all entries."""
        return sum(each.bytes for each in self._texts.values())

    def keep(self, entry: B) -> str:
        """Keep an entry, and return its key."""
        key = secrets.token_hex(KEY_BYTES)
        entry.bytes = entry.own_bytes
        with self._lock:
            self._texts[key] = entry
            self._make_room()
        return key

    def find(self, key: str) -> B:
        """Return an entry, and note its use.

        Raises:
            TextGoneError: if it is not kept.
        """
        with self._lock:
            self._make_room()
            found = self._texts.get(key)
            if found is None:
                raise TextGoneError(self.gone)
            found.used = time.monotonic()
            self._texts.move_to_end(key)
            return found

    def learn(self, key: str, learned: Any, size: int) -> None:
        """Keep what was learned from an entry, of so many bytes, in place of what was learned before."""
        with self._lock:
            if found := self._texts.get(key):
                found.learned, found.bytes = learned, found.own_bytes + size
                self._make_room()

    def close(self, keys: Iterable[str]) -> None:
        """Forget entries; those that are not kept are passed over."""
        with self._lock:
            for key in keys:
                self._texts.pop(key, None)

    def _make_room(self) -> None:
        until = time.monotonic() - self.idle
        for key in [key for key, each in self._texts.items() if each.used < until]:
            del self._texts[key]
        while self._texts and (self.size > self.most or len(self._texts) > self.count):
            held: Counter[str] = Counter()
            for each in self._texts.values():
                held[each.address] += each.bytes
            greedy = max(held, key=held.__getitem__)
            del self._texts[next(key for key, each in self._texts.items() if each.address == greedy)]


class OwnTexts(Store[OwnText]):
    """Bounded store of texts."""

    def __init__(self, most: int = TEXTS_BYTES, count: int = TEXTS_MOST, idle: float = TEXTS_IDLE):
        super().__init__(most, count, idle, TEXT_GONE)

    def add(self, text: str, address: str) -> str:
        """Keep a text, and return its key."""
        return self.keep(OwnText(text, address))


OWN_TEXTS = OwnTexts()
"""Texts of all visitors of this process."""
OWN_SIGNS: Store[OwnSign] = Store(SIGNS_BYTES, SIGNS_MOST, TEXTS_IDLE, SIGN_GONE)
"""Signs of all visitors of this process."""
