"""Rules of a room: its code, its secret, its questions, and the phases that a question goes through.

A question is asked, and phones vote (`PHASE_OPEN`). The lecturer may display the distribution (`PHASE_SHOWN`). After a
talk the phones vote a second time (`PHASE_AGAIN`). In the end, the right answer and both distributions are displayed
(`PHASE_REVEALED`).

Reference:
    Crouch & Mazur, Peer Instruction: Ten years of experience and results, 2001, https://doi.org/10.1119/1.1374249
"""

import hashlib
import hmac
import math
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any

from explorer.lessons.handed_in import SALT
from explorer.lessons.inventory import SITTINGS

CODE_LETTERS = "BCDFHJKLMNPRTVWXY"
"""Letters of a code: no vowels, so that a code is no word, and none that is taken for another one in print."""
CODE_LENGTH = 5
MOST_ROOMS, MOST_PHONES = 50, 500
ROOM_SECONDS = 24 * 3600.0
FEWEST_VOTES = 5  # answers of which the distribution is displayed
ROOM_MOST_CHOICES, CHOICE_LENGTH, UNIT_LENGTH, NAME_LENGTH, STATE_LENGTH, MOST_SLIPS = 8, 240, 24, 120, 2000, 8
MOST_PASSAGES = 100  # of which the class guesses characters
FURTHEST_VOTE = 1e12  # largest absolute value of a number
VOTE_BINS = 12  # of the histogram of numbers

PHASE_IDLE, PHASE_OPEN, PHASE_SHOWN, PHASE_AGAIN, PHASE_REVEALED = "idle", "open", "shown", "again", "revealed"
MADE_POINTS, MADE_DRAWING, MADE_TRIALS, MADE_GUESSES = "points", "drawing", "trials", "guesses"
KINDS_MADE = (MADE_POINTS, MADE_DRAWING, MADE_TRIALS, MADE_GUESSES)
"""What a class makes instead of voting; a question of such a kind has no choices and no number."""
BALLOTS = {PHASE_OPEN: 1, PHASE_AGAIN: 2}
"""The vote that each phase takes; in any other phase no vote counts."""
ROOM_MOVES = {
    "show": ((PHASE_OPEN,), PHASE_SHOWN),
    "again": ((PHASE_OPEN, PHASE_SHOWN), PHASE_AGAIN),
    "reveal": ((PHASE_OPEN, PHASE_SHOWN, PHASE_AGAIN), PHASE_REVEALED),
    "clear": ((PHASE_OPEN, PHASE_SHOWN, PHASE_AGAIN, PHASE_REVEALED), PHASE_IDLE),
}
"""Moves of the lecturer: the phases from which each leads, and where it leads."""


class RoomError(ValueError):
    """Something that a room does not take; the message says what it takes."""


@dataclass(frozen=True)
class Question:
    """Question of a room. Its text stands on the lecturer's page alone.

    Arguments:
        name: Name by which the lecturer's page knows it.
        choices: Choices in their displayed order; none if a number answers.
        right: Position of the right choice, or the right number; None if there is none.
        unit: Unit of the number.
        low: Lower end of the histogram of numbers.
        high: Upper end of the histogram.
        within: Tolerance of the right number.
        slips: Numbers that typical mistakes give.
        kind: What the class makes, one of `KINDS_MADE`; empty for a vote.
        passage: Number of the passage whose characters are guessed.
    """

    name: str
    choices: tuple[str, ...] = ()
    right: float | None = None
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    within: float = 0.0
    slips: tuple[float, ...] = ()
    kind: str = ""
    passage: int = 0

    def takes(self, value: Any) -> bool:
        """Return whether a value from a phone answers this question."""
        if self.kind or isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.choices:
            return value in range(len(self.choices))
        return is_number(value)


@dataclass(frozen=True)
class Room:
    """Room as it is stored; phones and votes are stored beside it.

    Arguments:
        code: Its code.
        digest: SHA-256 of the lecturer's secret.
        opened: Time at which it was opened, in seconds since 1970.
        version: Number of changes that phones may see.
        at: State of the lecturer's page, as a query string.
        asked: Number of questions so far.
        phase: Phase of the present question.
        question: Present question.
        was_shown: Whether the first distribution was displayed before the second vote.
        sitting: Sitting of the inventory that phones may take now; empty if none.
        salt: Salt of the pseudonyms of the inventory; empty until a first sitting.
    """

    code: str
    digest: str
    opened: float
    version: int = 1
    at: str = ""
    asked: int = 0
    phase: str = PHASE_IDLE
    question: Question | None = None
    was_shown: bool = False
    sitting: str = ""
    salt: str = ""

    @property
    def ballot(self) -> int:
        """Number of the vote that is taken now, 1 or 2; 0 if none is."""
        return BALLOTS.get(self.phase, 0)

    @property
    def ends(self) -> float:
        """Time at which the room ends by itself."""
        return self.opened + ROOM_SECONDS

    def knows(self, secret: str) -> bool:
        """Return whether a secret is the lecturer's, in a time that does not depend on where it differs."""
        return hmac.compare_digest(self.digest, digest_of(secret))

    def steered(self, at: Any) -> "Room":
        """Return the room with another state of the lecturer's page.

        Raises:
            RoomError: if it is no query string of bounded length.
        """
        if not isinstance(at, str) or len(at) > STATE_LENGTH or not at.isprintable() or "#" in at:
            raise RoomError(f"A state is a query of up to {STATE_LENGTH:,} letters.")
        at = at.removeprefix("?")
        return self if at == self.at else replace(self, at=at)

    def asking(self, question: Question) -> "Room":
        """Return the room with a question that phones may answer; the same one, already open, stays as it is."""
        if self.phase == PHASE_OPEN and question == self.question:
            return self
        return replace(self, question=question, phase=PHASE_OPEN, asked=self.asked + 1, was_shown=False)

    def moved(self, move: str) -> "Room":
        """Return the room after a move of the lecturer; a move that was made already changes nothing.

        Raises:
            RoomError: if the phase does not allow the move.
        """
        begins, end = ROOM_MOVES[move]
        if self.phase == end:
            return self
        if self.phase not in begins:
            raise RoomError(f"The question is {self.phase}: {move} is possible if it is {' or '.join(begins)}.")
        if end == PHASE_IDLE:
            return replace(self, phase=PHASE_IDLE, question=None)
        return replace(self, phase=end, was_shown=self.was_shown or end == PHASE_SHOWN)

    def sat(self, sitting: Any, salt: Any = None) -> "Room":
        """Return the room with another sitting of the inventory, or none; the first one sets the salt for good.

        Raises:
            RoomError: if there is no such sitting, or a salt is given that is none or another one.
        """
        if sitting not in ("", *SITTINGS):
            raise RoomError(f"A sitting is one of {', '.join(SITTINGS)}, or empty.")
        if salt is not None and (not isinstance(salt, str) or not SALT.fullmatch(salt) or self.salt not in ("", salt)):
            raise RoomError("A salt has 32 hexadecimal digits, and stays the same in a room.")
        kept = self.salt or salt or secrets.token_hex(16)
        return self if (sitting, kept) == (self.sitting, self.salt) else replace(self, sitting=sitting, salt=kept)

    def to_record(self) -> dict[str, Any]:
        """Return the room as JSON values."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Room":
        """Return the room of a record."""
        asked = record["question"]
        question = asked and Question(**asked | {"choices": tuple(asked["choices"]), "slips": tuple(asked["slips"])})
        return cls(**record | {"question": question})


def new_room(now: float) -> tuple[Room, str]:
    """Return a new room and the secret of its lecturer."""
    secret = secrets.token_hex(16)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return Room(code, digest_of(secret), now), secret


def digest_of(secret: str) -> str:
    """Return SHA-256 of a secret, in hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number that a room takes."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= FURTHEST_VOTE and math.isfinite(value)


def question_of(said: Any) -> Question:
    """Return the question that a lecturer's page describes.

    Raises:
        RoomError: if a part is missing, too long, or of another type.
    """
    said = said if isinstance(said, dict) else {}
    name, choices = _text(said, "name", NAME_LENGTH), said.get("choices", [])
    if kind := said.get("kind"):
        return _making(name, kind, said.get("passage", 0))
    if not isinstance(choices, list) or len(choices) > ROOM_MOST_CHOICES or len(choices) == 1:
        raise RoomError(f"A question has two to {ROOM_MOST_CHOICES} choices, or none if a number answers.")
    if not all(isinstance(each, str) and 0 < len(each) <= CHOICE_LENGTH for each in choices):
        raise RoomError(f"A choice has 1 to {CHOICE_LENGTH} letters.")
    right = said.get("right")
    if choices:
        asked = Question(name, tuple(choices))
        if right is not None and not asked.takes(right):
            raise RoomError("The right choice is the position of one of them, from 0.")
        return replace(asked, right=right)
    numbers = {key: said.get(key, standard) for key, standard in (("low", 0.0), ("high", 1.0), ("within", 0.0))}
    slips = said.get("slips", [])
    if not isinstance(slips, list) or len(slips) > MOST_SLIPS:
        raise RoomError(f"A question has at most {MOST_SLIPS} typical mistakes.")
    if not all(map(is_number, [*numbers.values(), *slips, 0 if right is None else right])):
        raise RoomError("Numbers are finite, and at most a million millions.")
    if not numbers["low"] < numbers["high"] or numbers["within"] < 0:
        raise RoomError("A histogram goes from a lower to a higher number.")
    return Question(name, right=right, unit=_text(said, "unit", UNIT_LENGTH), slips=tuple(slips), **numbers)


def _making(name: str, kind: Any, passage: Any) -> Question:
    if kind not in KINDS_MADE or type(passage) is not int or not 0 <= passage < MOST_PASSAGES:
        raise RoomError(f"A class makes one of {', '.join(KINDS_MADE)}, of a passage from 0 to {MOST_PASSAGES - 1}.")
    return Question(name, kind=kind, passage=passage)


def _text(said: dict, key: str, most: int) -> str:
    found = said.get(key, "")
    if not isinstance(found, str) or len(found) > most:
        raise RoomError(f"{key} is a text of up to {most} letters.")
    return found
