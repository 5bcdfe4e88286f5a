"""Form of exercises that are written in Markdown, beside a tab's tour or in a course of one's own.

    # frechet · Fréchet distance of two Gaussians
    state: mode=damage
    gap, a, b = whole(1, 5), whole(1, 9), whole(1, 9)
    answer = gap**2 + (a - b) ** 2 ± 0.01 nats

    The means are {gap} apart. The variances are {a * a} and {b * b}. What is the distance?

    ? A hint; the next one would be a line of its own.
    > A line of the worked answer: {gap}² + ({a} − {b})² = {answer}.
    ~ gap**2: The mistake behind this answer.

What is drawn and computed stands directly below the title, the question after an empty line. A choice has answers
instead, and a task for the stage has conditions on the fields that it reads:

    + The right answer.                        reads: damage strength
    - A wrong answer.                          solved: {"damage": "copies", "strength": 1}
      Why it is wrong.
                                               ! damage == "copies": this damage copies no images
                                               = strength >= 0.5: the strength is {strength}

A line that begins with two spaces continues the one above. `names = …` among the conditions is computed from the stage.
`expressions.py` computes the expressions, `vocabulary.py` lists their functions, and a tab may give further ones.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from explorer.lessons.expressions import Evaluator, Expression, Text, parse, text
from explorer.lessons.vocabulary import ExpressionError

HEAD = re.compile(r"# ([a-z][a-z0-9_-]*) · (.+)")
SETTING = re.compile(r"(state|reads|solved): *(.+)")
ASSIGNED = re.compile(r"([A-Za-z_]\w*(?:, [A-Za-z_]\w*)*) = (.+)")
TOLERANCE = re.compile(r"(.+) ± ([\d.]+|[a-z_]\w*)( %)?(?: (.+))?")
MARKED = re.compile(r"([?>~+=!-]) +(.+)")
MOST_LINES, LONGEST_LINE, MOST_WRONG = 80, 1_500, 5


class WrittenError(ValueError):
    """Fault of a written exercise; the message names the line."""


@contextmanager
def _at(line: int) -> Iterator[None]:
    """Name the line of the fault of an expression."""
    try:
        yield
    except ExpressionError as error:
        raise WrittenError(f"line {line}: {error}") from error


@dataclass
class Line:
    """Line with its number in the file, and those that continue it."""

    at: int
    words: str
    further: list[str] = field(default_factory=list)

    @property
    def whole(self) -> str:
        """The line and its continuation."""
        return " ".join([self.words, *self.further])


@dataclass(frozen=True)
class Part:
    """Part of an exercise: what is assigned (`let`), the `question`, or a line by its mark."""

    at: int
    mark: str
    names: Sequence[str] = ()
    code: Expression | None = None
    text: Text | None = None
    why: Text | None = None

    def needs(self) -> Iterator[tuple[str, bool]]:
        """Yield the names that it needs, and whether each is called."""
        texts = (each for each in (self.text, self.why) if each)
        for each in [*([self.code] if self.code else []), *(code for one in texts for code in one.expressions())]:
            yield from each.names()

    def value(self, evaluator: Evaluator) -> Any:
        """Return the value of its expression."""
        assert self.code
        with _at(self.at):
            return self.code.value(evaluator)

    def said(self, evaluator: Evaluator) -> str:
        """Return its text."""
        assert self.text
        with _at(self.at):
            return self.text.filled(evaluator)

    def reason(self, evaluator: Evaluator) -> str:
        """Return its second text: why an answer is wrong."""
        assert self.why
        with _at(self.at):
            return self.why.filled(evaluator)

    def assign(self, evaluator: Evaluator) -> None:
        """Give its names their values."""
        found = self.value(evaluator)
        values = [found] if len(self.names) == 1 else found
        if not isinstance(values, list | tuple) or len(values) != len(self.names):
            raise WrittenError(f"line {self.at}: wanted {len(self.names)} values for {', '.join(self.names)}")
        evaluator.names.update(zip(self.names, values))


@dataclass(frozen=True)
class Written:
    """Parsed exercise; `within` is the tolerance of a number, or the name of one that is computed."""

    at: int
    name: str
    title: str
    settings: Mapping[str, str]
    parts: Sequence[Part]
    within: float | str = 0.0
    is_relative: bool = False
    unit: str = ""

    @property
    def kind(self) -> str:
        """Kind of its answer: "number", "choice" or "stage"."""
        return "stage" if self.of("=") else "choice" if self.of("+") else "number"

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields of the stage that its conditions use."""
        return tuple(self.settings.get("reads", "").split())

    def of(self, *marks: str) -> list[Part]:
        """Return the parts with these marks, in order."""
        return [part for part in self.parts if part.mark in marks]


def forms(source: str) -> list[Written]:
    """Return the exercises of a text.

    Raises:
        WrittenError: if a line or an exercise does not have the form.
    """
    groups: list[list[Line]] = []
    for at, line in enumerate(source.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            raise WrittenError(f"line {at}: it is longer than {LONGEST_LINE:,} characters")
        if line.startswith("# "):
            groups.append([])
        elif not groups and line.strip():
            raise WrittenError(f"line {at}: an exercise begins with `# name · title`")
        if groups:
            groups[-1].append(Line(at, line.rstrip()))
    if not groups:
        raise WrittenError("line 1: an exercise begins with `# name · title`")
    return [_form(lines) for lines in groups]


def _form(lines: list[Line]) -> Written:
    head, *rest = lines
    named = HEAD.fullmatch(head.words)
    if not named:
        raise WrittenError(f"line {head.at}: wanted `# name · title`, the name in small letters")
    if len(rest) > MOST_LINES:
        raise WrittenError(f"line {head.at}: this exercise has more than {MOST_LINES} lines")
    empty = next((place for place, line in enumerate(rest) if not line.words), len(rest))
    settings: dict[str, str] = {}
    parts, tolerance = _declared(_joined(rest[:empty]), settings)
    question, marked = [], []
    for line in filter(lambda each: each.words.strip(), rest[empty:]):
        (marked if marked or MARKED.fullmatch(line.words) else question).append(line)
    if not question:
        raise WrittenError(f"line {head.at}: this exercise has no question; it stands after an empty line")
    with _at(question[0].at):
        parts.append(Part(question[0].at, "question", text=text(" ".join(line.words.strip() for line in question))))
    parts += map(_marked, _joined(marked))
    name, title = named.groups()
    found = Written(head.at, name, title, settings, parts, **tolerance)
    _check(found, bool(tolerance))
    return found


def _joined(lines: list[Line]) -> list[Line]:
    """Return the lines, each with those that continue it."""
    found: list[Line] = []
    for line in lines:
        if not line.words.startswith("  "):
            found.append(line)
        elif found:
            found[-1].further.append(line.words.strip())
        else:
            raise WrittenError(f"line {line.at}: this line continues none")
    return found


def _declared(lines: list[Line], settings: dict[str, str]) -> tuple[list[Part], dict[str, Any]]:
    """Return what is drawn and computed, and the tolerance and the unit of the answer; fill the settings."""
    parts, tolerance = [], {}
    for line in lines:
        if found := SETTING.fullmatch(line.whole):
            key, value = found.groups()
            with _at(line.at):
                parts += [Part(line.at, "solved", code=parse(value))] if key == "solved" else []
            settings |= {key: value}
        elif found := ASSIGNED.fullmatch(line.whole):
            names, code = found[1].split(", "), found[2]
            if names == ["answer"] and (ended := TOLERANCE.fullmatch(code)):
                code, within, percent, unit = ended.groups()
                within = _tolerance(line.at, within, parts)
                tolerance = {"within": within, "is_relative": bool(percent), "unit": unit or ""}
            elif "±" in code:
                raise WrittenError(f"line {line.at}: only `answer` has a tolerance")
            elif "answer" in names:
                raise WrittenError(f"line {line.at}: the answer needs a tolerance, as in `answer = x ± 0.01 nats`")
            with _at(line.at):
                parts.append(Part(line.at, "let", names, parse(code)))
        else:
            raise WrittenError(f"line {line.at}: wanted `name = …`, state, reads, solved or an empty line")
    return parts, tolerance


def _tolerance(at: int, within: str, parts: list[Part]) -> float | str:
    """Return the tolerance, or the name of a number above that is the tolerance."""
    if within in {name for part in parts for name in part.names}:
        return within
    try:
        return float(within)
    except ValueError:
        raise WrittenError(f"line {at}: `{within}` is no tolerance") from None


def _marked(line: Line) -> Part:
    """Return the part of a line with a mark, or of a value that is computed from the stage."""
    with _at(line.at):
        if found := MARKED.fullmatch(line.words):
            mark, words = found.groups()
            if mark in "?>+":
                return Part(line.at, mark, text=text(" ".join([words, *line.further])))
            if mark == "-":
                if not line.further:
                    raise WrittenError(
                        f"line {line.at}: a line of two spaces and the reason must follow a wrong answer"
                    )
                return Part(line.at, mark, text=text(words), why=text(" ".join(line.further)))
            return _coded(line.at, mark, " ".join([words, *line.further]))
        if found := ASSIGNED.fullmatch(line.whole):
            return Part(line.at, "let stage", found[1].split(", "), parse(found[2]))
    raise WrittenError(f"line {line.at}: wanted one of ? > ~ + - ! = and a space before it, or two spaces")


def _coded(at: int, mark: str, words: str) -> Part:
    """Return the part of a line of an expression, a colon and a text."""
    fault = ExpressionError(f"wanted an expression, a colon and a text after {mark}")
    for colon in re.finditer(r": ", words):
        try:
            return Part(at, mark, code=parse(words[: colon.start()]), text=text(words[colon.end() :]))
        except ExpressionError as error:
            fault = error
    raise fault


def _check(written: Written, is_answered: bool) -> None:
    """Raise an error if the exercise lacks a part, or has one of another kind."""
    count = {mark: len(written.of(mark)) for mark in ("?", ">", "~", "+", "-", "!", "=", "solved", "let stage")}
    kinds = [is_answered, count["+"] > 0, count["="] > 0]
    where = f"line {written.at}: {written.name}"
    if sum(kinds) != 1:
        raise WrittenError(f"{where} needs one of `answer = … ± …`, a right answer after +, or a condition after =")
    if not count["?"] or not count[">"]:
        raise WrittenError(f"{where} needs a hint after ? and a worked answer after >")
    if count["+"] and not (count["+"] == 1 and 1 <= count["-"] <= MOST_WRONG):
        raise WrittenError(f"{where} needs one right answer after +, and 1 to {MOST_WRONG} wrong ones after -")
    if count["="] and not (count["="] == 1 == count["solved"] and written.reads):
        raise WrittenError(f"{where} needs one condition after =, `reads: …` and `solved: …`")
    stray = {"~": not is_answered, "-": not count["+"], "!": not count["="], "let stage": not count["="]}
    if found := [part for part in written.parts if stray.get(part.mark)]:
        raise WrittenError(f"line {found[0].at}: this line belongs to another kind of exercise")
