/** The exercises of the latent map. */

import { createExercises } from "../kit/exercises.js";
import { loaderOf } from "./loader.js";

export default createExercises({ first: "explore", loaderOf, opened: (ctx) => ctx.map.redraw() });
