"""Texts of the scripts of the stages in their order, and the conditions under which a part is out of sight.

Names of axes, columns, legends, units and verdicts stand in the scripts of the modes. `python -m tests.shown` writes
them to `shown.json`, which a change of one of them changes, too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

STAGES = Path(__file__).parents[1] / "explorer" / "stages"
KEPT = Path(__file__).with_name("shown.json")
QUOTES = "\"'`"
BEFORE_REGEX = re.compile(r"(?:[(,=:\[!&|?{};+~]|=>|\breturn)$")
REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
UNSHOWN = re.compile(r"\b(?:class|role|type|kind|rel|accept|preserveAspectRatio|d|transform)[\"']?:$|\bimport$|\bfrom$")
"""Words before a text that nobody reads."""
BOUND = re.compile(r"\b(?:key|field):$")
"""Words before the name of a value, to which the name for readers beside it is bound."""
UNITS = {"nats", "bits", "ms", "s", "seconds", "pixels", "steps", "images", "characters", "levels", "%"}
SENTENCE = re.compile(r"[.?!,]$|(?:\S+ ){8}")
COUNTS = re.compile(
    r"\b(?:nats|bits|ms|seconds|per cent|better|worse|best|least|most|more|less|fewer|larger|smaller|largest|smallest|"
    r"higher|lower|above|below|longer|shorter|farther|nearer|closer|rises|falls|before|after)\b|%"
)
"""Units and words that compare, by which a sentence counts, too."""
HIDDEN = re.compile(r"\bhidden\b(?:: | = )(?!true|false)(.+?)(?: \}.*|,|;)?$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """Text of a script: what stands before it, and the bracket around it."""

    said: str
    before: str
    inside: str

    @property
    def is_shown(self) -> bool:
        """True of names for a reader, of elements of lists, and of sentences with a unit or a word that compares."""
        if not re.search(r"[^\W\d_]", self.said) or UNSHOWN.search(self.before):
            return False
        if SENTENCE.search(self.said) and not COUNTS.search(self.said):
            return False
        is_worded = " " in self.said or not self.said.isascii() or self.said[0].isupper() or self.said in UNITS
        return is_worded or self.inside == "[" or bool(BOUND.search(self.before))


def texts_of(script: str) -> Iterator[Text]:
    """Yield the texts of a script in their order, each in one line."""
    at, brackets = 0, [""]
    while at < len(script):
        sign = script[at]
        passed = COMMENT.match(script, at)
        if not passed and sign == "/" and BEFORE_REGEX.search(script[:at].rstrip()[-7:]):
            passed = REGEX.match(script, at)
        if passed:
            at = passed.end()
            continue
        if sign in QUOTES:
            end = end_of(script, at)
            before = script[max(0, at - 40) : at].rstrip()
            yield Text(" ".join(script[at + 1 : end - 1].split()), before, brackets[-1])
            at = end
            continue
        if sign in "([{":
            brackets.append(sign)
        elif sign in ")]}" and len(brackets) > 1:
            brackets.pop()
        at += 1


def end_of(script: str, start: int) -> int:
    """Return the place after a text that starts at a quote; a template may hold further ones."""
    quote, at = script[start], start + 1
    while script[at] != quote:
        if script[at] == "\\":
            at += 2
        elif quote == "`" and script.startswith("${", at):
            at = end_of_hole(script, at + 2)
        else:
            at += 1
    return at + 1


def end_of_hole(script: str, at: int) -> int:
    """Return the place after the hole of a template."""
    depth = 1
    while depth:
        if script[at] in QUOTES:
            at = end_of(script, at)
            continue
        depth += {"{": 1, "}": -1}.get(script[at], 0)
        at += 1
    return at


def shown() -> dict[str, dict[str, list[str]]]:
    """Return the texts of every script that has any, and the conditions under which its parts are hidden."""
    found = {}
    for path in sorted(STAGES.rglob("*.js")):
        if "vendor" in path.parts:
            continue
        script = path.read_text(encoding="utf-8")
        texts = [each.said for each in texts_of(script) if each.is_shown]
        hidden = HIDDEN.findall(COMMENT.sub("", script))
        said = {"texts": texts, "hidden": hidden}
        if any(said.values()):
            found[path.relative_to(STAGES).as_posix()] = {key: each for key, each in said.items() if each}
    return found


def main() -> None:
    """Write what is shown now."""
    KEPT.write_text(as_json(shown()), encoding="utf-8")


def as_json(found: Mapping[str, object]) -> str:
    """Return what is shown as JSON with a text to a line, so that a change is seen."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
