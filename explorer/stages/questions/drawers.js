/** Drawing, choosing and keeping of an x, by its space: all that the questions need of it. */

import { images } from "./images.js";
import { plane } from "./plane.js";

const DRAWERS = { binary: images, levels: images, plane };

/**
 * The drawer of the columns that are asked; of images where none of them can be read.
 *
 * A drawer has `count`, how many x are shown together, with `many`, what they are called; `wall(name, {count, pairs})`,
 * an element that shows them; `chooser(ctx)`, the choice of one, with `picked(ctx)` as the server wants it, null while
 * there is none, `nameOf(picked)` and `chosenName(ctx)`, in short and in full, and `start(ctx)`, which finds the first;
 * `kept(ctx, onKeep)`, the choice of what of it is kept; `distance(a, k, b, j)` in L2;
 * and `kin`, whether the nearest training x is shown beside each.
 */
export const drawerOf = (ctx) => DRAWERS[ctx.columns().find(({ space }) => space)?.space] ?? images;

/** Whose answers are shown, as a sentence ends; a column may name the `setting` that its network has. */
export const whose = (ctx) => {
  const columns = ctx.columns();
  if (columns.length !== 1) return "every family";
  return columns[0].setting ? `the model at ${columns[0].setting}` : "the model";
};
