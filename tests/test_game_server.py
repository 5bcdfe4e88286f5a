"""Questions of the modes of the game: films of games, played live or recorded, step by step, stopped and refused."""

import base64
import threading
from pathlib import Path

import pytest
import torch

from explorer import fields
from explorer.data.toys import GAMES
from explorer.measures import game as measures
from explorer.models import game as games
from explorer.models.game import Game, Rules
from explorer.networks import checkpoints
from explorer.numbers.answer import Report
from explorer.serving.desk import Desk
from explorer.serving.films import Script
from explorer.serving.work import FILMS
from explorer.tabs.gan import collapse as gan_collapse
from explorer.tabs.gan import game as game_server
from explorer.tabs.gan import game as gan_game
from explorer.tabs.gan import gradient as gan_gradient
from explorer.tabs.gan import rounds as gan_rounds
from explorer.tabs.gan.game import MOVES, moves_text, stops
from explorer.tabs.kit.ask.answers import arguments, film
from tests.asking import wait_for, wait_until

SETTINGS = {"data": "ring", "points": [], "dsteps": 1, "lrd": 0.005, "lrg": 0.001, "gseed": 3, "live": False}
PLAY = SETTINGS | {"loss": "wgan-gp", "spectral": False, "moves": "2"}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks small enough to be played in a test."""
    for name, value in {"WIDTH": 8, "BATCH": 8, "CODES": 64}.items():
        monkeypatch.setattr(games, name, value)
    monkeypatch.setattr(gan_game, "STATES", gan_game.States())


def script(function, question: dict) -> Script:
    return function.props(**arguments(fields.of(function.plain), question))


def frames(function, question: dict) -> list[dict]:
    return [frame for _, frame in script(function, question).scenes() if frame]


def points(text: str) -> torch.Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.int16).view(-1, 2) / 32_767 * 4


def test_moves_are_read_and_written():
    assert MOVES.check("3ddg1") == "rrrddgr" and moves_text("rrrddgr") == "3ddg1"
    assert MOVES.check(None) == MOVES.check("0") == ""
    assert stops("") == [0] and stops("r" * 120) == [0, 50, 100, 120] and stops("rrrdgr") == [0, 3, 4, 5, 6]


def test_a_film_shows_the_very_game_of_its_seed():
    last = frames(gan_game.play, PLAY)[-1]
    game = Game(GAMES["ring"], Rules("wgan-gp", lr_d=0.005), [3])
    rounds = list(games.play(game, 2))
    assert (last["round"], last["steps_d"], last["steps_g"], last["moves"]) == (2, 2, 2, "2")
    torch.testing.assert_close(points(last["x"]), game.samples()[0], rtol=0, atol=2e-4)
    assert last["loss_d"] == pytest.approx(float(rounds[-1].loss_d), rel=1e-4)
    assert last["gradient"] == pytest.approx(float(rounds[-1].gradient), rel=1e-4)


def test_a_film_is_as_long_as_it_said_and_the_first_frame_has_the_data():
    for function, question in (
        (gan_game.play, PLAY | {"moves": "1dg"}),
        (gan_collapse.race, SETTINGS | {"spectral": True, "rounds": 2}),
        (gan_gradient.face, SETTINGS | {"start": 1, "steps": 3}),
    ):
        asked = script(function, question)
        found = list(asked.scenes())
        items = [frame for _, frame in found if frame]
        assert len(items) == asked.total and "real" in items[0] and "real" not in items[-1]
        assert items[0]["recorded"] is None
        assert sum(count for count, _ in found) == asked.evaluations > 0


def test_single_steps_move_one_player_and_are_the_same_from_memory_or_anew(monkeypatch: pytest.MonkeyPatch):
    after = [frames(gan_game.play, PLAY | {"moves": moves})[-1] for moves in ("2", "2d", "2dg")]
    assert [frame["steps_d"] for frame in after] == [2, 3, 3] and [frame["steps_g"] for frame in after] == [2, 2, 3]
    assert after[0]["x"] == after[1]["x"] != after[2]["x"], "a step of D leaves the generator alone"
    assert after[0]["d"] != after[1]["d"]
    monkeypatch.setattr(gan_game, "STATES", gan_game.States())
    assert frames(gan_game.play, PLAY | {"moves": "2dg"})[-1] == after[2]


def test_a_frame_says_its_own_figures():
    last = frames(gan_game.play, PLAY)[-1]
    result = last["report"]
    assert result["caption"].startswith(f"Round 2: {last['modes']} of 8 modes, ")
    assert result["words"].startswith(f"After 2 rounds the generator covers {last['modes']} of 8 modes.")
    assert f"from the data is {last['divergence']:.2f} nats" in result["words"]
    assert {name: value for name, value, _ in result["numbers"]}["loss of G"] == f"{last['loss_g']:.3f}".replace(
        "-", "−"
    )


def test_a_single_step_says_what_it_changed():
    question = PLAY | {"loss": "non-saturating", "moves": "2dg"}
    whole, after_d, after_g = frames(gan_game.play, question)[-3:]
    game = Game(GAMES["ring"], Rules("non-saturating", lr_d=0.005), [3])
    for _ in games.play(game, 2):
        pass
    before = game.samples()[0]
    game.d_step()
    game.g_step()
    moved = (game.samples()[0] - before).norm(dim=-1).mean()
    assert "This step" not in whole["report"]["words"]
    gaps = f"from {whole['gap']:.3f} to {after_d['gap']:.3f}"
    said = "This step of D moved no point. Its distance from the best D went"
    assert after_d["report"]["words"].startswith(f"{said} {gaps}. After 2 rounds")
    assert after_g["report"]["words"].startswith(f"This step of G moved its points by {moved:.3f} on average")
    critic = frames(gan_game.play, PLAY | {"moves": "2d"})[-1]
    assert critic["report"]["words"].startswith("This step of D moved no point. Its values went from ")


def test_what_is_known_is_not_played_again(monkeypatch: pytest.MonkeyPatch):
    first = frames(gan_game.play, PLAY)
    monkeypatch.setattr(gan_game, "MOVES_TEXT", {})
    assert frames(gan_game.play, PLAY) == first
    with pytest.raises(KeyError):
        frames(gan_game.play, PLAY | {"gseed": 4})


def test_states_are_few_and_the_last_ones():
    game = Game(GAMES["ring"], Rules(), [0])
    states = gan_game.States(most=2 * gan_game.size_of(game) + 1_000)
    for moves in ("r", "rr", "rrr"):
        states.keep(("q",), moves, game, {"moves": moves})
    assert states.frame(("q",), "r") is None and states.frame(("q",), "rr") == {"moves": "rr"}
    assert states.nearest(("q",), "rrrd")[1] == 3 and states.nearest(("other",), "rrr") == (None, 0)


def test_a_recorded_film_is_shown_unless_it_shall_be_live(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    settings = {key: value for key, value in SETTINGS.items() if key not in ("points", "live")}
    question = settings | {"loss": "wgan-gp", "spectral": False, "rounds": 2}
    kept = {"question": question, "date": "2026-01-02", "torch": "2", "frames": [{"x": "AAAA", "round": 0}]}
    checkpoints.write_json(tmp_path / "gan-game" / "runs" / f"{measures.name_of('play', question)}.json", kept)
    wanted = {"x": "AAAA", "round": 0, "recorded": "2026-01-02", "torch": "2", "moves": "0"}
    monkeypatch.setattr(gan_game, "play_report", lambda frame, *_: Report(view=dict(frame)))
    assert frames(gan_game.play, PLAY) == [wanted | {"report": wanted}]
    for other in ({"live": True}, {"lrd": 0.01}, {"spectral": True}):
        assert frames(gan_game.play, PLAY | other)[0]["recorded"] is None


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict:
    """A recorded game of six rounds, with a frame every two and a state every four, and the rules of it."""
    monkeypatch.setenv("EXPLORER_PRETRAINED", str(tmp_path))
    for module in (measures, game_server):
        monkeypatch.setattr(module, "EVERY", 2)
    monkeypatch.setattr(measures, "EVERY_STATE", 4)
    settings = {key: value for key, value in SETTINGS.items() if key not in ("points", "live")}
    films = [{"kind": "play", "loss": "wgan-gp", "spectral": False, "rounds": 6}]
    for kind, question in measures.questions({"training": settings, "films": films}):
        path = tmp_path / "gan-game" / "runs" / f"{measures.name_of(kind, question)}.json"
        path.parent.mkdir(parents=True)
        checkpoints.write_json(
            path, {"question": question, "date": "2026-01-02", "torch": "2"} | measures._film(kind, question, path)
        )
    return question


def test_a_step_after_a_recorded_game_costs_a_step(recording: dict):
    """From the last frame two rounds are played again, from the kept state on; from the fourth round none is."""
    for moves, cost in (("4d", 1), ("6d", 3), ("4dg", 1)):
        asked = script(gan_game.play, PLAY | {"moves": moves})
        scenes = list(asked.scenes())
        items = [frame for _, frame in scenes if frame]
        assert sum(count for count, _ in scenes) == cost and asked.total == len(items)
        assert items[0]["recorded"] == items[-len(moves)]["recorded"] == "2026-01-02" and items[-1]["recorded"] is None
        assert items[-1]["moves"] == moves and "real" in items[0]
    played = frames(gan_game.play, PLAY | {"moves": "6d", "live": True})
    assert [played[0]["recorded"], played[-1]["recorded"]] == [None, None]
    assert played[-1]["x"] == frames(gan_game.play, PLAY | {"moves": "6d"})[-1]["x"], "it is the same game"


def test_without_its_states_a_recorded_game_is_played_again(recording: dict):
    path = gan_rounds.path_of("play", recording, "safetensors")
    whole = path.read_bytes()
    for damaged in (whole[:100], b"", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        gan_game.STATES = gan_game.States()
        scenes = list(script(gan_game.play, PLAY | {"moves": "6d"}).scenes())
        assert sum(count for count, _ in scenes) == 7 and scenes[-1][1]["round"] == 6


def test_a_race_has_the_same_seeds_under_every_loss():
    result = frames(gan_collapse.race, SETTINGS | {"spectral": False, "rounds": 1})
    begun = points(result[0]["x"]).view(3, measures.SEEDS, -1, 2)
    assert torch.equal(begun[0], begun[1]) and torch.equal(begun[0], begun[2])
    ended = points(result[-1]["x"]).view(3, measures.SEEDS, -1, 2)
    assert not torch.equal(ended[0], ended[2])
    assert {loss: len(counts) for loss, counts in result[-1]["modes"].items()} == dict.fromkeys(games.LOSSES, 5)


def test_before_the_discriminators_the_generator_stands_still():
    result = frames(gan_gradient.face, SETTINGS | {"start": 2, "steps": 12})
    assert [frame["step"] for frame in result] == [0, 10, 12]
    assert result[0]["x"] == result[-1]["x"] and result[0]["d"] != result[-1]["d"] != result[-1]["critic_d"]
    assert set(result[0]["norms"]) == set(games.LOSSES)


def test_painted_points_are_played_for():
    question = PLAY | {"data": "painted", "points": [0.0, 1.0, 1.0, 1.0]}
    first = frames(gan_game.play, question)[0]
    away = torch.cdist(points(first["real"]), torch.tensor([[0.0, 1.0], [1.0, 1.0]])).min(-1).values
    assert float(away.max()) < 0.5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"data": "painted"}, "paint some first"),
        ({"data": "star"}, "the points must be one of"),
        ({"points": [1.0]}, "x and y in turn"),
        ({"points": [9.0, 0.0]}, "a painted point must be a number"),
        ({"loss": "hinge"}, "the loss must be one of"),
        ({"dsteps": 11}, "the steps of D in a round"),
        ({"lrd": 1}, "the learning rate of D"),
        ({"moves": "2x"}, "moves are numbers of rounds"),
        ({"moves": "1" * 59 + "x"}, "moves are numbers of rounds"),
        ({"moves": "d" * 61}, "at most 60 letters"),
        ({"moves": "9999"}, "at most 3,000 rounds"),
        ({"live": 1}, "whether to train it anew"),
        ({"spectral": None}, "spectral norm must be"),
    ],
)
def test_strangers_are_refused_in_words(wrong: dict, words: str):
    assert words in wait_for(gan_game.play(PLAY | wrong))["error"]


def test_stop_ends_the_work_within_a_step(monkeypatch: pytest.MonkeyPatch):
    """The round under way is played to its end, and no other is begun."""
    begun, go_on, played = threading.Event(), threading.Event(), []

    def slow(game: Game) -> None:
        played.append(game.rounds)
        begun.set()
        assert go_on.wait(60)
        Game.round(game)

    monkeypatch.setattr(gan_game, "MOVES_TEXT", {"r": slow})
    desk = Desk()
    start = film(gan_game.play.plain, desk=desk)
    name = wait_for(start(PLAY | {"moves": "50", "gseed": 11}))["id"]
    assert begun.wait(60)
    desk.stop(name)
    go_on.set()
    wait_until(lambda: not desk._busy[FILMS])
    assert len(played) == 1 and not desk._films
