"""The Discrete diffusion tab around its stage: what its films hold, what its code shows, what its texts quote."""

import base64
import inspect
from types import CodeType

import numpy as np
import pytest
import torch

from explorer.models.transitions import Chain
from explorer.networks import checkpoints
from explorer.networks.card import row
from explorer.serving.films import Script
from explorer.spaces import BINARY
from explorer.tabs.discrete_diffusion import bound as discrete_bound
from explorer.tabs.discrete_diffusion import chains as discrete_chains
from explorer.tabs.discrete_diffusion import evidence, maths
from explorer.tabs.discrete_diffusion import orders as discrete_orders
from explorer.tabs.discrete_diffusion import unmask as discrete_unmask
from explorer.tabs.discrete_diffusion.tab import TAB
from tests import tiny_nets
from tests.address import passed_over
from tests.test_code_shown import recording

NET, UNIFORM, PIXELS = "d3pm-mnist", "uniform-d3pm-mnist", 784
DIGIT = ("test", 8, "mnist")
ASKED = {"net": NET, "seed": 7, "label": 3, "order": "random", "per": 16}


@pytest.fixture(scope="module", autouse=True)
def nets(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_PRETRAINED", str(tiny_nets.write(tmp_path_factory.mktemp("nets"), tiny_nets.DISCRETE)))
        yield


def frames_of(script: Script) -> list[dict]:
    return [frame for _, frame in script.scenes() if frame]


def bits(text: str) -> np.ndarray:
    return np.unpackbits(np.frombuffer(base64.b64decode(text), np.uint8)).astype(bool)


def white_of(frame: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(frame["p"]), np.float16).astype(float)


def pixels_of(frame: dict) -> np.ndarray:
    return BINARY.decode(frame["x"]).flatten().numpy()


@pytest.mark.parametrize(
    ("per", "frames"), [(784, 1), (16, 49), (4, 196), pytest.param(1, 196, marks=pytest.mark.deep)]
)
def test_a_film_unmasks_every_pixel_once_and_tells_what_it_was_drawn_from(per: int, frames: int):
    script = discrete_unmask.unmask.props(**(ASKED | {"per": per}), over=())
    found = frames_of(script)
    assert len(found) == script.total == frames and script.evaluations == PIXELS // per
    new = [pixel for frame in found for pixel in frame["new"]]
    assert sorted(new) == list(range(PIXELS))
    total, last = 0.0, found[-1]
    for frame in found:
        known = bits(frame["known"])
        assert known.sum() == PIXELS - frame["numbers"]["left"] and known[frame["new"]].all()
        assert (pixels_of(frame)[~known] == 128 / 255).sum() == frame["numbers"]["left"]
        assert white_of(frame)[frame["new"]] == pytest.approx(white_of(last)[frame["new"]])
    p, x = white_of(last), pixels_of(last)
    total = np.log(np.where(x > 0.5, p, 1 - p)).sum()
    assert last["numbers"]["drawn"] == pytest.approx(total, rel=1e-2)


def test_a_pixel_that_is_set_stays_from_its_step_on_and_nothing_before_it_changes():
    plain = frames_of(discrete_unmask.unmask.props(**ASKED, over=()))
    pixel, step = plain[3]["new"][0], 10
    level = 1 - round(float(pixels_of(plain[-1])[pixel]))
    found = frames_of(discrete_unmask.unmask.props(**ASKED, over=((step * PIXELS + pixel) * 2 + level,)))
    assert [frame["x"] for frame in found[:step]] == [frame["x"] for frame in plain[:step]]
    assert all(pixels_of(frame)[pixel] == level for frame in found[step:]) and found[-1]["x"] != plain[-1]["x"]
    assert white_of(found[-1])[pixel] == white_of(plain[-1])[pixel]


def test_overrides_are_read_back():
    over = [(3 * PIXELS + 5) * 2 + 1, (3 * PIXELS + 783) * 2, (48 * PIXELS + 5) * 2]
    assert discrete_unmask.forced_levels(over) == {3: {5: 1, 783: 0}, 48: {5: 0}}


@pytest.mark.deep
def test_four_images_of_each_order_are_drawn_alike_as_by_the_model():
    for order in ("random", "raster", "certain"):
        *_, last = frames_of(discrete_orders.unmask_many.props(**(ASKED | {"order": order})))
        label = torch.full((4,), 3)
        model = checkpoints.load(NET)
        x = model.sample(4, generator=torch.Generator().manual_seed(7), label=label, steps=49, order=order)
        assert torch.equal(BINARY.decode(last["x"]), x) and last["known"] is None


@pytest.mark.parametrize("net", [NET, UNIFORM])
def test_either_chain_draws_as_its_model_does_in_as_many_evaluations(net: str):
    *_, last = frames_of(discrete_chains.draw_chain.props(net, 7, 3, 16))
    how = {"generator": torch.Generator().manual_seed(7), "label": torch.full((4,), 3), "steps": 49}
    assert torch.equal(BINARY.decode(last["x"]), checkpoints.load(net).sample(4, **how))
    assert last["numbers"]["evaluations"] == 49


def test_the_terms_are_those_of_the_model_and_their_sum_is_near_its_bound():
    at = discrete_bound.bound.props(NET, DIGIT, 7, 300)
    head, *table = at["table"]
    assert [size for size, _ in table] == list(range(4, 785, 4)) and head[0] == "masked"
    nats = [cost for _, cost in table]
    model = checkpoints.load(NET)
    x = discrete_bound.data.read(DIGIT, BINARY)
    bound = model.elbo(x.expand(16, -1, -1, -1), generator=torch.Generator().manual_seed(1), draws=16)
    assert 4 * sum(nats) == pytest.approx(-float(bound.mean()), rel=0.05)
    assert at["numbers"][0] == ("log p(x) is at least", f"−{4 * sum(nats):.2f}", "nats")
    shown, white = np.frombuffer(base64.b64decode(at["strips"][0]["images"]), np.uint8).reshape(2, PIXELS)
    masked, real = np.abs(shown - 127.5) < 1, x.flatten().numpy()
    assert masked.sum() == 300 and (shown[~masked] == 255 * real[~masked]).all()
    model_says = model.order_log_prob(x, torch.arange(PIXELS))
    exact = discrete_bound.in_raster_order.props(NET, DIGIT)["number"]
    assert exact == ("log p row by row, = exact", f"{float(model_says):.2f}".replace("-", "−"), "nats")
    cost = -np.log(np.clip(np.where(real > 0.5, white, 255.0 - white), 0.5, 255) / 255)[masked].mean()
    assert at["nats"] == pytest.approx(cost, rel=0.1)


def test_each_function_on_the_page_is_called_by_a_gesture():
    ran: set[CodeType] = set()
    with recording(ran):
        frames_of(discrete_unmask.unmask.props(**(ASKED | {"per": 784}), over=()))
        frames_of(discrete_orders.unmask_many.props(**(ASKED | {"per": 784})))
        frames_of(discrete_chains.draw_chain.props(UNIFORM, 7, 3, 784))
        discrete_bound.terms.cache_clear()
        discrete_bound.bound.props(NET, DIGIT, 7, 300)
        discrete_bound.in_raster_order.props(NET, DIGIT)
        maths.show_before(8, 4)
        model = checkpoints.load(NET)
        x = torch.zeros(2, 1, 28, 28)
        model.elbo(x, generator=torch.Generator(), draws=1)
        how = {"generator": torch.Generator(), "label": torch.tensor([1, 2])}
        for net in (NET, UNIFORM):
            checkpoints.load(net).training_loss(x, {"label_dropout": 0.5}, **how)
    for title in TAB.code.keys() - {TAB.modes[each] for each in TAB.questions}:
        for each in TAB.code[title]:
            assert inspect.unwrap(each).__code__ in ran, each


def test_what_a_preset_sets_the_address_can_say():
    known = {field.key: field for field in TAB.fields}
    for mode, presets in TAB.tries.items():
        assert mode in TAB.modes and 2 <= len(presets) <= 3
        for _, patch in presets:
            for key, value in patch.items():
                assert value is None or known[key].check(value) is not None


def test_every_figure_that_the_texts_quote_is_in_the_card(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("EXPLORER_PRETRAINED")
    found = {net.name: net.content() for net in TAB.shown()}
    quotes = TAB.quotes(found)
    tour = TAB.tour(quotes)
    assert len(tour) == 5 and "{{" not in str(tour) and "not measured" not in str(tour)
    assert not passed_over(TAB.fields, [step[when] for step in tour for when in ("state", "after")])
    text = (TAB.folder / "maths.md").read_text(encoding="utf-8")
    assert "## One step before, with your numbers" in text
    assert "PixelCNN exactly" in evidence.beside() and "VQ-VAE at most" in evidence.beside()


def test_the_charts_tell_the_card():
    rows = [row("nll_steps", 90 + k, "bound", per_step=k, unit="nats", se=1, n=9) for k in (1, 4)]
    (steps,) = evidence.by_steps({"rows": rows})
    assert "from 91.00 at pixels a step 1 to 94.00 at 4" in steps.words
    (terms,) = evidence.by_masked({"rows": [], "curve": {"masked": [4, 784], "nats": [0.01, 0.26]}})
    assert "0.26" in terms.words
    assert not [*evidence.by_steps({"rows": []})] and not [*evidence.by_masked({"rows": []})]


@pytest.mark.parametrize(("times", "t"), [(8, 4), (8, 1), (5, 5)])
def test_the_live_formula_is_bayes(times: int, t: int):
    text = maths.show_before(times, t)
    other = float(Chain("uniform", times).posterior(torch.tensor(0), torch.tensor(1), t)[1])
    assert f"{1 / t:.3f}" in text and f"{other:.3f}" in text


@pytest.mark.parametrize(("times", "t", "words"), [(8, 9, "ends at T = 8"), (8, 2.5, "whole numbers"), (0, 1, "T")])
def test_the_live_formula_says_what_is_wrong(times: float, t: float, words: str):
    text = maths.show_before(times, t)
    assert words in text and "posterior" not in text and "mask" not in text
