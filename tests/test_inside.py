"""Inside: what is shown of a network equals what its own modules return, and a change reaches nobody else."""

import base64
import copy
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import data, fields
from explorer.data.captions import parse
from explorer.data.emoji import name_tokens
from explorer.networks import checkpoints
from explorer.questions import Cannot, inspect, make
from explorer.questions.recording import SUM_OPS, Call, Change
from explorer.questions.sums import attention, written
from explorer.spaces import BINARY
from explorer.steps import Step
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.ask.inside import drawn, input_of, inside, read_change

NETS = sorted(
    folder.name
    for folder in checkpoints.pretrained_folder().iterdir()
    if (folder / "model.safetensors").exists() and (folder / "config.json").exists()
)
OPENED = [net for net in NETS if net not in ("ngram-shakespeare", "autoencoder-sizes-mnist")]
"""Every network; n-grams have no weights, and the autoencoders of several sizes are no single network."""
KNOWN = fields.of(inside.plain)
SEED = 7
Outputs = dict[str, list[Tensor]]


def ask(**request: Any) -> dict[str, Any]:
    """The answer as the browser reads it."""
    return inside.props(**arguments(KNOWN, request))


def runs() -> Iterator[tuple[str, str]]:
    for net in OPENED:
        for way in inspect.ways(checkpoints.load(net)):
            yield net, way


every_run = pytest.mark.parametrize(("net", "way"), list(runs()))


def recorded(net: str, way: str, **how: Any) -> inspect.Run:
    model = checkpoints.load(net)
    return inspect.record(model, way, x=input_of(model, net, None, None), seed=SEED, **how)


def by_own_hooks(model: nn.Module, work: Callable[[], Any]) -> Outputs:
    """The first tensor that each call of a module returns, by hooks of the test's own."""
    found: Outputs = defaultdict(list)

    def hook(name: str) -> Callable:
        def note(module: nn.Module, inputs: Any, output: Any) -> None:
            while isinstance(output, tuple):
                output = output[0]
            if not torch._C._functorch.is_functorch_wrapped_tensor(output):
                found[name].append(output.detach()[:1].clone() if output.dim() > 1 else output.detach().clone())

        return note

    handles = [module.register_forward_hook(hook(name)) for name, module in model.named_modules() if name]
    try:
        with torch.no_grad(), torch.random.fork_rng():
            work()
    finally:
        for handle in handles:
            handle.remove()
    return found


def by_itself(model: Any, net: str, way: str) -> Callable[[], Any]:
    """The run as the model's own methods do it."""
    x = input_of(model, net, None, None)
    generator = torch.Generator().manual_seed(SEED)

    def middle(value: Any) -> Any:
        return value if isinstance(value, Tensor) else value.mean

    def score() -> Any:
        for name in ("log_prob", "elbo", "energy", "anomaly_score"):
            if hasattr(model, name):
                takes = signature(getattr(model, name)).parameters
                how: dict[str, Any] = {each: 1 for each in ("draws", "samples") if each in takes}
                how |= {"generator": generator} if "generator" in takes else {}
                how |= {"label": torch.zeros(1, dtype=torch.long)} if net.startswith("wavenet") else {}
                return getattr(model, name)(x, **how)
        return model(x)

    def read() -> Any:
        return model.decode(middle(model.encode(x))) if hasattr(model, "encode") else model.reconstruct(x)

    def draw() -> Any:
        n = make.together(model)
        how: dict[str, Any] = {"generator": generator}
        if "source" in signature(model.sample_steps).parameters:
            how["source"] = x.expand(n, *x.shape[1:])
        if net.startswith("wavenet"):
            how["label"] = torch.zeros(n, dtype=torch.long)
        if net.startswith("words"):
            how["tokens"] = torch.tensor([parse("a yellow cat on grass").tokens]).expand(n, -1)
        if net.startswith("copies"):
            how["tokens"] = torch.tensor([name_tokens("cat face")]).expand(n, -1)
        return list(itertools.islice(model.sample_steps(n, **how), 1 + ("flow-" in net or "coupling" in net)))

    def decode() -> Any:
        return model.decode(torch.randn(1, model.latent, generator=generator))

    return {"score": score, "read": read, "make": draw, "decode": decode}[way]


@every_run
def test_every_layer_shown_is_what_hooks_of_the_test_find(net: str, way: str):
    model = checkpoints.load(net)
    expected = by_own_hooks(model, by_itself(model, net, way))
    run = recorded(net, way)
    places: dict[str, int] = defaultdict(int)
    compared = 0
    for call in run.root.every():
        if call.module is None or not call.full or call.output is None:
            continue
        found = expected[call.full]
        same = [k for k in range(places[call.full], len(found)) if torch.equal(found[k], call.output)]
        assert same, f"{call.full} at {call.path}"
        places[call.full] = same[0] + 1
        compared += 1
    assert compared or not any(model.children()) or way == "make"
    assert not any(module._forward_hooks for module in model.modules()), "the shared network keeps a hook"


@every_run
def test_terms_of_a_sum_add_up_to_the_value(net: str, way: str):
    sums = [call for call in recorded(net, way).root.every() if call.again is not None and call.name in SUM_OPS]
    for call in sums[:: max(1, len(sums) // 12)]:
        index = call.output.numel() // 3
        found = written(call, index)
        if not found.count:  # a scalar that no input reaches
            continue
        total = sum(term.product for term in found.terms) + found.rest + (found.bias or 0)
        again = exactly(call)
        size = 1 + call.inputs[0].abs().max().item() * call.inputs[1].abs().sum().item() ** 0.5
        assert total == pytest.approx(again.flatten()[index].item(), abs=1e-5 * size)
        assert found.value == pytest.approx(again.flatten()[index].item(), abs=1e-5 * size)


def exactly(call: Call) -> Tensor:
    """The operation in double precision, of the very inputs, by torch's own function."""
    function = {"linear": F.linear, "conv1d": F.conv1d, "conv2d": F.conv2d, "conv_transpose2d": F.conv_transpose2d}
    assert call.name in function and call.again is not None
    return call.again([each.double() for each in call.inputs])


def test_terms_are_those_of_the_slices_of_a_convolution():
    torch.manual_seed(0)
    model = Small()
    x = torch.rand(1, 1, 28, 28).round()
    run = inspect.record(model, "score", x=x)
    (conv,) = [call for call in run.root.every() if call.name == "conv2d"]
    channel, row, column = 2, 5, 9
    found = written(conv, channel * 14 * 14 + row * 14 + column)
    padded = F.pad(x, (1, 1, 1, 1))[0, 0, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
    products = (padded * model.conv.weight[channel, 0]).flatten()
    order = products.abs().sort(descending=True).values
    np.testing.assert_allclose(
        [abs(term.product) for term in found.terms], order[: len(found.terms)].tolist(), atol=1e-6
    )
    for term in found.terms:
        assert model.conv.weight.flatten()[term.weight].item() == pytest.approx(term.w)
        assert x[term.place].item() == term.x
    assert found.bias == pytest.approx(model.conv.bias[channel].item())


class Small(nn.Module):
    """A family that nobody has heard of: it declares what a model must, and nothing about *Inside*."""

    space = BINARY

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(4, 1, 2, stride=2)
        self.scale = nn.Parameter(torch.full((1,), 0.5))

    def log_prob(self, x: Tensor) -> Tensor:
        logits = self.up(torch.relu(self.conv(x)))
        return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)

    def sample_steps(self, n: int, *, generator: torch.Generator) -> Iterator[Step]:
        z = torch.randn(n, 4, 14, 14, generator=generator)
        yield Step(torch.sigmoid(self.up(z * self.scale)), 0, 1)


def test_a_new_family_opens_without_a_line_of_its_own():
    model = Small()
    assert inspect.ways(model) == ["score", "make"]
    run = inspect.record(model, "score", x=torch.rand(1, 1, 28, 28).round())
    assert [call.name for call in run.root.calls] == ["conv", "relu", "up"]
    made = inspect.record(model, "make", seed=3)
    assert [call.name for call in made.root.calls][-2:] == ["up", "sigmoid"]


@pytest.mark.parametrize(
    "net", ["vae-mnist", "pixelcnn-mnist", "diffusion-mnist", "transformer-shakespeare", "gan-mnist"]
)
def test_a_changed_weight_gives_what_a_copy_of_the_model_gives(net: str):
    model = checkpoints.load(net)
    before = copy.deepcopy(model.state_dict())
    way = inspect.ways(model)[0]
    base = recorded(net, way)
    call = next(each for each in base.root.every() if each.name in ("linear", "conv2d") and 1 in each.owners)
    index = call.inputs[1].numel() // 2
    changed = recorded(net, way, change=Change(call.path, 1, index, 2.5), base=base)
    other = copy.deepcopy(model)
    other.get_parameter(call.owners[1]).data.view(-1)[index] = 2.5
    expected = by_own_hooks(other, by_itself(other, net, way))
    last = [each for each in changed.root.every() if each.module is not None and each.full and each.output is not None]
    assert torch.equal(last[-1].output, expected[last[-1].full][-1])
    assert max(inspect.differences(base, changed).values()) > 0
    after = model.state_dict()
    assert all(torch.equal(after[key], before[key]) for key in before), "the shared network has changed"


def test_a_changed_value_within_an_operation_and_of_x_reach_what_follows():
    torch.manual_seed(1)
    model, x = Small(), torch.zeros(1, 1, 28, 28)
    base = inspect.record(model, "score", x=x)
    other = inspect.record(model, "score", x=x, change=Change("0.0", 0, 30, 1.0), base=base)
    lit = x.clone()
    lit.view(-1)[30] = 1.0
    assert torch.allclose(other.root.calls[0].output, model.conv(lit), atol=1e-6)
    of_x = inspect.record(model, "score", x=x, change=Change("x", 0, 30, 1.0), base=base)
    assert torch.allclose(of_x.root.output, model.log_prob(lit), atol=1e-4)
    assert not x.any(), "the visitor's own x stays"


@pytest.mark.parametrize("net", ["transformer-shakespeare", "diffusion-mnist", "vqvae-mnist", "classifier-mnist"])
def test_the_numbers_of_a_formula_give_the_value(net: str):
    for way in inspect.ways(checkpoints.load(net)):
        calls = [call for call in recorded(net, way).root.every() if call.again is not None]
        for call in calls[:: max(1, len(calls) // 80)]:
            index = call.output.numel() // 2
            found = written(call, index)
            value = by_formula(call.name, dict(found.parts))
            if value is not None:
                assert value == pytest.approx(found.value, rel=1e-2, abs=2e-3), (call.path, call.name)


def by_formula(name: str, parts: dict[str, float]) -> float | None:
    """The value of an operation by the numbers of its formula; None of one that has none."""
    if not parts:
        return None
    if name in ("group_norm", "layer_norm", "batch_norm"):
        return normed(parts)
    if name in ("softmax", "log_softmax"):
        log = parts["xᵢ"] - parts["ln Σⱼ exp xⱼ"]
        return float(np.exp(log)) if name == "softmax" else log
    if name in ("add", "mul", "sub"):
        a, b = parts["a"], parts["b"]
        return {"add": a + b, "mul": a * b, "sub": a - b}[name]
    return {"relu": F.relu, "silu": F.silu}[name](torch.tensor(parts["x"])).item() if name in ("relu", "silu") else None


def normed(parts: dict[str, float]) -> float:
    """The value of a normalisation, by its numbers; ε is that of torch."""
    z = (parts["x"] - parts["μ"]) / np.sqrt(parts["σ"] ** 2 + 1e-5)
    return z * parts.get("γ", 1) + parts.get("β", 0)


def test_an_attention_matrix_is_that_of_its_queries_and_keys():
    calls = recorded("transformer-shakespeare", "score").root.every()
    call = next(each for each in calls if each.name == "scaled_dot_product_attention")
    q, k, _ = (each.double() for each in call.inputs[:3])
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    torch.testing.assert_close(
        attention(call).double(), scores.masked_fill(hidden, -torch.inf).softmax(-1), atol=1e-5, rtol=0
    )


@pytest.mark.parametrize("shape", [(1, 5, 9, 9), (1, 70, 40, 40), (1, 3, 130), (1, 300), (1, 2, 3, 4, 5), (1,)])
def test_a_picture_holds_the_values_that_it_names(shape: tuple[int, ...]):
    values = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    found = drawn(values, 64)
    one = values.reshape(-1)
    if found["kind"] == "bars":
        np.testing.assert_allclose(found["values"], one[: len(found["values"])], rtol=1e-5)
        return
    levels = np.frombuffer(base64.b64decode(found["levels"]), np.int8).reshape(found["sent"])
    (_, high, wide), stride = found["full"], found["stride"]
    for m, r, c in itertools.product(*(range(0, n, max(1, n // 3)) for n in levels.shape)):
        index = m * high * wide + r * stride * wide + c * stride
        assert levels[m, r, c] / 127 * found["scale"] == pytest.approx(one[index].item(), abs=found["scale"] / 250)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"net": "vae-nowhere"}, "there is no network"),
        ({"net": "../vae-mnist"}, "must be the name of a network"),
        ({"net": "vae-mnist", "layer": "9.9"}, "is no layer of this run"),
        ({"net": "vae-mnist", "layer": "__class__"}, "is no layer of this run"),
        ({"net": "vae-mnist", "layer": "0.0", "at": 10**8}, "the place must be from 0 to"),
        ({"net": "vae-mnist", "way": "all"}, "the run must be one of"),
        ({"net": "vae-mnist", "step": 1000}, "the step must be a number from 0 to"),
        ({"net": "vae-mnist", "change": "0.0.0:1:0=1e9"}, "a change names a layer"),
        ({"net": "vae-mnist", "change": "0.0.0:1:99999999=1"}, "the changed number is none of this layer's"),
        ({"net": "vae-mnist", "change": "0:1:0=1"}, "the changed number is none of this layer's"),
        ({"net": "vae-mnist", "z": [1e9]}, "the code must be"),
        ({"net": "ngram-shakespeare"}, "this model has no weights"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(request_: dict[str, Any], words: str):
    with pytest.raises((ValueError, Cannot), match=words):
        ask(**request_)


def test_the_answer_writes_out_a_value_with_its_code():
    found = ask(net="vae-mnist", layer="0.0", at=200)
    assert found["way"] == "read" and [each["name"] for each in found["crumbs"]] == ["VAE", "encoder"]
    value = found["value"]
    total = sum(term["product"] for term in value["terms"]) + value["rest"] + value["bias"]
    assert total == pytest.approx(value["value"], abs=1e-5)
    assert "self.encoder(" in found["code"]["lines"][found["code"]["lit"]]
    changed = ask(net="vae-mnist", layer="0.0", at=200, change=f"{value['terms'][0]['of_w']}=3")
    assert changed["result"]["most"] > 0 and changed["layers"][0]["differs"] > 0
    assert ask(net="vae-mnist", layer="0.0", at=200)["value"] == value, "the change reached another visitor"
    assert read_change("0.0.0:1:5=-0.5") == Change("0.0.0", 1, 5, -0.5)


def test_a_film_at_a_later_step_is_that_of_the_sampler():
    model = checkpoints.load("diffusion-mnist")
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        steps = list(itertools.islice(model.sample_steps(make.together(model), generator=generator), 4))
    run = inspect.record(model, "make", seed=SEED, step=3)
    torch.testing.assert_close(run.root.output, steps[3].x[:1])
    torch.testing.assert_close(run.root.inputs[0], steps[2].x[:1])
    assert data.DATASETS and run.step == 3


@pytest.mark.parametrize("net", ["diffusion-mnist", "flow-matching-moons", "pixelcnn-mnist"])
def test_one_value_is_followed_over_the_steps(net: str):
    """Against a recording of each of some steps alone."""
    model = checkpoints.load(net)
    first = inspect.record(model, "make", seed=SEED)
    path = next(each.path for each in first.root.every() if each.path and each.output is not None)
    found = inspect.over_steps(model, path, 1, seed=SEED)
    assert 2 < len(found) <= inspect.STEPS_INSIDE
    for step, value in (found[0], found[2], found[-1]):
        alone = inspect.record(model, "make", seed=SEED, step=step)
        assert alone.step == step
        assert alone.root.at(path).output.flatten()[1].item() == pytest.approx(value, rel=1e-4, abs=1e-5)


def test_the_answer_follows_a_value_of_a_film_alone():
    found = ask(net="flow-matching-moons", way="make", layer="0", at=0, over=1)
    assert len(found["over"]) > 2 and ask(net="flow-matching-moons", way="make", layer="0", at=0)["over"] is None
    assert ask(net="vae-mnist", way="read", layer="0.0", at=0, over=1)["over"] is None
    with pytest.raises(ValueError, match="followed over the steps"):
        ask(net="vae-mnist", over=7)
