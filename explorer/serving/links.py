"""Repair of links that mail, chat or the end of a sentence has damaged; `links.js` does the same in the browser."""

import re
from collections.abc import Sequence

_AMPERSAND = re.compile(r"&(?:amp(?:;|%3b))+", re.IGNORECASE)
_SEPARATOR = re.compile(r";(?=[a-z_][\w-]*=)", re.IGNORECASE | re.ASCII)
_ENCODED = "0[9ad]|2[0279c]|3[abef]|5d|60|7[cd]|c2%(?:a0|bb)|e2%80%(?:9[9d]|a6)"
_TAIL = re.compile(rf"(?:[)\].>,;:!?'\"*}}|`+\s]|%(?:{_ENCODED}))+$", re.IGNORECASE | re.ASCII)
_SURE = re.compile(r"[);].*$", re.DOTALL)
_NAMES = re.compile(r"(^|&)(tab|mode|__\w+|course|page|step|handout|story|scene)=([^&]*)", re.IGNORECASE | re.ASCII)
_OWN = re.compile("~|%7e", re.IGNORECASE)


def mended(query: str, texts: Sequence[str] = ()) -> str:
    """Return a query with its names in small letters and nothing after its last value.

    Arguments:
        query: Query of an address, still encoded.
        texts: Keys of values that are texts; these may end in any sign that the page itself leaves as it is.
    """
    query = _AMPERSAND.sub("&", query.removeprefix("?"))
    key = query[query.rfind("&") + 1 :].partition("=")[0]
    is_text = key.lower() in texts
    query = _TAIL.sub(lambda tail: _SURE.sub("", tail[0]) if is_text else "", query)
    return _NAMES.sub(_small, _SEPARATOR.sub("&", query))


def _small(found: re.Match[str]) -> str:
    before, key, value = found.groups()
    return f"{before}{key.lower()}={value if _OWN.match(value) else value.lower()}"
