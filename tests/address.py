"""Fields as the stages' address reads them, asked in the test's own node."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from explorer import fields
from explorer.fields import Field
from tests.node import STAGES, run

MENDS = STAGES.parent / "serving" / "links.js"

BROWSER = """
globalThis.explorerAddress = {
  href: "http://here/",
  get search() {
    return new URL(this.href).search;
  },
  write(to) {
    this.href = new URL(to, this.href).href;
  },
};
globalThis.document = { querySelector: () => null };
globalThis.ResizeObserver = class { observe() {} };
globalThis.addEventListener = () => {};
globalThis.CSS = { escape: String };
globalThis.tabOf = () => "here";
const { fieldsOf, keepAddress, readAddress } = await load("kit/shell/address.js");
const { createStore } = await load("kit/base/store.js");
const fields = fieldsOf(declared);
const modes = fields.mode.choices.map((id) => ({ id, title: id }));
"""
WRITE = """
return states.map((state) => {
  explorerAddress.href = "http://here/";
  const store = createStore(readAddress(fields));
  keepAddress({ clientWidth: 1 }, store, { tab: "here", fields, modes });
  store.set(state, { commit: true });
  return explorerAddress.search;
});
"""


def _asked(known: Iterable[Field], body: str, **more: Any) -> Any:
    return run(BROWSER + body, declared=fields.to_props(known), **more)


def written(known: Iterable[Field], states: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Addresses of each state, laid over that of a first visit."""
    return [dict(parse_qsl(each.removeprefix("?"))) for each in _asked(known, WRITE, states=states)]


def links(tab: str, known: Iterable[Field], states: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same, of a tab that the address has to name, as a query that can be shared."""
    names = "globalThis.tabOf = (query) => new URLSearchParams(query).get('tab');\n"
    return [
        each.removeprefix("?") for each in _asked(known, names + WRITE.replace('"here"', "tab"), states=states, tab=tab)
    ]


def read(known: Iterable[Field], queries: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The state that each address opens."""
    body = "return queries.map((query) => readAddress(fields, new URLSearchParams(query)));"
    return _asked(known, body, queries=queries)


def opened(tab: str, known: Iterable[Field], queries: Sequence[str], texts: Sequence[str]) -> list[dict[str, Any]]:
    """What each query means: as it is mended, the state that it opens, and the sentence about what was passed over."""
    body = """
    new Function(script)();
    const { oddIn, passedOver } = await load("kit/shell/said.js");
    return queries.map((query) => {
      const mended = explorerMend(query, texts);
      const { unknown, spelt } = oddIn(tab, fields, mended);
      return { mended, state: readAddress(fields, mended), told: passedOver(unknown), spelt: spelt.length };
    });"""
    return _asked(known, body, tab=tab, queries=queries, texts=texts, script=MENDS.read_text(encoding="utf-8"))


def passed_over(known: Iterable[Field], queries: Iterable[Mapping[str, str]]) -> list[str]:
    """Addresses that lead to no state."""
    said = [list(item) for query in queries for item in query.items()]
    body = "return said.filter(([key, text]) => fields[key]?.read(text) === undefined).map((each) => each.join('='));"
    return _asked(known, body, said=said)
