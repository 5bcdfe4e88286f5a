"""The Style tab: a StyleGAN, whose code sets the style of every resolution."""

from pathlib import Path

from explorer.stages.style import StyleStage
from explorer.tabs.kit.layout.family import family_tab
from explorer.tabs.kit.layout.mechanism import Mechanism, Part
from explorer.tabs.kit.layout.opening import Opening
from explorer.tabs.style import directions, evidence, maths, mix, noise, path, truncate
from explorer.tabs.style.exercises import EXERCISES
from explorer.tabs.style.shared import NETS

FOLDER = Path(__file__).parent
MODES = [mix.MODE, truncate.MODE, path.MODE, noise.MODE, directions.MODE]
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

TAB = family_tab(
    "stylegan",
    title="Style",
    name="style",
    question="Which part of an image does each resolution of a generator decide?",
    opening=Opening(moves="level", through=("coarse", "middle", "fine", "coarse")),
    folder=FOLDER,
    nets=NETS,
    asks=["make", "complete", "likelihood", "anomaly", "interpolate"],
    stage=StyleStage,
    formulas=(maths.show_demodulation,),
    readings=evidence.READINGS,
    short=SHORT,
    mechanism=MECHANISM,
    modes=MODES,
    exercises=EXERCISES,
    code={
        "This page": [maths.demodulation],
    },
)
