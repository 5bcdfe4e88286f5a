"""Sentence, headline and tables of a snapshot of several trainings."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.models.learners import LEARNERS
from explorer.tabs.kit.rows import join_words
from explorer.tabs.kit.words import num, percent

COPIES = 0.85  # share of samples nearer to training points than a held-out point, from which a family copies
LEVEL = 1.15  # times the floor: what chance may do
Frame = Mapping[str, Any]
Look = Mapping[str, Any]


def title(name: str) -> str:
    """Return the title of a family."""
    return LEARNERS[name].title


def clock_words(time: float, clock: str) -> str:
    """Return a time on the clock, in seconds or in steps."""
    return f"{num(time)} s each" if clock == "seconds" else f"{time:,} step{'' if time == 1 else 's'}"


def ranking(frame: Frame) -> list[tuple[str, float]]:
    """Return the families with a distance to the points, and that distance, nearest first."""
    found = [(name, look["distance"]) for name, look in frame["looks"].items() if "distance" in look]
    return sorted(found, key=lambda each: each[1])


def level(frame: Frame) -> list[str]:
    """Return the families that are as near to the points as chance allows, as written, nearest first."""
    most = round(LEVEL * frame["floor"], 2)
    return [name for name, distance in ranking(frame) if round(distance, 2) <= most]


def nearest(frame: Frame) -> list[str]:
    """Return the families that share the first place: as near as chance allows, or at one distance as written."""
    found = ranking(frame)
    return level(frame) or [name for name, distance in found if num(distance) == num(found[0][1])]


def snapshot_report(frame: Frame, clock: str) -> dict[str, Any]:
    """Return the texts of a snapshot: place on the clock, sentence, headline, nearest families, tables."""
    when, near = clock_words(frame["time"], clock), nearest(frame)
    chief = ["Smallest energy distance", "–", ""]
    if near:
        whose = title(near[0]) if len(near) == 1 else "a tie"
        chief = [f"Smallest energy distance: {whose}", num(ranking(frame)[0][1]), f"chance gives {num(frame['floor'])}"]
    return {
        "when": when + (" · recorded" if len(frame["recorded"]) == len(frame["looks"]) else ""),
        "words": words(frame, clock, when),
        "chief": chief,
        "nearest": near,
        "tables": tables(frame["looks"]),
    }


def words(frame: Frame, clock: str, when: str) -> str:
    """Return the sentences about a snapshot: who is nearest, what chance does, missed modes, and densities."""
    said = [
        first(frame, f"After {when}" if frame["time"] else "Before the first step"),
        chance(frame),
        missed_modes(frame["looks"]),
        density_words(frame["looks"]),
        "At equal steps the order may be another." if clock == "seconds" else "",
    ]
    return " ".join(filter(None, said))


def first(frame: Frame, when: str) -> str:
    """Return the first sentence: what broke, what copies, or which family is nearest to the points."""
    looks, found = frame["looks"], ranking(frame)
    if broken := [title(name) for name, look in looks.items() if look["broken"]]:
        return f"{join_words(broken)} broke: the loss is no longer a finite number."
    if not found:
        return ""
    (best, least), (worst, most), near = found[0], found[-1], nearest(frame)
    if len(found) == 1:
        return f"{when}, {title(best)} is {num(least)} away from the points."
    copier = max((name for name, _ in found), key=lambda name: looks[name].get("memorised", 0))
    copied = looks[copier].get("memorised", 0)
    if frame["time"] and copied > COPIES:
        return (
            f"{title(copier)} copies: {percent(copied)} of its samples lie nearer to training points than a held-out "
            "point."
        )
    if len(near) > 1:
        tie = f"{when}, {join_words([title(name) for name in near])} tie{' within chance' if level(frame) else ''}"
        return f"{tie}." if worst in near else f"{tie}; {title(worst)} is farthest from the points ({num(most)})."
    return f"{when}, {title(best)} is nearest to the points ({num(least)}), {title(worst)} farthest ({num(most)})."


def chance(frame: Frame) -> str:
    """Return the distance of two samples of the points, and the families that are no farther from the truth."""
    found = [title(name) for name in level(frame)]
    floor = f"Two samples of the points differ by {num(frame['floor'])}, by chance alone"
    return (
        f"{floor}: {join_words(found)} cannot be distinguished from the true distribution by it."
        if found
        else f"{floor}."
    )


def missed_modes(looks: Mapping[str, Look]) -> str:
    """Return how many modes each family misses; empty if none misses any."""
    missing = {name: look for name, look in looks.items() if look.get("missed")}
    if not missing:
        return ""
    modes = next(iter(missing.values()))["modes"]
    each = [f"{title(name)} misses {look['missed']:g}" for name, look in missing.items()]
    return f"Of {modes:g} modes, {join_words(each)}."


def density_words(looks: Mapping[str, Look]) -> str:
    """Return which density is nearest to the true one; nothing if none was compared."""
    known = {name: look["kl"] for name, look in looks.items() if "kl" in look}
    if not known:
        return ""
    best = min(known, key=known.__getitem__)
    return f"Of the densities, that of {title(best)} is nearest to the true one: KL {num(known[best], 3)} nats."


def figure_words(look: Look, name: str, form: Callable[[float], str] = num) -> str:
    """Return a figure of a look in words; a dash if it was not measured."""
    return form(look[name]) if name in look else "–"


def tables(looks: Mapping[str, Look]) -> list[dict[str, Any]]:
    """Return the tables of all figures: of every family, and against the truth if that is known."""

    def rows(cells: Callable[[str, Look], list[str]]) -> list[list[str]]:
        return [[title(name), *cells(name, look)] for name, look in looks.items()]

    every = {
        "label": "Every family",
        "head": ["", "D", "−log p", "copies", "step, in ms"],
        "rows": rows(
            lambda name, look: [
                figure_words(look, "distance"),
                figure_words(look, "nll", lambda value: f"{LEARNERS[name].mark} {num(value)}"),
                figure_words(look, "memorised", percent),
                num(1000 * look["cost"], 1),
            ]
        ),
    }
    if not any(look.get("modes") for look in looks.values()):
        return [every]
    truth = {
        "label": "Against the truth",
        "head": ["", "KL", "reverse KL", "astray", "missed"],
        "rows": rows(
            lambda name, look: [
                figure_words(look, "kl"),
                figure_words(look, "back"),
                figure_words(look, "astray", percent),
                figure_words(look, "missed", lambda value: f"{value:g} of {look['modes']:g}"),
            ]
        ),
    }
    return [every, truth]
