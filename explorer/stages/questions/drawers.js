/** Drawing, choosing and keeping of an x, by its space: all that the questions need of it. */

import { images } from "./images.js";
import { plane } from "./plane.js";
import { scenes } from "./scenes.js";

const DRAWERS = { binary: images, levels: images, plane, colour: scenes };

/**
 * The drawer of the columns; of images if none of them can be read.
 *
 * A drawer has `count`, the number of x shown together, and `many`, their name. `wall(name, {count, pairs})` is an
 * element that shows them. `chooser(ctx)` is the choice of one: `picked(ctx)` is the request, null before a choice;
 * `nameOf(picked)` and `chosenName(ctx)` are its short and full name; `start(ctx)` finds the first. `kept(ctx, onKeep)`
 * is the choice of the known part, and `distance(a, k, b, j)` is in L2. `kin` says whether the nearest training x is
 * shown beside each.
 */
export const drawerOf = (ctx) => DRAWERS[ctx.columns().find(({ space }) => space)?.space] ?? images;

/**
 * A question with the words that a visitor gives: null for those of the scene itself; a network that reads none is asked
 * without any. In a mode that draws, the prompt is given.
 * @param {Ctx} ctx @param {Record<string, any>} asked @param {Column[]} columns
 */
export function givenWords({ store }, { words, ...asked }, columns) {
  if (words === undefined || !columns.some(({ can }) => can?.words)) return asked;
  const { given } = store.get();
  const isOfScene = "picture" in asked;
  return { ...asked, words: isOfScene && given === "own" ? null : isOfScene && given === "none" ? "" : words };
}

/** Whose answers are shown, as a sentence ends; a column may name the `setting` that its network has. */
export const whose = (ctx) => {
  const columns = ctx.columns();
  if (columns.length !== 1) return "every family";
  return columns[0].setting ? `the model at ${columns[0].setting}` : "the model";
};
