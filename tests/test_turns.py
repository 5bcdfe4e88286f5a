"""Whose turn it is: what holds for every line of work, whoever wants how much of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tabs.kit import turns
from explorer.tabs.kit.turns import AGEING, RECENT, Turns
from explorer.tabs.kit.visitors import Visitor

STEP = 0.02  # seconds that a turn takes


@dataclass(eq=False)
class Piece:
    """A piece of work."""

    visitors: set[Visitor]
    left: float = 1.0
    since: float = field(default_factory=lambda: turns.time.monotonic())


@pytest.fixture(autouse=True, scope="module")
def clock() -> Iterator[SimpleNamespace]:
    """A clock that goes when it is told to."""
    clock = SimpleNamespace(now=0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: clock.now))
        yield clock


def one(session: str | int, address: str | int = "") -> Visitor:
    return Visitor(str(session), str(address))


visitors = st.builds(one, st.integers(0, 4), st.integers(0, 2))
pieces = st.builds(Piece, st.sets(visitors, min_size=1, max_size=3), st.floats(0.001, 100), st.floats(0, 50))


@given(works=st.lists(pieces, max_size=12), had=st.lists(pieces, max_size=5))
def test_nothing_is_lost_and_nothing_doubled(works: list[Piece], had: list[Piece], clock: SimpleNamespace):
    clock.now = 60.0
    line = Turns()
    for work in had:
        line.had(work, STEP)
    ordered = line.order(works)
    assert sorted(map(id, ordered)) == sorted(map(id, works))


@given(counts=st.lists(st.integers(1, 12), min_size=2, max_size=6), near=st.booleans(), data=st.data())
def test_a_visitors_later_work_stands_behind_every_others_earlier(counts: list[int], near: bool, data: st.DataObject):
    crowd = [one(number, "" if near else number) for number in range(len(counts))]
    works = [Piece({who}, since=0.0) for who, count in zip(crowd, counts) for _ in range(count)]
    ordered = Turns().order(data.draw(st.permutations(works)))
    rank = dict.fromkeys(crowd, 0)
    ranks = []
    for work in ordered:
        (who,) = work.visitors
        rank[who] += 1
        ranks.append(rank[who])
    assert ranks == sorted(ranks)


@given(many=st.integers(1, 40), others=st.integers(1, 5))
def test_many_sessions_of_one_address_stand_behind_one_of_another(many: int, others: int):
    crowd = [Piece({one(number, "crowd")}, since=0.0) for number in range(many)]
    apart = [Piece({one("alone", number)}, since=1.0) for number in range(others)]
    ahead = Turns().order(crowd + apart)[: others + 1]
    assert set(map(id, apart)) < set(map(id, ahead))


@given(lengths=st.lists(st.floats(0.001, 100), min_size=1, max_size=9))
def test_of_one_visitors_work_the_shortest_comes_first(lengths: list[float]):
    works = [Piece({one("a")}, left, 0.0) for left in lengths]
    assert [work.left for work in Turns().order(works)] == sorted(lengths)


@given(left=st.floats(1, 1_000), short=st.floats(0.01, 0.9))
def test_what_waits_long_enough_comes_first_however_long_it_is(left: float, short: float, clock: SimpleNamespace):
    clock.now, line = 0.0, Turns()
    long = Piece({one("a", 1)}, left)
    clock.now = 0.5 * (left - short) / AGEING
    assert line.order([long, Piece({one("b", 2)}, short)])[-1] is long
    clock.now = 1.01 * (left - short) / AGEING + 0.1
    assert line.order([long, Piece({one("b", 2)}, short)])[0] is long


def test_work_that_two_wait_for_stands_where_the_better_off_would_have_it():
    crowded = [Piece({one("busy", 1)}, since=0.0) for _ in range(9)]
    shared = Piece({one("busy", 1), one("idle", 2)}, left=1.5, since=0.0)
    assert Turns().order([*crowded, shared])[1] is shared


def test_who_had_many_turns_waits_no_longer_for_ever(clock: SimpleNamespace):
    clock.now, line, had = 0.0, Turns(), []
    hungry = [Piece({one("hungry", 1)}, left=1_000.0) for _ in range(50)]
    for _ in range(200):
        fresh = Piece({one("other", 2)}, left=STEP)
        had.append(line.order([*hungry, fresh])[0])
        clock.now += 100.0
        line.had(had[-1], 100.0)
    assert sum(work in hungry for work in had) >= 2


def test_long_work_among_endless_short_work_of_another_gets_a_fair_share(clock: SimpleNamespace):
    clock.now, line = 0.0, Turns()
    long, short = Piece({one("patient", 1)}, left=20.0), Piece({one("eager", 2)}, left=0.2)
    while long.left > STEP / 2:
        work = line.order([long, short])[0]
        clock.now += STEP
        line.had(work, STEP)
        work.left -= STEP
        if short.left < STEP / 2:
            short = Piece({one("eager", 2)}, left=0.2)
        assert clock.now < 10 * 20.0, "half of the turns would have taken 40 s"


def test_only_those_are_known_who_came_lately():
    line = Turns()
    for number in range(2 * RECENT):
        line.had(Piece({one(number, number)}), STEP)
    assert len(line._last) == RECENT
    assert ("session", str(2 * RECENT - 1)) in line._last and ("session", "0") not in line._last
