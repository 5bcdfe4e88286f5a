"""What was measured: the card of each VAE as tables, and as figures for the text to quote."""

import math
from collections.abc import Mapping
from typing import Any

import gradio as gr

from explorer.tabs import parts

SHOWN_BETAS = (0.01, 0.1, 1, 4, 10, 20, 100)
UNKNOWN = "(not measured)"


def figures(card: Mapping[str, Any]) -> dict[str, str]:
    """Return the figures that lesson and maths quote, formatted; the names are the same for any card."""
    curve = card.get("curve", [])
    found = {"distortion_zero": _quote(card.get("beta_zero", {}).get("distortion"))}
    for name, beta in (("low", 0.01), ("one", 1), ("ten", 10), ("high", 100)):
        row = nearest(curve, beta)
        found |= {f"{key}_{name}": _quote(row.get(key)) for key in ("distortion", "rate")}
        found[f"bound_{name}"] = _quote(-row["elbo"] if row else None)
    collapsed = [row["beta"] for row in curve if row["rate"] < 0.05]
    found["collapse_beta"] = f"{min(collapsed):.2g}" if collapsed else UNKNOWN
    found |= {"gap_reading": UNKNOWN, "midpoint_reading": UNKNOWN, "spread_reading": UNKNOWN}
    return found


def nearest(curve: list[dict[str, float]], beta: float) -> dict[str, float]:
    """Return the measured point of the rate–distortion curve whose β is nearest on a log scale."""
    return min(curve, key=lambda row: abs(math.log(row["beta"] / beta)), default={})


def rows(card: Mapping[str, Any]) -> list[parts.Figure]:
    """Return the headline figures of a card."""
    measured = {"n": card.get("n"), "seed": card.get("seed")}
    one, last = nearest(card["curve"], 1), nearest(card["curve"], 100)
    return [
        parts.Figure("−log p(x) at β = 1, by the ELBO", -one["elbo"], "bound", se=one.get("elbo_se"), **measured),
        parts.Figure("distortion D at β = 1", one["distortion"], "estimate", se=one["distortion_se"], **measured),
        parts.Figure("rate R at β = 1", one["rate"], "exact", se=one["rate_se"], **measured),
        parts.Figure("rate R at β = 100", last["rate"], "exact", se=last["rate_se"], **measured),
    ]


def build(cards: Mapping[str, Mapping[str, Any]]) -> None:
    """Lay out one column a data set."""
    with gr.Row(elem_classes="evidence"):
        for title, card in cards.items():
            with gr.Column(min_width=340):
                parts.prose(f"### {title}\n\n{_tables(card)}")


def _tables(card: Mapping[str, Any]) -> str:
    if not card.get("curve"):
        return "These weights have not been measured yet: run `python -m explorer.evaluate` with the checkpoint's name."
    provenance = f"{card.get('date', '')} · torch {card.get('torch', '')} · {card.get('device', '')}"
    return f"{parts.evidence_table(rows(card))}\n\n`{card.get('command', '')}` · {provenance}"


def _quote(value: float | None) -> str:
    return UNKNOWN if value is None else parts.number(value)
