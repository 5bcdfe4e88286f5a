"""Every network is asked every shared question with every kind of x: it answers, or says in words why it cannot."""

import base64
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer import fields
from explorer.models import FAMILIES
from explorer.models.ode import SOLVERS
from explorer.networks import checkpoints
from explorer.serving.films import Script
from explorer.serving.work import BROKEN, sentence
from explorer.tabs.compare import real as compare_real
from explorer.tabs.flow_matching import solvers as flow_matching_solvers
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.ask.nets import family_of
from explorer.tabs.kit.layout.fields import DrawnOrTest
from explorer.tabs.start import map as start_map
from tests import attack, tiny_nets

DIFFUSIONS = {net: each for net, each in tiny_nets.DIFFUSIONS.items() if not net.startswith("score-")}
TINY = {
    **(tiny_nets.MODELS | DIFFUSIONS | tiny_nets.FLOWS | tiny_nets.VELOCITIES | tiny_nets.GANS),
    **(tiny_nets.CODES | tiny_nets.VAES | tiny_nets.DISCRETE | tiny_nets.ENERGIES | tiny_nets.RECURRENT),
    **tiny_nets.STYLEGANS,
}
KNOWN = base64.b64encode(bytes(49) + bytes([255]) * 49).decode()
PRETRAINED = checkpoints.ROOT / "pretrained"
NETS = sorted(path.parent.name for path in PRETRAINED.glob("*/config.json"))
POINTS = ("moons", "rings", "eight-gaussians")
SMALL = [net for net in NETS if net.endswith(POINTS) and not net.startswith("score-")] + ["beta-vae-mnist"]
INSTALLED = [*checkpoints.elsewhere]
IMAGE, DRAWING = {"test": 12, "set": "mnist"}, {"bits": "A" * 130 + "=="}
POINT = {"point": [0.5, -1.25]}
PICTURES = [{"picture": each} for each in (IMAGE, DRAWING, POINT)]
PAIRS = [{"picture": one, "other": two} for one, two in itertools.product((IMAGE, DRAWING, POINT), repeat=2)]
SEEDS = [{"seed": 7, "label": label} for label in (None, 3)]
FILLED = [
    {**picture, **seed, "known": known} for picture in PICTURES for seed in SEEDS for known in (KNOWN, "gA==", "wA==")
]
SOLVED = [{**SEEDS[0], "w": 1, "solver": solver, "steps": 2} for solver in SOLVERS] + [
    {**SEEDS[1], "w": 1, "solver": "euler", "steps": 2}
]
ASKED: list[tuple[Callable, list[dict[str, Any]]]] = [
    (questions.ask_make, SEEDS),
    (questions.ask_complete, FILLED),
    (questions.ask_interpolate, PAIRS),
    (questions.ask_learn, SEEDS),
    (questions.ask_likelihood, PICTURES),
    (questions.ask_anomaly, PICTURES),
    (compare_real.one, SEEDS),
    (start_map.ask_leaf, SEEDS),
    (flow_matching_solvers.solve, SOLVED),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a network of every name that can be asked: tiny ones, and those that are small as they are."""
    found = tiny_nets.write(tmp_path_factory.mktemp("nets"), TINY)
    for net in SMALL:
        (found / net).symlink_to(PRETRAINED / net)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(found))
        questions.total_of.cache_clear()
        yield found
    questions.total_of.cache_clear()


def asked(ask: Callable, argument: dict[str, Any]) -> str | None:
    """Error of a question, as the visitor reads it; of a film the first scenes are made."""
    try:
        found = ask.props(**arguments(fields.of(ask.plain), argument))
        if isinstance(found, Script):
            list(itertools.islice(found.scenes(), 3))
    except Exception as error:
        return sentence(error, ask.__name__)
    return None


@pytest.mark.parametrize(("ask", "every"), ASKED, ids=[ask.__name__ for ask, _ in ASKED])
@pytest.mark.parametrize("net", [*TINY, *SMALL, *INSTALLED])
def test_no_network_breaks_at_any_question(net: str, ask: Callable, every: list[dict], folder: Path, monkeypatch):
    for module in (compare_real, start_map):
        monkeypatch.setattr(module, "last", lambda steps: next(iter(steps)))
    report = {str(argument): asked(ask, argument | {"net": net}) for argument in every}
    assert not [argument for argument, said in report.items() if said == BROKEN]
    assert all(said is None or len(said) > 10 for said in report.values())


def test_every_family_is_asked(folder: Path):
    assert {family_of(net) for net in [*TINY, *SMALL, *INSTALLED]} == set(FAMILIES)


OWN = {
    (stage, ask.__name__): ask
    for stage, tab in attack.TABS.items()
    for ask in tab.functions
    if hasattr(ask, "plain") and ask.__name__ in attack.FUNCTIONS[stage]
}


def pictured(ask: Callable) -> list[str]:
    """The parameters of a question that are pictures."""
    return [name for name, field in fields.of(ask.plain).items() if isinstance(field.kind, DrawnOrTest)]


GOOD = {each: attack.reads(*each) for each in OWN}


@pytest.mark.parametrize(("stage", "name"), [each for each, ask in OWN.items() if pictured(ask)])
def test_no_question_of_a_tab_breaks_at_a_point_or_a_drawing(stage: str, name: str, folder: Path):
    ask, good = OWN[stage, name], GOOD[stage, name]
    for parameter, odd in itertools.product(pictured(ask), (POINT, DRAWING)):
        said = asked(ask, good | {parameter: odd})
        assert said != BROKEN and (said is None or len(said) > 10)
