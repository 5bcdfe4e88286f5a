"""The tab of the VAE with tens of latents; the plane of the other VAE has two."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from explorer.measures.vae_runs import BOUNDED, IMPORTANCE, TESTED, USED
from explorer.models.small_vae import SmallVAE, Window
from explorer.models.vae import VAE
from explorer.networks import card as cards
from explorer.numbers.rows import Quotes, circumstances, format_value, table
from explorer.numbers.trained import Card, Found, cards_of
from explorer.stages.vae_room import VaeRoomStage
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.kit.layout.tab import Checkpoint, Tab
from explorer.tabs.vae_room import charts, collapse, disentangle, iwae, maths, paths, runs, traverse
from explorer.tabs.vae_room.disentangle import BETAS, beside_one
from explorer.tabs.vae_room.exercises import EXERCISES
from explorer.tabs.vae_room.shared import NETS, RUNS, SHAPES

FOLDER = Path(__file__).parent
MODES = [traverse.MODE, iwae.MODE, collapse.MODE, runs.MODE, disentangle.MODE, paths.MODE]
SHORT = {
    "VAE": "variational autoencoder",
    "ELBO": "evidence lower bound",
    "KL": "Kullback–Leibler divergence",
    "IWAE": "importance weighted autoencoder, and its bound",
    "AUROC": "area under the receiver operating characteristic",
}
MECHANISM = Mechanism(
    [
        Part("x, an image", "x", "likelihood", shows="x", lights=["complete", "anomaly", "iwae", "paths"]),
        Part("Encoder", "q(z | x)", "iwae", "narrows", lights=["runs", "collapse"], tells=True),
        Part(
            "z, its 32 numbers",
            "z",
            "traverse",
            shows="code",
            lights=["disentangle", "paths", "collapse"],
        ),
        Part("Decoder", "p(x | z)", "make", "widens", lights=["runs", "learn"], tells=True),
        Part("x̂, what is decoded", "x̂", "paths", shows="out", lights=["make", "learn"]),
    ]
)


def read_runs(name: str) -> dict[str, Any]:
    """Return the card of the small runs; they have no weights."""
    return cards.of(name, {"rows": list, "histories": dict, "rates": dict})


def runs_tables(card: Card) -> str:
    """Return the figures of the small runs as Markdown."""
    lines = [(run, *(_cell(card, name, run) for name in ("-elbo", "-iwae", "rate", "used"))) for run in card["rates"]]
    bound = f"−bound by {IMPORTANCE} draws, nats, N = {BOUNDED}"
    head = ("run", f"−ELBO, nats, N = {TESTED:,}", bound, "KL, nats", "used latents")
    said = (
        f"Networks of two hidden layers on MNIST, one seed each; the first {TESTED:,} test images, and the first "
        f"{BOUNDED} of them for the bound by {IMPORTANCE} draws. A latent is used where its mean KL is above "
        f"{USED:g} nats. What decides a run is in `pretrained/{RUNS}/config.json`."
    )
    return f"### Small runs side by side\n\n{said}\n\n{table(head, lines, left=1)}\n\n{circumstances(card)}"


def read_shapes(name: str) -> dict[str, Any]:
    """Return the card of the networks of shapes."""
    return cards.of(name, {"rows": list, "information": dict})


def only_error(card: Card, error: str | None) -> dict[str, Any]:
    """Return the stage's data about recorded networks: the answers of their modes bring everything else."""
    return {"error": error}


def shapes_tables(card: Card) -> str:
    """Return the figures of the networks of shapes as Markdown."""
    names = ("mig", "mig_turned", "rate", "distortion", "used")
    lines = [(f"β = {beta}", *(_of_seeds(card, name, float(beta)) for name in names)) for beta in BETAS]
    head = (
        "weight of the KL",
        "mutual information gap",
        "random rotation",
        "KL, nats",
        "distortion, nats",
        "used latents",
    )
    said = (
        "The mutual information gap of β-VAEs of shapes with known factors: the mean over seeds, and where there are "
        f"several the least and the most, on all {cards.rows(card, 'mig')[0]['n']:,} shapes of a grid. It is 1 for the "
        "factors themselves and 0 for noise. Turned are the latents in use: what their codes would reach along axes by "
        "chance."
    )
    return f"### Disentangling\n\n{said}\n\n{table(head, lines, left=1)}\n\n{circumstances(card)}"


def _of_seeds(card: Card, name: str, beta: float) -> str:
    found = [row["value"] for row in cards.rows(card, name, beta=beta)]
    form = ".0f" if name == "used" else ".2f"
    spread = f" ({min(found):{form}} to {max(found):{form}})" if len(found) > 1 else ""
    return f"{fmean(found):{form}}{spread}" if found else "–"


def network_tables(evidence: Callable[[Card], str], card: Card) -> str:
    """Return a network's evidence, with the KL of all latents in one line instead of one row each."""
    rest = evidence({**card, "rows": [row for row in card.get("rows", []) if row["name"] != "kl"]})
    costs = [format_value(row, ".2f") for row in cards.rows(card, "kl")]
    return f"{rest}\n\nMean KL of each latent over the test images, nats: {', '.join(costs)}." if costs else rest


def _cell(card: Card, name: str, run: str) -> str:
    setting = {"k": IMPORTANCE} if name == "-iwae" else {}
    return format_value(cards.find(card, name, run=run, **setting), "±")


def tab() -> Tab:
    """Return the tab of the family, with the small runs beside its networks."""
    made = family_tab(
        "vae",
        name="vae-room",
        title="VAE, 32 latents",
        question="What do 32 latents gain over two, and how far is the bound from the truth?",
        opening=Opening({"img": 108}, "z", (0, 3, -3, 0)),
        folder=FOLDER,
        nets=NETS,
        asks=["make", "complete", "likelihood", "anomaly", "interpolate", "learn"],
        own={"interpolate": "paths"},
        stage=VaeRoomStage,
        formulas=[maths.show_bound],
        short=SHORT,
        mechanism=MECHANISM,
        charts=[charts.by_run],
        modes=MODES,
        exercises=EXERCISES,
        code={
            "By decoder, as trained": [SmallVAE.pixels_given, Window.forward],
            "By objective, as trained": [VAE.training_loss, VAE.terms],
            "This page": [maths.bound, maths.normal_kl],
        },
    )

    def list_nets() -> list[Checkpoint]:
        runs = Checkpoint(RUNS, "Small runs side by side", only_error, runs_tables, read_runs)
        nets = [replace(net, evidence=partial(network_tables, net.evidence)) for net in made.shown()]
        return [*nets, runs, Checkpoint(SHAPES, "Shapes with known factors", only_error, shapes_tables, read_shapes)]

    def value(found: Mapping[str, Found]) -> dict[str, Any]:
        return made.value(found)

    def quotes(found: Mapping[str, Found]) -> Quotes:
        return Quotes(cards_of(found), NETS[0], {"beside_one": lambda cards: beside_one(cards[SHAPES])})

    return replace(made, shown=list_nets, value=value, quotes=quotes, nets=[*NETS, RUNS, SHAPES])


TAB = tab()
