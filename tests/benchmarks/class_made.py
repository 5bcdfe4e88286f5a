"""A class that makes something, for `class_votes`: 200 phones spray, draw, judge and guess, and nothing is lost.

What the lecturer's page tells in the end is compared with what the server has confirmed to each phone. A browser with a
line of 400 kbit/s visits the page of a phone for the first time.
"""

import asyncio
import base64
import json
import random
import time
from typing import Any

from playwright.async_api import async_playwright

from explorer.classes.made import DRAWING_BYTES, PHONE_POINTS, PHONE_TRIALS
from explorer.classes.passages import PASSAGE_GUESSED, PASSAGE_KEYS
from explorer.classes.room import MADE_DRAWING, MADE_GUESSES, MADE_POINTS, MADE_TRIALS
from tests import chromium

STROKES = 4  # times that a phone sends its points, each time more of them
MAKING = 20.0  # seconds in which phones begin
SLOW_LINE, LATENCY_MS = 400_000 / 8, 100  # bytes a second
PLACES_MADE = {MADE_TRIALS: PHONE_TRIALS, MADE_GUESSES: PASSAGE_GUESSED}


def value_of(kind: str, turn: int) -> Any:
    """Return what a simulated phone sends."""
    if kind == MADE_TRIALS:
        return random.randrange(2)
    if kind == MADE_GUESSES:
        return random.choice(PASSAGE_KEYS)
    size = 2 * PHONE_POINTS * (turn + 1) // STROKES // 2 * 2 if kind == MADE_POINTS else DRAWING_BYTES
    return base64.b64encode(random.randbytes(size)).decode()


async def make(phone: Any, kind: str, asked: int) -> None:
    """Let a phone make something: fetch its task, and send until the server has confirmed each value."""
    await asyncio.sleep(random.random() * MAKING)
    await until_done(phone, "task", None)
    for turn in range(PLACES_MADE.get(kind, STROKES if kind == MADE_POINTS else 1)):
        place = turn if kind in PLACES_MADE else 0
        said = {"phone": phone.key, "asked": asked, "place": place, "value": value_of(kind, turn)}
        if await until_done(phone, "make", said) == 200:
            phone.made[asked, place] = said["value"]
        await asyncio.sleep(0.4 + 0.8 * random.random())


async def until_done(phone: Any, what: str, said: dict | None) -> int:
    """Ask until the server answers other than that it is busy or down."""
    while True:
        try:
            more = {} if said else {"x_phone": phone.key}
            status, *_ = await phone.third.ask(f"/r/{phone.code}/{what}", said, **more)
        except OSError:
            status = 503
        if status not in (429, 503):
            return status
        await asyncio.sleep(0.5 + random.random())


async def collect(a_class: Any, kind: str) -> None:
    """Let the class make something of a kind, and compare what arrives with what was confirmed."""
    await a_class.lead("ask", question={"name": f"{kind} {time.time()}", "kind": kind})
    began = time.monotonic()
    last = PLACES_MADE.get(kind, 1) - 1
    await a_class.until(lambda: all(each.state.get("kind") == kind for each in a_class.phones), 30)
    asked = max(each.state["asked"] for each in a_class.phones)
    turns = STROKES if kind == MADE_POINTS else last + 1
    await a_class.until(lambda: all((asked, last) in each.made for each in a_class.phones), 90 + 2 * turns)
    await asyncio.gather(*(each for phone in a_class.phones for each in phone.making))
    seconds = time.monotonic() - began
    pressed = time.monotonic()
    await a_class.lead("show")
    raw = (await a_class.line.ask(f"/r/{a_class.code}/made?kind={kind}", x_secret=a_class.secret))[1]
    waited, found = time.monotonic() - pressed, json.loads(raw)
    confirmed = [value for phone in a_class.phones for (of, _), value in phone.made.items() if of == asked]
    lost = len(confirmed) - found["values"]
    words = f"{kind}: {found['values']} values of {found['phones']} phones in {seconds:.0f} s; lost"
    if kind == MADE_POINTS:
        same = sorted(base64.b64decode(found["points"])) == sorted(b"".join(map(base64.b64decode, confirmed)))
        words, lost = f"{kind}: {found['count']} of {found['phones']} phones in {seconds:.0f} s; lost; the same", lost
        a_class.row(words, f"{lost}; {same}", "0; True")
    elif kind == MADE_DRAWING:
        same = sorted(each for _, each, _ in found["drawings"]) == sorted(confirmed)
        a_class.row(f"{words}; the same", f"{lost}; {same}", "0; True")
    else:
        a_class.row(words, f"{lost}", "0")
    a_class.row(f"{kind}: results after the press, s; bytes", f"{waited:.2f}; {len(raw)}", "≤ 1 s")


async def first_visit(a_class: Any) -> None:
    """Measure how long a new phone takes to be in the room, by a line of 400 kbit/s."""
    async with async_playwright() as player:
        path = await asyncio.to_thread(chromium.find)
        browser = await player.chromium.launch(executable_path=path, args=[*chromium.FLAGS])
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        session = await page.context.new_cdp_session(page)
        line = {"downloadThroughput": SLOW_LINE, "uploadThroughput": SLOW_LINE, "latency": LATENCY_MS}
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", {"offline": False, **line})
        began = time.monotonic()
        await page.goto(f"{a_class.url}/r/{a_class.code}")
        await page.wait_for_selector("#make canvas", timeout=60_000)
        seconds = time.monotonic() - began
        await browser.close()
    a_class.row("first visit by 400 kbit/s until the plane stands there, s", f"{seconds:.1f}", "≤ 4")


async def all_kinds(a_class: Any) -> None:
    """Let the class spray, draw, judge and guess; a further phone comes while points are collected."""
    await collect(a_class, MADE_POINTS)
    for kind in (MADE_DRAWING, MADE_TRIALS, MADE_GUESSES):
        await collect(a_class, kind)
    await a_class.lead("ask", question={"name": "visited", "kind": MADE_POINTS})
    await first_visit(a_class)
