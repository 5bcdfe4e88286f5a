"""Exercises on energies: probabilities from them, a Boltzmann machine by hand, and chains."""

import math

from explorer.tabs.energy import maths
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting


@number("boltzmann", "From energies to probabilities", state="mode=landscape")
def boltzmann(draw: Draw) -> Number:
    """Ask for the probability of one of three states at a temperature."""
    energies, temperature = [draw.real(-1, 2) for _ in range(3)], draw.one_of((0.5, 1, 2))
    weights = [math.exp(-each / temperature) for each in energies]
    answer = weights[0] / sum(weights)
    wrong = [math.exp(each / temperature) for each in energies]
    return Number(
        f"A model of three states has the energies {', '.join(map(brief, energies))}. How probable is the first at the "
        f"temperature T = {temperature:g}?",
        answer,
        0.005,
        ["p(x) = exp(−E(x) ÷ T) ÷ Z.", "Z sums exp(−E ÷ T) over all states."],
        [
            f"exp(−E ÷ T) is {', '.join(say(each) for each in weights)}; together Z = {say(sum(weights))}.",
            f"p = {say(weights[0])} ÷ {say(sum(weights))} = {say(answer)}.",
        ],
        {"energies": energies, "temperature": temperature},
        slips=[
            (wrong[0] / sum(wrong), "A lower energy is likelier: mind the sign."),
            (weights[0], "That is not yet divided by Z."),
        ],
    )


@number("free-energy", "A free energy", state="net=rbm-mnist&mode=boltzmann")
def free_energy(draw: Draw) -> Number:
    """Ask for the free energy of an RBM with two visible and two hidden units."""
    weights = [[draw.real(-2, 2) for _ in range(2)] for _ in range(2)]
    b, c = [draw.real(-1, 1) for _ in range(2)], [draw.real(-1, 1) for _ in range(2)]
    v = draw.one_of(((1, 0), (0, 1), (1, 1)))
    sums = [c[j] + sum(v[i] * weights[i][j] for i in range(2)) for j in range(2)]
    own, soft = sum(one * each for one, each in zip(v, b)), [math.log1p(math.exp(each)) for each in sums]
    answer = -own - sum(soft)
    rows = " and ".join(f"({brief(row[0])}, {brief(row[1])})" for row in weights)
    return Number(
        f"An RBM has E(v, h) = −v·b − h·c − vᵀWh with b = ({brief(b[0])}, {brief(b[1])}), "
        f"c = ({brief(c[0])}, {brief(c[1])}), and W has the rows {rows}; all units are 0 or 1. What is the free energy "
        f"of v = ({v[0]}, {v[1]}), −log Σ exp(−E(v, h)) over all h?",
        answer,
        0.01,
        ["Given v the hidden units are independent: the sum over h is a product.", "−v·b − Σ log(1 + exp(cⱼ + vᵀWⱼ))."],
        [
            f"cⱼ + vᵀWⱼ is {say(sums[0], 1)} and {say(sums[1], 1)}; log(1 + exp) of them {say(soft[0])} and "
            f"{say(soft[1])}.",
            f"F = −({say(own, 1)}) − {say(soft[0])} − {say(soft[1])} = {say(answer)}.",
        ],
        {"W": weights, "b": b, "c": c, "v": v},
        slips=[
            (-answer, "The free energy is minus that logarithm."),
            (-own - sum(max(0, each) for each in sums), "That is the energy of the best h; sum over all four."),
        ],
    )


@number("langevin", "One step of Langevin", state="mode=landscape")
def langevin(draw: Draw) -> Number:
    """Ask for the position after one Langevin step: gradient descent plus noise."""
    x, centre = draw.real(-2, 2), draw.real(-1, 1)
    width, eps, noise = draw.one_of((0.5, 1, 2)), draw.one_of((0.4, 0.6, 1)), draw.real(-1.5, 1.5)
    slope = (x - centre) / width**2
    answer = x - eps**2 / 2 * slope + eps * noise
    return Number(
        f"E(x) = (x − c)² ÷ 2s² with c = {brief(centre)} and s = {width:g}. A chain is at x = {brief(x)}, its step is "
        f"ε = {eps:g}, and the noise is ξ = {brief(noise)}. Where does x′ = x − ½ ε² E′(x) + ε ξ lead?",
        answer,
        0.01,
        ["E′(x) = (x − c) ÷ s²."],
        [
            f"E′(x) = ({brief(x)} − ({brief(centre)})) ÷ {width:g}² = {say(slope)}.",
            f"x′ = {brief(x)} − {eps**2 / 2:.3g} · ({say(slope)}) + {eps:g} · ({brief(noise)}) = {say(answer)}.",
        ],
        {"x": x, "centre": centre, "width": width, "eps": eps, "noise": noise},
        slips=[(x + eps**2 / 2 * slope + eps * noise, "The chain goes down the energy: against its slope.")],
    )


@number("metropolis", "Accepted or rejected", state="mode=landscape&kernel=walk")
def metropolis(draw: Draw) -> Number:
    """Ask for the probability that a proposal is accepted."""
    energy, temperature = draw.real(0, 2), draw.one_of((0.5, 1, 2))
    other = energy + draw.real(0.3, 1.5)
    answer = math.exp(-(other - energy) / temperature)
    return Number(
        f"A random walk at temperature T = {temperature:g} is at a place with the energy {energy:g} and proposes one "
        f"with {other:.1f}; proposals in both directions are equally likely. With what probability is it accepted?",
        answer,
        0.005,
        ["min(1, p(x′) ÷ p(x)).", "Z cancels: only the difference of the energies counts."],
        [f"exp(−({other:.1f} − {energy:g}) ÷ {temperature:g}) = {say(answer)}; downhill it would be 1."],
        {"energy": energy, "other": round(other, 1), "temperature": temperature},
        slips=[
            (1 / (1 + 1 / answer), "That is the rule of Gibbs (Barker): Metropolis takes min(1, ratio)."),
            (1 - answer, "That is the probability of a rejection."),
        ],
    )


@choice("without-z", "Without Z", state="mode=ways")
def without_z(draw: Draw) -> Choice:
    """Ask what score matching does without, and what a score cannot detect."""
    return Choice(
        "Score matching never needs Z. What does it miss, with data in two modes far apart?",
        "It hardly depends on the weights of the modes.",
        {
            "The energy is then known only at the data.": "It is a function of every x; it is trained mostly near "
            "data, but that is true of any likelihood, too.",
            "The samples have to be normalised afterwards.": "Chains need the slope of the energy alone, and there Z "
            "cancels as well.",
            "The modes come out at the wrong places.": "Near a mode the score is 0 at its top: a score "
            "determines places best.",
        },
        ["Between the modes there are next to no data. What does the score look like near each of them?"],
        [
            "Near a mode p is nearly its weight times one Gaussian, and the gradient of log p does not depend on a "
            "constant factor.",
            "Only between the modes does the score depend on the weights, and hardly any data point lies there: the "
            "Fisher divergence is nearly 0 while the KL is not (Wenliang & Kanagawa 2020).",
        ],
        draw.order(4),
    )


@setting("too-wide", "Steps that are too large", reads="kernel eps", state="mode=landscape")
def too_wide(draw: Draw) -> Setting:
    """Ask for the step size that gives a stationary variance."""
    low, high = draw.one_of(((1.05, 1.1), (1.15, 1.25), (1.4, 1.6)))
    solved = round(2 * math.sqrt(1 - 2 / (low + high)), 2)

    def holds(kernel: str, eps: float) -> tuple[bool, str]:
        if kernel != "langevin":
            return (
                False,
                "this is about unadjusted Langevin steps, which are never rejected; choose them among the samplers",
            )
        if eps >= 2:
            return False, f"at ε = {say(eps, 2)} each step overshoots farther, and no variance is reached"
        found = maths.stationary(eps)
        good = low <= found <= high
        return good, f"ε = {say(eps, 2)} leads to a variance of {say(found)}"

    return Setting(
        "Langevin steps that are never rejected end a little too wide. Choose the step size ε for which the limit over "
        f"N(0, 1) has a variance between {low:g} and {high:g}.",
        holds,
        {"kernel": "langevin", "eps": solved},
        ["The variance v has to stay: v = (1 − ½ ε²)² v + ε².", "So v = 1 ÷ (1 − ε² ÷ 4)."],
        [
            f"With ε = {solved:g} the variance is 1 ÷ (1 − {solved:g}² ÷ 4) = {say(maths.stationary(solved))}.",
            "MALA rejects some of the steps, and then the limit is exact for every ε.",
        ],
    )


EXERCISES = (boltzmann, free_energy, langevin, metropolis, without_z, too_wide)
