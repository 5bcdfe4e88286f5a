"""Each family's answers to the shared questions, and the facts about it, in words."""

from collections.abc import Mapping
from typing import Any

from explorer.numbers.words import num

Known = Mapping[str, Any]
BRANCHES = {
    "tractable": ("exact", "Exact p(x)", "computed exactly"),
    "approximate": ("bound", "Bound or estimate of p(x)", "from below, ≈ by sampling"),
    "unnormalised": ("ratio", "Relative p(x)", "ratios only"),
    "implicit": ("none", "No p(x)", "samples only"),
}
"""Branches of the map, from an exact p(x) to none: the answer that most of their families give, titles and words."""
MARKS = {"exact": "=", "bound": "≤", "estimate": "≈", "ratio": "∝", "none": "∅"}
ALSO = {"bound": "grey levels", "estimate": ""}
"""Words of what a family says of log p(x) besides its branch: a density also gives a bound, an energy an estimate."""
CAN = "✓"
ASKED = ("make", "complete", "likelihood", "anomaly", "interpolate")
SAYS = {
    "exact": "computes log p(x) exactly",
    "bound": "computes a lower bound on log p(x)",
    "estimate": "computes an estimate of log p(x)",
}
RATIO = "computes exactly by how much one x is likelier than another, but no absolute p(x)"
DENSE = "computes the density of continuous pixels exactly, and a lower bound on log p(x) of grey levels"


def passes(count: int | None) -> str:
    """Return how often a family evaluates its network for an x."""
    return "cannot be shown" if not count else "one pass" if count == 1 else f"{count:,} passes"


def says(known: Known) -> str:
    """Return what a family says of log p(x), as the end of a sentence."""
    can = known["can"]
    if known["density"]:
        return DENSE
    if said := SAYS.get(can.get("likelihood")):
        return said
    return RATIO if can.get("ratio") else f"says nothing of log p(x): {known['cannot'].get('log_prob')}"


def answers(known: Known) -> dict[str, dict[str, Any]]:
    """Return the answer of a family to each question: its mark, its words, and whether it is one."""
    can, cannot, title = known["can"], known["cannot"], known["title"]
    drawn, likelihood = passes(known["passes"]), can.get("likelihood")
    asked = {
        "make": (can.get("sample"), f"{known['passes']:,}×" if known["passes"] else "–", f"draws in {drawn}", None),
        "complete": (
            can.get("complete"),
            CAN,
            f"fills in what is missing: {can.get('complete')}",
            cannot.get("complete"),
        ),
        "likelihood": (
            likelihood,
            "= density, ≤ levels" if known["density"] else f"{MARKS[likelihood or 'ratio']} {likelihood or 'ratios'}",
            says(known),
            None if can.get("ratio") else cannot.get("log_prob"),
        ),
        "anomaly": (can.get("odd"), CAN, "scores how unusual an x is", cannot.get("odd")),
        "interpolate": (can.get("interpolate"), CAN, "interpolates between two x", cannot.get("interpolate")),
    }

    def answer(able: Any, mark: str, words: str, why: str | None) -> dict[str, Any]:
        if able or not why:
            return {"mark": mark, "words": f"{title} {words}.", "able": bool(able)}
        return {"mark": MARKS["none"], "words": f"{title} cannot, because {why}.", "able": False}

    if known["error"]:
        return dict.fromkeys(asked, {"mark": "–", "words": known["error"], "able": False})
    return {question: answer(*each) for question, each in asked.items()}


def about(known: Known) -> list[str]:
    """Return what is known of a family, line by line, with its card's figures."""
    if known["error"]:
        return [known["error"]]
    can, cost, far = known["can"], known["cost"], known["apart"]
    time = ""
    if cost:
        value = cost["milliseconds"]
        time = f", {num(value, 1 if value < 10 else 0)} ms each on one thread"
    apart = ", ".join(f"{num(row['value'])} after {row['steps']:,} steps" for row in far)
    chains = (
        " The energies of its chains out of noise have a Kolmogorov–Smirnov distance from those of data (0 is alike, 1 "
        f"apart): {apart}."
        if far
        else ""
    )
    complete = (
        f"It fills in what is missing: {can['complete']}."
        if can.get("complete")
        else f"It cannot complete an x: {known['cannot'].get('complete')}."
    )
    return [
        f"{passes(known['passes'])}{time}; {known['code']}; {known['parameters']:,} parameters.{chains}",
        f"It {says(known)}.",
        complete,
    ]


def branch_props() -> list[dict[str, str]]:
    """Return the branches of the map for the browser."""
    return [
        {"id": branch, "kind": kind, "mark": MARKS[kind], "title": title, "words": words}
        for branch, (kind, title, words) in BRANCHES.items()
    ]


def answer_props(known: Known) -> dict[str, str | None]:
    """Return the kind of answer of a family for log p(x), and its words if its branch says another; else None."""
    kind = known["can"].get("likelihood") or ("ratio" if known["can"].get("ratio") else "none")
    also = None if BRANCHES[known["branch"]][0] == kind else ALSO.get(kind, "")
    return {"kind": kind, "mark": MARKS[kind], "also": also}


def to_props(known: Known) -> dict[str, Any]:
    """Return the texts about a family for the map and for the matrix."""
    return answer_props(known) | {"drawn": passes(known["passes"]), "about": about(known), "answers": answers(known)}
