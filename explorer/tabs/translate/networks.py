"""Networks of the tab of translations, by what they translate and by the terms of their loss."""

from typing import Any

from explorer.networks import checkpoints
from explorer.tabs.kit.ask.nets import apart

GARMENTS, NETWORKS_DIGITS = "pix2pix-fashion-mnist", "pix2pix-mnist"
SOURCES = {GARMENTS: "outline", NETWORKS_DIGITS: "skeleton"}
PAIRED = {GARMENTS: "outline → garment", NETWORKS_DIGITS: "skeleton → digit"}
WEIGHTS = {0: "pix2pix-l1-0-fashion-mnist", 1: "pix2pix-l1-1-fashion-mnist", 10: "pix2pix-l1-10-fashion-mnist"}
WEIGHTS |= {100: GARMENTS}
"""Network of each weight λ of the L1 term."""
NETWORKS_DIFFUSION = "outline-diffusion-fashion-mnist"
BOLD, SLANT = "cyclegan-mnist", "cyclegan-slant-mnist"
UNPAIRED = {BOLD: "thin ↔ bold", SLANT: "upright ↔ slanted"}
KINDS = {BOLD: ("thin", "bold"), SLANT: ("upright", "slanted")}
"""Names of the images of both domains."""
TERMS = {"cycle": "cycle loss", "free": "no cycle loss", "identity": "cycle, identity"}
"""Terms of the loss besides the adversarial one."""
WITH = {"cycle": "", "free": "cycle-0-", "identity": "identity-"}
TRAINED = {BOLD: ("cycle", "free", "identity"), SLANT: ("cycle", "free")}
"""Terms with which the networks of each translation were trained."""
ALIKE: dict[str, tuple[str, str]] = {}
"""Of each further CycleGAN: our network for the same translation, and the terms with which both were trained."""


def _settings(net: str) -> dict[str, Any]:
    """Return the numbers and choices of a further network's recipe; none if it cannot be read."""
    try:
        recipe = checkpoints.recipe_of(net)
    except checkpoints.CheckpointError:  # the tab says so
        return {}
    return recipe["training"] | recipe["model"]


def _add_further() -> None:
    """Add the networks that `EXPLORER_EXTRA` names to those of their kind."""
    for net, title in apart("pix2pix").items():
        kind = _settings(net).get("source", "outline")
        SOURCES[net], PAIRED[net] = kind, f"{kind} → {'garment' if 'fashion' in net else 'digit'}, {title}"
    for net, title in apart("cyclegan").items():
        found = _settings(net)
        ours = SLANT if found.get("domains") == "slant" else BOLD
        terms = "identity" if found.get("identity_weight") else "cycle" if found.get("cycle_weight", 10) else "free"
        ALIKE[net] = ours, terms
        KINDS[net], UNPAIRED[net] = KINDS[ours], f"{UNPAIRED[ours]}, {title}"
        TRAINED[net] = tuple(term for term in TERMS if term in (*TRAINED[ours], terms))


def dataset_of(net: str) -> str:
    """Return the data set of a network of this tab."""
    return "fashion-mnist" if "fashion-mnist" in net else "mnist"


def net_with(net: str, term: str) -> str:
    """Return the name of an unpaired translation that was trained with other terms; a further one replaces ours."""
    if net in ALIKE:
        ours, own = ALIKE[net]
        return net if term == own else net_with(ours, term)
    return net.replace("mnist", f"{WITH[term]}mnist")


_add_further()
NETS = tuple(
    dict.fromkeys(
        [*WEIGHTS.values(), *PAIRED, NETWORKS_DIFFUSION]
        + [net_with(net, term) for net, terms in TRAINED.items() for term in terms]
    )
)
"""Every network of the tab."""
