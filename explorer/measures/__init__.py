"""What is measured of each family, by the family's name in a recipe.

Each module gives `objectives(model, held_out, training)`, the losses in nats that rounding the weights must not
change; `figures(model, dataset, folder, load, seed, earlier)`, what `evaluate` writes into the card; where it makes
images, `ways(model)` of drawing them, whose quality is measured alike for all, and where they can be drawn in fewer
evaluations or more, `frontier_ways(model)`; where snapshots are kept while
training, `SNAPSHOT_EPOCHS`, `progress(model, held_out, training)`, and `kept(model, dataset)` where less than the whole
network is shown of one; where training starts from another network, `begin(model, training)`; where a network may be
trained for one setting alone, `dedicated(recipe, setting)`, the recipe of that; and `PARTS`, functions
of (model, dataset, load, seed) whose figures `evaluate` can also measure alone, by their key in the card. A family that
has no weights gives `record(recipe, folder)` alone, which trains what it measures.
"""

from types import ModuleType

from explorer.measures import (
    alike,
    autoencoder,
    autoencoder_sizes,
    beta_vae,
    classifier,
    consistency,
    d3pm,
    diffusion,
    disentangling,
    ebm,
    flow,
    flow_matching,
    game,
    gan,
    latent_diffusion,
    plane_denoiser,
    plane_energy,
    plane_flow,
    plane_flow_matching,
    raster,
    rbm,
    score,
    uniform_d3pm,
    vae,
    vae_runs,
    vqvae,
)


def measures_of(family: str) -> ModuleType:
    """What is measured of a family; by its model's methods alone where it has no measures of its own."""
    return MEASURES.get(family, alike)


MEASURES: dict[str, ModuleType] = {
    "beta-vae": beta_vae,
    "vae": vae,
    "vae-runs": vae_runs,
    "small-vae": disentangling,
    "pixelcnn": raster,
    "made": raster,
    "gan": gan,
    "game": game,
    "diffusion": diffusion,
    "consistency": consistency,
    "flow-matching": flow_matching,
    "latent-diffusion": latent_diffusion,
    "d3pm": d3pm,
    "uniform-d3pm": uniform_d3pm,
    "classifier": classifier,
    "score": score,
    "flow": flow,
    "plane-flow": plane_flow,
    "plane-flow-matching": plane_flow_matching,
    "energy": plane_energy,
    "rbm": rbm,
    "ebm": ebm,
    "autoencoder": autoencoder,
    "autoencoder-sizes": autoencoder_sizes,
    "denoising-autoencoder": autoencoder,
    "contractive-autoencoder": autoencoder,
    "sparse-autoencoder": autoencoder,
    "plane-denoiser": plane_denoiser,
    "vqvae": vqvae,
}
