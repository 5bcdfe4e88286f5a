/** The tour of the GAN: about MNIST's networks, and for some steps about the game in the plane. */

import { createTour } from "../shared/tour.js";
import { fields } from "./fields.js";
import { loaderOf } from "./loader.js";

const OF_MNIST = "The tour is about the MNIST network; yours comes back when you leave it.";

export default createTour({
  fields,
  first: "generate",
  loaderOf,
  hides: () => false,
  veil: "",
  noteFor: (before) => (before.net === fields.net.initial ? "" : OF_MNIST),
  opened: (ctx) => ctx.refresh("entered"),
});
