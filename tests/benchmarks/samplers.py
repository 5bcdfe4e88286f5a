"""Speed of drawing pixel by pixel: by whole passes, by a cache, by tokens instead, and by a class."""

import json
import math
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from playwright.sync_api import Page

from explorer.models.raster import PIXELS, RasterModel
from explorer.networks import checkpoints
from tests.benchmarks.rows import Row, spread
from tests.server import Server

NET = "pixelcnn-mnist"
TOKENS = "vqvae-mnist"
BATCHES = (1, 16, 64)
PASSES = 28  # whole passes that are timed; all 784 cost the same
VISITORS = 200
STAGE = ".stage.autoregressive"


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def naive(model: RasterModel, n: int) -> float:
    """Return the time for all pixels by whole passes, from the time of a few."""
    steps = model.sample_steps(n, generator=torch.Generator().manual_seed(0), cached=False)
    next(steps)
    return seconds(lambda: [next(steps) for _ in range(PASSES)]) * PIXELS / PASSES


def cached(model: RasterModel, n: int) -> float:
    """Return the time for all pixels by the sampler that the page uses."""
    return seconds(lambda: model.sample(n, generator=torch.Generator().manual_seed(0)))


def samplers() -> list[Row]:
    """Compare both samplers: the same network, threads, memory layout, and no gradients."""
    model, rows = checkpoints.load(NET, "cpu"), []
    with torch.no_grad():
        x = model.sample(1, generator=torch.Generator().manual_seed(0))
        one_pass = min(seconds(lambda: model.log_prob(x)) for _ in range(10))
    rows.append(Row("784 pixels scored in one pass", f"{1000 * one_pass:.1f} ms"))
    for n in BATCHES:
        slow, fast = naive(model, n), min(cached(model, n) for _ in range(2))
        aim = "≥ 10 ×" if n == 16 else ""
        rows.append(Row(f"{n} drawn: naive ÷ cached", f"{slow:.1f} s ÷ {fast:.2f} s = {slow / fast:.0f} ×", aim))
    return [*rows, by_tokens(model)]


def by_tokens(pixels: RasterModel, n: int = 16) -> Row:
    """Compare cached pixels with tokens, decoded once: both on this many threads."""
    tokens = checkpoints.load(TOKENS, "cpu")
    slow, fast = (min(cached(each, n) for _ in range(3)) for each in (pixels, tokens))
    return Row(f"{n} drawn: pixels, cached ÷ tokens", f"{slow:.2f} s ÷ {fast:.3f} s = {slow / fast:.0f} ×", "≥ 15 ×")


def ask(server: Server, component: int, visitor: int, argument: dict) -> tuple[float, int]:
    """Ask the page's server for images as a visitor's browser does; return the milliseconds and the bytes."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = {"session_hash": f"visitor{visitor}", "component_id": component, "fn_name": "generate", "data": argument}
    url, headers = f"{server.url}/gradio_api/component_server", {"Content-Type": "application/json"}
    start = time.monotonic()
    with opener.open(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=120) as answer:
        raw = answer.read()
    return 1000 * (time.monotonic() - start), 0 if "error" in json.loads(raw) else len(raw)


def drawing(page: Page, server: Server) -> list[Row]:
    """Open the autoregressive tab and ask for images: one, sixteen, and one for each visitor of a class."""
    page.goto(f"{server.url}/?tab=ar")
    page.wait_for_function(f"document.querySelector('{STAGE}')?.explorer")
    component = page.evaluate("gradio_config.components.find((c) => c.props.elem_id === 'ar-stage').id")
    wanted = {"net": NET, "seed": 1, "count": 1, "label": None, "temperature": 1, "order": 0}
    rows = []
    for net in (NET, "pixelcnn-fashion-mnist"):
        for count in (1, 16):
            took, size = ask(server, component, 0, wanted | {"net": net, "count": count, "seed": 100 + count})
            aim = "≤ 2000 ms" if count == 1 else "≤ 200 KB"
            rows.append(Row(f"{net}: {count} with the whole trace", f"{took:.0f} ms, {size / 1000:.0f} KB", aim))
    with ThreadPoolExecutor(VISITORS) as pool:
        asked = list(pool.map(lambda i: ask(server, component, i, wanted | {"seed": 1000 + i}), range(VISITORS)))
    answered = [took for took, size in asked if size]
    rows.append(Row(f"{VISITORS} seeds at once: answered", f"{len(answered)} of {VISITORS}"))
    rows.append(Row("… and how long they waited", spread(answered) if answered else str(math.inf)))
    return rows
