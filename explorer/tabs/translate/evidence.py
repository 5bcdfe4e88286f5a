"""Evidence of the translations: what the cards measured on the test images."""

from explorer import data
from explorer.networks.card import Card, rows
from explorer.numbers.rows import circumstances, evidence

UNMEASURED = "It was not measured yet."
PAIRED_FIGURES = {
    "kept": "class kept, by the classifier",
    "kept of=real": "the same for the real images",
    "error": "mean absolute difference from the real image",
    "frechet": "Fréchet distance to the test images",
    "spread answers=4": "mean absolute difference of two answers",
    "classes answers=4": "classes among {answers:g} answers",
}
UNPAIRED_FIGURES = {
    f"{name} way={way}": f"{title}, {way}"
    for way in ("there", "back")
    for name, title in {
        "kept": "class kept",
        "cycle": "cycle error",
        "identity": "identity: change of a target image",
        "paired": "difference from the computed answer",
    }.items()
} | {f"kept way={way} of=source": f"class of the source, {way}" for way in ("there", "back")}


def tables(dataset: str, card: Card) -> str:
    """Return a network's measured figures as Markdown; of a paired one, also the share kept of each class."""
    if not rows(card):
        return UNMEASURED
    unpaired = bool(rows(card, "cycle"))
    names = {f"kept label={label}": f"class kept, {name}" for label, name in enumerate(data.CLASSES[dataset])}
    return f"{circumstances(card)}\n\n{evidence(card, UNPAIRED_FIGURES if unpaired else PAIRED_FIGURES | names)}"
