"""Two front ends over one Redis: a class of both votes as one, and outlives the end of a front end."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import redis_server
from tests.class_room import CHOICES, Lecturer, client_of, join, lecturer, vote_until_killed
from tests.server import serve

APP = "tests/class_app.py"
pytestmark = pytest.mark.skipif(bool(redis_server.missing()), reason=redis_server.missing() or "Redis is here")


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with redis_server.running(tmp_path) as url:
        yield url


def test_a_class_of_two_front_ends_votes_as_one_and_outlives_the_end_of_one(tmp_path: Path, redis_url: str):
    place = {"EXPLORER_ROOMS": redis_url}
    with serve(tmp_path / "a.txt", app=APP, **place) as one, serve(tmp_path / "b.txt", app=APP, **place) as two:
        clients = [client_of(one.url), client_of(two.url)]
        leads = lecturer(clients[0])
        phones = [join(clients[k % 2], leads.code) for k in range(40)]
        version = str(phones[1].state().json()["version"])
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(phones[1].state, version)
            time.sleep(0.5)
            began = time.monotonic()
            leads.does("ask", question=CHOICES)
            assert waiting.result().json()["phase"] == "open" and time.monotonic() - began < 2.5

        was_told = vote_until_killed(phones, two.pid)
        assert all(was_told[::2]) and not all(was_told)
        assert sum(was_told) <= leads.sees()["answered"][0] <= 40
        for place, each in enumerate(phones):  # as a balancer sends them to the front end that is left
            each.client = clients[0]
            assert was_told[place] or each.vote(1, 1, place % 3).status_code == 200
        assert leads.does("show")["shown"][0] == {"counts": [14, 13, 13]}


def test_a_redis_that_is_away_is_said_and_the_room_goes_on_when_it_answers_again(tmp_path: Path, redis_url: str):
    with serve(tmp_path / "a.txt", app=APP, EXPLORER_ROOMS="redis://127.0.0.1:1/0") as server:
        found = client_of(server.url).post("/r", json={})
        assert found.status_code == 503 and "redis" not in found.text.lower()
    with serve(tmp_path / "b.txt", app=APP, EXPLORER_ROOMS=redis_url) as server:
        leads = lecturer(client_of(server.url))
        code, secret = leads.code, leads.secret
    with serve(tmp_path / "c.txt", app=APP, EXPLORER_ROOMS=redis_url) as server:  # another front end, later
        assert Lecturer(client_of(server.url), code, secret).sees()["phones"] == 0
