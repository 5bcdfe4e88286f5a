"""The comparison: all families of models side by side, by their models' public methods alone."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from explorer import data
from explorer.measures.intervals import wilson
from explorer.networks import installed
from explorer.numbers.trained import Card, Found
from explorer.questions import because, codefile
from explorer.stages.compare import CompareStage
from explorer.tabs.compare import asked, charts, compress, evidence, maths, real, recorded, scenes, table, texts
from explorer.tabs.compare.coders import coders
from explorer.tabs.compare.columns import binarised_frechet
from explorer.tabs.compare.exercises import EXERCISES
from explorer.tabs.compare.shared import LIT, SETS
from explorer.tabs.kit.ask import nets as networks
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nets import dataset_of, nets_of
from explorer.tabs.kit.layout.family import facts
from explorer.tabs.kit.layout.fields import ASKED, CAPTION, CAPTION2, GIVEN, HOLE, SEED2
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab

QUOTED, SCENES = "mnist", data.SCENES.name
ON_PAGE = ("nll", "compare")
"""Parts of a card that the shared questions show."""
FOLDER = Path(__file__).parent
MODES = [texts.MODE, compress.MODE, real.MODE, table.MODE]
IN_ORDER = [
    asked.BY_NAME["make"],
    texts.MODE,
    asked.BY_NAME["likely"],
    compress.MODE,
    *(asked.BY_NAME[each] for each in ("finish", "odd", "between")),
    real.MODE,
    table.MODE,
]
"""Its own modes among those of the shared questions, as the navigation lists them."""
MECHANISM = Mechanism(
    [
        Part(
            "x, one picture for all", "x", "finish", shows="x", lights=["texts", "likely", "compress", "odd", "between"]
        ),
        Part(
            "Every family",
            "one question",
            "table",
            "network",
            lights=["make", "texts", "finish", "likely", "compress", "odd", "between", "real"],
        ),
        Part("x̂, what each draws", "x̂", "make", shows="out", lights=["texts", "finish", "between", "real"]),
        Part("log p(x), or why not", "log p(x)", "likely", lights=["texts", "compress", "odd"], arrow="or"),
    ]
)


def family_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the column of a network as the page needs it: the table asks for the rest of its card."""
    found = table.family_value(net, card, error)
    kept = {key: each for key, each in found["card"].items() if key in ON_PAGE}
    return found | {"card": kept, "frechet": binarised_frechet(found)}


def net_of(name: str) -> Checkpoint:
    """Return a network's entry in the comparison; if it cannot take part, the entry has a notice."""
    excuse = f"{name} takes no part"
    return Checkpoint(
        name, title_with_data(name), partial(family_value, name), partial(measurements, name), excuse=excuse
    )


def list_nets() -> list[Checkpoint]:
    """Return the entries of the networks of every data set."""
    return [net_of(name) for dataset in (*data.DATASETS, SCENES) for name in networks.comparison_nets(dataset)]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    datasets = {
        dataset: facts(dataset)
        | {"families": [nets[net].value for net in networks.comparison_nets(dataset) if net in nets]}
        for dataset in data.DATASETS
        if dataset in data.CLASSES or nets_of(dataset)
    }
    if nets_of(SCENES):
        about = {"title": data.SCENES.title, "dataset": SCENES, "classes": []}
        datasets[SCENES] = about | {"families": [scene_column(net, nets.get(net)) for net in networks.OF_SCENES]}
    films = {recorded.DATASET: recorded.to_props(nets_of(recorded.DATASET))}
    page = {"bundled": SHEETS, "coders": coders(), "largest": codefile.LARGEST_FILE, "recorded": films}
    return {"datasets": datasets} | page


def scene_column(net: str, found: Found | None) -> dict[str, Any]:
    """Return the column of a network of scenes; one that is not trained yet says so."""
    return found.value if found else family_value(net, {}, f"{networks.UNTRAINED[0].upper()}{networks.UNTRAINED[1:]}.")


def measurements(net: str, card: Card) -> str:
    """Return the figures of a network that are measured alike for all networks."""
    return f"### {title_with_data(net)}\n\n{evidence.table(net, card)}"


def cards_to_quote(values: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, by family, the data that the texts quote: its card, and the kind and the space of its likelihood."""
    known = [value for value in values if value["error"] is None]
    return {
        value["title"]: value["card"] | {"kind": value["can"]["likelihood"], "space": value["space"]} for value in known
    }


def title_with_data(net: str) -> str:
    """Return the title of a network in a list of both data sets."""
    dataset = dataset_of(net)
    return f"{networks.title_of(net)} · {data.SCENES.title if dataset == SCENES else data.DATASETS[dataset].title}"


TAB = Tab(
    name="compare",
    title="Compare",
    group="all",
    question="One question for every family: what can each answer, and what does it cost?",
    folder=FOLDER,
    stage=CompareStage,
    questions=asked.QUESTIONS,
    mechanism=MECHANISM,
    opening=Opening({"clock": "evaluations"}, "at", (1, 0, 1), seconds=8),
    shown=list_nets,
    value=value,
    quotes=lambda nets: evidence.quotes(cards_to_quote([nets[net].value for net in nets_of(QUOTED) if net in nets])),
    whose=f"What is quoted here was measured on {data.TITLES[QUOTED]}; *The evidence* below has both data sets.",
    formulas=(maths.show_dequantised, maths.show_separation, maths.show_rounds),
    anchor="compared",
    charts=(charts.frontier, charts.probes, charts.augmentation),
    charted={dataset: (title, partial(charts.cards_of, dataset)) for dataset, title in data.TITLES.items()},
    problems=installed.problems,
    **of_modes(
        IN_ORDER,
        [SETS, *ASKED, LIT, CAPTION, CAPTION2, SEED2, GIVEN, HOLE],
        FOLDER,
        exercises=EXERCISES,
        functions=[*questions.SERVER_FUNCTIONS, scenes.test_scene],
        code={
            "Who takes part": [networks.nets_of, because],
            "This page": [maths.as_probability, maths.separation, wilson],
        },
    ),
)
