"""Sites that may show the page in a frame: Hugging Face, and those that the environment names."""

import ipaddress
import os
import re

FRAMED_ALWAYS = ("https://huggingface.co",)
FRAMED_MOST = 32  # sites: the policy is sent with every page
_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::([1-9][0-9]{0,4}))?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_EXAMPLE = "https://moodle.example.edu"


def sites() -> tuple[str, ...]:
    """Return the origins that may frame the page, those of `EXPLORER_FRAMED_BY` last.

    Raises:
        SystemExit: if a value there is no origin; the message names it.
    """
    named = os.environ.get("EXPLORER_FRAMED_BY", "").split()
    if len(named) > FRAMED_MOST:
        raise SystemExit(f"EXPLORER_FRAMED_BY names {len(named)} sites: at most {FRAMED_MOST} can be named")
    return tuple(dict.fromkeys((*FRAMED_ALWAYS, *map(_origin, named))))


def _origin(said: str) -> str:
    """Return a value as an origin, in lower case.

    Raises:
        SystemExit: if it is none, such as a wildcard or an address with a path; the message names it.
    """
    found = _ORIGIN.fullmatch(said)
    if not found or not _is_host(found[2].lower()) or int(found[3] or 0) > 65_535:
        raise SystemExit(
            f"EXPLORER_FRAMED_BY has {said[:80]!r}: {_reason(said)}. Name the origins of sites, with spaces between "
            f"them, as in EXPLORER_FRAMED_BY={_EXAMPLE}"
        )
    return said.lower()


def _is_host(host: str) -> bool:
    """Return whether a host is a name of letters, digits and hyphens, or an IP address."""
    if host.startswith("[") or re.fullmatch(r"[\d.]+", host):
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return False
        return True
    return all(map(_LABEL.fullmatch, host.split(".")))


def _reason(said: str) -> str:
    """Return what is wrong with a value that is no origin."""
    if "*" in said:
        return "a wildcard would open the page to sites that nobody named"
    if not re.match(r"https?://", said, re.IGNORECASE):
        return "an origin begins with https:// or http://"
    rest = said.partition("://")[2]
    if "@" in rest:
        return "an origin has no user name"
    if re.search(r"[/?#]", rest):
        return "an origin ends after its host and port, without a path or a slash"
    return "this is no host with an optional port"
