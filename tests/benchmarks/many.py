"""The app with more tabs than there are, `TABS` of them: the others are copies, which only their names tell apart."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice

from explorer.networks import checkpoints
from explorer.running import process
from explorer.tabs import interface
from explorer.tabs.kit.layout.tab import Tab


def tabs(most: int) -> list[Tab]:
    """The tabs that there are, and after them copies of them."""

    def every() -> Iterator[Tab]:
        for n in count():
            yield from (
                replace(tab, name=f"{tab.name}{n or ''}", title=f"{tab.title} {n or ''}".strip())
                for tab in interface.TABS
            )

    return list(islice(every(), most))


if __name__ == "__main__":
    process.prepare()
    os.chdir(checkpoints.ROOT)
    demo = interface.build(tabs(int(os.environ["TABS"])))
    process.settle()
    demo.launch(**interface.launch_settings(demo), server_port=int(os.environ["GRADIO_SERVER_PORT"]), inbrowser=False)
