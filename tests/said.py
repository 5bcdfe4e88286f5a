"""Names, units and order of all that the modes show: as panels declare them, and as answers bring them.

So are the titles and axes of the charts of evidence, and the worked lines of the exercises.

`python -m tests.said` writes them to `said.json`, which a change of a name or of a unit changes, too.
"""

import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from explorer import fields
from explorer.numbers.answer import to_props
from explorer.numbers.plots import Plot
from explorer.serving.films import Script
from explorer.serving.work import HEAVY, LIGHT, Lane
from explorer.tabs import interface
from explorer.tabs.kit.ask.answers import arguments
from explorer.tabs.kit.layout.panel import Control, Panel
from explorer.tabs.kit.layout.tab import Tab
from tests import attack

KEPT = Path(__file__).with_name("said.json")
NUMBER = re.compile(r"\d[\d.,]*")
SCENES = 3  # of a film
SEED = 1  # of the exercises
PLAIN = {"nearest", "ask_likelihood", "ask_anomaly"}
"""Questions of many tabs whose answers have no figures of their own."""
Said = dict[str, Any]


def without_numbers(text: str) -> str:
    """Return a text with each number in it as #."""
    return NUMBER.sub("#", text)


def of_panel(panel: Panel) -> Said:
    """Return the figures, axes and controls that a panel declares."""
    shows = panel.shows
    figures = to_props(panel.rows) if panel.rows else []
    return {
        "heads": [[each.name, each.unit] for each in shows.heads] if shows else [],
        "charts": [chart[0] for chart in shows.charts] if shows else [],
        "curves": [[each.label, each.name, each.along] for each in shows.curves] if shows else [],
        "rows": figures if isinstance(figures, Mapping) else [[name, unit] for name, _, unit in figures],
        "controls": [of_control(each) for row in (*panel.controls, *panel.more) for each in row],
    }


def of_control(control: Control) -> Said:
    """Return what a control is called, what it offers, and when it is in sight."""
    options = {str(value): title for value, title in control.options.items()}
    when = {key: [*values] for key, values in control.when.items()}
    return {"field": control.field.key, "label": control.label, "options": options, "when": when}


def of_answer(answer: Any) -> Said:
    """Return the names and units of an answer's figures, axes and columns, those of each part of it once."""
    parts = [*_parts(to_props(answer))]
    return {
        "numbers": _once(
            [[each[0], each[2]] for each in part.get("numbers") or () if len(each) == 3] for part in parts
        ),
        "axes": _once([_axes(chart) for chart in part.get("charts") or () if "xs" in chart] for part in parts),
        "columns": _once([*(part.get("table") or [[]])[0]] for part in parts),
        "details": _once([*(part.get("details") or {}).get("head", ())] for part in parts),
    }


def _axes(chart: Mapping[str, Any]) -> list[Any]:
    return [chart.get("along", ""), chart.get("name", ""), *map(str, chart.get("names", {}).get("x", ()))]


def _once(found: Iterator[list]) -> list[list]:
    texts = (without_numbers(json.dumps(each, ensure_ascii=False)) for each in found)
    return [json.loads(text) for text in dict.fromkeys(texts) if text not in ("[]", "[[]]")]


def _parts(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Yield an answer with all its parts: its report, those for the values of a field, those of a mode's own view."""
    if isinstance(answer, Mapping):
        yield answer
    inner = answer.values() if isinstance(answer, Mapping) else answer if isinstance(answer, list | tuple) else ()
    for each in inner:
        if isinstance(each, Mapping) or (isinstance(each, list | tuple) and each and isinstance(each[0], Mapping)):
            yield from _parts(each)


def answers(lanes: Sequence[Lane]) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the name of each server function of these lanes, and what asks it the cheapest good question.

    The answer is the typed one; it is computed once.
    """
    for stage, tab in attack.TABS.items():
        for ask in tab.functions if stage.endswith("-stage") else ():
            if getattr(ask, "lane", None) in lanes and ask.__name__ in attack.FUNCTIONS[stage].keys() - PLAIN:
                yield f"{tab.name} {ask.__name__}", cache(partial(asked, stage, ask))
                for part in parts_of(ask):
                    yield f"{tab.name} {ask.__name__} {part}", cache(partial(asked, stage, ask, part=part))


def parts_of(ask: Callable) -> Sequence[str]:
    """Return the parts of its mode that a function answers for, if it has several."""
    part = fields.of(ask.plain).get("part")
    return [each for each in part.kind.choices if each] if part else ()


def asked(stage: str, ask: Callable, **more: Any) -> Any:
    """Return the answer to the cheapest good question, perhaps with `more`; of a film its first scenes."""
    known = fields.of(ask.plain)
    question = attack.reads(stage, ask.__name__) | usual(attack.TABS[stage], ask) | more
    try:
        found = ask.plain(**arguments(known, question))
    except ValueError:  # the question is refused, as a file that nobody wrote is
        found = {}
    if isinstance(found, Script):
        found = {"frames": [frame for _, frame in itertools.islice(found.scenes(), SCENES) if frame]}
    return found


def usual(tab: Tab, ask: Callable) -> dict[str, Any]:
    """Return what the first preset of a function's mode sets, as far as it names values of the function's fields."""
    panel = next((each for each in tab.panels.values() if each.ask is ask), None)
    state = panel.tries[0][1] if panel and panel.tries else {}
    named = fields.of(ask.plain) | (panel.named if panel else {})
    return {name: state[field.key] for name, field in named.items() if field and state.get(field.key) is not None}


def declared() -> dict[str, Said]:
    """Return what all panels declare, by tab and mode."""
    found = {f"{tab.name} {mode}": of_panel(panel) for tab in interface.TABS for mode, panel in tab.panels.items()}
    return json.loads(_json(found))


def drawn() -> dict[str, list[list[str]]]:
    """Return the titles, axes and traces of the charts of evidence, by tab, those of several networks once."""
    charted = {each.name: each for each in interface.TABS if each.charts}
    found = {name: _once(map(_plot, plots_of(tab))) for name, tab in charted.items()}
    return {name: each for name, each in found.items() if each}


def plots_of(tab: Tab) -> Iterator[Plot]:
    """Yield the charts of evidence of a tab's first network, or of all that has charts."""
    nets = {net.name: (net.title, partial(net.read, net.name)) for net in tab.shown()[:1]}
    for _, card in (tab.charted or nets).values():
        for charts in tab.charts:
            yield from charts(card())


def _plot(plot: Plot) -> list[str]:
    layout = plot.figure.layout
    return [
        layout.title.text,
        layout.xaxis.title.text,
        layout.yaxis.title.text,
        *(each.name for each in plot.figure.data),
    ]


def worked() -> dict[str, list[str]]:
    """Return the worked lines of every exercise, with the numbers of one seed."""
    return {
        f"{tab.name} {exercise.name}": [*exercise.task(SEED).worked]
        for tab in interface.TABS
        for exercise in tab.exercises or ()
    }


PARTS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "declared": declared,
    "answers": lambda: {name: of_answer(ask()) for name, ask in answers([LIGHT, HEAVY])},
    "drawn": drawn,
    "worked": worked,
}


def main(*names: str) -> None:
    """Write what is said now: these parts, or all of them; the answers take minutes."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    parts = {part: find() if part in names or not names else kept[part] for part, find in PARTS.items()}
    text = ",\n".join(f"{_json(part)}: {{\n{_lines(of)}\n}}" for part, of in parts.items())
    KEPT.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def _lines(of: Mapping[str, Any]) -> str:
    return ",\n".join(f"  {_json(name)}: {_json(each)}" for name, each in of.items())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
