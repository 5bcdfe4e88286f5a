"""Films of games in the plane: what a frame tells, round by round; made live, and recorded in `pretrained/gan-game`.

A film is an iterator that yields after every round, or step where it goes step by step: the frame, or None where there
is none. Places are pairs of whole numbers in base64, `REACH` / 32,767 apart; a surface is a square of bytes, from the
upper left, in which 255 is the `high` value and 0 the `low` one.
"""

import base64
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from explorer.measures.coverage import coverage, lattice, optimal, optimal_blurred
from explorer.models.game import LATENT, Game, play, train_further
from explorer.steps import to_bytes

REACH = 4.0  # of places; a surface reaches from −VIEW to VIEW
VIEW = 2.2
SIDE = 36
SHOWN, PULLED, RACED = 256, 64, 160  # points of a frame, those with an arrow, those of each seed of a race
REAL = 1_000  # points by which a discriminator is judged
MANY = 5_000  # points from which the generator's density is estimated
Frames = Iterator[dict | None]


def places(x: Tensor, reach: float = REACH) -> str:
    """Points, which are cut off at the reach, as base64 of 16-bit whole numbers."""
    whole = (x.detach() / reach).clamp(-1, 1).mul(32_767).round().to(torch.int16)
    return base64.b64encode(whole.contiguous().numpy().tobytes()).decode("ascii")


def surface(game: Game) -> dict:
    """What the discriminator of the first seed says of the plane: its probability, or the critic's value."""
    seeds = len(game.codes)
    with torch.no_grad():
        values = game.values(lattice(SIDE, VIEW).expand(seeds, -1, -1))[0]
    if game.rules.loss != "wgan-gp":
        return {"d": to_bytes(values.sigmoid()), "low": 0.0, "high": 1.0}
    low, high = float(values.min()), float(values.max())
    return {"d": to_bytes((values - low) / max(high - low, 1e-9)), "low": rounded(low), "high": rounded(high)}


def told(game: Game) -> dict:
    """What a frame says of the first seed of a game."""
    with torch.no_grad():
        made = game.made()
    modes, good = coverage(made, game.data)
    shown, pull = game.pulls(PULLED)
    longest = rounded(pull[0].norm(dim=-1).max())
    best = optimal_blurred(game.data, made[0], lattice(SIDE, VIEW))
    return surface(game) | {
        "x": places(made[0, :SHOWN]),
        "pulls": places(pull[0], max(longest, 1e-12)),
        "longest": longest,
        "best": to_bytes(best),
        "gap": _gap(game, made),
        "round": game.rounds,
        "steps_d": game.steps_d,
        "steps_g": game.steps_g,
        "loss_d": _first(game.loss_d),
        "loss_g": _first(game.loss_g),
        "gradient": _first(game.gradient),
        "modes": int(modes[0]),
        "good": rounded(good[0]),
    }


def _first(values: Tensor | None) -> float | None:
    return None if values is None else rounded(values[0])


def rounded(value: Tensor | float) -> float:
    """A number to six digits, which is more than anybody reads."""
    return float(f"{float(value):.6g}")


def _gap(game: Game, made: Tensor) -> float | None:
    """How far D is from the best one, on average over generated points; None for a critic, which is no probability."""
    if game.rules.loss == "wgan-gp":
        return None
    with torch.no_grad():
        own = game.values(made)[0].sigmoid()
        codes = torch.randn(MANY, LATENT, generator=torch.Generator().manual_seed(0))
        others = game.g(codes.expand(len(made), -1, -1))[0]
    return rounded((own - optimal(game.data, others, made[0])).abs().mean())


def data_of(game: Game) -> dict:
    """What the first frame of a film tells beside the others: points of the data."""
    return {"real": places(game.data.sample(SHOWN, torch.Generator().manual_seed(0)))}


def played(game: Game, rounds: int, every: int) -> Frames:
    """A game as it goes on: a frame of its beginning, and one after so many rounds each."""
    yield told(game) | data_of(game)
    for index, _ in enumerate(play(game, rounds), 1):
        yield told(game) if index % every == 0 or index == rounds else None


def standing(games: Mapping[str, Game]) -> dict:
    """What a frame says of several games of several seeds: points, and modes and shares of high quality by game."""
    with torch.no_grad():
        made = {name: game.made() for name, game in games.items()}
    found = {name: coverage(points, games[name].data) for name, points in made.items()}
    return {
        "round": next(iter(games.values())).rounds,
        "x": places(torch.stack([points[:, :RACED] for points in made.values()])),
        "modes": {name: modes.tolist() for name, (modes, _) in found.items()},
        "good": {name: [rounded(share) for share in good] for name, (_, good) in found.items()},
    }


def raced(games: Mapping[str, Game], rounds: int, every: int) -> Frames:
    """Several games on one clock: a round of each in turn, and a frame after so many rounds of all."""
    yield standing(games) | data_of(next(iter(games.values())))
    for index in range(1, rounds + 1):
        for game in games.values():
            yield None
            game.round()
        yield standing(games) if index % every == 0 or index == rounds else None


def facing(game: Game, critic: Game, step: int, norms: Mapping[str, Tensor]) -> dict:
    """What a frame says of a generator that stands still before a discriminator and a critic."""
    with torch.no_grad():
        made, real = game.made(), game.data.sample(REAL, torch.Generator().manual_seed(1)).unsqueeze(0)
        right = (game.values(real) > 0).float().mean() + (game.values(made) < 0).float().mean()
        apart = critic.values(real).mean() - critic.values(made).mean()
    shown = surface(game)
    return {f"critic_{name}": value for name, value in surface(critic).items()} | {
        "x": places(made[0, :SHOWN]),
        "d": shown["d"],
        "step": step,
        "norms": {loss: rounded(norm[0]) for loss, norm in norms.items()},
        "accuracy": rounded(right / 2),
        "apart": rounded(apart),
    }


def faced(game: Game, critic: Game, steps: int, every: int) -> Frames:
    """A generator that stands still before two discriminators that are trained further, step by step."""
    walk = enumerate(train_further(game, critic, steps))
    yield facing(game, critic, *next(walk)) | data_of(game)
    for step, norms in walk:
        yield facing(game, critic, step, norms) if step % every == 0 or step == steps else None
