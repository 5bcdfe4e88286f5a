"""Networks as repositories of their own: what is saved is what is loaded, and the card says what was measured."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from huggingface_hub import ModelCard, constants
from typer.testing import CliRunner

import explorer
from explorer import publish
from explorer.networks import card, checkpoints, model_cards
from tests import hub as hubs
from tests.test_hub import known
from tests.tiny_nets import GANS, MODELS, write

WITH_WEIGHTS = [
    name
    for name in checkpoints.names()
    if "sha256" in json.loads((checkpoints.pretrained_folder() / name / "card.json").read_text(encoding="utf-8"))
]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hubs.Hub]:
    """An empty Hub, for one who has tiny networks and a token."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    (tmp_path / "there").mkdir()
    with (
        hubs.running(tmp_path / "there") as hub,
        known(hub, write(tmp_path / "pretrained", MODELS | GANS), EXPLORER_HUB_REPO=""),
    ):
        yield hub


def test_a_network_that_is_saved_and_read_again_gives_the_same_numbers(hub: hubs.Hub, tmp_path: Path):
    network = explorer.load("made-mnist", "cpu")
    network.save_pretrained(tmp_path / "mine")
    again = explorer.family("made").from_pretrained(tmp_path / "mine")
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0)).round()
    assert torch.equal(network.log_prob(x), again.log_prob(x)) and not again.training
    assert torch.equal(network.log_prob(x), checkpoints.load("made-mnist", "cpu").log_prob(x))
    there = checkpoints.pretrained_folder() / "made-mnist"
    for file in ("model.safetensors", "card.json", "config.json"):
        assert (tmp_path / "mine" / file).read_bytes() == (there / file).read_bytes(), file


def test_a_network_that_was_trained_on_has_no_figures_of_the_old_one(hub: hubs.Hub, tmp_path: Path):
    network = explorer.load("made-mnist", "cpu")
    network.card = network.card | {"rows": [card.row("nll", 84.9, "exact", unit="nats")]}
    network.save_pretrained(tmp_path / "old")
    assert "84.9 nats" in (tmp_path / "old" / "README.md").read_text(encoding="utf-8")
    with torch.no_grad():
        next(network.parameters()).add_(1)
    network.save_pretrained(tmp_path / "mine")
    assert json.loads((tmp_path / "mine" / "card.json").read_text(encoding="utf-8"))["training"] == {}
    assert "84.9 nats" not in (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")


def test_a_network_is_pushed_and_fetched_by_the_hubs_own_methods(hub: hubs.Hub, tmp_path: Path):
    network = explorer.load("pixelcnn-mnist", "cpu")
    network.push_to_hub(hubs.REPO)
    assert {path.name for path in hub.folder.iterdir()} == {
        *("README.md", "card.json", "config.json", "model.safetensors"),
    }
    again = explorer.family("pixelcnn").from_pretrained(hubs.REPO, revision=hubs.REVISION, cache_dir=tmp_path)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), again.parameters()))


@pytest.mark.parametrize("damage", ["shapes", "cut", "pickle"])
def test_what_does_not_fit_or_is_pickled_is_refused(hub: hubs.Hub, tmp_path: Path, damage: str):
    explorer.load("made-mnist", "cpu").save_pretrained(tmp_path / "mine")
    weights = tmp_path / "mine" / "model.safetensors"
    if damage == "cut":
        weights.write_bytes(weights.read_bytes()[:-9])
    if damage == "shapes":
        recipe = json.loads((tmp_path / "mine" / "config.json").read_text(encoding="utf-8"))
        (tmp_path / "mine" / "config.json").write_text(
            json.dumps(recipe | {"model": {"widths": [24, 25]}}), encoding="utf-8"
        )
    if damage == "pickle":
        torch.save({}, hub.folder / "pytorch_model.bin")
        (hub.folder / "config.json").write_bytes((tmp_path / "mine" / "config.json").read_bytes())
    with pytest.raises(checkpoints.CheckpointError, match="pickled|cut short|shape"):
        if damage == "pickle":
            explorer.family("made").from_pretrained(hubs.REPO, revision=hubs.REVISION, cache_dir=tmp_path / "cache")
        explorer.family("made").from_pretrained(tmp_path / "mine")


def test_an_unknown_family_is_refused_by_name():
    with pytest.raises(checkpoints.CheckpointError, match="unknown family “diffuse”"):
        explorer.family("diffuse")


@pytest.mark.parametrize("name", checkpoints.KNOWN)
def test_every_family_takes_a_recipe(name: str):
    made = explorer.family(name)
    assert issubclass(made, checkpoints.KNOWN[name]) and made.__doc__ == checkpoints.KNOWN[name].__doc__


def without(row: card.Row, *keys: str) -> dict:
    return {key: each for key, each in row.items() if key not in keys}


def test_networks_have_cards_whose_figures_are_those_measured():
    for name in WITH_WEIGHTS[::8]:
        read = ModelCard(str(model_cards.of(name)))
        assert read.data.library_name == "explorer" and read.data.license == "mit" and read.data.tags
        rows = card.rows(checkpoints.card_of(name))
        found = [(each.metric_type, each.metric_value, each.metric_args) for each in read.data.eval_results or []]
        assert len(found) == min(len(rows), model_cards.FIGURES), name
        for row in found:
            assert row in [
                (r["name"], r["value"], {k: v for k, v in r.items() if k not in ("name", "value")}) for r in rows
            ]


def test_each_network_is_published_as_a_repository_of_its_own(hub: hubs.Hub, monkeypatch: pytest.MonkeyPatch):
    went = []
    monkeypatch.setattr(publish, "upload", lambda repo, kind, files, dry_run: went.append((repo, kind, set(files))))
    assert CliRunner().invoke(publish.app, ["each", "someone", "gan-mnist", "made-mnist"]).exit_code == 0
    files = {"README.md", "card.json", "config.json", "model.safetensors"}
    assert went == [(f"someone/{name}", "model", files) for name in ("gan-mnist", "made-mnist")]
