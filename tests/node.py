"""What a stage's modules compute, asked in the test's own node: no browser is needed for what draws nothing."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import playwright

STAGES = Path(__file__).parents[1] / "explorer" / "stages"
DRIVEN = Path(playwright.__file__).parent / "driver" / "node"
NODE = DRIVEN if DRIVEN.exists() else shutil.which("node")


def call(module: str, name: str, *given: Any) -> Any:
    """What a function of a module of the stages answers."""
    return run(f"return (await load({json.dumps(module)}))[{json.dumps(name)}](...given);", given=given)


def run(body: str, **known: Any) -> Any:
    """What a function's body returns: `known` are its names, and `load(path)` imports a module of the stages."""
    names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    load = f"const load = (path) => import({json.dumps(STAGES.as_uri())} + '/' + path);"
    script = f"{load}\n{names}console.log(JSON.stringify(await (async () => {{ {body} }})()));"
    answer = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)
