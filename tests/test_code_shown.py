"""The code that a tab shows is the code that runs when somebody touches it."""

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from cProfile import Profile
from pathlib import Path
from types import CodeType

import pytest
import torch

from explorer.data.toys import TOYS
from explorer.models import gaps
from explorer.models.beta_vae import BetaVAE
from explorer.models.live_one_step import ONE_STEP_SEEDS, OneStep
from explorer.models.made import MADE
from explorer.models.ode import SOLVERS
from explorer.models.plane_flow import KINDS, PlaneFlow
from explorer.models.plane_flow_matching import PlaneFlowMatching, known_velocity
from explorer.models.solvers import SAMPLERS
from explorer.networks import checkpoints
from explorer.numbers import ranking
from explorer.questions import codefile, interpolate, learn_symbol
from explorer.tabs import sign_keeper
from explorer.tabs.autoregressive import ask as autoregressive_ask
from explorer.tabs.autoregressive import masks as autoregressive_masks
from explorer.tabs.autoregressive import maths as raster_maths
from explorer.tabs.autoregressive import reward as autoregressive_reward
from explorer.tabs.autoregressive import slow as autoregressive_slow
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.compare import compress as compare_compress
from explorer.tabs.compare import lossless as compare_lossless
from explorer.tabs.compare import maths as compare_maths
from explorer.tabs.compare import real as compare_real
from explorer.tabs.compare import tab as compare
from explorer.tabs.compare import table as compare_table
from explorer.tabs.compare import texts as compare_texts
from explorer.tabs.diffusion import complete as diffusion_complete
from explorer.tabs.diffusion import copies as diffusion_copies
from explorer.tabs.diffusion import few as diffusion_few
from explorer.tabs.diffusion import guidance as diffusion_guidance
from explorer.tabs.diffusion import guided as diffusion_guided
from explorer.tabs.diffusion import maths as diffusion_maths
from explorer.tabs.diffusion import middle as diffusion_middle
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.diffusion import symbol as diffusion_symbol
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.diffusion import travel as diffusion_travel
from explorer.tabs.flow import causal as flow_causal
from explorer.tabs.flow import fifth as flow_fifth
from explorer.tabs.flow import layers as flow_layers
from explorer.tabs.flow import maths as flow_maths
from explorer.tabs.flow import mixed as flow_mixed
from explorer.tabs.flow import override as flow_override
from explorer.tabs.flow import race as flow_race
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow import typical as flow_typical
from explorer.tabs.flow_matching import bridges as flow_matching_bridges
from explorer.tabs.flow_matching import maths as velocity_maths
from explorer.tabs.flow_matching import solvers as flow_matching_solvers
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.flow_matching import targets as flow_matching_targets
from explorer.tabs.foundations import maths as foundations_maths
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.gan import cannot as gan_cannot
from explorer.tabs.gan import collapse as gan_collapse
from explorer.tabs.gan import game as gan_game
from explorer.tabs.gan import generate as gan_generate
from explorer.tabs.gan import gradient as gan_gradient
from explorer.tabs.gan import learn as gan_learn
from explorer.tabs.gan import maths as gan_maths
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.ask import asks, questions
from explorer.tabs.kit.ask import nets as networks
from explorer.tabs.kit.layout import parts
from explorer.tabs.vae import encode as vae_encode
from explorer.tabs.vae import gaps as vae_gaps
from explorer.tabs.vae import maths as vae_maths
from explorer.tabs.vae import tab as vae
from tests import tiny_nets
from tests.asking import functions_of
from tests.scene_nets import write_scene_nets

TABS = (vae, autoregressive, gan, flow, diffusion, flow_matching, compare, foundations)
SHARED = {each for called in asks.CODE.values() for each in called}
SHOWN = [each for tab in TABS for called in tab.TAB.code.values() for each in called if each not in SHARED]
TEST = ("test", 12, "mnist")
TOP = bytes([255] * 49 + [0] * 49)


LESS = {"fit_steps": {"steps": 1}, "posterior_grid": {"coarse": 24}, "posterior_table": {"size": 8}}
LESS |= {"heat_map": {"size": 8}, "exact_elbo": {"cells": 8}}
"""Arguments with which the integrals over the plane take less."""


def test_the_code_on_the_page_is_the_code_that_runs():
    assert "def show_kl(mu: float | None" in parts.source(vae_maths.show_kl)
    assert "explorer.tabs.vae.maths.show_kl" in parts.source(vae_maths.show_kl)


@pytest.mark.parametrize("function", SHOWN, ids=lambda each: each.__qualname__)
def test_each_function_on_the_page_is_called_by_a_gesture(function: Callable, called: set[CodeType]):
    assert inspect.unwrap(function).__code__ in called


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> set[CodeType]:
    """The code that runs when every gesture is made once, on coarse grids, in few steps, and with small networks."""
    ran = set()
    for each in SHOWN:
        getattr(each, "cache_clear", lambda: None)()  # what another test asked for is to be computed again
    with pytest.MonkeyPatch.context() as patch, recording(ran):
        take_less(patch)
        patch.setattr(gaps, "GAPS_FITTED", 1)
        given = {"dataset": "mnist", "beta": 1.0, "z": (0.6, 0.4), "image": 12, "picture": 12, "seed": 7, "index": 0}
        make_each_gesture(functions_of(vae.MODES), given | {"pixels": "bits", "tap": 3})
        with_shipped_networks()
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("nets"))))
        draw_and_score()
        ask_of_all("made-mnist")
        compare_compress.compress.props("made-mnist", TEST)
        raster_maths.show_two_bits(0.4, 0.45, 0.95, 0.5)
        raster_maths.show_gaussian(0.8, 0.7, 0.1)
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("vaes"), tiny_nets.VAES)))
        compare_compress.compress.props("vae-mnist", TEST)
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write_diffusions(tmp_path_factory.mktemp("diffusions"))))
        denoise()
        guide_and_copy(patch)
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write_gans(tmp_path_factory.mktemp("gans"))))
        patch.setattr(gan_cannot, "SEARCH_STEPS", 2)
        generate_and_play()
        ask_of_all("gan-mnist")
        code_a_scene(patch, tmp_path_factory.mktemp("scenes"))
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("flows"), tiny_nets.FLOWS)))
        through_the_layers()
        flow_maths.show_length(784, 1)
        flow_maths.show_coupling(0.5, 0.8, 0.6, -1.0)
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("v"), tiny_nets.VELOCITIES)))
        along_velocities()
        velocity_maths.show_words(0.4, 0.5, -1.2)
        foundations_maths.show_likelihood(1, 1, 1)
        foundations_maths.show_divergence(0, 1, 1, 2)
        foundations_maths.show_gap(0.4, 5, 0.5)
        compare_maths.show_dequantised(1300, 1)
        compare_maths.show_separation(0, 1, 1, 1)
        compare_maths.show_rounds(8, 20)
        gan_maths.show_optimal(0.3, 0.1)
        gan_maths.show_distances(3)
    return ran


def code_a_scene(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("EXPLORER_PRETRAINED", str(write_scene_nets(folder)))
    compare_lossless.files_of("words-tokens", ("test", 3, "scenes"))


def with_shipped_networks() -> None:
    compare_texts.ask_text.props("lstm-shakespeare", "To be", 7)
    assert list(flow_causal.passes.props(TEST, 7).scenes())
    flow_override.override.props(TEST, 7, 1.0)
    flow_race.race.props(7)
    vae_maths.show_kl(2.0, 0.5)
    vae_maths.show_reparameterise(1.5, -0.3, -0.5, -1.0, 0.42, -1.1)


def guide_and_copy(patch: pytest.MonkeyPatch) -> None:
    diffusion_maths.show_posterior(0.8, -0.2, 260)
    diffusion_guided.guided.props("beside", "all", "always", 0.0, "ode", 7)
    patch.setattr(diffusion_copies, "MOMENTS", [1, 2])
    diffusion_copies.copies.props("moons", 2, 16, 7)
    learn_a_sign(patch)


def learn_a_sign(patch: pytest.MonkeyPatch) -> None:
    digits = learn_symbol.Digits(
        checkpoints.load("classifier-mnist"), torch.rand(20, 1, 28, 28), torch.arange(20) % 10, torch.rand(5, 1, 28, 28)
    )
    patch.setattr(diffusion_symbol, "old_digits", lambda: digits)
    small = {"SIGN_STEPS": 1, "SIGN_END": 12, "DIGITS_END": 10, "SIGN_BATCH": 8, "SIGN_MARKS": (0.0, 1.0)}
    for name, value in small.items():
        patch.setattr(learn_symbol, name, value)
    key = sign_keeper.keep_sign("heart", b"", "1.2.3.4")["key"]
    assert list(diffusion_symbol.learn_sign.props(key, 2, 50, 1).scenes())


def denoise() -> None:
    diffusion_maths.show_closed_form(0.8, -1.1, 260)
    given = {"net": "diffusion-mnist", "seed": 7, "label": 3, "w": 2.0, "steps": 2}
    films = [diffusion_shared.reverse.props(**given, count=1, sampler=sampler, eta=0.0) for sampler in SAMPLERS]
    jumps = {key: given[key] for key in ("net", "seed", "label")} | {"count": 4, "evaluations": 2, "moment": None}
    films += [diffusion_few.jump.props(**jumps, who=who) for who in ("teacher", "student")]
    films.append(diffusion_middle.middle.props(**given, picture=TEST, start=300))
    films.append(diffusion_complete.complete.props(**given, picture=TEST, known=bytes(98), resamples=1))
    films.append(diffusion_travel.travel.props("diffusion-mnist", TEST, TEST, steps=2))
    diffusion_guidance.classify("diffusion-mnist", bytes(8 * 784))
    for film in films:
        assert list(film.scenes())


def through_the_layers() -> None:
    assert list(flow_layers.layers.props("flow-mnist", 7, 3, 1.0).scenes())
    flow_mixed.mix.props("flow-mnist", TEST, TEST)
    flow_typical.typical.props("flow-mnist", 7, None)
    flow_fifth.density.props("flow-mnist", TEST, 7)
    flow_fifth.beside.props("flow-fashion-mnist")
    flow_fifth.stands("flow-mnist", checkpoints.load("flow-mnist").space)
    for kind in KINDS:
        plane_flow = PlaneFlow(kind, 2, 8)
        plane_flow.decode(plane_flow.encode(torch.zeros(3, 2)))
        plane_flow.log_prob(torch.zeros(3, 2))


def along_velocities() -> None:
    for solver in SOLVERS:
        label, w = (None, 1.0) if solver == "adaptive" else (3, 2.0)  # which takes hundreds of steps
        assert next(flow_matching_solvers.solve.props("flow-matching-mnist", 7, label, w, solver, 2).scenes())
    model, images = checkpoints.load("flow-matching-mnist", "cpu"), torch.zeros(2, 1, 28, 28)
    recipe = {"label_dropout": 0.1, "middle": [0.2, 0.7], "draws": 2}
    model.training_loss(images, recipe, generator=torch.Generator(), label=torch.tensor([3, 5]))
    model.log_prob_by_ode(images, generator=torch.Generator(), steps=2)
    list(model.complete_steps(images, images > 0, generator=torch.Generator(), steps=2))
    plane = PlaneFlowMatching(8)
    for cycle in range(2):
        plane.training_loss(torch.zeros(9, 2), recipe | {"cycle": cycle}, generator=torch.Generator(), label=images)
    plane.log_prob(torch.zeros(3, 2), steps=2)
    known_velocity(TOYS["moons"], torch.zeros(3, 2), 0.5)
    list(flow_matching_targets.learn_targets.props("flow-matching-moons", "points", 100, 7).scenes())
    flow_matching_bridges.couple.props("flow-matching-moons", 7, 8)
    learning = OneStep(TOYS["moons"], 720, 7)
    learning.advance(720)
    learning.draw("distill", torch.zeros(ONE_STEP_SEEDS, 3, 2), 2, torch.Generator())


def generate_and_play() -> None:
    given = {"net": "gan-mnist", "seed": 7, "label": None}
    gan_generate.generate.props(**given)
    gan_generate.plane.props(**given, corners=(0, 1, 2), u=0.2, v=0.3)
    gan_generate.between.props(**given, pair=(0, 1))
    assert list(gan_learn.training.props(**given).scenes())
    rules = {"data": "ring", "points": (), "dsteps": 1, "lrd": 1e-3, "lrg": 1e-3, "gseed": 0, "live": True}
    films = [gan_cannot.search.props(**given, picture=TEST), gan_gradient.face.props(**rules, start=1, steps=1)]
    rules |= {"spectral": False}
    films += [gan_game.play.props(**rules, loss=loss, moves="r") for loss in ("non-saturating", "wgan-gp")]
    films.append(gan_collapse.race.props(**rules, rounds=1))
    for film in films:
        assert list(film.scenes())


def ask_of_all(net: str) -> None:
    assert net in networks.nets_of("mnist")
    assert next(questions.ask_make.props(net, 7, None).scenes())
    assert next(questions.ask_complete.props(net, TEST, TOP, 7, None).scenes())
    if interpolate.can(checkpoints.load(net)):
        assert next(questions.ask_interpolate.props(net, TEST, ("test", 40, "mnist")).scenes())
    questions.ask_likelihood.props(net, TEST)
    questions.ask_anomaly.props(net, TEST)
    compare_real.one.props(net, 7)
    compare_table.trade.props((net,))
    ranking.best({"one": {"value": 1, "pixels": "grey"}, "other": {"value": 2, "pixels": "grey"}}, "least")


def draw_and_score() -> None:
    given = {"dataset": "mnist", "seed": 7, "count": 1, "label": None, "temperature": 1.0, "order": 0, "index": 0}
    given |= {"picture": TEST, "pixels": bytes(784), "known": 780, "rows": 27, "row": 27, "pixel": 400}
    given |= {"kernel": 3, "layer": 2, "part": None, "type": "A", "taps": ()}
    given |= {"chances": None, "how": "tilt", "inverse": 1, "noise": 1, "goal": "ink", "proxy": 5}
    net = "pixelcnn-fashion-mnist"
    file, _ = codefile.write(net, checkpoints.load(net).space.read("blank"))
    make_each_gesture(functions_of(autoregressive.MODES), given | {"net": net, "file": file.to_bytes()})
    for part in ("layers", "blind", "made"):
        autoregressive_masks.masks.props(part, net, 400, 2, 3, "A", (), 0)
    for how in ("best", "guide", "policy"):
        autoregressive_reward.reward.props(None, how, 1, 1, "ink", 5)
    autoregressive_ask.trace.props("made-mnist", ("noise", 3), None, 1)
    next(autoregressive_slow.time_cache.props("made-mnist", 7).scenes())


def take_less(patch: pytest.MonkeyPatch) -> None:
    for name, less in LESS.items():
        for module in (vae_encode, vae_gaps):
            if hasattr(module, name):
                patch.setattr(module, name, functools.partial(getattr(module, name), **less))


def make_each_gesture(functions: Sequence[Callable], given: dict) -> None:
    for ask in functions:
        ask.props(**{name: given[name] for name in inspect.signature(ask.plain).parameters})


@contextmanager
def recording(ran: set[CodeType]) -> Iterator[None]:
    profile = Profile(builtins=False)
    with profile:
        yield
    ran |= {each.code for each in profile.getstats()}


def test_what_no_gesture_calls_would_be_found_out(called: set[CodeType]):
    assert BetaVAE.reconstruct.__code__ not in called
    assert MADE.mixture_log_prob.__code__ not in called
