"""Record *Four targets* on digits: `python -m explorer.digit_targets` trains small networks on the bundled digits.

*Four targets*, in Flow matching, shows the record (`explorer/measures/digit_targets.py`). It takes some minutes on one
core.
"""

import typer

from explorer.measures.digit_targets import record


def digit_targets() -> None:
    """Train the networks of four targets on digits, and write what they measure."""
    record()


if __name__ == "__main__":
    typer.run(digit_targets)
