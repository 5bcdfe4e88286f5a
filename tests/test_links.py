"""Links as mail and chat leave them: in every mode a damaged link opens what the whole one does.

The page says what it does not know. The server and the browser read links alike.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest

from explorer.fields import OneOf
from explorer.serving.links import mended
from explorer.serving.page import Tabs, requested_view
from explorer.tabs import interface
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.vae import tab as vae
from tests import address
from tests.test_fields import bad, good

TEXTS = sorted({field.key for tab in interface.TABS for field in tab.fields if type(field.kind).__name__ == "Text"})
TABS = Tabs([tab.name for tab in interface.TABS], "vae", [field.key for field in vae.TAB.fields], texts=TEXTS)
LINKS = json.loads(Path(__file__).with_name("links.json").read_text(encoding="utf-8"))
TAILS = [*").,;:!>'\"]*+", ").", ").>,;'\"", "%3E", "%27", "%22", "%20", "%0A", "%E2%80%9D)"]
ODD = {"grid=4": "grid=4", "keep=left": "keep=left", "no-such": "net=no-such, seed=-1"}
"""What the recorded links say that is no longer known, or never was."""
each_tab = pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)


def upper_keys(link: str, tab: Tab) -> str:
    return re.sub(r"(^|&)(\w+)=", lambda found: found[1] + found[2].upper() + "=", link)


def upper_names(link: str, tab: Tab) -> str:
    names = {field.key for field in tab.fields if isinstance(field.kind, OneOf)} | {"tab"}
    parts = [part.partition("=") for part in link.split("&")]
    return "&".join(f"{key}={value.upper() if key in names else value}" for key, _, value in parts)


DAMAGES: list[Callable[[str, Tab], str]] = [
    *(lambda link, tab, tail=tail: link + tail for tail in TAILS),
    *(lambda link, tab, sign=sign: link.replace("&", sign) for sign in ("&amp;", "&AMP;", "&amp;amp;", "&amp%3B", ";")),
    lambda link, tab: link.replace("&", "&amp;") + ").",
    upper_keys,
    upper_names,
]


def states(tab: Tab) -> Iterator[dict]:
    """A state of each mode, in which every field has a value."""
    chance = random.Random(tab.name)
    for mode in tab.modes:
        yield {field.key: good(field.kind, chance) for field in tab.fields} | {"mode": mode}


@each_tab
def test_in_every_mode_a_damaged_link_opens_what_the_whole_one_does(tab: Tab):
    links = address.links(tab.name, tab.fields, [*states(tab)])
    assert len(links) == len(tab.modes)
    damaged = [(link, damage(link, tab)) for link in links for damage in DAMAGES]
    whole = dict(zip(links, address.opened(tab.name, tab.fields, links, TEXTS), strict=True))
    found = address.opened(tab.name, tab.fields, [query for _, query in damaged], TEXTS)
    for (link, query), each in zip(damaged, found, strict=True):
        assert each["state"] == whole[link]["state"], query
        assert each["told"] == "", query
        assert each["mended"] == mended(query, TEXTS), "the server and the browser differ"
        assert requested_view(query.encode(), TABS).tab == tab.name, query


@each_tab
def test_in_every_mode_what_a_link_does_not_mean_is_named(tab: Tab):
    wrong = [(field.key, text) for field in tab.fields for text, _ in bad(field.kind) if text.strip()]
    parts = ["nonsense=1", *address.passed_over(tab.fields, [{key: text} for key, text in wrong])]
    assert "mode=another" in parts
    told = {
        f"{'' if part.startswith('mode=') else f'mode={mode}&'}{quote(key)}={quote(text, safe='')}&tab={tab.name}": part
        for mode in tab.modes
        for part in parts
        for key, _, text in [part.partition("=")]
    }
    told |= {f"mode={mode}&tab=nonsense": "tab=nonsense" for mode in tab.modes}
    for query, each in zip(told, address.opened(tab.name, tab.fields, [*told], TEXTS), strict=True):
        assert told[query][:40] in each["told"], query
    assert requested_view(b"tab=nonsense", TABS).tab == TABS.names[0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("prompt=Hello.", "Hello."),
        ("prompt=Hello).", "Hello"),
        ("prompt=Hello.).", "Hello."),
        ("prompt=Hello%29", "Hello)"),
        ("prompt=say+%22hi%22", 'say "hi"'),
        ("prompt=a%26amp%3Bb", "a&amp;b"),
        ("prompt=a%3Bb%3Dc", "a;b=c"),
        ("PROMPT=Hi.", "Hi."),
    ],
)
def test_a_text_keeps_its_own_signs(query: str, said: str):
    text = next(tab for tab in interface.TABS if tab.name == "text")
    (found,) = address.opened("text", text.fields, [f"tab=text&{query}"], TEXTS)
    assert found["state"]["prompt"] == said and found["mended"] == mended(f"tab=text&{query}", TEXTS)


@each_tab
def test_links_that_were_shared_before_are_whole(tab: Tab):
    links = [link for link in LINKS if dict(parse_qsl(link)).get("tab") == tab.name]
    for link, each in zip(links, address.opened(tab.name, tab.fields, links, TEXTS), strict=True):
        told = next((told for mark, told in ODD.items() if mark in link), "")
        assert each["told"].endswith(f": {told}." if told else ""), link
        assert bool(each["told"]) == bool(told), link
        assert not each["spelt"] and each["mended"] == link, link


def test_what_is_added_to_a_link_on_its_way_is_no_part_of_it():
    link = "tab=vae&mode=encode&utm_source=mail&fbclid=x&__theme=dark&course=language&page=2"
    (found,) = address.opened("vae", vae.TAB.fields, [link], TEXTS)
    assert found["told"] == ""
    (found,) = address.opened("vae", vae.TAB.fields, [f"tab=vae&a={'x' * 999}&aa=1&bb=2&cc=3&dd=4"], TEXTS)
    assert "2 more" in found["told"] and len(found["told"]) < 160


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("numbers=7).", "numbers=7"),
        ("course=~W1siQSJd).", "course=~W1siQSJd"),
        ("course=AR-and-VAE&Page=3", "course=ar-and-vae&page=3"),
        ("tab=vae#", "tab=vae#"),
        ("tab=vae&draw=AA_B-", "tab=vae&draw=AA_B-"),
        ("", ""),
        (").", ""),
        ("&amp;&amp;", "&&"),
    ],
)
def test_a_query_is_mended(query: str, meant: str):
    assert mended(query, TEXTS) == meant
