"""Explorer: touch, watch and question trained deep generative models.

    import explorer

    model = explorer.load("pixelcnn-mnist")
    x = model.sample(4, generator=torch.Generator().manual_seed(7))

`python -m explorer` opens the app.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.networks.shared import Shared

__all__ = ["family", "load"]
__path__.append(str(Path(__file__).parent / "commands"))  # `python -m explorer.train` is commands/train.py


def load(name: str | Path, device: Any = None) -> "Shared":
    """Return a trained network by its name: from the folder of checkpoints, else from the Hub at a pinned commit.

    A path is a folder with the files of one network, such as those of *Share*, *Download*. The network is the caller's
    own, in eval mode. It has the methods of its family (`sample`, `log_prob`, …), and the Hub's (`save_pretrained`,
    `push_to_hub`).

    Raises:
        CheckpointError: if it is neither here nor on the Hub, or a file is damaged; the message says what to do.
    """
    from explorer.networks import shared

    return shared.load(name, device)


def family(name: str) -> "type[Shared]":
    """Return the class of a family, as in `family("pixelcnn").from_pretrained("owner/pixelcnn-mnist")`.

    Raises:
        CheckpointError: if there is no such family.
    """
    from explorer.networks import shared

    return shared.family(name)
