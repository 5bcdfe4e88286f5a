/** What a visitor sees of the three orders, said with the network's own numbers. */

import { listed, num } from "../kit/shell/format.js";
import { PIXELS } from "../kit/image/pixels.js";

/** What so many pixels a step cost: the bound that was measured, beside that of one pixel a step. */
export function costWords(one, here, per) {
  if (!one || !here) return "";
  const told = ({ value, se }) => `${num(value, 1)} ± ${num(se, 1)}`;
  if (per === 1) {
    return `One pixel a step, in a random order, is the bound itself: ${told(one)} nats of ${one.n} images.`;
  }
  return `On ${here.n} test images ${per === PIXELS ? "all pixels at once" : `${per} pixels a step`} cost ${
    told(here)
  } ` +
    `nats, in place of ${told(one)} with one at a time.`;
}

/** The sentences about finished images: `apart` is a list of [order, pixels that differ from the first order's]. */
export function orderWords({ per, evaluations, apart }) {
  const told = apart.map(([title, pixels]) => `${title} in ${num(pixels, 0)}`);
  const times = evaluations === 1 ? "one evaluation" : `${evaluations.toLocaleString("en")} evaluations`;
  const how = per === 1
    ? "Every pixel knew all before it"
    : per === PIXELS
    ? "No pixel knew of any other"
    : `${per} pixels at a time did not know of each other`;
  return `Each order took ${times}, with the same random number for each pixel. ${how}. From the random order's image ` +
    `another differs, ${listed(told)} of ${PIXELS} pixels. Another order is another model.`;
}
