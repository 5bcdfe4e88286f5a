"""What is measured of each family, by the family's name in a recipe.

Each module gives `objectives(model, held_out, training)`, the losses in nats that rounding the weights must not
change; `figures(model, dataset, folder, load, seed, earlier)`, what `evaluate` writes into the card; where it makes
images, `ways(model)` of drawing them, whose quality is measured alike for all; where snapshots are kept while
training, `SNAPSHOT_EPOCHS`, `progress(model, held_out, training)`, and `kept(model, dataset)` where less than the whole
network is shown of one; and `PARTS`, functions of (model, dataset, load,
seed) whose figures `evaluate` can also measure alone, by their key in the card. A family that has no weights gives
`record(recipe, folder)` alone, which trains what it measures.
"""

from types import ModuleType

from explorer.measures import (
    alike,
    beta_vae,
    classifier,
    diffusion,
    ebm,
    flow,
    game,
    gan,
    plane_energy,
    plane_flow,
    raster,
    rbm,
    score,
)


def measures_of(family: str) -> ModuleType:
    """What is measured of a family; by its model's methods alone where it has no measures of its own."""
    return MEASURES.get(family, alike)


MEASURES: dict[str, ModuleType] = {
    "beta-vae": beta_vae,
    "pixelcnn": raster,
    "made": raster,
    "gan": gan,
    "game": game,
    "diffusion": diffusion,
    "classifier": classifier,
    "score": score,
    "flow": flow,
    "plane-flow": plane_flow,
    "energy": plane_energy,
    "rbm": rbm,
    "ebm": ebm,
}
