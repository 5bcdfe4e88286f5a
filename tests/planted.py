"""Faults of names, units, signs of words, order of columns and visibility: `python -m tests.planted` plants each.

It says which of them the tests of their kind do not notice. The file is restored after each; nothing else may change
it meanwhile. With numbers, as in `python -m tests.planted 3 7`, it plants these alone.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1] / "explorer"


@dataclass(frozen=True)
class Fault:
    """Change of a file that a visitor would see.

    Arguments:
        path: File in the package.
        right: Text that stands there.
        wrong: Text in its place.
        noticed: Tests of the kind: a file of tests, and a selection of it if it is slow.
    """

    path: str
    right: str
    wrong: str
    noticed: str

    @property
    def tests(self) -> list[str]:
        """Arguments of pytest."""
        file, _, chosen = self.noticed.partition(" ")
        return [f"tests/test_{file}.py", *(["-k", chosen] if chosen else [])]


def script(path: str, right: str, wrong: str) -> Fault:
    """Return a fault of a script of the stages."""
    return Fault(f"stages/{path}.js", right, wrong, f"shown {path.rpartition('/')[2]} or logarithm")


EVIDENCE, WORDS, UNDER = "said evidence", "compared_words contrary", "cards under_their"
FAULTS = [
    Fault("tabs/diffusion/charts.py", 'image", yaxis_title=up', 'pixel", yaxis_title=up', EVIDENCE),
    Fault("tabs/vae/evidence.py", 'xaxis_title="rate, nats"', 'xaxis_title="distortion, nats"', EVIDENCE),
    Fault("tabs/compare/charts.py", 'title="milliseconds of', 'title="seconds of', EVIDENCE),
    Fault("tabs/text/exercises.md", "{say([each / sqrt(width)", "{say([each / width", "worked text-weight"),
    Fault("stages/kit/panel/controls.js", "control.when).length) place", "control.when).length > 1) place", "in_sight"),
    Fault("tabs/vae_room/disentangle.py", 'larger="That is more', 'larger="That is less', WORDS),
    Fault("tabs/vae_room/disentangle.py", "axes are better than chance", "axes are worse than chance", WORDS),
    Fault("tabs/tokens/readings.py", 'larger="rises", smaller="falls"', 'larger="falls", smaller="rises"', WORDS),
    Fault("tabs/flow_matching/evidence.py", 'larger="more, image', 'larger="less, image', WORDS),
    Fault("tabs/lab/marks.py", 'larger="above", smaller="below"', 'larger="below", smaller="above"', WORDS),
    Fault("tabs/gan/evidence.py", 'larger="more than", smaller="fewer than"', 'larger="fewer than", smaller=""', WORDS),
    Fault("tabs/energy/walk_report.py", 'KL.of(found["kl"])', 'KL.of(found["log_z"])', "bound_values"),
    Fault("tabs/autoregressive/maths.md", "{{nll_mixture}} nats", "{{nll_mixture}} bits", "cards unit_after"),
    Fault("numbers/rows.py", 'for key in ("n", "seed"))', 'for key in ("seed", "n"))', UNDER),
    Fault("tabs/kit/ask/likely.py", '"bound": "≤"', '"bound": "≥"', "said one_sign"),
    script("foundations/importance", "of log p(x), nats", "of log p(x), bits"),
    script("flow_matching/fields", '"x1", "x2", "exact x1", "exact x2"', '"exact x1", "exact x2", "x1", "x2"'),
    script("lab/verdicts", '["better", "real images", "worse, σ"]', '["worse", "real images", "better, σ"]'),
    script("compare/table", 'better === "most" ? "More"', 'better === "least" ? "More"'),
    script("compare/real", '["better", "either", "worse"]', '["worse", "either", "better"]'),
    script("vae/gaps", '["figure", "nats"]', '["figure", "bits"]'),
    script("vae/gaps", "Boolean(value.cannot)", "!value.cannot"),
    script("vae/explore", "${column}, nats", "${column}, bits"),
    script("questions/make", '"class",\n      "seed"', '"seed",\n      "class"'),
    script("foundations/likelihood", '["quiet wide", "p, the', '["you wide", "p, the'),
    script("autoregressive/score", 'createHeatLegend("bits")', 'createHeatLegend("nats")'),
    script("questions/learn", 'num(value, 3), "nats"]', 'num(value, 3), "bits"]'),
    script("questions/learn", '"distortion", colour', '"rate", colour'),
    script("playground/figures", "${num(value, 1)} ms", "${num(value, 1)} s"),
    script("energy/landscape", "clear.hidden = !state", "clear.hidden = state"),
]


def survives(fault: Fault) -> bool:
    """Return whether the tests of its kind pass with a fault planted.

    Raises:
        ValueError: if its text does not stand in the file exactly once.
    """
    path = ROOT / fault.path
    text = path.read_text(encoding="utf-8")
    if text.count(fault.right) != 1:
        raise ValueError(f"{fault.path} has {text.count(fault.right)} times: {fault.right}")
    path.write_text(text.replace(fault.right, fault.wrong), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *fault.tests]
        return subprocess.run(command, cwd=ROOT.parent, capture_output=True, check=False).returncode != 1
    finally:
        path.write_text(text, encoding="utf-8")


def main(*numbers: str) -> int:
    """Plant faults one after another; return how many survive."""
    chosen = [*map(int, numbers)] or range(len(FAULTS))
    survivors = 0
    for number in chosen:
        found = survives(FAULTS[number])
        survivors += found
        sys.stdout.write(f"{number:3} {'SURVIVES' if found else 'noticed'}  {FAULTS[number].path}\n")
        sys.stdout.flush()
    return survivors


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
