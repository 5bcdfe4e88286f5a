"""Settings of the server that are on or off."""

import os


def is_on(setting: str, usual: str, wanted: str) -> bool:
    """Return whether a setting of the environment is 1; `usual` is its value if it is not set.

    Arguments:
        wanted: What to set it to, for the message about another value.

    Raises:
        SystemExit: if the setting is neither 0 nor 1.
    """
    said = os.environ.get(setting) or usual
    if said not in ("0", "1"):
        raise SystemExit(f"{setting} is {said[:40]!r}: set it to {wanted}")
    return said == "1"
