/** What a visitor sees while pixels are unmasked, said with the network's own numbers. */

import { num, percent } from "../kit/shell/format.js";
import { placeOf } from "../kit/image/board.js";
import { PIXELS } from "../kit/image/pixels.js";

export const ORDER_NAMES = { random: "random", raster: "row by row", certain: "by confidence" };

const levelName = (white) => (white ? "white" : "black");

/** A number in a small bet: 12 %, with what is nearly nothing and nearly all said so. */
export const share = (p) => percent(Math.min(1, Math.max(0, p)), p < 0.01 || p > 0.99 ? 2 : 0);

/** What stands below the two images. */
export function unmaskCaption({ left, fresh, per }) {
  if (left === PIXELS) return "Every pixel is masked.";
  const last = fresh === per ? `${fresh} more ${fresh === 1 ? "is" : "are"} drawn` : `${fresh} more are drawn`;
  return left ? `${PIXELS - left} pixels are known, ${left} masked; ${last}.` : "Nothing is masked any more.";
}

/** Names and values beside the images: {left, drawn, doubt, evaluations}. */
export const unmaskRows = (found) => [
  ["masked", found ? String(found.left) : "–"],
  ["evaluations of the network", found ? found.evaluations.toLocaleString("en") : "–"],
  [found?.left === 0 ? "log p of what was drawn" : "log p so far", found ? num(found.drawn) : "–", "nats"],
];

/** What the chosen pixel was drawn from, or would be drawn from now: {pixel, p, level, given}. */
export function betWords({ pixel, p, level, given }) {
  const place = `The pixel in ${placeOf(pixel)}`;
  if (level === null) return `${place} is masked: drawn next, it would be white with ${share(p)}.`;
  const chance = share(level ? p : 1 - p);
  if (given) return `${place} is ${levelName(level)} because you say so; the network gave that ${chance}.`;
  return `${place} is ${levelName(level)}: it was drawn with ${chance} for that.`;
}

const ORDERED = {
  random: "in a random order",
  raster: "row by row",
  certain: "by confidence",
};

/** The live sentences: {left, per, order, drawn, sure, evaluations, differ, overrides}. */
export function unmaskWords({ left, per, order, drawn, sure, evaluations, differ, overrides }) {
  const how = per === 1 ? "one at a time" : per === PIXELS ? "all at once" : `${per} at a time`;
  const apart = per > 1 ? " Those drawn together do not know of each other." : "";
  const told = [
    left === 0
      ? `All ${PIXELS} pixels are drawn, ${how}, ${ORDERED[order]}.${apart}`
      : `${PIXELS - left} of ${PIXELS} pixels are known. They come ${how}, ${ORDERED[order]}.${apart}`,
    left > 0
      ? `The network is sure of ${percent(sure)} of the masked ones: black or white with at least 99 %.`
      : `That took ${evaluations} evaluation${evaluations === 1 ? "" : "s"} of the network, and log p of it all is ` +
        `${num(drawn)} nats.`,
  ];
  if (overrides) {
    const yours = overrides === 1 ? "your pixel" : `your ${overrides} pixels`;
    told.push(
      differ === null
        ? `What ${yours} changed will be counted at the end.`
        : `With ${yours}, ${differ} of the other pixels came out differently, by the same random numbers.`,
    );
  }
  return told.join(" ");
}
