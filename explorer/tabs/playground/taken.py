"""Networks of the playground to take along: weights, settings and points of a training, and the way back.

A training is determined by its settings, so whoever did not keep the networks trains them again. `config.json` holds
the settings, `model.safetensors` the weights of all families, and `points.csv` the points for other programs. What
comes back is a stranger's: settings are checked by the fields of the page, weights by names, shapes and sha256.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
from safetensors.torch import save
from torch import Tensor

from explorer.data.playground import Points
from explorer.fields import Field, Text
from explorer.models.chance import standard_of
from explorer.models.live_kernels import MOST_KERNELS
from explorer.models.live_training import Rules, Trainee
from explorer.models.model import Model
from explorer.models.truth import truth_of
from explorer.networks import archive, checkpoints, opened, opening
from explorer.networks.opened import Files, OpenError
from explorer.questions.learn_live import Look, look
from explorer.running import received
from explorer.serving.kept import Kept
from explorer.tabs.playground import trained
from explorer.tabs.playground.shared import NAMES, OWN, TRAINED_BY

TAKEN_START = TAKEN_KIND = "playground"
TAKEN = Field("taken", Text(60), "", "networks that you opened", optional=True)
TakenKey = Annotated[str, TAKEN]
TRAINED_STATES = Kept(30_000_000)
"""Networks at the end of finished trainings, by what they depend on."""
TAKEN_PAGE = """# Networks of the Playground

{titles}, trained on the points of `points.csv`. `config.json` has the settings of the training.

- `python draw.py` draws with each of them. It needs the Python package `explorer`.
- *View*, *Open a network…* shows them in the page again.
"""
TAKEN_SCRIPT = '''"""Draw with the networks of a training in Explorer's Playground: `python draw.py [SEED]`.

It needs the Python package `explorer`, and the files beside it. Without an argument, the SEED is that of the page.
"""

import sys
from pathlib import Path

import torch

from explorer.questions.learn_live import SAMPLES
from explorer.tabs.playground import taken

HERE = Path(__file__).parent
training = taken.read_folder(HERE)  # safetensors alone; names, shapes and sha256 are checked
SEED = int(sys.argv[1]) if len(sys.argv) > 1 else training.rules.seed

for name, look in training.looks().items():
    print(f"{name}: squared energy distance {look.distance}, steps {look.steps}")
for name, trainee in training.trainees.items():
    x = trainee.model.sample(SAMPLES, generator=torch.Generator().manual_seed(SEED))
    lines = [f"{a:.6f},{b:.6f}" for a, b in x.tolist()]
    (HERE / f"{name}.csv").write_text("\\n".join(["x1,x2", *lines, ""]), encoding="utf-8")
    print(f"{name}.csv: {len(x)} points of seed {SEED}")
'''


@dataclass(frozen=True)
class State:
    """A family at the end of its training: its weights, the steps made, mean seconds a step, and the last loss."""

    weights: dict[str, Tensor]
    steps: int
    cost: float
    loss: float | None
    over: bool

    @property
    def bytes(self) -> int:
        """Bytes of the weights."""
        return sum(each.numel() * each.element_size() for each in self.weights.values())


@dataclass(frozen=True)
class Training:
    """A training that came back.

    Arguments:
        settings: Values of the page's fields.
        points: Points that it learned.
        trainees: Families with their weights, by name.
        states: What else is known of them.
    """

    settings: Mapping[str, Any]
    points: Points
    trainees: Mapping[str, Trainee]
    states: Mapping[str, State]

    @property
    def rules(self) -> Rules:
        """Settings of the families."""
        return rules_of(self.settings)

    def looks(self, names: Sequence[str] = NAMES) -> dict[str, Look]:
        """Return the figures of the families with these names, measured now."""
        truth = truth_of(self.points.known) if self.points.known else None
        standard, found = standard_of(self.points), {}
        for name, trainee in self.trainees.items():
            if name in names:
                trainee.losses = [] if (loss := self.states[name].loss) is None else [loss]
                found[name] = look(trainee, self.points, standard, truth, full=True)
        return found


def rules_of(settings: Mapping[str, Any]) -> Rules:
    """Return the settings of the families."""
    names = ("width", "deeper", "rate", "batch", "seed")
    return Rules(*(settings[name] for name in names), dict(zip(NAMES, settings["knobs"])))


def points_of(settings: Mapping[str, Any]) -> Points:
    """Return the points of a training."""
    return trained.points_of(*(settings[name] for name in ("data", "board", "noise", "n", "seed")))


def key_of(name: str, settings: Mapping[str, Any]) -> tuple:
    """Return what the training of a family depends on; a drawing counts only where it is what is learned."""
    same = {**settings, "board": settings["board"] if settings["data"] == OWN else None}
    own = dict(zip(NAMES, settings["knobs"])).get(name)
    return name, own, *(same[each] for each in TRAINED_BY if each not in ("learn", "knobs"))


def state_of(trainee: Trainee, loss: float | None) -> State | None:
    """Return a family at the end of its training; None if its loss is not finite."""
    weights = {name: each.detach().clone().contiguous() for name, each in trainee.model.state_dict().items()}
    whole = all(bool(each.isfinite().all()) for each in weights.values())
    cost = trainee.seconds / max(1, trainee.steps)
    return State(weights, trainee.steps, cost, loss, trainee.over) if whole and not trainee.broken else None


def keep(
    trainees: Mapping[str, Trainee], losses: Mapping[str, float | None], settings: Mapping[str, Any]
) -> dict[str, State]:
    """Keep the networks of a training that has ended, and return those whose loss is finite."""
    states = {name: state for name, each in trainees.items() if (state := state_of(each, losses[name]))}
    for name, state in states.items():
        TRAINED_STATES.put(key_of(name, settings), state, state.bytes)
    return states


def kept_states(names: Sequence[str], settings: Mapping[str, Any]) -> dict[str, State]:
    """Return the networks that this server keeps, of these families."""
    return {name: state for name in names if (state := TRAINED_STATES.get(key_of(name, settings)))}


def files(states: Mapping[str, State], settings: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Return the texts of a zip by their names, and the weights."""
    tensors = {f"{name}/{part}": each for name, state in states.items() for part, each in state.weights.items()}
    weights = save(tensors)
    about = {
        name: {"steps": each.steps, "cost": each.cost, "loss": each.loss, "over": each.over}
        for name, each in states.items()
    }
    board = None if settings["board"] is None else base64.b64encode(settings["board"]).decode()
    said = {**{key: settings[key] for key in TRAINED_BY}, "board": board}
    config = {"kind": TAKEN_KIND, "sha256": hashlib.sha256(weights).hexdigest(), "settings": said, "families": about}
    points = points_of(settings)
    rows = [("train", *each) for each in points.train.tolist()] + [("held out", *each) for each in points.held.tolist()]
    lines = ["part,x1,x2", *(f"{part},{a:.6f},{b:.6f}" for part, a, b in rows), ""]
    titles = ", ".join(states)
    texts = {
        archive.RECIPE: json.dumps(config, indent=2) + "\n",
        "README.md": TAKEN_PAGE.format(titles=titles),
        "draw.py": TAKEN_SCRIPT,
        "points.csv": "\n".join(lines),
    }
    return texts, weights


def read_folder(folder: Path) -> Training:
    """Return the training in a folder.

    Raises:
        OpenError: if a check fails.
    """
    return read(Files((folder / archive.RECIPE).read_bytes(), (folder / archive.WEIGHTS).read_bytes()))


def is_training(raw: bytes) -> bool:
    """Return whether a recipe is that of a training of the playground."""
    try:
        found = received.read_json(raw)
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("kind") == TAKEN_KIND


def read(sent: Files) -> Training:
    """Return the training in a visitor's files.

    Raises:
        OpenError: if a check fails.
    """
    config = received.read_json(sent.recipe)
    settings = checked_settings(config.get("settings"))
    if config.get("sha256") != hashlib.sha256(sent.weights).hexdigest():
        raise OpenError(f"{archive.WEIGHTS} is not the file of this training: its sha256 differs.")
    names = [NAMES[index] for index in dict.fromkeys(settings["learn"])]
    states = config.get("families")
    if not isinstance(states, dict) or not states or not set(states) <= set(names):
        raise OpenError(f"{archive.RECIPE} names other families than its settings.")
    try:
        points = points_of(settings)
        trainees = {name: Trainee(name, points.train, rules_of(settings)) for name in states}
        tensors = checked_tensors(sent.weights, trainees, points)
    except OpenError:
        raise
    except checkpoints.CheckpointError as error:
        raise OpenError(f"These networks cannot be opened: {error!s:.300}.") from error
    except ValueError as error:
        raise OpenError(f"{archive.RECIPE} describes no training: {error!s:.200}.") from error
    known = {name: checked_state(each, tensors[name]) for name, each in states.items()}
    for name, trainee in trainees.items():
        restore(trainee, known[name])
    return Training(settings, points, trainees, known)


def checked_settings(said: Any) -> dict[str, Any]:
    """Return the settings of a training, each checked by its field.

    Raises:
        OpenError: if one is missing or invalid.
    """
    if not isinstance(said, dict):
        raise OpenError(f"{archive.RECIPE} lacks its settings.")
    try:
        return {key: field.check(said.get(key)) for key, field in TRAINED_BY.items()}
    except ValueError as error:
        raise OpenError(f"{archive.RECIPE} describes no training: {error!s:.200}.") from error


def checked_tensors(raw: bytes, trainees: Mapping[str, Trainee], points: Points) -> dict[str, dict[str, Tensor]]:
    """Return the weights of each family, with the shapes that its settings give, and finite.

    Raises:
        CheckpointError: if the file is damaged, or holds other tensors.
        OpenError: if a number is not finite.
    """
    wanted = {
        f"{name}/{part}": each for name, trainee in trainees.items() for part, each in shapes(trainee.model, points)
    }
    if raw.startswith(opening.PICKLED) and raw[8:9] != b"{":
        raise OpenError(f"{archive.WEIGHTS} is a pickle, which may run any code. Save the weights as safetensors.")
    found = checkpoints.read_tensors(raw, wanted, archive.WEIGHTS, "download the networks again")
    for name, each in found.items():
        if not bool(each.float().isfinite().all()):
            raise OpenError(f"{archive.WEIGHTS} holds numbers that are not finite, in “{name:.60}”.")
    return {
        name: {key.removeprefix(f"{name}/"): each for key, each in found.items() if key.startswith(f"{name}/")}
        for name in trainees
    }


def shapes(model: Model, points: Points) -> Iterator[tuple[str, Tensor]]:
    """Yield the weights of a trained network by name; a kernel density has as many kernels as it can have points."""
    for name, each in model.state_dict().items():
        yield name, each[: min(MOST_KERNELS, len(points.train))] if name == "middles" else each


def checked_state(said: Any, weights: dict[str, Tensor]) -> State:
    """Return what a file says of a family, with its weights.

    Raises:
        OpenError: if a number is invalid.
    """
    about = said if isinstance(said, dict) else {}
    steps, cost, loss, over = (about.get(key) for key in ("steps", "cost", "loss", "over"))
    whole = type(steps) is int and 0 <= steps <= 10_000_000 and isinstance(over, bool)
    real = all(isinstance(each, int | float) and abs(each) < 1e9 for each in (cost, 0 if loss is None else loss))
    if not whole or not real:
        raise OpenError(f"{archive.RECIPE} tells of a family what cannot be.")
    return State(weights, steps, float(cost), loss, over)


def restore(trainee: Trainee, state: State) -> None:
    """Give a family its weights, and what else is known of its training."""
    if hasattr(trainee.model, "middles"):
        trainee.model.middles = torch.zeros_like(state.weights["middles"])
    trainee.model.load_state_dict(state.weights)
    trainee.steps, trainee.seconds, trainee.settled = state.steps, state.steps * state.cost, state.over


def settings_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that determine a training, out of those of a question."""
    return {key: values[key] for key in TRAINED_BY}


def opens(key: str, names: Sequence[str], settings: Mapping[str, Any]) -> bool:
    """Return whether a visitor opened networks of all these families, with these settings."""
    training = training_of(key)
    if training is None:
        return False
    return all(name in training.states and key_of(name, settings) == key_of(name, training.settings) for name in names)


def training_of(key: str) -> Training | None:
    """Return the training that a visitor opened under a key; None if it is open no longer, or something else."""
    if not opened.is_name(key) or not opened.is_open(key):
        return None
    training: Any = opened.find(key).model
    return training if isinstance(training, Training) else None


def found(key: str, names: Sequence[str], settings: Mapping[str, Any]) -> dict[str, Look]:
    """Return the looks at networks that a visitor opened.

    Raises:
        OpenError: if they are no longer open.
    """
    training = training_of(key)
    if training is None:
        raise OpenError(opened.OPENED_GONE)
    return training.looks(names)


def address_of(key: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the address at which the page shows networks that a visitor opened."""
    shown = {"tab": TAKEN_START, TAKEN.key: key}
    for name, value in settings.items():
        if isinstance(value, bytes):
            shown[name] = base64.urlsafe_b64encode(value).decode().rstrip("=")
        elif value is not None:
            shown[name] = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return shown
