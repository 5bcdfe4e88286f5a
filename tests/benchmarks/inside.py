"""Seconds from a press to the answer of *Inside*, for every run: `python -m tests.benchmarks.inside`.

They are seconds of the processor, one thread, so that a busy machine does not lengthen them.
"""

import time
from collections.abc import Iterator

import torch

from explorer import fields
from explorer.networks import checkpoints
from explorer.questions import inspect
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.ask.inside import inside, recorded

KNOWN = fields.of(inside.plain)


def networks() -> Iterator[str]:
    """Yield the networks that open."""
    for folder in sorted(checkpoints.pretrained_folder().iterdir()):
        if (folder / "model.safetensors").exists() and inspect.ways(checkpoints.load(folder.name)):
            yield folder.name


def seconds(**request: object) -> float:
    """Return the seconds of the processor for one answer."""
    start = time.process_time()
    inside.props(**arguments(KNOWN, request))
    return time.process_time() - start


def main() -> None:
    """Print a row for each run: its first answer, one of another layer, and one value written out."""
    torch.set_num_threads(1)
    seconds(net="vae-mnist", layer="0.0", at=0)  # autograd starts once
    for net in networks():
        for way in inspect.ways(checkpoints.load(net)):
            opened = []
            for _ in range(3):
                recorded.cache_clear()
                opened.append(seconds(net=net, way=way))
            layer = seconds(net=net, way=way, layer="0")
            try:
                value = seconds(net=net, way=way, at=0)
            except ValueError:  # nothing comes out of it in this step
                value = float("nan")
            print(f"{net:38} {way:7} {min(opened):6.3f} {layer:6.3f} {value:6.3f}", flush=True)


if __name__ == "__main__":
    main()
