"""Exercises of the playground: a distance by hand, what it can compare, and trainings to set up.

A setting is checked by the training itself: the server's looks at its end, from the same points, settings and seed.
"""

from explorer import verdicts
from explorer.models.live_training import Rules
from explorer.questions.learn_live import Look
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.playground import maths
from explorer.tabs.playground.shared import BATCH, DEEPER, KNOBS, LEARN, NAMES, NOISE, RATE, SHORT, WIDTH, N
from explorer.tabs.playground.trained import ends

READS = "learn data board noise n steps clock width deeper rate batch knobs seed"
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
FAILS, LEAST = 5, 0.005  # times D² of the usual rate, and the D² that it counts as at least


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


@setting("vae-beats-flow", "Make the VAE beat the flow", READS, f"mode=side&learn=1,2&data=moons&steps={SHORT}")
def vae_beats_flow(draw: Draw) -> Setting:
    """Ask for points and settings on which the VAE is nearer than the flow by a drawn share."""
    share = draw.one_of((10, 20))

    def holds(**state: object) -> tuple[bool, str]:
        found = looks(state, "vae", "flow")
        if isinstance(found, str):
            return False, found
        met = is_nearer(found["vae"], found["flow"]) and far(found["vae"]) <= (1 - share / 100) * far(found["flow"])
        return met, distance_words(found, "vae", "flow")

    return Setting(
        f"Find points and settings with which the VAE ends at a D² at least {share} % smaller than the flow's, "
        "beyond chance.",
        holds,
        SOLVED | {"learn": places("flow", "vae"), "data": "five", "noise": 0.05, "knobs": knobs(flow=3)},
        [
            "More settings has a setting of each family alone.",
            "Which points can a flow with few and simple layers not reach?",
        ],
        [
            "Choose five points, and give the flow two affine couplings. They only scale and shift one coordinate "
            "by the other, so five islands stay out of reach.",
            "The decoder of the VAE maps its codes by a whole network.",
        ],
    )


@setting(
    "gan-wins", "Points on which the GAN wins", READS, f"mode=side&learn=1,2,7&data=gaussian&noise=0.6&steps={SHORT}"
)
def gan_wins(draw: Draw) -> Setting:
    """Ask for points on which the GAN is nearer than the VAE and the flow, at usual settings of the GAN."""
    rival = draw.one_of(("vae", "flow"))

    def holds(**state: object) -> tuple[bool, str]:
        found = looks(state, "gan", rival)
        if isinstance(found, str):
            return False, found
        return is_nearer(found["gan"], found[rival]), distance_words(found, "gan", rival)

    return Setting(
        f"Find points and settings with which the GAN ends at a smaller D² than the {TITLES[rival]}, beyond chance.",
        holds,
        SOLVED | {"learn": places("flow", "vae", "gan"), "rate": 30.0},
        ["The learning rates are factors on the usual ones.", "The usual rate of the GAN is the smallest."],
        [
            "At thirty times the usual rates the GAN ends nearer than both others.",
            "Its usual rate is 0.002, those of the flow and the VAE are 0.005 and 0.008, so these suffer first.",
        ],
    )


@setting("rate-fails", "A rate at which diffusion fails", READS, f"mode=side&learn=4&data=moons&steps={SHORT}")
def rate_fails(draw: Draw) -> Setting:
    """Ask for a learning rate at which diffusion ends far from the points."""
    data = draw.one_of(("moons", "rings", "eight"))
    noise = 0.12 if data == "eight" else 0.1

    def holds(**state: object) -> tuple[bool, str]:
        found, usual = looks(state, "diffusion"), looks(state | {"rate": Rules().rate}, "diffusion")
        if isinstance(found, str) or isinstance(usual, str):
            return False, found if isinstance(found, str) else f"at the usual rate, {usual}"
        if state["data"] != data:
            return False, "these are other points"
        ends = [far(each["diffusion"]) for each in (found, usual)]
        said = ["broke" if each == float("inf") else f"ends at D² = {say(each, 4)}" for each in ends]
        return ends[0] >= FAILS * max(ends[1], LEAST), f"diffusion {said[0]}, and at the usual rate it {said[1]}"

    return Setting(
        f"On the {'moons' if data == 'moons' else 'rings' if data == 'rings' else 'eight Gaussians'}, find a learning "
        f"rate at which diffusion breaks, or ends at {FAILS} times its D² at the usual rate.",
        holds,
        SOLVED | {"learn": places("diffusion"), "data": data, "noise": noise, "rate": 100.0},
        ["The learning rate is among More controls, as a factor.", "Too large a rate jumps over every minimum."],
        [
            "At 30 times the usual rate or more, a step is larger than the valleys of the loss.",
            "Adam's steps are about as long as the rate, however small the gradient is.",
        ],
    )


@number("distance", "An energy distance by hand", "mode=side")
def distance(draw: Draw) -> Number:
    """Ask for D² between two points and two others, on a line."""
    a, b = draw.real(-2, 2), draw.real(-2, 2)
    b = a + 1 if abs(a - b) < 0.5 else b
    c = max(a, b) + draw.real(0.5, 2)
    d = c + draw.real(0.5, 2)
    answer = maths.distance_of_pairs(a, b, c, d)
    across, x, y = (answer + abs(a - b) + abs(c - d)) / 2, abs(a - b), abs(c - d)
    return Number(
        f"On a line, the sample X is the points {brief(a)} and {brief(round(b, 1))}. The sample Y is "
        f"{brief(round(c, 1))} and {brief(round(d, 1))}. "
        "What is D² = 2 E|X − Y| − E|X − X′| − E|Y − Y′|, over pairs of different points?",
        answer,
        0.01,
        ["E|X − Y| is a mean of four distances.", "X has one pair of different points, and Y has one."],
        [
            f"2 E|X − Y| = {say(2 * across)}, E|X − X′| = {say(x)}, and E|Y − Y′| = {say(y)}.",
            f"D² = {say(2 * across)} − {say(x)} − {say(y)} = {say(answer)}.",
        ],
        {"a": a, "b": b, "c": c, "d": d},
        slips=[
            (2 * across - (x + y) / 2, "Only pairs of different points count: a point with itself is not one."),
            (across - x - y, "E|X − Y| counts twice."),
        ],
    )


@choice("compared", "What can be compared", "mode=side")
def compare(draw: Draw) -> Choice:
    """Ask for the figure that compares a GAN with a flow."""
    return Choice(
        "A GAN and a flow learned the same points. Which figure tells whose samples are nearer to the data?",
        "the energy distance",
        {
            "the training loss": "The losses are different functions, and that of the GAN is a game's.",
            "−log p(x) of held-out points": "The GAN defines no density.",
            "KL(p ‖ q)": "It needs the density q, and the GAN has none.",
        },
        ["Which figures need samples only?"],
        ["The energy distance needs samples of both and of the data, and no density."],
        draw.order(4),
    )


EXERCISES = (distance, compare, vae_beats_flow, gan_wins, rate_fails)
