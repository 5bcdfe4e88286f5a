"""Modules joined to one file are what they were alone: the same exports, once, and the same imports later."""

import re
from pathlib import Path

import pytest

from explorer.serving import joined
from explorer.tabs import interface
from tests.node import run

EXPORTED = re.compile(r"^export (?:async )?(?:function|class|const)\*? (\w+)", re.MULTILINE)
MODULES = {
    "kit/a.js": "const SIZE = 1;\nexport const one = SIZE;\n",
    "kit/b.js": (
        'import { one as first } from "./a.js";\nconst SIZE = 2;\nexport function two() {\n  return first + SIZE;\n}\n'
    ),
    "kit/again.js": "export const one = 3;\n",
    "kit/takes_again.js": 'import { one } from "./again.js";\nexport const four = one + 1;\n',
    "kit/circle.js": 'import { round } from "./round.js";\nexport const circle = () => round;\n',
    "kit/round.js": 'import { circle } from "./circle.js";\nexport const round = () => circle;\n',
    "kit/default.js": "export default { five: 5 };\n",
    "kit/small.js": "const n=7,t=()=>n;export{n as seven,t as tellsSeven};\n",
    "kit/takes_small.js": 'import { tellsSeven } from "./small.js";\nexport const eight = tellsSeven() + 1;\n',
    "kit/small_default.js": "const n=9;export{n as nine,n as default};\n",
    "own/later.js": (
        'import { two } from "../kit/b.js";\n'
        'export const six = async () => (await import("../kit/default.js")).default.five + two() - 2;\n'
        "export const of = (name) => import(`../kit/${name}.js`);\n"
        'export const where = () => new URL("./worker.js", import.meta.url).pathname.split("/").slice(-2);\n'
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of modules."""
    for name, text in MODULES.items():
        (tmp_path / "stages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "stages" / name).write_text(text, encoding="utf-8")
    return tmp_path / "stages"


@pytest.fixture(scope="module")
def parts() -> dict[str, joined.Joined]:
    """The files of the page, that of most stages first."""
    return interface.joined_modules(interface.build())


def written(part: joined.Joined, root: Path) -> str:
    """Return the address of a joined file beside the folder of the modules."""
    path = root.parent / "joined" / part.file
    path.parent.mkdir(exist_ok=True)
    path.write_text(part.text, encoding="utf-8")
    return path.as_uri()


def test_what_one_file_cannot_hold_stays_alone(root: Path):
    names = joined.join([*MODULES], root, "../stages").names
    assert names == ["kit/a.js", "kit/b.js", "kit/small.js", "kit/takes_small.js", "own/later.js"]


def test_a_module_waits_for_its_imports_to_be_joined(root: Path):
    assert joined.join(["kit/b.js"], root, "../stages") == joined.NOTHING


def test_joined_modules_calculate_and_import_later_what_they_did_alone(root: Path):
    shared = joined.join(["kit/a.js", "kit/b.js"], root, "../stages")
    own = joined.join([*MODULES], root, "../stages", shared)
    assert own.names == ["kit/again.js", "kit/small.js", "kit/takes_again.js", "kit/takes_small.js", "own/later.js"]
    written(shared, root)
    earlier = "m.four, await m.six(), (await m.of('a')).one, m.where()"
    body = f"const m = await import(at); return [{earlier}, m.seven, m.eight];"
    assert run(body, at=written(own, root)) == [4, 6, 1, ["own", "worker.js"], 7, 8]


def test_every_stage_finds_its_modules_in_the_two_files(parts: dict[str, joined.Joined]):
    shared, *others = parts.values()
    assert {"kit/base/dom.js", "kit/shell/network_stage.js", "kit/panel/controls.js"} <= {*shared.names}
    for part in parts.values():
        exported = EXPORTED.findall(
            "\n".join((interface.stages.STAGES / each).read_text(encoding="utf-8") for each in part.names)
        )
        assert len(exported) == len({*exported})
        assert part is shared or not {*part.names} & {*shared.names}
    assert all(len(each.names) > 1 for each in others if "stage.js" in " ".join(each.names))
    assert sum(len(each.names) for each in others) > 50


def test_the_modules_of_a_first_picture_are_not_those_that_save_it(parts: dict[str, joined.Joined]):
    part = parts[""]
    assert not [each for each in part.names if re.search("export/vendor|photo|copy|gif|keep.js", each)]
