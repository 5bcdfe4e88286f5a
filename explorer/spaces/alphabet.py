"""Alphabets of a visitor's own texts, in any script."""

from dataclasses import dataclass
from typing import ClassVar

from explorer.spaces.tokens import LONGEST, Tokens

MOST_DIFFERENT = 5_000  # characters of an alphabet


@dataclass(frozen=True)
class Alphabet(Tokens):
    """Texts in an alphabet of up to `MOST_DIFFERENT` characters; with more than 255 they are not sent as bytes."""

    largest: ClassVar[int] = MOST_DIFFERENT

    @classmethod
    def of(cls, text: str, length: int = LONGEST) -> "Alphabet":
        """Return the alphabet of a text: its different characters, in the order of their code points."""
        return cls("".join(sorted(set(text))), length)
