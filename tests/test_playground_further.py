"""A further family of the plane joins the playground by one entry: in Python, and without JavaScript."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.models.learners import LEARNERS
from tests.server import ROOT

JOINS = """
import torch
from explorer.models.learners import LEARNERS, Knob, Learner
from explorer.models.live_nets import Live, one_step

class Box(Live):
    title = "Box"

    def __init__(self, width, deeper, generator, round=False):
        super().__init__()
        self.centre = torch.nn.Parameter(torch.randn(2, generator=generator))

    def training_loss(self, x, recipe, *, generator, label):
        return (x - self.centre).square().mean()

    def log_prob(self, x):
        return -(x - self.centre).square().sum(-1) / 2 - torch.log(torch.tensor(2 * torch.pi))

    def sample_steps(self, n, *, generator):
        return one_step(self.centre.detach() + torch.randn(n, 2, generator=generator))

LEARNERS["box"] = Learner(Box, "exact", "=", 0.01, knob=Knob("Corners", {"sharp": {}, "round": {"round": True}}))
"""
ASKS = """
import json
from explorer.tabs.playground import side
from explorer.tabs.playground.shared import KNOBS, NAMES
from explorer.tabs.playground.tab import TAB
from explorer import fields

usual = {each.key: each.default for each in TAB.fields} | {"n": 50, "steps": 200, "width": 16, "batch": 8}
asked = {key: usual[key] for key in fields.of(side.learn_live.plain)}
asked |= {"learn": (1, len(NAMES) - 1) if "box" in NAMES else (1,), "knobs": KNOBS.check([*KNOBS.default[:10]])}
film = [frame for _, frame in side.learn_live.props(**asked).scenes() if frame]
for look in film[-1]["looks"].values():
    look.pop("cost")
shown = [each for each in TAB.value({})["learners"] if each["name"] in film[-1]["drawn"]]
print(json.dumps({"looks": film[-1]["looks"], "shown": shown}))
"""


def run(code: str) -> dict:
    """Output of a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.deep
def test_one_entry_makes_a_family_learn_beside_the_others():
    found, before = run(JOINS + ASKS), run(ASKS)
    both, shown = found["looks"], found["shown"]
    assert [*both] == ["flow", "box"] and both["box"]["steps"] == 200 and both["box"]["nll"] > 1
    assert both["box"]["kl"] > 0 and both["box"]["distance"] > 0
    assert both["flow"] == before["looks"]["flow"], "a further family changes no training, and no link"
    assert shown[-1] == {
        "name": "box",
        "title": "Box",
        "group": "exact",
        "mark": "=",
        "knob": {"title": "Corners", "choices": ["sharp", "round"]},
    }


def test_no_script_of_the_playground_names_a_family():
    scripts = [path.read_text(encoding="utf-8") for path in Path(ROOT, "explorer/stages/playground").glob("*.js")]
    titles = {each.title for each in LEARNERS.values()}
    for script in scripts:
        assert not any(f'"{name}"' in script for name in LEARNERS), "a family by name"
        assert not any(f'"{title}"' in script for title in titles), "a family by title"
    assert sum(script.count("\n") for script in scripts) <= 1_000
