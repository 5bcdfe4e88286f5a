"""*Power*: how many images, and of how many seeds, until a metric tells two networks apart."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np

from explorer.fields import Field, OneOf
from explorer.measures import power as maths
from explorer.measures.lab import METRICS
from explorer.measures.metrics import reach
from explorer.measures.metrics import within as lies_within
from explorer.measures.pools import DRAWN, POOL_IMAGES, Pool, recorded_pool
from explorer.measures.power import NOMINAL, POWER, TRIAL_OUTCOMES, Array, Order, Scorer, Trials
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Each, Figure, Table
from explorer.numbers.drawn import Area, Line
from explorer.numbers.words import brief, num, percent, ticks
from explorer.tabs.kit.ask.answers import heavy
from explorer.tabs.kit.layout.fields import SEED, Parts, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.tabs.lab.shared import Dataset, classifier_outputs, within

POWER_COUNTS = (50, 100, 200, 500, 1_000)
POWER_SETS, POWER_PARTS = 30, 6  # sets of each network and size in a part of the answer, and the number of parts
TRIALS = 400
TRIALS_SHOWN = 100
DOT_BINS = 36
JUDGES = ("frechet", "kernel", "precision", "inception")
NETWORKS = {
    "gan": "GAN",
    "stylegan": "StyleGAN",
    "latent-diffusion": "latent diffusion",
}
ONE = Field("one", OneOf(tuple(DRAWN)), "gan", "the first network")
TWO = Field("two", OneOf(tuple(DRAWN)), "latent-diffusion", "the second network")
JUDGE = Field("by", OneOf(JUDGES), "frechet", "the metric that judges")
EACH_SEED = Field("n", OneOf(POWER_COUNTS), 200, "the number of images of a seed")
SEEDS_EACH = Field("seeds", OneOf((1, 2, 3, 5, 10)), 2, "the number of seeds of each network")
One = Annotated[str, ONE]
Two = Annotated[str, TWO]
JudgedBy = Annotated[str, JUDGE]
SeedsEach = Annotated[int, SEEDS_EACH]
SHARES = {
    "right": Figure("right verdicts [95 % interval]", unit="%"),
    "undecided": Figure("undecided", unit="%"),
    "wrong": Figure("wrong verdicts", unit="%"),
}
PLAIN = Figure("wrong rankings if the better value simply wins", unit="%")
NEEDED = Figure("images of each seed for 80 % power")
TRUTH = Figure(f"difference of all {POOL_IMAGES:,} images")
MIDDLE = Figure("mean difference at this number")
SPREAD = Figure("95 % of the differences")
BIASES = (Figure("bias of the first network at this number"), Figure("bias of the second"))
HEADS = (FINDING, *SHARES.values(), PLAIN, NEEDED, TRUTH, MIDDLE, SPREAD, *BIASES)
COLOURS = {"right": "ink", "undecided": "quiet", "wrong": 2}


@lru_cache(maxsize=16)
def pool(dataset: str, family: str) -> Pool:
    """Return the recorded pool of a network."""
    return recorded_pool(dataset, family)


@lru_cache(maxsize=16)
def scorer(dataset: str, family: str, by: str) -> Scorer:
    """Return a metric of sets of a network's pool; the real set are the bundled test images."""
    made, real = pool(dataset, family), classifier_outputs(dataset, False).features
    if by == "frechet":
        return maths.frechet_scorer(real.double().numpy(), made.features.numpy())
    if by == "kernel":
        return maths.kernel_scorer(real.double().numpy(), made.features.numpy())
    if by == "precision":
        features = made.features.to(real)
        return maths.mean_scorer(lies_within(features, real, reach(real)).double().numpy())
    return maths.inception_scorer(made.logits.numpy())


@lru_cache(maxsize=64)
def figure_of_pool(dataset: str, family: str, by: str) -> float:
    """Return the metric of a whole pool."""
    return scorer(dataset, family, by)(np.arange(len(pool(dataset, family).features)))


@lru_cache(maxsize=512)
def figures_of(dataset: str, family: str, by: str, n: int, seed: int, side: int, part: int) -> Array:
    """Return the metric of random sets of n images of a network, in one part of the answer: (POWER_SETS,).

    `side` is 0 for the first network and 1 for the second, so that a network is compared with other sets of its own.
    """
    rng = np.random.default_rng((seed, side, n, part))
    size = len(pool(dataset, family).features)
    return maths.resample(scorer(dataset, family, by), size, n, POWER_SETS, rng)


@dataclass(frozen=True)
class Pair:
    """Two networks that a metric compares.

    Arguments:
        names: Their titles.
        by: The metric.
        seeds: Number of seeds of each.
        pools: Figures of the whole pools.
    """

    names: tuple[str, str]
    by: str
    seeds: int
    pools: tuple[float, float]

    @property
    def order(self) -> Order:
        """Order of their figures: the ratio of two distances counts, as in Compare."""
        return Order(METRICS[self.by].better == "low", is_log=self.by == "frechet")

    @property
    def truth(self) -> int:
        """1 if the first network is better by the whole pools, −1 if the second is; 0 if they are one network."""
        return self.order.better(self.pools[0] - self.pools[1])


@dataclass(frozen=True)
class Found:
    """Trials of a pair with n images of each seed.

    Arguments:
        n: Number of images.
        trials: The trials.
        shares: Share of each outcome.
        plain: Share of each outcome if the better value simply wins.
        biases: Mean figure minus that of the whole pool, of each network.
    """

    n: int
    trials: Trials
    shares: Mapping[str, float]
    plain: Mapping[str, float]
    biases: tuple[float, float]


def find(pair: Pair, n: int, figures: Sequence[Array], seed: int) -> Found:
    """Return trials with n images of each seed, from the figures of sets of both networks, (K,) each."""
    rng = np.random.default_rng((seed, n, pair.seeds))
    trials = maths.run_trials(figures[0], figures[1], pair.seeds, pair.order, TRIALS, rng)
    found, plain = (maths.shares(each.tolist(), pair.truth) for each in (trials.verdicts, trials.plain))
    first, second = (float(own.mean()) - whole for own, whole in zip(figures, pair.pools, strict=True))
    return Found(n, trials, found, plain, (first, second))


def share_chart(found: Sequence[Found], truth: int) -> Chart:
    """Return the chart of the shares of right, undecided and wrong verdicts by the number of images."""
    places = [math.log10(each.n) for each in found]
    names = TRIAL_OUTCOMES if truth else ("right", "wrong")
    titles = {} if truth else {"right": "undecided, which is right", "wrong": "decided, which is wrong"}
    areas: list[Area] = []
    for name in ("right", "wrong"):
        ends = [maths.interval(each.shares[name], each.trials) for each in found]
        up = [(place, 100 * high) for place, (_, high) in zip(places, ends, strict=True)]
        down = [(place, 100 * low) for place, (low, _) in zip(places, ends, strict=True)]
        areas.append({"points": up + down[::-1], "colour": COLOURS[name], "alpha": 0.12})
    goal = 100 * (POWER if truth else NOMINAL)
    lines: list[Line] = [
        {"points": [(places[0], goal), (places[-1], goal)], "colour": "quiet", "width": 1, "dash": [2, 4]},
        {
            "points": [(place, 100 * each.plain["wrong"]) for place, each in zip(places, found, strict=True)],
            "colour": COLOURS["wrong"],
            "dash": [5, 4],
            "label": "wrong, if the better value wins",
        },
    ]
    lines += [
        {
            "points": [(place, 100 * each.shares[name]) for place, each in zip(places, found, strict=True)],
            "colour": COLOURS[name],
            "width": 2.5,
            "label": titles.get(name, name),
        }
        for name in names
    ]
    return Chart(
        x=Axis(
            unit="images",
            scale="log",
            ends=(places[0], places[-1]),
            ticks=places,
            names=[f"{each.n:,}" for each in found],
        ),
        y=Axis(
            "Verdicts", "%", note=f"dotted: {num(goal, 0)} %; bands: 95 % intervals", ends=(0, 108), ticks=(0, 50, 100)
        ),
        areas=areas,
        lines=lines,
        words=", ".join(f"{each.n:,}: {percent(each.shares['right'])} right" for each in found),
    )


def dot_chart(found: Found, pair: Pair) -> Chart:
    """Return the differences of the trials as stacked dots, in the colour of their verdicts, with 95 % of them."""
    shown, truth = found.trials.differences[:TRIALS_SHOWN], pair.pools[0] - pair.pools[1]
    low, high = min(0, truth, *shown.tolist()), max(0, truth, *shown.tolist())
    room = 0.06 * (high - low) or 1.0
    low, high = low - room, high + room
    width = (high - low) / DOT_BINS
    stacked: dict[int, int] = {}
    lines: list[Line] = []
    for difference, verdict in zip(shown.tolist(), found.trials.verdicts.tolist(), strict=False):
        place = int((difference - low) / width)
        stacked[place] = stacked.get(place, 0) + 1
        middle = low + (place + 0.5) * width
        colour = COLOURS[maths.outcome(verdict, pair.truth)]
        points = [(middle - 0.22 * width, stacked[place]), (middle + 0.22 * width, stacked[place])]
        lines.append({"points": points, "colour": colour, "width": 6})
    top = max(8, *stacked.values()) + 1.5
    ends = spread(found)
    lines += [
        {"points": [(0, -1.5), (0, top)], "colour": "quiet", "width": 1.5, "label": "equal", "over": True},
        {"points": [(truth, -1.5), (truth, top)], "colour": "quiet", "width": 1.5, "dash": [3, 4]},
        {"points": [(ends[0], -0.6), (ends[1], -0.6)], "colour": "ink", "width": 3},
    ]
    title = f"{METRICS[pair.by].short} of {pair.names[0]} minus that of {pair.names[1]}"
    return Chart(
        x=Axis(ends=(low, high), ticks=ticks(low, high, 5)),
        y=Axis(title, note=f"dashed: all {POOL_IMAGES:,} images; bar: 95 %", ends=(-1.5, top), ticks=()),
        lines=lines,
        words=f"{len(shown)} trials; 95 % of the differences from {brief(ends[0])} to {brief(ends[1])}",
    )


def spread(found: Found) -> tuple[float, float]:
    """Return the ends of the middle 95 % of the differences of all trials."""
    low, high = np.quantile(found.trials.differences, (0.025, 0.975)).tolist()
    return low, high


def finding(pair: Pair, found: Sequence[Found], now: Found) -> str:
    """Return the headline: how many images are enough, how often equal networks differ, or how often one seed errs."""
    if not pair.truth:
        wrong = sum(each.shares["wrong"] for each in found) / len(found)
        return f"Both are one network; {percent(wrong)} of verdicts claim a difference."
    if pair.seeds == 1:
        return f"From one seed each, {percent(now.plain['wrong'])} of rankings are wrong."
    needed = maths.enough({each.n: each.shares["right"] for each in found})
    if needed is None:
        return f"Even {found[-1].n:,} images of each seed are too few."
    return f"{'At most ' if needed == found[0].n else ''}{needed:,} images of each seed are enough."


def share_text(each: Found, name: str) -> str:
    """Return a share in per cent with its interval."""
    low, high = maths.interval(each.shares[name], each.trials)
    return f"{num(100 * each.shares[name], 0)} [{num(100 * low, 0)}, {num(100 * high, 0)}]"


def words_of(pair: Pair, found: Found) -> str:
    """Return the sentences about one number of images."""
    of = "one seed" if pair.seeds == 1 else f"each of {pair.seeds} seeds"
    given, plain = f"With {found.n:,} images of {of}", percent(found.plain["wrong"])
    right, undecided, wrong = (percent(found.shares[name]) for name in TRIAL_OUTCOMES)
    if not pair.truth:
        return (
            f"Both sides are {pair.names[0]}, so there is nothing to find. {given}, {wrong} of verdicts claim a "
            f"difference. If the better value simply wins, {plain} do."
        )
    first = 0 if pair.truth > 0 else 1
    one, other = pair.names[first], pair.names[1 - first]
    values = [brief(pair.pools[place]) for place in (first, 1 - first)]
    judged = f"{given}, {right} of verdicts are right, {undecided} undecided and {wrong} wrong."
    if pair.seeds == 1:
        judged = f"{given}, the rule decides nothing: one value has no error."
    return (
        f"{judged} If the better value simply wins, {plain} of rankings are wrong. By all {POOL_IMAGES:,} images, "
        f"{one} is better than {other}: the {within(METRICS[pair.by].title)} is {values[0]} and {values[1]}."
    )


def needed_text(pair: Pair, needed: int | None) -> str:
    """Return how many images are enough; in words where no number is."""
    if not pair.truth:
        return "the networks are equal"
    if pair.seeds == 1:
        return "one seed is never enough"
    return f"more than {POWER_COUNTS[-1]:,}" if needed is None else num(needed, 0)


def part_of(pair: Pair, found: Found, needed: int | None, headline: str) -> Answer:
    """Return figures, sentences and differences at one number of images."""
    low, high = spread(found)
    return Answer(
        numbers=[
            FINDING.of(headline),
            *(each.of(share_text(found, name)) for name, each in SHARES.items()),
            PLAIN.of(num(100 * found.plain["wrong"], 0)),
            NEEDED.of(needed_text(pair, needed)),
            TRUTH.of(brief(pair.pools[0] - pair.pools[1])),
            MIDDLE.of(brief(float(found.trials.differences.mean()))),
            SPREAD.of(f"{brief(low)} to {brief(high)}"),
            *(each.of(brief(bias)) for each, bias in zip(BIASES, found.biases, strict=True)),
        ],
        words=words_of(pair, found),
        charts=[{"cursor": math.log10(found.n)}, dot_chart(found, pair)],
    )


def power_answer(pair: Pair, found: Sequence[Found]) -> Answer:
    """Return the chart of all numbers of images, and what is seen at each of them."""
    needed = maths.enough({each.n: each.shares["right"] for each in found})
    parts = [part_of(pair, each, needed, finding(pair, found, each)) for each in found]
    table = [
        {"images": each.n, "seeds": pair.seeds, **each.shares, "wrong_by_better_value": each.plain["wrong"]}
        | {"independent_trials": each.trials.independent}
        for each in found
    ]
    return Answer(
        charts=[share_chart(found, pair.truth), parts[0].charts[1]],
        table=Table(table),
        stops={"n": [(math.log10(each.n), each.n) for each in found]},
        each=Each("n", [each.n for each in found], parts),
    )


@heavy
def power(
    data: Dataset, one: One, two: Two, by: JudgedBy, seeds: SeedsEach, seed: Seed, parts: Parts = POWER_PARTS
) -> Answer:
    """Return how often two networks are told apart, by the number of images; more `parts` draw more sets.

    Reference: Chong & Forsyth 2020, for the bias of the Fréchet distance.
    """
    sides = (one, two)
    whole = figure_of_pool(data, one, by), figure_of_pool(data, two, by)
    pair = Pair((NETWORKS[one], NETWORKS[two]), by, seeds, whole)
    asked = range(min(parts + 1, POWER_PARTS))
    found = []
    for n in POWER_COUNTS:
        figures = [
            np.concatenate([figures_of(data, family, by, n, seed, side, part) for part in asked])
            for side, family in enumerate(sides)
        ]
        found.append(find(pair, n, figures, seed))
    return Answer(more=True if len(asked) < POWER_PARTS else None) | power_answer(pair, found)


MODE = Mode(
    "power",
    "Power",
    "test",
    entry="How many images?",
    fields=[ONE, TWO, JUDGE, EACH_SEED, SEEDS_EACH],
    functions=[power],
    panel=Panel(
        power,
        controls=[
            [Control(ONE, "list", "First network", options=NETWORKS)],
            [Control(TWO, "list", "Second network", options=NETWORKS)],
            [
                Control(
                    SEEDS_EACH,
                    "segments",
                    "Seeds of each network",
                    options={k: str(k) for k in SEEDS_EACH.kind.choices},
                )
            ],
            [Control(JUDGE, "list", "Metric", options={name: METRICS[name].title for name in JUDGES})],
        ],
        more=[
            [Control(EACH_SEED, "list", "Images of each seed", options={k: f"{k:,}" for k in POWER_COUNTS})],
            [Control(SEED, "seed", "Draw again")],
        ],
        tries=[
            ("Two large seeds", {"one": "gan", "two": "latent-diffusion", "by": "frechet", "seeds": 2, "n": 1_000}),
            ("One seed", {"one": "gan", "two": "latent-diffusion", "by": "frechet", "seeds": 1, "n": 200}),
            ("Five seeds", {"one": "gan", "two": "latent-diffusion", "by": "frechet", "seeds": 5, "n": 1_000}),
            ("A network and itself", {"one": "gan", "two": "gan", "by": "frechet", "seeds": 2, "n": 200}),
        ],
        shows=Shows(
            "Drag the line: how many images separate the two networks?",
            HEADS,
            charts=[("Verdicts by number of images", 330, "n"), ("Resampled differences", 220)],
            waits="Random sets of both networks are judged, which takes a few seconds.",
        ),
    ),
    code={
        "Power": [power.plain, maths.frechet_scorer, maths.run_trials, Order.verdict, maths.enough],
    },
)
