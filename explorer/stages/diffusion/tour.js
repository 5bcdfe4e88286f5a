/** The tour of the diffusion: about MNIST's network, and for some steps about points in the plane. */

import { createNetTour } from "../shared/tour.js";
import { loaderOf } from "./loader.js";

export default createNetTour({
  loaderOf,
  first: "forward",
  note: "The tour is about the MNIST network; yours comes back when you leave it.",
});
