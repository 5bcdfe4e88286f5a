"""An app whose networks are tiny, one of every family that a browser test draws with outside the comparison.

The comparison casts every network that there is, so its tests have an app of their own: `tests.compare`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from explorer.networks import checkpoints
from tests import room, tiny_nets
from tests.server import serve

PIXELCNNS = {name: tiny_nets.MODELS[name] for name in ("pixelcnn-mnist", "pixelcnn-fashion-mnist")}


@dataclass(frozen=True)
class App:
    """A running app, and the folder of its networks' weights."""

    url: str
    folder: Path

    def model(self, file: str) -> nn.Module:
        """The network of a file of the folder."""
        path = self.folder / file
        model = checkpoints.build(checkpoints.read_json(self.folder / file.partition("/")[0] / "config.json"))
        checkpoints.load_weights(model, path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
        return model.eval().requires_grad_(False)


def write_nets(folder: Path) -> Path:
    """Write the GANs, what tokens and discrete diffusion need, energies, of which the grey one is steep, and VAEs."""
    tiny_nets.write_gans(folder)
    tiny_nets.write(folder, tiny_nets.TOKENS | PIXELCNNS, jitter=0.2)
    tiny_nets.write(folder, tiny_nets.DISCRETE)
    for name, jitter in (("rbm-mnist", 0.05), ("ebm-mnist", 0.2)):
        tiny_nets.write(folder, {name: tiny_nets.ENERGIES[name]}, jitter)
    return room.write(folder)


@contextmanager
def start(folder: Path) -> Iterator[App]:
    """The app, until the block ends."""
    nets = write_nets(folder / "nets")
    with serve(folder / "log.txt", EXPLORER_PRETRAINED=str(nets)) as server:
        yield App(server.url, nets)
