"""*Break it*: every preset of the playground keeps what it promises."""

from collections.abc import Callable
from functools import cache

import pytest

from explorer import fields
from explorer.questions.learn_live import Look
from explorer.tabs.playground import recorded, side, trained
from explorer.tabs.playground.shared import KNOBS, NAMES
from explorer.tabs.playground.side import BREAKS
from explorer.tabs.playground.tab import TAB

USUAL = {each.key: each.default for each in TAB.fields}
READ = set(fields.of(side.learn_live.plain)) - {"learn", "clock"}


@cache
def end(words: str, name: str, **usual: object) -> Look:
    """The end of a family's training with the settings of a preset, but for some usual ones."""
    state = USUAL | next(patch for title, patch, _ in BREAKS if title == words) | usual
    assert NAMES.index(name) in state["learn"]
    asked = {key: state[key] for key in READ} | {"knobs": tuple(state["knobs"])}
    return trained.ends(learn=(NAMES.index(name),), **asked)[name]


def both(words: str, name: str) -> tuple[Look, Look]:
    """The same, and the one with the family's usual setting."""
    return end(words, name), end(words, name, knobs=KNOBS.default)


def a_rate_of_30_ends_farther_away() -> None:
    for name in ("flow", "vae", "diffusion"):
        fast, usual = end("Rate × 30", name), end("Rate × 30", name, rate=1)
        assert fast.x is None or fast.distance > 1.3 * usual.distance


def one_latent_ends_farther_than_two() -> None:
    one, two = both("One latent", "vae")
    assert one.distance > 1.2 * two.distance


def a_fast_discriminator_ends_farther_away() -> None:
    fast, usual = both("Fast D", "gan")
    assert fast.distance > 1.15 * usual.distance


def short_chains_leave_mass_where_they_never_went() -> None:
    short, usual = both("Short chains", "energy")
    assert short.kl > 1.5 > 2 * usual.kl


def two_noise_levels_are_too_few_to_sample_and_change_no_density() -> None:
    two, usual = both("Two noise levels", "diffusion")
    assert two.distance > 3 * usual.distance and two.kl == usual.kl


def two_affine_layers_do_not_make_rings() -> None:
    affine, spline = both("Two affine layers", "flow")
    assert affine.kl > 2 * spline.kl


def kernels_of_width_0_copy_and_rule_out_what_they_have_not_seen() -> None:
    narrow, fitted = both("Kernels of width 0", "kernels")
    assert narrow.memorised > 0.95 and narrow.nll > 10 > fitted.nll
    assert fitted.memorised < 0.6  # a fresh point has one half


def twenty_points_are_learned_by_heart() -> None:
    state = next(patch for title, patch, _ in BREAKS if title.startswith("20 points"))
    looks = recorded.trainings()[recorded.task("moons", state["n"], state["steps"])]["flow"]
    assert looks[-1].steps == 10_000 and looks[-1].memorised > 0.9
    assert looks[-1].nll > 3 * min(look.nll for look in looks)


KEPT: dict[str, Callable[[], None]] = {
    "Rate × 30": a_rate_of_30_ends_farther_away,
    "One latent": one_latent_ends_farther_than_two,
    "Fast D": a_fast_discriminator_ends_farther_away,
    "Short chains": short_chains_leave_mass_where_they_never_went,
    "Two noise levels": two_noise_levels_are_too_few_to_sample_and_change_no_density,
    "Two affine layers": two_affine_layers_do_not_make_rings,
    "Kernels of width 0": kernels_of_width_0_copy_and_rule_out_what_they_have_not_seen,
    "20 points, 10,000 steps": twenty_points_are_learned_by_heart,
}


def test_each_of_eight_breaks_says_what_it_promises():
    assert [*KEPT] == [title for title, *_ in BREAKS] and len(KEPT) == 8
    keys = {each.key for each in TAB.fields}
    assert all(set(patch) <= keys and promise.endswith(".") for _, patch, promise in BREAKS)


@pytest.mark.deep
@pytest.mark.parametrize("title", KEPT)
def test_a_break_keeps_its_promise(title: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trained, "SHORT", 10_000)
    KEPT[title]()
