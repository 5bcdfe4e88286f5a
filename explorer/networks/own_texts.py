"""Texts that visitors bring, and the models that learned them: kept in memory for the page that brought them.

The key of a text are random digits, and only the page that sent it is told. A text goes when its page is closed, or
after `IDLE` seconds without use. If all of them need more than `TEXTS_BYTES`, those of the address that holds the most
go first, the least recently used of them. Nothing is written to disk.
"""

import secrets
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from torch import Tensor

from explorer.spaces.alphabet import Alphabet

TEXTS_BYTES, TEXTS_MOST = 120_000_000, 400
TEXTS_IDLE = 30 * 60.0  # seconds
KEY_BYTES = 10  # 80 random bits: nobody finds a key by trying it
TEXT_GONE = "This server no longer has your text. It goes with its page, or after half an hour: press Train again."


class TextGoneError(ValueError):
    """A text is no longer kept."""


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

    @cached_property
    def space(self) -> Alphabet:
        """Alphabet of the text."""
        return Alphabet.of(self.text)

    @cached_property
    def codes(self) -> Tensor:
        """Numbers of the characters: (N,)."""
        return self.space.codes(self.text)


class OwnTexts:
    """Bounded store of texts.

    Arguments:
        most: Capacity in bytes.
        count: Largest number of texts.
        idle: Seconds without use after which a text goes.
    """

    def __init__(self, most: int = TEXTS_BYTES, count: int = TEXTS_MOST, idle: float = TEXTS_IDLE):
        self.most, self.count, self.idle = most, count, idle
        self._texts: OrderedDict[str, OwnText] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def size(self) -> int:
        """Bytes of all texts."""
        return sum(each.bytes for each in self._texts.values())

    def add(self, text: str, address: str) -> str:
        """Keep a text, and return its key."""
        key = secrets.token_hex(KEY_BYTES)
        with self._lock:
            self._texts[key] = OwnText(text, address, bytes=12 * len(text))  # itself, and its numbers
            self._make_room()
        return key

    def find(self, key: str) -> OwnText:
        """Return a text, and note its use.

        Raises:
            TextGoneError: if it is not kept.
        """
        with self._lock:
            self._make_room()
            found = self._texts.get(key)
            if found is None:
                raise TextGoneError(TEXT_GONE)
            found.used = time.monotonic()
            self._texts.move_to_end(key)
            return found

    def learn(self, key: str, learned: Any, size: int) -> None:
        """Keep what was learned from a text, of so many bytes, in place of what was learned before."""
        with self._lock:
            if found := self._texts.get(key):
                found.learned, found.bytes = learned, 12 * len(found.text) + size
                self._make_room()

    def close(self, keys: Iterable[str]) -> None:
        """Forget texts; those that are not kept are passed over."""
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


OWN_TEXTS = OwnTexts()
"""Texts of all visitors of this process."""
