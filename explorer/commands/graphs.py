"""Write the graphs that ONNX Runtime evaluates: `python -m explorer.graphs`, after a change of a network's code.

It needs the package `onnx` of the development requirements. A graph holds no weights, only their names.
"""

import gzip
import io
import math
import warnings
from collections.abc import Callable, Iterator

import onnx
import torch
from onnx import TensorProto
from torch import Tensor, nn

from explorer.networks import checkpoints
from explorer.running import engine

OPSET, FLOAT = 18, 4  # version of ONNX; bytes of a number


class Traced(nn.Module):
    """The compiled method of a network as a `forward`, for the exporter."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network, self.method = network, marked_method(network).torch_method

    def forward(self, *args: Tensor) -> Tensor:
        """Return what the method returns: (B, …) from arguments (B, …)."""
        return self.method(self.network, *args)


def marked_method(network: nn.Module) -> Callable[..., Tensor]:
    """Return the method of a network's class that is marked with `engine.use_onnx`."""
    methods = (each for kind in type(network).__mro__ for each in vars(kind).values())
    return next(each for each in methods if hasattr(each, "torch_method"))


def networks() -> Iterator[nn.Module]:
    """Yield one network of each shape that has a compiled method, from the recipes of local and of future checkpoints.

    Its weights are random, because the exporter stores equal ones, such as zeros, once for all.
    """
    found = {}
    folder, recipes = checkpoints.pretrained_folder(), checkpoints.ROOT / "recipes"
    for path in sorted([*folder.glob("*/model.safetensors"), *recipes.glob("*/config.json")]):
        for network in checkpoints.build(checkpoints.read_json(path.with_name("config.json"))).eval().modules():
            if hasattr(network, "example"):
                found.setdefault(engine.path_of(network), network)
    for value in (value for network in found.values() for value in network.state_dict().values()):
        if value.is_floating_point():
            nn.init.uniform_(value)
    yield from found.values()


def graph_of(network: nn.Module) -> bytes:
    """Return the graph of a network's compiled method, with its weights left out."""
    args, file = network.example(), io.BytesIO()
    names = [f"a{k}" for k in range(len(args))]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the older exporter, which keeps the names of the weights
        torch.onnx.export(
            Traced(network),
            args,
            file,
            input_names=names,
            output_names=["y"],
            dynamic_axes={name: {0: "rows"} for name in [*names, "y"]},
            opset_version=OPSET,
            do_constant_folding=False,
            dynamo=False,
        )
    model = onnx.load_from_string(file.getvalue())
    for each in model.graph.initializer:
        leave_out(each)
    return model.SerializeToString()


def leave_out(weight: TensorProto) -> None:
    """Remove the numbers of a weight; ONNX Runtime gets them by its name."""
    size = math.prod(weight.dims) * FLOAT
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in {"location": "weights", "offset": "0", "length": str(size)}.items():
        weight.external_data.add(key=key, value=value)


def main() -> None:
    """Write the graphs of all local networks, and remove those that no network uses."""
    engine.GRAPHS.mkdir(exist_ok=True)
    graphs = {engine.path_of(network): graph_of(network) for network in networks()}
    for path in {*engine.GRAPHS.glob("*")} - graphs.keys():
        path.unlink()
    for path, graph in graphs.items():
        path.write_bytes(gzip.compress(graph, mtime=0))


if __name__ == "__main__":
    main()
