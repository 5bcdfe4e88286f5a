"""What was made lately and may be asked for again, as far as so many bytes go."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any


class Kept:
    """Values by key; when there is no room for all, those go that were asked for longest ago.

    Arguments:
        most: How many bytes are kept.
    """

    def __init__(self, most: int):
        self.most, self.size, self.reserved = most, 0, 0
        self._known: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: Hashable) -> Any:
        """The value of a key, or None."""
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key][0]

    def put(self, key: Hashable, value: Any, size: int) -> list[Any]:
        """Keep a value of so many bytes, unless it alone is too much; returns the values that had to go."""
        with self._lock:
            self.size -= self._known.pop(key, (None, 0))[1]
            if size > self.most:
                return [value]
            self._known[key] = value, size
            self.size += size
            return self._forget()

    def reserve(self, size: int) -> list[Any]:
        """Leave so many of the bytes to something else; returns the values that had to go."""
        with self._lock:
            self.reserved = size
            return self._forget()

    def _forget(self) -> list[Any]:
        gone = []
        while self._known and self.size > self.most - self.reserved:
            value, size = self._known.popitem(last=False)[1]
            self.size -= size
            gone.append(value)
        return gone


def weight(value: Any) -> int:
    """About how many bytes a value of texts, numbers, lists and mappings takes."""
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(weight(key) + weight(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sys.getsizeof(value) + sum(map(weight, value))
    return sys.getsizeof(value)
