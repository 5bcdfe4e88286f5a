"""Queued and running work in the order of its arrival: what waits, what may start, and whose question is rejected.

A lane keeps free workers for addresses that hold none. Whoever has most questions in a full queue loses the latest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

from explorer.serving.visitors import Visitor
from explorer.serving.work import Lane, Round, Work

CROWD = 16  # queued questions of one address in a lane; addresses with more share one worker


def of_lane(line: Iterable[Work], lane: Lane) -> list[Work]:
    """Return the work of a lane, oldest first."""
    return [each for each in line if each.question.lane is lane]


def waiting(line: Iterable[Work]) -> Iterator[Round]:
    """Yield the questions that are not begun, oldest first."""
    return (each for each in line if isinstance(each, Round) and not each.begun)


def crowds(line: Iterable[Work], lane: Lane) -> set[str]:
    """Return the addresses with more than `CROWD` queued questions in a lane."""
    counts = Counter(place for each in waiting(of_lane(line, lane)) for place in each.places)
    return {place for place, count in counts.items() if count > CROWD}


def ready(line: Iterable[Work], lane: Lane, but: Work | None = None) -> set[Work]:
    """Return the work of a lane that may start now, except `but`.

    A question with a batch has one running round at a time. A lane keeps free workers for addresses that hold none,
    among them one for each such address that waits. An address starts no more work than there are workers.
    Addresses with more than `CROWD` queued questions share one worker.
    """
    going = {each.question for each in line if each.running and each is not but}
    ours = [each for each in of_lane(line, lane) if each is not but]
    places = {each: each.places for each in ours}
    running = Counter(place for each in ours if each.running for place in places[each])
    begun = Counter(place for each in ours if isinstance(each, Round) and each.begun for place in places[each])
    idle = set().union(*places.values()) - running.keys()
    spare = lane.workers - sum(each.running for each in ours) - len(idle)
    few = idle if spare < lane.spare else idle | running.keys()  # addresses that may get another worker
    many = crowds(line, lane)
    if not many.isdisjoint(running):
        few -= many
    new = {place for place in few if begun[place] < lane.workers}  # and may start more work

    def fits(work: Work) -> bool:
        allowed = new if isinstance(work, Round) and not work.begun else few
        return not places[work] or not places[work].isdisjoint(allowed)

    free = (each for each in ours if not each.running and not (each.question.batch and each.question in going))
    return {each for each in free if fits(each)}


def has_most(idle: Sequence[Round], who: Visitor) -> bool:
    """Return whether another question of this visitor would be the first of a full queue to be rejected."""
    asking = [each for round_ in idle for each in round_.visitors]
    addresses = Counter(each.address for each in asking)
    sessions = Counter(each.session for each in asking if each.address == who.address)
    most, of_address = max(addresses.values()), max(sessions.values(), default=0)
    return addresses[who.address] == most and sessions[who.session] + 1 >= of_address


def latest_of_most(idle: list[Round]) -> Round:
    """Return the latest question of the page with most of them, at the address with most of them."""
    for group in ("address", "session"):
        idle = _of_most(idle, attrgetter(group))
    return idle[-1]


def _of_most(rounds: list[Round], name_of: Callable[[Visitor], str]) -> list[Round]:
    """Return the rounds of the member who has most of them, in their order."""
    counts = Counter(name_of(who) for each in rounds for who in each.visitors)
    most = max(counts, key=counts.__getitem__)
    return [each for each in rounds if any(name_of(who) == most for who in each.visitors)]
