/** Sentences on images drawn by all families: their cost, and their distance to training images. */

import { num } from "../kit/base/format.js";
import { mean } from "../kit/base/sums.js";

/** A number of parameters, in millions. */
export const millions = (count) => (count === null || count === undefined ? "–" : `${num(count / 1e6)} M`);

const times = (count) => (count === 1 ? "one evaluation" : `${count.toLocaleString("en")} evaluations`);

const secondsOf = ({ film }) => film.frames.at(-1).numbers.seconds;

/** The entries with the smallest and the largest value. */
function ends(entries, valueOf) {
  const sorted = [...entries].sort((a, b) => valueOf(a) - valueOf(b));
  return [sorted[0], sorted.at(-1)];
}

const WEAK = 100; // times the distance of real images
const MEAN = " The decoder's means are shown: pixels drawn from them look rougher.";

const brief = (seconds) => (seconds < 0.001 ? "less than 0.001 s" : `${num(seconds, 3)} s`);

/** `found` is a list of {family, film, near}, of those families whose films are over. */
export function makeWords(found) {
  if (found.length === 0) return "";
  if (found.length === 1) return [aloneWords(found[0]), nearWords(found)].filter(Boolean).join(" ");
  const [few, many] = ends(found, ({ film }) => film.planned);
  const [fast, slow] = ends(found, secondsOf);
  const evaluations = `Each image took from ${times(few.film.planned)} of its network (${few.family.title}) to ` +
    `${times(many.film.planned)} (${many.family.title}).`;
  const seconds = `On this server the four took from ${brief(secondsOf(fast))} (${fast.family.title}) to ` +
    `${num(secondsOf(slow))} s (${slow.family.title}).`;
  return [evaluations, seconds, nearWords(found)].filter(Boolean).join(" ");
}

/** Distance of a family's samples from real images, from its card. */
function qualityWords({ card: { far } }) {
  if (!far) return "";
  return `${far > WEAK ? "These samples are weak: their" : "Their"} Fréchet distance to test images is ` +
    `${num(far, far < 10 ? 1 : 0)} times that of training images. `;
}

/** Quality and cost of one family. */
const aloneWords = ({ family, film }) =>
  qualityWords(family) +
  `${family.title} took ${times(film.planned)} of its network for each, and ` +
  `${brief(secondsOf({ film }))} for all of them on this server.${film.frames.at(-1).pictures.mean ? MEAN : ""}`;

/** Mean distance of the images of each family from the training images, once all are known. */
function nearWords(found) {
  if (found.some(({ near }) => !near.length || near.some((each) => !each))) return "";
  const [close, far] = ends(found, ({ near }) => mean(near.map(({ distance }) => distance)));
  const length = ({ near }) => num(mean(near.map(({ distance }) => distance)));
  const away = (each) => `${length(each)} (${each.family.title})`;
  if (found.length === 1) return `The training images nearest to them lie ${length(close)} away on average (L2).`;
  return `The training images nearest to them lie from ${away(close)} to ${away(far)} away on average ` +
    "(L2). Blur brings images nearer and black and white takes them away, so that ranks no family.";
}
