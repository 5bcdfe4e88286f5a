"""What the modes in the plane ask Python: where the weights lie, and what is known of the points."""

import posixpath

from explorer import checkpoints
from explorer.data.toys import TOYS
from explorer.measures.plane_energy import PIECES
from explorer.tabs.energy.fields import PlaneNet
from explorer.tabs.kit import parts
from explorer.tabs.kit.answers import light
from explorer.tabs.kit.nets import dataset_of
from explorer.tabs.kit.trained import read_card


@light
def plane_facts(net: PlaneNet) -> dict:
    """The known density, the moments of the training with their files and what each had come to, and the card's rows.

    The chains themselves walk in the browser, over the same weights.
    """
    card, dataset = read_card(net), dataset_of(net)
    kept = checkpoints.snapshots_of(net)
    return {
        "means": parts.brief(TOYS[dataset].means.tolist()),
        "sigma": TOYS[dataset].sigma,
        "pieces": list(PIECES[dataset]),
        "files": [weights(net, each["file"], each["sha256"]) for each in kept["snapshots"]],
        "history": [parts.brief(each) for each in kept["history"]],
        "batch": card["recipe"]["batch_size"],
        "rows": parts.brief([each for each in card.get("rows", []) if "of" in each]),
    }


def weights(net: str, file: str, sha256: str) -> str:
    """Where the browser finds a file of weights that the log of the training names."""
    return f"{posixpath.normpath(f'pretrained/{net}/snapshots/{file}')}?v={sha256[:12]}"
