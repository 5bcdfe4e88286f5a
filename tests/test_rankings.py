"""Every place that ranks names a difference of two samples of one distribution in 5 % of cases at most.

A module that asks `verdicts` is in the list of places, and no place has a rule of its own.
"""

import ast
import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from tests.node import run
from tests.ranking_draws import Draw, mean_and_error
from tests.ranking_places import PLACES

TRIALS, FEW = 1_000, 200


def allowed(trials: int) -> float:
    """The level, with three standard errors of the trials."""
    return 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)


def name_of(place: Any) -> str:
    return place.__name__


@pytest.mark.parametrize("trials", [FEW, pytest.param(TRIALS, marks=pytest.mark.deep)])
@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_equal_samples_are_called_different_in_five_percent(place: Callable[[Draw], bool], trials: int):
    rng = random.Random(name_of(place))
    assert sum(place(Draw(rng)) for _ in range(trials)) / trials <= allowed(trials)


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_a_large_difference_is_named(place: Callable[[Draw], bool]):
    rng = random.Random(name_of(place))
    assert sum(place(Draw(rng, 40.0)) for _ in range(20)) >= 18


IN_BROWSER = """
const { mostOf } = await load("compare/interval.js");
const { besideFair, compare, ofShare } = await load("kit/base/verdict.js");
return trials.map(({ rounds, guesses, draws }) => [
  mostOf(rounds)[0] === "most",
  besideFair(...guesses) !== 0,
  compare({ ...draws, n: 300 }, { value: 0, se: 0, n: Infinity }, 2) !== 0,
  compare(...rounds.slice(0, 2).map(({ wrong, n }) => ofShare(wrong, n))) !== 0,
]);
"""


def trial(draw: Draw) -> dict[str, Any]:
    """Rounds of *Which is real?* by family, guesses of one visitor, and the mean of repeated estimates."""
    n = 60 if draw.shift else draw.rng.choice((2, 4, 8, 20))
    wrong = [round(n * draw.share(n, k > 0, 0.5 + 0.45 * bool(draw.shift))) for k in range(6)]
    found = draw.values(300, True)
    return {
        "rounds": [{"title": str(k), "net": str(k), "n": n, "wrong": each} for k, each in enumerate(wrong)],
        "guesses": [round(n * draw.share(n, True, 0.5 - 0.4 * bool(draw.shift))), n],
        "draws": {"value": fmean(found), "se": mean_and_error(found)[1]},
    }


@pytest.mark.parametrize("is_real", [False, True], ids=["equal", "different"])
def test_the_browser_names_a_difference_as_rarely(is_real: bool):
    rng = random.Random(5)
    count = 100 if is_real else TRIALS
    found = run(IN_BROWSER, trials=[trial(Draw(rng, 40.0 * is_real)) for _ in range(count)])
    for named in zip(*found, strict=True):
        assert fmean(named) >= 0.9 if is_real else fmean(named) <= allowed(TRIALS)


EXPLORER = Path(__file__).parents[1] / "explorer"
BESIDE = {"verdicts.py", "numbers/ranking.py"}  # the rule itself, and its form for the figures of cards
IN_JAVASCRIPT = {
    "stages/compare/interval.js",
    "stages/compare/real.js",
    "stages/flow_matching/family.js",
    "stages/flow_matching/family_of.js",
    "stages/foundations/importance.js",
}
THROUGH = {  # modules that hand figures on to a place of the list
    "tabs/autoregressive/evidence.py": "side_of of autoregressive/verdict.py",
    "tabs/compare/provenance.py": "a type",
    "tabs/autoencoders/contractive.py": "the sign of an exact difference, of one image",
    "tabs/text/attention.py": "the sign of an exact difference, of one text",
    "tabs/words/changed.py": "the sign of an exact difference, of the pictures shown",
    "tabs/kit/ask/likely.py": "the sign of an exact difference, of one x",
    "tabs/compare/lossless.py": "the same, of one file",
    "tabs/kit/ask/compressing.py": "the sign of an exact difference, of one x",
    "tabs/lab/shared.py": "a word for a signed number of standard deviations",
    "tabs/compare/tab.py": "the code that is shown",
    "questions/learn_text.py": "the means and errors that text/own.py ranks",
    "models/chance.py": "a quantile of true draws, tried in test_playground_chance.py",
    "measures/plane_flow_matching.py": "the same, and a mean for flow_matching/evidence.py",
}
ASKS = re.compile(r"^from explorer(\.tabs\.kit)?(\.verdicts|\.ranking)? import .*$", re.MULTILINE)


def asks(path: Path) -> bool:
    """Whether a module asks the rule."""
    return any(
        re.search(r"\b(verdicts|ranking)\b", line[0]) for line in ASKS.finditer(path.read_text(encoding="utf-8"))
    )


def test_every_module_that_asks_the_rule_is_tried_here():
    there = {path.relative_to(EXPLORER).as_posix() for path in EXPLORER.rglob("*.py") if asks(path)}
    assert there - BESIDE - THROUGH.keys() <= set(PLACES.values()), "a place that is not in the list"
    scripts = {path for path in EXPLORER.rglob("*.js") if "base/verdict.js" in path.read_text(encoding="utf-8")}
    assert {path.relative_to(EXPLORER).as_posix() for path in scripts} <= IN_JAVASCRIPT


OWN_RULES = {
    "a number of standard errors": r"[<>]=?[^#\n\"]*\d\s*\*\s*(math\.hypot\(|(\w+_)?se\b|\w+\[\"se\"\])",
    "a constant of errors": r"^\s*(SURE|STUDENT)\b[^=\n]*= *[\[({]*\d*[1-9]",
    "a table of Student's t": r"\b12\.71|\b4\.303\b",
    "ranges that do not overlap": r"\bmax\(\w+\) < min\(|\bmin\(\w+\) > max\(",
    "a multiple of the floor": r"\b1\.\d+ *\* *\w*floor",
}
ELSEWHERE = {"measures/autoencoder.py", "serving/films.py"}  # SURE is a probability, and a share of a film


@pytest.mark.parametrize("rule", OWN_RULES)
def test_no_place_has_a_rule_of_its_own(rule: str):
    found = [
        f"{path.relative_to(EXPLORER)}: {line[0].strip()}"
        for path in (*EXPLORER.rglob("*.py"), *EXPLORER.rglob("*.js"))
        if path.relative_to(EXPLORER).as_posix() not in ELSEWHERE | BESIDE
        for line in re.finditer(rf"{OWN_RULES[rule]}.*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not found


RANKS = re.compile(r"\b(best|worst|most|least|fewest|farthest|nearest|largest|smallest|highest|lowest|better|worse)\b")
FACTS = {  # functions that order values which have no error: what they say of one text, image or network is exact
    "autoregressive/score.py bayes": "a posterior, by Bayes' rule",
    "autoregressive/reward.py part_of": "the probabilities of sixteen images, exact",
    "autoregressive/words.py score_report": "the probabilities of one image's pixels",
    "compare/table.py order": "the order of the lines, in which no winner is named",
    "energy/live.py live_report": "divergences by a sum over the grid, of the networks on screen",
    "energy/landscape.py landscape_surface": "the lowest cell of an energy",
    "gan/generate.py step": "the scores of the frames of one film",
    "kit/ask/likelihoods.py of_space": "the order of the sentence, whose verdict is of_pair's",
    "kit/ask/likelihoods.py fairness": "a question that the page asks",
    "lab/damage.py notice_words": "how far metrics lie from their floors, of the sets on screen",
    "sound/digit.py posterior_chart": "a posterior, by Bayes' rule",
    "sound/score.py bits_words": "the exact bits of one recording",
    "style/noise.py noise": "the draws on screen",
    "text/surprise.py surprise_answer": "the exact bits of one text",
    "tokens/surprise.py surprise_answer": "the exact surprises of one image",
    "vae/learn.py training_answer": "the measured β that is nearest to the slider's",
}
ASKED = {"verdicts", "best_of", "no_worse"}


def ranking_functions(path: Path) -> Iterator[str]:
    """The functions of a module that order values, have words that rank, and do not ask the rule."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            inside = [each for line in function.body[bool(ast.get_docstring(function)) :] for each in ast.walk(line)]
            named = {each.id for each in inside if isinstance(each, ast.Name)}
            said = [each.value for each in inside if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if any(map(orders, inside)) and not named & ASKED and any(map(RANKS.search, said)):
                yield function.name


def orders(node: ast.AST) -> bool:
    """Whether a call names the first or the last of several values."""
    if not isinstance(node, ast.Call):
        return False
    by_key = isinstance(node.func, ast.Name) and any(each.arg == "key" for each in node.keywords)
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return (by_key and name in {"max", "min", "sorted"}) or name in {"argmax", "argmin"}


def test_a_sentence_that_names_the_first_of_a_list_asks_the_rule():
    tabs = EXPLORER / "tabs"
    found = {
        f"{path.relative_to(tabs)} {name}"
        for path in tabs.rglob("*.py")
        if path.name != "exercises.py"
        for name in ranking_functions(path)
    }
    assert found == FACTS.keys()
