"""*Copies*: emoji by networks of N training pictures, each beside the nearest of them, and the share of copies."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from explorer.data import EMOJI
from explorer.data.emoji import EMOJI_TRAINING, emoji_list, emoji_name
from explorer.fields import Field, OneOf
from explorer.measures.emoji import NAMES_GIVEN, CopyRule, draw_emoji, names_for, rule_of, threshold_of
from explorer.measures.intervals import wilson
from explorer.models.emoji_flow import EmojiFlow, NameEncoder
from explorer.networks import card as cards
from explorer.networks import checkpoints
from explorer.numbers.answer import FINDING, Answer, Axis, Chart, Figure, Table
from explorer.numbers.words import num, percent
from explorer.spaces import GLYPH
from explorer.tabs.kit.ask.answers import heavy, light
from explorer.tabs.kit.layout.fields import SEED, Seed
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows
from explorer.verdicts import compare, of_share, sized

EMOJI_COUNTS = (16, 50, 160, 500, 1_600)
EMOJI_NETS = {count: f"copies-{count}" for count in EMOJI_COUNTS}
"""Networks by the number of their training pictures."""
EMOJI_SHOWN = 8  # pictures that are drawn while the visitor waits
EMOJI_COUNT = Field("pictures", OneOf(EMOJI_COUNTS), 16, "the number of training pictures")
NAMED = Field("named", OneOf(NAMES_GIVEN), "trained", "whose names the network is given")
NAMED_TITLES = {"trained": "Of training pictures", "held-out": "Held out", "none": "No name"}
GIVEN_WORDS = {
    "trained": "Given the names of its training pictures",
    "held-out": "Given names that were held out",
    "none": "Given no name",
}
FRESH_GLYPHS = "fresh glyphs"
Pictures = Annotated[int, EMOJI_COUNT]
Named = Annotated[str, NAMED]
EMOJI_COPIES = Figure("copies among its pictures")
EMOJI_INTERVAL = Figure("their 95 % interval")
OF_FRESH = Figure("copies among fresh glyphs, by the same rule")
RATIO_FROM = Figure("ratio of distances below which a picture is a copy")
EMOJI_HEADS = (FINDING, EMOJI_COPIES, EMOJI_INTERVAL, OF_FRESH, RATIO_FROM)
EMOJI_COLUMNS_KEPT = ("training pictures", "drawn from", "share of copies", "low", "high", "n")
COPIES_UNTRAINED = "The network {net} is not trained yet. Its recipe lies in recipes/{net}."


@dataclass(frozen=True)
class CopyShare:
    """Share of copies among n pictures, with its Wilson interval."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share."""
        return self.hits / self.n

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of its 95 % interval."""
        return wilson(self.hits, self.n)


def is_trained(count: int) -> bool:
    """Return whether the network of so many training pictures has weights here."""
    return checkpoints.exists(EMOJI_NETS[count])


def emoji_cards() -> dict[str, cards.Card]:
    """Return the cards of the networks that are trained, by their names."""
    return {net: checkpoints.card_of(net) for count, net in EMOJI_NETS.items() if is_trained(count)}


def emoji_shares(count: int) -> Mapping[str, CopyShare]:
    """Return the measured shares of a network by what was drawn; none before it was measured."""
    rows = cards.rows(checkpoints.card_of(EMOJI_NETS[count]), "copies", pictures=count) if is_trained(count) else []
    return {each["drawn"]: CopyShare(round(each["value"] * each["n"]), each["n"]) for each in rows}


def finding_of(share: CopyShare) -> str:
    """Return the headline: how many of a network's pictures are copies."""
    said = f"{percent(share.value)} of its pictures are copies of training pictures."
    return said[0].upper() + said[1:]


def copy_sentence(count: int, named: str, shares: Mapping[str, CopyShare]) -> str:
    """Return what was measured of a network, and whether it exceeds what the rule calls a copy by chance."""
    share, fresh = shares[named], shares[FRESH_GLYPHS]
    sign = compare(of_share(share.hits, share.n), of_share(fresh.hits, fresh.n)).sign
    how = sized(sign, larger="more than", smaller="less than", tie="not told from")
    return (
        f"{GIVEN_WORDS[named]}, the network of {count:,} pictures draws {share.hits} copies in {share.n}. "
        f"That is {how} chance: {fresh.hits} of {fresh.n} glyphs that it never saw pass as copies, too."
    )


def by_pictures(found: Mapping[int, Mapping[str, CopyShare]], named: str) -> Chart:
    """Return the chart of the shares of copies by the number of training pictures, with the interval of one kind."""
    end = len(EMOJI_COUNTS) - 1
    measured = [(float(place), found[count]) for place, count in enumerate(EMOJI_COUNTS) if found[count]]
    ends = [(place, *shares[named].ends) for place, shares in measured]
    band = [*((place, high) for place, _, high in ends), *((place, low) for place, low, _ in reversed(ends))]
    return Chart(
        x=Axis("training pictures", ends=[0, end], ticks=[*range(end + 1)], names=[f"{n:,}" for n in EMOJI_COUNTS]),
        y=Axis("Share of copies", ends=[0, 1], ticks=[0, 0.5, 1]),
        areas=[{"points": band, "colour": "you", "alpha": 0.2}] if band else [],
        lines=[
            {
                "points": [(place, shares[FRESH_GLYPHS].value) for place, shares in measured],
                "colour": "quiet",
                "dash": [4, 4],
            }
            | {"label": "fresh glyphs, by chance", "at": 0},
            {"points": [(place, shares[named].value) for place, shares in measured], "colour": "you"},
        ],
    )


@light
def emoji_copies(pictures: Pictures, named: Named) -> Answer:
    """Return the share of copies of the network of N training pictures, as measured, beside those of the others."""
    found = {count: emoji_shares(count) for count in EMOJI_COUNTS}
    shares, place = found[pictures], float(EMOJI_COUNTS.index(pictures))
    rows = [
        dict(zip(EMOJI_COLUMNS_KEPT, (count, kind, each.value, *each.ends, each.n), strict=True))
        for count, known in found.items()
        for kind, each in known.items()
    ]
    said = f"{percent(shares[named].value)} copies" if shares else "not trained yet"
    chart = replace(by_pictures(found, named), cursor=place, words=f"{said} with {pictures:,} training pictures")
    stops = {EMOJI_COUNT.key: [(float(index), count) for index, count in enumerate(EMOJI_COUNTS)]}
    kept = Answer(table=Table(rows, EMOJI_COLUMNS_KEPT), charts=[chart], stops=stops)
    if not shares:
        return kept | Answer([each.unknown for each in EMOJI_HEADS], COPIES_UNTRAINED.format(net=EMOJI_NETS[pictures]))
    share, fresh = shares[named], shares[FRESH_GLYPHS]
    low, high = share.ends
    return kept | Answer(
        [
            FINDING.of(finding_of(share)),
            EMOJI_COPIES.of(percent(share.value, 1)),
            EMOJI_INTERVAL.of(f"{percent(low, 1)} to {percent(high, 1)}"),
            OF_FRESH.of(percent(fresh.value, 1)),
            RATIO_FROM.of(rule_of(EMOJI_TRAINING).threshold),
        ],
        copy_sentence(pictures, named, shares),
    )


def shown_names(named: str, count: int) -> list[str]:
    """Return the names of the pictures that are drawn on the page; the same for every number of training pictures."""
    first = {"trained": 0, "held-out": EMOJI_TRAINING}.get(named)
    if first is None:
        return [""] * count
    return [emoji_name(each) for each in emoji_list()[first : first + count]]


@heavy
def emoji_drawn(pictures: Pictures, named: Named, seed: Seed) -> Answer:
    """Draw eight emoji from the same names and noise for every N, with the nearest training picture of each."""
    if not is_trained(pictures):
        return Answer(view={"drawn": None})
    model = checkpoints.load(EMOJI_NETS[pictures])
    assert isinstance(model, EmojiFlow)
    tokens = names_for(named, EMOJI.load("train"), EMOJI.load("held-out"), EMOJI_SHOWN)
    x, rule = draw_emoji(model, tokens, seed), rule_of(pictures)
    nearest = rule.nearest(x)
    pairs = zip(
        shown_names(named, EMOJI_SHOWN),
        nearest.tolist(),
        rule.ratios(x).tolist(),
        rule.is_copy(x).tolist(),
        strict=True,
    )
    said = [
        {"name": name, "nearest": emoji_name(emoji_list()[index]), "ratio": num(ratio), "copy": copied}
        for name, index, ratio, copied in pairs
    ]
    return Answer(view={"drawn": GLYPH.encode(x), "nearest": GLYPH.encode(rule.training[nearest]), "said": said})


EMOJI_START: dict[str, Any] = {"named": "trained", "seed": 7}
MODE = Mode(
    "copies",
    "Copies",
    "test",
    fields=[EMOJI_COUNT, NAMED],
    functions=[emoji_copies, emoji_drawn],
    panel=Panel(
        emoji_copies,
        controls=[
            [Control(EMOJI_COUNT, "segments", "Training pictures", options={n: f"{n:,}" for n in EMOJI_COUNTS})],
            [Control(NAMED, "segments", "Names", options=NAMED_TITLES)],
            [Control(SEED, "seed")],
        ],
        tries=[
            ("Other noise, same names", EMOJI_START | {"pictures": 16, "seed": 3}),
            ("A hundred times more", EMOJI_START | {"pictures": 1_600}),
            ("Names never seen", EMOJI_START | {"pictures": 16, "named": "held-out"}),
            ("No name at all", EMOJI_START | {"pictures": 16, "named": "none"}),
        ],
        shows=Shows(
            "Change the number of training pictures: names and noise stay",
            EMOJI_HEADS,
            charts=[("Share of copies by training pictures", 190, EMOJI_COUNT.key)],
            module="words/copies",
        ),
    ),
    code={
        "Copies": [
            EmojiFlow.velocity,
            EmojiFlow.training_loss,
            NameEncoder.forward,
            CopyRule.ratios,
            CopyRule.is_copy,
            threshold_of,
        ]
    },
)
