"""What a class makes: points, drawings, judgements and guesses, and the table of SQLite that keeps them.

A phone sends its points or its drawing as a whole, so a repeated request changes nothing. Judgements and guesses are
sent one by one, and the first one counts. A drawing reaches the wall only after the lecturer has let it through.
Another drawing of the same phone waits again. All of it is deleted with the room, by a trigger of the database.
`redis_made.py` keeps the same in Redis.
"""

import base64
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from explorer.classes.passages import PASSAGE_GUESSED, PASSAGE_KEYS
from explorer.classes.room import MADE_DRAWING, MADE_GUESSES, MADE_POINTS, MADE_TRIALS, RoomError
from explorer.classes.store import SqliteFile

PHONE_POINTS, POINT_BYTES, DRAWING_BYTES, PHONE_TRIALS = 30, 2, 98, 20
PLACES = {MADE_POINTS: 1, MADE_DRAWING: 1, MADE_TRIALS: PHONE_TRIALS, MADE_GUESSES: PASSAGE_GUESSED}
"""How many values a phone sends of each kind."""
WAITS, LET, KEPT_BACK = 0, 1, 2
WHICH_DIGITS = 16  # of a phone's digest, which name its drawing to the lecturer
SENT = "code = ?1 AND asked = ?2 AND length(value) > 0"  # where something is, and was not taken back
MADE_TABLE = """
CREATE TABLE IF NOT EXISTS made (
    code TEXT NOT NULL, asked INTEGER NOT NULL, kind TEXT NOT NULL, phone TEXT NOT NULL, place INTEGER NOT NULL,
    value BLOB NOT NULL, state INTEGER NOT NULL DEFAULT 0, change INTEGER NOT NULL,
    PRIMARY KEY (code, asked, phone, place)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS made_ends AFTER DELETE ON rooms BEGIN DELETE FROM made WHERE code = OLD.code; END;
"""


class Made(NamedTuple):
    """A value that a phone has sent: the phone, the place, the bytes, and the state of a drawing."""

    phone: str
    place: int
    value: bytes
    state: int


def read_made(kind: str, place: int, value: Any) -> bytes:
    """Return what a phone sends as bytes; empty if it takes its points or its drawing back.

    Raises:
        RoomError: if it is malformed, or larger than a phone may send.
    """
    if not 0 <= place < PLACES[kind]:
        raise RoomError(f"A phone sends {PLACES[kind]} of these.")
    if kind == MADE_TRIALS:
        if type(value) is not int or value not in (0, 1):
            raise RoomError("A judgement is 0 for real or 1 for made.")
        return bytes([value])
    if kind == MADE_GUESSES:
        if not isinstance(value, str) or len(value) != 1 or value not in PASSAGE_KEYS:
            raise RoomError("A guess is one of the keys.")
        return value.encode("ascii")
    raw = _decode(value, PHONE_POINTS * POINT_BYTES if kind == MADE_POINTS else DRAWING_BYTES)
    if kind == MADE_POINTS and len(raw) % POINT_BYTES:
        raise RoomError(f"A point has {POINT_BYTES} bytes.")
    if kind == MADE_DRAWING and raw and (len(raw) != DRAWING_BYTES or not any(raw)):
        raise RoomError(f"A drawing has {DRAWING_BYTES} bytes, with ink in them.")
    return raw


def _decode(value: Any, most: int) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) and len(value) <= 2 * most else None
    except ValueError:
        raw = None
    if raw is None or len(raw) > most:
        raise RoomError(f"Wanted: at most {most} bytes in base64.")
    return raw


class MadeStore(Protocol):
    """What keeps the values of classes. A phone is named by a digest of its key, and a question by its number."""

    def put(self, code: str, asked: int, kind: str, phone: str, place: int, value: bytes) -> bool:
        """Keep what a phone sends while its question is open; return False if it is not.

        Points and a drawing take the place of earlier ones, and empty ones delete theirs. A judgement or a guess stays.

        Raises:
            RoomError: if the phone leaves out a place.
        """
        ...

    def own(self, code: str, asked: int, phone: str) -> list[Made]:
        """Return what a phone has sent, in order."""
        ...

    def all(self, code: str, asked: int) -> list[Made]:
        """Return what all phones have sent for a question, phone after phone."""
        ...

    def counts(self, code: str, asked: int) -> tuple[int, int, int]:
        """Return how many phones have sent something, how many values there are, and the number of the last change."""
        ...

    def latest(self, code: str, kind: str) -> int:
        """Return the number of the latest question of a kind for which something was sent; 0 without one."""
        ...

    def let(self, code: str, asked: int, which: str, value: bytes, state: int) -> bool:
        """Let a drawing through, or not; return False if the phone has another one meanwhile."""
        ...

    def let_all(self, code: str, asked: int, change: int) -> None:
        """Let all drawings through that waited at a change; those that came later go on waiting."""
        ...


class SqliteMade(SqliteFile):
    """Table of what classes make, in the file of their rooms, which must be there."""

    def __init__(self, path: Path):
        super().__init__(path, MADE_TABLE)

    def put(self, code: str, asked: int, kind: str, phone: str, place: int, value: bytes) -> bool:
        """Keep what a phone sends while its question is open; return False if it is not.

        Raises:
            RoomError: if the phone leaves out a place.
        """
        with self._transaction() as db:
            joined = (
                "SELECT 1 FROM rooms JOIN phones USING (code) WHERE code = ? AND asked = ? AND ballot = 1 AND phone = ?"
            )
            if not db.execute(joined, (code, asked, phone)).fetchone():
                return False
            key = (code, asked, phone, place)
            (before,) = db.execute(
                "SELECT count(*) FROM made WHERE code = ? AND asked = ? AND phone = ? AND place < ?", key
            ).fetchone()
            if before < place:
                raise RoomError("One after the other.")
            query = (
                "INSERT INTO made VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (code, asked, phone, place)"
                " DO UPDATE SET value = excluded.value, state = excluded.state, change = excluded.change"
                " WHERE made.value != excluded.value AND ?9"
            )
            fields = (code, asked, kind, phone, place, value, WAITS, self._next(code, asked), PLACES[kind] == 1)
            db.execute(query, fields)
            return True

    def _next(self, code: str, asked: int) -> int:
        query = "SELECT coalesce(max(change), 0) + 1 FROM made WHERE code = ? AND asked = ?"
        return self._db.execute(query, (code, asked)).fetchone()[0]

    def own(self, code: str, asked: int, phone: str) -> list[Made]:
        """Return what a phone has sent, in order."""
        return self._rows(code, asked, "AND phone = ?", phone)

    def all(self, code: str, asked: int) -> list[Made]:
        """Return what all phones have sent for a question, phone after phone."""
        return self._rows(code, asked)

    def _rows(self, code: str, asked: int, more: str = "", *values: str) -> list[Made]:
        query = f"SELECT phone, place, value, state FROM made WHERE {SENT} {more} ORDER BY phone, place"
        with closing(self._db.execute(query, (code, asked, *values))) as rows:
            return [Made(*row) for row in rows]

    def counts(self, code: str, asked: int) -> tuple[int, int, int]:
        """Return how many phones have sent something, how many values there are, and the number of the last change."""
        query = (
            f"SELECT (SELECT count(DISTINCT phone) FROM made WHERE {SENT}), (SELECT count(*) FROM made WHERE {SENT}),"
            " coalesce(max(change), 0) FROM made WHERE code = ?1 AND asked = ?2"
        )
        return self._db.execute(query, (code, asked)).fetchone()

    def latest(self, code: str, kind: str) -> int:
        """Return the number of the latest question of a kind for which something was sent; 0 without one."""
        query = "SELECT coalesce(max(asked), 0) FROM made WHERE code = ? AND kind = ?"
        return self._db.execute(query, (code, kind)).fetchone()[0]

    def let(self, code: str, asked: int, which: str, value: bytes, state: int) -> bool:
        """Let a drawing through, or not; return False if the phone has another one meanwhile."""
        query = (
            "UPDATE made SET state = ?, change = ? WHERE code = ? AND asked = ? AND kind = ? AND value = ?"
            f" AND substr(phone, 1, {WHICH_DIGITS}) = ?"
        )
        with self._transaction() as db:
            fields = (state, self._next(code, asked), code, asked, MADE_DRAWING, value, which)
            return db.execute(query, fields).rowcount == 1

    def let_all(self, code: str, asked: int, change: int) -> None:
        """Let all drawings through that waited at a change; those that came later go on waiting."""
        query = f"UPDATE made SET state = ?3, change = ?4 WHERE {SENT} AND kind = ?5 AND state = ?6 AND change <= ?7"
        with self._transaction() as db:
            db.execute(query, (code, asked, LET, self._next(code, asked), MADE_DRAWING, WAITS, change))


def opened_made(place: Path | str) -> MadeStore:
    """Return what keeps the values of classes beside their rooms, in a file or in Redis."""
    if isinstance(place, Path):
        return SqliteMade(place)
    from explorer.classes.redis_made import RedisMade  # needs a package that most servers lack

    return RedisMade(place)
