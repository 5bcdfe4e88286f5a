"""Checkpoints: what was saved comes back; what is damaged, missing or of another shape is refused with advice."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from explorer.networks import checkpoints
from explorer.networks.checkpoints import CheckpointError

TINY = {
    "family": "beta-vae",
    "dataset": "mnist",
    "model": {"encoder": [8, 8], "decoder": [8, 8], "basis": 4},
    "training": {"seed": 0},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound checkpoint called `tiny`, where the app looks for checkpoints."""
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    torch.manual_seed(0)
    folder = tmp_path / "tiny"
    checkpoints.write_json(folder / "config.json", TINY)
    sha256 = checkpoints.save_weights(checkpoints.build(TINY), folder / "model.safetensors", torch.float32)
    checkpoints.write_json(folder / "card.json", {"sha256": sha256, "training": {}})
    return folder


def rewrite(folder: Path, change) -> None:
    """Change the tensors of a checkpoint and keep its card's hash true, so that only the change can be noticed."""
    import hashlib

    path = folder / "model.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    checkpoints.write_json(folder / "card.json", {"sha256": sha256, "training": {}})


def test_what_was_saved_comes_back(folder: Path):
    torch.manual_seed(0)
    original, loaded = checkpoints.build(TINY), checkpoints.load("tiny", "cpu")
    x = torch.rand(4, 1, 28, 28)
    for beta in (0.0, 0.01, 1.0, 100.0):
        torch.testing.assert_close(loaded.reconstruct(x, beta), original.reconstruct(x, beta), rtol=0, atol=0)


def test_a_loaded_model_is_shared_and_read_only(folder: Path):
    model = checkpoints.load("tiny", "cpu")
    assert checkpoints.load("tiny", "cpu") is model
    assert not model.training and not any(p.requires_grad for p in model.parameters())


def test_threads_load_a_model_once(folder: Path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(checkpoints.load("tiny", "cpu"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(map(id, found))) == 1


def test_a_flipped_bit_is_noticed(folder: Path):
    path = folder / "model.safetensors"
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1
    path.write_bytes(raw)
    with pytest.raises(CheckpointError, match=r"sha256.*restore it"):
        checkpoints.load("tiny", "cpu")


def test_a_file_of_the_repository_comes_back_by_git():
    path = checkpoints.ROOT / "pretrained" / "beta-vae-mnist" / "card.json"
    assert str(checkpoints.file_error(path)).endswith(
        "restore it (`git checkout -- pretrained/beta-vae-mnist/card.json`)"
    )


def test_a_truncated_file_is_noticed(folder: Path):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match=r"damaged or cut short.*restore it"):
        checkpoints.load("tiny", "cpu")


def test_a_pickle_is_never_opened(folder: Path):
    torch.save(checkpoints.build(TINY).state_dict(), folder / "model.safetensors")
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoints.load("tiny", "cpu")


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "card.json"])
def test_a_missing_file_is_named(folder: Path, name: str):
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=r"tiny.*(missing|no checkpoint).*restore"):
        checkpoints.load("tiny", "cpu")


def test_damaged_json_is_named(folder: Path):
    (folder / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"card\.json is missing or damaged.*restore"):
        checkpoints.load("tiny", "cpu")


def test_a_wrong_shape_says_which_and_what_was_wanted(folder: Path):
    rewrite(folder, lambda tensors: tensors.update({"decoder.0.linear.bias": torch.zeros(9)}))
    with pytest.raises(CheckpointError, match=r"decoder\.0\.linear\.bias.*\(9,\) where the recipe wants \(8,\)"):
        checkpoints.load("tiny", "cpu")


def test_a_missing_key_and_a_strange_one_are_named(folder: Path):
    rewrite(folder, lambda tensors: tensors.update({"stranger": tensors.pop("decoder.0.linear.bias")}))
    with pytest.raises(CheckpointError, match=r"decoder\.0\.linear\.bias, stranger"):
        checkpoints.load("tiny", "cpu")


def test_an_unknown_family_names_those_there_are(folder: Path):
    checkpoints.write_json(folder / "config.json", TINY | {"family": "oracle"})
    with pytest.raises(CheckpointError, match="beta-vae"):
        checkpoints.load("tiny", "cpu")


@pytest.mark.parametrize("model", [{"encoder": "wide"}, {"colour": 3}, {"basis": -1}])
def test_a_recipe_that_cannot_be_built_says_so(folder: Path, model: dict):
    checkpoints.write_json(folder / "config.json", TINY | {"model": model})
    with pytest.raises(CheckpointError, match=r"cannot be built.*restore config\.json"):
        checkpoints.load("tiny", "cpu")


def test_no_message_names_a_folder_of_the_machine(folder: Path):
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError) as caught:
        checkpoints.load("tiny", "cpu")
    assert str(folder.parent) not in str(caught.value)


def test_the_decoder_lies_in_one_piece(folder: Path):
    """The browser fetches it with one HTTP Range."""
    raw = (folder / "model.safetensors").read_bytes()
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    spans = sorted((value["data_offsets"], key) for key, value in header.items() if key != "__metadata__")
    parts = [key.split(".")[0] for _, key in spans]
    assert parts == sorted(parts)
    assert all(end == start for ((_, end), _), ((start, _), _) in zip(spans, spans[1:]))


def test_to_measure_a_network_imports_no_compiler():
    code = "import sys; from explorer import checkpoints; checkpoints.load('wavenet-digits', 'cpu'); "
    code += "checkpoints.load('made-mnist', 'cpu'); "
    code += "sys.exit('torch._dynamo' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=checkpoints.ROOT, check=True)
