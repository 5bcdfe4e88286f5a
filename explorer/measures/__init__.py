"""Measures of each family, by the family's name in a recipe.

Each module defines:

- `objectives(model, held_out, training)`: the losses in nats that rounding the weights must not change.
- `figures(model, dataset, folder, load, seed, earlier)`: the figures that `evaluate` writes into the card.

A module may also define:

- `samplers(model)`: the samplers of a family of images. Their quality is measured alike for all families.
- `frontier_samplers(model)`: samplers with few or many evaluations.
- `SNAPSHOT_EPOCHS` and `progress(model, held_out, training)`: the snapshots kept during training.
- `displayed_part(model, dataset)`: the part of a snapshot that is displayed, if it is not the whole network.
- `begin(model, training)`: the start of a training from another network.
- `dedicated_recipe(recipe, setting)`: the recipe of a network trained for one setting alone.
- `PARTS`: functions of (model, dataset, load, seed) by their key in the card. `evaluate` can run each alone.

A family without weights defines `record(recipe, folder)` alone. If it has `RUNS_APART`, `record` takes the names of the
runs to measure, too.
"""

from types import ModuleType

from explorer.measures import (
    alike,
    autoencoder,
    autoencoder_sizes,
    beta_vae,
    classifier,
    consistency,
    cyclegan,
    d3pm,
    diffusion,
    disentangling,
    ebm,
    emoji,
    flow,
    flow_matching,
    game,
    gan,
    lab,
    latent_diffusion,
    outline_diffusion,
    patch_flow,
    pix2pix,
    plane_denoiser,
    plane_energy,
    plane_flow,
    plane_flow_matching,
    raster,
    rbm,
    scene_codes,
    scene_judge,
    score,
    sound,
    sound_classifier,
    stylegan,
    text,
    text_diffusion,
    text_sizes,
    uniform_d3pm,
    vae,
    vae_runs,
    vqvae,
    words,
)


def measures_of(family: str) -> ModuleType:
    """Return the module that measures a family; `alike` if the family has no module of its own."""
    return MEASURES.get(family) or PREPARED_MEASURES.get(family, alike)


MEASURES: dict[str, ModuleType] = {
    "beta-vae": beta_vae,
    "vae": vae,
    "vae-runs": vae_runs,
    "small-vae": disentangling,
    "pixelcnn": raster,
    "made": raster,
    "pixelrnn": raster,
    "gan": gan,
    "stylegan": stylegan,
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
    "tarflow": patch_flow,
    "coupling": patch_flow,
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
    "pix2pix": pix2pix,
    "cyclegan": cyclegan,
    "outline-diffusion": outline_diffusion,
    "transformer": text,
    "lstm": text,
    "ngram": text,
    "text-diffusion": text_diffusion,
    "text-sizes": text_sizes,
    "lab": lab,
    "wavenet": sound,
    "sound-classifier": sound_classifier,
    "scene-autoencoder": scene_codes,
    "scene-vqvae": scene_codes,
    "scene-judge": scene_judge,
    "words-diffusion": words,
    "words-tokens": words,
    "emoji-flow": emoji,
}
PREPARED_MEASURES: dict[str, ModuleType] = {"words-masked": words}
"""Modules of the families in `PREPARED` of `explorer/models`."""
