"""Published checkpoints: what goes, what a broken line does, and that an app fetches what was published."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants
from typer.testing import CliRunner, Result

from explorer import checkpoints
from explorer import hub as fetching
from explorer.publish import app
from tests import hub as hubs
from tests.test_hub import known, load
from tests.tiny_nets import GANS, write


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hubs.Hub]:
    """An empty Hub, for one who has two tiny networks and a token."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(fetching, "PUBLISHED", tmp_path / "hub.json")
    monkeypatch.setattr(checkpoints, "ROOT", tmp_path)
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    (tmp_path / "there").mkdir()
    with hubs.running(tmp_path / "there") as hub, known(hub, write(tmp_path / "mine", GANS), EXPLORER_HUB_REPO=""):
        yield hub


def publish(*words: str) -> Result:
    return CliRunner().invoke(app, ["nets", hubs.REPO, *words], env={"COLUMNS": "200"})


def test_what_is_published_is_what_an_app_without_weights_fetches(hub: hubs.Hub, tmp_path: Path):
    found = publish()
    assert found.exit_code == 0, found.output
    assert json.loads(fetching.PUBLISHED.read_text(encoding="utf-8")) == {"repo": hubs.REPO, "revision": hubs.REVISION}
    mine = {path.relative_to(tmp_path / "mine"): path.read_bytes() for path in (tmp_path / "mine").rglob("*.*")}
    there = {path.relative_to(hub.folder): path.read_bytes() for path in hub.folder.rglob("*.*")}
    card = there.pop(Path("README.md")).decode()
    assert there == mine and hub.tokens == {"Bearer hf_mine"}
    assert 'license: "mit"' in card and "| gan-mnist | mnist |" in card
    with known(hub, tmp_path / "here", EXPLORER_HUB_REPO="", EXPLORER_HUB_REVISION=""):
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
    weights = tmp_path / "mine" / "gan-mnist" / "model.safetensors"
    raw = weights.read_bytes()
    weights.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert "is damaged" in publish("gan-mnist").output
    weights.unlink()
    assert "lacks model.safetensors" in publish("gan-mnist").output
    weights.write_bytes(raw)
    monkeypatch.delenv("HF_TOKEN")
    assert "HF_TOKEN" in publish("gan-mnist").output
    assert not hub.tokens
