"""Questions of the autoregressive stage: the same numbers as the networks give, and given pixels are kept."""

import base64
import json
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

from explorer import data
from explorer.models.raster import PIXELS, RasterModel
from explorer.networks import checkpoints
from explorer.serving.desk import Desk
from explorer.spaces.packing import pack, pack_bits, unpack_bits
from explorer.tabs.autoregressive import shared as autoregressive_shared
from explorer.tabs.autoregressive import tab as autoregressive_tab
from explorer.tabs.autoregressive.slow import time_cache
from explorer.tabs.kit.ask.answers import light
from explorer.tabs.kit.ask.nearest import nearest
from tests import tiny_nets
from tests.asking import functions_of, wait_for

OWN = [*functions_of(autoregressive_tab.MODES), nearest]
OWN.remove(time_cache)

BINARY, GREY, MADE = tiny_nets.MODELS
DRAWING = {"seed": 7, "label": None, "temperature": 1, "order": 0}
TEST = {"test": 12, "set": "mnist"}
PACKET = 200_000  # bytes that sixteen images with their numbers may take


def labels_of(net: str) -> int | None:
    return None if net == MADE else 3


@pytest.fixture(autouse=True, scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("nets"))))
        yield


@pytest.fixture(scope="module")
def ask(nets: None) -> Callable[..., dict]:
    """Ask a server function by its name, at a desk of these tests' own."""
    desk = Desk()
    asks = {each.__name__: light(each.plain, desk=desk) for each in OWN}
    return lambda name, **argument: wait_for(asks[name](argument))


def read(text: str, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=dtype)


def image(model: RasterModel, values: str) -> Tensor:
    """The images (n, 1, 28, 28) of an answer's levels."""
    return (read(values, torch.uint8).float() / (model.levels - 1)).view(-1, 1, 28, 28)


def label(model: RasterModel, n: int) -> Tensor | None:
    return torch.full((n,), 3) if model.classes else None


@pytest.mark.parametrize("net", [BINARY, pytest.param(GREY, marks=pytest.mark.deep), MADE])
def test_a_grid_is_what_the_network_draws_with_its_exact_log_p_in_one_packet(net: str, ask: Callable[..., dict]):
    model = checkpoints.load(net)
    found = ask("generate", net=net, count=16, **(DRAWING | {"label": labels_of(net)}))
    x = image(model, found["values"])
    generator = torch.Generator().manual_seed(7)
    assert torch.equal(x, model.sample(16, generator=generator, label=label(model, 16)))
    total = read(found["log_prob"]).view(16, PIXELS).sum(-1)
    torch.testing.assert_close(total, model.log_prob(x, label(model, 16)), rtol=0, atol=2e-2 if net == GREY else 1e-3)
    assert len(json.dumps(found)) <= PACKET
    assert found["order"] is None and found["seconds"] > 0


@pytest.mark.parametrize("net", tiny_nets.MODELS)
def test_what_was_predicted_while_drawing_is_what_one_pass_predicts(net: str, ask: Callable[..., dict]):
    drawn = ask("generate", net=net, count=1, **DRAWING)
    traced = ask("trace", net=net, picture={"pixels": drawn["values"]}, label=None, order=0)
    assert traced["values"] == drawn["values"]
    for name, dtype in {"log_prob": torch.float32, "entropy": torch.float16, "parameters": torch.float32}.items():
        once, again = (read(each[name], dtype).float() for each in (drawn, traced))
        torch.testing.assert_close(once, again, rtol=5e-3, atol=5e-3)
    assert traced["total"] == pytest.approx(read(traced["log_prob"]).double().sum().item(), abs=1e-3)


@pytest.mark.parametrize("net", tiny_nets.MODELS)
def test_a_trace_holds_the_models_own_log_p_and_what_it_was_read_from(net: str, ask: Callable[..., dict]):
    model = checkpoints.load(net)
    found = ask("trace", net=net, picture=TEST, label=labels_of(net), order=0)
    x = image(model, found["values"])
    assert found["total"] == pytest.approx(float(model.log_prob(x, label(model, 1))), abs=1e-3)
    predicted = model.distribution(read(found["parameters"]).view(PIXELS, -1))
    torch.testing.assert_close(predicted.log_prob(x.flatten()), read(found["log_prob"]), rtol=0.02, atol=0.02)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_made_draws_in_another_order_and_its_numbers_lie_in_raster_order(order: int, ask: Callable[..., dict]):
    model = checkpoints.load(MADE).in_order(order)
    found = ask("generate", net=MADE, count=1, **(DRAWING | {"order": order}))
    x = image(model, found["values"])
    assert torch.equal(read(found["order"], torch.uint16).long(), model.order)
    expected = model(x).log_prob(x).flatten()
    torch.testing.assert_close(read(found["log_prob"]), expected, rtol=0, atol=1e-4)


def test_a_test_image_is_fed_as_the_network_wants_it(ask: Callable[..., dict]):
    binary = ask("trace", net=BINARY, picture=TEST, label=None, order=0)["values"]
    grey = ask("trace", net=GREY, picture=TEST, label=None, order=0)["values"]
    assert torch.equal(read(binary, torch.uint8).view(28, 28), data.bundled_binary_images("mnist")[12, 0].byte())
    assert torch.equal(read(grey, torch.uint8).view(28, 28), data.bundled_images("mnist").images[12, 0])


def test_a_drawing_a_blank_page_and_noise_have_the_levels_of_the_network(ask: Callable[..., dict]):
    bits = data.bundled_binary_images("mnist")[5]
    for net, white in ((BINARY, 1), (GREY, 255)):
        shown = {
            name: read(ask("trace", net=net, picture=picture, label=None, order=0)["values"], torch.uint8)
            for name, picture in {
                "drawing": {"bits": pack_bits(bits)},
                "blank": {"kind": "blank"},
                "noise": {"kind": "noise", "seed": 3},
                "other noise": {"kind": "noise", "seed": 4},
            }.items()
        }
        assert torch.equal(shown["drawing"], (bits * white).byte().flatten())
        assert not shown["blank"].any()
        assert shown["noise"].float().mean() == pytest.approx(white / 2, rel=0.15)
        assert not torch.equal(shown["noise"], shown["other noise"])


@pytest.mark.parametrize("net", tiny_nets.MODELS)
@pytest.mark.parametrize("index", [0, 5, 15])
def test_any_image_of_a_grid_goes_on_alone_with_its_own_random_numbers(net: str, index: int, ask: Callable[..., dict]):
    grid = ask("generate", net=net, count=16, **(DRAWING | {"label": labels_of(net)}))
    own = base64.b64decode(grid["values"])[PIXELS * index : PIXELS * (index + 1)]
    for known in (700, 784):
        sent = base64.b64encode(own[:known] + bytes(PIXELS - known)).decode()  # what comes later is not looked at
        asked = DRAWING | {"label": labels_of(net), "index": index, "pixels": sent, "known": known}
        assert base64.b64decode(ask("resume", net=net, **asked)["values"]) == own


@pytest.mark.parametrize(("net", "order"), [(BINARY, 0), (GREY, 0), (MADE, 2)])
def test_an_override_keeps_the_past_and_changes_the_future(net: str, order: int, ask: Callable[..., dict]):
    model = autoregressive_shared.load(net, order)
    drawn = ask("generate", net=net, count=1, **(DRAWING | {"order": order}))
    known = 600
    pixels = read(drawn["values"], torch.uint8).clone()
    flipped = model.order[known - 1]
    pixels[flipped] = model.levels - 1 - pixels[flipped]
    asked = DRAWING | {"order": order, "index": 0, "pixels": pack(pixels, torch.uint8), "known": known}
    found = ask("resume", net=net, **asked)
    now = read(found["values"], torch.uint8)
    past, future = model.order[:known], model.order[known:]
    assert torch.equal(now[past], pixels[past])
    assert not torch.equal(now[future], pixels[future])
    assert found["total"] == pytest.approx(float(model.log_prob(image(model, found["values"]))), abs=1e-3)
    before = model.order[: known - 1]  # what came before the flipped pixel was predicted as it had been
    torch.testing.assert_close(read(found["log_prob"])[before], read(drawn["log_prob"])[before], rtol=1e-3, atol=2e-3)


@pytest.mark.parametrize("net", tiny_nets.MODELS)
def test_completions_keep_the_rows_and_have_the_exact_log_p_of_the_rest(net: str, ask: Callable[..., dict]):
    model = checkpoints.load(net)
    rows = 24
    found = ask("complete", net=net, picture=TEST, rows=rows, seed=1, label=labels_of(net))
    x = image(model, found["values"])
    given = autoregressive_shared.image_of(model, ("test", 12, "mnist"))
    assert torch.equal(x[:, :, :rows], given[:, :, :rows].expand(8, -1, -1, -1))
    assert len({each.numpy().tobytes() for each in x}) == 8
    log_prob = model(x, label(model, 8)).log_prob(x).flatten(1)
    assert found["rest"] == pytest.approx(log_prob[:, rows * 28 :].sum(-1).tolist(), abs=1e-3)
    assert found["given"] == pytest.approx(float(log_prob[0, : rows * 28].sum()), abs=1e-3)
    total = model.log_prob(x, label(model, 8))
    assert [found["given"] + rest for rest in found["rest"]] == pytest.approx(total.tolist(), abs=5e-3)


def test_completions_of_nothing_are_images_drawn_from_the_same_seed(ask: Callable[..., dict]):
    found = ask("complete", net=BINARY, picture=TEST, rows=0, seed=7, label=None)
    grid = ask("generate", net=BINARY, count=16, **DRAWING)
    assert base64.b64decode(found["values"]) == base64.b64decode(grid["values"])[: 8 * PIXELS]
    assert found["given"] == 0


@pytest.mark.parametrize("net", [BINARY, GREY])
def test_a_score_is_exact_for_every_class_and_bayes_rule_adds_up(net: str, ask: Callable[..., dict]):
    model = checkpoints.load(net)
    found = ask("score", net=net, picture=TEST, part="bayes")
    x = autoregressive_shared.image_of(model, ("test", 12, "mnist"))
    each = torch.cat([model.log_prob(x, torch.tensor([y])) for y in range(10)]).double()
    assert found["classes"] == pytest.approx(each.tolist(), abs=1e-2)
    assert found["posterior"] == pytest.approx((each - each.logsumexp(0)).exp().tolist(), abs=1e-2)
    assert sum(found["posterior"]) == pytest.approx(1)
    assert found["total"] == pytest.approx(float(model.log_prob(x)), abs=1e-3)
    bits = float(found["numbers"][2][1])
    assert bits == pytest.approx(-found["total"] / 784 / 0.6931471805599453, abs=1e-4)


def test_a_network_without_labels_scores_without_classes(ask: Callable[..., dict]):
    found = ask("score", net=MADE, picture={"kind": "blank"}, part="bayes")
    assert "trained without labels" in found["bars"]["name"] and found["classes"] is None and found["posterior"] is None


@pytest.mark.parametrize(("net", "order"), [(BINARY, 0), (GREY, 0), (MADE, 0), (MADE, 3)])
def test_gradients_stay_inside_the_reach_that_the_kernels_state(net: str, order: int, ask: Callable[..., dict]):
    found = ask("receptive", net=net, picture=TEST, label=None, order=order, pixel=400)
    gradient = read(found["gradient"]).view(28, 28)
    reach = unpack_bits(base64.b64decode(found["reach"])).view(28, 28).bool()
    assert gradient[~reach].abs().max() == 0
    assert (gradient[reach] > 0).float().mean() > 0.9
    earlier = autoregressive_shared.load(net, order).order.tolist().index(400)
    assert reach.sum() <= earlier and not reach.flatten()[400]


def test_the_gradient_says_how_the_prediction_moves_with_a_pixel():
    model = checkpoints.load(GREY)
    x = autoregressive_shared.image_of(model, ("test", 12, "fashion-mnist"))
    x[0, 0, 14, 7] = 100 / 255
    slope = autoregressive_shared.gradient(model, x, 3, pixel=400)[14, 7]
    values = torch.linspace(0, 1, 256)
    means = []
    for level in (99, 101):
        x[0, 0, 14, 7] = level / 255
        log_probs = model.distribution(model.parameters_of(x, torch.tensor([3]))[0, 400]).log_probs
        means.append(float((log_probs.exp() * values).sum()))
    assert slope == pytest.approx(abs(means[1] - means[0]) * 255 / 2, rel=0.05)
