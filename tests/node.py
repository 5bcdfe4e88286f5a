"""Computations of a stage's modules, asked in the test's own node: without a drawing, no browser is needed."""

import json
import select
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import playwright

STAGES = Path(__file__).parents[1] / "explorer" / "stages"
DRIVEN = Path(playwright.__file__).parent / "driver" / "node"
NODE = DRIVEN if DRIVEN.exists() else shutil.which("node")
SECONDS = 60
ANSWERS = """
import { createInterface } from "node:readline";

const AsyncFunction = (async () => {}).constructor;
const load = (path) => import(`${process.argv[1]}/${path}`);
globalThis.console = new console.Console(process.stderr);
const described = () => Object.getOwnPropertyDescriptors(globalThis);
const first = described();

async function answer({ body, known }) {
  try {
    const value = await new AsyncFunction("load", ...Object.keys(known), body)(load, ...Object.values(known));
    return { value: value ?? null };
  } catch (error) {
    return { error: error?.stack ?? String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\\n`);
  for (const name of Object.keys(described())) if (!(name in first)) delete globalThis[name];
  Object.defineProperties(globalThis, first);
}
"""
"""Answers one question a line; what a question leaves in the global object is gone before the next."""


def call(module: str, name: str, *given: Any) -> Any:
    """Return the answer of a function of a module of the stages."""
    return run(f"return (await load({json.dumps(module)}))[{json.dumps(name)}](...given);", given=given)


def run(body: str, **known: Any) -> Any:
    """Return the value of a function's body: `known` are its names, and `load(path)` imports a module of the stages.

    Raises:
        AssertionError: if it throws, or does not return in time.
    """
    process = _process()
    process.stdin.write(json.dumps({"body": body, "known": known}) + "\n")
    process.stdin.flush()
    if not select.select([process.stdout], [], [], SECONDS)[0]:
        process.kill()
        _process.cache_clear()
        raise AssertionError(f"it did not return within {SECONDS} s")
    answer = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer["value"]


@cache
def _process() -> subprocess.Popen:
    """The node of this process; it ends with it, as nobody asks any more."""
    command = [NODE, "--no-warnings", "--input-type=module", "--eval", ANSWERS, STAGES.as_uri()]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
