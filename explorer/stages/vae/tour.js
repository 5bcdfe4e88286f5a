/** The tour of the latent map: MNIST's, with the way between two codes hidden until it has been predicted. */

import { createTour } from "../kit/lesson/tour.js";
import { loaderOf } from "./loader.js";

const OF_MNIST = "The tour is about MNIST; Fashion-MNIST comes back when you leave it.";

export default createTour({
  first: "explore",
  loaderOf,
  veil: "The result shows once you have predicted.",
  noteFor: (before) => (before.data === "mnist" ? "" : OF_MNIST),
  opened: (ctx) => ctx.map.redraw(),
});
