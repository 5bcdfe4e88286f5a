"""ONNX Runtime computes what torch computes, for every network that has a graph."""

import onnx
import pytest
import torch

from explorer import graphs
from explorer.networks import checkpoints
from explorer.running import engine


def networks(name):
    return [each for each in checkpoints.load(name, "cpu").modules() if hasattr(each, "example")]


NETWORKS = sorted(path.parent.name for path in checkpoints.pretrained_folder().glob("*/model.safetensors"))


@pytest.fixture
def switched():
    """Answers of torch and of ONNX Runtime."""

    def answers(network, *args):
        method, found = graphs.marked_method(network), []
        for on in (False, True):
            engine.switch(on)
            with torch.no_grad():
                found.append(method(network, *args))
        return found

    yield answers
    engine.switch(False)


def random_like(each, rows, generator):
    shape = (rows, *each.shape[1:])
    if each.dtype == torch.int64:
        return torch.randint(0, int(each.max()) + 1, shape, generator=generator)
    return torch.rand(shape, generator=generator) * (999 if each.ndim == 1 else 1)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_compiled_network_answers_as_torch_does(name, switched):
    if not (found := networks(name)):
        pytest.skip("it has no graph")
    generator = torch.Generator().manual_seed(0)
    for network in found:
        assert engine.session_of(network) is not None, "run python -m explorer.graphs"
        for rows in (1, 5, engine.ENGINE_ROWS + 1):
            args = [random_like(each, rows, generator) for each in network.example()]
            torch_says, runtime_says = switched(network, *args)
            torch.testing.assert_close(runtime_says, torch_says, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("name", ["diffusion-mnist", "pixelcnn-mnist"])
def test_the_stored_graph_is_that_of_the_code(name):
    (network,) = networks(name)
    stored = onnx.load_from_string(engine.graph_at(engine.path_of(network)))
    now = onnx.load_from_string(graphs.graph_of(network))
    assert [node.op_type for node in stored.graph.node] == [node.op_type for node in now.graph.node]


def test_a_graph_holds_no_weights():
    for path in engine.GRAPHS.iterdir():
        model = onnx.load_from_string(engine.graph_at(path))
        assert model.graph.initializer
        assert not any(each.raw_data for each in model.graph.initializer)


def test_torch_answers_what_needs_gradients_or_another_precision(switched):
    (network,) = networks("diffusion-mnist")
    x, t, label = network.example()
    engine.switch(True)
    assert network(x.requires_grad_(), t, label).requires_grad
    recipe = checkpoints.read_json(checkpoints.pretrained_folder() / "pixelcnn-mnist" / "config.json")
    exact = checkpoints.build(recipe).double().eval()
    x, label = exact.example()
    with torch.no_grad():
        assert exact.every_pixel(x.double(), label).dtype == torch.float64


def test_a_network_without_a_graph_is_left_to_torch():
    from explorer.models.unet import UNet

    network = UNet((8, 16), classes=2, embedding=8).eval()
    assert engine.session_of(network) is None


def test_it_runs_on_as_many_threads_as_torch():
    (network,) = networks("pixelcnn-mnist")
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            assert engine.session_of(network).get_session_options().intra_op_num_threads == threads
    finally:
        torch.set_num_threads(before)


def test_images_stay_within_a_grey_level():
    model, found = checkpoints.load("diffusion-mnist", "cpu"), []
    for on in (False, True):
        engine.switch(on)
        *_, last = model.sample_steps(1, generator=torch.Generator().manual_seed(7))
        found.append(last.x)
    engine.switch(False)
    assert float((found[0] - found[1]).abs().max()) < 1 / 255
