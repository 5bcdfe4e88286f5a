"""Frames a second of 200 Langevin chains over an energy."""

from statistics import median

from playwright.sync_api import Browser

from tests.benchmarks.rows import Row
from tests.server import Server

STAGE = ".stage.energy"
READY = f"document.querySelector('{STAGE}')?.explorer?.mode()?.current?.done"
MEASURE = f"""async () => {{
    const {{ store, mode }} = document.querySelector('{STAGE}').explorer;
    const {{ plane, film }} = mode();
    const draw = plane.draw.bind(plane);
    const shown = new Map();
    plane.draw = () => {{
        draw();
        if (!shown.has(film.index)) shown.set(film.index, performance.now());
    }};
    store.set({{ drops: [0.5, 0.5, -1, 0] }}, {{ commit: true }});
    await new Promise((done) => setTimeout(done, 8000));
    return [...shown.values()];
}}"""


def langevin(browser: Browser, server: Server) -> list[Row]:
    """Drop 200 chains on the two moons, and time their frames."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{server.url}/?tab=energy&mode=landscape&chains=200&kernel=langevin&length=1000")
    page.wait_for_function(READY)
    times = page.evaluate(MEASURE)
    page.close()
    gaps = [after - before for before, after in zip(times, times[1:])]
    rate = 1_000 * len(gaps) / (times[-1] - times[0])
    found = f"{rate:.0f} frames a second, a frame in {median(gaps):.0f} ms (median)"
    return [Row("200 Langevin chains → painted", found, "≥ 30 frames a second")]
