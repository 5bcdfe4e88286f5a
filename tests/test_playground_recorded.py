"""Recorded and remembered trainings of the playground, and what is trained anew."""

import io
from typing import Any

import pytest
import torch

from explorer import fields
from explorer.data.playground import PRESETS, preset_points
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Rules
from explorer.questions import learn_live
from explorer.questions.learn_live import SAMPLES, Look, Snapshot
from explorer.serving.kept import Kept
from explorer.tabs.playground import recorded, side, trained
from explorer.tabs.playground.shared import KNOBS
from explorer.tabs.playground.tab import TAB

EARLY = 3  # snapshots of a new training; later ones differ from processor to processor
USUAL = {each.key: each.default for each in TAB.fields}


@pytest.fixture(autouse=True)
def empty_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trained, "TRAINED", Kept(30_000_000))


there = pytest.mark.skipif(not recorded.FILE.exists(), reason="record it: python -m explorer.tabs.playground.recorded")


@there
def test_every_preset_is_recorded_for_every_family_in_little_space():
    assert recorded.FILE.stat().st_size <= 1_500_000
    assert set(recorded.trainings()) == {recorded.task(*state) for state in recorded.STATES}
    for families in recorded.trainings().values():
        assert set(families) == set(LEARNERS)
        assert len({len(looks) for looks in families.values()}) == 1


@there
def test_what_is_recorded_is_what_the_same_training_gives_anew():
    points = preset_points("moons", PRESETS["moons"].noise, 1_000, 7)
    kept = recorded.trainings()[recorded.task("moons", 1_000, 1_000)]
    snapshots = (
        each for each in learn_live.steps([*LEARNERS], points, Rules(seed=7), 1_000) if isinstance(each, Snapshot)
    )
    for index, snapshot in zip(range(EARLY), snapshots):
        for name, look in snapshot.looks.items():
            there = kept[name][index]
            assert there.steps == look.steps and there.distance == pytest.approx(look.distance, abs=0.01), name
            assert (there.shade is None) == (look.shade is None) and there.nll == pytest.approx(look.nll, abs=0.02)
            torch.testing.assert_close(there.x.mean(0), look.x.clamp(-3, 3).mean(0), atol=0.03, rtol=0)


def test_a_look_is_read_as_it_was_packed():
    x = 2 * torch.rand(SAMPLES, 2, generator=torch.Generator().manual_seed(0)) - 1
    look = Look(x, 5, 0.001, 1.0, 0.2, shade=torch.arange(48**2).remainder(256).to(torch.uint8))
    again = packed_and_read(look)
    assert torch.equal(recorded.cells_of(again.x), recorded.cells_of(x)) and torch.equal(again.shade, look.shade)
    assert (again.steps, again.distance, again.nll, again.over) == (5, 0.2, None, False)
    gone = Look(None, 5, 0.001, float("nan"), over=True)
    assert packed_and_read(gone).x is None


def packed_and_read(look: Look) -> Look:
    return recorded.unpack_look(recorded.figures(look), io.BytesIO(recorded.pack_look(look)), torch.Generator())


def film(**state: Any) -> list[dict]:
    asked = USUAL | {"n": 50, "steps": 200, "width": 16, "batch": 8} | state
    script = side.learn_live.props(**{name: asked[name] for name in fields.of(side.learn_live.plain)})
    return [frame for _, frame in script.scenes() if frame]


def test_a_changed_knob_trains_only_its_own_family(monkeypatch: pytest.MonkeyPatch):
    trained = []

    class Noted(learn_live.Trainee):
        def __init__(self, name: str, *others: Any):
            trained.append(name)
            super().__init__(name, *others)

    monkeypatch.setattr(learn_live, "Trainee", Noted)
    first, changed = (
        film(learn=(1, 2)),
        film(learn=(1, 2), knobs=tuple(0 if i == 1 else k for i, k in enumerate(KNOBS.default))),
    )
    assert trained == ["flow", "vae", "flow"]
    assert changed[-1]["looks"]["vae"] == first[-1]["looks"]["vae"]
    assert changed[-1]["looks"]["flow"] != first[-1]["looks"]["flow"]
    assert film(learn=(2,), seed=8) != film(learn=(2,)) and trained[3:] == ["vae"]


@there
def test_a_recorded_preset_trains_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learn_live, "Trainee", None)
    usual = {key: USUAL[key] for key in ("n", "steps", "width", "batch")}
    frames = film(learn=(1, 9), **usual)
    assert all(frame["recorded"] == ["flow", "kernels"] for frame in frames)
    assert len(frames) == len(learn_live.snapshot_steps(1_000)) and frames[0]["pictures"]["train"]
    with pytest.raises(TypeError):
        film(learn=(1, 9), **usual | {"seed": 8})


@there
def test_the_tour_tells_the_truth_about_the_recorded_trainings():
    def ends(data: str, n: int, steps: int, figure: str) -> dict[str, float]:
        return {
            name: getattr(looks[-1], figure)
            for name, looks in recorded.trainings()[recorded.task(data, n, steps)].items()
        }

    islands = ends("five", 1_000, 1_000, "astray")
    assert islands["mixture"] < islands["flow"] < islands["gan"] and islands["gan"] > 0.2
    rings = ends("rings", 1_000, 1_000, "astray")
    assert rings["vae"] > 3 * max(rings["energy"], rings["mixture"])
    copies = ends("moons", 20, 10_000, "memorised")
    learned = ["kernels", "flow", "vae", "diffusion", "matching", "gan"]
    assert min(learned, key=copies.get) == "kernels" and copies["vae"] < 0.7
    assert min(copies[name] for name in ("flow", "diffusion", "matching", "gan")) > 0.8
    twenty = recorded.trainings()[recorded.task("moons", 20, 10_000)]
    refused = [twenty[name][-1] for name in ("diffusion", "matching", "energy")]
    assert all(look.unsolved and look.kl is None for look in refused)
