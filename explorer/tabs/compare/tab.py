"""The comparison: every family of models beside the others, through nothing but what its model says it can do."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from explorer import checkpoints, data, fields
from explorer.measures import compare as measures
from explorer.measures.compare import can_score, likelihood_kind
from explorer.models.raster import RasterModel
from explorer.models.search import search_steps
from explorer.stages.compare import CompareStage
from explorer.tabs.compare import evidence as compare_evidence
from explorer.tabs.compare import families
from explorer.tabs.compare import maths as compare_maths
from explorer.tabs.compare import server as compare_server
from explorer.tabs.compare.families import family_of, nets_of, shown, tab_of
from explorer.tabs.compare.fields import FIELDS, MODES
from explorer.tabs.compare.server import reason
from explorer.tabs.kit import parts
from explorer.tabs.kit.live import text_with_widgets
from explorer.tabs.kit.trained import Card, Found, found, show_evidence

NAME = "compare"
TITLES = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}
QUESTION = (
    "One seed, one picture, one question: what can each family answer, what does it cost, and what can it not do?"
)
CARD = ("quality", "compare")
ABILITIES = ("label", "log_prob", "complete", "odd")
TEXT = Path(__file__).with_name("tour.md")
QUOTED = "mnist"
WHOSE = "What is quoted here was measured on {quoted}; *The evidence* below has both data sets."
CODE = {
    "Make": [compare_server.make.plain, compare_server.script],
    "How likely?": [compare_server.likely.plain, compare_server.estimated, measures.likelihood],
    "Finish this": [compare_server.finish.plain, RasterModel.complete_steps, search_steps],
    "Is it odd?": [compare_server.odd.plain, measures.oddness],
    "Which is real?": [compare_server.one.plain, data.binarise],
    "Who takes part": [families.nets_of, families.shown, compare_server.because],
    "This page": [compare_maths.as_probability, compare_maths.separation, compare_maths.wilson],
}


def family_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one network: what it can do, why it cannot, and what was measured."""
    family = family_of(net)
    how = shown(family)
    dataset = net.removeprefix(f"{family}-")
    value = {
        "net": net,
        "family": family,
        "title": how.title,
        "tab": tab_of(family),
        "address": {key: filled(each, net=net, dataset=dataset) for key, each in how.address.items()},
        "error": error,
        "pixels": None,
        "can": {"sample": False, "label": False, "likelihood": None, "complete": None, "odd": False},
        "cannot": {},
        "parameters": None,
        "latent": None,
        "card": {},
    }
    return value if error else value | abilities(net, how) | measured(net, how, card)


def filled(template: str, **known: str) -> str:
    """Return a template of an address with what is known filled in; the browser knows the rest."""
    for name, text in known.items():
        template = template.replace(f"{{{name}}}", text)
    return template


def abilities(net: str, how: parts.Shown) -> dict[str, Any]:
    """Return what the model of a network can do, as far as it has the methods, and why it cannot do the rest."""
    model = checkpoints.load(net)
    can = {
        "sample": hasattr(model, "sample_steps"),
        "label": bool(getattr(model, "classes", 0)),
        "likelihood": likelihood_kind(model),
        "complete": how.completes or "in its own way" if hasattr(model, "complete_steps") else None,
        "odd": can_score(model),
    }
    cannot = {ability: reason(model, ability) for ability in ABILITIES}
    latent = getattr(model, "latent", None)
    return {"pixels": model.space.title, "latent": latent, "space": model.space.name, "can": can, "cannot": cannot}


def measured(net: str, how: parts.Shown, card: Card) -> dict[str, Any]:
    """Return what the card of a network says that can be set beside other families."""
    told = {key: parts.brief(card[key]) for key in CARD if key in card}
    if how.nll and "figures" in card:
        told["nll"] = parts.brief(dict(how.nll(card)))
    if how.settings and "figures" in card:
        told["settings"] = parts.brief(how.settings(card))
    if published := how.published.get(net.removeprefix(f"{family_of(net)}-")):
        told["published"] = asdict(published)
    run = card["training"]
    return {"parameters": run["parameters"], "card": told | {"minutes": run["minutes"], "device": run["device"]}}


def read(net: str) -> Found:
    """Return what is compared of a network; one that cannot take part has a notice."""
    return found(net, f"{net} takes no part", partial(family_value, net), partial(evidence, net))


def build() -> None:
    """Lay out the tab; a broken checkpoint becomes a notice, and the others are compared without it."""
    parts.question(QUESTION)
    known = {dataset: {net: read(net) for net in nets_of(dataset)} for dataset in data.CLASSES}
    datasets = {
        dataset: {
            "title": TITLES[dataset],
            "classes": data.CLASSES[dataset],
            "families": [each.value for each in nets.values()],
        }
        for dataset, nets in known.items()
    }
    bundled = {dataset: f"explorer/bundled/{dataset}" for dataset in data.CLASSES}
    value = {"tab": NAME, "datasets": datasets, "bundled": bundled, "tour": []}
    value |= fields.told(FIELDS, MODES)
    functions = compare_server.SERVER_FUNCTIONS
    CompareStage(value, server_functions=functions, elem_id="compare-stage", elem_classes="stage-block")
    figures = compare_evidence.figures(quoted(datasets[QUOTED]["families"]))
    parts.heading("Try this")
    parts.prose(WHOSE.format(quoted=TITLES[QUOTED]))
    text_with_widgets(TEXT, figures, {})
    parts.heading("The maths")
    compare_maths.build(figures)
    parts.heading("The code that ran")
    parts.code(CODE)
    parts.heading("The evidence")
    for nets in known.values():
        show_evidence(nets, anchor="compared")


def evidence(net: str, card: Card) -> str:
    """Return what was measured of a network as of all the others."""
    return f"### {titled(net)}\n\n{compare_evidence.table(net, card)}"


def quoted(values: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, by family, what the texts quote: what its card says, and what its likelihood is about."""
    known = [value for value in values if value["error"] is None]
    return {
        value["title"]: value["card"] | {"kind": value["can"]["likelihood"], "space": value["space"]} for value in known
    }


def titled(net: str) -> str:
    """Return what a network is called where those of both data sets are listed."""
    family = family_of(net)
    return f"{shown(family).title} · {TITLES[net.removeprefix(f'{family}-')]}"


TAB = parts.Tab(NAME, "Compare", build)
