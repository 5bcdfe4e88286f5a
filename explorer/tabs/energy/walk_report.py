"""Figures, sentences and a chart of chains that walk on an energy."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from explorer.measures.plane_energy import PIECES, assign_modes, known_shares
from explorer.models.chains import FAR, autocorrelation, effective_size
from explorer.numbers.answer import FINDING, Axis, Chart, Figure, Report
from explorer.numbers.words import brief, num, percent
from explorer.tabs.energy.walk import Rules, Walked

KL = Figure("KL from known density", unit="nats", digits=4)
LOG_Z = Figure("log Z", unit="nats", digits=3)
WRONG_MODE = Figure("mass in the wrong mode")
ACCEPTED = Figure("accepted")
CROSSINGS = Figure("crossings", digits=0)
HEADS = (FINDING, KL, LOG_Z, WRONG_MODE, ACCEPTED, CROSSINGS)
MOVE_NAMES = {"langevin": "Langevin step", "mala": "MALA move", "hmc": "HMC move", "walk": "random-walk move"}
VISITED = 0.01  # share of the time from which a mode counts as visited
WALK_REPORT_FEWEST = 40  # moves from which mixing can be measured, and chains by which it is
LAGS = 200


def many(count: int, name: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def energy_numbers(
    found: Mapping[str, Any], headline: str, accepted: str | None = None, crossings: int | None = None
) -> list[Figure]:
    """Return the figures of an energy, and those of its chains."""
    return [
        FINDING.of(headline),
        KL.of(found["kl"]),
        LOG_Z.of(found["log_z"]),
        WRONG_MODE.of(percent(found["shares_off"], 1)),
        ACCEPTED.of(accepted),
        CROSSINGS.of(crossings),
    ]


def chains_report(shot: Walked, rules: Rules, found: Mapping[str, Any], mixed: Mapping[str, Any] | None) -> Report:
    """Describe chains after a move: caption, sentence, numbers, and what their charts show."""
    heat = f" at T = {num(shot.temperature)}" if rules.cure == "annealing" else ""
    caption = f"After {many(shot.move, 'move')}{heat}." if shot.move else "Where the chains were dropped."
    share = shot.accepted / (rules.chains * max(1, shot.move))
    words = [f"{many(rules.chains, 'chain')} before the first move."]
    if shot.lost:
        caption, words = f"Stopped at move {shot.move}: a chain diverged.", [divergence_sentence(shot, rules)]
    elif shot.move:
        words = [walk_sentence(shot, rules, share)]
        if mixed:
            words += [mixed["words"], f"A move costs {many(rules.cost, 'evaluation')} of the network."]
    return Report(
        energy_numbers(found, where_words(shot, rules), *([percent(share, 1), shot.crossings] if shot.move else [])),
        " ".join(words),
        caption=caption,
        place=shot.move,
        end=rules.length,
        curves=[[round(float(shot.x[0, 0]), 3)]],
        view={"mixing": mixed and mixed["chart"]},
    )


def where_words(shot: Walked, rules: Rules) -> str:
    """Return the headline: how many chains lie where the data do."""
    if shot.lost:
        return "A chain diverged: the step is too large."
    return f"{percent(shot.inside / rules.chains)} of the chains lie where the data do."


def walk_sentence(shot: Walked, rules: Rules, share: float) -> str:
    """Describe how chains have walked so far."""
    accepted = f"{percent(share, 1)} of the proposals were accepted."
    if rules.kernel == "langevin":
        accepted = "Every proposal is accepted, so a finite step biases the limit."
    crossed = "None crossed from mode to mode."
    if shot.crossings:
        each = round(shot.move * rules.chains / shot.crossings)
        crossed = f"They crossed from mode to mode {many(shot.crossings, 'time')}, once in {each:,} moves of a chain."
    moved = many(shot.move, MOVE_NAMES[rules.kernel])
    where = f"{percent(shot.inside / rules.chains)} of the chains lie where the data do"
    return f"After {moved}, {where}. There are {rules.chains:,}, with ε = {brief(rules.eps)}. {accepted} {crossed}"


def divergence_sentence(shot: Walked, rules: Rules) -> str:
    """Describe a chain that has diverged."""
    chain, why = shot.lost
    what = f"went beyond {FAR:,.0f}" if why == "far" else "has an energy that is not a number"
    return (
        f"Stopped: chain {chain + 1} {what} at move {shot.move}. Far out, E grows like half the squared distance, so a "
        f"step multiplies the distance by 1 − ε²/2 = {num(1 - rules.eps**2 / 2)} for ε = {brief(rules.eps)}. Beyond "
        "ε = 2 each step overshoots farther than the last. Choose a smaller step, or a sampler that rejects."
    )


def mixing(trace: Tensor, dataset: str, shares: Sequence[float]) -> dict[str, Any] | None:
    """Measure how chains (N, B, 2) mix over the later half of their moves, in words and as a chart."""
    moves = len(trace) - 1
    if moves < WALK_REPORT_FEWEST:
        return None
    later = trace[moves // 2 :, :WALK_REPORT_FEWEST]
    share = min(effective_size(later[..., axis].T) for axis in (0, 1)) / later[..., 0].numel()
    piece = assign_modes(dataset, trace[moves // 2 :].reshape(-1, 2))
    stay = torch.bincount(piece[piece >= 0], minlength=len(PIECES[dataset])).double()
    stay = stay / stay.sum().clamp(min=1)
    visited, modes = int((stay > VISITED).sum()), len(known_shares(dataset))
    apart = float((stay - torch.tensor(shares)).abs().sum() / 2)
    fooled = ", but it cannot see modes that no chain has visited" if visited < modes else ""
    rho = autocorrelation(later[..., 0].T)[:LAGS].tolist()
    return {
        "words": f"In the later half they were in {visited} of {modes} modes. By exp(−E)/Z, {percent(apart)} of that "
        f"time belongs elsewhere. By autocorrelation {percent(share, 2)} of their draws are independent ones{fooled}.",
        "chart": Chart(
            x=Axis(ends=[0, len(rho) - 1], ticks=[0, len(rho) - 1]),
            y=Axis("autocorrelation of x₁ by lag", ends=[-0.2, 1], ticks=[0, 0.5, 1]),
            lines=[{"points": [(lag, round(value, 3)) for lag, value in enumerate(rho)], "colour": "ink"}],
            words=f"{num(rho[10])} at a lag of ten moves",
        ),
    }
