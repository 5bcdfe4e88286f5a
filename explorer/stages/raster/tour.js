/** The tour of the raster: about MNIST's network, and for one step Fashion-MNIST's. */

import { createTour } from "../shared/tour.js";
import { fields } from "./fields.js";
import { loaderOf } from "./loader.js";

const OF_MNIST = "The tour chooses its own networks; yours comes back when you leave it.";

export default createTour({
  fields,
  first: "generate",
  loaderOf,
  hides: () => false,
  veil: "",
  noteFor: (before) => (before.net === fields.net.initial ? "" : OF_MNIST),
  opened: (ctx) => ctx.refresh("entered"),
});
