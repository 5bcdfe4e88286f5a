"""What is on screen as Python: a cell for a notebook that makes the same numbers, without the page.

A shared question and the Playground's training have a cell in the words of `explorer.questions`. Any other question is
asked by its own server function, without its line.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from explorer import fields
from explorer.networks import opened
from explorer.numbers.answer import Props
from explorer.serving.films import Script
from explorer.tabs.kit.ask.answers import arguments, in_words
from explorer.tabs.kit.ask.readings import words_of

CELL_MOST = 24
"""Questions of one cell: Compare asks fewer networks."""
READ_LINE = "x = data.read({picture!r}, model.space)"
OPENED_UNNAMED = "A network that you opened has no name outside this page: load its files with `from_pretrained`."
FOUND_LINE = "    found[name] = x"
Values = Mapping[str, Any]


def ask_make(net: str, seed: int, label: int | None, words: str | None = None) -> list[str]:
    """Return the lines that draw from a seed."""
    return [
        f"model = explorer.load({net!r})",
        *reading(words),
        f"*_, step = make.steps(model, make.together(model), {given(seed, label, words)})",
        "x = step.pictures.get('mean', step.x)  # as the page shows them",
    ]


def ask_complete(
    net: str, picture: tuple, known: bytes, seed: int, label: int | None, words: str | None = None
) -> list[str]:
    """Return the lines that complete a picture; a network that reads words gets those of the picture, or others."""
    words = words_of(picture) if words is None else words
    return [
        f"model = explorer.load({net!r})",
        READ_LINE.format(picture=picture),
        f"known = model.space.flags(bytes.fromhex({known.hex()!r}))",
        *reading(words),
        f"*_, step = complete.steps(model, x, known, complete.answers(model), {given(seed, label, words)})",
        "x = step.x",
    ]


def ask_interpolate(net: str, picture: tuple, other: tuple) -> list[str]:
    """Return the lines that interpolate between two pictures, or between two prompts with a seed each."""
    if picture[0] == "words":
        ends = f"ends = [(word_ids(model, text), seed) for text, seed in ({picture[1:]!r}, {other[1:]!r})]"
        walk = [ends, "*_, step = interpolate.words_steps(model, *ends)"]
    else:
        ends = f"a, b = (data.read(each, model.space) for each in ({picture!r}, {other!r}))"
        walk = [ends, "*_, step = interpolate.steps(model, a, b)"]
    return [f"model = explorer.load({net!r})", *walk, "x = step.x"]


def reading(words: str | None) -> list[str]:
    """Return the line that reads a prompt, if there is one; a model that reads no words gets None."""
    return [] if words is None else [f"words = word_ids(model, {words!r})"]


def given(seed: int, label: int | None, words: str | None) -> str:
    """Return the arguments of a sampler."""
    return f"seed={seed}, label={label}" + ("" if words is None else ", words=words")


def ask_learn(net: str, seed: int, label: int | None) -> list[str]:
    """Return the lines that draw with each snapshot of a training."""
    return [
        f"name = {net!r}",
        "model, kept = explorer.load(name), checkpoints.snapshots_of(name)['snapshots']",
        "snapshots = (checkpoints.snapshot(name, k) for k in range(len(kept)))",
        f"*_, step = learn.steps(snapshots, len(kept), make.together(model), seed={seed}, label={label})",
        "x = step.x  # of the last snapshot",
    ]


def ask_likely(nets: Sequence[str], parts: int, picture: tuple, words: None = None) -> list[str]:
    """Return the lines that compute log p(x) by each network."""
    return for_each(nets, picture, "answer = likelihood.ask(model, x)", "answer.kind, answer.nats, answer.se")


def ask_odd(nets: Sequence[str], kind: str | None, parts: int, picture: tuple) -> list[str]:
    """Return the lines that compute each network's anomaly score."""
    return for_each(nets, picture, "answer = anomaly.ask(model, x)", "answer")


def for_each(nets: Sequence[str], picture: tuple, ask: str, shown: str) -> list[str]:
    """Return the lines that ask each network about a picture, and print its answer or why there is none."""
    return [
        f"for name in {[*nets]!r}:",
        "    model = explorer.load(name)",
        "    try:",
        f"        {READ_LINE.format(picture=picture)}",
        f"        {ask}",
        f"        print(name, {shown})",
        "    except Cannot as why:",
        "        print(name, why)",
    ]


CELLS: dict[str, Callable[..., list[str]]] = {
    each.__name__: each for each in (ask_make, ask_complete, ask_interpolate, ask_learn, ask_likely, ask_odd)
}
"""Lines of a cell by the name of a server function; a tab adds those of its own questions."""
IMPORTS = {
    "explorer.load": "import explorer",
    "data.read": "from explorer import data",
    "drawn_points": "from explorer.data.playground import drawn_points",
    "preset_points": "from explorer.data.playground import preset_points",
    "Rules": "from explorer.models.live_training import Rules",
    "checkpoints.": "from explorer.networks import checkpoints",
    "word_ids": "from explorer.tabs.kit.ask.readings import word_ids",
    "Cannot": "from explorer.questions import Cannot",
    **{
        f"{each}.": f"from explorer.questions import {each}"
        for each in ("anomaly", "complete", "interpolate", "learn", "learn_live", "likelihood", "make")
    },
}
"""Import lines, by what a cell uses."""


def any_other(function: Any, values: Values) -> list[str]:
    """Return the lines that ask any server function, without its line: its numbers and words, or its frames."""
    name, module = function.__name__, function.plain.__module__
    given = ", ".join(f"{key}={value!r}" for key, value in values.items())
    is_film = function.plain.__annotations__.get("return") is Script
    shown = "frames = [frame for _, frame in answer.scenes() if frame]" if is_film else "answer.words"
    return [f"from {module} import {name}", "", f"answer = {name}.plain({given})", shown]


def cell(asked: Sequence[tuple[Any, Values]]) -> str:
    """Return the cell for some questions, each a server function and its checked values.

    Raises:
        ValueError: if one asks a network that a visitor opened.
    """
    for _, values in asked:
        nets = [each for key in ("net", "nets") if (each := values.get(key))]
        if any(opened.is_name(net) for each in nets for net in ([each] if isinstance(each, str) else each)):
            raise ValueError(OPENED_UNNAMED)
    body = loop(asked) if is_loop(asked) else "\n\n".join("\n".join(lines_of(*each)) for each in asked)
    words = body.replace("(", " ").replace("[", " ").split()
    imports = sorted({line for use, line in IMPORTS.items() if any(uses(use, word) for word in words)}, key=order)
    return "\n".join([*imports, *([""] if imports else []), body, ""])


def is_loop(asked: Sequence[tuple[Any, Values]]) -> bool:
    """Return whether several networks are asked the same."""
    function, values = asked[0]
    same = all(each is function and but_net(one) == but_net(values) for each, one in asked)
    return len(asked) > 1 and same and function.__name__ in CELLS


def loop(asked: Sequence[tuple[Any, Values]]) -> str:
    """Return the lines that ask several networks the same."""
    function, values = asked[0]
    lines = lines_of(function, {**values, "net": Name()})
    head = ["found = {}", f"for name in {[one['net'] for _, one in asked]!r}:"]
    return "\n".join([*head, *(f"    {line}" for line in lines), FOUND_LINE])


class Name(str):
    """The variable of a loop over networks, in place of the name of one."""

    def __repr__(self) -> str:
        return "name"


def but_net(values: Values) -> Values:
    """Return the values of a question without its network."""
    return {key: each for key, each in values.items() if key != "net"}


def lines_of(function: Any, values: Values) -> list[str]:
    """Return the lines that ask one question."""
    known = CELLS.get(function.__name__)
    if values.get("nets") and (values.get("words") or words_of(values["picture"]) is not None):
        known = None  # log p given words is asked otherwise
    return known(**values) if known else any_other(function, values)


def uses(use: str, word: str) -> bool:
    """Return whether a word of the body begins with a name that must be imported."""
    return word.startswith(use) if use.endswith(".") else word == use or word.startswith(f"{use}.") or word == f"{use}:"


def order(line: str) -> tuple[bool, str]:
    """Return the key of an import: plain ones come first."""
    return line.startswith("from"), line


def celled(functions: Sequence[Callable]) -> Callable[[Any], Awaitable[Props]]:
    """Return the server function that writes the cell for questions to some of these."""
    known = {each.__name__: each for each in functions if hasattr(each, "plain")}

    async def python_cell(argument: Any) -> Props:
        """Return the cell for some questions, each with its `name` and its `argument`."""

        async def work() -> Props:
            asked = argument.get("asked") if isinstance(argument, dict) else None
            if not isinstance(asked, list) or not 0 < len(asked) <= CELL_MOST:
                raise ValueError(f"a cell is written for a list of 1 to {CELL_MOST} questions")
            return {"cell": cell([checked(each) for each in asked])}

        return await in_words("python_cell", work)

    def checked(each: Any) -> tuple[Any, Values]:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(name, str) or name not in known:
            raise ValueError("a cell is written for a question by its name, and its argument")
        function = known[name]
        return function, arguments(fields.of(function.plain), each.get("argument"))

    return python_cell
