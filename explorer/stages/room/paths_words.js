/** What two ways between codes come to, in words that follow from their numbers. */

import { num } from "../kit/shell/format.js";
import { apart } from "../kit/film/strip.js";
import { fromBase64 } from "../kit/plane/tensors.js";

const PLACES = 9;

/** The sentences; `latent` is how many latents a code has. */
export function pathsWords({ straight, spherical }, latent) {
  const [first, last] = [0, PLACES - 1].map((k) => straight.lengths[k]);
  const middle = (PLACES - 1) / 2;
  const usual = Math.sqrt(latent);
  const ends = `The codes are ${num(first, 1)} and ${num(last, 1)} long; a draw from the prior is about √${latent} = ${
    num(usual, 1)
  } long.`;
  const half = `Half-way the straight way is ${num(straight.lengths[middle], 1)} from the middle of the prior, the ` +
    `spherical one ${num(spherical.lengths[middle], 1)}.`;
  const far = apart(fromBase64(straight.x), fromBase64(spherical.x), PLACES);
  const same = `The images of both ways lie ${num(far, 1)} apart on average (L2), where a pixel goes from 0 to 1.`;
  return `${ends} ${half} ${same}`;
}
