"""Further networks of known families that `EXPLORER_EXTRA` names: folders, or repositories of the Hub.

Each has a recipe (`config.json`), weights (`model.safetensors`) and maybe a card (`card.json`). The recipe gives the
family and the data set. The network is called after its folder or repository. One that cannot be used never stops the
app: the log and the page name it and say why. Its weights are checked when they are read, like those of every network.
"""

import hashlib
import logging
import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from explorer import data
from explorer.networks import hub, installed
from explorer.running import received

SETTING = "EXPLORER_EXTRA"
MOST_FOLDERS = 32
APART: dict[str, Collection[str]] = {
    **dict.fromkeys(("transformer", "lstm", "ngram"), tuple(data.TEXTS)),
    "wavenet": tuple(data.SOUNDS),
    "pix2pix": ("mnist", "fashion-mnist"),
    "cyclegan": ("mnist",),
}
"""Families whose networks their own tab alone asks, of text, sound and translation, each with its data sets."""
OF_POINTS = {"plane-flow": "flow", "plane-flow-matching": "flow-matching", "plane-denoiser": "denoising-autoencoder"}
"""Families of points by their name in recipes, each with the family of images whose tab shows it."""
REPOSITORY = re.compile(r"([\w-][\w.-]*/[\w-][\w.-]*)@([0-9a-f]{40})", re.ASCII)
NEEDED, OPTIONAL = ("config.json", "model.safetensors"), ("card.json",)
LONGEST_NAME = 64
log = logging.getLogger(__name__)
titles: dict[str, str] = {}
"""Displayed name of each further network of images or points, by the name of its checkpoint."""
apart: dict[str, str] = {}
"""Displayed name of each further network of the families `APART`, by the name of its checkpoint."""


class ExtraError(ValueError):
    """A further network cannot be used; the message says why."""


def load(families: Collection[str], started_in: Path, taken: Collection[str]) -> Iterator[tuple[str, Path]]:
    """Yield the name and the folder of each further network, and report those that cannot be used.

    Arguments:
        families: Names of the families of images and points that the app knows.
        started_in: Folder to which relative paths refer.
        taken: Names of other checkpoints.
    """
    sets = dict.fromkeys(families, data.DATASETS) | APART
    places = [each for each in os.environ.get(SETTING, "").split(os.pathsep) if each.strip()]
    for place in places[:MOST_FOLDERS]:
        try:
            title, folder = _folder(place.strip(), started_in)
            family, dataset = _describe(folder, sets)
            shown = apart if family in APART else titles
            net = _name(title, folder, family, dataset)
            if net in (*taken, *titles, *apart):
                raise ExtraError(f"another network is called “{net}”: rename the folder")
            shown[net] = title
            yield net, folder
        except Exception as error:  # whatever the Hub's client or the file system raises
            _refuse(place, error)
    if len(places) > MOST_FOLDERS:
        _refuse(SETTING, ExtraError(f"it names {len(places)} networks, and at most {MOST_FOLDERS} are opened"))


def _refuse(place: str, error: Exception) -> None:
    shown = place if REPOSITORY.fullmatch(place) else Path(place).name
    log.error("%s: %s cannot be opened", SETTING, place, exc_info=error)
    installed.problems.append(f"“{shown}” of {SETTING} cannot be opened: {error!s:.300}. The rest works without it.")


def _folder(place: str, started_in: Path) -> tuple[str, Path]:
    """Return the displayed name and the folder of a network, after fetching it if it lies on the Hub."""
    path = Path(os.path.abspath(started_in / Path(place).expanduser()))
    if path.is_dir():
        return path.name, path
    if found := REPOSITORY.fullmatch(place):
        repo, revision = found.groups()
        return repo.partition("/")[2], _fetch(repo, revision)
    raise ExtraError("it is neither a folder nor a repository with its commit, owner/name@ and 40 hexadecimal digits")


def _fetch(repo: str, revision: str) -> Path:
    """Fetch the files of a repository at a commit into the cache of the Hub's client, and return their folder."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    try:
        paths = [Path(hf_hub_download(repo, file, revision=revision)) for file in NEEDED]
        for file in OPTIONAL:
            try:
                hf_hub_download(repo, file, revision=revision)
            except EntryNotFoundError:
                log.info("%s has no %s", repo, file)
    except Exception as error:
        raise ExtraError(hub.advice(error, revision).replace("EXPLORER_HUB_REPO", SETTING)) from error
    return paths[0].parent


def _describe(folder: Path, sets: Mapping[str, Collection[str]]) -> tuple[str, str]:
    """Return the family and the data set that a recipe names; `sets` are the data sets of each family.

    Raises:
        ExtraError: if it is missing or names what the app does not know.
    """
    try:
        recipe = received.read_json((folder / "config.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ExtraError("it has no config.json that could be read") from error
    family, dataset = (str(recipe.get(key)) if isinstance(recipe, dict) else "" for key in ("family", "dataset"))
    family = OF_POINTS.get(family, family)
    if family not in sets:
        raise ExtraError(f"its recipe names the family “{family:.40}”, and the app opens {', '.join(sets)}")
    if dataset not in sets[family]:
        raise ExtraError(f"its recipe names the data set “{dataset:.40}”, and the app has {', '.join(sets[family])}")
    return family, dataset


def _name(title: str, folder: Path, family: str, dataset: str) -> str:
    """Return the name of a network: its family, its data set, and the letters and digits of its title."""
    start = f"{family}-{dataset}"
    own = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-").removeprefix(f"{start}-")
    if not own or own == start:
        own = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return f"{start}-{own}"[:LONGEST_NAME].rstrip("-")
