"""Model cards for the Hub, one a network: what it is, and its figures with their errors as the Hub's `model-index`.

The figures are those of `card.json`, from the plainest to those measured at many settings. Each keeps its standard
error, the number of items, its seed, its unit, whether it is exact, a bound or an estimate, and its setting.
"""

from collections.abc import Mapping
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from explorer import data
from explorer.networks import card, checkpoints

FIGURES = 60
"""Figures in a card; the others are in `card.json`."""
TASKS = {"shakespeare": "text-generation", "spoken-digits": "text-to-audio", "scenes": "text-to-image"}
READS_TASK = "image-classification"
"""Task of networks that read pictures or sounds."""
DRAWS_TASK = "unconditional-image-generation"


def of(name: str) -> ModelCard:
    """Return the card of a checkpoint.

    Raises:
        CheckpointError: if there is no such checkpoint, or a file of it is damaged.
    """
    return of_network(name, checkpoints.recipe_of(name), checkpoints.card_of(name))


def of_network(name: str, recipe: Mapping[str, Any], measured: card.Card) -> ModelCard:
    """Return the card of a network with this recipe, and with these figures."""
    source = getattr(known_sets().get(recipe["dataset"]), "hub", None)
    figures = chosen(measured)
    facts = ModelCardData(
        license="mit",
        library_name="explorer",
        tags=["generative-models", recipe["family"], "model_hub_mixin", "pytorch_model_hub_mixin"],
        datasets=[source] if source else None,
        model_name=name,
        eval_results=[result_of(each, recipe) for each in figures] or None,
    )
    return ModelCard(f"---\n{facts.to_yaml()}\n---\n\n{text_of(name, recipe)}\n{table(figures)}")


def known_sets() -> dict[str, Any]:
    """Return the data sets by their names in recipes."""
    return data.DATASETS | data.TEXTS | data.SOUNDS | {data.SCENES.name: data.SCENES}


def chosen(measured: card.Card) -> list[card.Row]:
    """Return at most `FIGURES` rows, those with the fewest settings first."""
    return sorted(card.rows(measured), key=lambda row: len(card.setting_of(row)))[:FIGURES]


def result_of(row: card.Row, recipe: Mapping[str, Any]) -> EvalResult:
    """Return a figure as the Hub's `model-index` stores one; what the Hub has no place for are its `args`."""
    dataset = recipe["dataset"] or "unknown"
    known = known_sets().get(dataset)
    reads = any(word in recipe["family"] for word in ("classifier", "judge"))
    return EvalResult(
        task_type=READS_TASK if reads else TASKS.get(dataset, DRAWS_TASK),
        dataset_type=getattr(known, "hub", dataset),
        dataset_name=getattr(known, "title", dataset),
        dataset_split="test",
        metric_type=row["name"],
        metric_name=called(row),
        metric_value=row["value"],
        metric_args={key: value for key, value in row.items() if key not in ("name", "value")},
    )


def called(row: card.Row) -> str:
    """Return the name of a figure with its setting, as in “accuracy (w 2)”."""
    setting = ", ".join(f"{key} {value}" for key, value in card.setting_of(row).items())
    return f"{row['name']} ({setting})" if setting else row["name"]


def text_of(name: str, recipe: Mapping[str, Any]) -> str:
    """Return the page of a checkpoint, or a short one for a network without."""
    page = checkpoints.place(name) / "README.md"
    said = page.read_text(encoding="utf-8") if page.exists() else f"# {name}\n"
    return (
        f"{said.rstrip()}\n\n## Load it\n\n```python\nimport explorer\n\n"
        f'model = explorer.family("{recipe["family"]}").from_pretrained("OWNER/{name}")\n```\n'
    )


def table(figures: list[card.Row]) -> str:
    """Return the figures as a table in Markdown; nothing if there are none."""
    if not figures:
        return ""
    rows = "".join(f"| {called(row)} | {value_of(row)} | {row['kind']} | {row.get('n', '–')} |\n" for row in figures)
    return f"\n## Measured on test data\n\n| figure | value | is | items |\n| --- | --- | --- | --- |\n{rows}"


def value_of(row: card.Row) -> str:
    """Return a value with its standard error and its unit."""
    error = f" ± {row['se']:.2g}" if row.get("se") else ""
    return f"{row['value']:.4g}{error} {row.get('unit', '')}".rstrip()
