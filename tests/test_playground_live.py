"""Learning live, side by side: its clock, its looks, its measures, its bounds and its pauses."""

import base64
import json
import time

import pytest
import torch

from explorer.data.playground import PRESETS, drawn_points, preset_points
from explorer.data.toys import TOYS
from explorer.models import clouds
from explorer.models.chance import standard_of
from explorer.models.learners import LEARNERS
from explorer.models.live_training import Rules, Trainee
from explorer.questions import learn_live
from explorer.running import pauses
from explorer.spaces import PLANE
from explorer.tabs.playground import shared, side
from explorer.tabs.playground import snapshot as texts
from tests.node import call

NINE = [name for name in LEARNERS if name != "kernels"]
RULES = Rules(width=16, batch=32)
USUAL = shared.KNOBS.default
FIGURES = ("distance", "kl", "memorised", "loss", "nll")


def points(n: int = 200):
    return preset_points("moons", 0.1, n, 7)


def shown(*args, **how) -> list[learn_live.Snapshot]:
    return [each for each in learn_live.steps(*args, **how) if isinstance(each, learn_live.Snapshot)]


def test_the_moments_are_dense_at_first_and_end_with_the_last_step():
    assert learn_live.snapshot_steps(2_000)[:4] == [0, 2, 8, 32] and learn_live.snapshot_steps(2_000)[-1] == 2_000
    assert len(learn_live.snapshot_steps(2_000)) <= 20 and learn_live.snapshot_steps(12) == [*range(13)]


def test_the_distance_ranks_what_is_wrong_for_every_seed():
    mixture = TOYS["eight-gaussians"]
    for seed in range(5):
        generator = torch.Generator().manual_seed(seed)
        truth, other = mixture.sample(500, generator), mixture.sample(500, generator)
        blur = mixture.sample(500, generator) + 0.4 * torch.randn(500, 2, generator=generator)
        many = mixture.sample(4_000, generator)
        mode = mixture.shares(many).argmax(-1)
        wrong = (other, blur, many[mode != 0][:500], many[mode == 0][:400])
        found = [clouds.squared_energy_distance(x, truth)[0] for x in wrong]
        assert found == sorted(found) and abs(found[0]) < 0.015


def test_copies_of_the_training_points_are_noticed_and_fresh_ones_are_not():
    data = preset_points("rings", 0.1, 1_000, 1)
    usual = clouds.nearest_gaps(data.fresh, data.train)
    assert clouds.memorisation(data.train, data.train, usual) == pytest.approx(1, abs=0.01)
    assert clouds.memorisation(data.train + 1e-4, data.train, usual) > 0.95
    assert clouds.memorisation(data.held, data.train, usual) == pytest.approx(0.5, abs=0.1)
    assert clouds.memorisation(data.fresh + 3, data.train, usual) < 0.05
    assert clouds.memorisation(data.fresh, data.train, usual) == pytest.approx(0.5)


@pytest.mark.parametrize("n", [20, 50, 1_000])
def test_true_samples_copy_in_half_of_the_cases_however_few_points_there_are(n: int):
    found = []
    for seed in range(40):
        data = preset_points("moons", 0.1, n, seed, 2_000)
        x = data.known.sample(500, torch.Generator().manual_seed(1_000 + seed))
        usual = clouds.nearest_gaps(data.fresh, data.train)
        found.append(clouds.memorisation(x, data.train, usual))
        alone = clouds.memorisation(x, data.train, clouds.gaps_left_out(data.train))
        assert alone < texts.COPIES, "of a drawing, by its own points"
    assert max(found) < 0.6 and sum(found) / 40 == pytest.approx(0.5, abs=0.02)


def test_every_family_shows_what_it_claims():
    found = shown(NINE, points(), RULES, 12)
    first, last = found[0], found[-1]
    assert [*first.looks] == NINE and [snapshot.time for snapshot in found] == learn_live.snapshot_steps(12)
    for name, look in last.looks.items():
        assert look.x.shape == (learn_live.SAMPLES, 2) and look.distance > 0 and 0 <= look.memorised <= 1
        has = LEARNERS[name].mark != "∅"
        measured = (look.nll, look.kl, look.back, look.shade)
        assert [each is not None for each in measured] == [has] * 4 and 0 <= look.astray <= 1
        assert look.steps == 12 or look.over
        assert look.loss is not None and look.cost > 0
    slow = [name for name in NINE if LEARNERS[name].slow]
    assert all(first.looks[name].shade is None for name in slow)


@pytest.mark.deep
def test_the_same_seed_gives_the_same_moments_whichever_families_are_beside():
    def run(names: list[str], seed: int):
        return shown(names, points(), Rules(16, 0, 1.0, 32, seed), 6)[-1].looks

    one, again, alone, other = run(NINE, 7), run(NINE, 7), run(["gan", "energy"], 7), run(["gan", "energy"], 8)
    assert all(torch.equal(one[name].x, again[name].x) for name in NINE)
    assert all(torch.equal(one[name].x, alone[name].x) for name in alone)
    assert not any(torch.equal(one[name].x, other[name].x) for name in other)


def test_a_clock_of_seconds_gives_a_cheap_family_more_steps():
    looks = shown(["matching", "energy"], points(), RULES, 100, seconds=0.4)[-1].looks
    assert looks["matching"].steps > 1.3 * looks["energy"].steps


def test_a_training_that_breaks_is_told_and_the_others_go_on():
    trainee = Trainee("flow", points().train, RULES)
    with torch.no_grad():
        trainee.model.transforms[0].theta[-1].bias.fill_(float("nan"))
    trainee.step(0.0)
    assert trainee.broken and trainee.over and trainee.steps == 0
    assert learn_live.look(trainee, points(), standard_of(points()), None, True).x is None


@pytest.mark.parametrize("bias", [float("nan"), 1e30])
def test_samples_of_a_network_that_a_finite_loss_has_broken_are_told_too(bias: float):
    trainee = Trainee("autoregressive", points().train, RULES)
    with torch.no_grad():
        trainee.model.first.fill_(bias)
    assert learn_live.look(trainee, points(), standard_of(points()), None, True).x is None


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_learned_from_nine_tenths_of_its_points(name: str):
    data = preset_points(name, 0.1, 50, 1, 20)
    assert (len(data.train), len(data.held), len(data.fresh)) == (45, 5, 20)


def test_a_drawing_is_read_to_its_cells_and_needs_five_points():
    data = drawn_points(bytes([0, 255] * 5 + [128, 128] * 5), 3)
    x = torch.cat([data.train, data.held])
    assert data.known is None and len(data.held) == 1
    assert sorted((x[:, 0] < -2.3).tolist()) == [False] * 5 + [True] * 5
    assert bool(((x[:, 0] < -2.3) == (x[:, 1] > 2.3)).all())
    with pytest.raises(ValueError, match="at least five"):
        drawn_points(bytes(8), 3)


@pytest.mark.deep
def test_no_stretch_without_a_pause_is_long():
    Trainee("gan", points().train, RULES).step(0)  # imports what an optimiser needs
    gaps, last = [], time.thread_time()

    def note() -> None:
        nonlocal last
        now = time.thread_time()
        gaps.append(now - last)
        last = now

    with pauses.calling(note):
        for _ in learn_live.steps([*LEARNERS][:9], preset_points("moons", 0.1, 5_000, 7), Rules(64), 8):
            note()
        for _ in learn_live.steps(["kernels"], preset_points("moons", 0.1, 5_000, 7), Rules(64), 8):
            note()
    assert max(gaps) <= 0.1


def film(board: bytes | None = None, data: str = "moons") -> list[dict]:
    script = side.learn_live.props((1, 6, 7), data, board, 0.1, 50, 200, "steps", 16, 0, 1.0, 8, USUAL, 7, "")
    found = [frame for _, frame in script.scenes() if frame]
    assert len(found) == script.total
    return found


def test_a_film_holds_samples_and_densities_whose_bytes_are_counted():
    frames = film()
    first, last = frames[0], frames[-1]
    assert last["drawn"] == ["flow", "energy", "gan"] and last["shaded"] == ["flow", "energy"]
    assert PLANE.decode(last["x"]).shape == (3 * learn_live.SAMPLES, 2)
    assert len(base64.b64decode(last["shades"])) == 2 * 48**2
    assert [len(PLANE.decode(first["pictures"][name])) for name in ("train", "held")] == [45, 5]
    assert not last["pictures"] and "kl" in last["looks"]["flow"] and "nll" not in last["looks"]["gan"]
    result = len(json.dumps(last["report"]))
    assert result < 2_500 and len(json.dumps(last)) - len(last["x"]) - len(last["shades"]) - result < 2_000


def test_a_moment_says_who_is_nearest_and_what_every_family_has():
    last = film()[-1]
    kl = {name: look["kl"] for name, look in last["looks"].items() if "kl" in look}
    best, result = min(kl, key=kl.__getitem__), last["report"]
    assert result["best"] == [best] and result["when"] == "200 steps"
    nearest = f"{texts.title(best)} comes nearest to the true density: KL {kl[best]:.3f} nats."
    assert result["chief"] == ("finding", nearest, "")
    assert f"is nearest to the true one (KL {kl[best]:.3f} nats)" in result["words"] or " copies: " in result["words"]
    assert f"Of true samples 95 % have D² up to {last['limit']:.4f}" in result["words"]
    every, truth = result["tables"]
    assert len(every["rows"]) == 3 and truth["rows"][0][:2] == ["Flow", f"{kl['flow']:.3f}"]


def test_families_within_chance_are_told_as_a_tie():
    found = {"flow": 0.0052, "diffusion": -0.001, "energy": 0.003, "gan": 0.16}
    looks = {
        name: {"distance": value, "distance_se": 0.002, "memorised": 0.5, "broken": False}
        for name, value in found.items()
    }
    frame = {"time": 9, "limit": 0.0055, "looks": looks}
    assert texts.nearest(frame) == ["diffusion", "energy", "flow"]
    assert texts.first(frame, "Now") == ("Now, Diffusion, Energy and Flow tie within chance, GAN farthest (D² 0.1600).")
    assert texts.nearest(frame | {"limit": -1}) == ["diffusion", "energy", "flow"], "differences within their error"
    assert texts.finding(frame) == "Samples of 3 families cannot be told apart from new data."
    assert texts.finding(frame | {"limit": -1}) == "The samples of every family can be told apart from new data."
    alone = {"time": 9, "limit": 0.01, "looks": {"gan": looks["gan"]}}
    assert texts.finding(alone) == "GAN comes nearest, but can be told apart from new data."
    assert texts.finding(alone | {"looks": {"gan": {"broken": True}}}) is None
    looks["energy"] |= {"kl": 0.07, "kl_error": 0.001}
    looks["flow"] |= {"kl": 0.0705, "kl_error": 0.001}
    assert "of 2 densities those of Energy and Flow tie (KL 0.070 nats)" in texts.first(frame, "Now")
    assert texts.finding(frame) == "Several families come equally near to the true density: KL 0.070 nats."
    looks["flow"] |= {"kl": 0.21}
    assert "Energy is nearest to the true one (KL 0.070 nats), that of Flow farthest" in texts.first(frame, "Now")


def test_a_density_whose_solver_left_its_range_is_refused_with_a_reason():
    trainee = Trainee("diffusion", points().train, Rules(rate=1))
    with torch.no_grad():
        for weight in trainee.model.parameters():
            weight.mul_(3)
    look = learn_live.look(trainee, points(), standard_of(points()), None, True)
    assert look.unsolved and look.nll is None and look.kl is None and look.shade is None
    assert "The density of Diffusion cannot be given" in texts.refused({"diffusion": side.to_props(look)})
    usual = learn_live.look(Trainee("diffusion", points().train, RULES), points(), standard_of(points()), None, True)
    assert not usual.unsolved and usual.nll is not None


def test_frames_belong_to_the_figure_that_the_tiles_show():
    figures = {"flow": (0.05, 0.288, 1.2), "diffusion": (0.06, 0.2849, 1.1), "gan": (0.2, 0.281, 0.3)}
    looks = {name: dict(zip(("distance", "memorised", "loss"), each, strict=True)) for name, each in figures.items()}
    looks |= {"energy": {"broken": True, "memorised": 0}, "vae": {}}
    frame = {"looks": looks, "report": {"nearest": ["flow", "diffusion"], "best": ["flow"]}}
    framed = {each: call("playground/figures.js", "smallestOf", each, frame) for each in FIGURES}
    assert framed == {
        "distance": ["flow", "diffusion"],
        "kl": ["flow"],
        "memorised": ["diffusion", "gan"],
        "loss": [],
        "nll": [],
    }
    said = {each: call("playground/figures.js", "shownWords", each) for each in FIGURES}
    assert all(("framed" in words.lower()) is (each != "loss") for each, words in said.items())
    assert (
        said["memorised"] == "Number and curve: copies; framed: smallest" and "as good as real data" in said["distance"]
    )


@pytest.mark.deep
def test_a_drawing_is_filmed_without_a_known_density():
    last = film(bytes(range(60, 100)), "drawing")[-1]
    assert "kl" not in last["looks"]["flow"] and last["limit"] > 0
    with pytest.raises(ValueError, match="at least five"):
        side.learn_live.props((1,), "drawing", None, 0.1, 50, 200, "steps", 16, 0, 1.0, 8, USUAL, 7, "")


def test_points_and_drawings_are_bounded():
    assert max(shared.N.kind.choices) == 5_000 and shared.LEARN.kind.most == 9
    shared.BOARD.check(base64.b64encode(bytes(1_000)).decode())
    with pytest.raises(ValueError, match="1 to 500 points"):
        shared.BOARD.check(base64.b64encode(bytes(1_002)).decode())
