"""Fields: what the address writes it reads again; what is out of bounds neither it nor the server takes."""

import base64
import random
import subprocess
import sys
from functools import singledispatch
from typing import Any

import pytest

from explorer import fields
from explorer.fields import (
    Bytes,
    Distinct,
    Drawing,
    Field,
    Flag,
    Kind,
    Moves,
    OneOf,
    Points,
    Real,
    Reals,
    Text,
    Whole,
    Wholes,
)
from explorer.models.diffusion import Diffusion
from explorer.models.game import Rules
from explorer.tabs import interface
from explorer.tabs.autoencoders import tab as autoencoders
from explorer.tabs.autoregressive import tab as autoregressive
from explorer.tabs.compare import tab as compare
from explorer.tabs.diffusion import shared as diffusion_shared
from explorer.tabs.diffusion import tab as diffusion
from explorer.tabs.discrete_diffusion import tab as discrete
from explorer.tabs.energy import tab as energy
from explorer.tabs.flow import tab as flow
from explorer.tabs.flow_matching import tab as flow_matching
from explorer.tabs.foundations import tab as foundations
from explorer.tabs.gan import shared as gan_shared
from explorer.tabs.gan import tab as gan
from explorer.tabs.kit.ask.answers import film, light
from explorer.tabs.kit.layout.fields import ASKED, LABEL, Seed
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.playground import tab as playground
from explorer.tabs.tokens import tab as tokens
from explorer.tabs.vae import tab as vae
from explorer.tabs.vae_room import tab as room
from tests import address

TABS = {
    "foundations": foundations.TAB.fields,
    "playground": playground.TAB.fields,
    "vae": vae.TAB.fields,
    "vae-room": room.TAB.fields,
    "ar": autoregressive.TAB.fields,
    "gan": gan.TAB.fields,
    "flow": flow.TAB.fields,
    "diffusion": diffusion.TAB.fields,
    "flow-matching": flow_matching.TAB.fields,
    "autoencoders": autoencoders.TAB.fields,
    "tokens": tokens.TAB.fields,
    "energy": energy.TAB.fields,
    "discrete-diffusion": discrete.TAB.fields,
    "compare": compare.TAB.fields,
}
TIMES = 12  # that every field is written and read
ODD = [
    "",
    " ",
    "0",
    "-0",
    "00",
    "1",
    "-1",
    "+1",
    "1.5",
    "1e1",
    "1e-1",
    "1e400",
    "nan",
    "Infinity",
    "0x1",
    "null",
    "true",
]
each_tab = pytest.mark.parametrize("tab", TABS)


def web(raw: bytes) -> str:
    """Bytes as the address has them."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def question(kind: Kind, value: Any) -> Any:
    """Content of a state, as a question to the server has it."""
    if not isinstance(kind, Bytes | Drawing) or not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    return value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4)


def a_real(low: float, high: float, chance: random.Random) -> float:
    """A number of at most five digits, or an end."""
    return chance.choice([low, high, float(f"{chance.uniform(low, high):.5g}")])


@singledispatch
def good(kind: Kind, chance: random.Random) -> Any:
    """A value of a kind, as the state of a stage has it."""
    raise NotImplementedError(kind)


@singledispatch
def bad(kind: Kind) -> list[tuple[str, Any]]:
    """Values outside a kind, in an address and in a question."""
    raise NotImplementedError(kind)


good.register(OneOf, lambda kind, chance: chance.choice(kind.choices))
good.register(Flag, lambda kind, chance: chance.random() < 0.5)
good.register(Whole, lambda kind, chance: chance.choice([kind.low, kind.high, chance.randint(kind.low, kind.high)]))
good.register(Real, lambda kind, chance: chance.choice([0] * kind.zero + 2 * [a_real(kind.low, kind.high, chance)]))
good.register(Reals, lambda kind, chance: [a_real(low, high, chance) for _, low, high in kind.parts])
good.register(
    Points,
    lambda kind, chance: [a_real(-kind.reach, kind.reach, chance) for _ in range(2 * chance.choice([1, 3, kind.most]))],
)
good.register(
    Wholes, lambda kind, chance: [chance.randint(0, kind.high) for _ in range(chance.choice([1, kind.most or 30]))]
)
good.register(Distinct, lambda kind, chance: chance.sample(range(kind.high + 1), kind.count))
good.register(Bytes, lambda kind, chance: web(chance.randbytes(kind.size)))
good.register(Drawing, lambda kind, chance: web(chance.randbytes(2 * chance.choice([1, 5, kind.most]))))
good.register(Moves, lambda kind, chance: chance.choice(["1", "200ddg", "d" * kind.letters, str(kind.most)]))
good.register(Text, lambda kind, chance: "".join(chance.choices("aZ ?&=é", k=chance.choice([1, 7, kind.most]))))


def told(values: list[Any]) -> tuple[str, list[Any]]:
    return ",".join(map(str, values)), values


@bad.register
def _(kind: OneOf) -> list:
    return [("another", "another"), ("", ""), ("1e0", True), ("undefined", None), (f"{kind.choices[0]} ", 0.5)]


@bad.register
def _(kind: Flag) -> list:
    return [("2", 2), ("", None), ("true", "true"), ("01", 1)]


@bad.register
def _(kind: Whole) -> list:
    return [(str(each), each) for each in (kind.low - 1, kind.high + 1, kind.low + 0.5)] + [("", None), ("1e0", "1")]


@bad.register
def _(kind: Real) -> list:
    beyond = -1e-3 if kind.zero else kind.low - 1e-3
    return [(f"{each:f}", each) for each in (beyond, kind.high + 1e-3)] + [
        ("nan", float("nan")),
        ("", None),
        ("1x", True),
    ]


@bad.register
def _(kind: Reals) -> list:
    lows, highs = ([part[end] for part in kind.parts] for end in (1, 2))
    return [told(lows[1:]), told([*lows, 0]), told([lows[0] - 1, *lows[1:]]), told([*highs[:-1], highs[-1] + 1])]


@bad.register
def _(kind: Points) -> list:
    return [told([0]), told([0, kind.reach + 0.01]), told(2 * (kind.most + 1) * [0]), told([-kind.reach - 0.01, 0])]


@bad.register
def _(kind: Wholes) -> list:
    more = [told((kind.most + 1) * [0])] if kind.most else []
    fewer = [("", [])] if kind.least else []
    return [told([kind.high + 1]), told([0, 0.5]), ("0,", [None]), ("-1", [-1]), *more, *fewer]


@bad.register
def _(kind: Distinct) -> list:
    right = list(range(kind.count))
    return [
        told(right[1:]),
        told([*right, kind.count]),
        told([right[1], *right[1:]]),
        told([*right[1:], kind.high + 1]),
    ]


@bad.register
def _(kind: Bytes) -> list:
    sizes = [
        (web(bytes(size)), base64.b64encode(bytes(size)).decode())
        for size in (kind.size - 3, max(kind.size, *kind.further, 0) + 3, 0)
    ]
    return [*sizes, ("é" * len(web(bytes(kind.size))), "é" * len(base64.b64encode(bytes(kind.size)))), ("", None)]


@bad.register
def _(kind: Drawing) -> list:
    sizes = (2 * kind.most + 2, 2 * kind.most + 1, 3)
    return [(web(bytes(size)), base64.b64encode(bytes(size)).decode()) for size in sizes] + [("é", "é")]


@bad.register
def _(kind: Text) -> list:
    fewer = [("", "")] if kind.least else []
    return [("a" * (kind.most + 1), "a" * (kind.most + 1)), *fewer]


@bad.register
def _(kind: Moves) -> list:
    return [(each, each) for each in ("d" * (kind.letters + 1), str(kind.most + 1), "2 d", "-1", "x")]


@each_tab
def test_what_is_written_to_the_address_is_read_back_equal_and_the_server_takes_it(tab: str):
    known, chance = TABS[tab], random.Random(0)
    states = [{each.key: good(each.kind, chance) for each in known} for _ in range(TIMES)]
    addresses = address.written(known, states)
    assert address.read(known, addresses) == states
    for state, said in zip(states, addresses):
        for each in known:
            assert (each.key not in said) == (state[each.key] == question(each.kind, each.default)), each.key
            hash(each.check(question(each.kind, state[each.key])))


@each_tab
def test_the_address_of_a_first_visit_says_nothing(tab: str):
    first = {each.key: question(each.kind, each.default) for each in TABS[tab]}
    assert address.read(TABS[tab], [{}]) == [first] and address.written(TABS[tab], [first]) == [{}]


@each_tab
def test_what_is_out_of_bounds_is_passed_over_by_the_address_and_refused_by_the_server(tab: str):
    wrong = [(each, *pair) for each in TABS[tab] for pair in bad(each.kind)]
    said = [{each.key: text} for each, text, _ in wrong]
    assert len(address.passed_over(TABS[tab], said)) == len(wrong)
    assert address.read(TABS[tab], said) == len(wrong) * address.read(TABS[tab], [{}])
    for each, _, value in wrong:
        if value is not None or not (each.optional or isinstance(each.kind, Moves)):
            with pytest.raises(ValueError) as refused:
                each.check(value)
            assert len(str(refused.value)) > 15, each.key


@each_tab
def test_whatever_the_address_takes_the_server_takes_too(tab: str):
    known, chance = TABS[tab], random.Random(1)
    lists = [",".join(chance.choices(["0", "1", "2", "0.5", "-1"], k=chance.randint(1, 8))) for _ in range(100)]
    texts = ODD + lists + ["".join(chance.choices("0123456789.,-edg", k=chance.randint(1, 9))) for _ in range(400)]
    nothing = address.read(known, [{}])[0]
    states = address.read(known, [{each.key: text for each in known} for text in texts])
    taken = [(each, state[each.key]) for state in states for each in known if state[each.key] != nothing[each.key]]
    assert len(taken) > 300
    for each, value in taken:
        hash(each.check(question(each.kind, value)))


@each_tab
def test_every_field_is_declared_once_and_starts_within_its_bounds(tab: str):
    keys = [each.key for each in TABS[tab]]
    assert len(set(keys)) == len(keys) and all(each.title for each in TABS[tab])
    for each in TABS[tab]:
        if each.default not in (None, ()):
            each.kind.check(question(each.kind, each.default), each.title)


OTHER_KINDS = {("gan", "at"), ("diffusion", "at"), ("diffusion", "keep")}
"""Keys of a tab of another kind than the shared one: its clock counts frames (`clockOf`), and it completes in its own
way."""
PARTS_OF_A_NETWORK = ("points", "family", "dataset", "maker")


@pytest.mark.parametrize("tab", interface.TABS, ids=lambda tab: tab.name)
def test_no_mode_gives_a_key_of_its_tab_another_kind(tab: Tab):
    kinds = {each.key: each.kind for each in tab.fields}
    for mode, panel in tab.panels.items():
        for control in (each for row in (*panel.controls, *panel.more) for each in row):
            if control.kind not in PARTS_OF_A_NETWORK:
                assert control.field.kind == kinds[control.field.key], f"{mode}: {control.field.key}"
    shared = {each.key: each.kind for each in ASKED} if tab.questions else {}
    others = {(tab.name, key) for key, kind in shared.items() if kinds[key] != kind}
    assert others == {each for each in OTHER_KINDS if each[0] == tab.name}


def test_bounds_that_a_model_or_a_recipe_owns_are_its_own():
    assert diffusion_shared.STEPS.kind.high == Diffusion(channels=(8,)).schedule.total
    rules = Rules()
    begins = {each.key: each.default for each in (gan_shared.D_STEPS, gan_shared.RATE_D, gan_shared.RATE_G)}
    assert begins == {"dsteps": rules.d_steps, "lrd": rules.lr_d, "lrg": rules.lr_g}


def test_a_question_may_leave_out_what_is_optional_alone():
    assert LABEL.check(None) is None and Field("order", Whole(0, 3), 2, "the order", optional=True).check(None) == 2
    with pytest.raises(ValueError, match="the order must be a number from 0 to 3"):
        Field("order", Whole(0, 3), 2, "the order").check(None)


def test_a_parameter_without_a_field_is_refused_when_the_function_is_made():
    def draw(seed: Seed, size: int, colour) -> dict:
        """A picture."""

    for make in (light, film):
        with pytest.raises(TypeError, match=r"test_fields\..*draw: no field says what size, colour may be; name one"):
            make(draw)


def test_fields_need_neither_gradio_nor_the_tabs():
    code = "import sys, explorer.fields; print([each for each in sys.modules if 'gradio' in each or '.tabs' in each])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == "[]"


def test_a_stage_is_told_its_fields_and_its_modes():
    value, modes = fields.to_props(gan.TAB.fields), gan.TAB.mode_props()
    assert value["dsteps"] == {"kind": "whole", "low": 1, "high": 10, "initial": 1}
    assert value["seed"]["help"]
    assert modes[0] == {"id": "tour", "title": "Tour", "group": None, "entry": None, "module": "gan/tour"}
    assert {
        "id": "generate",
        "title": "Make",
        "group": "look",
        "entry": "What it can do",
        "module": "gan/generate",
    } in modes
