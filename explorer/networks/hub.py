"""Fetch checkpoints from a repository of the Hub, at a pinned commit, in the background.

A local file stays, and is never requested. Each checkpoint has its own thread, so a slow one delays no other. The
threads are daemons, so they never keep the process from ending. The files that a network needs are moved into place
once all have arrived and match their recorded sha256. Its snapshots follow one by one. A failure is remembered for a
while: later requests report it at once, and clicks do not repeat the fetch.

A program run by its owner fetches any checkpoint it names, and waits for it. An app that is `open_to` strangers fetches
only its own checkpoints, and no request waits for one.
"""

import hashlib
import json
import logging
import math
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from explorer.networks import manifest

PATIENCE_SECONDS = 20  # how long the start of the app waits, for all checkpoints together
REMEMBERED_SECONDS = 300  # how long a failure is reported without another attempt
STAGING = ".fetching"
PUBLISHED = Path(__file__).parents[1] / "bundled" / "hub.json"  # written by `explorer.publish`
SHIPPED, SHIPPED_APART = "bundled", ("mnist-train.xz", "fashion-mnist-train.xz", "emoji.png")
"""Folder, and its files that a repository has and an installed package lacks."""
log = logging.getLogger(__name__)


class HubError(RuntimeError):
    """A checkpoint could not be fetched, or is not here yet; the message says what to do."""


def begin(names: Iterable[str], folder: Path) -> None:
    """Start to fetch the missing files of some checkpoints, all at once, if a repository is named."""
    missing = [name for name in names if manifest.lacking(folder / name)]
    if missing and is_named():
        try:
            for name in missing:
                _current(name, folder, PATIENCE_SECONDS)
        except HubError as error:
            log.warning("%s", error)  # a later request for one gets the error


def open_to(names: Iterable[str] | None) -> None:
    """Restrict fetching to these checkpoints, and let no request wait for them; None lifts the restriction."""
    global _own
    _own = None if names is None else frozenset(names)


def fetch(name: str, folder: Path, *, later: bool = False) -> None:
    """Fetch the missing files of a checkpoint into a folder, or wait for a fetch that has begun.

    The wait for a fetch that began in the background ends `PATIENCE_SECONDS` after its beginning. An app that is open
    does not wait.

    Arguments:
        later: True to wait for the snapshots too.

    Raises:
        HubError: if it could not be fetched, is not here yet, or is no checkpoint of an app that is open.
    """
    if _own is not None and name not in _own:
        raise HubError(f"“{name}” is no checkpoint of this app, and no other is fetched")
    under_way = _current(name, folder, math.inf)
    if _own is None:
        under_way.wait(later)
    if problem := under_way.problem(later):
        raise HubError(problem)


def is_expected(name: str, folder: Path) -> bool:
    """True if a checkpoint was requested, unless the repository reports within the waiting time that it has none."""
    if (known := _fetches.get(folder / name)) is None:
        return False
    if _own is None:
        known.wait(later=False)
    return not known.is_unknown


def is_named() -> bool:
    """True if the environment names a repository, or this app was published with one.

    What was published fills the app's own folder. Another folder, of `EXPLORER_PRETRAINED`, is filled from a repository
    that is named.
    """
    own = not os.environ.get("EXPLORER_PRETRAINED")
    return bool(os.environ.get("EXPLORER_HUB_REPO")) or own and PUBLISHED.exists()


def source() -> tuple[str, str]:
    """Return the repository and the commit that the environment names, or else those that the app was published with.

    Raises:
        HubError: if they do not have the form that the Hub wants.
    """
    repo, revision = os.environ.get("EXPLORER_HUB_REPO", ""), os.environ.get("EXPLORER_HUB_REVISION", "")
    if not repo and PUBLISHED.exists():
        named = json.loads(PUBLISHED.read_bytes())
        repo, revision = named["repo"], named["revision"]
    if not re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", repo, re.ASCII):
        raise HubError("EXPLORER_HUB_REPO must have the form owner/name")
    if not re.fullmatch(r"[0-9a-f]{40}", revision):
        raise HubError("EXPLORER_HUB_REVISION must be the 40 hexadecimal digits of a commit, so that nothing moves")
    return repo, revision


def fetch_shipped(file: str) -> Path:
    """Return a file that ships with a repository but not with an installed package, from the published commit.

    Raises:
        HubError: if it could not be fetched.
    """
    from huggingface_hub import hf_hub_download

    repo, revision = source()
    try:
        return Path(hf_hub_download(repo, f"{SHIPPED}/{file}", revision=revision))
    except Exception as error:
        raise HubError(f"“{file}” could not be fetched from {repo}: {advice(error, revision)}") from error


class Fetch:
    """One attempt to fetch the missing files of one checkpoint.

    Arguments:
        patience: Seconds from now for which a caller waits for the end.
    """

    def __init__(self, name: str, folder: Path, patience: float):
        self.name, self.folder = name, folder
        self.repo, self.revision = source()
        self.is_unknown = False
        self._problem, self._heard, self._brought = None, False, []
        self._usable, self._decided = False, threading.Event()
        self._begun, self._ended = time.monotonic(), math.inf
        self._deadline = self._begun + patience
        self._thread = threading.Thread(target=self._run, name=f"fetch {name}", daemon=True)
        self._thread.start()

    def wait(self, later: bool) -> None:
        """Wait until the network can be used, or until its snapshots are here too, at most until the deadline."""
        left = max(0.0, self._deadline - time.monotonic())
        until = self._thread.join if later else self._decided.wait
        until(None if math.isinf(left) else left)

    def problem(self, later: bool) -> str | None:
        """Return why the checkpoint, or a snapshot of it, is not here, and what to do; None if it is here."""
        if self._usable and not later:
            return None
        if self._is_over:
            return self._problem
        if self._heard or time.monotonic() < self._begun + PATIENCE_SECONDS:
            return f"“{self.name}” is still being fetched from {self.repo}: give it a few minutes"
        return f"“{self.name}” is still being fetched: {self.repo} has not answered in time ({_CONNECTION})"

    @property
    def is_forgotten(self) -> bool:
        """True if another attempt is due: this one failed long ago, or fetched files have since been removed."""
        if not self._is_over:
            return False
        if self._problem is None:
            gone = [file for file in self._brought if not (self._place / file).exists()]
            return bool(gone or manifest.missing_required(self._place))
        return time.monotonic() - self._ended > REMEMBERED_SECONDS

    @property
    def _is_over(self) -> bool:
        """True once its end is known; its thread may live a moment longer."""
        return math.isfinite(self._ended)

    @property
    def _place(self) -> Path:
        return self.folder / self.name

    @property
    def _staging(self) -> Path:
        return self.folder / STAGING / self.name

    def _run(self) -> None:
        try:
            self._fetch()
        except Exception as error:
            self._problem = f"“{self.name}” could not be fetched from {self.repo}: {advice(error, self.revision)}"
            self.is_unknown = _NO_CHECKPOINT in self._problem
            log.warning("%s (%s: %s)", self._problem, type(error).__name__, error)
        self._ended = time.monotonic()
        self._decided.set()

    def _fetch(self) -> None:
        from huggingface_hub.utils import disable_progress_bars

        disable_progress_bars()  # a dozen at once would overwrite each other
        there = self._list()
        self._heard = True
        if "config.json" not in there and not (self._place / "config.json").exists():
            raise HubError(_NO_CHECKPOINT)
        missing = self._missing(there)
        self._bring([file for file in missing if not manifest.is_later(file)])
        if absent := manifest.missing_required(self._place):
            raise HubError(f"the repository lacks {', '.join(absent)} at this commit: check EXPLORER_HUB_REVISION")
        self._usable = True
        self._decided.set()
        for file in filter(manifest.is_later, missing):
            self._bring([file])
        shutil.rmtree(self._staging, ignore_errors=True)

    def _missing(self, there: list[str]) -> list[str]:
        """Return the files to fetch; if the weights are here, only files that belong to them."""
        missing = [file for file in there if not (self._place / file).exists()]
        if not (self._place / manifest.WEIGHTS).exists():
            return missing
        return [file for file in missing if file in manifest.file_digests(self._place)]

    def _list(self) -> list[str]:
        """List the files of the checkpoint in the repository, by their paths in its folder."""
        from huggingface_hub import HfApi
        from huggingface_hub.hf_api import RepoFile

        tree = HfApi().list_repo_tree(self.repo, self.name, recursive=True, revision=self.revision)
        paths = [PurePosixPath(entry.path) for entry in tree if isinstance(entry, RepoFile)]
        return [path.relative_to(self.name).as_posix() for path in paths if ".." not in path.parts]

    def _bring(self, files: list[str]) -> None:
        """Download some files, and move them into place once all are verified; files that name others come last."""
        from huggingface_hub import hf_hub_download

        for file in files:
            hf_hub_download(self.repo, f"{self.name}/{file}", revision=self.revision, local_dir=self._staging)
        staged = self._staging / self.name
        known = manifest.file_digests(staged) | {file: x for file, x in manifest.file_digests(self._place).items() if x}
        for file in files:
            self._check(file, known.get(file))
        for file in sorted(files, key=manifest.rank):
            place = self._place / file
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():  # a file that has arrived here meanwhile stays
                (staged / file).replace(place)
                self._brought.append(file)

    def _check(self, file: str, sha256: str | None) -> None:
        """Reject a file that differs from the recorded one, and delete all files fetched with it.

        Raises:
            HubError: if its sha256 differs.
        """
        if sha256 and hashlib.sha256((self._staging / self.name / file).read_bytes()).hexdigest() != sha256:
            shutil.rmtree(self._staging, ignore_errors=True)
            raise HubError(f"{file} is not the file that was measured (its sha256 differs): {_OTHER}")


_fetches: dict[Path, Fetch] = {}
_own: frozenset[str] | None = None  # the checkpoints of an app that is open to strangers
_lock = threading.Lock()


def _current(name: str, folder: Path, patience: float) -> Fetch:
    """Return the running or remembered attempt, or start a new one; callers do not wait for a repeated attempt."""
    with _lock:
        known = _fetches.get(folder / name)
        if known is None or known.is_forgotten:
            _fetches[folder / name] = Fetch(name, folder, 0 if known else patience)
        return _fetches[folder / name]


_CONNECTION = "check the connection"
_OTHER = "check that EXPLORER_HUB_REVISION is the commit that goes with the cards that are here"
_NO_CHECKPOINT = "the repository holds no such checkpoint at this commit: check EXPLORER_HUB_REVISION"
_REFUSED = (
    "the Hub refused, as it does where a repository is private or does not exist: check EXPLORER_HUB_REPO, "
    "or set HF_TOKEN to a token that may read it"
)


def advice(error: Exception, revision: str) -> str:
    """Return why the fetch failed, and what to do about it."""
    from huggingface_hub import errors

    while isinstance(error, errors.LocalEntryNotFoundError) and isinstance(error.__cause__, Exception):
        error = error.__cause__  # the outer error hides the cause
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
