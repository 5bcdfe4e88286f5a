"""Networks to take along: the files of one network, with a script that draws with it in a process of its own.

The files are texts, and the weights lie where `weights` says. A visitor's browser puts them into one zip, which
*Open a network* takes back. A network that draws in the codes of another brings that one along, in a folder of its own.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer import fields
from explorer.models.model import Model
from explorer.networks import checkpoints, manifest, model_cards, opened
from explorer.networks.shared import CODES_FOLDER
from explorer.numbers.answer import Props
from explorer.questions import Cannot, because
from explorer.serving.desk import DESK
from explorer.serving.work import HEAVY, Question
from explorer.spaces.plane import Plane
from explorer.spaces.tokens import Tokens
from explorer.spaces.wave import Wave
from explorer.tabs.kit.ask.answers import arguments, in_words
from explorer.tabs.kit.ask.nets import NAME

ALONG_SCRIPT, READ_ME = "draw.py", "README.md"
RECIPE, CARD_JSON, ATLAS = "config.json", "card.json", "atlas.safetensors"
ALONG_HOW = ("length", "temperature", "top_k", "top_p")
"""Arguments of a text's sampler."""
ALONG_YOURS = "your-network"
"""Name of a network that a visitor opened: its name in the page is known to that page alone."""

ALONG_HEAD = '''"""Draw with {name}, a network of Explorer: `python draw.py [{number}]`.

It needs the Python package `explorer`, and the files beside it. Without an argument, the {number} is that of the page.
"""

{imports}

{number} = int(sys.argv[1]) if len(sys.argv) > 1 else {first}
HERE = Path(__file__).parent

model = explorer.load(HERE, "cpu")  # safetensors alone; names, shapes and sha256 are checked
with torch.no_grad():
    {draws}
'''
ALONG_STEPS = "*_, step = make.steps(model, make.together(model), seed=SEED, label={label}{words})"
ALONG_TEXTS = "*_, step = model.sample_steps(1, generator=torch.Generator().manual_seed(SEED){how})"
ALONG_SOUNDS = (
    "*_, step = model.sample_steps(1, generator=torch.Generator().manual_seed(SEED), label=torch.tensor([{label}]))"
)
ALONG_CODED = "x = model.reconstruct(data.read(('test', IMAGE, {dataset!r}), model.space))"
ALONG_SHOWN = """x = step.pictures.get("mean", step.x)  # as the page shows them
"""
ALONG_IMAGES = """pixels = (255 * x).clamp(0, 255).round().byte()
sheet = torch.cat([*pixels.movedim(1, -1)], dim=1).squeeze(-1)  # side by side
Image.fromarray(sheet.numpy()).save(HERE / "drawn.png")
print(f"drawn.png: {len(x)} images, mean {float(x.mean()):.6f}")
"""
ALONG_POINTS = """lines = [f"{a:.6f},{b:.6f}" for a, b in step.x.tolist()]
(HERE / "drawn.csv").write_text("\\n".join(["x1,x2", *lines, ""]), encoding="utf-8")
print(f"drawn.csv: {len(lines)} points, mean {step.x.mean(0).tolist()}")
"""
ALONG_TEXT = """text = model.space.text(step.x[0])
(HERE / "drawn.txt").write_text(text, encoding="utf-8")
print(text)
"""
ALONG_SOUND = """with wave.open(str(HERE / "drawn.wav"), "wb") as file:
    file.setparams((1, 2, model.space.rate, 0, "NONE", ""))  # one channel of 16 bits
    file.writeframes((32_767 * mu_law_decode(step.x[0])).short().numpy().tobytes())
print(f"drawn.wav: {step.x.shape[1] / model.space.rate:.2f} s")
"""
ALONG_IMPORTS = {
    "wave.open": "import wave",
    "sys.": "import sys",
    "Path(": "from pathlib import Path",
    "torch.": "import torch",
    "Image.": "from PIL import Image",
    "explorer.": "import explorer",
    "data.read": "from explorer import data",
    "make.": "from explorer.questions import make",
    "mu_law_decode": "from explorer.spaces.wave import mu_law_decode",
    "word_ids": "from explorer.tabs.kit.ask.readings import word_ids",
}
"""Import lines, by what a script uses, in their order."""
ALONG_STANDARD, ALONG_OWN = ("import wave", "import sys", "from pathlib"), ("import explorer", "from explorer")


@dataclass(frozen=True)
class Draw:
    """What a script draws.

    Arguments:
        seed: Seed of the page.
        label: Class; None for any.
        words: Prompt; None for a network that reads no words.
        how: Further arguments of a text, by name.
        image: Number of the test image, for a network that only encodes.
    """

    seed: int = 7
    label: int | None = None
    words: str | None = None
    how: tuple[tuple[str, Any], ...] = ()
    image: int = 8


def files(net: str, draw: Draw) -> dict[str, str]:
    """Return the texts of a network's zip by their names: recipe, card, page and script, if it can draw.

    Raises:
        CheckpointError: if there is no such network, or a file of it is damaged.
        OpenError: if a visitor opened it, and it is no longer open.
    """
    name, recipe, card = name_of(net), checkpoints.recipe_of(net), checkpoints.card_of(net)
    texts = {
        RECIPE: written(recipe),
        CARD_JSON: written(card),
        READ_ME: str(model_cards.of_network(name, recipe, card)),
    }
    model = checkpoints.load(net)
    try:
        texts[ALONG_SCRIPT] = script(name, model, recipe["dataset"], draw)
    except Cannot as why:
        texts[READ_ME] += f"\nThere is no script: this network cannot draw, because {why}.\n"
    if part := getattr(model, "draws_in", None):
        texts |= {f"{CODES_FOLDER}/{RECIPE}": written(checkpoints.recipe_of(part))}
        texts |= {f"{CODES_FOLDER}/{CARD_JSON}": written(checkpoints.card_of(part))}
    return texts


def offered(nets: Sequence[str], questions: Collection[str]) -> list[str] | None:
    """Return the networks of a tab that can be taken along; None for all that it asks, if it has none of its own.

    A folder with several networks, such as the snapshots of a game, has another form.
    """
    if not nets:
        return None if questions else []
    return [net for net in nets if manifest.WEIGHTS in manifest.file_digests(checkpoints.place(net))]


def weights(net: str) -> dict[str, str]:
    """Return the addresses of the weights in a network's zip, below the folder of checkpoints, by their names."""
    found = {manifest.WEIGHTS: f"{net}/{manifest.WEIGHTS}"}
    if "atlas" in checkpoints.card_of(net):
        found[ATLAS] = f"{net}/{ATLAS}"
    if part := getattr(checkpoints.load(net), "draws_in", None):
        found[f"{CODES_FOLDER}/{manifest.WEIGHTS}"] = f"{part}/{manifest.WEIGHTS}"
    return found


def name_of(net: str) -> str:
    """Return the name of a network for its files."""
    return ALONG_YOURS if opened.is_name(net) else net


def written(content: Mapping[str, Any]) -> str:
    """Return a recipe or a card as JSON."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def script(name: str, model: Model, dataset: str, draw: Draw) -> str:
    """Return the script that draws with a network.

    Raises:
        Cannot: if it draws nothing by itself.
    """
    number, first = "SEED", draw.seed
    if not hasattr(model, "sample_steps") and hasattr(model, "reconstruct") and not isinstance(model.space, Plane):
        number, first, body = "IMAGE", draw.image, ALONG_IMAGES
        draws = ALONG_CODED.format(dataset=dataset)
    else:
        draws, body = sampling(model, draw)
    text = ALONG_HEAD.format(name=name, number=number, first=first, imports="{imports}", draws=draws) + body
    return text.replace("{imports}", imports_of(text), 1)


def imports_of(text: str) -> str:
    """Return the import lines of a script in three groups: the standard library, other packages, and this one."""
    lines = [line for use, line in ALONG_IMPORTS.items() if use in text]
    groups = ([line for line in lines if line.startswith(start)] for start in (ALONG_STANDARD, ALONG_OWN))
    standard, own = (sorted(each, key=lambda line: (line.startswith("from"), line)) for each in groups)
    others = [line for line in lines if line not in (*standard, *own)]
    return "\n\n".join("\n".join(each) for each in (standard, others, own))


def sampling(model: Model, draw: Draw) -> tuple[str, str]:
    """Return the line that samples, and the lines that write what was drawn.

    Raises:
        Cannot: if the network does not sample without something that a visitor gives.
    """
    if not hasattr(model, "sample_steps"):
        raise Cannot(because(model, "sample"))
    if isinstance(model.space, Tokens):
        how = "".join(f", {name}={value!r}" for name, value in draw.how)
        return ALONG_TEXTS.format(how=how), ALONG_TEXT
    if isinstance(model.space, Wave):
        return ALONG_SOUNDS.format(label=draw.label or 0), ALONG_SOUND
    if hasattr(model, "source") or hasattr(model, "translate"):
        raise Cannot("it translates an image that you give it")
    label = draw.label if getattr(model, "classes", 0) else None
    words = f", words=word_ids(model, {draw.words!r})" if getattr(model, "reads_words", False) and draw.words else ""
    line = ALONG_STEPS.format(label=label, words=words)
    return line, ALONG_POINTS if isinstance(model.space, Plane) else ALONG_SHOWN + ALONG_IMAGES


def taken_along(functions: Sequence[Callable]) -> Callable[[Any], Awaitable[Props]]:
    """Return the server function that gives the files of a network which a page shows."""
    known = {each.__name__: each for each in functions if hasattr(each, "plain")}

    async def take_along(argument: Any) -> Props:
        """Return the files of a network by its `net`; the script draws what is `asked`, a question or None."""

        async def work() -> Props:
            wanted = argument if isinstance(argument, dict) else {}
            net = wanted.get("net")
            if not isinstance(net, str) or not NAME.fullmatch(net) or not checkpoints.exists(net):
                raise ValueError("a network is taken along by its name")
            values = checked(wanted["asked"], known) if wanted.get("asked") else {}
            return await DESK.ask(TAKING, {"net": net, "draw": drawn(values)})

        return await in_words("take_along", work)

    return take_along


def checked(asked: Any, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the checked values of a question, given by its `name` and its `argument`.

    Raises:
        ValueError: if it is no question, or a value is invalid.
    """
    name = asked.get("name") if isinstance(asked, dict) else None
    if not isinstance(name, str) or name not in known:
        raise ValueError("a question is given by its name, and its argument")
    return arguments(fields.of(known[name].plain), asked.get("argument"))


def drawn(values: Mapping[str, Any]) -> Draw:
    """Return what a script draws for the checked values of a question."""
    usual, picture = Draw(), values.get("picture")
    how = tuple((name, values[name]) for name in ALONG_HOW if name in values)
    image = picture[1] if isinstance(picture, tuple) and picture[:1] == ("test",) else usual.image
    return Draw(values.get("seed", usual.seed), values.get("label"), values.get("words"), how, image)


def take(net: str, draw: Draw) -> Props:
    """Return a network's name for its files, the texts, and where its weights lie."""
    return {"name": name_of(net), "texts": files(net, draw), "weights": weights(net)}


TAKING = Question(take, HEAVY, remembered=False)
