/** What a visitor sees of the search for an image, said with the networks' own numbers. */

import { num } from "../kit/shell/format.js";
import { withArticle } from "../kit/shell/parts.js";

/** What stands where other families show how likely a picture is. */
export const NO_LIKELIHOOD =
  "A GAN cannot say how likely this picture is: it draws images, and defines no density. Nor has " +
  "it an encoder: what can be asked is how near it comes to the picture, and the code for that has " +
  "to be searched for.";

/** What is under way in a frame. */
export const frameWords = ({ index, numbers }) =>
  `${index === 0 ? "The best of the draws, before any step" : `After ${index} ${index === 1 ? "step" : "steps"}`}: ` +
  `error ${num(numbers.error[0], 3)}`;

/**
 * Of a finished search; `first` and `last` are its frames, `className` that of the best, `name` what the picture is
 * called.
 */
export function searchWords({ first, last, className, name }) {
  const starts = last.numbers.errors[0].length;
  const [before, after] = [first, last].map(({ numbers }) => numbers.error[0]);
  const way = `Gradient descent on z from ${starts} starts: the nearest image that it found to ${name} is ` +
    `${withArticle(className)}, and its pixels are ${num(after, 3)} off (root mean square; ` +
    `white is 1), ${num((100 * after) / before, 0)} % of where it began.`;
  return `${way} The discriminator gives it ${num(last.numbers.score[0])}. What is left over the generator cannot ` +
    "make, or this search did not find. The error is no likelihood: it says how near the closest " +
    "image lies, not how often such images are drawn.";
}
