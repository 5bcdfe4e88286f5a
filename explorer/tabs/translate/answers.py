"""Numbers, a sentence and a table of an answer of the translations, from its content."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from explorer.networks.card import NORMAL
from explorer.tabs.kit.numbers.answer import Answer, Details, Figure, Table
from explorer.tabs.kit.numbers.rows import share
from explorer.tabs.kit.numbers.words import num, percent, with_article
from explorer.tabs.translate.fields import TERMS

Found = dict[str, Any]
"""Content of an answer: images, predicted classes, and recorded figures."""
Measured = Mapping[str, Any]
NOTHING = "No such network was trained and measured."
FORMS = {"error": percent, "frechet": num}
LEGEND = "Row: given; column: translated, %. Blue: kept; red: swapped."
LEAST = 0.05  # smaller shares are not written
MOST = 0.5  # share from which a digit counts as another one
LOSSES = {"cycle": "with the cycle loss", "free": "without the cycle loss", "identity": "with cycle and identity loss"}
PROBABILITY = Figure("the classifier's probability of this class")
DIFFERENCE = Figure("mean difference from the real image", unit="of white")
REAL_PATCHES = Figure("patches: mean probability of real, by D")
KEPT = Figure("class kept, on all test images")
ERROR = Figure("mean difference, on all test images", unit="of white")
KEPT_WITH = Figure("class kept, with this λ")
FRECHET = Figure("Fréchet distance to the test images", digits=1)
SPREAD = Figure("difference of two answers", unit="of white")
SPREADS = {of: Figure(f"difference of two answers, {of}", unit="of white") for of in ("diffusion", "pix2pix")}
MEASURED = {of: Figure(f"the same on 500 test images, {of}", unit="of white") for of in ("diffusion", "pix2pix")}
KEPT_BY = {of: Figure(f"class kept, {of}") for of in ("diffusion", "pix2pix")}
RETURNS = Figure("change, there and back", unit="of white")
RETURNS_FREE = Figure("the same without the cycle loss", unit="of white")
IDENTITY = Figure("change of an image of the target", unit="of white")
OFF = Figure("difference from the computed answer", unit="of white")
KEPT_CYCLE = Figure("class kept on test images")
KEPT_FREE = Figure("the same without the cycle loss")
KEPT_TERMS = {term: Figure(f"class kept, {words}") for term, words in LOSSES.items()}
HEADS = {
    "paired": (PROBABILITY, DIFFERENCE, REAL_PATCHES, KEPT, ERROR),
    "weight": (KEPT_WITH, DIFFERENCE, ERROR, FRECHET, SPREAD),
    "many": (*SPREADS.values(), *MEASURED.values(), *KEPT_BY.values()),
    "unpaired": (RETURNS, RETURNS_FREE, IDENTITY, OFF, KEPT_CYCLE, KEPT_FREE),
    "permutes": tuple(KEPT_TERMS.values()),
}
"""Figures of each mode, the headline first."""


def grey(figure: Figure, value: float | None, digits: int = 1) -> Figure:
    """Return a figure with a mean difference of pixels, as a share of white."""
    return figure.unknown if value is None else figure.of(percent(value, digits))


def recorded_difference(figure: Figure, found: Measured, name: str, digits: int = 1) -> Figure:
    """Return a figure with a recorded difference of pixels."""
    return grey(figure, found[name]["value"] if name in found else None, digits)


def kept_share(figure: Figure, found: Measured) -> Figure:
    """Return a figure with the recorded share of translations that keep their class, and its 95 % interval."""
    if not (row := found.get("kept")):
        return figure.unknown
    away = f"± {100 * NORMAL * row['se']:.1f} %" if row.get("se") else ""
    return figure.of(f"{100 * row['value']:.1f} %", away)


def distance_of(found: Measured) -> Figure:
    """Return the recorded Fréchet distance."""
    return FRECHET.of(found["frechet"]["value"] if "frechet" in found else None)


def plain_figure(found: Measured, name: str) -> Any:
    """Return a recorded figure for a table; an empty text if there is none."""
    return found[name]["value"] if name in found else ""


def predicted_class(found: Mapping[str, Any]) -> str:
    """Return the class that the classifier predicts, and its probability."""
    return f"{found['name']}, {percent(found['share'])}"


def grid(images: Sequence[tuple[str, str] | None], given: int = 0, **how: Any) -> dict[str, Any]:
    """Return images with their captions, of which the first ones are given and no results; None is left out."""
    there = [each for each in images if each]
    return {"images": [image for image, _ in there], "captions": [text for _, text in there], "given": given} | how


def outline_grid(answer: Found) -> dict[str, Any]:
    """Return the grid of an outline and of the real image, if there is one."""
    return grid([(answer["source"], "outline"), answer["real"] and (answer["real"], "real image")], given=1)


def paired_answer(answer: Found, source: str) -> Answer:
    """Describe a translation of an outline or a skeleton, `source`."""
    made, real, patches = answer["made_as"], answer.get("real_as"), answer["patches"]
    kept = kept_share(KEPT, answer["measured"])
    same = ""
    if real:
        same = ", like the real image" if real["label"] == made["label"] else f", the real one as {real['name']}"
    words = (
        f"The classifier recognises the translation as {made['name']}{same}. "
        f"The generator sees only the {source}, never the grey levels. "
        + (f"On all test images it keeps the class of {kept.text}. " if "kept" in answer["measured"] else "")
        + "The discriminator scores 49 overlapping patches, each of 18 × 18 pixels."
    )
    numbers = [
        PROBABILITY.of(share(made["share"]), name=f"the classifier's probability of {made['name']}"),
        grey(DIFFERENCE, answer.get("difference")),
        REAL_PATCHES.of(share(sum(patches) / len(patches))),
        kept,
        recorded_difference(ERROR, answer["measured"], "error"),
    ]
    given = [(answer["source"], source), real and (answer["real"], f"real image: {real['name']}")]
    return Answer(
        numbers,
        words,
        Table([{"patch": patch, "probability of real": each} for patch, each in enumerate(patches)]),
        grids=[grid([(answer["made"], f"translation: {predicted_class(made)}")]), grid(given, given=1)],
        pictures={"s": answer["source"], "y": answer["made"]},
        view=answer,
    )


def weight(answer: Found) -> Answer:
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
    numbers = [
        kept_share(replace(KEPT_WITH, name=f"class kept, λ = {answer['chosen']}"), now),
        grey(DIFFERENCE, differences and differences[at]),
        recorded_difference(ERROR, now, "error"),
        distance_of(now),
        recorded_difference(SPREAD, now, "spread", 2),
    ]
    images = [
        (image, f"λ {each}: {predicted_class(of)}")
        for image, each, of in zip(answer["made"], weights, made, strict=True)
    ]
    runs = [*zip(weights, made, rows, answer["epochs"], strict=True)]
    return Answer(
        numbers,
        words,
        Table([weight_row(*run) for run in runs]),
        grids=[grid(images, marks={str(at): "now"}), outline_grid(answer)],
        details=Details([weight_line(each, found, epochs) for each, _, found, epochs in runs]),
        pictures={"s": answer["source"], "y": answer["made"][at]},
        view=answer,
    )


def weight_row(weight: int, made_as: Measured, found: Measured, epochs: int) -> dict[str, Any]:
    """Return the row of a weight in the table to keep."""
    return {
        "l1": weight,
        "class": made_as["name"],
        "probability": made_as["share"],
        **{name: plain_figure(found, name) for name in ("kept", "error", "frechet")},
        "epochs": epochs,
    }


def weight_line(weight: int, found: Measured, epochs: int) -> dict[str, str]:
    """Return the row of a weight in the displayed table."""
    kept = kept_share(KEPT, found)
    return {
        "λ": str(weight),
        "class kept": f"{kept.text} {kept.unit}",
        "difference": recorded_difference(ERROR, found, "error").text,
        "Fréchet distance": distance_of(found).text,
        "epochs": str(epochs),
    }


def many_answer(answer: Found) -> Answer:
    """Describe several answers of pix2pix and of the diffusion."""
    one, other = (answer["families"][name] for name in ("pix2pix", "diffusion"))
    words = (
        f"Two answers of the diffusion differ {other['spread'] / one['spread']:.1f} times as much as two of pix2pix. "
        "An outline leaves the grey levels open. The L1 term rewards one average answer, so pix2pix ignores its noise. "
        f"The diffusion was trained on the same pairs and draws from p(x | outline), in {answer['steps']} steps."
    )
    families = answer["families"]
    numbers = [
        *(grey(each, families[of]["spread"]) for of, each in SPREADS.items()),
        *(recorded_difference(each, families[of]["measured"], "spread") for of, each in MEASURED.items()),
        *(kept_share(each, families[of]["measured"]) for of, each in KEPT_BY.items()),
    ]
    lines = [
        {"network": name, "answer": k, "class": of["name"], "probability": of["share"]}
        for name, each in families.items()
        for k, of in enumerate(each["made_as"])
    ]
    walls = [grid([*zip(each["made"], map(predicted_class, each["made_as"]), strict=True)]) for each in (one, other)]
    return Answer(
        numbers,
        words,
        Table(lines),
        grids=[*walls, outline_grid(answer)],
        pictures={"s": answer["source"], "y": one["made"][0]},
        view=answer,
    )


def unpaired_answer(answer: Found, kinds: Sequence[str]) -> Answer:
    """Describe a digit that goes from one of two `kinds` to the other and back, by networks with other terms."""
    cycle, free = (answer["terms"][name] for name in ("cycle", "free"))
    names = [each["made_as"]["name"] for each in (cycle, free)]
    stays = [each["made_as"]["label"] == answer["source_as"]["label"] for each in (cycle, free)]
    becomes = [
        f"{'stays' if same else 'becomes'} {with_article(name)}" for name, same in zip(names, stays, strict=True)
    ]
    lead = f"With the cycle loss the digit {becomes[0]}, without it the digit {becomes[1]}."
    if becomes[0] == becomes[1]:
        lead = f"The digit {becomes[0]} with and without the cycle loss."
    words = (
        f"{lead} There and back, it changes by {percent(cycle['cycle'], 1)} and {percent(free['cycle'], 1)} of "
        "white, on average over the pixels. "
        "No pair was ever shown: each training digit is in one of the domains only. "
        "The identity picture shows what the network does to an image that is already in the target domain."
    )
    numbers = [
        grey(RETURNS, cycle["cycle"]),
        grey(RETURNS_FREE, free["cycle"]),
        grey(IDENTITY, cycle["identity"]),
        grey(OFF, cycle["difference"]),
        kept_share(KEPT_CYCLE, cycle["measured"]),
        kept_share(KEPT_FREE, free["measured"]),
    ]
    lines = [
        {"terms": name, "class": each["made_as"]["name"], "probability": each["made_as"]["share"]}
        | {key: each[key] for key in ("cycle", "identity", "difference")}
        for name, each in answer["terms"].items()
    ]
    trips = [(image, text) for each in answer["terms"].values() for image, text in round_trip(each)]
    heads = (f"{kinds[0]} to {kinds[1]}", "and back: change", f"{kinds[1]} to {kinds[1]}")
    results = grid(trips, heads=heads, names=[TERMS[term] for term in answer["terms"]])
    given = [(answer["source"], "given"), (answer["target"], f"computed {kinds[1]}")]
    return Answer(
        numbers,
        words,
        Table(lines),
        grids=[results, grid(given, given=1)],
        pictures={"s": answer["source"], "y": cycle["made"]},
        view=answer,
    )


def round_trip(each: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a digit in the other domain, back again, and what an image of that domain becomes, with captions."""
    return [
        (each["made"], with_article(each["made_as"]["name"])),
        (each["again"], percent(each["cycle"], 1)),
        (each["same"], ""),
    ]


def permutes(answer: Found, term: str) -> Answer:
    """Describe which digit becomes which, by the network trained with the terms `term`."""
    matrix, order = answer["matrix"], [term, *(each for each in LOSSES if each != term)]
    numbers = [kept_share(KEPT_TERMS[each], {"kept": answer["kept"].get(each)}) for each in order]
    if not matrix:
        return Answer(numbers, NOTHING, Table([]), view=answer)
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
    table = [{"digit": label} | {str(k): each for k, each in enumerate(row)} for label, row in enumerate(matrix)]
    rows = [
        {"name": str(label), "cells": [cell(share, label, other) for other, share in enumerate(row)]}
        for label, row in enumerate(matrix)
    ]
    shown = {"head": [str(label) for label in range(len(matrix))], "rows": rows, "legend": LEGEND}
    view = {key: each for key, each in answer.items() if key != "matrix"}
    return Answer(numbers, words, Table(table), matrix=shown, view=view)


def cell(share: float, label: int, other: int) -> dict[str, Any]:
    """Return the cell of a share of a digit's images that become another, or the same."""
    says = f"{percent(share, 1)} of the images of {label} become {other}"
    text = num(100 * share, 0) if share >= LEAST else ""
    return {"text": text, "says": says, "share": share, "kind": "same" if label == other else ""}
