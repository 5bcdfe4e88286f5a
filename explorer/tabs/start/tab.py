"""The first page: a map of the families by their models' capabilities, with links to the tabs."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from explorer import data
from explorer.lessons import sheet
from explorer.measures.ebm import FROM_NOISE
from explorer.models import MODELS
from explorer.networks import checkpoints, installed
from explorer.networks.card import Card, rows
from explorer.numbers.trained import Found
from explorer.questions import likelihood, make
from explorer.stages.start import StartStage
from explorer.tabs import families
from explorer.tabs.compare import charts
from explorer.tabs.compare import tab as compare
from explorer.tabs.compare.asked import QUESTIONS
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.kit.ask import questions
from explorer.tabs.kit.ask.answers import frames, stop
from explorer.tabs.kit.ask.column import column
from explorer.tabs.kit.ask.common import SHEETS
from explorer.tabs.kit.ask.nets import dataset_of, family_of, nets_of
from explorer.tabs.kit.layout.fields import SEED
from explorer.tabs.kit.layout.groups import TITLES
from explorer.tabs.kit.layout.mode import of_modes
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.start import exam, facts, map, matrix, noise, random, recorded
from explorer.tabs.start.origins import ORIGINS
from explorer.tabs.start.shared import SETS
from explorer.tabs.words.shared import PROMPT_LONGEST

ELSEWHERE = (
    {"title": "Text", "tab": "text", "words": "p(x) of texts, one character after another"},
    {"title": "Sound", "tab": "sound", "words": "p(x) of spoken digits, one sample after another"},
)
"""Tabs of networks with an exact p(x) of something else than the data sets of the map."""
OF_A_COLUMN = ("net", "family", "title", "tab", "error", "can", "cannot", "parameters")
START_BEGIN = (
    ("Draw your own data", "Eight families learn your points", "?tab=playground"),
    ("Compare all of them", "One seed, every family", "?tab=compare"),
)
"""Ways to begin: a title, words and an address."""
PROMPT_DOOR = {
    "title": "Type a picture",
    "example": "a red cat on grass",
    "draw": "Draw it",
    "letters": PROMPT_LONGEST,
    "to": "?tab=words&mode=prompt&prompt=",
}
"""The first way to begin: a prompt, which the tab *Words* draws."""
COURSES = {
    "One noise, eight ideas": ("?tab=start&story=one-noise", "3 minutes"),
    "Autoregressive and VAE": ("?tab=start&course=ar-and-vae", "90 minutes"),
    "GANs and diffusion": ("?tab=start&course=gan-and-diffusion", "90 minutes"),
    "From noise to prompts": ("?tab=start&course=noise-to-prompts", "45 minutes"),
    "Which model?": ("?tab=start&course=which-model", "45 minutes"),
    "Language and sound": ("?tab=start&course=language", "45 minutes"),
}
"""Addresses of the story across tabs and of the courses, and how long they take."""
FOLDER = Path(__file__).parent
MODES = [map.MODE, random.MODE, matrix.MODE, exam.MODE]


def branch(model: nn.Module | type[nn.Module]) -> str:
    """Return a family's branch on the map, by its model's access to p(x), or to the density of continuous x.

    The class of a model whose weights are missing stands on the same branch.
    """
    if hasattr(model, "energy") or hasattr(model, "free_energy"):
        return "unnormalised"
    kind = likelihood.kind(model)
    if kind is None:
        return "implicit"
    return "tractable" if kind != "estimate" and hasattr(model, "log_prob") else "approximate"


def dense(model: nn.Module) -> bool:
    """Return True if a model has an exact density of continuous x, and a bound for the x of its space."""
    return likelihood.kind(model) == "bound" and hasattr(model, "log_prob")


@torch.no_grad()
def code(model: nn.Module) -> str:
    """Describe the size of the code behind an x: the model's latents, its encoding, or its initial noise."""
    x = torch.zeros(1, *model.space.shape)
    if latent := getattr(model, "latent", None):
        return f"{latent} latents"
    found = None
    if hasattr(model, "encode") and hasattr(model, "decode"):
        found = model.encode(x)
    elif hasattr(model, "noise"):
        found = model.noise(1, torch.Generator())
    if not isinstance(found, torch.Tensor):  # with noise at every step, the initial noise alone does not determine x
        return "no latent"
    if found.numel() == x.numel():
        return "as large as x"
    return f"{found.numel()} {'latents' if found.is_floating_point() else 'tokens'}"


def question_links(net: str) -> dict[str, str]:
    """Return the address of each shared question about a network: in its own tab, or else in the comparison."""
    family, dataset = family_of(net), dataset_of(net)
    own = next((tab for tab in families.TABS if family in tab.shows), None)
    compared = {question: f"?tab=compare&data={dataset}&mode={mode}" for mode, question in QUESTIONS.items()}
    chosen = {"net": net, "data": dataset}
    for field in own.fields if own else ():
        if field.key in chosen and chosen[field.key] in field.kind.choices:
            here = f"?tab={own.name}&{field.key}={chosen[field.key]}"
            return compared | {each: f"{here}&mode={mode}" for each, mode in own.asked.items() if each in compared}
    return compared


def leaf(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return the map's data about a network."""
    known = column(net, families.settings_of(family_of(net)), families.tab_of(family_of(net)), card, error)
    report = {key: known[key] for key in OF_A_COLUMN}
    origin = ORIGINS.get(family_of(net))  # an installed family has none
    report |= {"asked": question_links(net), "origin": origin and origin._asdict()}
    if error:
        unknown = {"cost": None, "passes": None, "code": "", "density": False, "apart": [], "noise": 0}
        found = report | {"branch": branch(MODELS[family_of(net)])} | unknown
        return found | facts.to_props(found)
    model = checkpoints.load(net)
    cost = known["card"].get("compare", {}).get("sampling")
    passes = cost["evaluations"] if cost else make.evaluations(model) * questions.total_of(net)
    found = report | {"branch": branch(model), "cost": cost, "passes": passes, "code": code(model)}
    found |= {"density": dense(model), "noise": noise.begins(net), "apart": rows(card, "ks", of=FROM_NOISE)}
    return {key: value for key, value in found.items() if key != "apart"} | facts.to_props(found)


def list_nets() -> list[Checkpoint]:
    """Return the networks of every data set, with the map's data."""
    nets = [net for dataset in data.DATASETS for net in nets_of(dataset)]
    return [Checkpoint(net, net, partial(leaf, net), lambda card: "", excuse=f"{net} takes no part") for net in nets]


def value(found: Mapping[str, Found]) -> dict[str, Any]:
    """Return the stage's data apart from its fields."""
    datasets = {
        dataset: {"title": known.title, "dataset": dataset, "error": None}
        | {"families": (here := [found[net].value for net in nets_of(dataset) if net in found])}
        | {
            "says": {
                map.MODE.name: map.count_words(here),
                "years": map.YEARS,
                matrix.MODE.name: matrix.count_words(here),
            }
        }
        for dataset, known in data.DATASETS.items()
        if dataset in data.CLASSES or nets_of(dataset)
    }
    opening = {recorded.DATASET: f"explorer/bundled/{recorded.SHEET.stem}"}
    asked = {question: TITLES[question] for question in facts.ASKED}
    page = {"questions": asked, "door": PROMPT_DOOR, "begin": START_BEGIN, "courses": COURSES, "elsewhere": ELSEWHERE}
    page |= {"branches": facts.branch_props()}
    film = {"opening": opening, "frames": recorded.SHEET_FRAMES}
    return {"datasets": datasets, "bundled": SHEETS} | page | film


def formulas() -> str:
    """Return the sheet of formulas of all tabs as Markdown."""
    tabs = [foundations.TAB, *families.TABS, compare.TAB]
    return sheet.markdown({tab.name: (tab.title, tab.folder) for tab in tabs})


TAB = Tab(
    name="start",
    title="Start",
    group="first",
    question=f"{len(nets_of(recorded.DATASET))} generative models trained on the same digits",
    folder=FOLDER,
    stage=StartStage,
    shown=list_nets,
    value=value,
    quotes=lambda found: {"formula_sheet": formulas()},
    whose="",
    formulas=(),
    charts=(charts.frontier,),
    charted={dataset: (title, partial(charts.cards_of, dataset)) for dataset, title in data.TITLES.items()},
    problems=installed.problems,
    **of_modes(
        MODES,
        [SETS, SEED],
        FOLDER,
        functions=[questions.ask_make, frames, stop],
        code={"Its place on the map": [branch, code, likelihood.kind]},
    ),
)
