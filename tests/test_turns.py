"""Whose turn it is: what holds for every line of work, whoever wants how much of it."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.serving.turns import Shares, Turns
from explorer.serving.visitors import Visitor

STEP = 0.02  # seconds that a turn takes


@dataclass(eq=False)
class Piece:
    """A piece of work."""

    visitors: set[Visitor]
    left: float = 1.0
    since: float = 0.0


def one(session: str | int, address: str | int = "") -> Visitor:
    return Visitor(str(session), str(address))


visitors = st.builds(one, st.integers(0, 4), st.integers(0, 2))
pieces = st.builds(Piece, st.sets(visitors, min_size=1, max_size=3), st.floats(0.001, 100), st.floats(0, 50))


@given(works=st.lists(pieces, max_size=12), had=st.lists(pieces, max_size=5))
def test_nothing_is_lost_and_nothing_doubled(works: list[Piece], had: list[Piece]):
    line = Turns()
    for work in had:
        line.charge(work, STEP)
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


def test_work_that_two_wait_for_stands_where_the_better_off_would_have_it():
    crowded = [Piece({one("busy", 1)}, since=0.0) for _ in range(9)]
    shared = Piece({one("busy", 1), one("idle", 2)}, left=1.5, since=0.0)
    assert Turns().order([*crowded, shared])[1] is shared


@dataclass(eq=False)
class Asked(Piece):
    """A piece of work that comes at a time, and when it was done."""

    came: float = 0.0
    done: float = 0.0


def by_turns(works: list[Asked]) -> None:
    """Serve works one turn after another, as the desk does with one worker; notes when each is done."""
    line, now, later, here = Turns(), 0.0, sorted(works, key=lambda work: work.came), []
    while later or here:
        while later and (later[0].came <= now or not here):
            now = max(now, later[0].came)
            here.append(later.pop(0))
        work = line.order(here)[0]
        seconds = min(STEP, work.left)
        line.charge(work, seconds)
        now, work.left = now + seconds, work.left - seconds
        if work.left < 1e-9:
            here.remove(work)
            work.done = now


def by_equal_shares(wanted: list[tuple[float, float, str, str]]) -> list[float]:
    """Return when each of (came, seconds, session, address) is done if addresses are served at equal speed.

    So are the sessions of an address. Within a session what takes least comes first. Integrated in small steps.
    """
    left, done, now, step = [seconds for _, seconds, *_ in wanted], [0.0] * len(wanted), 0.0, STEP / 8
    while max(left) > 0:
        here = [k for k, (came, *_) in enumerate(wanted) if came <= now and left[k] > 0]
        places = {wanted[k][3] for k in here}
        now += step
        for place in places:
            pages = {wanted[k][2] for k in here if wanted[k][3] == place}
            for page in pages:
                k = min((k for k in here if wanted[k][2:] == (page, place)), key=lambda k: left[k])
                left[k] -= step / len(places) / len(pages)
                if left[k] <= 1e-9:
                    left[k], done[k] = 0.0, now
    return done


asked = st.tuples(st.floats(0, 3), st.sampled_from([0.05, 0.1, 0.3, 1.0, 2.0]))


@pytest.mark.parametrize("apart", [True, False])
@settings(max_examples=30)
@given(wanted=st.lists(asked, min_size=1, max_size=14))
def test_nobody_waits_longer_than_by_equal_shares_but_for_a_turn(apart: bool, wanted: list[tuple[float, float]]):
    """Pages that each ask for one thing, at addresses of their own or all at one."""
    whole = [(came, seconds, str(k), str(k) if apart else "") for k, (came, seconds) in enumerate(wanted)]
    works = [Asked({one(page, place)}, seconds, since=came, came=came) for came, seconds, page, place in whole]
    by_turns(works)
    for work, fair in zip(works, by_equal_shares(whole)):
        assert work.done <= fair + 2 * STEP


@settings(max_examples=60)
@given(wanted=st.lists(st.tuples(asked, st.sampled_from("abc"), st.sampled_from("xy")), min_size=1, max_size=14))
def test_an_address_is_never_further_behind_equal_shares_than_its_longest_work(wanted: list):
    whole = [(came, seconds, f"{page} of {place}", place) for (came, seconds), page, place in wanted]
    works = [Asked({one(page, place)}, seconds, since=came, came=came) for came, seconds, page, place in whole]
    by_turns(works)
    fair = by_equal_shares(whole)
    for place in {place for *_, place in whole}:
        ours = [k for k, (*_, where) in enumerate(whole) if where == place]
        longest = max(whole[k][1] for k in ours)
        assert max(works[k].done for k in ours) <= max(fair[k] for k in ours) + len(set("xy")) * longest + 2 * STEP


def test_who_was_served_ahead_of_others_owes_them_nothing_once_done():
    line, ahead = Turns(), Piece({one("ahead", 1)}, 1.0)
    other = Piece({one("other", 2)}, 1.1)
    while ahead.left > STEP / 2:
        assert line.order([other, ahead])[0] is ahead
        line.charge(ahead, STEP)
        ahead.left -= STEP
    line.order([other])
    click = Piece({one("ahead", 1)}, 0.05, since=1.0)
    assert line.order([other, click])[0] is click


def test_long_work_is_done_though_new_pages_ask_for_short_work_without_end():
    line, now = Turns(), 0.0
    long, short = Piece({one("patient", 1)}, left=2.0, since=0.0), None
    while long.left > STEP / 2:
        short = short or Piece({one(f"eager {now}", 2)}, left=0.1, since=now)
        work = line.order([long, short])[0]
        line.charge(work, STEP)
        now, work.left = now + STEP, work.left - STEP
        short = None if short.left < STEP / 2 else short
        assert now < 2 * 2.0 + 0.2, "half of the turns take 4 s"


def test_what_a_page_did_not_ask_for_is_not_owed_to_it():
    line = Turns()
    for _ in range(500):
        line.charge(line.order([Piece({one("busy", 1)}, 5.0)])[0], STEP)
    busy, fresh = Piece({one("busy", 1)}, 0.5), Piece({one("fresh", 2)}, 1.0)
    assert line.order([fresh, busy])[0] is busy


@pytest.mark.parametrize("group", ["session", "address"])
def test_nobody_is_known_who_wants_nothing(group: str):
    shares = Shares(group)
    for number in range(100):
        work = Piece({one(number, number)}, 1.0)
        shares.enter([work])
        shares.serve(work, STEP)
    assert len(shares._served) == 1 and len(shares._ahead) <= 1
    shares.enter([])
    assert not shares._served and not shares._ahead
