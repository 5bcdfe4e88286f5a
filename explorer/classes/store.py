"""Store of rooms: one SQLite file, which several processes of a machine may share, or Redis (`redis_store.py`).

Each method is one transaction, so a process that ends in the middle leaves no half of a vote. A vote is answered after
its transaction, so what a phone reads as sent is kept. Methods block for less than a millisecond; `Rooms` of `http.py`
calls them in a thread of their own.
"""

import importlib.util
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from explorer.classes.room import MOST_PHONES, MOST_ROOMS, ROOM_SECONDS, Room
from explorer.lessons.handed_in import Handed

UNUSED_SECONDS = 3600.0  # after which a room gives way to a new one, if there are `MOST_ROOMS`
GONE_SECONDS = 60.0  # after which a phone gives way to a new one, if there are `MOST_PHONES` and it has not voted
MOST_BROUGHT = 4 * MOST_PHONES  # answers to the inventory of a room with those of earlier rooms
EARLIER_PHONE = "earlier-"  # and a pseudonym, in place of a phone
REDIS_KINDS = ("redis", "rediss")
LOCK_SECONDS = 5.0  # that a transaction waits for another process
TABLES = """
CREATE TABLE IF NOT EXISTS rooms (
    code TEXT PRIMARY KEY, opened REAL NOT NULL, used REAL NOT NULL, version INTEGER NOT NULL, asked INTEGER NOT NULL,
    ballot INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS phones (
    code TEXT NOT NULL, phone TEXT NOT NULL, seen REAL NOT NULL, followed REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (code, phone)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS votes (
    code TEXT NOT NULL, asked INTEGER NOT NULL, ballot INTEGER NOT NULL, phone TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (code, asked, ballot, phone)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS handed (
    code TEXT NOT NULL, sitting TEXT NOT NULL, phone TEXT NOT NULL, who TEXT NOT NULL, answers TEXT NOT NULL,
    PRIMARY KEY (code, sitting, phone), UNIQUE (code, sitting, who)) WITHOUT ROWID;
"""


class Store(Protocol):
    """What a store of rooms answers. Times are seconds since 1970; a phone is named by a digest of its key."""

    def add(self, room: Room, now: float) -> bool:
        """Add a room; return False if its code is taken. Raise `FullError` if there are too many."""
        ...

    def read(self, code: str, now: float) -> Room | None:
        """Return a room that has not ended."""
        ...

    def change(self, room: Room) -> Room | None:
        """Replace the room of this version by it, with the next version; return None if the version is another one."""
        ...

    def use(self, code: str, now: float) -> None:
        """Remember that the lecturer's page was there."""
        ...

    def end(self, code: str) -> None:
        """Delete a room with its phones and votes."""
        ...

    def join(self, code: str, phone: str, now: float) -> bool:
        """Add a phone, or see it again; return False if there is no room, or none left in it."""
        ...

    def see(self, code: str, phone: str, now: float, follows: bool | None) -> bool:
        """Remember that a phone is there, and whether it follows if that is said; return whether it has joined."""
        ...

    def present(self, code: str, since: float) -> tuple[int, int]:
        """Return how many phones were seen since a time, and how many of these follow."""
        ...

    def vote(self, code: str, asked: int, ballot: int, phone: str, value: float) -> bool:
        """Count a vote, in place of an earlier one of this phone; return False if this vote is not open."""
        ...

    def votes(self, code: str, asked: int) -> tuple[list[float], list[float]]:
        """Return the values of the first and of the second vote on a question."""
        ...

    def hand_in(self, code: str, phone: str, given: Handed) -> bool | None:
        """Keep a phone's answers to the inventory, in place of its earlier ones of this sitting.

        Return False if another phone has the pseudonym in this sitting, and None if the sitting is not open.
        """
        ...

    def bring(self, code: str, handed: Sequence[Handed]) -> bool:
        """Keep answers of an earlier room, at most `MOST_BROUGHT`; what phones of this room handed in stays.

        Return False if there is no room.
        """
        ...

    def handed_in(self, code: str) -> list[Handed]:
        """Return all answers to the inventory."""
        ...


class FullError(Exception):
    """There are as many rooms as there may be."""


class StoreError(OSError):
    """The store does not answer."""


class SqliteFile:
    """Connection to a SQLite file, for one thread at a time.

    Arguments:
        path: The file.
        tables: The statements that make its tables if they are missing.
    """

    def __init__(self, path: Path, tables: str):
        self._db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")  # what is committed outlives the process
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(tables)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


class SqliteStore(SqliteFile):
    """Store in one SQLite file.

    Arguments:
        path: The file; it and its folder are made if they are missing.
    """

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # nobody else on this machine reads it
        super().__init__(path, TABLES)

    def add(self, room: Room, now: float) -> bool:
        """Add a room; rooms that have ended are deleted, and with too many, one that nobody uses."""
        with self._transaction() as db:
            for (code,) in db.execute("SELECT code FROM rooms WHERE opened <= ?", (now - ROOM_SECONDS,)).fetchall():
                self._delete(code)
            (count,) = db.execute("SELECT count(*) FROM rooms").fetchone()
            if count >= MOST_ROOMS:
                self._delete_unused(now)
            fields = (room.code, room.opened, now, room.version, room.asked, room.ballot, json.dumps(room.to_record()))
            return db.execute("INSERT OR IGNORE INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?)", fields).rowcount == 1

    def _delete_unused(self, now: float) -> None:
        since = now - UNUSED_SECONDS
        unused = self._db.execute(
            "SELECT code FROM rooms WHERE used < ? AND NOT EXISTS"
            " (SELECT 1 FROM phones WHERE phones.code = rooms.code AND seen >= ?) ORDER BY used LIMIT 1",
            (since, since),
        ).fetchone()
        if unused is None:
            raise FullError
        self._delete(*unused)

    def read(self, code: str, now: float) -> Room | None:
        """Return a room that has not ended."""
        query = "SELECT record FROM rooms WHERE code = ? AND opened > ?"
        found = self._db.execute(query, (code, now - ROOM_SECONDS)).fetchone()
        return Room.from_record(json.loads(found[0])) if found else None

    def change(self, room: Room) -> Room | None:
        """Replace the room of this version by it, with the next version."""
        later = Room.from_record(room.to_record() | {"version": room.version + 1})
        fields = (later.version, later.asked, later.ballot, json.dumps(later.to_record()), room.code, room.version)
        with self._transaction() as db:
            query = "UPDATE rooms SET version = ?, asked = ?, ballot = ?, record = ? WHERE code = ? AND version = ?"
            return later if db.execute(query, fields).rowcount else None

    def use(self, code: str, now: float) -> None:
        """Remember that the lecturer's page was there."""
        with self._transaction() as db:
            db.execute("UPDATE rooms SET used = ? WHERE code = ?", (now, code))

    def end(self, code: str) -> None:
        """Delete a room with its phones and votes."""
        with self._transaction():
            self._delete(code)

    def _delete(self, code: str) -> None:
        for table in ("rooms", "phones", "votes", "handed"):
            self._db.execute(f"DELETE FROM {table} WHERE code = ?", (code,))

    def join(self, code: str, phone: str, now: float) -> bool:
        """Add a phone, or see it again; in a full room it takes the place of one that has gone without a vote."""
        with self._transaction() as db:
            if not db.execute(
                "SELECT 1 FROM rooms WHERE code = ? AND opened > ?", (code, now - ROOM_SECONDS)
            ).fetchone():
                return False
            if db.execute("UPDATE phones SET seen = ? WHERE code = ? AND phone = ?", (now, code, phone)).rowcount:
                return True
            (count,) = db.execute("SELECT count(*) FROM phones WHERE code = ?", (code,)).fetchone()
            if count >= MOST_PHONES and not self._delete_gone(code, now - GONE_SECONDS):
                return False
            db.execute("INSERT INTO phones (code, phone, seen) VALUES (?, ?, ?)", (code, phone, now))
            return True

    def _delete_gone(self, code: str, since: float) -> bool:
        query = (
            "DELETE FROM phones WHERE code = ?1 AND phone = ("
            "SELECT phone FROM phones AS gone WHERE code = ?1 AND seen < ?2"
            " AND NOT EXISTS (SELECT 1 FROM votes WHERE votes.code = ?1 AND votes.phone = gone.phone)"
            " ORDER BY seen LIMIT 1)"
        )
        return self._db.execute(query, (code, since)).rowcount > 0

    def see(self, code: str, phone: str, now: float, follows: bool | None) -> bool:
        """Remember that a phone is there, and whether it follows if that is said; return whether it has joined."""
        query = "UPDATE phones SET seen = ?1, followed = coalesce(?2, followed) WHERE code = ?3 AND phone = ?4"
        followed = None if follows is None else now * follows
        with self._transaction() as db:
            return db.execute(query, (now, followed, code, phone)).rowcount == 1

    def present(self, code: str, since: float) -> tuple[int, int]:
        """Return how many phones were seen since a time, and how many followed since then."""
        query = "SELECT count(*), coalesce(sum(followed >= ?1), 0) FROM phones WHERE code = ?2 AND seen >= ?1"
        return self._db.execute(query, (since, code)).fetchone()

    def vote(self, code: str, asked: int, ballot: int, phone: str, value: float) -> bool:
        """Count a vote, in place of an earlier one of this phone; return False if this vote is not open."""
        query = (
            "INSERT INTO votes SELECT ?1, ?2, ?3, ?4, ?5"
            " WHERE EXISTS (SELECT 1 FROM rooms WHERE code = ?1 AND asked = ?2 AND ballot = ?3)"
            " AND EXISTS (SELECT 1 FROM phones WHERE code = ?1 AND phone = ?4)"
            " ON CONFLICT (code, asked, ballot, phone) DO UPDATE SET value = excluded.value"
        )
        with self._transaction() as db:
            return ballot > 0 and db.execute(query, (code, asked, ballot, phone, float(value))).rowcount == 1

    def votes(self, code: str, asked: int) -> tuple[list[float], list[float]]:
        """Return the values of the first and of the second vote on a question."""
        query = "SELECT ballot, value FROM votes WHERE code = ? AND asked = ?"
        found: tuple[list[float], list[float]] = ([], [])
        with closing(self._db.execute(query, (code, asked))) as rows:
            for ballot, value in rows:
                found[ballot - 1].append(value)
        return found

    def hand_in(self, code: str, phone: str, given: Handed) -> bool | None:
        """Keep a phone's answers to the inventory, in place of its earlier ones of this sitting."""
        query = (
            "INSERT INTO handed SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS"
            " (SELECT 1 FROM rooms WHERE code = ?1 AND json_extract(record, '$.sitting') = ?2)"
            " AND EXISTS (SELECT 1 FROM phones WHERE code = ?1 AND phone = ?3)"
            " ON CONFLICT (code, sitting, phone) DO UPDATE SET who = excluded.who, answers = excluded.answers"
        )
        fields = (code, given.sitting, phone, given.who, json.dumps(given.answers))
        try:
            with self._transaction() as db:
                return db.execute(query, fields).rowcount == 1 or None
        except sqlite3.IntegrityError:
            return False

    def bring(self, code: str, handed: Sequence[Handed]) -> bool:
        """Keep answers of an earlier room; what phones of this room handed in stays."""
        query = (
            "INSERT OR IGNORE INTO handed SELECT ?1, ?2, ?3, ?4, ?5"
            " WHERE (SELECT count(*) FROM handed WHERE code = ?1) < ?6"
        )
        with self._transaction() as db:
            if not db.execute("SELECT 1 FROM rooms WHERE code = ?", (code,)).fetchone():
                return False
            for each in handed:
                by = EARLIER_PHONE + each.who
                db.execute(query, (code, each.sitting, by, each.who, json.dumps(each.answers), MOST_BROUGHT))
            return True

    def handed_in(self, code: str) -> list[Handed]:
        """Return all answers to the inventory."""
        query = "SELECT sitting, who, answers FROM handed WHERE code = ? ORDER BY sitting, who"
        return [
            Handed(sitting, who, tuple(json.loads(given))) for sitting, who, given in self._db.execute(query, (code,))
        ]


def path() -> Path | str:
    """Return where rooms are kept: the file or the Redis of `EXPLORER_ROOMS`, else a file of the user.

    Raises:
        SystemExit: if the setting is an address that is no Redis, or its client is not installed.
    """
    said = os.environ.get("EXPLORER_ROOMS")
    if said and "://" in said:
        kind = said.partition("://")[0]
        if kind not in REDIS_KINDS:  # the rest of an address may hold a password
            raise SystemExit(f"EXPLORER_ROOMS begins with {kind[:20]!r}: set it to the path of a file, or to redis://…")
        if importlib.util.find_spec("redis") is None:
            raise SystemExit("EXPLORER_ROOMS is a Redis, which needs: pip install -r requirements-scale.txt")
        return said
    if said:
        return Path(said)
    states = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(states) / "explorer" / "rooms.sqlite"


def opened(place: Path | str) -> Store:
    """Return the store of a file, or of the address of a Redis."""
    if isinstance(place, Path):
        return SqliteStore(place)
    from explorer.classes.redis_store import RedisStore  # needs a package that most servers lack

    return RedisStore(place)
