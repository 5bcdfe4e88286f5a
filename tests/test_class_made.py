"""What a class makes is bounded, kept through a restart, deleted with the room, and steered by the lecturer alone."""

import base64
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.classes import made_http, passages, store, trials
from explorer.classes.made import (
    DRAWING_BYTES,
    KEPT_BACK,
    LET,
    PHONE_POINTS,
    PHONE_TRIALS,
    WAITS,
    WHICH_DIGITS,
    Made,
    MadeStore,
    opened_made,
)
from explorer.classes.passages import PASSAGE_CONTEXT, PASSAGE_GUESSED
from explorer.classes.room import (
    FEWEST_VOTES,
    KINDS_MADE,
    MADE_DRAWING,
    MADE_GUESSES,
    MADE_POINTS,
    MADE_TRIALS,
    MOST_PHONES,
    RoomError,
    digest_of,
    new_room,
    question_of,
)
from explorer.classes.store import Store
from explorer.data.playground import PLAYGROUND_DRAWN
from tests import redis_server
from tests.class_room import Lecturer, Phone, client_of, join, lecturer
from tests.server import serve

APP, NOW = "tests/class_app.py", 1_800_000_000.0


@pytest.fixture(scope="module", params=["sqlite", "redis"])
def kept_at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | str]:
    """Where rooms are kept: of both back ends in turn."""
    folder = tmp_path_factory.mktemp("made")
    if request.param == "sqlite":
        yield folder / "rooms.sqlite"
        return
    if why := redis_server.missing():
        pytest.skip(why)
    with redis_server.running(folder) as url:
        yield url


@pytest.fixture(scope="module")
def client(kept_at: Path | str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    log = tmp_path_factory.mktemp("client") / "log.txt"
    with serve(log, app=APP, EXPLORER_ROOMS=str(kept_at), MANY_ROOMS="1") as server:
        yield client_of(server.url)


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def drawing(k: int = 1) -> str:
    return text(bytes([k]) + bytes(DRAWING_BYTES - 1))


def points(k: int, count: int = PHONE_POINTS) -> str:
    return text(bytes([k, 255 - k]) * count)


def make(phone: Phone, value, place=0, asked=1) -> httpx.Response:
    said = {"phone": phone.key, "asked": asked, "place": place, "value": value}
    return phone.client.post(f"/r/{phone.code}/make", json=said)


def task(phone: Phone) -> dict:
    return phone.client.get(f"/r/{phone.code}/task", headers={"x-phone": phone.key}).json()


def seen(leads: Lecturer, kind: str) -> dict:
    return leads.client.get(f"/r/{leads.code}/made", params={"kind": kind}, headers=leads.headers).json()


def asking(client: httpx.Client, kind: str, phones: int = 1, **more) -> tuple[Lecturer, list[Phone]]:
    leads = lecturer(client)
    found = [join(client, leads.code) for _ in range(phones)]
    leads.does("ask", question={"name": kind, "kind": kind, **more})
    return leads, found


def test_points_of_all_phones_are_one_data_set_and_each_phone_has_its_share(client: httpx.Client):
    leads, phones = asking(client, MADE_POINTS, FEWEST_VOTES)
    for k, each in enumerate(phones[:-1]):
        assert make(each, points(k)).status_code == 200
    assert "points" not in seen(leads, MADE_POINTS) and leads.sees()["answered"] == [4, 0]
    assert make(phones[-1], points(9, 7)).status_code == make(phones[-1], points(4)).status_code == 200
    found = seen(leads, MADE_POINTS)
    assert found["phones"] == 5 and found["count"] == 5 * PHONE_POINTS
    raw = base64.b64decode(found["points"])
    assert Counter(raw[::2]) == dict.fromkeys(range(5), PHONE_POINTS) and found["board"] == found["points"]
    assert task(phones[0])["value"] == points(0)
    assert make(phones[0], "").status_code == 200 and leads.sees()["answered"] == [4, 0]


def test_more_points_than_the_playground_takes_are_thinned_evenly():
    raw = [Made(str(k), 0, bytes([k, k]) * PHONE_POINTS, 0) for k in range(200)]
    found = made_http.points(raw)
    board = Counter(base64.b64decode(found["board"])[::2])
    assert found["count"] == 6_000 and board.total() == PLAYGROUND_DRAWN == made_http.MOST_BOARD
    assert len(board) == 200 and set(board.values()) <= {2, 3}


def test_only_drawings_that_the_lecturer_let_through_are_let_through(client: httpx.Client):
    leads, (one, other) = asking(client, MADE_DRAWING, 2)
    assert make(one, drawing(1)).status_code == make(other, drawing(2)).status_code == 200
    names = {bits: which for which, bits, _ in seen(leads, MADE_DRAWING)["drawings"]}
    which = names[drawing(1)]
    leads.does("let", asked=1, which=which, drawing=drawing(1), on=True)
    assert [state for _, _, state in sorted(seen(leads, MADE_DRAWING)["drawings"], key=lambda each: each[1])] == [1, 0]
    assert make(one, drawing(1)).status_code == 200  # sent again: it stays
    assert {state for bits, state in ((b, s) for _, b, s in seen(leads, MADE_DRAWING)["drawings"])} == {0, 1}
    assert make(one, drawing(3)).status_code == 200  # another one waits again
    assert {state for _, _, state in seen(leads, MADE_DRAWING)["drawings"]} == {0}
    said = {"do": "let", "asked": 1, "which": which, "drawing": drawing(1), "on": True}
    late = client.post(f"/r/{leads.code}/lead", json=said, headers=leads.headers)
    assert late.status_code == 409  # what the lecturer saw is not there any more
    leads.does("let", asked=1, which=which, drawing=drawing(3), on=False)
    assert task(one)["state"] == 2
    change = seen(leads, MADE_DRAWING)["change"]
    assert make(one, drawing(4)).status_code == 200
    leads.does("let", asked=1, change=change)
    states = {bits: state for _, bits, state in seen(leads, MADE_DRAWING)["drawings"]}
    assert states == {drawing(2): 1, drawing(4): 0}, "the newest one was not seen"
    leads.does("clear")
    assert len(seen(leads, MADE_DRAWING)["drawings"]) == 2, "they outlive their question"


@pytest.mark.parametrize(
    ("kind", "value", "place"),
    [
        *(
            (MADE_POINTS, value, 0)
            for value in (points(1, PHONE_POINTS + 1), "AAAA", "é", None, 5, ["AA=="], "A" * 9000)
        ),
        *((MADE_DRAWING, value, 0) for value in (text(b"\1" * 97), text(b"\1" * 99), text(bytes(98)), "<b>", 1, {})),
        *((MADE_TRIALS, value, 0) for value in (2, -1, True, "1", None, 0.5, [1])),
        *((MADE_GUESSES, value, 0) for value in ("E", "ab", "", "é", "$", "\u0000", None, 5, "💥")),
        *((kind, 1, place) for kind in KINDS_MADE for place in (-1, 20, 10**9, 1)),
    ],
)
def test_what_a_phone_sends_is_checked(kind: str, value, place: int, shared: dict):
    leads, phone = shared[kind]
    answer = make(phone, value, place)
    time.sleep(0.3)  # as many as a phone may send
    assert answer.status_code == 400 and set(answer.json()) == {"error"}
    assert leads.sees()["answered"] == [0, 0]


@pytest.fixture(scope="module")
def shared(client: httpx.Client) -> dict[str, tuple[Lecturer, Phone]]:
    """A room of each kind with one phone."""
    found = {kind: asking(client, kind) for kind in KINDS_MADE}
    return {kind: (leads, phones[0]) for kind, (leads, phones) in found.items()}


@pytest.mark.parametrize(("place", "asked"), [("0", 1), (None, 1), (0, "1"), (True, 1), (0, None), (0.5, 1)])
def test_numbers_of_a_value_are_numbers(place, asked, shared: dict):
    assert make(shared[MADE_POINTS][1], points(1), place, asked).status_code == 400


def test_nothing_counts_in_another_question_room_or_phase(client: httpx.Client):
    leads, (one,) = asking(client, MADE_POINTS)
    assert make(one, points(1), asked=2).status_code == make(one, points(1), asked=0).status_code == 409
    stranger = replace(one, key="0" * 32)
    other = replace(join(client, lecturer(client).code), code=leads.code)
    assert make(stranger, points(1)).status_code == make(other, points(1)).status_code == 404
    assert one.vote(1, 1, 0).status_code == 400, "nobody votes on what is made"
    leads.does("show")
    assert make(one, points(1)).status_code == 409 and leads.sees()["answered"] == [0, 0]
    leads.does("ask", question={"name": "q", "choices": ["a", "b"]})
    assert make(one, points(1), asked=2).status_code == 409
    assert client.get(f"/r/{leads.code}/task", headers={"x-phone": one.key}).status_code == 409


@pytest.mark.parametrize("secret", ["", "0" * 32])
def test_a_stranger_or_a_phone_sees_no_drawing_and_lets_none_through(secret: str, client: httpx.Client):
    leads, (one,) = asking(client, MADE_DRAWING)
    make(one, drawing())
    (which, *_) = seen(leads, MADE_DRAWING)["drawings"][0]
    for key in (secret, one.key, lecturer(client).secret):
        headers = {"x-secret": key}
        said = {"do": "let", "asked": 1, "which": which, "drawing": drawing(), "on": True}
        assert client.post(f"/r/{leads.code}/lead", json=said, headers=headers).status_code == 403
        assert client.get(f"/r/{leads.code}/made", params={"kind": MADE_DRAWING}, headers=headers).status_code == 403
    assert seen(leads, MADE_DRAWING)["drawings"][0][2] == 0


@pytest.mark.parametrize(
    "said",
    [
        *({"which": which} for which in (None, 5, "x", "%" * WHICH_DIGITS, "a" * 500)),
        *({"on": on} for on in (None, 1, "yes")),
        *({"drawing": value} for value in (None, "", "x", drawing(9))),
        *({"asked": value} for value in (None, "1", 7, 10**30, -(10**30))),
        *({"change": value} for value in (None, "1", 10**30)),
    ],
)
def test_a_broken_permission_is_refused_by_name(said: dict, client: httpx.Client, shared: dict):
    leads = shared[MADE_DRAWING][0]
    whole = {"do": "let", "asked": 1, "which": "a" * WHICH_DIGITS, "drawing": drawing(), "on": True} | said
    answer = client.post(f"/r/{leads.code}/lead", json=whole, headers=leads.headers)
    assert answer.status_code in (400, 409) and answer.json()["error"]


def test_phones_get_no_text_no_drawing_and_no_points_of_another_phone(client: httpx.Client):
    for kind, value in ((MADE_POINTS, points(7)), (MADE_DRAWING, drawing(7))):
        leads, (one, other) = asking(client, kind, 2)
        make(one, value)
        assert value not in str(task(other)) and value not in other.state().text
        assert set(task(other)) == {"asked", "kind", "done", "of"}


def test_the_images_of_a_task_do_not_tell_their_source_and_the_score_comes_when_it_is_closed(client: httpx.Client):
    leads, phones = asking(client, MADE_TRIALS, FEWEST_VOTES)
    first = task(phones[0])
    assert set(first) == {"asked", "kind", "done", "of", "images"} and first["of"] == PHONE_TRIALS
    assert len(base64.b64decode(first["images"])) == PHONE_TRIALS * DRAWING_BYTES
    assert first["images"] == task(phones[0])["images"] != task(phones[1])["images"]
    for each in phones:
        truth = [family != trials.TRIAL_REAL for family, _ in trials.plan(leads.code, 1, digest_of(each.key))]
        assert sum(truth) == PHONE_TRIALS // 2
        for place, is_made in enumerate(truth[:8]):
            assert make(each, int(is_made), place).status_code == 200
        assert make(each, int(not truth[0]), 0).status_code == 200  # the first judgement counts
        assert make(each, 1, 9).status_code == 400  # one is left out
    assert "families" not in seen(leads, MADE_TRIALS)
    leads.does("show")
    assert task(phones[0])["right"] == 8
    found = seen(leads, MADE_TRIALS)
    assert found["values"] == 40 and found["real"]["alarms"] == 0
    assert all(each.get("hits", each["n"]) == each["n"] for each in found["families"])
    assert all("value" in each or each["n"] < FEWEST_VOTES for each in found["families"])
    assert found["all"]["hits"] == found["all"]["n"] == sum(each["n"] for each in found["families"])
    assert found["all"]["n"] + found["real"]["n"] == 40


def test_a_phone_learns_a_character_after_its_guess_alone(client: httpx.Client):
    leads, phones = asking(client, MADE_GUESSES, FEWEST_VOTES, passage=2)
    whole = passages.read()["passages"][2]["text"]
    assert task(phones[0])["text"] == whole[:PASSAGE_CONTEXT]
    assert make(phones[0], "a", 1).status_code == 400
    for each in phones:
        for place in range(3):
            answer = make(each, passages.fold(whole[PASSAGE_CONTEXT + place]), place)
            assert answer.json()["was"] == whole[PASSAGE_CONTEXT + place]
    again = make(phones[0], "z", 0)
    assert again.json()["was"] == whole[PASSAGE_CONTEXT] and task(phones[0])["right"] == 3
    assert task(phones[0])["text"] == whole[: PASSAGE_CONTEXT + 3]
    assert "characters" not in seen(leads, MADE_GUESSES)
    leads.does("show")
    found = seen(leads, MADE_GUESSES)
    assert [(each["n"], each["hits"]) for each in found["characters"]] == [(5, 5)] * 3
    net = passages.read()["passages"][2]["bits"][:3]
    assert found["means"]["net"] == pytest.approx(sum(net) / 3)


def test_strange_queries_are_refused_by_name_or_left_unread(shared: dict):
    leads, phone = shared[MADE_POINTS]
    many = "&".join(f"a{k}={k}" for k in range(50))
    for query in ("", "kind=", "kind=html", "kind=points&kind=drawing", many, "kind=%00", "kind=" + "x" * 5_000):
        answer = leads.client.get(f"/r/{leads.code}/made?{query}", headers=leads.headers)
        assert answer.status_code == 400 and "A kind is one of" in answer.json()["error"]
    path = f"/r/{phone.code}/state?{many}"
    assert phone.client.get(path, headers={"x-phone": phone.key}).status_code == 200


@pytest.mark.parametrize(
    "said", [{"kind": "html"}, {"kind": 5}, {"kind": "guesses", "passage": -1}, {"kind": "guesses", "passage": "1"}]
)
def test_a_question_of_another_kind_is_refused(said: dict):
    with pytest.raises(RoomError):
        question_of({"name": "x"} | said)


def test_what_was_made_is_kept_when_the_server_is_killed(kept_at: Path | str, tmp_path: Path):
    settings = {"app": APP, "EXPLORER_ROOMS": str(kept_at)}
    with serve(tmp_path / "log.txt", **settings) as server:
        leads, phones = asking(client_of(server.url), MADE_POINTS, 8)
        for k, each in enumerate(phones):
            assert make(each, points(k)).status_code == 200
        os.kill(server.pid, signal.SIGKILL)
    with serve(tmp_path / "again.txt", **settings) as server:
        leads.client = client_of(server.url)
        assert seen(leads, MADE_POINTS)["count"] == 8 * PHONE_POINTS


@pytest.fixture
def stores(kept_at: Path | str, tmp_path: Path) -> tuple[Path | str, Store, MadeStore]:
    """An empty place with its two stores."""
    place = kept_at
    if isinstance(place, Path):
        place = tmp_path / "rooms.sqlite"
    else:
        import redis

        redis.Redis.from_url(place).flushdb()
    return place, store.opened(place), opened_made(place)


def left(place: Path | str) -> int:
    """Return how many rows or keys a place holds of what classes make."""
    if isinstance(place, Path):
        return sqlite3.connect(place).execute("SELECT count(*) FROM made").fetchone()[0]
    import redis

    return redis.Redis.from_url(place).dbsize()


def test_a_full_room_holds_no_more_than_its_bounds_and_is_deleted_whole(stores: tuple[Path | str, Store, MadeStore]):
    place, rooms, made = stores
    room = new_room(NOW)[0]
    rooms.add(room, NOW)
    rooms.change(room.asking(question_of({"name": "t", "kind": MADE_TRIALS})))
    names = [f"{k:064x}" for k in range(MOST_PHONES)]
    for name in names[:50]:
        rooms.join(room.code, name, NOW)
        for number in range(PHONE_TRIALS):
            for _ in range(2):
                assert made.put(room.code, 1, MADE_TRIALS, name, number, b"\1")
    assert not made.put(room.code, 1, MADE_TRIALS, names[99], 0, b"\1"), "it has not joined"
    assert made.counts(room.code, 1)[:2] == (50, 50 * PHONE_TRIALS)
    rooms.end(room.code)
    assert left(place) == 0
    assert len(names[0]) > WHICH_DIGITS and PASSAGE_GUESSED == 20


ONE, TWO, STRANGER = (digit * 64 for digit in "129")
SENT = st.integers(0, 2).map(lambda k: bytes([k] * DRAWING_BYTES) if k else b"")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from([ONE, TWO, STRANGER]), SENT),
        st.tuples(st.just("let"), st.sampled_from([ONE, TWO, STRANGER]), SENT, st.sampled_from([LET, KEPT_BACK])),
        st.tuples(st.just("let_all"), st.integers(0, 12)),
        st.tuples(st.just("ask"), st.sampled_from([MADE_POINTS, MADE_DRAWING])),
    ),
    max_size=30,
)


class Plain:
    """What a store is to do, with one list: rows of question, kind, phone, value, state and change."""

    def __init__(self):
        self.rows: list[list] = []
        self.asked, self.kind = 0, ""

    def ask(self, kind: str) -> None:
        self.asked, self.kind = self.asked + 1, kind

    @property
    def here(self) -> list[list]:
        return [row for row in self.rows if row[0] == self.asked]

    @property
    def change(self) -> int:
        return max((row[5] for row in self.here), default=0)

    def put(self, phone: str, value: bytes) -> bool:
        if phone == STRANGER:
            return False
        before = [row for row in self.here if row[2] == phone]
        if not before or before[0][3] != value:
            change = self.change + 1
            self.rows = [row for row in self.rows if row not in before]
            self.rows.append([self.asked, self.kind, phone, value, WAITS, change])
        return True

    def let(self, phone: str, value: bytes, state: int) -> bool:
        found = [row for row in self.here if row[1:4] == [MADE_DRAWING, phone, value]]
        change = self.change + 1
        for row in found:
            row[4:] = [state, change]
        return bool(found)

    def let_all(self, last: int) -> None:
        change = self.change + 1
        for row in self.here:
            if row[1] == MADE_DRAWING and row[3] and row[4] == WAITS and row[5] <= last:
                row[4:] = [LET, change]

    def sent(self) -> list[Made]:
        return sorted(Made(row[2], 0, row[3], row[4]) for row in self.here if row[3])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_both_stores_keep_what_a_plain_list_keeps(steps: list, stores: tuple[Path | str, Store, MadeStore]):
    _, rooms, made = stores
    room, plain = new_room(NOW)[0], Plain()
    rooms.add(room, NOW)
    assert all(rooms.join(room.code, phone, NOW) for phone in (ONE, TWO))
    for what, *said in [("ask", MADE_DRAWING), *steps]:
        told = getattr(plain, what)(*said)
        if what == "ask":
            now = rooms.read(room.code, NOW)
            assert now and rooms.change(now.asking(question_of({"name": str(now.asked), "kind": said[0]})))
        elif what == "put":
            assert made.put(room.code, plain.asked, plain.kind, said[0], 0, said[1]) == told
        elif what == "let":
            assert made.let(room.code, plain.asked, said[0][:WHICH_DIGITS], *said[1:]) == told
        else:
            made.let_all(room.code, plain.asked, *said)
        sent = plain.sent()
        assert made.all(room.code, plain.asked) == sent
        assert made.own(room.code, plain.asked, ONE) == [each for each in sent if each.phone == ONE]
        assert made.counts(room.code, plain.asked) == (len(sent), len(sent), plain.change)
        for kind in (MADE_POINTS, MADE_DRAWING):
            assert made.latest(room.code, kind) == max((row[0] for row in plain.rows if row[1] == kind), default=0)
    rooms.end(room.code)


def test_two_hundred_phones_of_one_address_send_at_once_and_a_phone_that_floods_is_slowed(
    kept_at: Path | str, tmp_path: Path
):
    settings = {"app": APP, "EXPLORER_ROOMS": str(kept_at)}
    with serve(tmp_path / "log.txt", **settings) as server:
        client = client_of(server.url)
        leads = lecturer(client)
        with ThreadPoolExecutor(40) as pool:
            phones = [*pool.map(lambda _: join(client, leads.code), range(200))]
            leads.does("ask", question={"name": "p", "kind": MADE_POINTS})
            began = time.monotonic()
            statuses = Counter(each.status_code for each in pool.map(lambda each: make(each, points(3)), phones))
            assert statuses == {200: 200} and time.monotonic() - began < 30
            flood = Counter(each.status_code for each in pool.map(lambda _: make(phones[0], points(5)), range(200)))
        assert set(flood) == {200, 429} and flood[200] < 60
        assert seen(leads, MADE_POINTS)["count"] == 200 * PHONE_POINTS
