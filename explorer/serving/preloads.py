"""Modules and style sheets that a page needs before its first picture, requested from the start.

Over a slow line most of the wait is idle: each module names the next ones only when it has come.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

PRELOADED = ("html", "column", "tabs", "tabitem")
"""Gradio's components of every page."""

_FIRST = re.compile(r'src="\./assets/(index-[\w-]+\.js)"')
_NAMES = re.compile(r"m\.f=(\[[^\]]*\])")
_BLOCKS = re.compile(r"import\(`\./(Blocks-[\w-]+\.js)`\).{0,60}?__vite__mapDeps\(\[([\d,]*)\]\)")
_COMPONENT = (
    r"[,{{]{}:\{{(?:(?!\}}).)*?component:\(\)=>\w+\(\(\)=>import\(`\./([\w-]+\.js)`\),__vite__mapDeps\(\[([\d,]*)\]\)"
)
_IMPORT = re.compile(r'^(?:import|\} from|export)\b[^"\n]*"(\.[^"\n]+\.js)"', re.MULTILINE)


def of_gradio(page: str, assets: Path, kinds: Iterable[str] = PRELOADED) -> list[str]:
    """Return the names of Gradio's modules and style sheets for a page, with these kinds of components.

    There are none if its scripts have another form.
    """
    first = _FIRST.search(page)
    if not first:
        return []
    found = dict.fromkeys(_names(_read(assets / first[1])))
    for name in [*found]:
        text = _read(assets / name)
        patterns = [_BLOCKS, *(re.compile(_COMPONENT.format(each)) for each in kinds)]
        for call in filter(None, (pattern.search(text) for pattern in patterns)):
            names = _names(text)
            found |= dict.fromkeys([call[1], *(names[int(at)] for at in call[2].split(",") if at)])
    return [name for name in found if name not in page]


def _names(text: str) -> list[str]:
    """Return the files that a script of Gradio's may request later."""
    listed = _NAMES.search(text)
    return [name.removeprefix("./") for name in json.loads(listed[1])] if listed else []


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.suffix == ".js" and path.exists() else ""


def of_stage(module: Path, root: Path) -> Iterator[str]:
    """Yield the modules that a stage imports, itself first, by their paths below `root`."""
    found, left = set(), [module.resolve()]
    while left:
        path = left.pop(0)
        if path in found or not path.is_relative_to(root) or not path.exists():
            continue
        found.add(path)
        yield path.relative_to(root).as_posix()
        left += [(path.parent / name).resolve() for name in _IMPORT.findall(_read(path))]


def links(addresses: Sequence[str]) -> str:
    """Return the HTML that requests modules and style sheets."""
    sheet = '<link rel="preload" as="style" crossorigin href="{}">'
    module = '<link rel="modulepreload" href="{}">'
    return "".join((sheet if each.endswith(".css") else module).format(each) for each in addresses)
