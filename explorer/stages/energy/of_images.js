/** Modes that are about one network of images each, with that network. */

export const OF_IMAGES = { boltzmann: "rbm-mnist", langevin: "ebm-mnist" };
