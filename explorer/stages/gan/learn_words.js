/** What a visitor sees of a moment of the training, said with what was measured then. */

import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";
import { whenWords } from "../kit/film/moments.js";

/**
 * `row` is what the log says of the moment; `scores` are those of the sixteen images, null where they are not there
 * yet.
 */
export function learnWords(row, scores) {
  if (!scores) return `${whenWords(row)}: the images of this moment are on their way.`;
  const seen = row.images ? `After ${row.images.toLocaleString("en")} images` : "Before the first image";
  const losses = `${seen} the discriminator’s loss is ${num(row.discriminator)} on held-out images: 2 is what it ` +
    "pays where it gives everything 0, and 0 where it tells all apart. The generator’s, minus the " +
    `mean score of what it makes, is ${num(row.generator)}`;
  const now = ` Then it gave these sixteen ${num(mean(scores))} on average.`;
  const kind = row.averaged
    ? " These weights are the average of those of the last steps: what every other mode uses."
    : "";
  return `${losses}.${now}${kind} Neither loss says how good the images are: each is measured against the ` +
    "other player as it was.";
}
