"""Record the pools of generated images: `python -m explorer.pools [NETWORK …]` draws with all networks, or with these.

*Power*, in the Lab, draws random sets from them (`explorer/measures/pools.py`). Run it after one of these networks, or
the classifier, was trained again. All networks take three minutes on one core.
"""

from typing import Annotated

import typer

from explorer import data
from explorer.measures.pools import DRAWN, record


def pools(
    networks: Annotated[list[str] | None, typer.Argument(help="Only of these networks, such as gan-mnist.")] = None,
) -> None:
    """Draw the pools of all NETWORKS, and write them."""
    for dataset in data.CLASSES:
        families = [family for family in DRAWN if not networks or f"{family}-{dataset}" in networks]
        for family in families:  # each is written at once, so that an interrupted run can continue
            record(dataset, [family])


if __name__ == "__main__":
    typer.run(pools)
