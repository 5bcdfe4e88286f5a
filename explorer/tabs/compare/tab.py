"""The comparison: every family of models beside the others, through nothing but what its model says it can do."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn

from explorer import checkpoints, data
from explorer.models.raster import RasterModel
from explorer.models.search import search_steps
from explorer.questions import anomaly, because, complete, likelihood, make, reason
from explorer.stages.compare import CompareStage
from explorer.tabs.compare import evidence, families, maths, server
from explorer.tabs.compare.families import family_of, nets_of, shown, tab_of, title_of
from explorer.tabs.compare.fields import FIELDS, MODES
from explorer.tabs.compare.figures import nll, settings
from explorer.tabs.kit import parts
from explorer.tabs.kit.common import SHEETS
from explorer.tabs.kit.tab import Net, Tab
from explorer.tabs.kit.trained import Card, Found

TITLES = data.TITLES
CARD = ("quality", "compare")
ABILITIES = ("label", "log_prob", "complete", "odd")
QUOTED = "mnist"
CODE = {
    "Make": [server.make.plain, make.steps, server.script],
    "How likely?": [server.likely.plain, likelihood.ask, likelihood.log_prob],
    "Finish this": [server.finish.plain, complete.steps, RasterModel.complete_steps, search_steps],
    "Is it odd?": [server.odd.plain, anomaly.ask, anomaly.score],
    "Which is real?": [server.one.plain, data.binarise],
    "Who takes part": [families.nets_of, families.shown, because],
    "This page": [maths.as_probability, maths.separation, maths.wilson],
}


def family_value(net: str, card: Card, error: str | None) -> dict[str, Any]:
    """Return what the stage is told about one network: what it can do, why it cannot, and what was measured."""
    family = family_of(net)
    how = shown(family)
    dataset = net.removeprefix(f"{family}-")
    published = how.published.get(dataset)
    value = {
        "net": net,
        "family": family,
        "title": title_of(family),
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
    if error:
        return value
    model = checkpoints.load(net)
    return value | abilities(model) | measured(model, card, published)


def filled(template: str, **known: str) -> str:
    """Return a template of an address with what is known filled in; the browser knows the rest."""
    for name, text in known.items():
        template = template.replace(f"{{{name}}}", text)
    return template


def abilities(model: nn.Module) -> dict[str, Any]:
    """Return what a model can do, as far as it has the methods, and why it cannot do the rest."""
    can = {
        "sample": hasattr(model, "sample_steps"),
        "label": bool(getattr(model, "classes", 0)),
        "likelihood": likelihood.kind(model),
        "complete": complete.how(model),
        "odd": anomaly.can_score(model),
    }
    cannot = {ability: reason(model, ability) for ability in ABILITIES}
    latent = getattr(model, "latent", None)
    return {"pixels": model.space.title, "latent": latent, "space": model.space.name, "can": can, "cannot": cannot}


def measured(model: nn.Module, card: Card, published: parts.Published | None) -> dict[str, Any]:
    """Return what the card of a network says that can be set beside other families, and what others published."""
    told = {key: parts.brief(card[key]) for key in CARD if key in card}
    told |= {"nll": parts.brief(nll(card, model.space)), "settings": parts.brief(settings(card))}
    if published:
        told["published"] = asdict(published)
    run = card["training"]
    return {"parameters": run["parameters"], "card": told | {"minutes": run["minutes"], "device": run["device"]}}


def net_of(name: str) -> Net:
    """Return what is compared of a network; one that cannot take part has a notice."""
    excuse = f"{name} takes no part"
    return Net(name, titled(name), partial(family_value, name), partial(measurements, name), excuse=excuse)


def compared() -> list[Net]:
    """Return what is compared of the networks of every data set."""
    return [net_of(name) for dataset in data.CLASSES for name in nets_of(dataset)]


def value(nets: Mapping[str, Found]) -> dict[str, Any]:
    """Return what the stage is told beside its fields."""
    datasets = {
        dataset: {
            "title": TITLES[dataset],
            "classes": classes,
            "families": [nets[net].value for net in nets_of(dataset) if net in nets],
        }
        for dataset, classes in data.CLASSES.items()
    }
    return {"datasets": datasets, "bundled": SHEETS}


def measurements(net: str, card: Card) -> str:
    """Return what was measured of a network as of all the others."""
    return f"### {titled(net)}\n\n{evidence.table(net, card)}"


def quoted(values: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, by family, what the texts quote: what its card says, and what its likelihood is about."""
    known = [value for value in values if value["error"] is None]
    return {
        value["title"]: value["card"] | {"kind": value["can"]["likelihood"], "space": value["space"]} for value in known
    }


def titled(net: str) -> str:
    """Return what a network is called where those of both data sets are listed."""
    family = family_of(net)
    return f"{title_of(family)} · {TITLES[net.removeprefix(f'{family}-')]}"


TAB = Tab(
    name="compare",
    title="Compare",
    question="One seed, one picture, one question: what can each family answer, what does it cost, and what can it not "
    "do?",
    folder=Path(__file__).parent,
    stage=CompareStage,
    fields=FIELDS,
    modes=MODES,
    shown=compared,
    value=value,
    quotes=lambda nets: evidence.quotes(quoted([nets[net].value for net in nets_of(QUOTED) if net in nets])),
    whose=f"What is quoted here was measured on {TITLES[QUOTED]}; *The evidence* below has both data sets.",
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_dequantised, maths.show_separation, maths.show_rounds),
    code=CODE,
    anchor="compared",
)
