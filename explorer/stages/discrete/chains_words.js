/** What a visitor sees of two chains, said with the networks' own numbers. */

import { listed, num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";

/** What each network says of the test images at most: `found` are [title, epochs, row], without a row if unmeasured. */
export function boundsWords(found) {
  const told = found.filter(([, , row]) => row).map(([title, epochs, { value, se }]) =>
    `${title} ${num(value, 1)} ± ${num(se, 1)} (trained for ${epochs} epochs)`
  );
  return told.length ? `−log p(x) of the test images is at most, in nats: ${listed(told)}.` : "";
}

/** The sentence about finished images. */
export function chainsWords(per) {
  const steps = PIXELS / per;
  const how = steps === 1 ? "one evaluation" : `${steps.toLocaleString("en")} evaluations`;
  return `Each chain took ${how}. A masked pixel is unmasked once and stays as it came, right or wrong. In the uniform ` +
    "chain all pixels begin as uniform noise, and any may be turned over as long as there are steps: what came out wrong " +
    "can still be put right, and what was right must be found again.";
}
