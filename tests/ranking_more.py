"""Places that rank in the Playground, flow matching, Tokens, Sound, text, the GAN, words and an exercise of the VAE."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace

import torch

from explorer.measures.quality import FLOOR
from explorer.measures.word_reading import PROMPT_KINDS
from explorer.models.game import LOSSES as GAMES
from explorer.models.live_targets import TARGETS
from explorer.networks.card import row
from explorer.questions.learn_live import Look
from explorer.tabs.flow_matching import evidence as flow_matching
from explorer.tabs.flow_matching import one_step
from explorer.tabs.flow_matching import targets as flow_matching_targets
from explorer.tabs.gan import evidence as gan
from explorer.tabs.playground import exercises, snapshot
from explorer.tabs.sound import evidence as sound
from explorer.tabs.text import own
from explorer.tabs.tokens import readings as tokens_readings
from explorer.tabs.vae_room import disentangle as vae_room_disentangle
from explorer.tabs.vae_room import exercises as vae_room
from explorer.tabs.words import copies as words_copies
from explorer.tabs.words import reads, unseen
from explorer.verdicts import best_of, of_values
from tests.ranking_draws import IMAGES, Draw, mean_and_error

LEARNERS = ("mixture", "kernels", "flow", "vae")


def nearest_density(draw: Draw) -> bool:
    looks = {name: {"kl": 9 - draw.normal(name == "flow"), "kl_error": 1.0} for name in LEARNERS}
    return " tie" not in snapshot.ranked_densities(snapshot.densities({"looks": looks}), "At the end")


def nearest_samples(draw: Draw) -> bool:
    """Families that are all beyond chance, equally far from the points."""
    looks = {name: {"distance": 9 - draw.normal(name == "flow", 0.1), "distance_se": 0.1} for name in LEARNERS}
    return " tie" not in snapshot.ranked_distances({"looks": looks, "limit": 0.01}, "At the end")


def nearer_family(draw: Draw) -> bool:
    def look(first: bool) -> Look:
        return Look(torch.zeros(1, 2), 1, 0.1, distance=9 - draw.normal(first, 0.1), distance_se=0.1)

    return exercises.is_nearer(look(True), look(False))


def reflowed(draw: Draw) -> bool:
    rows = []
    for k, of in enumerate(("data", "independent", "reflow-1", "reflow-2")):
        mean, se = mean_and_error(draw.values(20, k == 0))
        steps = {} if of == "data" else {"steps": 1}
        rows.append(row("squared_energy_distance", mean, se=se, n=20, of=of, **steps))
    said = flow_matching.one_step({flow_matching.FM_MOONS: {"rows": rows, "distances": {"points": 1_000}}})
    return "before, after one round and after two cannot be told" not in said


def one_step_objectives(draw: Draw) -> bool:
    one = {name: of_values(draw.values(5, k == 0, middle=1.0, width=-0.1)) for k, name in enumerate(one_step.RANKED)}
    return "no objective" not in one_step.nearest_finding(one)


def one_target(draw: Draw) -> bool:
    means = {name: of_values(draw.values(5, k == 0, middle=-1.0, width=0.1)) for k, name in enumerate(TARGETS)}
    best = best_of(means, least=False)
    return "No target" not in flow_matching_targets.finding(best, means)


def hisses(draw: Draw) -> bool:
    rows = []
    for k, speaker in enumerate("abcdef"):
        mean, se = mean_and_error(draw.values(10, k == 0))
        rows.append(row("excess", mean, se=se, n=10, speaker=speaker))
    return "costs" in sound.hiss_reading({sound.NET: {"hisses": {"rows": rows}}})


def more_steps(draw: Draw) -> bool:
    def of(name: str, way: str) -> list[float]:
        many = way == tokens_readings.READINGS_MANY
        if name == "frechet":
            return draw.distances(2, many)
        if name == "accuracy":  # of other images for each seed
            return [draw.share(IMAGES, many, 0.8) for _ in range(2)]
        return [draw.share(IMAGES, many, 0.8)] * 2

    rows = [
        row(name, value, seed=seed, n=IMAGES, pixels="grey", way=way)
        for name in tokens_readings.FIGURES
        for way in (tokens_readings.READINGS_FEW, tokens_readings.READINGS_MANY)
        for seed, value in enumerate(of(name, way))
    ]
    said = tokens_readings.more_steps({"quality": {"rows": rows}})
    return "rises" in said or "falls" in said


def smaller_gaps(draw: Draw) -> bool:
    plain = draw.values(5)
    return any(vae_room.is_smaller(draw.values(5, True, -2 * draw.shift), plain) for _ in vae_room.BETAS[1:])


def gaps_beside_one(draw: Draw) -> bool:
    found = {beta: draw.values(3, beta == "1") for beta in vae_room.BETAS}
    rows = [row("mig", each, beta=float(beta)) for beta, values in found.items() for each in values]
    return not vae_room_disentangle.beside_one({"rows": rows}).startswith("none")


def steps_of_d(draw: Draw) -> bool:
    def modes(steps: int, loss: str) -> list[float]:
        return draw.values(20, steps == 5 and loss == "wgan-gp", 5)

    cells = [{"dsteps": steps, "losses": {loss: {"modes": modes(steps, loss)} for loss in GAMES}} for steps in (1, 5)]
    return "(more)" in (said := gan.better_d({"cells": cells, "of": 8})) or "(fewer)" in said


def covered(draw: Draw) -> bool:
    rows = [
        row("recall", draw.share(IMAGES, way == "one pass", 0.8), n=IMAGES, pixels="grey", way=way)
        for way in ("one pass", FLOOR)
    ]
    return "not measurably" not in gan.coverage_reading({"quality": {"rows": rows}})


def shares_of_prompts(draw: Draw) -> unseen.Shares:
    """Shares of 150 prompts of every kind, and the judge's of 300 real scenes; those of a new pair may be smaller."""

    def rows(n: int, is_network: bool, **guidance: float) -> list[dict]:
        return [
            row(name, draw.share(n, is_network and key == "d-2", 0.95), n=n, **kind._asdict(), **guidance)
            for key, kind in PROMPT_KINDS.items()
            for name in unseen.ASPECTS
        ]

    return unseen.shares_of({"rows": rows(150, True, guidance=4.0)}, {"rows": rows(300, False)}, 4)


def below_the_ceiling(draw: Draw) -> bool:
    matrix = unseen.matrix_of(shares_of_prompts(draw), "a-1")
    return any("▾" in cell["text"] for each in matrix["rows"] for cell in each["cells"])


def new_beside_seen(draw: Draw) -> bool:
    found = shares_of_prompts(draw)
    return any("often than seen" in unseen.finding_of(key, found) for key in found)


def least_error(draw: Draw) -> bool:
    errors = torch.tensor([[-draw.normal(k == 0) for k in range(4)] for _ in range(26)])
    order = errors.mean(0).argsort()
    return not reads.compared(order.tolist(), errors[:, order]).is_tie


def own_text(draw: Draw) -> bool:
    """Bits on the same number of windows by three models that learned a visitor's text."""
    names = ("ngram", "scratch", "continued")
    looks = {name: SimpleNamespace(bits=of_values(draw.values(20, name == "ngram", 3.0, -0.1))) for name in names}
    return "equally" not in own.own_finding(looks)


def copies_of_emoji(draw: Draw) -> bool:
    shares = [words_copies.CopyShare(round(draw.share(n, first) * n), n) for n, first in ((400, True), (187, False))]
    kinds = dict(zip(("trained", words_copies.FRESH_GLYPHS), shares, strict=True))
    return "not told from" not in words_copies.copy_sentence(16, "trained", kinds)


MORE: Mapping[Callable[[Draw], bool], str] = {
    nearest_density: "tabs/playground/snapshot.py",
    nearest_samples: "tabs/playground/snapshot.py",
    nearer_family: "tabs/playground/exercises.py",
    reflowed: "tabs/flow_matching/evidence.py",
    one_step_objectives: "tabs/flow_matching/one_step.py",
    one_target: "tabs/flow_matching/targets.py",
    hisses: "tabs/sound/evidence.py",
    more_steps: "tabs/tokens/readings.py",
    smaller_gaps: "tabs/vae_room/exercises.py",
    gaps_beside_one: "tabs/vae_room/disentangle.py",
    steps_of_d: "tabs/gan/evidence.py",
    covered: "tabs/gan/evidence.py",
    below_the_ceiling: "tabs/words/unseen.py",
    new_beside_seen: "tabs/words/unseen.py",
    least_error: "tabs/words/reads.py",
    own_text: "tabs/text/own.py",
    copies_of_emoji: "tabs/words/copies.py",
}
