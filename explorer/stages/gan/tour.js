/** The tour of the GAN: about MNIST's networks, and for some steps about the game in the plane. */

import { createNetTour } from "../shared/tour.js";
import { loaderOf } from "./loader.js";

export default createNetTour({
  loaderOf,
  first: "generate",
  note: "The tour is about the MNIST network; yours comes back when you leave it.",
});
