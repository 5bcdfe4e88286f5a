/** The tour of the raster: about MNIST's network, and for one step Fashion-MNIST's. */

import { createNetTour } from "../shared/tour.js";
import { loaderOf } from "./loader.js";

export default createNetTour({
  loaderOf,
  first: "generate",
  note: "The tour chooses its own networks; yours comes back when you leave it.",
});
