"""Networks evaluated by ONNX Runtime: on a CPU, the same numbers as torch's in about half of its time.

A network's method is marked with `use_onnx`. Its graph, without weights, lies in `bundled/graphs`, and is shared by all
networks of the same shapes; `python -m explorer.graphs` writes it. The weights are those of the loaded network. Torch
evaluates everything else: networks without a graph, on a GPU, in another precision, in training, or with gradients.
"""

import functools
import gzip
import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from explorer.running import pauses

ENGINE_ROWS = 4  # evaluated at once: a row takes no longer than in larger batches, memory is bounded, pauses are close
GRAPHS = Path(__file__).parents[1] / "bundled" / "graphs"
TYPES = {"tensor(float)": torch.float32, "tensor(int64)": torch.int64}
_sessions: "WeakKeyDictionary[nn.Module, dict[int, onnxruntime.InferenceSession | None]]" = WeakKeyDictionary()
_known: "WeakKeyDictionary[nn.Module, bool]" = WeakKeyDictionary()
_lock = threading.Lock()
_on = False


def switch(on: bool) -> None:
    """Choose ONNX Runtime where it can answer, as the app does, or torch alone."""
    global _on
    _on = on


def use_onnx(method: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Mark a network's method for ONNX Runtime; it takes tensors (B, …), a row for each x, and returns such a tensor.

    The network's `example()` returns arguments from which the graph is traced.
    """

    @functools.wraps(method)
    def evaluate(network: nn.Module, *args: Tensor) -> Tensor:
        session = session_of(network) if _on and _fits(network, args[0]) else None
        if session is None:
            return method(network, *args)
        feed = {each.name: arg.to(TYPES[each.type]).numpy() for each, arg in zip(session.get_inputs(), args)}
        starts = pauses.pausing(range(0, len(args[0]), ENGINE_ROWS))
        parts = [session.run(None, {name: each[i : i + ENGINE_ROWS] for name, each in feed.items()})[0] for i in starts]
        return torch.from_numpy(np.concatenate(parts))

    evaluate.torch_method = method
    return evaluate


def _fits(network: nn.Module, x: Tensor) -> bool:
    """True if a graph of float32 on a CPU, without gradients, can answer."""
    plain = x.dtype == torch.float32 and x.device.type == "cpu" and not torch.is_autocast_enabled("cpu")
    return plain and not network.training and not torch.is_grad_enabled()


def evaluates(network: nn.Module) -> bool:
    """Return whether ONNX Runtime answers for a network on this machine; its rows cost the same in any batch."""
    if not _on or any(each.device.type != "cpu" or each.dtype != torch.float32 for each in network.parameters()):
        return False
    if network not in _known:
        _known[network] = path_of(network).exists()
    return _known[network]


def session_of(network: nn.Module) -> onnxruntime.InferenceSession | None:
    """Return the session of a network for the current number of threads, or None if there is no graph for it."""
    threads = torch.get_num_threads()
    with _lock:
        ours = _sessions.setdefault(network, {})
        if threads not in ours:
            ours[threads] = _start(network, threads)
        return ours[threads]


@functools.cache
def _share_memory() -> None:
    """Let all sessions use the same working memory, which is never given back."""
    arena, kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
    onnxruntime.create_and_register_allocator(onnxruntime.OrtMemoryInfo("Cpu", arena, 0, kind), None)


def _start(network: nn.Module, threads: int) -> onnxruntime.InferenceSession | None:
    path = path_of(network)
    if not path.exists():
        return None
    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a waiting thread leaves the core
    state = {f"network.{name}": value for name, value in network.state_dict().items() if value.is_floating_point()}
    weights = {name: value.contiguous().numpy() for name, value in state.items()}
    values = map(onnxruntime.OrtValue.ortvalue_from_numpy, weights.values())
    options.add_external_initializers([*weights], [*values])
    return onnxruntime.InferenceSession(graph_at(path), options, providers=["CPUExecutionProvider"])


def path_of(network: nn.Module) -> Path:
    """Return the file of a network's graph, named after its class and the shapes of its weights."""
    shapes = [(name, *value.shape) for name, value in network.state_dict().items()]
    digest = hashlib.sha256(repr(shapes).encode()).hexdigest()
    return GRAPHS / f"{type(network).__name__.lower()}-{digest[:12]}.onnx.gz"


def graph_at(path: Path) -> bytes:
    """Return the graph in a file, in ONNX's format, without weights."""
    return gzip.decompress(path.read_bytes())
