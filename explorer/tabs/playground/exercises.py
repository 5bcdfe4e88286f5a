"""Exercises of the playground, whose settings are checked by the training itself.

The server looks at the end of a training from the same points, settings and seed.
"""

from pathlib import Path

from explorer import verdicts
from explorer.lessons.exercises import say
from explorer.lessons.written import read
from explorer.models.live_training import Rules
from explorer.questions.learn_live import Look
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.playground.maths import distance_of_pairs
from explorer.tabs.playground.shared import BATCH, DEEPER, KNOBS, LEARN, NAMES, NOISE, RATE, SHORT, WIDTH, N
from explorer.tabs.playground.trained import ends

SOLVED = {
    "learn": LEARN.default,
    "data": "moons",
    "board": None,
    "noise": NOISE.default,
    "n": N.default,
    "steps": SHORT,
    "clock": "steps",
    "width": WIDTH.default,
    "deeper": DEEPER.default,
    "rate": RATE.default,
    "batch": BATCH.default,
    "knobs": KNOBS.default,
    "seed": SEED.default,
}
TITLES = {"vae": "VAE", "flow": "flow", "gan": "GAN", "diffusion": "diffusion"}
UNSEEN = f"the server has not seen the end of this training: let it run, or choose {SHORT} steps"
FAILS, PLAYGROUND_LEAST = 5, 0.005  # times D² of the usual rate, and the D² that it counts as at least


def places(*names: str) -> tuple[int, ...]:
    """Return the places of families in the list."""
    return tuple(NAMES.index(name) for name in names)


def knobs(**chosen: int) -> tuple[int, ...]:
    """Return the families' own settings, the usual ones but for these."""
    return tuple(chosen.get(name, usual) for name, usual in zip(NAMES, KNOBS.default))


def looks(state: dict, *names: str) -> dict[str, Look] | str:
    """Return the ends of the training of these families, or the reason why there are none."""
    state = dict(state)
    if state.pop("clock") != "steps":
        return "choose the clock of equal steps: seconds differ from run to run"
    if missing := [name for name in names if NAMES.index(name) not in state["learn"]]:
        return f"{' and '.join(TITLES[name] for name in missing)} must learn, too"
    try:
        found = ends(**state | {"learn": tuple(int(each) for each in state["learn"])})
    except ValueError as error:
        return str(error)
    return UNSEEN if found is None else found


def far(look: Look) -> float:
    """D² of a family, infinite where its training broke."""
    return float("inf") if look.distance is None else look.distance


def is_nearer(one: Look, other: Look) -> bool:
    """Return whether D² of the first is measured to be smaller."""
    both = [verdicts.Estimate(far(look), look.distance_se or 0) for look in (one, other)]
    return one.x is not None and (other.x is None or verdicts.compare(*both).sign < 0)


def distance_words(found: dict[str, Look], one: str, other: str) -> str:
    """Return both distances in words."""
    words = {name: "broke" if found[name].x is None else say(far(found[name]), 4) for name in (one, other)}
    return f"D² of the {TITLES[one]} is {words[one]}, that of the {TITLES[other]} {words[other]}"


def is_met(state: dict, one: str, other: str, share: float | None = None) -> tuple[bool, str]:
    """Return whether a family ends nearer than another, by a share in per cent if one is given, and both distances."""
    found = looks(state, one, other)
    if isinstance(found, str):
        return False, found
    by_share = share is None or far(found[one]) <= (1 - share / 100) * far(found[other])
    return is_nearer(found[one], found[other]) and by_share, distance_words(found, one, other)


def is_failing(state: dict, points: str) -> tuple[bool, str]:
    """Return whether diffusion ends far from these points, and where it ends at this and at the usual rate."""
    found, usual = looks(state, "diffusion"), looks(state | {"rate": Rules().rate}, "diffusion")
    if isinstance(found, str) or isinstance(usual, str):
        return False, found if isinstance(found, str) else f"at the usual rate, {usual}"
    if state["data"] != points:
        return False, "these are other points"
    ends = [far(each["diffusion"]) for each in (found, usual)]
    said = ["broke" if each == float("inf") else f"ends at D² = {say(each, 4)}" for each in ends]
    return ends[0] >= FAILS * max(ends[1], PLAYGROUND_LEAST), f"diffusion {said[0]}, and at the usual rate it {said[1]}"


FUNCTIONS = (distance_of_pairs, is_failing, is_met, knobs, places)
GIVEN = {"FAILS": FAILS, "SOLVED": SOLVED, "TITLES": TITLES} | {each.__name__: each for each in FUNCTIONS}
EXERCISES = read(Path(__file__).with_suffix(".md"), GIVEN)
