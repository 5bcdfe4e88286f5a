"""Training in two processes: the same steps as along the mean of the gradients of both shares, computed here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from safetensors.torch import load_file
from torch import Tensor

from explorer.networks import checkpoints
from explorer.train import Trainer
from tests.test_train import GAN_RECIPE, RECIPE, asked, finish, images, start

__all__ = ["images"]
SHORT = RECIPE | {"training": RECIPE["training"] | {"epochs": 1}}
EXACT = {"family": "autoencoder", "dataset": "mnist", "model": {"hidden": [8], "latent": 2}}
EXACT |= {"training": {key: SHORT["training"][key] for key in ("seed", "epochs", "batch_size", "learning_rate")}}
EXACT["training"] |= {"weight_decay": 0.01, "warmup": 0.1, "clip_norm": 50.0, "precision": "no"}
LAUNCH = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "explorer.train", "tiny"]


def shared(folder: Path, images: Path, recipe: dict) -> subprocess.Popen:
    """Start two processes that train together."""
    checkpoints.write_json(folder / "pretrained" / "tiny" / "config.json", recipe)
    places = {"EXPLORER_PRETRAINED": str(folder / "pretrained"), "EXPLORER_RUNS": str(folder / "runs")}
    return subprocess.Popen(
        [sys.executable, *LAUNCH, "--data", str(images)],
        env=os.environ | places | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        cwd=checkpoints.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def weights(folder: Path) -> dict[str, Tensor]:
    """The weights at the end of training, before they are rounded."""
    return load_file(folder / "runs" / "tiny" / "state-1" / "model.safetensors")


def by_hand(recipe: dict, folder: Path, images: Path, processes: int = 2) -> dict[str, Tensor]:
    """The weights after steps along the mean of the gradients of shares, each with noise of its own."""
    trainer = Trainer(recipe, folder, folder, str(images))
    model, training = trainer.bare, recipe["training"]
    seeds = [2_000_003 * (training["seed"] + 1) + 3_000_017 * rank for rank in range(processes)]
    noises = [torch.Generator().manual_seed(seed) for seed in seeds]
    parameters = [*model.parameters()]
    for step, x, label in trainer.batches(0):
        now, each = training | {"cycle": 0, "epoch": step / trainer.steps}, []
        for rank, noise in enumerate(noises):
            loss = model.training_loss(x[rank::processes], now, generator=noise, label=label[rank::processes])
            each.append(torch.autograd.grad(loss, parameters))
        for parameter, *found in zip(parameters, *each):
            parameter.grad = sum(found) / processes
        torch.nn.utils.clip_grad_norm_(parameters, training["clip_norm"])
        trainer.optimiser.step()
        trainer.schedule.step()
    return model.state_dict()


def agree(one: dict[str, Tensor], other: dict[str, Tensor], tolerance: float) -> None:
    assert one.keys() == other.keys()
    for key, tensor in one.items():
        torch.testing.assert_close(other[key], tensor, rtol=0, atol=tolerance)


@pytest.mark.deep
def test_two_processes_step_along_the_mean_of_their_gradients(tmp_path: Path, images: Path):
    output = finish(shared(tmp_path, images, SHORT))
    assert output.count("Wrote") == 1, "one process writes"
    found, wanted = weights(tmp_path), by_hand(SHORT, tmp_path / "hand", images)
    begun = Trainer(SHORT, tmp_path / "hand", tmp_path / "hand", str(images)).bare.state_dict()
    agree(found, wanted, 1e-4)  # Adam enlarges what rounding leaves: 1e-6 to 1e-5; one process alone ends 1e-3 away
    moved = max(float((found[key] - tensor).abs().max()) for key, tensor in begun.items())
    assert moved > 1e-2, "and it is not where it began"


@pytest.mark.deep
def test_without_noise_two_processes_end_where_one_does(tmp_path: Path, images: Path):
    both = shared(tmp_path / "two", images, EXACT)
    finish(start(tmp_path / "one", images, recipe=EXACT))
    finish(both)
    agree(weights(tmp_path / "one"), weights(tmp_path / "two"), 1e-4)
    one, two = (checkpoints.read_json(tmp_path / each / "pretrained/tiny/card.json") for each in ("one", "two"))
    assert one["training"]["losses"] == pytest.approx(two["training"]["losses"], rel=1e-4)


ODD = SHORT | {"training": SHORT["training"] | {"batch_size": 21}}


def test_a_batch_that_cannot_be_shared_equally_is_refused_before_data_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Accelerator, "num_processes", 2)
    code, output = asked(tmp_path, tmp_path / "nothing", recipe=ODD)
    assert code == 2 and "2 processes cannot share a batch equally" in output.replace("\n", " ")
    assert not (tmp_path / "runs").exists()


@pytest.mark.deep
def test_two_processes_refuse_a_batch_that_they_cannot_share_equally(tmp_path: Path, images: Path):
    output = shared(tmp_path, images, ODD).communicate(timeout=240)[0]
    assert "2 processes cannot share a batch equally" in output.replace("\n", " ")
    assert not (tmp_path / "runs").exists()


@pytest.mark.deep
def test_a_network_with_running_statistics_is_trained_too(tmp_path: Path, images: Path):
    recipe = GAN_RECIPE | {"training": GAN_RECIPE["training"] | {"epochs": 1, "batch_size": 20}}
    finish(shared(tmp_path, images, recipe))
    assert all(tensor.isfinite().all() for tensor in weights(tmp_path).values())
