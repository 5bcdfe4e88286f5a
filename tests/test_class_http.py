"""Routes of rooms over HTTP: what a class does, what a restart keeps, and what a stranger cannot do."""

import asyncio
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import httpx
import pytest

from explorer.classes import http, phone
from explorer.classes.room import CODE_LENGTH, CODE_LETTERS, MOST_PHONES
from explorer.serving.checks import Refused
from explorer.serving.gate import Gate
from tests.class_room import CHOICES, Lecturer, Line, client_of, join, lecturer, vote_until_killed
from tests.server import serve

APP = "tests/class_app.py"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("rooms")
    file = str(folder / "rooms.sqlite")
    with serve(folder / "log.txt", app=APP, EXPLORER_ROOMS=file, MANY_ROOMS="1") as server:
        yield client_of(server.url)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[httpx.Client]:
    """A server whose limits nobody else has used."""
    with serve(tmp_path / "log.txt", app=APP, EXPLORER_ROOMS=str(tmp_path / "rooms.sqlite")) as server:
        yield client_of(server.url)


def test_a_class_predicts_talks_votes_again_and_is_told(client: httpx.Client):
    leads = lecturer(client)
    phones = [join(client, leads.code.lower()) for _ in range(6)]
    assert leads.does("steer", at="tab=vae&beta=4")["phones"] == 6
    asked = leads.does("ask", question=CHOICES)
    assert (asked["phase"], asked["answered"], asked["shown"]) == ("open", [0, 0], [None, None])
    seen = phones[0].state().json()
    assert seen["choices"] == CHOICES["choices"] and seen["at"] == "tab=vae&beta=4" and "right" not in seen
    assert all(
        each.vote(1, 1, value).status_code == 200 for each, value in zip(phones, [0, 0, 0, 1, 2, 2], strict=True)
    )
    assert phones[5].vote(1, 1, 1).status_code == 200  # changed: the last one counts
    assert leads.sees()["answered"] == [6, 0] and leads.sees()["shown"] == [None, None]
    assert leads.does("show")["shown"] == [{"counts": [3, 2, 1]}, None]
    assert phones[0].vote(1, 1, 1).status_code == 409
    assert leads.does("again")["shown"] == [{"counts": [3, 2, 1]}, None]
    assert all(each.vote(1, 2, 1).status_code == 200 for each in phones[:5])
    told = leads.does("reveal")
    assert told["shown"] == [{"counts": [3, 2, 1]}, {"counts": [0, 5, 0]}]
    assert phones[0].state().json()["right"] == 1
    assert leads.does("clear")["phase"] == "idle" and leads.does("end") == {"ended": True}
    assert phones[0].state().status_code == 404


def test_fewer_than_five_answers_have_no_distribution(client: httpx.Client):
    leads = lecturer(client)
    phones = [join(client, leads.code) for _ in range(4)]
    leads.does("ask", question=CHOICES)
    assert all(each.vote(1, 1, 0).status_code == 200 for each in phones)
    assert leads.does("show")["shown"] == [None, None]
    assert leads.does("reveal")["shown"] == [None, None]


def test_a_phone_waits_for_news_and_has_them_at_once(client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    version = str(first.state().json()["version"])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(first.state, version)
        time.sleep(0.6)
        assert not waiting.done()
        began = time.monotonic()
        leads.does("ask", question=CHOICES)
        assert waiting.result().json()["phase"] == "open"
        assert time.monotonic() - began < 3


def test_a_phone_is_asked_no_more_than_once_a_second(client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    began = time.monotonic()
    for _ in range(7):
        assert first.state("none").status_code == 200
    assert time.monotonic() - began > 2


def test_who_follows_is_counted_until_it_is_free(client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    join(client, leads.code)
    first.state(follows="1")
    assert (leads.sees()["phones"], leads.sees()["following"]) == (2, 1)
    first.state(follows="0")
    assert leads.sees()["following"] == 0


def test_a_phone_that_comes_back_is_the_same_one(client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    assert join(client, leads.code, first.key).key == first.key and leads.sees()["phones"] == 1


def test_every_vote_is_kept_when_the_server_is_killed_in_the_middle_of_a_vote(tmp_path: Path):
    file = str(tmp_path / "rooms.sqlite")
    with serve(tmp_path / "log.txt", app=APP, EXPLORER_ROOMS=file) as server:
        client = client_of(server.url)
        leads = lecturer(client)
        phones = [join(client, leads.code) for _ in range(40)]
        leads.does("ask", question=CHOICES)

        was_told = vote_until_killed(phones, server.pid)
    assert sum(was_told) >= 10 and not all(was_told)
    with serve(tmp_path / "log.txt", app=APP, EXPLORER_ROOMS=file) as server:
        again = client_of(server.url)
        leads = Lecturer(again, leads.code, leads.secret)
        assert leads.sees()["phase"] == "open" and sum(was_told) <= leads.sees()["answered"][0] <= 40
        for place, each in enumerate(phones):  # every phone sends once more what it was not told about
            each.client = again
            assert was_told[place] or each.vote(1, 1, place % 3).status_code == 200
        assert leads.does("show")["shown"][0] == {"counts": [Counter(k % 3 for k in range(40))[k] for k in range(3)]}


STRANGE = [b"", b"0" * 32, b"x" * 500, "é".encode()]


@pytest.mark.parametrize("secret", STRANGE)
def test_a_stranger_does_not_steer_read_or_end(secret: bytes, client: httpx.Client):
    leads = lecturer(client)
    leads.does("ask", question=CHOICES)
    headers = {"x-secret": secret}
    for what in ("steer", "ask", "show", "again", "reveal", "clear", "end"):
        said = {"do": what, "at": "tab=gan", "question": CHOICES | {"name": "theirs"}}
        found = client.post(f"/r/{leads.code}/lead", json=said, headers=headers)
        assert found.status_code == 403 and found.json() == {"error": http.NO_ROOM}
    assert client.get(f"/r/{leads.code}/wall", headers=headers).status_code == 403
    wall = leads.sees()
    assert (wall["phase"], wall["name"], wall["version"]) == ("open", "which", 2)


def test_a_phone_does_not_lead_and_another_rooms_lecturer_does_not_either(client: httpx.Client):
    leads, other = lecturer(client), lecturer(client)
    first = join(client, leads.code)
    for secret in (first.key, other.secret):
        found = client.post(f"/r/{leads.code}/lead", json={"do": "end"}, headers={"x-secret": secret})
        assert found.status_code == 403
    assert first.state().status_code == 200


def test_a_phone_of_another_room_does_not_vote_or_read(client: httpx.Client):
    leads, other = lecturer(client), lecturer(client)
    leads.does("ask", question=CHOICES)
    first = join(client, other.code)
    first.code = leads.code
    assert first.vote(1, 1, 0).status_code == 404 and first.state().status_code == 404
    assert leads.sees()["answered"] == [0, 0]


def test_a_room_that_is_not_there_answers_as_one_of_which_the_key_is_wrong(client: httpx.Client):
    leads = lecturer(client)
    missing = "BBBBB" if leads.code != "BBBBB" else "CCCCC"
    for path, how in [("state", {}), ("wall", {}), ("lead", {"json": {"do": "end"}})]:
        ask = client.post if how else client.get
        there, not_there = (ask(f"/r/{code}/{path}", **how) for code in (leads.code, missing))
        assert (there.status_code, there.text) == (not_there.status_code, not_there.text)
    pages = {client.get(f"/r/{code}").text for code in (leads.code, missing)} | {client.get("/r").text}
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("asked", "ballot", "value", "status"),
    [
        *((1, 1, 3, 400), (1, 1, -1, 400), (1, 1, "1", 400), (1, 1, None, 400), (1, 1, True, 400), (1, 1, [0], 400)),
        *((1, 2, 0, 409), (2, 1, 0, 409), (0, 0, 0, 409), ("1", 1, 0, 400), (1, None, 0, 400), (10**30, 1, 0, 400)),
    ],
)
def test_a_vote_is_checked(asked, ballot, value, status: int, client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    leads.does("ask", question=CHOICES)
    assert first.vote(asked, ballot, value).status_code == status
    assert leads.sees()["answered"] == [0, 0]


def test_bodies_methods_and_other_sites_are_checked(client: httpx.Client):
    leads = lecturer(client)
    path = f"/r/{leads.code}/join"
    assert client.post(path, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert client.post(path, content=b"x=1").status_code == 415
    assert client.post(path, json={"phone": "x" * 20_000}).status_code == 413
    assert client.post(path, json={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(path).status_code == 405 and client.post(f"/r/{leads.code}", json={}).status_code == 405
    assert client.put(path, json={}).status_code == 405
    for path in ("/r/ABC", f"/r/{leads.code}/secret", f"/r/{leads.code}/state/x", "/rr", "/r/%00%00%00%00%00"):
        assert client.post(path, json={}).status_code == 404


def test_the_gate_of_the_page_hands_rooms_over(tmp_path: Path):
    async def nothing(scope, receive, send):
        raise AssertionError("the page was asked")

    async def ask() -> list[httpx.Response]:
        gate = Gate(nothing, {}, {}, {}, further=[http.Rooms(tmp_path / "rooms.sqlite")])
        transport = httpx.ASGITransport(app=gate)
        async with httpx.AsyncClient(transport=transport, base_url="http://explorer") as client:
            room = (await client.post("/r", json={})).json()
            paths = (f"/r/{room['code']}", f"/r/{room['code']}/wall")
            return [await client.get(path, headers={"x-secret": room["secret"]}) for path in paths]

    page, wall = asyncio.run(ask())
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert wall.json()["phones"] == 0 and wall.headers["x-content-type-options"] == "nosniff"


def test_a_thousand_joins_leave_the_room_bounded_and_the_lecturer_at_ease(own: httpx.Client):
    leads = lecturer(own)
    mine = [join(own, leads.code) for _ in range(5)]
    leads.does("ask", question=CHOICES)
    statuses, waits = asyncio.run(flood(str(own.base_url).rstrip("/"), [("join", {})] * 1000, leads))
    assert set(statuses) <= {0, 200, 429, 503} and statuses[200] + len(mine) <= MOST_PHONES  # 503: the room is full
    assert all(each.vote(1, 1, 1).status_code == 200 for each in mine)
    assert leads.does("show")["shown"][0] == {"counts": [0, 5, 0]}
    assert median(waits) < 3


def test_thousands_of_votes_of_one_phone_count_once(own: httpx.Client):
    leads = lecturer(own)
    first = join(own, leads.code)
    mine = [join(own, leads.code) for _ in range(5)]
    leads.does("ask", question=CHOICES)
    votes = [("vote", {"phone": first.key, "asked": 1, "ballot": 1, "value": k % 3}) for k in range(2_000)]
    statuses, waits = asyncio.run(flood(str(own.base_url).rstrip("/"), votes, leads))
    assert set(statuses) <= {0, 200, 429} and statuses[200] < 100
    assert all(each.vote(1, 1, 1).status_code == 200 for each in mine)
    assert sum(leads.does("show")["shown"][0]["counts"]) == 6
    assert median(waits) < 3


async def flood(url: str, requests: list, leads: Lecturer) -> tuple[Counter[int], list[float]]:
    """Send requests of a room, 300 at a time; return their statuses, and how long the lecturer waited meanwhile.

    Status 0 is a connection that the server closed before it had read the request.
    """
    statuses, waits, left = Counter(), [], iter(requests)

    async def send() -> None:
        line = Line(url)
        for path, said in left:
            try:
                status, *_ = await line.ask(f"/r/{leads.code}/{path}", said)
            except OSError:
                status = 0
            statuses[status] += 1
        line.close()

    async def look() -> None:
        line = Line(url)
        while True:
            began = time.monotonic()
            status, *_ = await line.ask(f"/r/{leads.code}/wall", x_secret=leads.secret)
            assert status == 200
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.5)

    looking = asyncio.create_task(look())
    await asyncio.gather(*(send() for _ in range(300)))
    looking.cancel()
    return statuses, waits


def test_wrong_codes_cost_time_and_those_who_are_in_stay_in(own: httpx.Client):
    leads = lecturer(own)
    first = join(own, leads.code)
    codes = [code for code in (f"{a}{b}BBB" for a in CODE_LETTERS for b in CODE_LETTERS) if code != leads.code][:200]
    began = time.monotonic()

    def guess(code: str) -> int:
        return own.post(f"/r/{code}/join", json={}).status_code

    with ThreadPoolExecutor(50) as pool:
        found = Counter(pool.map(guess, codes))
    seconds = time.monotonic() - began
    burst = http.GUESSES[1]
    assert found[404] <= burst + 2 + seconds * http.GUESSES[0] and found[404] + found[429] == 200
    assert first.state().status_code == 200 and leads.sees()["phones"] == 1
    days = len(CODE_LETTERS) ** CODE_LENGTH / 2 / http.GUESSES[0] / 86_400
    assert days > 7  # half of all codes, one after another, from one address


def test_after_many_wrong_codes_a_right_one_tells_nothing(tmp_path: Path):
    async def guess() -> None:
        rooms = http.Rooms(tmp_path / "rooms.sqlite")
        room = await rooms._open("here")
        assert await rooms._guessed(room["code"], "here")
        while not math.isinf(rooms._guesses.wait("here")):
            pass
        assert await rooms._guessed(room["code"], "elsewhere")
        with pytest.raises(Refused):
            await rooms._guessed(room["code"], "here")

    asyncio.run(guess())


def test_two_hundred_phones_of_one_address_join_at_once(own: httpx.Client):
    leads = lecturer(own)
    began = time.monotonic()
    with ThreadPoolExecutor(50) as pool:
        keys = {each.key for each in pool.map(lambda _: join(own, leads.code), range(200))}
    assert len(keys) == 200 and leads.sees()["phones"] == 200
    assert time.monotonic() - began < 30


def test_an_address_opens_a_few_rooms(own: httpx.Client):
    statuses = Counter(own.post("/r", json={}).status_code for _ in range(15))
    assert statuses == {200: http.ROOMS_OF_ADDRESS, 429: 15 - http.ROOMS_OF_ADDRESS}


def test_the_page_of_a_phone_is_small_whole_and_runs_its_own_script_alone(client: httpx.Client):
    found = client.get("/r/BCDFH")
    assert found.status_code == 200
    assert int(found.headers["content-length"]) < 12_000
    assert client.get("/r/BCDFH", headers={"if-none-match": found.headers["etag"]}).status_code == 304
    policy = found.headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    text, _ = phone.page()
    assert not re.findall(r"(?:src|href)=\"(?!data:)[^\"]", text) and "innerHTML" not in text


def test_an_end_that_another_process_makes_is_seen(tmp_path: Path):
    """Two front ends share one file: a phone of the one has the news of the other within a second."""
    file = {"EXPLORER_ROOMS": str(tmp_path / "rooms.sqlite")}
    with serve(tmp_path / "a.txt", app=APP, **file) as one, serve(tmp_path / "b.txt", app=APP, **file) as two:
        leads = lecturer(client_of(one.url))
        first = join(client_of(two.url), leads.code)
        version = str(first.state().json()["version"])
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(first.state, version)
            time.sleep(0.5)
            began = time.monotonic()
            leads.does("ask", question=CHOICES)
            assert waiting.result().json()["phase"] == "open" and time.monotonic() - began < 2.5
        assert first.vote(1, 1, 0).status_code == 200 and leads.sees()["answered"] == [1, 0]
