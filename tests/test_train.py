"""Training from the command line: what is interrupted goes on, what is missing is said in one sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import typer
from safetensors.torch import load_file
from typer.testing import CliRunner

from explorer import data, train
from explorer.models.gan import GAN
from explorer.models.replay import Replayed
from explorer.networks import checkpoints
from explorer.train import SETTLING, Trainer, by_learning_rate, learning_rate_schedule
from tests.test_data import write_idx

RECIPE = {
    "family": "beta-vae",
    "dataset": "mnist",
    "model": {"encoder": [8, 8], "decoder": [8, 8], "basis": 4, "spread": 1.0},
    "training": {
        "seed": 3,
        "epochs": 4,
        "batch_size": 20,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
        "warmup": 0.1,
        "clip_norm": 50.0,
        "precision": "no",
        "share_at_zero": 0.1,
        "skew": 1.0,
        "balance": 0.3,
        "dedicated": {"epochs": 1},
    },
}


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training set just large enough to hold 5,000 images out and train on 2,000."""
    folder, random = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    write_idx(folder / "mnist" / "train-images-idx3-ubyte.gz", random.integers(0, 256, (7_000, 28, 28)))
    write_idx(folder / "mnist" / "train-labels-idx1-ubyte.gz", random.integers(0, 10, 7_000))
    return folder


INTERRUPTED = """
import os, signal, typer
from explorer import train
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs ignore
keep = train.Trainer.keep
def keep_and_interrupt(self, epochs, seconds):
    keep(self, epochs, seconds)
    os.kill(os.getpid(), signal.SIGINT)
train.Trainer.keep = keep_and_interrupt
typer.run(train.train)
"""  # Ctrl-C after the first epoch


def start(
    folder: Path, images: Path, *options: str, interrupted: bool = False, recipe: dict = RECIPE
) -> subprocess.Popen:
    checkpoints.write_json(folder / "pretrained" / "tiny" / "config.json", recipe)
    places = {"EXPLORER_PRETRAINED": str(folder / "pretrained"), "EXPLORER_RUNS": str(folder / "runs")}
    how = ["-c", INTERRUPTED] if interrupted else ["-m", "explorer.train"]
    command = [sys.executable, *how, "tiny", "--data", str(images), *options]
    return subprocess.Popen(
        command,
        env=os.environ | places | {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        cwd=checkpoints.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen, code: int = 0) -> str:
    output = process.communicate(timeout=240)[0]
    assert process.returncode == code, output
    return output


def asked(folder: Path, images: Path, *options: str, recipe: dict = RECIPE) -> tuple[int, str]:
    """The exit code and the output of the command where it stops at once, which takes no process of its own."""
    checkpoints.write_json(folder / "pretrained" / "tiny" / "config.json", recipe)
    command = typer.Typer()
    command.command()(train.train)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(folder / "pretrained"))
        patch.setattr(checkpoints, "RUNS", folder / "runs")
        done = CliRunner().invoke(command, ["tiny", "--data", str(images), *options])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, images: Path) -> Path:
    """The folder of a run that was interrupted after its first epoch."""
    folder = tmp_path_factory.mktemp("broken")
    output = finish(start(folder, images, interrupted=True), code=130)
    assert "run the same command to go on" in output
    return folder


@pytest.mark.deep
def test_an_interrupted_run_goes_on_and_ends_where_an_unbroken_one_does(tmp_path: Path, images: Path, broken: Path):
    unbroken = start(tmp_path / "unbroken", images)
    shutil.copytree(broken, tmp_path / "broken")
    finish(start(tmp_path / "broken", images))
    finish(unbroken)
    whole, mended = (load_file(tmp_path / way / "pretrained/tiny/model.safetensors") for way in ("unbroken", "broken"))
    for key, tensor in whole.items():  # matrix products are not the same to the last bit in two processes
        torch.testing.assert_close(mended[key], tensor, rtol=0, atol=1e-3)
    log = checkpoints.read_json(tmp_path / "broken" / "pretrained" / "tiny" / "snapshots" / "log.json")
    epochs = [snapshot["epoch"] for snapshot in log["snapshots"]]
    assert epochs == sorted(epochs) and epochs[-1] == RECIPE["training"]["epochs"]


@pytest.mark.deep
def test_another_recipe_does_not_go_on_from_an_old_run(tmp_path: Path, images: Path, broken: Path):
    shutil.copytree(broken, tmp_path, dirs_exist_ok=True)
    kept = tmp_path / "runs" / "tiny" / "epochs.json"
    state = checkpoints.read_json(kept)
    state["recipe"]["training"]["seed"] = 4
    checkpoints.write_json(kept, state)
    assert "another recipe" in finish(start(tmp_path, images), code=2)


def test_a_dedicated_network_is_kept_apart(tmp_path: Path, images: Path):
    finish(start(tmp_path, images, "--dedicated", "4"))
    config = checkpoints.read_json(tmp_path / "runs" / "tiny-dedicated-4" / "config.json")
    assert config["training"]["beta"] == 4 and config["training"]["epochs"] == 1
    assert not (tmp_path / "pretrained" / "tiny" / "model.safetensors").exists()


def test_only_a_family_that_says_how_is_trained_for_one_setting_alone(tmp_path: Path, images: Path):
    code, output = asked(tmp_path, images, "--dedicated", "4", recipe=GAN_RECIPE)
    assert code == 2 and "not trained for one setting" in output and not (tmp_path / "runs").exists()


def test_missing_data_is_one_sentence(tmp_path: Path):
    code, output = asked(tmp_path, tmp_path / "nothing")
    wanted = "is missing: give the folder that holds it with --data or EXPLORER_DATA"
    assert code == 1 and wanted in output.replace("\n", " ") and "Traceback" not in output


@pytest.mark.parametrize("rates", [{}, {"discriminator": 3e-3}])
def test_a_part_may_learn_at_a_rate_of_its_own(rates: dict[str, float]):
    model = GAN(latent=4, generator=(4, 4, 4), discriminator=(4, 4, 4), classes=2)
    groups = by_learning_rate(model, {"learning_rate": 1e-3, "learning_rates": rates})
    found = [(id(each), group["lr"]) for group in groups for each in group["params"]]
    wanted = [(id(each), rates.get(name.split(".")[0], 1e-3)) for name, each in model.named_parameters()]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("decay", [True, False])
def test_the_rates_rise_and_fall_only_where_they_decay(decay: bool):
    model = GAN(latent=4, generator=(4, 4, 4), discriminator=(4, 4, 4), classes=2)
    training = {"learning_rate": 1e-3, "learning_rates": {"discriminator": 3e-3}, "warmup": 0.1, "decay": decay}
    optimiser = torch.optim.AdamW(by_learning_rate(model, training), betas=(0.0, 0.99))
    schedule, rates = learning_rate_schedule(optimiser, training, 100), []
    for _ in range(99):
        rates.append(schedule.get_last_lr())
        optimiser.step()
        schedule.step()
    assert rates[0] == pytest.approx([1e-4, 3e-4])
    assert rates[10] == pytest.approx([1e-3, 3e-3], rel=0.01)
    assert rates[-1] == (pytest.approx([0, 0], abs=1e-5) if decay else pytest.approx([1e-3, 3e-3]))
    assert decay or optimiser.param_groups[0]["betas"] == (0.0, 0.99)


def test_every_cycle_rises_and_falls():
    model = torch.nn.Linear(2, 2)
    training = {"learning_rate": 1e-3, "warmup": 0.1, "cycles": [1, 3]}
    optimiser = torch.optim.AdamW(by_learning_rate(model, training))
    schedule, rates = learning_rate_schedule(optimiser, training, 400), []
    for _ in range(399):
        rates.append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    assert max(range(100), key=rates.__getitem__) == pytest.approx(9, abs=1)
    assert max(range(100, 399), key=rates.__getitem__) == pytest.approx(100 + 29, abs=1)
    assert max(rates) == pytest.approx(1e-3) and rates[99] < 1e-5 and rates[-1] < 1e-5
    assert rates[0] == pytest.approx(1e-4) == rates[100]


def test_a_snapshot_of_a_vae_keeps_what_is_shown_of_it(tmp_path: Path, images: Path):
    trainer = Trainer(RECIPE, tmp_path, tmp_path / "run", str(images))
    trainer.snapshot(0)
    (row,) = trainer.log["snapshots"]
    kept = Replayed(checkpoints.build(RECIPE).decoder, *row["codes"])
    checkpoints.load_weights(kept, tmp_path / "run" / "snapshots" / row["file"], sha256=row["sha256"])
    wanted = trainer.bare.encode(data.bundled_binary_images("mnist"), 3.0)
    mu, sigma = kept.codes(3.0)
    torch.testing.assert_close(mu, wanted.mean, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(sigma, wanted.stddev, rtol=1e-3, atol=1e-3)


GAN_RECIPE = {
    "family": "gan",
    "dataset": "mnist",
    "model": {"latent": 4, "generator": [4, 4, 4], "discriminator": [4, 4, 4], "classes": 10},
    "training": RECIPE["training"] | {"epochs": 1, "average": 0.99, "learning_rate": 0.01},
}


def test_the_last_snapshot_but_one_is_what_the_average_is_of(tmp_path: Path, images: Path):
    trainer = Trainer(GAN_RECIPE, tmp_path, tmp_path / "run", str(images))
    trainer.run_epoch(0)
    raw = trainer.bare.generator.start.weight.detach().clone()
    averaged = trainer.average.module.generator.start.weight.detach().clone()
    trainer.finish(1.0)
    log = checkpoints.read_json(tmp_path / "snapshots" / "log.json")
    before, last = log["snapshots"][-2:]
    assert before["step"] == last["step"] == 100 and last["averaged"] and "averaged" not in before
    assert log["history"][-1]["averaged"] and len(log["history"]) == len(log["snapshots"])
    for kept, wanted in ((before, raw), (last, averaged)):
        found = load_file(tmp_path / "snapshots" / kept["file"])["generator.start.weight"]
        torch.testing.assert_close(found.float(), wanted, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(raw, averaged, rtol=0, atol=1e-2)


def test_other_weights_are_normalised_by_what_they_compute_themselves(tmp_path: Path, images: Path):
    trainer = Trainer(GAN_RECIPE, tmp_path, tmp_path, str(images))
    trainer.bare.generator.start.weight.data.mul_(3)
    trainer.settle()
    first, codes = trainer.bare.generator.norms[0].norm, []
    trainer.bare.generator.start.register_forward_hook(lambda module, given, made: codes.append(made.detach()))
    trainer.bare.sample(20 * SETTLING, generator=torch.Generator().manual_seed(9))
    seen = codes[0].view(-1, 4, 49)
    torch.testing.assert_close(first.running_mean, seen.mean((0, 2)), rtol=0, atol=0.02)
    torch.testing.assert_close(first.running_var, seen.var((0, 2)), rtol=0.05, atol=1e-4)
    assert not trainer.bare.training


def test_a_recipe_may_begin_with_another_network(tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch):
    other = checkpoints.build(RECIPE)
    monkeypatch.setattr(checkpoints, "load", lambda name: {"other": other}[name])
    recipe = RECIPE | {"training": RECIPE["training"] | {"begins_with": "other"}}
    trainer = Trainer(recipe, tmp_path, tmp_path / "run", str(images))
    for ours, theirs in zip(trainer.bare.parameters(), other.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_recipe_may_continue_weights_that_it_names(tmp_path: Path, images: Path):
    first = checkpoints.build(RECIPE)
    sha256 = checkpoints.save_weights(first, tmp_path / "model.safetensors", torch.float32)
    recipe = RECIPE | {"training": RECIPE["training"] | {"continues": sha256}}
    trainer = Trainer(recipe, tmp_path, tmp_path / "run", str(images))
    for ours, theirs in zip(trainer.bare.parameters(), first.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    recipe["training"]["continues"] = "0" * 64
    with pytest.raises(checkpoints.CheckpointError, match="sha256"):
        Trainer(recipe, tmp_path, tmp_path / "run", str(images))
