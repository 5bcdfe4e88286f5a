/** The exercises of the latent map. */

import { createExercises } from "../kit/lesson/exercises.js";
import { loaderOf } from "./loader.js";

export default createExercises({ first: "explore", loaderOf, opened: (ctx) => ctx.map.redraw() });
