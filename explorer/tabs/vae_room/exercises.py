"""Exercises on the VAE with many latents: rate, free bits, multi-sample bounds, draws of the prior, and gaps."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import torch

from explorer.measures.disentangling import gap
from explorer.measures.vae_runs import USED
from explorer.models.latent import log_mean
from explorer.networks import card as cards
from explorer.tabs.kit.lessons.exercises import Choice, Draw, Number, Setting, brief, choice, number, say, setting
from explorer.tabs.kit.numbers.rows import join_words
from explorer.tabs.vae_room import maths
from explorer.tabs.vae_room.disentangle import BETAS
from explorer.tabs.vae_room.runs import OBJECTIVE_CHOICES
from explorer.tabs.vae_room.shared import RUNS, SHAPES
from explorer.verdicts import compare, of_values


@number("rate", "The rate of a code", state="mode=traverse")
def rate(draw: Draw) -> Number:
    """Ask for the KL of three latents; one of them equals the prior."""
    first = draw.one_of((-1, 1)) * draw.real(0.5, 2.5), draw.real(0.1, 0.4)
    second = draw.one_of((-1, 1)) * draw.real(0.2, 1.5), draw.real(0.5, 0.9)
    known = [first, second, (0, 1)]
    each = [maths.normal_kl(*code) for code in known]
    answer = sum(each)
    phrase = "; ".join(f"{brief(mu)} and {sigma:g}" for mu, sigma in known)
    return Number(
        f"For three independent latents an encoder outputs μ and σ: {phrase}. What is KL(q(z | x) ‖ N(0, I))?",
        answer,
        0.01,
        ["Of independent latents the KLs add up.", "Each is ½ (μ² + σ² − 1) − log σ."],
        [f"{' + '.join(map(say, each))} = {say(answer)} nats. The last latent is at the prior and costs nothing."],
        {"mu": [mu for mu, _ in known], "sigma": [sigma for _, sigma in known]},
        unit="nats",
        slips=[
            (answer / 3, "That is the mean of the three; they add up."),
            (answer / math.log(2), "That is in bits: use the natural logarithm."),
            (
                sum(maths.normal_kl(mu, math.sqrt(sigma)) for mu, sigma in known),
                "You used σ in place of the variance σ².",
            ),
        ],
    )


@number("free-bits", "Free bits", state="mode=runs&run=free")
def free_bits(draw: Draw) -> Number:
    """Ask for the charged KL of four latents with free bits."""
    free = draw.one_of((0.25, 0.5, 0.75))
    rates = [draw.real(1.1, 3, 2), draw.real(1.1, 2, 2), draw.real(0, 0.2, 2), draw.real(0, 0.2, 2)]
    charged = [max(free, each) for each in rates]
    answer = sum(charged)
    return Number(
        f"Over a batch four latents cost {', '.join(map(brief, rates))} nats on average. With {free:g} nats free for "
        "each latent, how large is the KL term of the loss?",
        answer,
        0.01,
        ["Below the threshold a latent's rate is replaced by the threshold.", "Σ max (λ, KLⱼ) over the latents."],
        [
            f"{' + '.join(map(brief, charged))} = {say(answer, 2)} nats.",
            "Below the threshold the term does not change with the rate, so nothing is gained by falling further.",
        ],
        {"free": free, "rates": rates},
        unit="nats",
        slips=[
            (sum(rates), "That is the rate itself, with nothing free."),
            (sum(max(0, each - free) for each in rates), "Of each latent max (λ, KLⱼ) is charged; λ is not taken off."),
        ],
    )


@number("many-draws", "A bound by three draws", state="mode=iwae")
def many_draws(draw: Draw) -> Number:
    """Ask for the logarithm of the mean of three weights."""
    start = -draw.whole(80, 110)
    weights = [start + draw.real(-3, 3) for _ in range(3)]
    answer = float(log_mean(torch.tensor(weights, dtype=torch.float64).unsqueeze(1)))
    top = max(weights)
    return Number(
        f"Three draws from q(z | x) have log p(x, z) − log q(z | x) = {', '.join(map(brief, weights))} nats. Which "
        "importance weighted bound on log p(x) follows?",
        answer,
        0.02,
        [
            "The logarithm of the mean of the weights, not the mean of their logarithms.",
            "Take the largest out: log Σ wᵢ = m + log Σ exp (log wᵢ − m).",
        ],
        [
            f"With m = {brief(top)}: {' + '.join(say(math.exp(each - top)) for each in weights)} = "
            f"{say(math.exp(answer - top) * 3)}.",
            f"{brief(top)} + log ({say(math.exp(answer - top) * 3)} ÷ 3) = {say(answer)} nats; the mean of the "
            f"logarithms is {say(sum(weights) / 3)}.",
        ],
        {"log_weights": weights},
        unit="nats",
        slips=[
            (sum(weights) / 3, "That is the mean of the logarithms, an estimate of the ELBO."),
            (answer + math.log(3), "That is the logarithm of the sum: it lacks − log 3."),
            (top, "That is the largest weight alone."),
        ],
    )


@number("prior-draws", "Draws from the prior", state="mode=iwae&img=29")
def prior_draws(draw: Draw) -> Number:
    """Ask for the expected number of draws of the prior until one is near."""
    share, latents = draw.one_of((0.3, 0.4, 0.5, 0.6)), draw.whole(4, 9)
    answer = share**-latents
    within = float(f"{answer / 100:.1g}")
    return Number(
        f"A code explains an image only if each of its {latents} latents lies in a certain range. A draw of the prior "
        f"N(0, I) meets each range with probability {share:g}. How many draws of the prior does it take on average "
        "until one explains the image?",
        answer,
        within,
        ["The latents are independent: their probabilities multiply.", "With probability p the mean is 1 ÷ p draws."],
        [
            f"All fit with probability {share:g} to the power {latents}, and 1 ÷ that is {answer:,.1f}.",
            "Each further latent multiplies it again: so naive Monte Carlo fails with many latents, and an encoder "
            "that proposes where to draw helps.",
        ],
        {"share": share, "latents": latents},
        unit="draws",
        slips=[
            (latents / share, "That adds the draws that each latent takes alone; all have to fit in the same draw."),
            (1 / share, "That is one latent; all of them have to fit at once."),
        ],
    )


@number("gap", "A mutual information gap", state="mode=disentangle&beta=4")
def information_gap(draw: Draw) -> Number:
    """Ask for the mutual information gap of three latents and two factors."""
    levels = draw.one_of(((4, 8), (3, 6), (5, 10)))
    known = [[draw.real(0.5, 1, 2), draw.real(0, 0.2, 2)], [draw.real(0, 0.4, 2), draw.real(0.6, 1.5, 2)]]
    known.append([draw.real(0, 0.2, 2), draw.real(0.2, 0.5, 2)])
    values = torch.cartesian_prod(*map(torch.arange, levels))
    answer = gap(torch.tensor(known, dtype=torch.float64), values)
    ranked = [sorted(column, reverse=True) for column in zip(*known)]
    entropies = [math.log(level) for level in levels]
    parts = [(first - second) / entropy for (first, second, _), entropy in zip(ranked, entropies)]
    first, second = (", ".join(map(brief, column)) for column in zip(*known))
    return Number(
        f"Of a shape's size, which has {levels[0]} values, three latents tell {first} nats; of its place, which has "
        f"{levels[1]} values, they tell {second}. All values are as frequent. What is the mutual information gap?",
        answer,
        0.01,
        [
            "For each factor: the largest information of a latent, less the second largest.",
            "Divide by the factor's entropy, the logarithm of its number of values, and take the mean.",
        ],
        [
            *(
                f"({brief(one)} − {brief(two)}) ÷ log {level} = {say(part)}"
                for (one, two, _), level, part in zip(ranked, levels, parts)
            ),
            f"The mean of both is {say(answer)}.",
        ],
        {"levels": levels, "known": known},
        slips=[
            (sum(parts), "Take the mean over the factors."),
            (
                sum(one - two for one, two, _ in ranked) / 2,
                "Each gap is divided by its factor's entropy, so that 1 is the most.",
            ),
            (
                sum(one / entropy for (one, _, _), entropy in zip(ranked, entropies)) / 2,
                "The information of the second latent has to be subtracted.",
            ),
        ],
    )


@choice("tighter", "What more draws can do", state="mode=iwae&img=330")
def tighter(draw: Draw) -> Choice:
    """Ask for a true statement on the importance weighted bound."""
    return Choice(
        "A VAE is trained. Its importance weighted bound is estimated with k = 50 draws an image instead of one. What "
        "holds, whatever the network?",
        "In expectation the bound does not fall, and it stays at or below log p(x).",
        {
            "The network has become better, as its bound has.": "It is the same network with the same log p(x): only "
            "what we know of it is better.",
            "Of no single set of draws can it come out above log p(x).": "Its expectation is not above. A single set "
            "of draws can have weights whose mean is above p(x).",
            "With 50 draws it equals log p(x), up to chance.": "That needs k to tend to infinity, or q to be the "
            "posterior. How far 50 draws come depends on how far q is from it.",
        },
        ["The logarithm is concave. What does Jensen's inequality say of the mean of k weights?"],
        [
            "The mean weight has the expectation p(x), so the expectation of its logarithm is at most log p(x).",
            "The mean of k weights is the mean of the means of smaller sets of them: by Jensen's inequality again the "
            "bound does not fall with k (Burda et al. 2016, theorem 1).",
        ],
        draw.order(4),
    )


def _card(name: str) -> Mapping[str, Any]:
    return cards.of(name)


def latents_in_use(run: str) -> int:
    """Return the number of latents that a small run uses, by the card."""
    return int(cards.find(_card(RUNS), "used", run=run)["value"])


def _named(run: str) -> str:
    known = {"plain": "β = 1", "free": "free bits"}
    return known.get(run) or run.replace("beta-", "β = ")


@setting("in-use", "Latents in use", reads="run", state="mode=runs&run=plain")
def in_use(draw: Draw) -> Setting:
    """Ask for a run with many more used latents than at β = 1, or far fewer."""
    more = draw.one_of((True, False))
    plain = latents_in_use("plain")

    def good(run: str) -> bool:
        return latents_in_use(run) >= 2 * plain if more else 2 * latents_in_use(run) <= plain

    def holds(run: str) -> tuple[bool, str]:
        return good(run), f"this run uses {latents_in_use(run)} latents, the one at β = 1 {plain}"

    return Setting(
        f"Choose the run that uses {'at least twice' if more else 'at most half'} as many latents as the one at β = 1. "
        f"A latent is in use if its mean KL is above {USED:g} nats.",
        holds,
        {"run": next((run for run in OBJECTIVE_CHOICES if good(run)), "plain")},
        [
            "What makes a latent cheap, and what makes it expensive?",
            "β is the price of a nat of KL; a free nat costs nothing.",
        ],
        [
            "Latents in use: " + ", ".join(f"{latents_in_use(run)} ({_named(run)})" for run in OBJECTIVE_CHOICES) + ".",
            "A high price leaves few latents worth it. Where some nats are free, nothing is gained by "
            "giving a latent up.",
        ],
    )


def of_shapes(beta: str) -> tuple[float, list[float]]:
    """Return the rate in nats of the networks of shapes with a β, and the gap of each, by the card."""
    card = _card(SHAPES)
    gaps = [row["value"] for row in cards.rows(card, "mig", beta=float(beta))]
    return cards.find(card, "rate", beta=float(beta))["value"], gaps


@setting("cheaper", "Less information, no worse separated", reads="beta", state="mode=disentangle&beta=1")
def cheaper(draw: Draw) -> Setting:
    """Ask for a β with a lower rate than at β = 1, whose information gap is not measurably smaller."""
    known = {beta: of_shapes(beta) for beta in BETAS}
    full, own = known["1"]
    share = draw.one_of((0.4, 0.5, 0.6, 0.7))
    smaller = [beta for beta, (_, gaps) in known.items() if is_smaller(gaps, own)]

    def good(beta: str) -> bool:
        return known[beta][0] < share * full and beta not in smaller

    def holds(beta: str) -> tuple[bool, str]:
        rate, gaps = known[beta]
        less = ", measurably smaller than at β = 1" if beta in smaller else ""
        return good(beta), f"the code costs {say(rate, 1)} nats, and its gap is {say(fmean(gaps), 2)}{less}"

    return Setting(
        f"At β = 1 the code of a shape costs {say(full, 1)} nats and has a mutual information gap of "
        f"{say(fmean(own), 2)}, both averaged over {len(own)} seeds. Choose a β with less than {share * 100:.0f} % of "
        "that cost, whose gap is not measurably smaller.",
        holds,
        {"beta": next((beta for beta in BETAS if good(beta)), "1")},
        [
            "A larger β makes each nat more expensive.",
            "If the code carries too little information, there is nothing to separate.",
        ],
        [
            "; ".join(
                f"β = {beta}: {say(rate, 1)} nats, gap {say(fmean(gaps), 2)}" for beta, (rate, gaps) in known.items()
            )
            + ".",
            f"By a test of the seeds the gap is smaller at β = {join_words(smaller)}, where the code says too little."
            if smaller
            else "By a test of the seeds no gap is smaller.",
        ],
    )


def is_smaller(gaps: Sequence[float], plain: Sequence[float]) -> bool:
    """Return whether the gap of a β is measured to be below that of β = 1; each other β is compared with it."""
    return compare(of_values(gaps), of_values(plain), comparisons=len(BETAS) - 1).sign < 0


EXERCISES = (rate, free_bits, many_draws, prior_draws, information_gap, tighter, in_use, cheaper)
