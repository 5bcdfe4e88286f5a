"""Samples of a TarFlow and of a coupling flow, and the time that each takes from x to z and from z to x."""

import time
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from explorer import data
from explorer.data.coarse import to_coarse
from explorer.models.tarflow import PatchFlow, TarFlow
from explorer.networks import checkpoints
from explorer.networks.card import find
from explorer.numbers.answer import Answer, Figure, Table
from explorer.numbers.drawn import Bar
from explorer.numbers.rows import format_value
from explorer.numbers.words import num
from explorer.spaces.packing import to_bytes
from explorer.tabs.flow.coarse import CAUSAL, COUPLED, FLOWS, drawn, flow_of
from explorer.tabs.kit.ask.answers import timed
from explorer.tabs.kit.ask.common import rng
from explorer.tabs.kit.layout.fields import Seed

RACED_DIGITS, RACE_ROUNDS = 8, 5  # images, and measurements, of which the median counts
RACE_TITLES = (*(f"{title}: samples" for title in FLOWS.values()), "Test digits")
BARS_NAME = "Processor time for eight images, on this server"
SLOWER = Figure("TarFlow: z → x takes", unit="times x → z", digits=1)
RACE_TIMES = {
    (net, way): Figure(f"{title}, {way}", unit="ms", digits=1)
    for net, title in FLOWS.items()
    for way in ("x → z", "z → x")
}
CARD_BITS = {net: Figure(f"{title}, test digits", unit="bits/dim") for net, title in FLOWS.items()}
RACE_HEADS = (SLOWER, *RACE_TIMES.values(), *CARD_BITS.values())
Times = Mapping[tuple[str, str], float]


def milliseconds(work: Callable[[Tensor], object], given: Tensor) -> float:
    """Return the median processor time of some work in this thread, in ms, after a round that does not count."""
    found = []
    for _ in range(RACE_ROUNDS + 1):
        start = time.thread_time()
        work(given)
        found.append(1000 * (time.thread_time() - start))
    return sorted(found[1:])[RACE_ROUNDS // 2]


def passes_of(flow: PatchFlow, way: str) -> int:
    """Return the number of passes through a transformer, one after another."""
    return flow.passes if isinstance(flow, TarFlow) and way == "z → x" else len(flow.transforms)


@timed
def race(seed: Seed) -> Answer:
    """Draw eight digits by each flow from the same noise, and time both directions."""
    tests = to_coarse(data.display_split("mnist")[:RACED_DIGITS].pixels())
    times, images = {}, {}
    with torch.no_grad():
        for net in FLOWS:
            flow = flow_of(net)
            x, z = flow.dequantise(tests, rng(seed)), flow.noise(RACED_DIGITS, rng(seed))
            times[net, "x → z"] = milliseconds(flow.encode, x)
            times[net, "z → x"] = milliseconds(flow.decode, z)
            images[net] = flow.to_space(flow.decode(z), 0)
    shown = [*images.values(), tests]
    pictures = {"out": to_bytes(drawn(images[CAUSAL][:1]))}
    grids = [{"images": to_bytes(drawn(each)), "words": "eight images"} for each in shown]
    return race_answer(times) | Answer(grids=grids, pictures=pictures)


def race_answer(times: Times) -> Answer:
    """Describe the times of both flows in both directions, in milliseconds."""
    most = max(times.values())
    cards = {net: find(checkpoints.card_of(net), "bits_per_dim") for net in FLOWS}
    passes = {key: passes_of(flow_of(key[0]), key[1]) for key in times}
    rows: list[Bar] = [
        {
            "title": f"{RACE_TIMES[key].name}: {passes[key]} passes",
            "text": f"{num(value, 1)} ms",
            "share": value / most,
            "says": f"{num(value, 1)} milliseconds in {passes[key]} passes",
        }
        for key, value in times.items()
    ]
    slower = times[CAUSAL, "z → x"] / times[CAUSAL, "x → z"]
    table = [
        {"flow": FLOWS[net], "direction": way, "passes": passes[net, way], "milliseconds": value}
        for (net, way), value in times.items()
    ]
    even = times[COUPLED, "z → x"] / times[COUPLED, "x → z"]
    words = (
        f"TarFlow decodes in {passes[CAUSAL, 'z → x']} passes, one after another. That takes {num(slower, 1)} times as "
        f"long as its {passes[CAUSAL, 'x → z']} passes from x to z. The coupling flow has {passes[COUPLED, 'z → x']} "
        f"passes each way, and decoding takes {num(even, 1)} times as long as encoding. Both flows have as many "
        "parameters."
    )
    figures = [SLOWER.of(slower), *(RACE_TIMES[key].of(value) for key, value in times.items())]
    figures += [CARD_BITS[net].of_row(row, f"≤ {format_value(row, '±')}") for net, row in cards.items()]
    return Answer(figures, words, Table(table), bars={"name": BARS_NAME, "rows": rows})
