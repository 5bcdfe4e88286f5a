"""Fields as the stages' address reads them, asked in the test's own node."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from explorer import fields
from explorer.fields import Field
from tests.node import run

BROWSER = """
globalThis.location = { search: "", pathname: "/", hash: "" };
const keep = (state, title, address) => (location.search = address.slice(1));
globalThis.history = { pushState: keep, replaceState: keep };
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
  location.search = "";
  const store = createStore(readAddress(fields));
  keepAddress({ clientWidth: 1 }, store, { tab: "here", fields, modes });
  store.set(state, { commit: true });
  return location.search;
});
"""


def _asked(known: Iterable[Field], body: str, **more: Any) -> Any:
    return run(BROWSER + body, declared=fields.to_props(known), **more)


def written(known: Iterable[Field], states: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Addresses of each state, laid over that of a first visit."""
    return [dict(parse_qsl(each.removeprefix("?"))) for each in _asked(known, WRITE, states=states)]


def read(known: Iterable[Field], queries: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The state that each address opens."""
    body = "return queries.map((query) => readAddress(fields, new URLSearchParams(query)));"
    return _asked(known, body, queries=queries)


def passed_over(known: Iterable[Field], queries: Iterable[Mapping[str, str]]) -> list[str]:
    """Addresses that lead to no state."""
    said = [list(item) for query in queries for item in query.items()]
    body = "return said.filter(([key, text]) => fields[key]?.read(text) === undefined).map((each) => each.join('='));"
    return _asked(known, body, said=said)
