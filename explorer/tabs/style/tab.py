"""The Style tab: a StyleGAN, whose code sets the style of every resolution."""

from dataclasses import replace
from pathlib import Path

from explorer.measures import strokes
from explorer.measures import stylegan as measures
from explorer.models.stylegan import Layer, Mapping, Styled, StyleGAN, Synthesis
from explorer.stages.style import StyleStage
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.tab import Tab
from explorer.tabs.style import evidence, maths, server
from explorer.tabs.style.exercises import EXERCISES
from explorer.tabs.style.fields import FIELDS, NETS
from explorer.tabs.style.panels import PANELS

MODES = {
    "mix": "Mix",
    "truncate": "Truncate",
    "path": "z or w?",
    "noise": "Noise",
    "directions": "Directions",
}
CODE = {
    "Mix": [server.mix.plain, measures.mixed_styles, Styled.forward, Synthesis.forward],
    "Truncate": [server.truncate.plain, StyleGAN.w_of, measures.truncation],
    "z or w?": [server.path.plain, Mapping.forward, measures.speeds],
    "Noise": [server.noise.plain, measures.replace_noise, Layer.forward],
    "Directions": [server.directions.plain, measures.principal_directions, strokes.slant, strokes.thickness],
    "This page": [maths.demodulation],
}
SHORT = {"GAN": "generative adversarial network", "R1": "penalty on the discriminator's gradient at real images"}
MECHANISM = Mechanism(
    [
        Part("z, a code", "z", "make", lights=["path"]),
        Part("Mapping", "w = f(z)", "path", "network"),
        Part("w, its style", "w", "directions", lights=["truncate", "path", "complete", "interpolate"]),
        Part("Synthesis", "7×7, 14×14, 28×28", "mix", "widens", lights=["make", "noise", "directions"]),
        Part("Noise", "n", "noise", arrow="+"),
        Part("x̂, generated", "x̂", "truncate", shows="out", lights=["mix", "noise", "complete", "interpolate"]),
    ],
    apart={
        "likelihood": "a GAN defines no density",
        "anomaly": "its discriminator has no score for a single image",
    },
)

MADE = family_tab(
    "stylegan",
    title="Style",
    name="style",
    question="Which part of an image does each resolution of a generator decide?",
    folder=Path(__file__).parent,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    modes=MODES,
    fields=FIELDS,
    stage=StyleStage,
    functions=server.SERVER_FUNCTIONS,
    formulas=(maths.show_demodulation,),
    code=CODE,
    readings=evidence.READINGS,
    short=SHORT,
    groups={"look": ["mix"], "play": ["directions"], "test": ["truncate"], "understand": ["path", "noise"]},
    mechanism=MECHANISM,
    exercises=EXERCISES,
)
TAB: Tab = replace(MADE, panels={**MADE.panels, **PANELS})
