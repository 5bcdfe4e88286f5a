"""The history of the browser: few writes, the last one always, whatever the browser refuses; and who may write it."""

import re
from typing import Any

import pytest

from tests.node import STAGES, run

SERVING = STAGES.parent / "serving"
SCRIPT = (SERVING / "history.js").read_text(encoding="utf-8")
BROWSER = """
let [clock, timers, heard] = [0, [], {}];
const calls = [];
const address = (to) => (globalThis.location.href = new URL(to, location.href).href);
const call = (kind) => (_state, _title, to) => {
  if (refuses(clock, calls)) throw new DOMException("Attempt to use history more than 100 times per 30 seconds");
  calls.push({ kind, at: clock, to: new URL(to).search });
  address(to);
};
globalThis.location = { href: "http://here/?tab=vae" };
globalThis.history = { state: null, pushState: call("push"), replaceState: call("replace") };
globalThis.performance = { now: () => clock };
globalThis.setTimeout = (work, ms) => timers.push({ work, at: clock + ms });
globalThis.addEventListener = (name, work) => (heard[name] = work);
const pass = (ms) => {
  for (const end = clock + ms; clock < end; clock += 10) {
    const due = timers.filter(({ at }) => at <= clock);
    timers = timers.filter(({ at }) => at > clock);
    for (const { work } of due) work();
  }
};
new Function(script)();
const ours = explorerAddress;
"""
SAFARI = "(clock, calls) => calls.filter(({ at }) => at > clock - 30_000).length >= 100"
NEVER, FOR_A_WHILE = "() => false", "(clock) => clock < 40_000"


def asked(body: str, refuses: str = NEVER, **known: Any) -> Any:
    return run(f"const refuses = {refuses};" + BROWSER + body, script=SCRIPT, **known)


@pytest.mark.parametrize("refuses", [NEVER, SAFARI, FOR_A_WHILE])
@pytest.mark.parametrize("step", [False, True])
def test_a_minute_of_gestures_is_few_writes_and_the_last_one_is_made(refuses: str, step: bool):
    body = """
    for (let i = 0; i < 1200; i++) {
      ours.write(`?tab=vae&z=${i}`, { step: step && i % 10 === 0 });
      if (ours.search !== `?tab=vae&z=${i}`) throw Error(`the page says ${ours.search}`);
      pass(50);
    }
    pass(40_000);
    return { calls, search: new URL(location.href).search };
    """
    found = asked(body, refuses, step=step)
    times = [each["at"] for each in found["calls"]]
    most, within = (20, 10_000) if step else (2, 1000)
    assert all(later - first >= within for first, later in zip(times, times[most:], strict=False))
    assert found["search"] == "?tab=vae&z=1199" and 0 < len(times) <= 2 * 101


def test_steps_at_once_are_places_to_go_back_to():
    body = """
    for (let i = 0; i < 5; i++) ours.write(`?tab=t${i}`, { step: true });
    ours.write("?tab=t4&seed=1");
    pass(10_000);
    return calls.map(({ kind, to }) => [kind, to]);
    """
    assert asked(body) == [["push", f"?tab=t{i}"] for i in range(5)] + [["replace", "?tab=t4&seed=1"]]


def test_a_step_waits_for_nothing_and_follows_what_the_last_place_was():
    body = """
    for (let i = 0; i < 5; i++) ours.write(`?z=${i}`);
    ours.write("?tab=gan", { step: true });
    return calls.map(({ kind, to }) => [kind, to]);
    """
    assert asked(body) == [["replace", "?z=0"], ["replace", "?z=1"], ["replace", "?z=4"], ["push", "?tab=gan"]]


def test_what_is_said_already_is_not_written():
    assert asked("ours.write('?tab=vae'); ours.write(ours.href); return calls.length;") == 0


def test_two_tabs_are_never_mixed_while_the_browser_refuses():
    body = """
    ours.write("?tab=vae&beta=3");
    ours.write("?tab=gan", { step: true });
    const query = new URLSearchParams(ours.search);
    query.set("seed", "9");
    ours.write(`?${query}`);
    const before = ours.search;
    pass(60_000);
    return [before, new URL(location.href).search];
    """
    assert asked(body, FOR_A_WHILE) == ["?tab=gan&seed=9"] * 2


def test_who_goes_back_is_where_they_went():
    body = """
    for (let i = 0; i < 5; i++) ours.write(`?tab=t${i}`, { step: true });
    address("?tab=earlier");
    heard.popstate({ isTrusted: true });
    pass(10_000);
    return [ours.search, new URL(location.href).search, calls.length];
    """
    assert asked(body) == ["?tab=earlier", "?tab=earlier", 5]


def test_a_page_that_is_left_has_its_last_address():
    body = """
    for (let i = 0; i < 5; i++) ours.write(`?z=${i}`);
    heard.pagehide({});
    return [new URL(location.href).search, calls.length];
    """
    assert asked(body) == ["?z=4", 3]


@pytest.mark.parametrize(
    ("words", "only"),
    [
        (r"pushState|replaceState|history\[|location\.(?:hash|search|href) *=[^=]", "history.js"),
        (r"\blocation\.search\b", ""),
        (r"localStorage|sessionStorage|indexedDB|document\.cookie", "kept.js"),
    ],
)
def test_one_module_alone_touches_the_history_and_one_the_storage(words: str, only: str):
    found = [
        path.relative_to(STAGES.parent).as_posix()
        for path in [*STAGES.rglob("*.js"), *SERVING.glob("*.js"), STAGES / "__init__.py"]
        if path.name != only and re.search(words, path.read_text(encoding="utf-8"))
    ]
    assert found == []
