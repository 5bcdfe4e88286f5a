"""*Rewards*: four pixels drawn for a reward, by four methods, and what happens if the reward is only a proxy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np

from explorer.fields import Field, OneOf, Real, Whole
from explorer.measures import rewards
from explorer.measures.rewards import (
    FOUR_BITS,
    Array,
    best_of,
    best_of_bound,
    entropy,
    guide,
    joint,
    kl,
    tilt,
    train_policy,
)
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.drawn import Area, Line
from explorer.numbers.words import brief, num
from explorer.tabs.autoregressive.shared import CHANCES
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.layout.fields import SEEDS
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

CHAIN_START = (0.3, 0.7, 0.2, 0.1, 0.6, 0.5, 0.8, 0.3, 0.5, 0.4, 0.2, 0.5, 0.9, 0.6, 0.7)  # as in *By hand*
INVERSES = tuple(each / 4 for each in range(25))
BEST_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
TRAINED = range(0, 401, 20)  # steps of the policy gradient that are shown
HOW = Field("how", OneOf(("tilt", "best", "guide", "policy")), "tilt", "the method")
INVERSE = Field("inverse", Real(0, INVERSES[-1]), 1.5, "1/β", "0 ignores the reward")
COUNT = Field("count", Whole(1, BEST_COUNTS[-1]), 4, "n, the number of draws")
TRAIN = Field("trained", Whole(0, TRAINED[-1]), 200, "the training step")
NOISE = Field("noise", Real(0, 2), 1.5, "the noise of the proxy")
PROXY = Field("proxy", SEEDS, 34, "the seed of the proxy and of the training")
GOAL = Field("goal", OneOf(("ink", "pairs")), "ink", "the true reward")
How = Annotated[str, HOW]
Inverse = Annotated[float, INVERSE]
Noise = Annotated[float, NOISE]
Goal = Annotated[str, GOAL]
ProxySeed = Annotated[int, PROXY]
Chances = Annotated[tuple[float, ...] | None, CHANCES]
GOT = Figure("true reward")
BELIEVED = Figure("proxy reward, which is optimised")
MOVED = Figure("KL from the network", unit="nats")
DIVERSITY = Figure("entropy", unit="nats")
APART = Figure("largest difference to p·exp(r/β)/Z")
OFTEN = Figure("of 200 such proxies, the true reward falls for", unit="%", digits=0)
PROXIES = 200
HEADS = (FINDING, GOT, BELIEVED, MOVED, DIVERSITY, APART, OFTEN)
NAMES = {"tilt": "p·exp(r/β)/Z", "best": "best of n", "guide": "guidance", "policy": "policy gradient"}
LEAST_CHANCE = 1e-6  # the least probability of a pixel, so that each image is possible
FALLEN = 0.005  # a smaller fall of the true reward rounds to none


def true_reward(goal: str) -> Array:
    """Return the true reward of each image: its white pixels, or its pairs of equal neighbours; (16,)."""
    if goal == "ink":
        return FOUR_BITS.sum(1).astype(float)
    pairs = ((0, 1), (2, 3), (0, 2), (1, 3))
    return np.sum([FOUR_BITS[:, a] == FOUR_BITS[:, b] for a, b in pairs], axis=0).astype(float)


@dataclass(frozen=True)
class Task:
    """Task of a method: the network, what it is to maximise, and what is wanted.

    Arguments:
        p: Probabilities of the images, (16,).
        true: True reward, (16,).
        proxy: The reward that is optimised, (16,).
    """

    p: Array
    true: Array
    proxy: Array

    def point(self, q: Array) -> tuple[float, float, float]:
        """Return KL, true reward and proxy reward of a distribution."""
        return kl(q, self.p), float(q @ self.true), float(q @ self.proxy)


@lru_cache(64)
def path_of(chances: tuple[float, ...], how: str, inverse: float, proxy: tuple[float, ...], seed: int) -> list[Array]:
    """Return the distributions of one method, from p on: by 1/β, by n, or by the training step."""
    reward = np.array(proxy)
    if how == "tilt":
        return [tilt(joint(chances), reward, each) for each in INVERSES]
    if how == "guide":
        return [guide(chances, reward, each) for each in INVERSES]
    if how == "best":
        return [best_of(joint(chances), reward, n) for n in BEST_COUNTS]
    return train_policy(chances, reward, 1 / max(inverse, INVERSES[1]), TRAINED[-1], seed)[:: TRAINED.step]


def noisy(true: Array, noise: float, seed: int) -> Array:
    """Return a proxy of a reward (16,): Gaussian noise is added to each image, once."""
    return true + noise * np.random.default_rng(seed).normal(size=len(true))


@lru_cache(64)
def fooled_share(chances: tuple[float, ...], goal: str, noise: float) -> float:
    """Return the share of proxies of other seeds for which the true reward of the optimum falls as 1/β grows."""
    true, p = true_reward(goal), joint(chances)
    proxies = np.stack([noisy(true, noise, seed) for seed in range(PROXIES)])
    got = np.stack([tilt(p, proxies, each) @ true for each in INVERSES], axis=1)
    return float((got.max(1) - got[:, -1] > FALLEN).mean())


def fooled_from(points: Sequence[tuple[float, float, float]]) -> int | None:
    """Return where the true reward is highest, if it falls after that; None if it does not fall."""
    peak = max(range(len(points)), key=lambda k: points[k][1])
    return peak if points[peak][1] - points[-1][1] > FALLEN else None


def reward_chart(task: Task, path: Sequence[Array], best: Sequence[Array], name: str) -> Chart:
    """Return the chart of both rewards by the KL of a method, with the exact optimum `best` and the fooled region."""
    points, exact = [task.point(q) for q in path], [task.point(q) for q in best]
    most = 1.05 * max(each[0] for each in (*points, *exact))
    values = [value for each in (*points, *exact) for value in each[1:]]
    low, high = min(values), max(values)
    low, high = low - 0.08 * (high - low), high + 0.12 * (high - low)
    areas: list[Area] = []
    if (peak := fooled_from(points)) is not None:
        start, end = points[peak][0], max(each[0] for each in points)
        areas = [{"points": [[start, low], [end, low], [end, high], [start, high]], "colour": 3, "alpha": 0.16}]
    lines: list[Line] = [
        {"points": [(each[0], each[2]) for each in exact], "colour": "quiet", "dash": [3, 4]},
        {"points": [(each[0], each[1]) for each in exact], "colour": "quiet", "dash": [3, 4]},
        {"points": [(each[0], each[2]) for each in points], "colour": "quiet", "width": 2, "label": "proxy"},
        {"points": [(each[0], each[1]) for each in points], "colour": "ink", "width": 2.5, "label": "true"},
    ]
    note = "dashed: the optimum; shaded: the true reward falls" if areas else "dashed: the optimum"
    return Chart(
        x=Axis("KL", "nats", ends=[0, most]),
        y=Axis("Reward", note=note, ends=[low, high]),
        areas=areas,
        lines=lines,
        words=f"{name}: " + ", ".join(f"{num(a)} nats: true {num(b)}, proxy {num(c)}" for a, b, c in points[::4]),
    )


def image_chart(task: Task, q: Array) -> Chart:
    """Return the probabilities of all images as bars, by their true reward: grey those of the network, orange now."""
    order = sorted(range(len(q)), key=lambda k: (task.true[k], -task.proxy[k]))
    bars = [
        {"x0": 3 * place + side, "x1": 3 * place + side + 1, "y": float(values[k]), "colour": colour}
        for place, k in enumerate(order)
        for side, (values, colour) in enumerate(((task.p, "quiet"), (q, "you")))
    ]
    levels = sorted(set(task.true))
    middles = [3 * float(np.mean([i for i, k in enumerate(order) if task.true[k] == each])) + 1 for each in levels]
    return Chart(
        x=Axis("true reward", ends=[-0.5, 3 * len(q) - 0.5], ticks=middles, names=[num(each, 0) for each in levels]),
        y=Axis("Probability of each image", note="grey: the network", ends=[0, 1.08 * max(task.p.max(), q.max())]),
        bars=bars,
        words=", ".join(f"{''.join(map(str, FOUR_BITS[k]))}: {num(q[k], 3)}" for k in order),
    )


def found_words(points: Sequence[tuple[float, float, float]], at: int) -> str:
    """Return whether the true reward has fallen at this place of a path, as a finding."""
    peak = fooled_from(points)
    if at == 0:
        return "Nothing is optimised yet."
    if peak is not None and points[peak][1] - points[at][1] > FALLEN and at > peak:
        return f"Over-optimised: the true reward is {num(points[peak][1] - points[at][1])} below its peak."
    return f"The true reward has gained {num(points[at][1] - points[0][1])}."


def part_of(task: Task, path: Sequence[Array], how: str, at: int, exact: Array, often: Figure) -> Answer:
    """Return charts, figures and sentences at one place of a method's path; `exact` is the optimum for the same β.

    `often` is the share of such proxies that fool the optimum.
    """
    q, points = path[at], [task.point(each) for each in path]
    divergence, got, believed = points[at]
    n = BEST_COUNTS[at] if how == "best" else None
    bounded = f" ≤ {num(best_of_bound(n), 3)}" if n else ""
    apart = None if n else f"= {brief(float(np.abs(q - exact).max()))}"
    lost = entropy(task.p) - entropy(q)
    table = [
        {
            "image": "".join(map(str, FOUR_BITS[k])),
            "p": float(task.p[k]),
            "now": float(q[k]),
            "true_reward": float(task.true[k]),
            "proxy_reward": float(task.proxy[k]),
        }
        for k in range(len(q))
    ]
    surprise = int(np.argmax(q * (task.proxy - task.true)))
    said = (
        f"The proxy promises {num(believed)}, the true reward is {num(got)}. "
        f"The image {''.join(map(str, FOUR_BITS[surprise]))} has probability {num(q[surprise])} now, and its proxy is "
        f"{num(task.proxy[surprise] - task.true[surprise])} too high."
        if (task.proxy != task.true).any()
        else f"Proxy and true reward are the same: {num(got)}."
    )
    return Answer(
        numbers=[
            FINDING.of(found_words(points, at)),
            GOT.of(f"= {num(got, 3)}"),
            BELIEVED.of(f"= {num(believed, 3)}"),
            MOVED.of(f"= {num(divergence, 3)}{bounded}"),
            DIVERSITY.of(f"= {num(entropy(q), 3)} (of the network: {num(entropy(task.p), 3)})"),
            APART.of(apart),
            often,
        ],
        words=f"{said} Diversity costs: {num(lost)} nats of entropy are lost.",
        charts=[{"dot": points[at][:2]}, image_chart(task, q)],
        table=Table(table),
    )


@light
def reward(chances: Chances, how: How, inverse: Inverse, noise: Noise, goal: Goal, proxy: ProxySeed) -> Answer:
    """Return the path of a method on the four pixels, exactly: rewards, KL and all 16 probabilities at each place.

    The proxy is the true reward plus Gaussian noise of each image, which is drawn once.
    """
    start = tuple(min(1 - LEAST_CHANCE, max(LEAST_CHANCE, each)) for each in chances or CHAIN_START)
    true = true_reward(goal)
    task = Task(joint(start), true, noisy(true, noise, proxy))
    given = (inverse, tuple(task.proxy.tolist()), proxy)
    path, best = path_of(start, how, *given), path_of(start, "tilt", *given)
    key, values = {"best": ("count", BEST_COUNTS), "policy": ("trained", TRAINED)}.get(how, ("inverse", INVERSES))
    often = OFTEN.of(100 * fooled_share(start, goal, noise))
    wanted = tilt(task.p, task.proxy, max(inverse, INVERSES[1]))
    parts = [
        part_of(task, path, how, at, wanted if how == "policy" else best[min(at, len(best) - 1)], often)
        for at in range(len(path))
    ]
    charts = [reward_chart(task, path, best, NAMES[how]), parts[0].charts[1]]
    return Answer(charts=charts, each=Each(key, [*values], parts))


BY_BETA, TRAINING = {"how": ["tilt", "guide", "policy"]}, {"how": ["policy"]}
MODE = Mode(
    "reward",
    "Rewards",
    "understand",
    entry="Chain rule",
    fields=[HOW, INVERSE, COUNT, TRAIN, NOISE, PROXY, GOAL],
    functions=[reward],
    panel=Panel(
        reward,
        controls=[
            [Control(HOW, "list", "Method", options=NAMES)],
            [Control(INVERSE, "slider", "1/β, the weight of the reward", step=0.25, digits=2, live=True, when=BY_BETA)],
            [Control(COUNT, "slider", "n draws, of which the best is kept", live=True, when={"how": ["best"]})],
            [Control(TRAIN, "slider", "Training step", step=20, live=True, when=TRAINING)],
            [Control(NOISE, "slider", "Noise of the proxy", step=0.1, digits=1)],
            [Control(PROXY, "seed", "Draw another proxy")],
        ],
        more=[
            [Control(GOAL, "segments", "True reward", options={"ink": "white pixels", "pairs": "equal neighbours"})],
        ],
        tries=[
            ("Over-optimised", {"how": "tilt", "inverse": 6}),
            ("An honest reward", {"how": "tilt", "noise": 0}),
            ("Best of 16", {"how": "best", "count": 16}),
            ("Trained", {"how": "policy", "inverse": 2, "trained": 400}),
        ],
        shows=Shows(
            "Raise the weight of the reward: when does the true reward fall?",
            HEADS,
            charts=[("Reward by distance from the network", 280), ("The 16 images", 220)],
        ),
    ),
    code={
        "Rewards": [reward.plain, tilt, best_of, guide, train_policy, rewards.policy_gradient],
    },
)
