"""Numbers, a sentence and a table of an answer of the translations, from its content."""

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.networks.card import NORMAL
from explorer.tabs.kit.numbers.rows import share
from explorer.tabs.kit.numbers.words import num, percent, with_article, with_names
from explorer.tabs.translate.fields import TERMS

Answer = dict[str, Any]
Value = tuple[str, str]
"""A number as text, and its unit."""
NOTHING = "No such network was trained and measured."
FORMS = {"error": percent, "frechet": num}
LEGEND = "Row: given; column: translated, %. Blue: kept; red: swapped."
LEAST = 0.05  # smaller shares are not written
MOST = 0.5  # share from which a digit counts as another one
MISSING: Value = ("–", "")
LOSSES = {"cycle": "with the cycle loss", "free": "without the cycle loss", "identity": "with cycle and identity loss"}
HEADS = {
    "paired": (
        "the classifier's probability of this class",
        "mean difference from the real image",
        "patches: mean probability of real, by D",
        "class kept, on all test images",
        "mean difference, on all test images",
    ),
    "weight": (
        "class kept, with this λ",
        "mean difference from the real image",
        "mean difference, on all test images",
        "Fréchet distance to the test images",
        "difference of two answers",
    ),
    "many": (
        "difference of two answers, diffusion",
        "difference of two answers, pix2pix",
        "the same on 500 test images, diffusion",
        "the same on 500 test images, pix2pix",
        "class kept, diffusion",
        "class kept, pix2pix",
    ),
    "unpaired": (
        "change, there and back",
        "the same without the cycle loss",
        "change of an image of the target",
        "difference from the computed answer",
        "class kept on test images",
        "the same without the cycle loss",
    ),
    "permutes": tuple(f"class kept, {words}" for words in LOSSES.values()),
}
"""Names of the numbers of each mode, the headline first."""


def with_sentence(
    names: Sequence[str], answer: Answer, words: str, values: Sequence[Value], table: Sequence[Any]
) -> Answer:
    """Return an answer with its numbers, its sentence, and its table, whose first row names the columns."""
    numbers = with_names(names, values)
    return answer | {"numbers": numbers, "words": words, "table": table}


def number_names(mode: str, first: str) -> list[str]:
    """Return the names of a mode's numbers with another name of the headline."""
    return [first, *HEADS[mode][1:]]


def grey(value: float | None, digits: int = 1) -> Value:
    """Return a mean difference of pixels, as a share of white."""
    return MISSING if value is None else (percent(value, digits), "of white")


def recorded_difference(found: Mapping[str, Any], name: str, digits: int = 1) -> Value:
    """Return a recorded difference of pixels."""
    return grey(found[name]["value"], digits) if name in found else MISSING


def kept_share(found: Mapping[str, Any]) -> Value:
    """Return the recorded share of translations that keep their class, with its 95 % interval."""
    if not (row := found.get("kept")):
        return MISSING
    away = f"± {100 * NORMAL * row['se']:.1f} %" if row.get("se") else ""
    return f"{100 * row['value']:.1f} %", away


def distance_of(found: Mapping[str, Any]) -> Value:
    """Return the recorded Fréchet distance."""
    return (f"{found['frechet']['value']:.1f}", "") if "frechet" in found else MISSING


def plain_figure(found: Mapping[str, Any], name: str) -> Any:
    """Return a recorded figure for a table; an empty text if there is none."""
    return found[name]["value"] if name in found else ""


def predicted_class(found: Mapping[str, Any]) -> str:
    """Return the class that the classifier predicts, and its probability."""
    return f"{found['name']}, {percent(found['share'])}"


def grid(images: Sequence[tuple[str, str] | None], given: int = 0, **how: Any) -> dict[str, Any]:
    """Return images with their captions, of which the first ones are given and no results; None is left out."""
    there = [each for each in images if each]
    return {"images": [image for image, _ in there], "captions": [text for _, text in there], "given": given} | how


def outline_grid(answer: Answer) -> dict[str, Any]:
    """Return the grid of an outline and of the real image, if there is one."""
    return grid([(answer["source"], "outline"), answer["real"] and (answer["real"], "real image")], given=1)


def paired_answer(answer: Answer, source: str) -> Answer:
    """Describe a translation of an outline or a skeleton, `source`."""
    made, real, patches = answer["made_as"], answer.get("real_as"), answer["patches"]
    same = ""
    if real:
        same = ", like the real image" if real["label"] == made["label"] else f", the real one as {real['name']}"
    share_kept, _ = kept_share(answer["measured"])
    words = (
        f"The classifier recognises the translation as {made['name']}{same}. "
        f"The generator sees only the {source}, never the grey levels. "
        + (f"On all test images it keeps the class of {share_kept}. " if "kept" in answer["measured"] else "")
        + "The discriminator scores 49 overlapping patches, each of 18 × 18 pixels."
    )
    values = [
        (share(made["share"]), ""),
        grey(answer.get("difference")),
        (share(sum(patches) / len(patches)), ""),
        kept_share(answer["measured"]),
        recorded_difference(answer["measured"], "error"),
    ]
    names = number_names("paired", f"the classifier's probability of {made['name']}")
    given = [(answer["source"], source), real and (answer["real"], f"real image: {real['name']}")]
    shown = {
        "grids": [grid([(answer["made"], f"translation: {predicted_class(made)}")]), grid(given, given=1)],
        "pictures": {"s": answer["source"], "y": answer["made"]},
    }
    return with_sentence(names, answer | shown, words, values, [("patch", "probability of real"), *enumerate(patches)])


def weight(answer: Answer) -> Answer:
    """Describe translations with all weights λ of L1."""
    weights, rows, made = answer["weights"], answer["measured"], answer["made_as"]
    at = weights.index(answer["chosen"])
    first, last, now = rows[0], rows[-1], rows[at]
    compared = ""
    if {"error", "frechet"} <= first.keys() & last.keys():
        changes = (f"{form(first[name]['value'], 1)} to {form(last[name]['value'], 1)}" for name, form in FORMS.items())
        compared = (
            f"From λ = {weights[0]} to {weights[-1]}, the difference from the real image changes from "
            "{}, and the Fréchet distance from {}. ".format(*changes)
        )
    words = (
        f"With λ = {answer['chosen']}, the translation is classified as {made[at]['name']}. {compared}"
        "The adversarial term rewards an image that looks real, the L1 term the right one on average."
    )
    differences = answer["differences"]
    values = [
        kept_share(now),
        grey(differences and differences[at]),
        recorded_difference(now, "error"),
        distance_of(now),
    ]
    head = ("l1", "class", "probability", "kept", "error", "frechet", "epochs")
    table = [
        (each, of["name"], of["share"], *(plain_figure(found, name) for name in ("kept", "error", "frechet")), epochs)
        for each, of, found, epochs in zip(weights, made, rows, answer["epochs"])
    ]
    lines = [
        (
            str(each),
            " ".join(kept_share(found)),
            recorded_difference(found, "error")[0],
            distance_of(found)[0],
            str(epochs),
        )
        for each, found, epochs in zip(weights, rows, answer["epochs"])
    ]
    names = number_names("weight", f"class kept, λ = {answer['chosen']}")
    images = [(image, f"λ {each}: {predicted_class(of)}") for image, each, of in zip(answer["made"], weights, made)]
    shown = {
        "grids": [grid(images, marks={str(at): "now"}), outline_grid(answer)],
        "pictures": {"s": answer["source"], "y": answer["made"][at]},
        "details": {"head": ("λ", "class kept", "difference", "Fréchet distance", "epochs"), "rows": lines},
    }
    return with_sentence(names, answer | shown, words, [*values, recorded_difference(now, "spread", 2)], [head, *table])


def many_answer(answer: Answer) -> Answer:
    """Describe several answers of pix2pix and of the diffusion."""
    one, other = (answer["families"][name] for name in ("pix2pix", "diffusion"))
    words = (
        f"Two answers of the diffusion differ {other['spread'] / one['spread']:.1f} times as much as two of pix2pix. "
        "An outline leaves the grey levels open. The L1 term rewards one average answer, so pix2pix ignores its noise. "
        f"The diffusion was trained on the same pairs and draws from p(x | outline), in {answer['steps']} steps."
    )
    values = [
        *(grey(each["spread"]) for each in (other, one)),
        *(recorded_difference(each["measured"], "spread") for each in (other, one)),
        *(kept_share(each["measured"]) for each in (other, one)),
    ]
    lines = [
        (name, k, of["name"], of["share"])
        for name, each in answer["families"].items()
        for k, of in enumerate(each["made_as"])
    ]
    walls = [grid([*zip(each["made"], map(predicted_class, each["made_as"]))]) for each in (one, other)]
    pictures = {"s": answer["source"], "y": one["made"][0]}
    answer |= {"grids": [*walls, outline_grid(answer)], "pictures": pictures}
    return with_sentence(HEADS["many"], answer, words, values, [("network", "answer", "class", "probability"), *lines])


def unpaired_answer(answer: Answer, kinds: Sequence[str]) -> Answer:
    """Describe a digit that goes from one of two `kinds` to the other and back, by networks with other terms."""
    cycle, free = (answer["terms"][name] for name in ("cycle", "free"))
    names = [each["made_as"]["name"] for each in (cycle, free)]
    stays = [each["made_as"]["label"] == answer["source_as"]["label"] for each in (cycle, free)]
    becomes = [f"{'stays' if same else 'becomes'} {with_article(name)}" for name, same in zip(names, stays)]
    lead = f"With the cycle loss the digit {becomes[0]}, without it the digit {becomes[1]}."
    if becomes[0] == becomes[1]:
        lead = f"The digit {becomes[0]} with and without the cycle loss."
    words = (
        f"{lead} There and back, it changes by {percent(cycle['cycle'], 1)} and {percent(free['cycle'], 1)} of "
        "white, on average over the pixels. "
        "No pair was ever shown: each training digit is in one of the domains only. "
        "The identity picture shows what the network does to an image that is already in the target domain."
    )
    values = [grey(cycle["cycle"]), grey(free["cycle"]), grey(cycle["identity"]), grey(cycle["difference"])]
    values += [kept_share(each["measured"]) for each in (cycle, free)]
    lines = [
        (name, each["made_as"]["name"], each["made_as"]["share"])
        + tuple(each[key] for key in ("cycle", "identity", "difference"))
        for name, each in answer["terms"].items()
    ]
    head = ("terms", "class", "probability", "cycle", "identity", "difference")
    trips = [(image, text) for each in answer["terms"].values() for image, text in round_trip(each)]
    heads = (f"{kinds[0]} to {kinds[1]}", "and back: change", f"{kinds[1]} to {kinds[1]}")
    results = grid(trips, heads=heads, names=[TERMS[term] for term in answer["terms"]])
    given = [(answer["source"], "given"), (answer["target"], f"computed {kinds[1]}")]
    pictures = {"s": answer["source"], "y": cycle["made"]}
    answer |= {"grids": [results, grid(given, given=1)], "pictures": pictures}
    return with_sentence(HEADS["unpaired"], answer, words, values, [head, *lines])


def round_trip(each: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a digit in the other domain, back again, and what an image of that domain becomes, with captions."""
    return [
        (each["made"], with_article(each["made_as"]["name"])),
        (each["again"], percent(each["cycle"], 1)),
        (each["same"], ""),
    ]


def permutes(answer: Answer, term: str) -> Answer:
    """Describe which digit becomes which, by the network trained with the terms `term`."""
    matrix, order = answer["matrix"], [term, *(each for each in LOSSES if each != term)]
    values = [kept_share({"kept": answer["kept"].get(each)}) for each in order]
    names = [f"class kept, {LOSSES[each]}" for each in order]
    if not matrix:
        return with_sentence(names, answer | {"matrix": None}, NOTHING, values, [])
    others = [(label, max(range(len(row)), key=row.__getitem__), max(row)) for label, row in enumerate(matrix)]
    moved = [f"{label} → {other}" for label, other, most in others if other != label and most > MOST]
    lead = (
        f"Most images of these digits become another one: {', '.join(moved)}. "
        if moved
        else "Each digit mostly stays itself. "
    )
    words = (
        f"{lead}The adversarial loss only compares sets of images. If all digits of a domain change places, "
        "the set stays the same, and the discriminator does not notice."
    )
    table = [("digit", *range(len(matrix))), *((label, *row) for label, row in enumerate(matrix))]
    rows = [
        {"name": str(label), "cells": [cell(share, label, other) for other, share in enumerate(row)]}
        for label, row in enumerate(matrix)
    ]
    shown = {"head": [str(label) for label in range(len(matrix))], "rows": rows, "legend": LEGEND}
    return with_sentence(names, answer | {"matrix": shown}, words, values, table)


def cell(share: float, label: int, other: int) -> dict[str, Any]:
    """Return the cell of a share of a digit's images that become another, or the same."""
    says = f"{percent(share, 1)} of the images of {label} become {other}"
    text = num(100 * share, 0) if share >= LEAST else ""
    return {"text": text, "says": says, "share": share, "kind": "same" if label == other else ""}
