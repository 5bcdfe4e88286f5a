"""Routes of the inventory over HTTP: what a class does, and what a stranger cannot do."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from explorer.classes import http, phone, survey
from explorer.lessons import handed_in, inventory
from tests.class_room import CHOICES, Lecturer, Phone, client_of, join, lecturer
from tests.server import serve

APP = "tests/class_app.py"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rooms") / "rooms.sqlite"


@pytest.fixture(scope="module")
def client(file: Path) -> Iterator[httpx.Client]:
    with serve(file.parent / "log.txt", app=APP, EXPLORER_ROOMS=str(file), MANY_ROOMS="1") as server:
        yield client_of(server.url)


def sit(leads: Lecturer, sitting: str, **more: str) -> httpx.Response:
    said = {"sitting": sitting, **more}
    return leads.client.post(f"/r/{leads.code}/sit", json=said, headers=leads.headers)


def gains(leads: Lecturer, kind: str = "") -> httpx.Response:
    return leads.client.get(f"/r/{leads.code}/gains", params={"as": kind} if kind else {}, headers=leads.headers)


def asks(each: Phone, own: object) -> httpx.Response:
    return each.client.post(f"/r/{each.code}/items", json={"phone": each.key, "own": own})


def hands(each: Phone, own: object, sitting: str, answers: object) -> httpx.Response:
    said = {"phone": each.key, "own": own, "sitting": sitting, "answers": answers}
    return each.client.post(f"/r/{each.code}/handin", json=said)


def takes(each: Phone, own: str, sitting: str, right: int) -> dict:
    """A student answers the first items right and the others by the next choice."""
    found = asks(each, own).json()
    items = inventory.form(inventory.form_of(found["who"], sitting))
    assert [item["question"] for item in found["items"]] == [item.question for item in items]
    answers = [item.right if k < right else (item.right + 1) % 4 for k, item in enumerate(items)]
    answer = hands(each, own, sitting, answers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_class_is_asked_before_and_after_and_only_the_lecturer_sees_what_it_learned(client: httpx.Client, file: Path):
    leads = lecturer(client)
    phones = [join(client, leads.code) for _ in range(6)]
    assert asks(phones[0], "code0").status_code == 409  # no sitting yet
    assert sit(leads, "before").json()["open"] == "before"
    assert phones[0].state().json()["sitting"] == "before"
    saved = [takes(each, f"secretly{k}", "before", 3) for k, each in enumerate(phones)]
    seen = gains(leads).json()
    assert seen["counts"]["before"] == 6 and seen["items"] == [] and seen["all"] is None
    assert gains(leads, "items").status_code == 409
    assert sit(leads, "").json()["all"]["before"] == 0.25
    assert "sitting" not in phones[0].state().json()
    assert hands(phones[0], "secretly0", "before", [0] * 12).status_code == 409
    sit(leads, "after")
    others = [join(client, leads.code) for _ in range(6)]  # other phones of the same students
    for k, each in enumerate(others):
        takes(each, f"SECRETLY {k}", "after", 9)
    found = sit(leads, "").json()
    assert found["counts"] == {"before": 6, "after": 6, "both": 6}
    assert found["all"]["gain"] == pytest.approx((0.75 - 0.25) / 0.75)
    table = list(csv.reader(io.StringIO(gains(leads, "items").text)))
    assert table[-1][0] == "all" and float(table[-1][5]) == pytest.approx(2 / 3, abs=1e-4)
    assert len(list(csv.reader(io.StringIO(gains(leads, "canvas").text)))) == 8
    assert len(list(csv.reader(io.StringIO(gains(leads, "moodle").text)))) == 7
    salt, handed = handed_in.of_file(gains(leads, "answers").json())
    assert salt == saved[0]["salt"] and len(handed) == 12
    assert handed_in.of_file(saved[0])[1][0] in handed
    raw = b"".join(path.read_bytes() for path in file.parent.glob("rooms.sqlite*"))
    assert b"secretly" not in raw.lower() and b"handed" in raw
    code = leads.code
    leads.does("end")
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT count(*) FROM handed WHERE code = ?", (code,)).fetchone() == (0,)


def test_a_vote_goes_before_the_inventory_and_a_second_room_keeps_the_pseudonyms(client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    sit(leads, "before")
    saved = takes(first, "mine1", "before", 3)
    leads.does("ask", question=CHOICES)
    assert first.state().json()["choices"] == CHOICES["choices"] and first.vote(1, 1, 0).status_code == 200
    later = lecturer(client)
    again = join(client, later.code)
    assert sit(later, "after", salt=saved["salt"]).status_code == 200
    assert asks(again, "MINE 1").json()["who"] == saved["handed"][0]["who"]
    assert sit(later, "after", salt="1" * 32).status_code == 400


def test_two_rooms_on_two_days_pair_their_students_by_the_file_of_the_first(client: httpx.Client):
    first = lecturer(client)
    sit(first, "before")
    for k in range(6):
        takes(join(client, first.code), f"mine{k}", "before", 3)
    sit(first, "")
    file = gains(first, "answers").json()
    first.does("end")
    second = lecturer(client)
    assert bring(second, file).json()["counts"] == {"before": 6, "after": 0, "both": 0}
    sit(second, "after")
    for k in range(5):
        takes(join(client, second.code), f"MINE {k}", "after", 9)
    found = sit(second, "").json()
    assert found["counts"] == {"before": 6, "after": 5, "both": 5}
    assert found["all"]["gain"] == pytest.approx((0.75 - 0.25) / 0.75)
    again = bring(second, file | {"salt": "0" * 32})
    assert again.status_code == 409 and again.json()["error"] == survey.OTHER_SALT
    second.does("end")


def bring(leads: Lecturer, file: dict, **headers: str) -> httpx.Response:
    return leads.client.post(f"/r/{leads.code}/bring", json=file, headers=headers or leads.headers)


GIVEN = {"sitting": "before", "who": "0" * 16, "answers": [0] * 12}


@pytest.mark.parametrize(
    "more",
    [
        *({"salt": salt} for salt in (None, "", "x" * 32, 5)),
        *({"handed": handed} for handed in (None, 5, "x", [5], [[]], [{}], {"a": 1})),
        *({"handed": [GIVEN | each]} for each in ({"who": "<b>"}, {"sitting": "now"}, {"answers": [9] * 12})),
        {"inventory": 2},
    ],
)
def test_a_file_of_an_earlier_room_is_checked(more: dict, client: httpx.Client):
    leads = lecturer(client)
    assert bring(leads, {"inventory": 1, "salt": "0" * 32, "handed": [GIVEN]} | more).status_code == 400
    assert gains(leads).json()["counts"]["before"] == 0
    leads.does("end")  # a server has a bounded number of rooms


def test_a_stranger_brings_no_answers(client: httpx.Client):
    leads = lecturer(client)
    file = {"inventory": 1, "salt": "0" * 32, "handed": [GIVEN]}
    for secret in ("", "0" * 32, join(client, leads.code).key, lecturer(client).secret):
        assert bring(leads, file, **{"x-secret": secret}).status_code == 403
    assert gains(leads).json()["counts"]["before"] == 0
    leads.does("end")


def test_a_code_belongs_to_one_phone_and_a_phone_to_one_code(client: httpx.Client):
    leads = lecturer(client)
    one, two = join(client, leads.code), join(client, leads.code)
    sit(leads, "before")
    takes(one, "mine1", "before", 3)
    found = hands(two, "mine1", "before", [0] * 12)
    assert found.status_code == 409 and found.json()["error"] == survey.OTHERS_CODE
    takes(one, "mine1", "before", 5)  # changed: the last one counts
    takes(one, "other", "before", 5)  # the code was mistyped
    takes(two, "mine1", "before", 3)  # so it is free
    assert gains(leads).json()["counts"]["before"] == 2


def test_fewer_than_five_students_have_no_figures_and_no_file(client: httpx.Client):
    leads = lecturer(client)
    phones = [join(client, leads.code) for _ in range(4)]
    sit(leads, "before")
    for k, each in enumerate(phones):
        takes(each, f"code{k}", "before", 3)
    assert sit(leads, "").json()["items"] == []
    assert {gains(leads, kind).status_code for kind in survey.FILES} == {409}


STRANGE = [b"", b"0" * 32, b"x" * 500, "é".encode()]


@pytest.mark.parametrize("secret", STRANGE)
def test_a_stranger_reads_no_report_and_opens_no_sitting(secret: bytes, client: httpx.Client):
    leads = lecturer(client)
    headers = {"x-secret": secret}
    for kind in ("", "items", "answers", "x"):
        found = client.get(f"/r/{leads.code}/gains?as={kind}", headers=headers)
        assert found.status_code == 403 and found.json() == {"error": http.NO_ROOM}
    assert client.post(f"/r/{leads.code}/sit", json={"sitting": "before"}, headers=headers).status_code == 403
    assert gains(leads).json()["open"] == ""


def test_a_phone_and_another_rooms_lecturer_read_no_report(client: httpx.Client):
    leads, other = lecturer(client), lecturer(client)
    first = join(client, leads.code)
    for secret in (first.key, other.secret):
        assert client.get(f"/r/{leads.code}/gains", headers={"x-secret": secret}).status_code == 403


def test_a_phone_of_another_room_hands_nothing_in(client: httpx.Client):
    leads, other = lecturer(client), lecturer(client)
    sit(leads, "before")
    first = join(client, other.code)
    first.code = leads.code
    assert asks(first, "mine1").status_code == hands(first, "mine1", "before", [0] * 12).status_code == 404
    assert gains(leads).json()["counts"]["before"] == 0


@pytest.mark.parametrize(
    "answers", [None, "x", [], [0] * 11, [9] * 12, [True] * 12, ["<b>"] * 12, [0] * 2_000, [1e400] * 12]
)
def test_answers_are_checked(answers, client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    sit(leads, "before")
    if answers == [1e400] * 12:
        found = client.post(
            f"/r/{first.code}/handin",
            content=f'{{"phone": "{first.key}", "own": "mine1", "sitting": "before", "answers": [1e400]}}',
            headers={"content-type": "application/json"},
        )
        assert found.status_code == 400
    else:
        assert hands(first, "mine1", "before", answers).status_code == 400
    assert gains(leads).json()["counts"]["before"] == 0


@pytest.mark.parametrize("own", [None, "", "abc", "x" * 25, "<img src=x>", 7, ["abcd"], "a" * 12_000])
def test_a_code_is_checked(own, client: httpx.Client):
    leads = lecturer(client)
    first = join(client, leads.code)
    sit(leads, "before")
    assert asks(first, own).status_code == 400


@pytest.mark.parametrize("said", [{}, {"sitting": "now"}, {"sitting": None}, {"sitting": ["before"]}, {"sitting": 1}])
def test_a_sitting_is_checked(said: dict, client: httpx.Client):
    leads = lecturer(client)
    assert client.post(f"/r/{leads.code}/sit", json=said, headers=leads.headers).status_code == 400
    for salt in ("", "x" * 32, 7, ["0" * 32]):
        assert sit(leads, "before", salt=salt).status_code == 400


def test_bodies_methods_and_other_sites_are_checked(client: httpx.Client):
    leads = lecturer(client)
    path = f"/r/{leads.code}/handin"
    assert client.post(path, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert client.post(path, json={"own": "x" * 20_000}).status_code == 413
    assert client.post(path, json={}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.get(path).status_code == client.post(f"/r/{leads.code}/gains", json={}).status_code == 405
    assert client.post("/r/report", json={}).status_code == 405
    assert gains(leads, "x").status_code == 400 and gains(leads, "<b>").status_code == 400


def test_a_phone_asks_for_items_no_more_often_than_it_votes(client: httpx.Client):
    """A pseudonym takes 5 ms, and tries of others' codes cost time."""
    leads = lecturer(client)
    first = join(client, leads.code)
    sit(leads, "before")
    statuses = [asks(first, f"guess{k}").status_code for k in range(16)]
    assert statuses.count(200) <= 16 and set(statuses) <= {200, 429}
    assert http.PHONE_VOTES == (2, 10)


def test_the_page_of_a_report_holds_no_figure_and_runs_its_own_script_alone(client: httpx.Client):
    found = client.get("/r/report")
    assert found.status_code == 200 and int(found.headers["content-length"]) < 8_000
    policy = found.headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    text, _ = phone.page("report")
    assert not re.findall(r"(?:src|href)=\"(?!data:)[^\"]", text) and "innerHTML" not in text


def test_a_saved_report_holds_its_figures_and_no_text_of_it_is_markup():
    text = phone.saved_report(b'{"title": "</script><script>alert(1)</script>"}')
    assert text.count("<script") == 2 and "\\u003c/script>" in text
