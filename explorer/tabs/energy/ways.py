"""*Four objectives*: the snapshots of a training by each of four objectives."""

from collections.abc import Iterator, Mapping, Sequence

from explorer.measures.plane_energy import known_shares
from explorer.models.plane_energy import OBJECTIVES
from explorer.networks import checkpoints
from explorer.networks.card import Card, rows
from explorer.numbers.answer import Report
from explorer.numbers.trained import read_card
from explorer.numbers.words import num, percent
from explorer.serving.films import Scene, Script
from explorer.spaces import PLANE
from explorer.tabs.energy.objectives import (
    ALIKE,
    HEADS,
    decades,
    divergence_chart,
    nearest_words,
    objective_numbers,
    surfaces,
    table,
    wrong_mode_chart,
)
from explorer.tabs.energy.shared import CHOICE, SHADE, Frame, PlaneNet
from explorer.tabs.kit.ask.answers import film
from explorer.tabs.kit.ask.nets import dataset_of
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Panel, Shows

EXPLAINED = (
    "The same network, data, order of the data and clock for all four. Dots: negative samples, of the two objectives "
    "that have some. Bars: the mass of each mode of the data by integration. The line is what it should be."
)


@film
def objective_snapshots(net: PlaneNet) -> Script:
    """Film the snapshots of the training of four energies, with their negative samples."""
    kept, card, dataset = checkpoints.snapshots_of(net), read_card(net), dataset_of(net)
    reports = snapshot_reports(kept["history"], known_shares(dataset).tolist(), card)

    def scenes() -> Iterator[Scene]:
        for index, result in enumerate(reports):
            model = checkpoints.snapshot(net, index)
            count = model.negatives.shape[1]
            yield (
                1,
                {
                    "x": PLANE.encode(model.negatives.flatten(0, 1)),
                    "surfaces": surfaces(model.ways, dataset)[1],
                    "spans": {"cd": [0, count], "pcd": [count, 2 * count]},
                    "report": result.to_props(),
                },
            )

    count = len(kept["history"])
    return Script(PLANE, len(OBJECTIVES), count, count, scenes)


def snapshot_reports(history: Sequence[Frame], known: Sequence[float], card: Card) -> Iterator[Report]:
    """Yield the report of each snapshot of a training.

    Arguments:
        history: The figures of each snapshot, by objective.
        known: The mass of each mode.
        card: Card of the network.
    """
    for snapshot in history:
        step, epoch, shares = snapshot["step"], snapshot["epoch"], snapshot["shares"]
        off = {way: sum(abs(a - b) for a, b in zip(shares[way], known, strict=True)) / 2 for way in OBJECTIVES}
        found = {way: {key: snapshot[key][way] for key in ("kl", "outside")} | {"off": off[way]} for way in OBJECTIVES}
        digits = 2 if epoch < 1 else int(epoch % 1 > 0)
        caption = f"After {num(epoch, digits)} epochs, {step:,} steps."
        words = f"{verdict(found)} {fisher_words(card) if snapshot is history[-1] else ''}".strip() if step else ALIKE
        named = {way: {f"mass of mode {k}": each for k, each in enumerate(shares[way], 1)} for way in OBJECTIVES}
        ways = {
            way: {
                "words": f"KL {num(found[way]['kl'], 3)}",
                "bars": [(each, "quiet") for each in shares[way]],
                "marks": known,
            }
            for way in OBJECTIVES
        }
        yield Report(
            objective_numbers(found),
            f"{words} {EXPLAINED}",
            caption=caption if step else "Before the first step: four equal networks.",
            place=epoch,
            end=history[-1]["epoch"],
            curves=[[max(-3, decades(found[way]["kl"])) for way in OBJECTIVES], [off[way] for way in OBJECTIVES]],
            row=table({"epoch": epoch, "step": step}, found, named),
            view={
                "bars": "Mass of each mode",
                "top": max(2 * max(known), *(share for each in shares.values() for share in each)),
                "ways": ways,
            },
        )


def verdict(found: Mapping[str, Frame]) -> str:
    """Describe which objectives are nearest to the known density, and where the others have their mass."""
    best, *_, worst = sorted(OBJECTIVES, key=lambda way: found[way]["kl"])
    widest = max(OBJECTIVES, key=lambda way: found[way]["outside"])
    return (
        f"{nearest_words(best)} Farthest is {OBJECTIVES[worst]}, with a KL of {num(found[worst]['kl'], 3)}. "
        f"Of the mass, {percent(found['sm']['off'])} lies in the wrong mode by score matching, and "
        f"{percent(found['pcd']['off'])} by persistent chains. Most mass outside the data has {OBJECTIVES[widest]}: "
        f"{percent(found[widest]['outside'], 1)}."
    )


def fisher_words(card: Card) -> str:
    """Describe the Fisher divergence at the end of a training, which score matching makes small."""
    found = {way: rows(card, "fisher", of=way) for way in ("sm", "pcd")}
    if not all(found.values()):
        return ""
    own, other = (num(each[0]["value"]) for each in found.values())
    return (
        f"By its own measure, the Fisher divergence, score matching ends at {own}, and persistent chains at {other}: "
        "this measure does not compare the mass of modes."
    )


MODE = Mode(
    "ways",
    "Four objectives",
    "understand",
    functions=[objective_snapshots],
    panel=Panel(
        objective_snapshots,
        controls=[CHOICE, [SHADE]],
        tries=[
            ("What a score cannot see", {"net": "energy-eight-gaussians", "shows": "density", "moment": None}),
            ("Where no data are", {"net": "energy-moons", "shows": "energy", "moment": 8}),
            ("Two rings", {"net": "energy-rings", "shows": "density", "moment": None}),
        ],
        shows=Shows(
            "Which objective learns best?",
            HEADS,
            curves=[divergence_chart("epochs", -3, 212), wrong_mode_chart(212)],
        ),
    ),
)
