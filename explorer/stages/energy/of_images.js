/** What the modes share that are about one network of images each. */

import { segmented } from "../kit/shell/parts.js";

export const OF_IMAGES = { boltzmann: "rbm-mnist", langevin: "ebm-mnist" };

/** Whose test images are chosen among; the digits are what the networks have learnt. */
export const createSets = ({ store }) =>
  segmented(
    "Test images of",
    [["mnist", "MNIST"], ["fashion-mnist", "Fashion-MNIST"]],
    (set) => store.commit({ set: set === "mnist" ? null : set }),
  );
