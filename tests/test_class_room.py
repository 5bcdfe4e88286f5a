"""Rules of a room and its store: no vote is lost and none counts twice, whatever happens in whatever order."""

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.classes import store as stores
from explorer.classes import tally
from explorer.classes.room import (
    CODE_LENGTH,
    CODE_LETTERS,
    FEWEST_VOTES,
    MOST_PHONES,
    MOST_ROOMS,
    PHASE_AGAIN,
    PHASE_IDLE,
    PHASE_OPEN,
    PHASE_REVEALED,
    PHASE_SHOWN,
    ROOM_MOVES,
    ROOM_SECONDS,
    VOTE_BINS,
    Question,
    Room,
    RoomError,
    new_room,
    question_of,
)
from explorer.classes.store import GONE_SECONDS, UNUSED_SECONDS, FullError
from explorer.lessons.handed_in import Handed
from tests import redis_server
from tests.server import free_port

NOW = 1_800_000_000.0
ASKED = {"name": "which", "choices": ["one", "two", "three"], "right": 1}
PHASES = [PHASE_IDLE, PHASE_OPEN, PHASE_SHOWN, PHASE_AGAIN, PHASE_REVEALED]


Places = Callable[[], Path | str]


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis; without one, the tests of this back end are skipped."""
    if why := redis_server.missing():
        pytest.skip(why)
    with redis_server.running(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "redis"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Gives a new place for a store each time, of both back ends in turn."""

    def fresh() -> Path | str:
        if request.param == "sqlite":
            return tmp_path_factory.mktemp("rooms") / "rooms.sqlite"
        import redis

        url = request.getfixturevalue("redis_url")
        redis.Redis.from_url(url).flushdb()
        return url

    fresh()
    return fresh


@pytest.fixture
def place(places: Places) -> Path | str:
    return places()


def opened(place: Path | str, code: str = "BCDFH") -> tuple[stores.Store, Room]:
    """A store with a room."""
    store = stores.opened(place)
    room = replace(new_room(NOW)[0], code=code)
    assert store.add(room, NOW)
    return store, room


def test_a_code_has_no_vowel_and_no_letter_that_is_taken_for_another():
    assert not set(CODE_LETTERS) & set("AEIOU" + "GQSZ")
    codes = [new_room(NOW)[0].code for _ in range(500)]
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) for code in codes)
    assert len(set(codes)) > 490 and set("".join(codes)) == set(CODE_LETTERS)


def test_only_the_digest_of_the_secret_is_kept():
    room, secret = new_room(NOW)
    assert room.knows(secret)
    assert not any(
        room.knows(other) for other in ("", secret[:-1], secret.upper() + "x", room.digest, "é", new_room(NOW)[1])
    )
    assert secret not in json.dumps(room.to_record())


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("move", ROOM_MOVES)
def test_a_move_leads_on_stays_or_is_refused(move: str, phase: str):
    allowed = {
        "show": {PHASE_OPEN: PHASE_SHOWN, PHASE_SHOWN: PHASE_SHOWN},
        "again": {PHASE_OPEN: PHASE_AGAIN, PHASE_SHOWN: PHASE_AGAIN, PHASE_AGAIN: PHASE_AGAIN},
        "reveal": dict.fromkeys(PHASES[1:], PHASE_REVEALED),
        "clear": dict.fromkeys(PHASES, PHASE_IDLE),
    }[move]
    room = replace(new_room(NOW)[0], phase=phase, question=None if phase == PHASE_IDLE else question_of(ASKED))
    if phase in allowed:
        assert room.moved(move).phase == allowed[phase]
    else:
        with pytest.raises(RoomError):
            room.moved(move)


def test_a_question_that_is_open_is_not_asked_anew_and_another_one_begins_with_no_votes():
    room = new_room(NOW)[0].asking(question_of(ASKED))
    assert room.asking(question_of(ASKED)) is room and room.ballot == 1
    assert room.moved("show").asking(question_of(ASKED)).asked == room.asked + 1
    assert room.asking(question_of(ASKED | {"name": "other"})).asked == room.asked + 1


def test_a_room_is_the_same_after_it_was_stored():
    numbers = question_of(
        {"name": "n", "right": 2, "low": 0, "high": 4, "within": 0.1, "slips": [1, 3], "unit": "nats"}
    )
    for question in (question_of(ASKED), numbers):
        room = new_room(NOW)[0].asking(question).steered("?tab=vae&beta=4").moved("show")
        assert Room.from_record(json.loads(json.dumps(room.to_record()))) == room


@pytest.mark.parametrize(
    "said",
    [
        *(None, [], "x", {"choices": ["a"]}, {"choices": ["a"] * 9}, {"choices": ["a", ""]}, {"choices": ["a", 1]}),
        *({"choices": ["a", "b" * 241]}, {"choices": "ab"}, {"name": "x" * 121}, {"name": 1}, {"right": math.nan}),
        *({"choices": ["a", "b"], "right": 2}, {"choices": ["a", "b"], "right": True}, {"low": 1, "high": 1}),
        *({"low": 0, "high": math.inf}, {"within": -1}, {"slips": [1] * 9}, {"slips": ["1"]}, {"unit": "x" * 25}),
        {"low": -(10**400), "high": 1},
    ],
)
def test_a_question_is_bounded(said):
    if said is None or said == [] or said == "x":
        assert question_of(said) == Question("")  # a number without a name, and without an answer
        return
    with pytest.raises(RoomError):
        question_of(said)


@pytest.mark.parametrize("at", [None, 1, "x" * 2001, "tab=vae\n", "tab=vae#x", "\x00"])
def test_a_state_is_a_bounded_query(at):
    with pytest.raises(RoomError):
        new_room(NOW)[0].steered(at)


@pytest.mark.parametrize("value", [None, True, "1", -1, 3, 0.5, math.nan, math.inf, [1], 10**400])
def test_a_vote_is_one_of_the_choices(value):
    assert not question_of(ASKED).takes(value)


@given(st.lists(st.floats(-3, 7), max_size=40))
def test_every_number_is_counted_once_in_the_histogram(votes: list[float]):
    question = question_of({"name": "n", "low": 0, "high": 4, "right": 2, "within": 0.5, "slips": [-1, 6]})
    found = tally.distribution(question, votes)
    if len(votes) < FEWEST_VOTES:
        assert found is None
        return
    assert sum(found["counts"]) + found["below"] + found["above"] == len(votes)
    edges = [4 * k / VOTE_BINS for k in range(VOTE_BINS + 1)]
    for place, count in enumerate(found["counts"][:-1]):
        near = sum(edges[place] - 1e-9 <= vote < edges[place + 1] + 1e-9 for vote in votes)
        assert count <= near
    assert found["right"] == sum(1.5 <= vote <= 2.5 for vote in votes)
    assert found["slips"] == [sum(-1.5 <= vote <= -0.5 for vote in votes), sum(5.5 <= vote <= 6.5 for vote in votes)]


def test_what_phones_see_has_the_answer_only_once_it_is_revealed_and_the_wall_no_distribution_before():
    room = new_room(NOW)[0].asking(question_of(ASKED))
    votes = ([0, 1, 1, 1, 2], [1] * 6)
    for each, shown in [
        (room, [False, False]),
        (room.moved("show"), [True, False]),
        (room.moved("again"), [False, False]),
        (room.moved("show").moved("again"), [True, False]),
        (room.moved("again").moved("reveal"), [True, True]),
    ]:
        wall = tally.wall(each, votes, 6, 0)
        assert [found is not None for found in wall["shown"]] == shown and wall["answered"] == [5, 6]
        assert ("right" in tally.phone(each)) == (each.phase == PHASE_REVEALED)
        assert room.digest not in json.dumps([wall, tally.phone(each)])
    assert wall["shown"] == [{"counts": [1, 3, 1]}, {"counts": [0, 6, 0]}]


PHONE, VALUE = st.integers(0, 6), st.integers(0, 2)
STEP = st.one_of(
    st.tuples(st.just("vote"), PHONE, VALUE),
    st.tuples(st.just("vote"), PHONE, VALUE),
    st.tuples(st.just("late"), PHONE, VALUE),
    st.tuples(st.just("ask"), st.integers(0, 1), st.none()),
    st.tuples(st.sampled_from([*ROOM_MOVES]), st.none(), st.none()),
    st.tuples(st.just("restart"), st.none(), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=40))
def test_after_any_sequence_every_vote_in_time_counts_once(places: Places, steps):
    """Against an oracle that is a dictionary: the last value of each phone in each open ballot."""
    place = places()
    store, room = opened(place)
    for phone in range(6):  # the seventh never joins
        assert store.join(room.code, str(phone), NOW)
    oracle: dict[tuple[int, int], dict[int, int]] = {}
    for what, first, second in steps:
        if what == "vote":
            counted = store.vote(room.code, room.asked, room.ballot, str(first), second)
            assert counted == (room.ballot > 0 and first < 6)
            if counted:
                oracle.setdefault((room.asked, room.ballot), {})[first] = second
        elif what == "late":  # for a ballot that is over, or that is not yet
            other = {1: 2, 2: 1, 0: 1}[room.ballot]
            assert not store.vote(room.code, room.asked, other, str(first), second)
            assert not store.vote(room.code, room.asked + 1, 1, str(first), second)
        elif what == "restart":
            store.close()
            store = stores.opened(place)
            assert store.read(room.code, NOW) == room
        else:
            try:
                later = room.asking(question_of(ASKED | {"name": str(first)})) if what == "ask" else room.moved(what)
            except RoomError:
                continue
            if later is not room:
                stale = room
                room = store.change(later)
                assert room is not None and store.change(stale) is None
    for asked in range(room.asked + 1):
        found = store.votes(room.code, asked)
        for ballot in (1, 2):
            assert Counter(found[ballot - 1]) == Counter(map(float, oracle.get((asked, ballot), {}).values()))
    store.close()


def test_a_vote_and_the_end_of_its_ballot_by_another_process_are_one_after_the_other(place: Path | str):
    store, room = opened(place)
    other = stores.opened(place)
    assert store.join(room.code, "a", NOW)
    room = store.change(room.asking(question_of(ASKED)))
    assert other.vote(room.code, room.asked, 1, "a", 2)
    assert store.change(room.moved("show")) and not other.vote(room.code, room.asked, 1, "a", 0)
    assert store.votes(room.code, room.asked) == ([2.0], [])


def test_a_room_holds_so_many_phones_and_one_that_left_without_a_vote_gives_way(place: Path | str):
    store, room = opened(place)
    room = store.change(room.asking(question_of(ASKED)))
    assert all(store.join(room.code, str(phone), NOW) for phone in range(MOST_PHONES))
    assert store.vote(room.code, room.asked, 1, "0", 1)
    later = NOW + GONE_SECONDS + 1
    assert not store.join(room.code, "new", NOW + 1) and store.join(room.code, "7", NOW + 1)
    for phone in range(2, MOST_PHONES):
        assert store.see(room.code, str(phone), later, None)
    assert store.join(room.code, "new", later)  # in place of 1; 0 has voted
    assert not store.join(room.code, "newer", later)
    assert not store.see(room.code, "1", later, None) and store.see(room.code, "0", later, None)
    assert store.votes(room.code, room.asked) == ([1.0], [])


def test_so_many_rooms_are_open_and_one_that_nobody_uses_gives_way(place: Path | str):
    store = stores.opened(place)
    rooms = [new_room(NOW + k)[0] for k in range(MOST_ROOMS)]
    assert all(store.add(room, room.opened) for room in rooms)
    with pytest.raises(FullError):
        store.add(new_room(NOW)[0], NOW + 60)
    later = NOW + UNUSED_SECONDS + MOST_ROOMS
    store.use(rooms[0].code, later)
    assert store.join(rooms[1].code, "phone", later)
    assert store.add(new_room(later)[0], later)
    assert [store.read(room.code, later) is None for room in rooms[:4]] == [False, False, True, False]


def test_a_room_ends_after_a_day_or_by_a_press_with_all_that_it_held(place: Path | str):
    store, room = opened(place)
    room = store.change(room.asking(question_of(ASKED)))
    assert store.join(room.code, "a", NOW) and store.vote(room.code, room.asked, 1, "a", 1)
    room = store.change(room.sat("before"))
    assert store.hand_in(room.code, "a", Handed("before", "0" * 16, (0,) * 12)) and left(place) > 3
    assert not store.add(replace(new_room(NOW)[0], code=room.code), NOW)
    over = NOW + ROOM_SECONDS
    assert store.read(room.code, over - 1) and store.read(room.code, over) is None
    assert not store.join(room.code, "b", over)
    store.end(room.code)
    assert store.read(room.code, NOW) is None
    assert left(place) == 0


def left(place: Path | str) -> int:
    """How much a store holds."""
    if isinstance(place, str):
        import redis

        return redis.Redis.from_url(place).dbsize()
    with sqlite3.connect(place) as db:
        tables = ("rooms", "phones", "votes", "handed")
        return sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def test_who_is_there_and_who_follows_is_counted(place: Path | str):
    store, room = opened(place)
    assert all(store.join(room.code, phone, NOW) for phone in "abc")
    assert store.see(room.code, "a", NOW + 30, True) and store.see(room.code, "b", NOW + 30, False)
    assert store.present(room.code, NOW + 20) == (2, 1)
    assert store.see(room.code, "a", NOW + 60, None)  # from its page of choices; the page that follows was closed
    assert store.present(room.code, NOW + 50) == (1, 0)
    assert not store.see(room.code, "d", NOW, True)


def test_answers_to_the_inventory_are_of_one_phone_and_one_pseudonym(place: Path | str):
    store, room = opened(place)
    one, two = (Handed("before", digit * 16, (0, None) * 6) for digit in "01")
    assert store.join(room.code, "a", NOW) and store.join(room.code, "b", NOW)
    assert store.hand_in(room.code, "a", one) is None  # no sitting yet
    room = store.change(room.sat("before"))
    assert store.hand_in(room.code, "a", one) and store.hand_in(room.code, "b", one) is False
    assert store.hand_in(room.code, "a", two) and store.hand_in(room.code, "b", one)
    assert store.hand_in(room.code, "stranger", replace(one, who="2" * 16)) is None
    assert store.handed_in(room.code) == [one, two]
    room = store.change(room.sat("after"))
    assert store.hand_in(room.code, "a", one) is None and store.hand_in(room.code, "a", replace(one, sitting="after"))
    assert [each.sitting for each in store.handed_in(room.code)] == ["after", "before", "before"]


def test_answers_of_an_earlier_room_stand_beside_those_of_phones_and_replace_none(
    place: Path | str, monkeypatch: pytest.MonkeyPatch
):
    store, room = opened(place)
    monkeypatch.setattr("explorer.classes.store.MOST_BROUGHT", 3)
    monkeypatch.setattr("explorer.classes.redis_store.MOST_BROUGHT", 3, raising=False)
    one, two, three, four = (Handed("before", digit * 16, (0, None) * 6) for digit in "0123")
    assert not store.bring("WRONG", [one]) and store.join(room.code, "a", NOW)
    assert store.bring(room.code, [one, two]) and store.bring(room.code, [one])
    room = store.change(room.sat("before"))
    own = replace(three, answers=(1,) * 12)
    assert store.hand_in(room.code, "a", own) and store.hand_in(room.code, "a", replace(own, who=one.who)) is False
    assert store.bring(room.code, [three, four]) and store.handed_in(room.code) == [one, two, own]
    store.end(room.code)
    assert left(place) == 0


def test_a_redis_that_is_gone_is_an_error_of_the_store():
    if why := redis_server.missing():
        pytest.skip(why)
    with pytest.raises(stores.StoreError):
        stores.opened(f"redis://127.0.0.1:{free_port()}").read("BCDFH", NOW)


def test_the_file_is_for_its_owner_alone_and_where_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EXPLORER_ROOMS", str(tmp_path / "deep" / "rooms.sqlite"))
    opened(stores.path())
    assert (tmp_path / "deep" / "rooms.sqlite").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("EXPLORER_ROOMS", "postgres://me:secret@127.0.0.1")
    with pytest.raises(SystemExit, match="path of a file") as refused:
        stores.path()
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("EXPLORER_ROOMS", "redis://127.0.0.1")
    monkeypatch.setattr(stores.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="requirements-scale.txt"):
        stores.path()
    monkeypatch.setattr(stores.importlib.util, "find_spec", lambda _: True)
    assert stores.path() == "redis://127.0.0.1"
    monkeypatch.setenv("EXPLORER_ROOMS", "")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert stores.path() == tmp_path / "explorer" / "rooms.sqlite"
