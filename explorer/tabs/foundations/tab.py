"""The Foundations tab: the maths shared by all families, by hand and without a network."""

from pathlib import Path

from explorer.stages.foundations import FoundationsStage
from explorer.tabs.foundations import bayes, divergences, importance, jensen, likelihood, maths, score
from explorer.tabs.foundations.evidence import SHOWN
from explorer.tabs.foundations.exercises import EXERCISES
from explorer.tabs.foundations.shared import ONLY
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Tab

FOLDER = Path(__file__).parent
MODES = [likelihood.MODE, divergences.MODE, jensen.MODE, importance.MODE, bayes.MODE, score.MODE]
MECHANISM = Mechanism(
    [
        Part("x, observed", "x", "likelihood"),
        Part("Model", "p(x | θ)", "divergences", "network", lights=["likelihood"], arrow="·", tells=True),
        Part("A bound", "E log w ≤ log E w", "jensen", "step", arrow="·"),
        Part("Latent", "p(x) = E p(x | z)", "importance", "step", arrow="·", tells=True),
        Part("Class", "p(y | x)", "bayes", "step", arrow="·", tells=True),
        Part("Score", "∇ log p(x)", "score", "step", arrow="·"),
    ]
)

TAB = Tab(
    name="foundations",
    title="Foundations",
    group="first",
    question="What do all generative models share?",
    opening=Opening(moves="mu", through=(1, 10 / 3, 6, 10 / 3, 1), seconds=7),
    folder=FOLDER,
    stage=FoundationsStage,
    shown=lambda: [SHOWN],
    value=lambda found: {"nets": {ONLY.default: {"title": "", "error": None}}, "bundled": {}},
    quotes=lambda found: {},
    whose="",
    formulas=(maths.show_likelihood, maths.show_divergence, maths.show_gap),
    charts=(),
    mechanism=MECHANISM,
    **of_modes(MODES, [ONLY, SEED], FOLDER, exercises=EXERCISES),
)
