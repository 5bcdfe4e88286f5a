"""Published checkpoints: what goes, what a broken line does, and that an app fetches what was published."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from typer.testing import CliRunner, Result

from explorer import data
from explorer import publish as publishing
from explorer.networks import checkpoints
from explorer.networks import hub as fetching
from explorer.publish import app
from explorer.tabs.interface import TABS
from tests import hub as hubs
from tests.test_hub import known, load
from tests.tiny_nets import GANS, write, write_gans


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hubs.Hub]:
    """An empty Hub, for one who has two tiny networks and a token."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(fetching, "PUBLISHED", tmp_path / "hub.json")
    monkeypatch.setattr(checkpoints, "ROOT", tmp_path)
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    (tmp_path / "there").mkdir()
    with (
        hubs.running(tmp_path / "there") as hub,
        known(hub, write(tmp_path / "pretrained", GANS), EXPLORER_HUB_REPO="", EXPLORER_PRETRAINED=""),
    ):
        yield hub


def publish(*words: str) -> Result:
    return CliRunner().invoke(app, ["nets", hubs.REPO, *words], env={"COLUMNS": "200"})


def test_what_is_published_is_what_an_app_without_weights_fetches(hub: hubs.Hub, tmp_path: Path):
    found = publish()
    assert found.exit_code == 0, found.output
    assert json.loads(fetching.PUBLISHED.read_text(encoding="utf-8")) == {"repo": hubs.REPO, "revision": hubs.REVISION}
    mine = {
        path.relative_to(tmp_path / "pretrained"): path.read_bytes() for path in (tmp_path / "pretrained").rglob("*.*")
    }
    there = {path.relative_to(hub.folder): path.read_bytes() for path in hub.folder.rglob("*.*")}
    card = there.pop(Path("README.md")).decode()
    for name in GANS:
        assert f'from_pretrained("OWNER/{name}")' in there.pop(Path(name, "README.md")).decode()
    for file in fetching.SHIPPED_APART:  # for a package without them
        assert there.pop(Path(fetching.SHIPPED, file)) == (data.BUNDLED / file).read_bytes()
    assert there == mine and hub.tokens == {"Bearer hf_mine"}
    assert 'license: "mit"' in card and "| gan-mnist | mnist |" in card
    (tmp_path / "pretrained").rename(tmp_path / "mine")
    with known(hub, tmp_path / "mine", EXPLORER_HUB_REPO="", EXPLORER_PRETRAINED="", EXPLORER_HUB_REVISION=""):
        assert load() == "loaded GAN"


def test_a_dry_run_lists_everything_and_asks_nobody(hub: hubs.Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HF_TOKEN")
    found = publish("--dry-run")
    assert (
        found.exit_code == 0 and "gan-mnist/model.safetensors" in found.output and "MB, for the model" in found.output
    )
    assert not hub.tokens and not hub.asked and not fetching.PUBLISHED.exists()


def test_an_upload_that_broke_goes_on_where_it_broke(hub: hubs.Hub):
    hub.breaks_after = 1
    found = publish()
    assert found.exit_code == 1 and "Run the command again" in found.output
    assert not fetching.PUBLISHED.exists() and not list(hub.folder.rglob("*.*"))
    (first,) = hub.blobs
    hub.breaks_after, hub.blobs[first] = 100, hub.blobs[first] + b"mark"
    assert publish().exit_code == 0 and len(hub.blobs) == 2
    assert any(path.read_bytes().endswith(b"mark") for path in hub.folder.rglob("*.safetensors"))


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_hub_that_refuses_is_told_in_words(hub: hubs.Hub, status: int):
    hub.behaviour = status
    found = publish()
    assert found.exit_code == 1 and "The Hub did not take it" in found.output and "Traceback" not in found.output


def test_no_token_no_such_checkpoint_and_a_damaged_one_are_refused_before_anything_goes(
    hub: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert "there is no checkpoint" in publish("../gan-mnist").output
    weights = tmp_path / "pretrained" / "gan-mnist" / "model.safetensors"
    raw = weights.read_bytes()
    weights.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert "is damaged" in publish("gan-mnist").output
    weights.unlink()
    assert "lacks model.safetensors" in publish("gan-mnist").output
    weights.write_bytes(raw)
    monkeypatch.delenv("HF_TOKEN")
    assert "HF_TOKEN" in publish("gan-mnist").output
    assert not hub.tokens


@pytest.fixture
def cloned(hub: hubs.Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two tiny networks, one of them with a snapshot, all published."""
    shutil.rmtree(tmp_path / "pretrained")
    folder = write_gans(tmp_path / "pretrained")
    monkeypatch.setattr(publishing, "ordered_names", lambda: list(GANS))
    (tmp_path / ".gitignore").write_text("/there/\n/hub.json\n", encoding="utf-8")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "All"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    assert publish("gan-mnist", "gan-fashion-mnist").exit_code == 0
    return folder


def lighten(*words: str) -> Result:
    return CliRunner().invoke(app, ["lighten", *words], env={"COLUMNS": "200"})


def tracked(root: Path) -> set[str]:
    found = subprocess.run(["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True)
    return set(found.stdout.split())


def test_what_was_published_leaves_git_and_a_clone_fetches_it(
    hub: hubs.Hub, cloned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = tracked(tmp_path)
    weights = cloned / "gan-mnist" / "model.safetensors"
    rest = sum(path.stat().st_size for path in cloned.rglob("*.json"))
    monkeypatch.setattr(publishing, "LIGHT", rest + weights.stat().st_size)
    assert "0.0 MB after this" in lighten("--dry-run").output and tracked(tmp_path) == whole
    assert lighten().exit_code == 0
    gone = {"pretrained/gan-mnist/snapshots/00.safetensors", "pretrained/gan-fashion-mnist/model.safetensors"}
    assert whole - tracked(tmp_path) == gone and all((tmp_path / path).exists() for path in gone)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    assert not tracked(tmp_path) & gone
    for path in gone:
        (tmp_path / path).unlink()
    with known(hub, cloned, EXPLORER_HUB_REPO="", EXPLORER_PRETRAINED="", EXPLORER_HUB_REVISION=""):
        assert checkpoints.load("gan-fashion-mnist").title == "GAN"
        assert checkpoints.snapshot("gan-mnist", 0)
    assert all((tmp_path / path).exists() for path in gone)


def test_nothing_leaves_git_that_the_published_commit_does_not_hold(hub: hubs.Hub, cloned: Path, tmp_path: Path):
    (hub.folder / "gan-mnist" / "snapshots" / "00.safetensors").write_bytes(b"other")
    found = lighten()
    assert found.exit_code == 2 and "does not hold" in found.output
    fetching.PUBLISHED.unlink()
    assert "publish the checkpoints first" in lighten().output
    assert "pretrained/gan-mnist/snapshots/00.safetensors" in tracked(tmp_path)


def test_the_networks_that_the_tabs_open_with_stay_in_git():
    folder = checkpoints.pretrained_folder()
    paths = [
        path.relative_to(folder) for path in folder.rglob("*.*") if path.is_file() and ".fetching" not in path.parts
    ]
    sizes = {path: (folder / path).stat().st_size for path in paths}
    kept = publishing.light(sizes, publishing.ordered_names())
    assert sum(sizes[path] for path in kept) <= publishing.LIGHT
    for tab in TABS:
        if tab.nets and (folder / tab.nets[0] / "model.safetensors").exists():
            assert Path(tab.nets[0], "model.safetensors") in kept, tab.name
