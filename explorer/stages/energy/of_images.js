/** What the modes share that are about one network of images each. */

import { segmented } from "../kit/parts.js";

export const OF_IMAGES = { boltzmann: "rbm-mnist", langevin: "ebm-mnist" };

/** A mode is about its own network, whichever was in use before. */
export function takeNet({ store }, mode) {
  if (store.get().net !== OF_IMAGES[mode]) store.set({ net: OF_IMAGES[mode] });
}

/** Whose test images are chosen among; the digits are what the networks have learnt. */
export const createSets = ({ store }) =>
  segmented(
    "Test images of",
    [["mnist", "MNIST"], ["fashion-mnist", "Fashion-MNIST"]],
    (set) => store.set({ set: set === "mnist" ? null : set }, { commit: true }),
  );
