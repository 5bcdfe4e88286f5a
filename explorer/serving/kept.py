"""LRU cache bounded in bytes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any


class Kept:
    """LRU cache of values by key, bounded in bytes.

    Arguments:
        most: Capacity in bytes.
    """

    def __init__(self, most: int):
        self.most, self.size, self.reserved = most, 0, 0
        self._known: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: Hashable) -> Any:
        """Return the value of a key, or None."""
        with self._lock:
            if key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key][0]

    def put(self, key: Hashable, value: Any, size: int) -> list[Any]:
        """Store a value of `size` bytes, unless it exceeds the capacity alone; return the evicted values."""
        with self._lock:
            self.size -= self._known.pop(key, (None, 0))[1]
            if size > self.most:
                return []
            self._known[key] = value, size
            self.size += size
            return self._forget()

    def reserve(self, size: int) -> list[Any]:
        """Reserve `size` bytes of the capacity for other use; return the evicted values."""
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
    """Return the approximate size in bytes of a value made of texts, numbers, lists and mappings."""
    if isinstance(value, Mapping):
        return sys.getsizeof(value) + sum(weight(key) + weight(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sys.getsizeof(value) + sum(map(weight, value))
    return sys.getsizeof(value)
