"""Films of games in the plane, computed live or recorded in `pretrained/gan-game`.

A film is an iterator that yields once per round, or once per step: a frame, or None between frames. Points are encoded
by `PLANE`. A surface is a square of bytes, from the upper left; 255 is the `high` value and 0 the `low` one.
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from explorer.measures.coverage import Judged, lattice, mode_coverage, optimal, optimal_blurred, separate
from explorer.models.game import LATENT, Game, play, train_further
from explorer.spaces import PLANE
from explorer.spaces.packing import to_bytes
from explorer.spaces.plane import Plane

GAME_FILM_VIEW = 2.2  # a surface reaches from −GAME_FILM_VIEW to VIEW
GAME_FILM_SIDE = 36
SHOWN, PULLED, RACED = 256, 64, 160  # points of a frame, points with an arrow, points per seed of a race
REAL = 1_000  # points that measure a discriminator
GAME_FILM_MANY = 5_000  # points that measure a generator
Frames = Iterator[dict | None]


def surface(game: Game) -> dict:
    """Return the first seed's discriminator on the plane: its probability, or the critic's value."""
    seeds = len(game.codes)
    with torch.no_grad():
        values = game.values(lattice(GAME_FILM_SIDE, GAME_FILM_VIEW).expand(seeds, -1, -1))[0]
    if game.rules.loss != "wgan-gp":
        return {"d": to_bytes(values.sigmoid()), "low": 0.0, "high": 1.0}
    low, high = float(values.min()), float(values.max())
    return {"d": to_bytes((values - low) / max(high - low, 1e-9)), "low": round_figure(low), "high": round_figure(high)}


@torch.no_grad()
def many(game: Game) -> Tensor:
    """Generate points from codes that no step of the game has used: (S, MANY, 2)."""
    codes = torch.randn(GAME_FILM_MANY, LATENT, generator=torch.Generator().manual_seed(0))
    return game.g(codes.expand(len(game.codes), -1, -1))


def figures_of(found: Judged, seed: int | slice = slice(None)) -> dict:
    """Return the figures of one seed as numbers, or of several seeds as lists."""
    modes = None if found.modes is None else found.modes[seed].tolist()
    near, divergence = (
        [round_figure(value) for value in each[seed].flatten()] for each in (found.near, found.divergence)
    )
    if isinstance(seed, int):
        near, divergence = near[0], divergence[0]
    return {"modes": modes, "near": near, "divergence": divergence}


def modes_in(game: Game) -> int | None:
    """Return the number of modes of the data; None if they have no separate modes."""
    return len(game.data.means) if separate(game.data) else None


def first_frame(game: Game) -> dict:
    """Return a frame of the first seed of a game."""
    with torch.no_grad():
        made, others = game.samples(), many(game)
    shown, pull = game.pulls(PULLED)
    longest = round_figure(pull[0].norm(dim=-1).max())
    best = optimal_blurred(game.data, made[0], lattice(GAME_FILM_SIDE, GAME_FILM_VIEW))
    return (surface(game) | figures_of(mode_coverage(others, game.data), 0)) | {
        "x": PLANE.encode(made[0, :SHOWN]),
        "pulls": Plane(max(longest, 1e-12)).encode(pull[0]),
        "longest": longest,
        "best": to_bytes(best),
        "gap": _gap(game, made, others),
        "round": game.rounds,
        "steps_d": game.steps_d,
        "steps_g": game.steps_g,
        "loss_d": _first(game.loss_d),
        "loss_g": _first(game.loss_g),
        "gradient": _first(game.gradient),
        "of": modes_in(game),
    }


def _first(values: Tensor | None) -> float | None:
    return None if values is None else round_figure(values[0])


def round_figure(value: Tensor | float) -> float:
    """Round a number, or a tensor (), to six significant digits, enough for display."""
    return float(f"{float(value):.6g}")


@torch.no_grad()
def _gap(game: Game, made: Tensor, others: Tensor) -> float | None:
    """Return the mean distance of D from the optimal one at generated points; None for a critic."""
    if game.rules.loss == "wgan-gp":
        return None
    own = game.values(made)[0].sigmoid()
    return round_figure((own - optimal(game.data, others[0], made[0])).abs().mean())


def data_of(game: Game) -> dict:
    """Return points of the data, for the first frame of a film."""
    return {"real": PLANE.encode(game.data.sample(SHOWN, torch.Generator().manual_seed(0)))}


def game_frames(game: Game, rounds: int, every: int) -> Frames:
    """Play a game: yield a frame at its start, and one every `every` rounds."""
    yield first_frame(game) | data_of(game)
    for index, _ in enumerate(play(game, rounds), 1):
        yield first_frame(game) if index % every == 0 or index == rounds else None


def standing(games: Mapping[str, Game]) -> dict:
    """Return a frame of several games with several seeds: points, and the figures of each seed by game."""
    first = next(iter(games.values()))
    found = {name: figures_of(mode_coverage(many(game), game.data)) for name, game in games.items()}
    return {
        "round": first.rounds,
        "x": PLANE.encode(torch.stack([game.samples()[:, :RACED] for game in games.values()])),
        "of": modes_in(first),
    } | {key: {name: each[key] for name, each in found.items()} for key in ("modes", "near", "divergence")}


def race_frames(games: Mapping[str, Game], rounds: int, every: int) -> Frames:
    """Play several games in parallel, a round of each in turn; yield a frame every `every` rounds of all."""
    yield standing(games) | data_of(next(iter(games.values())))
    for index in range(1, rounds + 1):
        for game in games.values():
            yield None
            game.round()
        yield standing(games) if index % every == 0 or index == rounds else None


def facing(game: Game, critic: Game, step: int, norms: Mapping[str, Tensor]) -> dict:
    """Return a frame of a fixed generator against a discriminator and a critic.

    `norms` are those of the generator's gradient under each loss, (S,).
    """
    with torch.no_grad():
        made, real = game.samples(), game.data.sample(REAL, torch.Generator().manual_seed(1)).unsqueeze(0)
        right = (game.values(real) > 0).float().mean() + (game.values(made) < 0).float().mean()
        apart = critic.values(real).mean() - critic.values(made).mean()
    shown = surface(game)
    return {f"critic_{name}": value for name, value in surface(critic).items()} | {
        "x": PLANE.encode(made[0, :SHOWN]),
        "d": shown["d"],
        "step": step,
        "norms": {loss: round_figure(norm[0]) for loss, norm in norms.items()},
        "accuracy": round_figure(right / 2),
        "apart": round_figure(apart),
    }


def facing_frames(game: Game, critic: Game, steps: int, every: int) -> Frames:
    """Train two discriminators further against a fixed generator; yield a frame every `every` steps."""
    walk = enumerate(train_further(game, critic, steps))
    yield facing(game, critic, *next(walk)) | data_of(game)
    for step, norms in walk:
        yield facing(game, critic, step, norms) if step % every == 0 or step == steps else None
