"""Fetch checkpoints from a repository of the Hub, at a pinned commit, in the background.

Each checkpoint has one thread, so a slow one holds up no other, and a daemon, so that it never keeps the process from
ending. It is put into its place when all of it is here, `config.json` last: what has that file is whole. A failure is
remembered for a while, so that whoever asks again is told of it at once and nothing is fetched for every click.
"""

import logging
import math
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

PATIENCE_SECONDS = 20  # that the start of the app waits, for all checkpoints together
REMEMBERED_SECONDS = 300  # that a failure is told without another attempt
STAGING = ".fetching"
log = logging.getLogger(__name__)


class HubError(RuntimeError):
    """A checkpoint could not be fetched, or not yet; the message says what to do."""


def is_here(folder: Path) -> bool:
    """Whether a folder holds a checkpoint, as far as its recipe tells."""
    return os.path.exists(folder / "config.json")


def begin(names: Iterable[str], folder: Path) -> None:
    """Start to fetch those of some checkpoints that a folder lacks, all at once, if a repository is named."""
    missing = [name for name in names if not is_here(folder / name)]
    if missing and os.environ.get("EXPLORER_HUB_REPO"):
        try:
            for name in missing:
                _current(name, folder, PATIENCE_SECONDS)
        except HubError as error:
            log.warning("%s", error)  # and whoever asks for one is told


def fetch(name: str, folder: Path) -> None:
    """Put a checkpoint into a folder, or wait until it is there if that was begun.

    What was begun in the background is waited for no longer than `PATIENCE_SECONDS` from its beginning on.

    Raises:
        HubError: if it could not be fetched, or is not here yet.
    """
    under_way = _current(name, folder, math.inf)
    under_way.wait()
    if under_way.problem:
        raise HubError(under_way.problem)


def source() -> tuple[str, str]:
    """The repository that is named in the environment, and the commit.

    Raises:
        HubError: if they are not of the form that the Hub wants.
    """
    repo, revision = os.environ.get("EXPLORER_HUB_REPO", ""), os.environ.get("EXPLORER_HUB_REVISION", "")
    if not re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", repo, re.ASCII):
        raise HubError("EXPLORER_HUB_REPO must have the form owner/name")
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise HubError("EXPLORER_HUB_REVISION must be the 40 hexadecimal digits of a commit, so that nothing moves")
    return repo, revision


class Fetch:
    """One attempt to fetch one checkpoint.

    Arguments:
        patience: How many seconds, from now on, whoever asks waits for the end.
    """

    def __init__(self, name: str, folder: Path, patience: float):
        self.name, self.folder = name, folder
        self.repo, self.revision = source()
        self._problem, self._heard = None, False
        self._deadline, self._ended = time.monotonic() + patience, math.inf
        self._thread = threading.Thread(target=self._run, name=f"fetch {name}", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait for the end, as long as there is patience."""
        left = max(0.0, self._deadline - time.monotonic())
        self._thread.join(None if math.isinf(left) else left)

    @property
    def problem(self) -> str | None:
        """Why the checkpoint is not here, and what to do; None when it is."""
        if not self._thread.is_alive():
            return self._problem
        told = f"“{self.name}” is still being fetched from {self.repo}: give it a few minutes"
        return told if self._heard else f"“{self.name}”: {self.repo} has not answered in time: {_CONNECTION}"

    @property
    def is_forgotten(self) -> bool:
        """Whether it is time for another attempt: it failed long ago, or what it brought was taken away."""
        if self._thread.is_alive():
            return False
        if self._problem is None:
            return not is_here(self.folder / self.name)
        return time.monotonic() - self._ended > REMEMBERED_SECONDS

    def _run(self) -> None:
        try:
            self._fetch()
        except Exception as error:
            self._problem = f"“{self.name}” could not be fetched from {self.repo}: {advice(error, self.revision)}"
            log.warning("%s (%s: %s)", self._problem, type(error).__name__, error)
        self._ended = time.monotonic()

    def _fetch(self) -> None:
        from huggingface_hub import HfApi, hf_hub_download
        from huggingface_hub.hf_api import RepoFile
        from huggingface_hub.utils import disable_progress_bars

        disable_progress_bars()  # a dozen at once would write over each other
        tree = HfApi().list_repo_tree(self.repo, self.name, recursive=True, revision=self.revision)
        files = [entry.path for entry in tree if isinstance(entry, RepoFile)]
        self._heard = True
        if f"{self.name}/config.json" not in files:
            raise HubError(_NO_CHECKPOINT)
        staging = self.folder / STAGING / self.name
        for file in files:
            hf_hub_download(self.repo, file, revision=self.revision, local_dir=staging)
        self._put(files, staging)

    def _put(self, files: list[str], staging: Path) -> None:
        """Move what was fetched to its place, the recipe last."""
        for file in sorted(files, key=lambda file: PurePosixPath(file).name == "config.json"):
            place = self.folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            (staging / file).replace(place)
        shutil.rmtree(staging, ignore_errors=True)


_fetches: dict[Path, Fetch] = {}
_lock = threading.Lock()


def _current(name: str, folder: Path, patience: float) -> Fetch:
    """The attempt that is under way or remembered, or a new one; a repeated one is not waited for."""
    with _lock:
        known = _fetches.get(folder / name)
        if known is None or known.is_forgotten:
            _fetches[folder / name] = Fetch(name, folder, 0 if known else patience)
        return _fetches[folder / name]


_CONNECTION = "check the connection"
_NO_CHECKPOINT = "the repository holds no such checkpoint at this commit: check EXPLORER_HUB_REVISION"
_REFUSED = (
    "the Hub refused, as it does where a repository is private or does not exist: check EXPLORER_HUB_REPO, "
    "or set HF_TOKEN to a token that may read it"
)


def advice(error: Exception, revision: str) -> str:
    """Why the Hub gave nothing, and what to do about it."""
    from huggingface_hub import errors

    while isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # which hides what happened
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, HubError):
        return str(error)
    if isinstance(error, errors.HFValidationError):
        return "that is no name of a repository: EXPLORER_HUB_REPO must have the form owner/name"
    if isinstance(error, errors.OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE forbids it: unset it"
    if isinstance(error, errors.RevisionNotFoundError):
        return f"there is no commit {revision[:8]}: check EXPLORER_HUB_REVISION"
    if isinstance(error, errors.EntryNotFoundError):
        return _NO_CHECKPOINT
    if status in (401, 403):
        return f"{_REFUSED} ({status})"
    if status == 404:
        return "it was not found (404): check EXPLORER_HUB_REPO and EXPLORER_HUB_REVISION"
    if status:
        return f"the Hub answered {status}: try again later"
    if "Timeout" in type(error).__name__:
        return f"the Hub did not answer in time: {_CONNECTION}"
    if isinstance(error, OSError) and error.filename:
        return "the folder of checkpoints cannot be written: make room in it, and check who may write there"
    return f"the Hub cannot be reached ({type(error).__name__}): {_CONNECTION}"
