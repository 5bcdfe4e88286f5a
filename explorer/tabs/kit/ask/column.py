"""Columns: the abilities and measured figures of a network, as the shared questions need them."""

from dataclasses import asdict
from statistics import fmean
from typing import Any

from explorer.measures.quality import over_floor
from explorer.models.model import Model
from explorer.networks import checkpoints
from explorer.networks.card import Card
from explorer.numbers.figures import nll, settings
from explorer.questions import anomaly, complete, compress, interpolate, likelihood, lossless, reason
from explorer.tabs.kit.ask.nets import dataset_of, family_of, own_title, title_of
from explorer.tabs.kit.ask.questions import complete_snapshots
from explorer.tabs.kit.layout import parts

CARD = ("quality", "compare")
ABILITIES = ("sample", "label", "log_prob", "complete", "odd", "interpolate")


def column(net: str, how: parts.Shown, tab: str | None, card: Card, error: str | None) -> dict[str, Any]:
    """Return the column of a network, shown in `tab` if any.

    Arguments:
        net: Name of the network.
        how: Display settings of its family.
        tab: Name of the tab that shows it.
        card: Its card; empty if there is an error.
        error: Why the network cannot be shown, or None.
    """
    value = {
        "net": net,
        "family": net if own_title(net) else family_of(net),
        "title": title_of(net),
        "tab": tab,
        "address": {key: _filled(each, net) for key, each in how.address.items()},
        "error": error,
        "pixels": None,
        "can": {
            **{"sample": False, "label": False, "likelihood": None},
            **{"complete": None, "odd": False, "interpolate": False, "compress": None, "learn": False},
        },
        "cannot": {},
        "moments": [],
        "parameters": None,
        "latent": None,
        "card": {},
    }
    return value if error else value | _abilities(net) | _measured(net, how, card)


def _filled(template: str, net: str) -> str:
    """Return an address template with a network's values filled in; the browser fills in the rest."""
    dataset = dataset_of(net)
    choice = net if own_title(net) else dataset
    for name, text in (("net", net), ("dataset", dataset), ("data", choice)):
        template = template.replace(f"{{{name}}}", text)
    return template


def _cost(row: dict[str, Any], model: Model) -> dict[str, float]:
    """Return what was measured of a snapshot, in nats.

    That is the KL from the known density, the terms of the ELBO of held-out data with their sum, or its −log p(x).
    """
    if "kl" in row:
        return {"kl": row["kl"][model.objective]}
    if {"distortion", "rate"} <= row.keys():
        return {"nll": row["loss"], "distortion": row["distortion"], "rate": row["rate"]}
    return {"nll": row["nll"]} if "nll" in row else {}


def _abilities(net: str) -> dict[str, Any]:
    """Return the abilities of a network's model, derived from its methods, and the reason for each missing one."""
    model = checkpoints.load(net)
    can = {
        "sample": hasattr(model, "sample_steps"),
        "label": bool(getattr(model, "classes", 0)),
        "likelihood": likelihood.kind(model) or likelihood.kind_of_codes(model),
        "complete": complete.how(model),
        "odd": anomaly.can_score(model),
        "interpolate": interpolate.can(model),
        "compress": "lossless" if lossless.can(model) else compress.how(model),
    }
    if likelihood.has_ratios(model):
        can["ratio"] = True
    if getattr(model, "reads_words", False):
        can["words"] = True
    cannot = {ability: reason(model, ability) for ability in ABILITIES} | {"compress": compress.why_not(model)}
    latent = getattr(model, "latent", None)
    costs = {row["step"]: _cost(row, model) for row in checkpoints.snapshots_of(net)["history"]}
    kept = [
        {key: row[key] for key in ("epoch", "step", "images") if key in row} | costs.get(row["step"], {})
        for row in complete_snapshots(net)
    ]
    can["learn"] = bool(kept)
    cannot["learn"] = "no snapshot of its training was kept"
    space = {"pixels": model.space.title, "space": model.space.name, "completing": complete.evaluations(model)}
    return space | {"latent": latent, "can": can, "cannot": cannot, "moments": kept}


def _measured(net: str, how: parts.Shown, card: Card) -> dict[str, Any]:
    """Return the figures of a network's card that other families share, and the published ones."""
    report = {key: parts.rounded(card[key]) for key in CARD if key in card}
    if odd := report.get("compare", {}).get("odd"):  # without its histograms, which are asked for
        report["compare"] |= {"odd": {"kinds": {kind: {"auroc": each["auroc"]} for kind, each in odd["kinds"].items()}}}
    report |= {"nll": parts.rounded(nll(card, checkpoints.load(net).space)), "settings": parts.rounded(settings(card))}
    if far := over_floor(card, "binarised") or over_floor(card, "grey"):
        report["far"] = parts.rounded(fmean(far))
    if published := how.published.get(dataset_of(net)):
        report["published"] = asdict(published)
    report |= {key: card["training"].get(key) for key in ("minutes", "device")}
    return {"parameters": checkpoints.count_parameters(checkpoints.load(net)), "card": report}
