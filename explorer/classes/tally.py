"""Distributions of votes as the lecturer's page displays them. Fewer than `FEWEST_VOTES` answers give none."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from explorer.classes.room import FEWEST_VOTES, PHASE_AGAIN, PHASE_REVEALED, PHASE_SHOWN, VOTE_BINS, Question, Room


def distribution(question: Question, votes: Sequence[float]) -> dict[str, Any] | None:
    """Return the counts of votes; None if there are fewer than `FEWEST_VOTES`.

    For choices, `counts` has one count a choice. For numbers, it has `VOTE_BINS` counts of equal intervals from `low`
    to `high`; `below` and `above` count the numbers outside, `right` those within the tolerance of the answer, and
    `slips` those within it of each typical mistake.
    """
    if len(votes) < FEWEST_VOTES:
        return None
    if question.choices:
        found = Counter(map(int, votes))
        return {"counts": [found[place] for place in range(len(question.choices))]}
    low, high = question.low, question.high
    inside = [min(VOTE_BINS - 1, int((vote - low) / (high - low) * VOTE_BINS)) for vote in votes if low <= vote <= high]
    found = Counter(inside)
    return {
        "counts": [found[place] for place in range(VOTE_BINS)],
        "below": sum(vote < low for vote in votes),
        "above": sum(vote > high for vote in votes),
        "right": 0 if question.right is None else _near(votes, question.right, question.within),
        "slips": [_near(votes, slip, question.within) for slip in question.slips],
    }


def _near(votes: Sequence[float], value: float, within: float) -> int:
    return sum(abs(vote - value) <= within * (1 + 1e-9) for vote in votes)


def displayed(room: Room) -> tuple[bool, bool]:
    """Return whether the distributions of the first and of the second vote are displayed in this phase."""
    first = room.phase in (PHASE_SHOWN, PHASE_REVEALED) or (room.phase == PHASE_AGAIN and room.was_shown)
    return first, room.phase == PHASE_REVEALED


def wall(room: Room, votes: Sequence[Sequence[float]], phones: int, following: int) -> dict[str, Any]:
    """Return what the lecturer's page displays.

    Arguments:
        room: The room.
        votes: Values of the first and of the second vote.
        phones: Number of phones that are there.
        following: Number of pages that follow the lecturer's.
    """
    question = room.question
    shows = zip(displayed(room), votes, strict=True)
    voted = question if question and not question.kind else None
    return {
        "code": room.code,
        "version": room.version,
        "ends": room.ends,
        "phones": phones,
        "following": following,
        "phase": room.phase,
        "name": question.name if question else "",
        "kind": question.kind if question else "",
        "answered": [len(each) for each in votes],
        "shown": [distribution(voted, each) if voted and is_shown else None for is_shown, each in shows],
        "fewest": FEWEST_VOTES,
    }


def phone(room: Room) -> dict[str, Any]:
    """Return what every phone of a room displays: the choices, and the right answer only once it is revealed."""
    question = room.question
    seen = {"version": room.version, "phase": room.phase, "at": room.at, "asked": room.asked, "ballot": room.ballot}
    seen |= {"sitting": room.sitting} if room.sitting else {}
    if question:
        seen |= {"choices": [*question.choices], "unit": question.unit}
        seen |= {"kind": question.kind} if question.kind else {}
        seen |= {"right": question.right, "within": question.within} if room.phase == PHASE_REVEALED else {}
    return seen
