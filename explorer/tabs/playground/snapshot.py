"""Sentence, headline and tables of a snapshot of several trainings."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.models.learners import LEARNERS
from explorer.numbers.answer import FINDING
from explorer.numbers.rows import join_words
from explorer.numbers.words import num, percent
from explorer.verdicts import Estimate, best_of

PLAYGROUND_UNMEASURED = "Nothing is measured yet."
COPIES = 0.85  # share of samples nearer to training points than a new point is, from which a family copies
Frame = Mapping[str, Any]
Look = Mapping[str, Any]


def title(name: str) -> str:
    """Return the title of a family."""
    return LEARNERS[name].title


def clock_words(time: float, clock: str) -> str:
    """Return a time on the clock, in seconds or in steps."""
    return f"{num(time)} s each" if clock == "seconds" else f"{time:,} step{'' if time == 1 else 's'}"


def distances(frame: Frame) -> dict[str, Estimate]:
    """Return D² of each family whose samples were measured, nearest first."""
    found = {name: look for name, look in frame["looks"].items() if "distance" in look}
    return {
        name: Estimate(look["distance"], look["distance_se"])
        for name, look in sorted(found.items(), key=lambda each: each[1]["distance"])
    }


def densities(frame: Frame) -> dict[str, Estimate]:
    """Return the KL of each family whose density was computed, with its numerical error, nearest first."""
    found = {name: look for name, look in frame["looks"].items() if "kl" in look}
    return {
        name: Estimate(look["kl"], look["kl_error"])
        for name, look in sorted(found.items(), key=lambda each: each[1]["kl"])
    }


def within_chance(frame: Frame) -> list[str]:
    """Return the families that are no farther from the points than true samples may be, nearest first."""
    return [name for name, distance in distances(frame).items() if distance.value <= frame["limit"]]


def nearest(frame: Frame) -> list[str]:
    """Return the families that are within chance of the points; if there are none, those with the smallest D²."""
    return within_chance(frame) or best_of(distances(frame), least=True)


def snapshot_report(frame: Frame, clock: str) -> dict[str, Any]:
    """Return the texts of a snapshot: place on the clock, sentence, headline, nearest families, tables."""
    when = clock_words(frame["time"], clock)
    return {
        "when": when + (" · recorded" if len(frame["recorded"]) == len(frame["looks"]) else ""),
        "words": words(frame, clock, when),
        "chief": FINDING.of(finding(frame) or PLAYGROUND_UNMEASURED).to_props(),
        "nearest": nearest(frame),
        "best": best_of(densities(frame), least=True),
        "tables": tables(frame["looks"]),
    }


def finding(frame: Frame) -> str | None:
    """Return the headline: whose density is nearest to the true one, or whose samples pass for new data.

    Samples decide only if no density can be compared with the truth. None if nothing was measured.
    """
    if found := densities(frame):
        best, least = best_of(found, least=True), f"{num(min(each.value for each in found.values()), 3)} nats"
        if len(found) == 1:
            return f"{title(best[0])} misses the true density by a KL of {least}."
        who = f"{title(best[0])} comes nearest" if len(best) == 1 else "Several families come equally near"
        return f"{who} to the true density: KL {least}."
    if not distances(frame):
        return None
    near = within_chance(frame)
    if near:
        whose = title(near[0]) if len(near) == 1 else f"{len(near)} families"
        return f"Samples of {whose} cannot be told apart from new data."
    if len(best := nearest(frame)) > 1:
        return "The samples of every family can be told apart from new data."
    return f"{title(best[0])} comes nearest, but can be told apart from new data."


def words(frame: Frame, clock: str, when: str) -> str:
    """Return the sentences about a snapshot: who is nearest, what chance does, missed modes, and refused densities."""
    said = [
        first(frame, f"After {when}" if frame["time"] else "Before the first step"),
        chance(frame),
        missed_modes(frame["looks"]),
        refused(frame["looks"]),
        "At equal steps the order may be another." if clock == "seconds" else "",
    ]
    return " ".join(filter(None, said))


def first(frame: Frame, when: str) -> str:
    """Return the first sentence: what broke, what copies, or which family is nearest to the truth."""
    looks = frame["looks"]
    if broken := [title(name) for name, look in looks.items() if look["broken"]]:
        return f"{join_words(broken)} broke: the loss is no longer a finite number."
    copier = max(looks, key=lambda name: looks[name].get("memorised", 0), default="")
    if copier and frame["time"] and (copied := looks[copier].get("memorised", 0)) > COPIES:
        nearer = "of its samples lie nearer to training points than new points do"
        return f"{title(copier)} copies: {percent(copied)} {nearer}."
    if found := densities(frame):
        return ranked_densities(found, when)
    return ranked_distances(frame, when) if distances(frame) else ""


def ranked_densities(found: Mapping[str, Estimate], when: str) -> str:
    """Return whose density is nearest to the true one, and whose is farthest."""
    best, worst = best_of(found, least=True), best_of(found)
    least = f"KL {num(found[best[0]].value, 3)} nats"
    if len(found) == 1:
        return f"{when}, the density of {title(best[0])} has {least} to the true one."
    if len(best) > 1:
        return f"{when}, of {len(found)} densities those of {join_words([*map(title, best)])} tie ({least})."
    near = f"{when}, of {len(found)} densities that of {title(best[0])} is nearest to the true one ({least})"
    far = f", that of {title(worst[0])} farthest ({num(found[worst[0]].value, 3)})" if len(worst) == 1 else ""
    return f"{near}{far}."


def ranked_distances(frame: Frame, when: str) -> str:
    """Return whose samples are nearest to the points by D², where no density can be compared with the truth."""
    found, near, worst = distances(frame), nearest(frame), best_of(distances(frame))
    least = num(found[near[0]].value, 4)
    if len(found) == 1:
        return f"{when}, {title(near[0])} has D² = {least} to the points."
    names = join_words([*map(title, near)])
    says = (
        f"{names} tie{' within chance' if within_chance(frame) else ''}"
        if len(near) > 1
        else (f"{names} is nearest to the points (D² {least})")
    )
    far = worst[0] if len(worst) == 1 and worst[0] not in near else None
    return f"{when}, {says}" + (f", {title(far)} farthest (D² {num(found[far].value, 4)})." if far else ".")


def chance(frame: Frame) -> str:
    """Return how far true samples may be from the points, and the families that cannot be told from them."""
    found = [title(name) for name in within_chance(frame)]
    if not distances(frame):
        return ""
    whose = "true samples" if is_known(frame["looks"]) else "new samples of the drawing, by its halves,"
    limit = f"Of {whose} 95 % have D² up to {num(frame['limit'], 4)}"
    near = f"{join_words(found)} cannot be told from them by it" if found else "no family is as near"
    return f"{limit}; {near}."


def is_known(looks: Mapping[str, Look]) -> bool:
    """Return whether the true distribution is known."""
    return any(look.get("modes") for look in looks.values())


def missed_modes(looks: Mapping[str, Look]) -> str:
    """Return how many modes each family misses; empty if none misses any."""
    missing = {name: look for name, look in looks.items() if look.get("missed")}
    if not missing:
        return ""
    modes = next(iter(missing.values()))["modes"]
    each = [f"{title(name)} misses {look['missed']:g}" for name, look in missing.items()]
    return f"Of {modes:g} modes, {join_words(each)}."


def refused(looks: Mapping[str, Look]) -> str:
    """Return whose density is not given, and why; nothing if none is refused."""
    names = [title(name) for name, look in looks.items() if look.get("unsolved")]
    if not names:
        return ""
    what, whose = ("density", "its integral is") if len(names) == 1 else ("densities", "their integrals are")
    return f"The {what} of {join_words(names)} cannot be given: {whose} too coarse."


def figure_words(look: Look, name: str, form: Callable[[float], str] = num) -> str:
    """Return a figure of a look in words; a dash if it was not measured."""
    return form(look[name]) if name in look else "–"


def tables(looks: Mapping[str, Look]) -> list[dict[str, Any]]:
    """Return the tables of all figures: of every family, and against the truth if that is known."""

    def rows(cells: Callable[[str, Look], list[str]]) -> list[list[str]]:
        return [[title(name), *cells(name, look)] for name, look in looks.items()]

    every = {
        "label": "Every family",
        "head": ["", "D²", "−log p", "copies", "step, in ms"],
        "rows": rows(
            lambda name, look: [
                figure_words(look, "distance", lambda value: num(value, 4)),
                figure_words(look, "nll", lambda value: f"{LEARNERS[name].mark} {num(value)}"),
                figure_words(look, "memorised", percent),
                num(1000 * look["cost"], 1),
            ]
        ),
    }
    if not is_known(looks):
        return [every]
    truth = {
        "label": "Against the truth",
        "head": ["", "KL", "reverse KL", "astray", "missed"],
        "rows": rows(
            lambda name, look: [
                "refused" if look.get("unsolved") else figure_words(look, "kl", lambda value: num(value, 3)),
                figure_words(look, "back"),
                figure_words(look, "astray", percent),
                figure_words(look, "missed", lambda value: f"{value:g} of {look['modes']:g}"),
            ]
        ),
    }
    return [every, truth]
