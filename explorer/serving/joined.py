"""Modules that a page needs before its first picture, joined: one file for most stages, and one for each tab.

Over a slow line a small file costs a request's wait, and little else. The import map of the page leads the address of
each joined module to its file. So every module still imports by its own relative address, and exists once.
"""

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.serving.files import without_remarks

SHARE = 0.3  # of the stages that import a joined module first

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const)\*? (\w+))", re.MULTILINE)
_LISTED = re.compile(r"\bexport\s*\{([^{}]*)\};?\s*\Z")  # at the end of a module that was made smaller
_OTHER = re.compile(r"^(?:import|export|await)\b", re.MULTILINE)
_LATER = re.compile(r'\bimport\((["`])((?:\.\.?/)+)')
_OWN_ADDRESS = re.compile(r"\bimport\.meta\.url\b")


@dataclass(frozen=True)
class Joined:
    """File of several modules.

    Arguments:
        names: Paths of the modules, below the folder of all modules.
        text: Text of the file.
    """

    names: Sequence[str] = ()
    text: str = ""

    @property
    def file(self) -> str:
        """Name of the file, which changes with its text."""
        return f"{hashlib.sha256(self.text.encode()).hexdigest()[:16]}.js"


NOTHING = Joined()


def usual(stages: Sequence[Sequence[str]]) -> list[str]:
    """Return the modules that at least `SHARE` of the stages import first; so do they import what these import."""
    counted = Counter(name for names in stages for name in {*names})
    return [name for name, count in counted.items() if count >= SHARE * len(stages)]


def join(names: Sequence[str], root: Path, folder: str, shared: Joined = NOTHING) -> Joined:
    """Return the file of those of the modules that a file can hold, each after all that it imports.

    Left out are modules of another form, such as with a default export, a second export of the same name, and what
    imports such a module.

    Arguments:
        names: Paths of the modules below `root`.
        root: Folder of all modules.
        folder: Address of `root`, relative to the file.
        shared: File beside this one, whose modules are not repeated.
    """
    places = dict.fromkeys(shared.names, "shared")
    pieces = [f'import * as shared from "./{shared.file}";\n'] if shared.names else []
    exported: set[str] = set()
    scripts = {name: _read(root / name) for name in sorted({*names} - {*shared.names})}
    wanted = {name: {*_imports(name, script)} for name, script in scripts.items()}
    while name := next((each for each in wanted if wanted[each] <= places.keys()), None):
        del wanted[name]
        script = scripts[name]
        own = _exports(script)
        is_known = "default" not in own and not _OTHER.search(_LISTED.sub("", _EXPORT.sub("", _IMPORT.sub("", script))))
        if is_known and exported.isdisjoint(own):
            places[name] = f"m{len(places)}"
            exported |= own.keys()
            pieces.append(_piece(name, script, folder, places))
    found = [name for name, place in places.items() if place != "shared"]
    return Joined(found, "".join(pieces)) if found else NOTHING


def _piece(name: str, script: str, folder: str, places: Mapping[str, str]) -> str:
    """Return a module as a function with a scope of its own, and its exports."""
    exports = _exports(script)

    def taken(found: re.Match[str]) -> str:
        return f"const {found[1].replace(' as ', ': ')} = {places[_beside(name, found[2])]};\n"

    def later(found: re.Match[str]) -> str:
        return f"import({found[1]}{posixpath.normpath(posixpath.join(folder, _beside(name, found[2])))}/"

    body = _LATER.sub(later, _LISTED.sub("", _EXPORT.sub(r"\1", _IMPORT.sub(taken, script))))
    body = _OWN_ADDRESS.sub(f'new URL("{folder}/{name}", import.meta.url).href', body)
    values = ", ".join(each if each == value else f"{each}: {value}" for each, value in exports.items())
    scope = f"const {places[name]} = (() => {{\n{body}return {{ {values} }};\n}})();\n"
    return scope + f"export const {{ {', '.join(exports)} }} = {places[name]};\n"


def _exports(script: str) -> dict[str, str]:
    """Return what a module exports, by name; a value is called otherwise in a module that was made smaller."""
    listed = _LISTED.search(script)
    pairs = [each.split(" as ") for each in re.split(r",\s*", listed[1].strip(" ,"))] if listed else []
    return {each[2]: each[2] for each in _EXPORT.finditer(script)} | {pair[-1]: pair[0] for pair in pairs}


def _imports(name: str, script: str) -> list[str]:
    return [_beside(name, found[2]) for found in _IMPORT.finditer(script)]


def _beside(name: str, address: str) -> str:
    """Return the path of an address that a module names relative to itself."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _read(path: Path) -> str:
    return without_remarks(path.read_text(encoding="utf-8"))
