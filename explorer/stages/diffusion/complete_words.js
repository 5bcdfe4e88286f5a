/**
 * What is seen of filled-in pictures: how far they are from the real one and from each other, and how they fit at the
 * seam.
 */

import { num } from "../kit/shell/format.js";
import { mean } from "../kit/shell/sums.js";
import { PIXELS, SIDE } from "../kit/image/pixels.js";
import { split } from "../questions/tiles.js";

/** The pairs of neighbours of which one is kept and the other is not. */
function seamOf(kept) {
  const pairs = [];
  for (let i = 0; i < kept.length; i++) {
    if (i % SIDE < SIDE - 1 && kept[i] !== kept[i + 1]) pairs.push([i, i + 1]);
    if (i + SIDE < kept.length && kept[i] !== kept[i + SIDE]) pairs.push([i, i + SIDE]);
  }
  return pairs;
}

/** The mean difference across the seam of an image of 784 bytes, as a share of white; null where there is no seam. */
const jump = (image, seam) => (seam.length ? mean(seam.map(([i, j]) => Math.abs(image[i] - image[j]) / 255)) : null);

/** How answers (784 bytes each) and the real picture fit at the seam; `kept` has 784 flags. */
export function seamsOf(answers, real, kept) {
  const seam = seamOf(kept);
  return { seams: split(answers).map((image) => jump(image, seam)), realSeam: jump(real, seam) };
}

/** `s` is the time that the four answers have come to, of which so many pixels are `known`. */
export function inpaintingWords({ s, known, rest, same, among, seams, realSeam, name, resamples }) {
  const first = known === 0
    ? "Nothing is kept: this is plain drawing."
    : `${known} pixels are kept${same ? ", and no answer changes one of them" : ""}; the other ` +
      `${PIXELS - known} are filled in.`;
  const away = ` The answers lie ${num(mean(rest))} (L2) from the rest of ${name}, and ${num(among)} from each ` +
    "other.";
  if (s > 0) {
    return `At t = ${s} the answers are still noisy: ${num(mean(rest))} (L2) from the rest of ${name} and ` +
      `${
        num(among)
      } from each other. Of ${known} kept pixels nothing but their noised values is put back at each step.`;
  }
  if (realSeam === null) return first + away;
  const again = resamples === 1 ? "without resampling" : `with ${resamples} rounds a step`;
  return `${first}${away} Across the seam neighbours differ by ${num(100 * mean(seams), 1)} % of white ` +
    `${again}; in ${name} by ${num(100 * realSeam, 1)} %.`;
}
