"""Inspect: the layers of a network from input to output, for one x, one step of a sampler, or one code.

A model's methods decide which runs it has (`ways`); no family's name appears here. Every number is a value of that
run, or of a second run in which one number is changed.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.model import Model
from explorer.questions import Cannot, make
from explorer.questions.recording import Call, Change, Enough, Recorder, private, tensors, with_weight
from explorer.running.device import device_of

STEPS_INSIDE = 64  # steps of a sampler, each of which evaluates the network once or more
LATE = 4  # first steps of a sampler that may evaluate nothing
INPUT = "x"  # path of a change of x itself
WAYS = {"read": "Read x", "make": "Generate", "score": "Score x", "decode": "Decode z"}
"""Titles of the runs, by name."""
GIVEN = {"generator", "label", "source", "draws", "samples", "tokens"}
"""Arguments of a method that a run can give it."""
SCORING = ("log_prob", "elbo", "energy", "anomaly_score", "forward")


@dataclass(frozen=True)
class Run:
    """Recorded run.

    Arguments:
        root: Call of the whole network, whose `inputs` hold x where the run begins with one.
        step: Number of the recorded step; 0 unless it generates.
        steps: Number of steps that can be recorded.
        is_cut: Whether there were more calls or numbers than are kept.
    """

    root: Call
    step: int = 0
    steps: int = 1
    is_cut: bool = False


def ways(model: Model) -> list[str]:
    """Return the runs that a model has, by name, the first one first shown; none without weights."""
    if next(model.parameters(), None) is None:
        return []
    codes = hasattr(model, "encode") and hasattr(model, "decode")
    has = {
        "read": not hasattr(model, "log_prob") and (codes or _method(model, ["reconstruct"]) is not None),
        "make": _method(model, ["sample_steps"]) is not None,
        "score": _method(model, SCORING) is not None,
        "decode": isinstance(getattr(model, "latent", None), int) and hasattr(model, "decode"),
    }
    found = [way for way, is_there in has.items() if is_there]
    is_direct = hasattr(model, "log_prob") and not hasattr(model, "solved")  # not by an ODE
    return sorted(found, key="score".__ne__) if is_direct else found


def _method(model: Model, names: Sequence[str]) -> str | None:
    """Return the first of these methods that a model has and a run can call; None without one."""
    for name in names:
        own = getattr(type(model), name, None)
        if own is None or own is getattr(nn.Module, name, None):
            continue
        _, *takes = inspect.signature(own).parameters.values()
        needed = [each.name for each in takes if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
        if set(needed[name != "sample_steps" :]) - {"n"} <= GIVEN:
            return name
    return None


def _given(method: Any, n: int, x: Tensor | None, label: int | None, generator: torch.Generator) -> dict[str, Any]:
    """Return the further arguments that a method takes for n x: noise from a seed, a class, a source, one draw."""
    takes = inspect.signature(method).parameters
    given: dict[str, Any] = {name: 1 for name in ("draws", "samples") if name in takes}
    if "generator" in takes:
        given["generator"] = generator
    if "label" in takes and (label is not None or takes["label"].default is inspect.Parameter.empty):
        given["label"] = torch.full((n,), label or 0)
    if "tokens" in takes:
        given["tokens"] = method.__self__.usual.expand(n, -1)
    if "source" in takes and x is not None:
        given["source"] = x.expand(n, *x.shape[1:])
    return given


def record(
    model: Model,
    way: str,
    *,
    x: Tensor | None = None,
    seed: int = 0,
    label: int | None = None,
    step: int = 0,
    z: Sequence[float] | None = None,
    change: Change | None = None,
    base: Run | None = None,
) -> Run:
    """Run a private copy of a network once, and return what happened in it.

    Arguments:
        model: Network; it is not changed.
        way: Name of the run.
        x: Input (1, *shape) of the runs that read one.
        seed: Seed of everything random.
        label: Class of a sampler's x; None for any.
        step: Step of the sampler that is recorded.
        z: Code to decode; drawn from the standard normal unless given.
        change: Number that is changed.
        base: The same run without the change, which tells whether the number is a weight.

    Raises:
        Cannot: if the model lacks this run, or a class is requested and it knows none.
        ValueError: if the change names no number of the run.
    """
    if way not in ways(model):
        raise Cannot(f"cannot, because this network does not {WAYS.get(way, 'do that').lower()}")
    twin: Any = private(model)
    if change is not None:
        assert base is not None
        twin, x, z, change = _prepared(twin, base, x, z, change)
    recorder = Recorder(twin, change)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        if way == "make":
            return _made(twin, recorder, x, generator, label, step)
        given = _input(twin, way, x, z, generator)
        with recorder:
            out = _until_enough(lambda: _evaluated(twin, way, given, label, generator))
    return _run(recorder, given, out)


def _until_enough(work: Callable[[], Any]) -> Any:
    """Return the result of some work; None if the recorder has ended it."""
    try:
        return work()
    except Enough:
        return None


def _prepared(
    twin: nn.Module, base: Run, x: Tensor | None, z: Sequence[float] | None, change: Change
) -> tuple[nn.Module, Tensor | None, Sequence[float] | None, Change | None]:
    """Return the arguments of a run with one number changed: of x or z, of a parameter, or within an operation."""
    call = base.root if change.path == INPUT else base.root.at(change.path)
    if change.slot >= len(call.inputs) or not 0 <= change.index < call.inputs[change.slot].numel():
        raise ValueError("the changed number is none of this layer's")
    if change.path == INPUT:
        changed = call.inputs[0].clone()
        changed.view(-1)[change.index] = change.value
        return (twin, changed, z, None) if z is None and x is not None else (twin, x, changed.flatten().tolist(), None)
    if call.again is None:
        raise ValueError("choose an operation to change a number of it")
    if change.slot in call.owners:
        with_weight(twin, call.owners[change.slot], change.index, change.value)
        return twin, x, z, None
    return twin, x, z, change


def _input(model: Any, way: str, x: Tensor | None, z: Sequence[float] | None, generator: torch.Generator) -> Tensor:
    """Return the input of a run: x, or a code."""
    if way != "decode":
        assert x is not None, "this run reads an x"
        return x
    if z is not None and len(z) != model.latent:
        raise ValueError(f"z must have {model.latent} numbers")
    code = torch.randn(1, model.latent, generator=generator) if z is None else torch.tensor([z])
    return code.to(device_of(model))


def _evaluated(model: Any, way: str, given: Tensor, label: int | None, generator: torch.Generator) -> Any:
    """Return what comes of the input of a run."""
    if way == "decode":
        return model.decode(given)
    if way == "read" and hasattr(model, "encode") and hasattr(model, "decode"):
        return model.decode(_mean(model.encode(given)))
    method = getattr(model, "reconstruct" if way == "read" else _method(model, SCORING) or "")
    return method(given, **_given(method, 1, given, label, generator))


def _made(
    twin: Any, recorder: Recorder, x: Tensor | None, generator: torch.Generator, label: int | None, step: int
) -> Run:
    """Return the record of one step of the sampler, or of the first after it that evaluates anything."""
    together = make.together(twin)
    make.label_argument(twin, label, together)
    walk = twin.sample_steps(together, **_given(twin.sample_steps, together, x, label, generator))
    before: Tensor | None = None
    for index in range(STEPS_INSIDE + LATE):
        recorder.is_on = index >= step
        with recorder:
            at = _until_enough(lambda: next(walk, None))
        is_last = at is None or index + 1 >= at.total
        if index >= step and (recorder.root.calls or is_last):
            found = _run(recorder, torch.empty(0) if before is None else before, None if at is None else at.x)
            return Run(found.root, index, min(at.total if at else 1, STEPS_INSIDE), found.is_cut)
        if at is None or is_last:
            raise ValueError(f"this sampler has no step {step}")
        before = at.x
    raise ValueError("this sampler evaluates no network")


def over_steps(
    model: Model, path: str, index: int, *, x: Tensor | None = None, seed: int = 0, label: int | None = None
) -> list[tuple[int, float]]:
    """Return one value of a layer at every step of a sampler that has it, each with the number of the step.

    Arguments:
        model: Network; it is not changed.
        path: The layer.
        index: Place in its output (1, …), flattened.
        x: Source, for samplers that read one.
        seed: Seed of everything random.
        label: Class; None for any.
    """
    twin: Any = private(model)
    recorder, together = Recorder(twin), make.together(twin)
    make.label_argument(twin, label, together)
    given = _given(twin.sample_steps, together, x, label, torch.Generator().manual_seed(seed))
    walk, found = twin.sample_steps(together, **given), []
    with torch.no_grad():
        for step in range(STEPS_INSIDE + LATE):
            recorder.forget()
            with recorder:
                at = _until_enough(lambda: next(walk, None))
            value = _value_at(recorder.root, path, index)
            found += [] if value is None else [(step, value)]
            if at is None or step + 1 >= at.total or len(found) == STEPS_INSIDE:
                break
    return found


def _value_at(root: Call, path: str, index: int) -> float | None:
    """Return a value of a layer's output; None if this step has no such layer or place."""
    try:
        output = root.at(path).output
    except ValueError:
        return None
    return output.flatten()[index].item() if output is not None and index < output.numel() else None


def _run(recorder: Recorder, given: Tensor, out: Any) -> Run:
    root, found = recorder.root, tensors(_mean(out))
    recorder.is_on = True
    root.inputs, root.shapes = ([given[:1].detach()] if given.numel() else []), [tuple(given.shape)]
    if found:
        root.output, root.shape = found[0][:1].detach(), tuple(found[0].shape)
    return Run(root, is_cut=recorder.is_cut)


def _mean(value: Any) -> Any:
    """Return the mean of a distribution; anything else as it is."""
    return value.mean if not isinstance(value, Tensor) and isinstance(getattr(value, "mean", None), Tensor) else value


def differences(base: Run, other: Run) -> dict[str, float]:
    """Return by how much the output of each call differs between two runs, as a share of its size: ‖Δ‖ / ‖y‖."""
    found = {}
    others = {each.path: each for each in other.root.every()}
    for call in base.root.every():
        twin = others.get(call.path)
        if call.output is None or twin is None or twin.output is None or twin.output.shape != call.output.shape:
            continue
        size = call.output.float().norm().item()
        found[call.path] = (twin.output.float() - call.output.float()).norm().item() / (size or 1.0)
    return found
