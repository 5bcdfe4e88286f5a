"""Checkpoints from the Hub; a Hub that is slow, silent or unwilling delays nothing for long."""

import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from huggingface_hub import constants

from explorer.networks import checkpoints
from explorer.networks import hub as fetching
from explorer.networks.hub import advice
from explorer.tabs import interface
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.ask import nets, questions
from tests import hub as hubs
from tests.asking import wait_for, wait_until
from tests.attack import Target
from tests.server import serve
from tests.tiny_nets import DIFFUSIONS, GANS, write, write_gans


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[hubs.Hub]:
    """A Hub that has two tiny networks."""
    with hubs.running(write(tmp_path / "there", GANS)) as hub:
        yield hub


def settings(hub: hubs.Hub, folder: Path) -> dict[str, str]:
    known = {"HF_ENDPOINT": hub.url, "HF_HOME": str(folder.parent / "cache"), "EXPLORER_PRETRAINED": str(folder)}
    known |= {"EXPLORER_HUB_REPO": hubs.REPO, "EXPLORER_HUB_REVISION": hubs.REVISION}
    return known | {"HF_HUB_OFFLINE": "0", "NO_PROXY": "127.0.0.1", "PYTHONIOENCODING": "utf-8"}


def run(hub: hubs.Hub, folder: Path, script: str) -> subprocess.CompletedProcess:
    """Run a script that knows this Hub, and finds its checkpoints in a folder: for what may go on when it has ended."""
    folder.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        env=os.environ | settings(hub, folder),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=checkpoints.ROOT,
    )


@contextmanager
def known(hub: hubs.Hub, folder: Path, **environment: str) -> Iterator[None]:
    """This process as if just started, by one who knows this Hub, until the block and all that it fetches ends."""
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings(hub, folder) | environment).items():
            patch.setenv(name, value)
        patch.setattr(constants, "ENDPOINT", hub.url)
        patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + "/{repo_id}/resolve/{revision}/{filename}")
        patch.setattr(constants, "HF_HUB_OFFLINE", False)
        patch.setattr("huggingface_hub.utils._http.time", SimpleNamespace(sleep=lambda seconds: None))  # between tries
        patch.setattr(fetching, "_fetches", {})
        patch.setattr(fetching, "_own", None)
        patch.setattr(checkpoints, "_loaded", {})
        checkpoints._snapshot.cache_clear()
        yield
        fetched()


def fetched() -> None:
    """Wait for all that is being fetched."""
    for thread in threading.enumerate():
        if thread.name.startswith("fetch "):
            thread.join(60)


def ask(name: str) -> tuple[float, str]:
    """Seconds to fetch a checkpoint, and the messages meanwhile."""
    start = time.monotonic()
    try:
        fetching.fetch(name, checkpoints.pretrained_folder())
        phrase = "here"
    except fetching.HubError as error:
        phrase = str(error)
    return time.monotonic() - start, phrase


def load() -> str:
    """Result of loading the digits' GAN."""
    try:
        return f"loaded {type(checkpoints.load('gan-mnist', 'cpu')).__name__}"
    except checkpoints.CheckpointError as error:
        return f"refused: {error}"


def moment(index: int) -> str:
    """Result of asking for a snapshot of its training."""
    try:
        return f"moment {type(checkpoints.snapshot('gan-mnist', index)).__name__}"
    except checkpoints.CheckpointError as error:
        return f"refused: {error}"


def test_what_is_not_here_comes_from_the_hub_at_a_pinned_commit(hub: hubs.Hub, tmp_path: Path):
    with known(hub, tmp_path / "here"):
        assert load() == "loaded GAN"
    assert {file.name for file in (tmp_path / "here" / "gan-mnist").iterdir()} == {
        "card.json",
        "config.json",
        "model.safetensors",
    }


UNWILLING = {
    "refused": (401, {}, "set HF_TOKEN"),
    "forbidden": (403, {}, "set HF_TOKEN"),
    "no commit": (404, {"X-Error-Code": "RevisionNotFound"}, "there is no commit 01234567"),
    "no repository": (404, {"X-Error-Code": "RepoNotFound"}, "check EXPLORER_HUB_REPO"),
    "broken": (500, {}, "answered 500: try again later"),
}


@pytest.mark.parametrize("case", UNWILLING)
def test_a_hub_that_does_not_give_says_why_and_what_to_do(hub: hubs.Hub, tmp_path: Path, case: str):
    hub.behaviour, hub.headers, wanted = UNWILLING[case]
    with known(hub, tmp_path / "here"):
        _, result = ask("gan-mnist")
    assert "“gan-mnist” could not be fetched from someone/explorer" in result and wanted in result


def test_a_checkpoint_that_the_repository_lacks_is_told_apart_from_a_lost_connection(hub: hubs.Hub, tmp_path: Path):
    with known(hub, tmp_path / "here"):
        _, absent = ask("gan-letters")
    assert "holds no such checkpoint" in absent
    away = advice(ConnectionRefusedError(), hubs.REVISION)
    assert "cannot be reached" in away and "check the connection" in away


@pytest.mark.parametrize(
    ("setting", "value", "wanted"),
    [
        ("EXPLORER_HUB_REVISION", "main", "40 hexadecimal digits"),
        ("EXPLORER_HUB_REPO", "explorer", "owner/name"),
        ("EXPLORER_HUB_REPO", "a/b/c", "owner/name"),
    ],
)
def test_what_cannot_be_a_repository_or_a_commit_is_never_asked_for(
    hub: hubs.Hub, tmp_path: Path, setting: str, value: str, wanted: str
):
    with known(hub, tmp_path / "here", **{setting: value}):
        _, result = ask("gan-mnist")
    assert wanted in result and not hub.asked


def test_a_failure_is_remembered_and_then_tried_again_without_waiting(
    hub: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hub.behaviour = 403
    with known(hub, tmp_path / "here"):
        _, (again, same) = ask("gan-mnist"), ask("gan-mnist")
        assert again < 0.5 and "set HF_TOKEN" in same and len(hub.trees) == 1
        monkeypatch.setattr(fetching, "REMEMBERED_SECONDS", 0)
        hub.behaviour = "hang"
        later, result = ask("gan-mnist")
        assert later < 0.5 and "set HF_TOKEN" not in result
        hub.behaviour = 403
        hub.released.set()
    assert len(hub.trees) == 2


SILENT = """
import sys, time
from explorer.networks import hub
from pathlib import Path
folder = Path(sys.argv[1])
hub.PATIENCE_SECONDS = 6
hub.begin(["gan-mnist", "gan-fashion-mnist"], folder)
for name in ("gan-mnist", "gan-fashion-mnist", "gan-mnist"):
    start = time.monotonic()
    try: hub.fetch(name, folder); told = "here"
    except hub.HubError as error: told = str(error)
    print(f"{time.monotonic() - start:.1f}|{told}")
"""


def test_a_silent_hub_is_waited_for_once_for_all_and_does_not_hold_the_process(hub: hubs.Hub, tmp_path: Path):
    hub.behaviour = "hang"
    start = time.monotonic()
    done = run(hub, tmp_path / "here", SILENT)
    assert done.returncode == 0, done.stderr
    found = [
        (float(seconds), result) for seconds, _, result in (line.partition("|") for line in done.stdout.splitlines())
    ]
    assert len(found) == 3 and sum(seconds for seconds, _ in found) < 11
    assert all("has not answered in time" in result and "check the connection" in result for _, result in found)
    assert time.monotonic() - start < 60


TRICKLE = """
import threading, time
from explorer.networks import checkpoints, hub
hub.PATIENCE_SECONDS = 8
hub.begin(["gan-mnist"], checkpoints.pretrained_folder())
threading.Thread(target=lambda: checkpoints.load("gan-mnist", "cpu"), daemon=True).start()
time.sleep(0.5)
start = time.monotonic()
checkpoints.load("gan-fashion-mnist", "cpu")
print(f"{time.monotonic() - start:.1f}")
time.sleep(8)
try: checkpoints.load("gan-mnist", "cpu")
except checkpoints.CheckpointError as error: print(error)
"""


def test_what_trickles_holds_up_no_other_network_and_is_never_taken_for_whole(hub: hubs.Hub, tmp_path: Path):
    hub.behaviour, here = "trickle", tmp_path / "here"
    write(here, {"gan-fashion-mnist": GANS["gan-fashion-mnist"]})
    done = run(hub, here, TRICKLE)
    seconds, result = done.stdout.splitlines()
    assert float(seconds) < 6 and "still being fetched" in result, done.stderr
    assert not (here / "gan-mnist").exists()
    hub.behaviour = "well"
    with known(hub, here):
        assert load() == "loaded GAN"


HASTY = """
import runpy, sys
sys.path.insert(0, ".")
from explorer.networks import hub
hub.PATIENCE_SECONDS = 10
runpy.run_path("tests/patient_app.py", run_name="__main__")
"""


HERE = {"gan-fashion-mnist", "beta-vae-mnist"}


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Target, hubs.Hub]]:
    """An app that holds two networks, started where the Hub never answers; and that Hub."""
    folder = tmp_path_factory.mktemp("without")
    here = write(folder / "here", {"gan-fashion-mnist": GANS["gan-fashion-mnist"]})
    (here / "beta-vae-mnist").symlink_to(checkpoints.ROOT / "pretrained" / "beta-vae-mnist")
    (folder / "hasty.py").write_text(HASTY, encoding="utf-8")
    with hubs.running(write(folder / "there", GANS)) as hub:
        hub.behaviour = "hang"
        with serve(folder / "log.txt", app=str(folder / "hasty.py"), **settings(hub, here)) as server:
            yield Target(server.url, folder / "log.txt", here), hub


def test_the_app_starts_without_the_hub_and_says_so_in_the_tab(without: tuple[Target, hubs.Hub]):
    target, hub = without
    page = "".join(target.send("GET", f"/?tab={tab.name}").body.decode() for tab in interface.TABS)
    assert page.count("cannot be shown") >= 10 and "has not answered in time" in page
    assert "Until that is mended and the app started again" in page
    wanted = {net for tab in interface.TABS for net in tab.nets} - HERE
    wait_until(lambda: {Path(tree).name for tree in hub.trees} == wanted)


@pytest.fixture
def learning(tmp_path: Path) -> Iterator[hubs.Hub]:
    """A Hub that has the GANs, one with a snapshot of its training."""
    with hubs.running(write_gans(tmp_path / "there")) as hub:
        yield hub


def laid(hub: hubs.Hub, here: Path, *kept: str) -> Path:
    """Lay some of the files of the digits' GAN into a folder."""
    for file in kept:
        (here / "gan-mnist" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(hub.folder / "gan-mnist" / file, here / "gan-mnist" / file)
    return here


def given(hub: hubs.Hub) -> list[str]:
    """The files of the digits' GAN that were asked for."""
    return sorted({path.partition("/gan-mnist/")[2] for path in hub.asked if "/resolve/" in path})


def test_a_card_and_a_recipe_get_their_weights_file_by_file(learning: hubs.Hub, tmp_path: Path):
    here = laid(learning, tmp_path / "here", "card.json", "config.json")
    with known(learning, here):
        assert (load(), moment(0), moment(1)) == ("loaded GAN", "moment GAN", "moment GAN")
    assert given(learning) == ["model.safetensors", "snapshots/00.safetensors", "snapshots/log.json"]


def test_a_snapshot_that_is_not_here_is_fetched_alone_and_only_when_it_is_asked_for(learning: hubs.Hub, tmp_path: Path):
    here = laid(learning, tmp_path / "here", "card.json", "config.json", "model.safetensors", "snapshots/log.json")
    (learning.folder / "gan-mnist" / "atlas.safetensors").write_bytes(b"of other weights")
    with known(learning, here):
        assert load() == "loaded GAN" and not learning.asked
        assert moment(0) == moment(1) == "moment GAN"
    assert given(learning) == ["snapshots/00.safetensors"]


def test_a_file_that_is_here_wins_and_the_network_is_not_touched_when_all_are(learning: hubs.Hub, tmp_path: Path):
    files = [path.relative_to(learning.folder / "gan-mnist") for path in (learning.folder / "gan-mnist").rglob("*.*")]
    here = laid(learning, tmp_path / "here", *map(str, files))
    with known(learning, here):
        fetching.begin(["gan-mnist"], here)
        fetched()
        assert moment(0) == moment(1) == "moment GAN" and not learning.asked
    (here / "gan-mnist" / "model.safetensors").write_bytes(b"own")
    with known(learning, here):
        refused = load()
    assert "refused: " in refused and "damaged" in refused and not learning.asked


@pytest.mark.parametrize("here", [(), ("card.json", "config.json")])
def test_weights_that_are_not_those_of_the_card_are_refused_and_not_kept(
    learning: hubs.Hub, tmp_path: Path, here: tuple[str, ...]
):
    folder, there = laid(learning, tmp_path / "here", *here), learning.folder / "gan-mnist" / "model.safetensors"
    sound = there.read_bytes()
    there.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    with known(learning, folder):
        refused = load()
    assert "model.safetensors is not the file that was measured (its sha256 differs)" in refused
    assert "EXPLORER_HUB_REVISION" in refused
    assert sorted(path.name for path in (folder / "gan-mnist").glob("*")) == sorted(here)
    there.write_bytes(sound)
    with known(learning, folder):
        assert load() == "loaded GAN"


def test_a_damaged_snapshot_is_refused_and_the_network_works_without_it(learning: hubs.Hub, tmp_path: Path):
    there = learning.folder / "gan-mnist" / "snapshots" / "00.safetensors"
    there.write_bytes(there.read_bytes()[:-1])
    with known(learning, tmp_path / "here"):
        loaded, first, last = load(), moment(0), moment(1)
    assert (loaded, last) == ("loaded GAN", "moment GAN")
    assert "refused" in first and "snapshots/00.safetensors is not the file that was measured" in first
    assert not (tmp_path / "here" / "gan-mnist" / "snapshots" / "00.safetensors").exists()


def test_an_end_is_known_before_its_thread_is_gone(hub: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = fetching.Fetch._run
    monkeypatch.setattr(fetching.Fetch, "_run", lambda self: (run(self), time.sleep(0.5)))
    (hub.folder / "gan-mnist" / "model.safetensors").unlink()
    with known(hub, tmp_path / "here"):
        assert "the repository lacks model.safetensors at this commit" in load()


def test_weights_that_the_repository_lacks_are_named(learning: hubs.Hub, tmp_path: Path):
    here = laid(learning, tmp_path / "here", "card.json", "config.json")
    (learning.folder / "gan-mnist" / "model.safetensors").unlink()
    with known(learning, here):
        assert "the repository lacks model.safetensors at this commit" in load()


def test_what_is_on_its_way_takes_part_and_what_there_is_not_does_not(
    learning: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    learning.behaviour = "trickle"
    here = write(tmp_path / "here", {"diffusion-mnist": DIFFUSIONS["diffusion-mnist"]})
    monkeypatch.setattr(fetching, "PATIENCE_SECONDS", 1)
    with known(learning, here):
        fetching.begin(["gan-mnist", "made-mnist"], here)
        time.sleep(3)
        assert nets.nets_of("mnist") == ["gan-mnist", "diffusion-mnist"] and not (here / "gan-mnist").exists()
        learning.released.set()


def test_the_card_of_the_games_is_waited_for_where_there_is_one(learning: hubs.Hub, tmp_path: Path):
    for file in ("card.json", "config.json"):
        checkpoints.write_json(learning.folder / "gan-game" / file, {"figures": {}})
    with known(learning, tmp_path / "here"):
        fetching.begin(["gan-game", "gan-chess"], tmp_path / "here")
        assert [gan.read_game(name) for name in ("gan-game", "gan-chess")] == [{"figures": {}}, {}]


OWN = ["gan-mnist", "gan-fashion-mnist"]
INVENTED = [f"gan-mnist-x{number}" for number in range(40)]
DRAWN = {"seed": 7, "label": None}


NEW_SEEDS = itertools.count(1_000)


def drawn(net: str, seed: int | None = None) -> str:
    """Message to a visitor who asks what a network draws, from a seed that nobody asked before if none is given."""
    seed = next(NEW_SEEDS) if seed is None else seed  # what was begun once is remembered by its seed
    return wait_for(questions.ask_make(DRAWN | {"net": net, "seed": seed})).get("error", "begun")


@contextmanager
def silent(hub: hubs.Hub, folder: Path) -> Iterator[None]:
    """An app that is open to strangers, and a Hub that never answers it."""
    hub.behaviour = "hang"
    with known(hub, folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "PATIENCE_SECONDS", 3_600)  # which a question that waited would wait for
        fetching.begin(OWN, folder)
        fetching.open_to(OWN)
        yield
        hub.released.set()


def test_what_a_visitor_invents_is_never_fetched_and_leaves_nothing_behind(hub: hubs.Hub, tmp_path: Path):
    with silent(hub, tmp_path / "here"):
        before = len(checkpoints._locks)
        assert all("the network must be one of gan-mnist, gan-fashion-mnist" in drawn(net) for net in INVENTED)
        for net in INVENTED:  # nor by whoever comes past the check
            with pytest.raises(checkpoints.CheckpointError, match="is no checkpoint of this app"):
                checkpoints.load(net, "cpu")
        assert len(checkpoints._locks) == before
        assert {path.name for path in fetching._fetches} == set(OWN)
        threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("fetch ")]
        assert sorted(threads) == ["fetch gan-fashion-mnist", "fetch gan-mnist"]
    assert {Path(tree).name for tree in hub.trees} <= set(OWN)


def test_a_question_never_waits_for_a_fetch(hub: hubs.Hub, tmp_path: Path):
    with silent(hub, tmp_path / "here"):
        for net in OWN:
            assert drawn(net) == f"“{net}” is still being fetched from {hubs.REPO}: give it a few minutes"


def test_a_snapshot_is_not_waited_for_either(learning: hubs.Hub, tmp_path: Path):
    here = laid(learning, tmp_path / "here", "card.json", "config.json", "model.safetensors", "snapshots/log.json")
    with silent(learning, here):
        assert drawn("gan-mnist") == "begun"
        assert "“gan-mnist” is still being fetched" in moment(0)


def test_an_attempt_is_repeated_in_an_app_that_is_open_and_nobody_waits(
    hub: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with silent(hub, tmp_path / "here"):
        hub.behaviour = 403
        hub.released.set()
        fetched()
        assert "set HF_TOKEN" in drawn("gan-mnist", 8)
        monkeypatch.setattr(fetching, "REMEMBERED_SECONDS", 0)
        hub.behaviour = "well"
        assert "still being fetched" in drawn("gan-mnist", 8)
        fetched()
        assert drawn("gan-mnist", 8) == "begun"


def test_six_who_invent_names_hold_up_nobody_where_a_hub_is_silent(without: tuple[Target, hubs.Hub]):
    target, hub = without
    for net in INVENTED[:6]:
        found = target.ask("compare-stage", "ask_make", DRAWN | {"net": net}, net)
        assert "the network must be one of" in found.json["error"]
    result = target.ask("compare-stage", "ask_make", DRAWN | {"net": "gan-mnist"}).json["error"]
    assert "“gan-mnist” is still being fetched" in result
    target.click("somebody")
    assert not [path for path in hub.asked if "-x" in path]
